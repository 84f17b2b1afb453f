// SPDX-License-Identifier: GPL-2.0
/* Cells that differ only in their platform, side by side. Pure. */

#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "proof/platform.h"
#include "proof/proof.h"
#include "proof/settings.h"
#include "results/cell.h"

static const unsigned int steps[] = {
	RTLAT_RELEASE_LATENCY, RTLAT_RELEASE_OVERHEAD, RTLAT_WAKE_GAP,
	RTLAT_SCHED_OVERHEAD, RTLAT_CXS_OVERHEAD, RTLAT_START_GAP,
};

/* The statistic that tables show: queueing is not latency. */
static const json_t *shown_stats(const json_t *metric, const char *over)
{
	const json_t *unqueued = json_object_get(metric, "unqueued");

	return unqueued ? unqueued : json_object_get(metric, over);
}

static json_t *ratio(const json_t *stats, const json_t *base, const char *key)
{
	double value = json_number_value(json_object_get(stats, key));
	double under = json_number_value(json_object_get(base, key));

	if (!json_is_number(json_object_get(stats, key)) || !(under > 0))
		return json_null();
	return json_real_or_null(true, value / under);
}

static json_t *metric_row(const json_t *cell, const json_t *native,
			  const char *name)
{
	json_t *metric = json_object_get(json_object_get(cell, "metrics"), name);
	const json_t *base = json_object_get(json_object_get(native, "metrics"),
					     name);
	static const char *const keys[] = { "n", "mean", "p50", "p90", "p99",
					    "p999", "max", "ci95_mean",
					    "ci95_p99" };
	const json_t *stats, *under, *ledger, *mean;
	json_t *row, *own;
	size_t i;

	if (!metric)
		return NULL;
	stats = shown_stats(metric, "kept");
	under = shown_stats(base, "kept");
	ledger = json_object_get(metric, "ledger");
	row = json_object();
	json_object_set_new(row, "metric", json_string(name));
	json_object_set(row, "unit", json_object_get(metric, "unit"));
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		json_object_set(row, keys[i], json_object_get(stats, keys[i]));
	json_object_set_new(row, "ratio_mean", ratio(stats, under, "mean"));
	json_object_set_new(row, "ratio_p50", ratio(stats, under, "p50"));
	own = json_object_get(metric, "own_cost_ns");
	mean = json_object_get(stats, "mean");
	if (own && json_is_number(mean)) {
		json_object_set(row, "own_cost_ns", own);
		json_object_set_new(row, "corrected_mean",
				    json_real_or_null(true, json_number_value(mean) -
							    json_number_value(own)));
	}
	json_object_set(row, "kept", json_object_get(ledger, "kept"));
	json_object_set(row, "attempted", json_object_get(ledger, "attempted"));
	return row;
}

static json_int_t nr_queued(const json_t *metrics)
{
	const json_t *whole = json_object_get(metrics,
					      metric_name(RTLAT_THREAD_LATENCY));

	return json_integer_value(json_object_get(json_object_get(whole, "queued"),
						  "n"));
}

/*
 * Steps are compared over the same jobs as the whole: every one of them when
 * no job queued, else those kept that did not queue.
 */
static const json_t *step_stats(const json_t *metrics, unsigned int metric)
{
	const json_t *one = json_object_get(metrics, metric_name(metric));

	if (nr_queued(metrics))
		return shown_stats(one, "kept");
	return json_object_get(one, "all");
}

static json_t *steps_json(const json_t *cell)
{
	const json_t *metrics = json_object_get(cell, "metrics");
	const json_t *checks = json_object_get(cell, "checks");
	const json_t *whole = step_stats(metrics, RTLAT_THREAD_LATENCY);
	json_t *json, *list;
	double sum = 0;
	size_t i;

	if (!json_is_number(json_object_get(whole, "mean")))
		return NULL;
	list = json_array();
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		const json_t *stats = step_stats(metrics, steps[i]);
		json_t *mean = json_object_get(stats, "mean");
		json_t *one = json_object();

		json_object_set_new(one, "metric",
				    json_string(metric_name(steps[i])));
		json_object_set(one, "mean", mean ? mean : json_null());
		json_object_set(one, "n", json_object_get(stats, "n"));
		json_array_append_new(list, one);
		sum += json_number_value(mean);
	}
	json = json_object();
	json_object_set_new(json, "unit", json_string("ns"));
	json_object_set_new(json, "steps", list);
	json_object_set_new(json, "sum", json_real_or_null(true, sum));
	json_object_set(json, "thread_latency", json_object_get(whole, "mean"));
	json_object_set(json, "n", json_object_get(whole, "n"));
	json_object_set_new(json, "queued", json_boolean(nr_queued(metrics)));
	json_object_set(json, "jobs_checked", json_object_get(checks, "sum_checked"));
	json_object_set(json, "jobs_failed", json_object_get(checks, "sum_failed"));
	return json;
}

