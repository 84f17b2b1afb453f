// SPDX-License-Identifier: GPL-2.0
/* rtlat recount: a run counted again from the kernel's own events. */

#include <stdlib.h>

#include "cmd/options.h"
#include "recount/recount.h"
#include "rtlat.h"
#include "trace/run.h"

enum {
	OPT_COUNTS = 0x100,
	OPT_PERCENT,
	OPT_DISTANCE,
};

struct arguments {
	const char *path;
	u32 run;
	struct recount_limits limits;
};

static const struct argp_option options[] = {
	{ "run", 'r', "N", 0, "run N of the trace (default: the last complete one)",
	  0 },
	{ "counts", OPT_COUNTS, NULL, 0,
	  "counts only: for machines whose times mean nothing", 0 },
	{ "percent", OPT_PERCENT, "P", 0,
	  "by how much the means of an interval may differ, % (default: 1)", 0 },
	{ "distance", OPT_DISTANCE, "NS", 0,
	  "how far a stamp may be from the kernel's event beside it, ns (default: 1000)",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'r':
		args->run = (u32)need_number(state, "--run", arg, 1, UINT32_MAX);
		return 0;
	case OPT_COUNTS:
		args->limits.counts_only = true;
		return 0;
	case OPT_PERCENT:
		args->limits.percent = (double)need_number(state, "--percent",
							   arg, 0, 1000);
		return 0;
	case OPT_DISTANCE:
		args->limits.distance_ns = need_number(state, "--distance", arg,
						       0, 1000000000);
		return 0;
	}
	return one_argument(key, arg, state, &args->path, NULL);
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[TRACE.DAT|CELL]",
	.doc = "Count a run's attempts and measure its intervals again, from the kernel's own\n"
	       "events in its trace, and hold them against the module's ledger and samples.\n"
	       "\vThe trace has to be one of 'rtlat run --trace --raw' or 'rtlat record --raw'.\n"
	       "Needs neither root nor the module.\n\n"
	       "Exit status: 0 both views agree; 2 they differ; 1 the file cannot be read, or\n"
	       "the run not be counted again.",
};

int cmd_recount(int argc, char **argv)
{
	struct arguments args = {
		.limits = { .percent = 1, .distance_ns = 1000 },
	};
	struct problem problem = { "" };
	int ret = RTLAT_EXIT_ERROR;
	struct recount recount;
	struct trace_run *run;
	char *file;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!args.path)
		args.path = "trace.dat";
	file = file_or_in_folder(args.path, "trace.dat");
	run = trace_run_load_raw(file, args.run, &problem);
	if (!run) {
		complain("%s", problem.text);
		goto out;
	}
	if (recount_make(&recount, run, &args.limits, &problem)) {
		complain("%s: %s", file, problem.text);
		recount_free(&recount);
		goto out;
	}
	recount_print(&recount, run, &args.limits, stdout);
	ret = RTLAT_EXIT_OK;
	if (recount_differs(&recount)) {
		complain("%s: the module and the kernel's own events differ",
			 file);
		ret = RTLAT_EXIT_LIMIT;
	}
	recount_free(&recount);
out:
	trace_run_free(run);
	free(file);
	return ret;
}
