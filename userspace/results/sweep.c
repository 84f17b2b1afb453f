// SPDX-License-Identifier: GPL-2.0
/* The cells of a summary as points of a sweep. Pure. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "module/params.h"
#include "proof/platform.h"
#include "results/sweep.h"

#define CLASSES_WHOLE	(CLASSES_UNQUEUED | 1U << RTLAT_C_INTERRUPTED | \
			 1U << RTLAT_C_INTERRUPTED_BLOCKED)

const struct sweep_spot sweep_any = {
	.platform = SWEEP_ANY,
	.posted = SWEEP_ANY,
	.load = SWEEP_ANY,
	.distribution = SWEEP_ANY,
	.tasks_per_cpu = SWEEP_ANY,
};

/* What a sweep goes over, and what may differ along with it. */
static const char *const apart[] = {
	"timer", "load", "distribution", "tasks_per_cpu", "set", "seed",
	"cpus", "count", "duration_s", "duration_ms", NULL
};

/**
 * sweep_spot_of - where a cell lies
 * @spot: receives it
 * @cell: a checked cell
 *
 * Return: false when the cell is of a point that this program does not know.
 */
bool sweep_spot_of(struct sweep_spot *spot, const json_t *cell)
{
	const json_t *workload = json_object_get(cell, "workload");
	const json_t *tasks = json_object_get(workload, "tasks_per_cpu");
	const char *name = json_text_of(workload, "distribution");
	json_int_t nr = json_integer_value(tasks);
	int i;

	*spot = sweep_any;
	spot->platform = platform_by_name(json_text_of(cell, "platform"));
	spot->posted = cell_is_posted(cell);
	spot->load = json_is_true(json_object_get(workload, "load"));
	for (i = 0; i < RTLAT_NR_DISTRIBUTIONS; i++)
		if (!strcmp(name, rtlat_distribution_names[i]))
			spot->distribution = i;
	spot->tasks_per_cpu = nr > 0 && nr <= RTLAT_MAX_TASKS ? (int)nr : 0;
	if (strcmp(json_text_of(workload, "mode"), "taskset"))
		return true;
	return spot->distribution != SWEEP_ANY && spot->tasks_per_cpu;
}

static bool fits(int value, int want)
{
	return want == SWEEP_ANY || value == want;
}

/**
 * sweep_matches - is a spot among those meant?
 * @spot: spot
 * @want: those meant
 *
 * Return: true when it is.
 */
bool sweep_matches(const struct sweep_spot *spot, const struct sweep_spot *want)
{
	return fits(spot->platform, want->platform) &&
	       fits(spot->posted, want->posted) &&
	       fits(spot->load, want->load) &&
	       fits(spot->distribution, want->distribution) &&
	       fits(spot->tasks_per_cpu, want->tasks_per_cpu);
}

static int compare_spots(const struct sweep_spot *a, const struct sweep_spot *b)
{
	if (a->platform != b->platform)
		return a->platform - b->platform;
	if (a->posted != b->posted)
		return a->posted - b->posted;
	if (a->load != b->load)
		return a->load - b->load;
	if (a->distribution != b->distribution)
		return a->distribution - b->distribution;
	return a->tasks_per_cpu - b->tasks_per_cpu;
}

static struct sweep_point *find_point(struct sweep *sweep,
				      const struct sweep_spot *spot)
{
	struct sweep_point *point;
	size_t i, size;

	for (i = 0; i < sweep->nr; i++) {
		int order = compare_spots(spot, &sweep->point[i].spot);

		if (!order)
			return &sweep->point[i];
		if (order < 0)
			break;
	}
	size = (sweep->nr + 1) * sizeof(*sweep->point);
	sweep->point = xrealloc(sweep->point, size);
	point = &sweep->point[i];
	memmove(point + 1, point, (sweep->nr - i) * sizeof(*point));
	sweep->nr++;
	memset(point, 0, sizeof(*point));
	point->spot = *spot;
	point->clean = xcalloc(RTLAT_NR_METRICS, sizeof(*point->clean));
	point->whole = xcalloc(RTLAT_NR_METRICS, sizeof(*point->whole));
	point->sched = xcalloc(METRIC_PARTS, sizeof(*point->sched));
	return point;
}

/* Figures that are not those of the summary would be drawn under its name. */
static int check_counts(const json_t *cell, const struct figures *figures,
			struct problem *problem)
{
	const json_t *metrics = json_object_get(cell, "metrics");
	unsigned int m;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const json_t *metric = json_object_get(metrics, metric_name(m));
		const json_t *all = json_object_get(metric, "all");
		json_int_t n = json_integer_value(json_object_get(all, "n"));
		u64 have = 0;
		unsigned int c;

		for (c = 0; c < RTLAT_NR_CLASSES; c++)
			have += figures->hist[m][c].n;
		if ((u64)n != have)
			return problem_set(problem,
				"%s: %" PRIu64 " samples in the cell's files, %lld in summary.json",
				metric_name(m), have, (long long)n);
	}
	return 0;
}

