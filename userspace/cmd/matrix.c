// SPDX-License-Identifier: GPL-2.0
/* rtlat matrix: the cells of a matrix file. */

#include <inttypes.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "cmd/options.h"
#include "proof/platform.h"
#include "results/cell.h"
#include "results/matrix.h"
#include "rtlat.h"
#include "run/run.h"

enum {
	OPT_PLATFORM = 0x100,
	OPT_KERNEL,
	OPT_CLOCK,
};

static const struct argp_option options[] = {
	{ "platform", OPT_PLATFORM, "P", 0, "only cells of native, kvm or kvm-pi",
	  0 },
	{ "kernel", OPT_KERNEL, "F", 0,
	  "kernel flavour of the cells' names: 6.1, 6.1-rt, ... (default: that of the running kernel)",
	  0 },
	{ "clock", OPT_CLOCK, "C", 0,
	  "only cells that can run on that clock: instructions or wall", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

struct arguments {
	const char *file;
	const char *platform;
	const char *kernel;
	const char *clock;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case OPT_PLATFORM:
		args->platform = arg;
		return 0;
	case OPT_KERNEL:
		args->kernel = arg;
		return 0;
	case OPT_CLOCK:
		args->clock = arg;
		return 0;
	}
	return one_argument(key, arg, state, &args->file, "FILE");
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Check a matrix file and print its cells, one line each with columns between\n"
	       "tabs: name, platform, clock, vcpus, set, load, trace, parameters, the\n"
	       "milliseconds that a run lasts, and settings of the guest (-: none).\n"
	       "\vAn error is named with file, line and reason; then nothing is printed and\n"
	       "the exit status is 1. docs/matrix.md describes the format.",
};

static int check_arguments(const struct arguments *args)
{
	if (args->platform && !is_one_of(args->platform, platform_names)) {
		complain("--platform %s: not one of native|kvm|kvm-pi",
			 args->platform);
		return -EINVAL;
	}
	/* "any" is what cells say, not a clock to run on */
	if (args->clock && !is_one_of(args->clock, matrix_clocks + 1)) {
		complain("--clock %s: not one of instructions|wall", args->clock);
		return -EINVAL;
	}
	if (args->kernel && (!*args->kernel || strpbrk(args->kernel, "/,= \t\n"))) {
		complain("--kernel %s: not the name of a kernel flavour",
			 args->kernel);
		return -EINVAL;
	}
	return 0;
}

static bool wanted(const struct matrix_cell *cell, const struct arguments *args)
{
	const char *clock = cell->own[MATRIX_CLOCK];

	if (args->platform && strcmp(args->platform, cell->own[MATRIX_PLATFORM]))
		return false;
	if (!args->clock || !strcmp(clock, args->clock))
		return true;
	return !strcmp(clock, "any") &&
	       (strcmp(args->clock, "instructions") ||
		!strcmp(cell->own[MATRIX_VCPUS], "1"));
}

static void print_settings(const struct matrix_cell *cell)
{
	const char *sep = "";
	int i;

	for (i = 0; i < NR_SETTINGS; i++) {
		if (!cell->setting[i] ||
		    !strcmp(cell->setting[i], settings[i].def))
			continue;
		printf("%s%s=%s", sep, settings[i].name, cell->setting[i]);
		sep = " ";
	}
	if (!*sep)
		putchar('-');
}

static void print_cells(const struct matrix *matrix, const struct arguments *args)
{
	size_t i;
	int key;

	for (i = 0; i < matrix->nr; i++) {
		const struct matrix_cell *cell = matrix->cell[i];

		if (!wanted(cell, args))
			continue;
		printf("%s", cell->id);
		for (key = 0; key < MATRIX_NR_KEYS; key++)
			printf("\t%s", cell->own[key]);
		printf("\t%s\t%" PRIu64 "\t", cell->params,
		       run_expected_ms(&cell->config));
		print_settings(cell);
		putchar('\n');
	}
}

int cmd_matrix(int argc, char **argv)
{
	struct arguments args = { .file = NULL };
	struct problem problem = { "" };
	struct matrix matrix;
	struct utsname uts;
	char *text, *flavour;
	size_t len;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (check_arguments(&args))
		return RTLAT_EXIT_ERROR;
	text = read_text(args.file, &len);
	if (!text) {
		complain("cannot read %s: %s", args.file, strerror(errno));
		return RTLAT_EXIT_ERROR;
	}
	uname(&uts);
	flavour = args.kernel ? xstrdup(args.kernel) : cell_flavour(uts.release);
	ret = matrix_parse(&matrix, args.file, text, len, flavour, &problem);
	if (ret)
		complain("%s", problem.text);
	else
		print_cells(&matrix, &args);
	matrix_free(&matrix);
	free(flavour);
	free(text);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
