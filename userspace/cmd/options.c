// SPDX-License-Identifier: GPL-2.0
/* Options that several sub-commands share. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/suggest.h"
#include "cmd/options.h"
#include "rtlat.h"

enum {
	OPT_PLATFORM = 0x200,
	OPT_CLOCK,
	OPT_INSNS,
	OPT_FLAVOUR,
	OPT_SETTING,
	OPT_VCPUS,
	OPT_KERNEL,
	OPT_SET,
	OPT_LOAD,
};

static const struct argp_option options[] = {
	{ "out", 'o', "DIR", 0, "folder of the cell; replaced when complete", 0 },
	{ "platform", OPT_PLATFORM, "P", 0,
	  "native, kvm or kvm-pi (default: native)", 0 },
	{ "clock", OPT_CLOCK, "C", 0,
	  "what the times are: instructions of an emulated host, hardware, or none: they mean nothing (default: hardware)",
	  0 },
	{ "insns-per-us", OPT_INSNS, "N", 0,
	  "instructions to the emulated microsecond, with --clock instructions",
	  0 },
	{ "flavour", OPT_FLAVOUR, "F", 0,
	  "kernel flavour: 6.1, 6.1-rt, ... (default: by the kernel's name)", 0 },
	{ "setting", OPT_SETTING, "NAME=VALUE", 0,
	  "how the guest is run, for the record: timer=posted, guest_idle=poll, ...; again for more",
	  0 },
	{ "vcpus", OPT_VCPUS, "N", 0,
	  "CPUs of the machine, for the cell's workload (default of run: those online)",
	  0 },
	{ "kernel", OPT_KERNEL, "R", 0,
	  "kernel release (default of run: the running kernel's)", 0 },
	{ "set", OPT_SET, "N", 0,
	  "number of the task set at this point of a sweep, for the cell's workload",
	  0 },
	{ "load", OPT_LOAD, NULL, 0,
	  "background load: on each CPU of the run a process at lowest priority that thrashes caches and memory",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

/**
 * refuse_argument - the end of a program that was given a word too many
 * @command: sub-command, which takes options only
 * @arg: the word
 */
void refuse_argument(const char *command, const char *arg)
{
	complain("%s: rtlat %s takes options only", arg, command);
	exit(RTLAT_EXIT_ERROR);
}

/**
 * one_argument - what a parser does with keys that are none of its options
 * @key: argp's
 * @arg: argp's
 * @state: argp's
 * @where: the one argument of the command, NULL so far
 * @missing: what it is called, where it has to be there; or NULL
 *
 * Return: 0, or ARGP_ERR_UNKNOWN for a key that is no argument.
 */
error_t one_argument(int key, char *arg, struct argp_state *state,
		     const char **where, const char *missing)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (*where)
			argp_error(state, "too many arguments: %s", arg);
		*where = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (missing)
			argp_error(state, "%s is missing", missing);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/**
 * need_number - number of an option, or the end of the program
 * @state: argp's
 * @option: its name, for the message
 * @text: its argument
 * @min: smallest
 * @max: largest
 *
 * Return: the number.
 */
u64 need_number(const struct argp_state *state, const char *option,
		const char *text, u64 min, u64 max)
{
	u64 number;

	(void)state;
	if (!parse_u64(text, &number) && number >= min && number <= max)
		return number;
	complain("%s %s: not a number in the range %" PRIu64 "..%" PRIu64,
		 option, text, min, max);
	exit(RTLAT_EXIT_ERROR);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct cell_options *cell = state->input;

	switch (key) {
	case 'o':
		cell->out = arg;
		return 0;
	case OPT_PLATFORM:
		cell->about.platform = arg;
		return 0;
	case OPT_CLOCK:
		cell->about.clock = arg;
		return 0;
	case OPT_INSNS:
		cell->about.insns_per_us = need_number(state, "--insns-per-us",
						       arg, 1,
						       RTLAT_MAX_INSNS_PER_US);
		return 0;
	case OPT_FLAVOUR:
		cell->about.flavour = arg;
		return 0;
	case OPT_SETTING:
		settings_set(cell->about.setting, arg, &cell->problem);
		return 0;
	case OPT_VCPUS:
		cell->about.vcpus = need_number(state, "--vcpus", arg, 1, 8192);
		return 0;
	case OPT_KERNEL:
		cell->about.kernel = arg;
		return 0;
	case OPT_SET:
		cell->about.set = need_number(state, "--set", arg, 0, 1000000);
		cell->about.has_set = true;
		return 0;
	case OPT_LOAD:
		cell->about.load = true;
		return 0;
	case ARGP_KEY_ARG:
		config_word(&cell->config, arg, &cell->problem);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp cell_argp = {
	.options = options,
	.parser = parse,
};

/**
 * cell_options_default - before the command line is read
 * @cell: options
 */
void cell_options_default(struct cell_options *cell)
{
	memset(cell, 0, sizeof(*cell));
	cell->about.platform = "native";
	cell->about.clock = "hardware";
	rtlat_config_default(&cell->config);
}

/**
 * cell_options_finish - after the command line is read
 * @cell: options
 * @need_out: --out must be given
 *
 * Return: 0, or -EINVAL after a line that names what is wrong.
 */
int cell_options_finish(struct cell_options *cell, bool need_out)
{
	int ret;

	ret = cell->problem.text[0] ? -EINVAL : 0;
	if (!ret)
		ret = config_finish(&cell->config, &cell->problem);
	if (!ret)
		ret = cell_about_check(&cell->about, &cell->problem);
	if (!ret && cell->about.has_set &&
	    cell->config.mode != RTLAT_MODE_TASKSET)
		ret = problem_set(&cell->problem,
				  "--set: only with mode=taskset, not with mode=%s",
				  rtlat_mode_names[cell->config.mode]);
	if (!ret && need_out && !cell->out)
		ret = problem_set(&cell->problem, "--out DIR is missing");
	if (!ret && cell->out && !is_plain(cell->out))
		ret = problem_set(&cell->problem, "--out %s: a control character in it",
				  cell->out);
	if (ret)
		complain("%s", cell->problem.text);
	return ret;
}