/**
 * sweep_add - add a cell's figures to its point
 * @sweep: sweep
 * @cell: cell of it
 * @figures: the cell's figures, of figures_load()
 * @problem: receives how they contradict the cell
 *
 * Return: 0 or -EINVAL.
 */
int sweep_add(struct sweep *sweep, const json_t *cell,
	      const struct figures *figures, struct problem *problem)
{
	struct sweep_point *point;
	struct sweep_spot spot;
	struct rtlat_hist *hist;
	unsigned int m;

	if (check_counts(cell, figures, problem))
		return -EINVAL;
	if (!sweep_spot_of(&spot, cell))
		return problem_set(problem,
			"workload: distribution or tasks_per_cpu is not known");
	point = find_point(sweep, &spot);
	point->cells++;
	hist = xcalloc(1, sizeof(*hist));
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		figures_merge(figures, m, CLASSES_UNQUEUED, hist);
		rtlat_hist_merge(&point->clean[m], hist);
		figures_merge(figures, m, CLASSES_WHOLE, hist);
		rtlat_hist_merge(&point->whole[m], hist);
	}
	for (m = 0; m < METRIC_PARTS; m++) {
		figures_merge(figures, RTLAT_SCHED_OVERHEAD,
			      metric_parts(RTLAT_SCHED_OVERHEAD)[m].classes, hist);
		rtlat_hist_merge(&point->sched[m], hist);
	}
	free(hist);
	return 0;
}

/**
 * sweep_common - what all cells of a sweep have in common
 * @sweep: sweep
 * @part: "workload", "params" or, for the cell itself, NULL
 * @key: the word
 *
 * Return: the value of the first cell, or NULL.
 */
const json_t *sweep_common(const struct sweep *sweep, const char *part,
			   const char *key)
{
	const json_t *cell = json_array_get(sweep->cells, 0);

	return json_object_get(part ? json_object_get(cell, part) : cell, key);
}

/**
 * sweep_is_taskset - are its cells task sets?
 * @sweep: sweep
 *
 * Return: true for mode=taskset.
 */
bool sweep_is_taskset(const struct sweep *sweep)
{
	const json_t *mode = sweep_common(sweep, "workload", "mode");

	return !strcmp(json_string_value(mode), "taskset");
}

/* Words that tell sweeps apart are taken in this order, then parameters. */
static const struct {
	const char *part;
	const char *key;
	const char *word;
} names[] = {
	{ NULL, "kernel_flavour", "kernel" },
	{ "workload", "mode", "mode" },
	{ "workload", "ipi_kind", "ipi_kind" },
	{ "workload", "policy", "policy" },
	{ "workload", "task_kind", "task_kind" },
	{ "workload", "vcpus", "vcpus" },
	{ "workload", "arm", "arm" },
	{ NULL, "clock", "clock" },
	{ NULL, "instructions_per_us", "instructions_per_us" },
};

/* Does the word tell apart two that have the same name so far? */
static bool word_splits(const struct sweeps *sweeps, const char *part,
			const char *key)
{
	size_t i, j;

	for (i = 0; i < sweeps->nr; i++) {
		const struct sweep *one = &sweeps->sweep[i];
		const json_t *value = sweep_common(one, part, key);

		for (j = 0; j < i; j++) {
			const struct sweep *other = &sweeps->sweep[j];
			const json_t *second = sweep_common(other, part, key);

			if (!strcmp(one->name, other->name) &&
			    !!value + !!second && !json_equal(value, second))
				return true;
		}
	}
	return false;
}

static void add_word(const struct sweeps *sweeps, const char *part,
		     const char *key, const char *word)
{
	size_t i;

	if (!word_splits(sweeps, part, key))
		return;
	for (i = 0; i < sweeps->nr; i++) {
		struct sweep *sweep = &sweeps->sweep[i];
		const json_t *value = sweep_common(sweep, part, key);
		char *old = sweep->name, *text = NULL;

		if (json_is_string(value))
			text = xstrdup(json_string_value(value));
		else if (json_is_integer(value))
			text = xasprintf("%lld", (long long)json_integer_value(value));
		if (!text)
			continue;
		sweep->name = xasprintf("%s%s%s=%s", old, *old ? "," : "", word,
					text);
		free(text);
		free(old);
	}
}

/* The only sweep, and the only one of task sets, need no name. */
static void name_sweeps(struct sweeps *sweeps)
{
	struct sweep *alone = sweeps->nr == 1 ? sweeps->sweep : NULL;
	size_t i, nr = 0;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		add_word(sweeps, names[i].part, names[i].key, names[i].word);
	for (i = 0; i < RTLAT_NR_PARAMS; i++)
		if (!is_one_of(rtlat_params[i].name, apart))
			add_word(sweeps, "params", rtlat_params[i].name,
				 rtlat_params[i].name);
	for (i = 0; i < sweeps->nr; i++) {
		if (!sweep_is_taskset(&sweeps->sweep[i]))
			continue;
		alone = nr++ ? NULL : &sweeps->sweep[i];
	}
	if (alone)
		*alone->name = 0;
}

