// SPDX-License-Identifier: GPL-2.0
/* rtlat compare: platforms side by side. */

#include <stdlib.h>

#include "cell.h"
#include "compare.h"
#include "results.h"
#include "rtlat.h"

struct arguments {
	const char *path;
	bool json;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON instead of tables", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'j':
		args->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (args->path)
			argp_error(state, "too many arguments: %s", arg);
		args->path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "RESULTS is missing");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RESULTS|SUMMARY.JSON",
	.doc = "Print cells that differ only in their platform side by side: the metrics\n"
	       "with ratios to native, then what each step of thread_latency costs.",
};

int cmd_compare(int argc, char **argv)
{
	struct arguments args = { NULL, false };
	struct problem problem = { "" };
	json_t *summary, *groups;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	summary = summary_read(args.path, &problem);
	if (!summary) {
		complain("%s", problem.text);
		return RTLAT_EXIT_ERROR;
	}
	groups = compare_groups(summary);
	if (args.json) {
		char *text = json_text(groups);

		fputs(text, stdout);
		free(text);
	} else {
		compare_print(groups, stdout);
	}
	json_decref(groups);
	json_decref(summary);
	return RTLAT_EXIT_OK;
}
