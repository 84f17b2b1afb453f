// SPDX-License-Identifier: GPL-2.0
/* rtlat findings: do the paper's findings hold in these results? */

#include <stdlib.h>

#include "cmd/options.h"
#include "findings/findings.h"
#include "results/cell.h"
#include "results/results.h"
#include "rtlat.h"

struct arguments {
	const char *results;
	bool json;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON instead of text", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'j':
		args->json = true;
		return 0;
	}
	return one_argument(key, arg, state, &args->results, "RESULTS");
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RESULTS",
	.doc = "Hold the findings of Aichouch, Prevotet and Nouvel (DASIP 2013) against the\n"
	       "task sets of a results folder: each holds, does not hold, or is not to be\n"
	       "said, with its figures and the limit that decides.\n"
	       "\vExit status: 0 when at least one holds and none does not, 2 when one does not\n"
	       "hold, 1 when something is wrong or nothing is to be said.",
};

/* All findings of all sweeps of task sets. */
static json_t *findings_json(const struct sweeps *sweeps)
{
	json_t *all = json_array();
	size_t i;

	for (i = 0; i < sweeps->nr; i++)
		if (sweep_is_taskset(&sweeps->sweep[i]))
			json_array_append_new(all,
					      findings_of(&sweeps->sweep[i]));
	return all;
}

static int print_all(const json_t *all, bool json)
{
	unsigned int hold = 0, fail = 0;
	size_t i;

	for (i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);

		hold += findings_count(one, VERDICT_HOLDS);
		fail += findings_count(one, VERDICT_FAILS);
		if (json)
			continue;
		if (i)
			putchar('\n');
		findings_print(one, stdout);
	}
	if (json) {
		char *text = json_text(all);

		fputs(text, stdout);
		free(text);
	}
	if (fail)
		return RTLAT_EXIT_LIMIT;
	if (hold)
		return RTLAT_EXIT_OK;
	complain("none of the findings is to be said of these results");
	return RTLAT_EXIT_ERROR;
}

int cmd_findings(int argc, char **argv)
{
	struct arguments args = { NULL, false };
	struct problem problem = { "" };
	struct sweeps sweeps = { .nr = 0 };
	int ret = RTLAT_EXIT_ERROR;
	json_t *summary, *all = NULL;
	char *left_out;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	summary = summary_read(args.results, &problem);
	if (!summary || sweeps_make(&sweeps, summary, &problem) ||
	    sweeps_read(&sweeps, args.results, &problem))
		goto out;
	left_out = sweeps_left_out(&sweeps);
	if (left_out)
		fprintf(stderr, "rtlat: %s\n", left_out);
	free(left_out);
	all = findings_json(&sweeps);
	if (json_array_size(all))
		ret = print_all(all, args.json);
	else
		problem_set(&problem, "%s: no cell of mode=taskset is ok",
			    args.results);
out:
	if (problem.text[0])
		complain("%s", problem.text);
	json_decref(all);
	sweeps_free(&sweeps);
	json_decref(summary);
	return ret;
}
