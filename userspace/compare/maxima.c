// SPDX-License-Identifier: GPL-2.0
/* Maxima of cells side by side, at equal numbers of samples. */

#include <inttypes.h>
#include <stdlib.h>

#include "compare/compare.h"
#include "proof/platform.h"
#include "results/cell.h"
#include "stats/stats.h"

static json_t *columns_of(const json_t *group)
{
	return json_object_get(group, "columns");
}

static json_t *row_of(const json_t *column, const char *metric)
{
	json_t *rows = json_object_get(column, "metrics");
	size_t i;

	for (i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);

		if (!strcmp(json_text_of(row, "metric"), metric))
			return row;
	}
	return NULL;
}

/* A failed cell may have failed because of its figures. */
static bool counts(const json_t *column)
{
	return !strcmp(json_text_of(column, "status"), "ok");
}

static u64 n_of(const json_t *row)
{
	return (u64)json_integer_value(json_object_get(row, "n"));
}

/* The smallest number of samples that a platform has, but not none. */
static u64 smallest_n(const json_t *group, const char *metric)
{
	const json_t *columns = columns_of(group);
	u64 smallest = 0;
	size_t i;

	for (i = 0; i < json_array_size(columns); i++) {
		const json_t *column = json_array_get(columns, i);
		u64 n = counts(column) ? n_of(row_of(column, metric)) : 0;

		if (n && (!smallest || n < smallest))
			smallest = n;
	}
	return smallest;
}

static int row_maximum(json_t *row, unsigned int metric, u64 n_equal,
		       const struct figures *figures, const char *id,
		       struct problem *problem)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	double max;
	int ret = 0;

	figures_merge(figures, metric, metric_can_queue(metric) ?
		      CLASSES_UNQUEUED : CLASSES_KEPT, hist);
	if (hist->n != n_of(row))
		ret = problem_set(problem,
				  "%s: %s: summary.json has %" PRIu64
				  " samples, the cell's file summary %" PRIu64,
				  id, metric_name(metric), n_of(row), hist->n);
	max = stats_expected_max(hist, n_equal);
	json_object_set_new(row, "max_equal", json_real_or_null(hist->n, max));
	free(hist);
	return ret;
}

static int column_maxima(const json_t *group, json_t *column,
			 const char *results, struct problem *problem)
{
	const char *id = json_text_of(column, "id");
	struct figures *figures;
	unsigned int m;
	int ret = 0;

	if (!counts(column))
		return 0;
	figures = figures_load(results, id, problem);
	if (!figures)
		return -EINVAL;
	for (m = 0; m < RTLAT_NR_METRICS && !ret; m++) {
		json_t *row = row_of(column, metric_name(m));

		if (row)
			ret = row_maximum(row, m, smallest_n(group, metric_name(m)),
					  figures, id, problem);
	}
	figures_free(figures);
	return ret;
}

/* Of all or none: the maxima of a group are for comparing. */
static const char *first_missing(const json_t *group, const char *results)
{
	const json_t *columns = columns_of(group);
	size_t i;

	for (i = 0; i < json_array_size(columns); i++) {
		const json_t *column = json_array_get(columns, i);
		const char *id = json_text_of(column, "id");

		if (counts(column) && figures_missing(results, id))
			return id;
	}
	return NULL;
}

static void prepare(const json_t *group)
{
	const json_t *columns = columns_of(group);
	size_t i, j;

	for (i = 0; i < json_array_size(columns); i++) {
		const json_t *rows =
			json_object_get(json_array_get(columns, i), "metrics");

		for (j = 0; j < json_array_size(rows); j++) {
			json_t *row = json_array_get(rows, j);
			u64 n = smallest_n(group, json_text_of(row, "metric"));

			json_object_set_new(row, "n_equal",
					    json_u64_or_null(n != 0, n));
			json_object_set_new(row, "max_equal", json_null());
		}
	}
}

/**
 * compare_maxima - add maxima at equal numbers of samples
 * @groups: from compare_groups()
 * @results: the folder of the cells
 * @missing: receives the id of the first cell without files, or NULL; its
 *	group has none of these maxima
 * @problem: receives file, line and reason of what is wrong
 *
 * A metric's n_equal is the smallest number of samples that a platform of the
 * group has, its max_equal the expected maximum of so many.
 *
 * Return: 0 or -EINVAL.
 */
int compare_maxima(json_t *groups, const char *results, const char **missing,
		   struct problem *problem)
{
	size_t i, j;

	*missing = NULL;
	for (i = 0; i < json_array_size(groups); i++) {
		json_t *group = json_array_get(groups, i);
		json_t *columns = columns_of(group);
		const char *id = first_missing(group, results);

		prepare(group);
		if (id) {
			*missing = *missing ? *missing : id;
			continue;
		}
		for (j = 0; j < json_array_size(columns); j++)
			if (column_maxima(group, json_array_get(columns, j),
					  results, problem))
				return -EINVAL;
	}
	return 0;
}
