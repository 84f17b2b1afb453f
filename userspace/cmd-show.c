// SPDX-License-Identifier: GPL-2.0
/* rtlat show: all of one cell. */

#include "results.h"
#include "rtlat.h"
#include "show.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **path = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*path)
			argp_error(state, "too many arguments: %s", arg);
		*path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "CELL is missing");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
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