static struct sweep *find_sweep(struct sweeps *sweeps, char *key)
{
	struct sweep *sweep;
	size_t i;

	for (i = 0; i < sweeps->nr; i++) {
		if (strcmp(sweeps->sweep[i].key, key))
			continue;
		free(key);
		return &sweeps->sweep[i];
	}
	sweeps->sweep = xrealloc(sweeps->sweep,
				 (sweeps->nr + 1) * sizeof(*sweeps->sweep));
	sweep = &sweeps->sweep[sweeps->nr++];
	memset(sweep, 0, sizeof(*sweep));
	sweep->key = key;
	sweep->name = xstrdup("");
	sweep->cells = json_array();
	return sweep;
}

/**
 * sweeps_make - the sweeps of a summary, without their points
 * @sweeps: receives them; sweeps_free() them in any case
 * @summary: a checked summary.json
 * @problem: receives what is wrong
 *
 * Return: 0, or -EINVAL when no cell is ok.
 */
int sweeps_make(struct sweeps *sweeps, const json_t *summary,
		struct problem *problem)
{
	const json_t *cells = json_object_get(summary, "cells");
	size_t i;

	memset(sweeps, 0, sizeof(*sweeps));
	for (i = 0; i < json_array_size(cells); i++) {
		json_t *cell = json_array_get(cells, i);
		struct sweep *sweep;

		if (strcmp(json_text_of(cell, "status"), "ok")) {
			sweeps->not_ok++;
			continue;
		}
		/* points are pooled, and of one machine */
		if (cell_imported(cell)) {
			sweeps->imported++;
			continue;
		}
		/* an experiment with the guest, and not with its load */
		if (json_object_size(json_object_get(cell, "settings")))
			continue;
		sweep = find_sweep(sweeps, cell_key(cell, apart));
		json_array_append(sweep->cells, cell);
	}
	name_sweeps(sweeps);
	if (sweeps->nr)
		return 0;
	return problem_set(problem, "no cell is ok, of %zu%s", json_array_size(cells),
			   sweeps->imported ? "; imported ones are left out" : "");
}

/**
 * sweeps_left_out - what a reader of a sweep's figures would miss
 * @sweeps: of sweeps_make()
 *
 * Return: a line on imported cells, NULL when there are none; free() it.
 */
char *sweeps_left_out(const struct sweeps *sweeps)
{
	if (!sweeps->imported)
		return NULL;
	return xasprintf("left out: %u imported cell%s, proven or not: see 'rtlat compare'",
			 sweeps->imported, sweeps->imported == 1 ? "" : "s");
}

/**
 * sweeps_free - free sweeps
 * @sweeps: what sweeps_make() made
 */
void sweeps_free(struct sweeps *sweeps)
{
	size_t i, j;

	for (i = 0; i < sweeps->nr; i++) {
		struct sweep *sweep = &sweeps->sweep[i];

		for (j = 0; j < sweep->nr; j++) {
			free(sweep->point[j].clean);
			free(sweep->point[j].whole);
			free(sweep->point[j].sched);
		}
		free(sweep->point);
		json_decref(sweep->cells);
		free(sweep->name);
		free(sweep->key);
	}
	free(sweeps->sweep);
}

/**
 * sweep_pool - the samples of several points together
 * @sweep: sweep
 * @want: the points
 * @metric: enum rtlat_metric
 * @whole: with the interrupted ones
 * @hist: receives them
 *
 * Return: number of cells that they are from.
 */
unsigned int sweep_pool(const struct sweep *sweep, const struct sweep_spot *want,
			unsigned int metric, bool whole, struct rtlat_hist *hist)
{
	unsigned int cells = 0;
	size_t i;

	memset(hist, 0, sizeof(*hist));
	for (i = 0; i < sweep->nr; i++) {
		const struct sweep_point *point = &sweep->point[i];

		if (!sweep_matches(&point->spot, want))
			continue;
		rtlat_hist_merge(hist, whole ? &point->whole[metric] :
					       &point->clean[metric]);
		cells += point->cells;
	}
	return cells;
}

/**
 * sweep_samples - number of samples of several points
 * @sweep: sweep
 * @want: the points
 * @metric: enum rtlat_metric
 *
 * Return: samples kept of jobs that did not queue.
 */
u64 sweep_samples(const struct sweep *sweep, const struct sweep_spot *want,
		  unsigned int metric)
{
	u64 n = 0;
	size_t i;

	for (i = 0; i < sweep->nr; i++)
		if (sweep_matches(&sweep->point[i].spot, want))
			n += sweep->point[i].clean[metric].n;
	return n;
}
