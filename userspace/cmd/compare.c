// SPDX-License-Identifier: GPL-2.0
/* rtlat compare: platforms side by side. */

#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "compare/compare.h"
#include "results/cell.h"
#include "results/results.h"
#include "rtlat.h"

/* More blocks than these are lines of one table. */
#define MANY	4

struct arguments {
	const char *path;
	bool json;
	bool full;
	bool ktap;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON instead of tables", 0 },
	{ "full", 'f', NULL, 0,
	  "print all of each point, however many there are", 0 },
	{ "ktap", 'k', NULL, 0,
	  "print what became of each cell as KTAP, and nothing else", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'j':
		args->json = true;
		return 0;
	case 'f':
		args->full = true;
		return 0;
	case 'k':
		args->ktap = true;
		return 0;
	}
	return one_argument(key, arg, state, &args->path, "RESULTS");
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RESULTS|SUMMARY.JSON",
	.doc = "Print cells that differ only in their platform side by side: the metrics\n"
	       "with ratios to native, then what each step of thread_latency costs. Many\n"
	       "points are a line each, for each metric.\n"
	       "\vMaxima grow with the number of samples: where the cells' folders are there,\n"
	       "they are also given for as many samples as the platform with fewest has.\n"
	       "With --ktap the exit status is 1 when a cell has failed.",
};

/* The folder of the cells: the argument, or where the file is. */
static char *results_folder(const char *path)
{
	const char *slash;

	if (is_folder(path))
		return xstrdup(path);
	slash = strrchr(path, '/');
	return slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
}

static int add_maxima(json_t *groups, const char *path)
{
	char *results = results_folder(path);
	struct problem problem = { "" };
	const char *missing;
	int ret;

	ret = compare_maxima(groups, results, &missing, &problem);
	if (ret)
		complain("%s", problem.text);
	else if (missing)
		fprintf(stderr, "rtlat: without maxima at equal n: %s/%s has no histograms\n",
			results, missing);
	free(results);
	return ret;
}

static void print_groups(const json_t *groups, const struct arguments *args)
{
	if (args->json) {
		char *text = json_text(groups);

		fputs(text, stdout);
		free(text);
	} else if (compare_blocks(groups) > MANY && !args->full) {
		compare_print_lines(groups, stdout);
	} else {
		compare_print(groups, stdout);
	}
}

int cmd_compare(int argc, char **argv)
{
	struct arguments args = { .path = NULL };
	struct problem problem = { "" };
	json_t *summary, *groups;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	summary = summary_read(args.path, &problem);
	if (!summary) {
		complain("%s", problem.text);
		return RTLAT_EXIT_ERROR;
	}
	if (args.ktap) {
		const size_t failed = compare_print_ktap(summary, stdout);

		json_decref(summary);
		return failed ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
	}
	groups = compare_groups(summary);
	ret = add_maxima(groups, args.path);
	if (!ret)
		print_groups(groups, &args);
	json_decref(groups);
	json_decref(summary);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
