// SPDX-License-Identifier: GPL-2.0
/* rtlat run: one run of the module, and its cell. */

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "options.h"
#include "rtlat.h"
#include "run.h"
#include "suggest.h"

enum {
	OPT_MODULE = 0x100,
	OPT_TRACE,
	OPT_TIMEOUT,
	OPT_BUFFER,
};

static const struct argp_option options[] = {
	{ "module", OPT_MODULE, "KO", 0,
	  "module to load when none is loaded (default: RTLAT_MODULE, or rtlat.ko of the running kernel)",
	  0 },
	{ "trace", OPT_TRACE, NULL, 0, "keep trace.dat, too", 0 },
	{ "buffer-kib", OPT_BUFFER, "KIB", 0,
	  "trace buffer of each CPU (default: all of the run, at most a quarter of the memory)",
	  0 },
	{ "timeout", OPT_TIMEOUT, "S", 0,
	  "seconds after which the run is stopped and has failed (default: twice its length and 30 s; an endless run has none)",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

struct arguments {
	struct cell_options cell;
	struct run_request request;
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
	case OPT_BUFFER:
		args->request.buffer_kib = need_number(state, "--buffer-kib",
						       arg, 4, 16777216);
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

int cmd_run(int argc, char **argv)
{
	struct arguments args;
	int ret;

	memset(&args, 0, sizeof(args));
	cell_options_default(&args.cell);
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	ret = cell_options_finish(&args.cell, false);
	if (ret)
		return RTLAT_EXIT_ERROR;
	args.request.config = &args.cell.config;
	args.request.about = &args.cell.about;
	args.request.out = args.cell.out;
	return run_cell(&args.request) ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
