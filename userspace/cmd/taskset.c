// SPDX-License-Identifier: GPL-2.0
/* rtlat taskset: print, save and check task sets. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/replace.h"
#include "base/table.h"
#include "cmd/options.h"
#include "rtlat.h"
#include "run/taskset-file.h"
#include "stats/distribution.h"

enum {
	OPT_SAVE = 0x100,
	OPT_CHECK,
	OPT_STATISTICS,
	OPT_SETS,
};

static const struct argp_option options[] = {
	{ "save", OPT_SAVE, "FILE", 0, "write the set to a file", 0 },
	{ "check", OPT_CHECK, "FILE", 0,
	  "say whether a file holds a set, and exactly the one its seed gives", 0 },
	{ "statistics", OPT_STATISTICS, "N", 0,
	  "draw N utilisations of each distribution, hold them against what they should be",
	  0 },
	{ "sets", OPT_SETS, "N", 0,
	  "print N sets, of this seed and those that follow it", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

struct arguments {
	struct rtlat_taskset set;
	struct problem problem;
	bool words;
	const char *save;
	const char *check;
	u64 statistics;
	u64 sets;
};

static void take_word(struct arguments *args, const char *word)
{
	const char *equal = strchr(word, '=');
	char *key;

	args->words = true;
	if (!equal) {
		problem_set(&args->problem, "%s: not of the form NAME=VALUE", word);
		return;
	}
	key = xstrndup(word, (size_t)(equal - word));
	taskset_word(&args->set, key, equal + 1, &args->problem);
	free(key);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case OPT_SAVE:
		args->save = arg;
		return 0;
	case OPT_CHECK:
		args->check = arg;
		return 0;
	case OPT_STATISTICS:
		args->statistics = need_number(state, "--statistics", arg, 2,
					       10000000);
		return 0;
	case OPT_SETS:
		args->sets = need_number(state, "--sets", arg, 1, 1000000);
		return 0;
	case ARGP_KEY_ARG:
		take_word(args, arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[NAME=VALUE...]",
	.doc = "Print the task set that mode=taskset runs with these parameters: distribution,\n"
	       "tasks_per_cpu, seed, period_percent, and cpus, which is a number here.\n"
	       "\v'rtlat run --taskset FILE' runs a saved set.\n\n"
	       "Exit status: 0 fine; 1 the file is not such a set, with its line and the reason.",
};

static int check_file(const char *file)
{
	struct rtlat_taskset set;
	char *text = taskset_load(&set, file);

	if (!text)
		return RTLAT_EXIT_ERROR;
	printf("%s: %u tasks on %u CPUs, exactly what distribution=%s seed=%" PRIu64 " gives\n",
	       file, rtlat_taskset_size(&set), set.nr_cpus,
	       rtlat_distribution_names[set.distribution], set.seed);
	taskset_free(&set);
	free(text);
	return RTLAT_EXIT_OK;
}

static void statistics_row(struct table *table, u32 distribution, u64 seed,
			   size_t n)
{
	/* no draws in common with the other rows */
	u64 state = rtlat_random(&seed) ^ distribution;
	const struct rtlat_distribution_desc *dist =
		&rtlat_distributions[distribution];
	double *sample = xcalloc(n, sizeof(*sample));
	double mean = 0, variance = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		sample[i] = (double)rtlat_draw_ppb(dist, &state) / RTLAT_PPB;
		mean += sample[i] / (double)n;
	}
	for (i = 0; i < n; i++)
		variance += pow(sample[i] - mean, 2) / (double)(n - 1);
	table_cell(table, "%s", rtlat_distribution_names[distribution]);
	table_cell(table, "%zu", n);
	table_cell(table, "%.6f", distribution_mean(dist));
	table_cell(table, "%.6f", mean);
	table_cell(table, "%+.2f", (mean - distribution_mean(dist)) /
		   sqrt(distribution_variance(dist) / (double)n));
	table_cell(table, "%.6f", distribution_variance(dist));
	table_cell(table, "%.6f", variance);
	table_cell(table, "%+.2f", (variance - distribution_variance(dist)) /
		   distribution_variance_error(dist, (double)n));
	table_cell(table, "%.5f", ks_statistic(sample, n, distribution_cdf, dist));
	table_cell(table, "%.5f", ks_critical(n));
	free(sample);
}

static void print_statistics(u64 seed, size_t n)
{
	static const char *const heads[] = {
		"distribution", "n", "mean", "drawn", "error/SE", "variance",
		"drawn", "error/SE", "KS D", "critical",
	};
	struct table *table = table_new("lrrrrrrrrr");
	u32 i;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		table_cell(table, "%s", heads[i]);
	for (i = 0; i < RTLAT_NR_DISTRIBUTIONS; i++)
		statistics_row(table, i, seed, n);
	table_print(table, stdout);
	table_free(table);
	printf("(utilisations, as parts of a CPU; SE: standard error; critical: D at alpha = %g)\n",
	       KS_ALPHA);
}

static char *set_text(struct rtlat_taskset *set)
{
	char *text;

	taskset_make(set);
	text = taskset_text(set);
	taskset_free(set);
	return text;
}

static int print_sets(struct arguments *args)
{
	char *text;
	int ret = 0;
	u64 i;

	if (args->save) {
		text = set_text(&args->set);
		ret = replace_file(args->save, text, strlen(text));
		free(text);
	}
	for (i = 0; !args->save && i < args->sets; i++, args->set.seed++) {
		text = set_text(&args->set);
		fputs(text, stdout);
		free(text);
	}
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}

int cmd_taskset(int argc, char **argv)
{
	struct arguments args;

	memset(&args, 0, sizeof(args));
	args.sets = 1;
	taskset_default(&args.set);
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (args.check && (args.words || args.save || args.statistics ||
			   args.sets > 1))
		problem_set(&args.problem,
			    "--check %s: goes with nothing else: the file says what it is",
			    args.check);
	if (args.statistics && args.save)
		problem_set(&args.problem,
			    "--save %s: contradicts --statistics", args.save);
	if (args.save && args.sets > 1)
		problem_set(&args.problem,
			    "--save %s: a file holds one set, not %" PRIu64,
			    args.save, args.sets);
	if (args.problem.text[0]) {
		complain("%s", args.problem.text);
		return RTLAT_EXIT_ERROR;
	}
	if (args.check)
		return check_file(args.check);
	if (args.statistics) {
		print_statistics(args.set.seed, args.statistics);
		return RTLAT_EXIT_OK;
	}
	return print_sets(&args);
}
