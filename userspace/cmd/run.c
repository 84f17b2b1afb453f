// SPDX-License-Identifier: GPL-2.0
/* rtlat run: one run of the module, and its cell. */

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cpulist.h"
#include "base/suggest.h"
#include "cmd/options.h"
#include "rtlat.h"
#include "run/run.h"
#include "run/taskset-file.h"

enum {
	OPT_MODULE = 0x100,
	OPT_TRACE,
	OPT_TIMEOUT,
	OPT_BUFFER,
	OPT_TASKSET,
	OPT_RAW,
	OPT_EVENT,
};

static const struct argp_option options[] = {
	{ "module", OPT_MODULE, "KO", 0,
	  "module to load when none is loaded (default: RTLAT_MODULE, or rtlat.ko of the running kernel)",
	  0 },
	{ "trace", OPT_TRACE, NULL, 0, "keep trace.dat, too", 0 },
	{ "raw", OPT_RAW, NULL, 0,
	  "record into it the kernel's own events, too, from which 'rtlat recount' counts again; that costs time inside the intervals",
	  0 },
	{ "event", OPT_EVENT, "SYSTEM:EVENT", 0,
	  "record that event, too; may be repeated", 0 },
	{ "buffer-kib", OPT_BUFFER, "KIB", 0,
	  "trace buffer of each CPU (default: all of the run, at most a quarter of the memory)",
	  0 },
	{ "taskset", OPT_TASKSET, "FILE", 0,
	  "run the set of a file of 'rtlat taskset --save'; gives mode, distribution, tasks_per_cpu, seed, period_percent",
	  0 },
	{ "timeout", OPT_TIMEOUT, "S", 0,
	  "seconds after which the run is stopped and has failed (default: twice its length and 30 s; an endless run has none)",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

struct arguments {
	struct cell_options cell;
	struct run_request request;
	const char *taskset;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->cell;
		return 0;
	case OPT_MODULE:
		args->request.module = arg;
		return 0;
	case OPT_TRACE:
		args->request.trace = true;
		return 0;
	case OPT_RAW:
		record_events_add_raw(&args->request.events);
		return 0;
	case OPT_EVENT:
		if (record_events_add(&args->request.events, arg))
			exit(RTLAT_EXIT_ERROR);
		return 0;
	case OPT_BUFFER:
		args->request.buffer_kib = need_number(state, "--buffer-kib",
						       arg, 4, 16777216);
		return 0;
	case OPT_TASKSET:
		args->taskset = arg;
		return 0;
	case OPT_TIMEOUT:
		args->request.timeout_s = need_number(state, "--timeout", arg,
						      1, 10000000);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {
	{ &cell_argp, 0, NULL, 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "NAME=VALUE...",
	.doc = "Run the module once and write the cell's folder.\n"
	       "\vNAME=VALUE are the module's parameters; 'rtlat params' lists them. Names,\n"
	       "values and contradictions are checked before anything is touched. The\n"
	       "module is loaded when it is not there, and then unloaded in the end.\n\n"
	       "Exit status: 0 the run is complete and its figures agree; 1 anything else.",
	.children = children,
};

static int cpus_of_run(const struct rtlat_config *config, u64 *nr)
{
	struct problem problem = { "" };
	struct cpulist list;

	if (!*config->cpus) {
		*nr = (u64)sysconf(_SC_NPROCESSORS_ONLN);
		return 0;
	}
	if (cpulist_parse(&list, config->cpus, &problem)) {
		complain("cpus=%s", problem.text);
		return -EINVAL;
	}
	*nr = list.nr;
	cpulist_free(&list);
	return 0;
}

/* What the file says of its set becomes the run's parameters. */
static int take_taskset(struct arguments *args, const struct rtlat_taskset *set)
{
	struct rtlat_config *config = &args->cell.config;
	const struct { unsigned int param; u64 *at; u64 value; } says[] = {
		{ RTLAT_P_mode, &config->mode, RTLAT_MODE_TASKSET },
		{ RTLAT_P_distribution, &config->distribution, set->distribution },
		{ RTLAT_P_tasks_per_cpu, &config->tasks_per_cpu, set->tasks_per_cpu },
		{ RTLAT_P_seed, &config->seed, set->seed },
		{ RTLAT_P_period_percent, &config->period_percent, set->period_percent },
	};
	u64 nr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(says); i++) {
		const char *name = rtlat_params[says[i].param].name;

		if (config->given & (1U << says[i].param) &&
		    *says[i].at != says[i].value) {
			complain("%s=: contradicts --taskset %s, which gives it",
				 name, args->taskset);
			return -EINVAL;
		}
		*says[i].at = says[i].value;
		config->given |= 1U << says[i].param;
	}
	if (cpus_of_run(config, &nr))
		return -EINVAL;
	if (nr == set->nr_cpus)
		return 0;
	complain("--taskset %s: a set for %u CPUs, and the run has %" PRIu64 "; give cpus=",
		 args->taskset, set->nr_cpus, nr);
	return -EINVAL;
}

static int load_taskset(struct arguments *args)
{
	struct rtlat_taskset set;
	char *text = taskset_load(&set, args->taskset);
	int ret;

	if (!text)
		return -EINVAL;
	ret = take_taskset(args, &set);
	args->request.taskset = text;
	taskset_free(&set);
	return ret;
}

int cmd_run(int argc, char **argv)
{
	struct arguments args;
	int ret;

	memset(&args, 0, sizeof(args));
	cell_options_default(&args.cell);
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	/* a bad word comes first */
	ret = args.taskset && !args.cell.problem.text[0] ? load_taskset(&args) : 0;
	if (!ret)
		ret = cell_options_finish(&args.cell, false);
	if (ret)
		goto out;
	args.request.config = &args.cell.config;
	args.request.about = &args.cell.about;
	args.request.out = args.cell.out;
	ret = run_cell(&args.request);
out:
	record_events_free(&args.request.events);
	free(args.request.taskset);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
