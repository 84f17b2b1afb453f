// SPDX-License-Identifier: GPL-2.0
/* rtlat show: all of one cell. */

#include "cmd/options.h"
#include "compare/show.h"
#include "results/results.h"
#include "rtlat.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	return one_argument(key, arg, state, state->input, "CELL");
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "CELL|SUMMARY.JSON",
	.doc = "Print all of one cell: what was run, what became of the jobs, the statistics\n"
	       "of each metric with 95 % confidence intervals, and its ten largest samples.",
};

int cmd_show(int argc, char **argv)
{
	struct problem problem = { "" };
	const char *path = NULL;
	json_t *cell;

	argp_parse(&argp, argc, argv, 0, NULL, &path);
	cell = cell_read(path, &problem);
	if (!cell) {
		complain("%s", problem.text);
		return RTLAT_EXIT_ERROR;
	}
	show_print(cell, stdout);
	json_decref(cell);
	return RTLAT_EXIT_OK;
}