static json_t *column_json(const json_t *cell, const json_t *native)
{
	json_t *column = json_object();
	json_t *rows = json_array();
	json_t *part;
	char *name = settings_label(cell);
	unsigned int m;

	json_object_set_new(column, "name", json_string(name));
	json_object_set(column, "id", json_object_get(cell, "id"));
	json_object_set(column, "platform", json_object_get(cell, "platform"));
	json_object_set(column, "status", json_object_get(cell, "status"));
	json_object_set(column, "reason", json_object_get(cell, "reason"));
	json_object_set(column, "imported", json_object_get(cell, "imported"));
	json_object_set(column, "unproven", json_object_get(cell, "unproven"));
	json_object_set(column, "kernel", json_object_get(cell, "kernel"));
	json_object_set(column, "stamp_cost_ns",
			json_object_get(cell, "stamp_cost_ns"));
	json_object_set_new(column, "entries_per_interrupt",
			    proof_entries_json(json_object_get(cell, "proof")));
	json_object_set_new(column, "exits",
			    compare_exits(cell));
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		part = metric_row(cell, native, metric_name(m));
		if (part)
			json_array_append_new(rows, part);
	}
	json_object_set_new(column, "metrics", rows);
	part = steps_json(cell);
	if (part)
		json_object_set_new(column, "steps", part);
	free(name);
	return column;
}

/**
 * compare_is_base - is it what others are held against?
 * @cell: a cell, or a column of compare_groups()
 *
 * Return: true for native cells of this host, not those of another machine.
 */
bool compare_is_base(const json_t *cell)
{
	return !strcmp(json_text_of(cell, "platform"), "native") &&
	       !cell_imported(cell);
}

static void group_finish(json_t *group)
{
	json_t *members = json_object_get(group, "members");
	json_t *columns = json_array();
	const json_t *native = NULL;
	size_t p, i;

	for (i = 0; i < json_array_size(members); i++) {
		json_t *cell = json_array_get(members, i);

		if (compare_is_base(cell) &&
		    !strcmp(json_text_of(cell, "status"), "ok"))
			native = cell;
	}
	for (p = 0; p < NR_PLATFORMS; p++) {
		for (i = 0; i < json_array_size(members); i++) {
			json_t *cell = json_array_get(members, i);

			if (!strcmp(json_text_of(cell, "platform"), platform_names[p]))
				json_array_append_new(columns,
						      column_json(cell, native));
		}
	}
	json_object_set_new(group, "columns", columns);
	json_object_set_new(group, "posted", compare_posted(columns));
	json_object_del(group, "members");
}

/* The group that a cell belongs to and that does not have it yet. */
static json_t *find_group(json_t *groups, const char *key, const char *column)
{
	size_t i;

	for (i = 0; i < json_array_size(groups); i++) {
		json_t *group = json_array_get(groups, i);

		if (!strcmp(json_text_of(group, "key"), key) &&
		    !json_object_get(json_object_get(group, "names"), column))
			return group;
	}
	return NULL;
}

static json_t *new_group(const json_t *cell, const char *key)
{
	static const char *const copied[] = {
		"kernel_flavour", "clock", "instructions_per_us",
	};
	json_t *group = json_object();
	json_t *workload, *params;
	size_t i;

	json_object_set_new(group, "key", json_string(key));
	for (i = 0; i < ARRAY_SIZE(copied); i++)
		json_object_set(group, copied[i],
				json_object_get(cell, copied[i]));
	/* what differs from cell to cell of a group */
	workload = json_copy(json_object_get(cell, "workload"));
	json_object_del(workload, "duration_s");
	json_object_del(workload, "timer");
	json_object_set_new(group, "workload", workload);
	params = json_copy(json_object_get(cell, "params"));
	if (params) {
		json_object_del(params, "cpus");
		json_object_set_new(group, "params", params);
	}
	json_object_set_new(group, "names", json_object());
	json_object_set_new(group, "members", json_array());
	return group;
}

/**
 * compare_groups - cells that differ only in their platform, together
 * @summary: a checked summary.json
 *
 * Return: array of groups, those of jobs before those of IPIs: what the cells
 * have in common, and a column for each platform.
 */
json_t *compare_groups(const json_t *summary)
{
	static const char *const apart[] = { "duration_s", "timer", "cpus", NULL };
	const json_t *cells = json_object_get(summary, "cells");
	json_t *groups = json_array();
	size_t i, jobs = 0;

	for (i = 0; i < json_array_size(cells); i++) {
		json_t *cell = json_array_get(cells, i);
		char *column = settings_label(cell);
		char *key = cell_key(cell, apart);
		json_t *group = find_group(groups, key, column);

		if (!group) {
			const json_t *load = json_object_get(cell, "workload");
			const bool ipi = !strcmp(json_text_of(load, "mode"), "ipi");

			/* what jobs do comes before what IPIs do */
			group = new_group(cell, key);
			json_array_insert_new(groups,
					      ipi ? json_array_size(groups) : jobs++,
					      group);
		}
		json_object_set_new(json_object_get(group, "names"), column,
				    json_true());
		json_array_append(json_object_get(group, "members"), cell);
		free(key);
		free(column);
	}
	for (i = 0; i < json_array_size(groups); i++) {
		json_t *group = json_array_get(groups, i);

		group_finish(group);
		json_object_del(group, "key");
		json_object_del(group, "names");
	}
	return groups;
}

/**
 * compare_row - the row of a metric
 * @column: a column of compare_groups()
 * @metric: its name
 *
 * Return: the row, or NULL.
 */
const json_t *compare_row(const json_t *column, const char *metric)
{
	const json_t *rows = json_object_get(column, "metrics");
	size_t i;

	for (i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (!strcmp(json_text_of(row, "metric"), metric))
			return row;
	}
	return NULL;
}
