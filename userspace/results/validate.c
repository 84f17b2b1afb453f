// SPDX-License-Identifier: GPL-2.0
/* Do JSON objects obey the results' schema? Pure. */

#include "proof/platform.h"
#include "proof/settings.h"
#include "results/results.h"
#include "rtlat.h"
#include "stats/figures.h"

enum {
	WANT_STRING = 1,
	WANT_NUMBER = 2,
	WANT_NULL = 4,
	WANT_BOOL = 8,
	WANT_OBJECT = 16,
};

struct want {
	const char *key;
	unsigned int types;
	const char *const *values;
};

static const char *const statuses[] = { "ok", "skip", "fail", NULL };
static const char *const clocks[] = { "instructions", "hardware", "none", NULL };
static const char *const modes[] = { "timer", "ipi", "taskset", NULL };

static const struct want cell_wants[] = {
	{ "id", WANT_STRING, NULL },
	{ "platform", WANT_STRING, platform_names },
	{ "status", WANT_STRING, statuses },
	{ "reason", WANT_STRING | WANT_NULL, NULL },
	{ "kernel", WANT_STRING | WANT_NULL, NULL },
	{ "kernel_flavour", WANT_STRING, NULL },
	{ "clock", WANT_STRING, clocks },
	{ "instructions_per_us", WANT_NUMBER | WANT_NULL, NULL },
	{ "stamp_cost_ns", WANT_NUMBER | WANT_NULL, NULL },
	{ "workload", WANT_OBJECT, NULL },
	{ "tasks", WANT_OBJECT | WANT_NULL, NULL },
	{ "proof", WANT_OBJECT, NULL },
	{ "metrics", WANT_OBJECT, NULL },
	{ NULL, 0, NULL },
};

static const struct want workload_wants[] = {
	{ "mode", WANT_STRING, modes },
	{ "timer", WANT_STRING, NULL },
	{ "ipi_kind", WANT_STRING | WANT_NULL, NULL },
	{ "policy", WANT_STRING, NULL },
	{ "task_kind", WANT_STRING, NULL },
	{ "tasks_per_cpu", WANT_NUMBER | WANT_NULL, NULL },
	{ "distribution", WANT_STRING | WANT_NULL, NULL },
	{ "set", WANT_NUMBER | WANT_NULL, NULL },
	{ "seed", WANT_NUMBER | WANT_NULL, NULL },
	{ "load", WANT_BOOL, NULL },
	{ "vcpus", WANT_NUMBER | WANT_NULL, NULL },
	{ "arm", WANT_STRING | WANT_NULL, NULL },
	{ "duration_s", WANT_NUMBER | WANT_NULL, NULL },
	{ NULL, 0, NULL },
};

static const struct want tasks_wants[] = {
	{ "n", WANT_NUMBER, NULL },
	{ "released", WANT_NUMBER, NULL },
	{ "completed", WANT_NUMBER, NULL },
	{ "missed", WANT_NUMBER, NULL },
	{ "overrun", WANT_NUMBER, NULL },
	{ "skipped", WANT_NUMBER, NULL },
	{ "throttled", WANT_NUMBER, NULL },
	{ "tardiness_max_ns", WANT_NUMBER, NULL },
	{ "utilisation_ppb", WANT_NUMBER, NULL },
	{ "scale_ppm", WANT_NUMBER | WANT_NULL, NULL },
	{ NULL, 0, NULL },
};

static const char *const stat_keys[] = {
	"min", "mean", "stddev", "p50", "p90", "p99", "p999", "max",
};

static const char *const ci_keys[] = { "ci95_mean", "ci95_p99" };

static unsigned int type_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return WANT_STRING;
	case JSON_INTEGER:
	case JSON_REAL:
		return WANT_NUMBER;
	case JSON_NULL:
		return WANT_NULL;
	case JSON_TRUE:
	case JSON_FALSE:
		return WANT_BOOL;
	case JSON_OBJECT:
		return WANT_OBJECT;
	default:
		return 0;
	}
}

static int check_wants(const json_t *object, const char *where,
		       const struct want *want, struct problem *problem)
{
	for (; want->key; want++) {
		const json_t *value = json_object_get(object, want->key);
		const char *const *word = want->values;

		if (!value)
			return problem_set(problem, "%s%s is missing", where,
					   want->key);
		if (!(type_of(value) & want->types))
			return problem_set(problem, "%s%s has the wrong type",
					   where, want->key);
		if (!word)
			continue;
		while (*word && strcmp(*word, json_string_value(value)))
			word++;
		if (!*word)
			return problem_set(problem, "%s%s: %s is not known", where,
					   want->key, json_string_value(value));
	}
	return 0;
}

/* Two numbers, the lower first; null when there are no samples. */
static bool good_ci(const json_t *ci, bool any)
{
	const json_t *lo = json_array_get(ci, 0), *hi = json_array_get(ci, 1);

	if (!any)
		return json_is_null(ci);
	return json_array_size(ci) == 2 && json_is_number(lo) &&
	       json_is_number(hi) &&
	       json_number_value(lo) <= json_number_value(hi);
}

/* Written down as a number, and one that can be counted to. */
static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static int check_stats(const json_t *metric, const char *name, const char *over,
		       bool needed, struct problem *problem)
{
	const json_t *stats = json_object_get(metric, over);
	const json_t *n = json_object_get(stats, "n");
	size_t i;

	if (!stats && !needed)
		return 0;
	if (!is_count(n))
		return problem_set(problem, "metrics.%s.%s.n is not a count",
				   name, over);
	for (i = 0; i < ARRAY_SIZE(stat_keys); i++) {
		const json_t *value = json_object_get(stats, stat_keys[i]);
		bool one = !strcmp(stat_keys[i], "stddev") &&
			   json_integer_value(n) == 1;

		if (!value)
			return problem_set(problem, "metrics.%s.%s.%s is missing",
					   name, over, stat_keys[i]);
		if (json_is_number(value) != (json_integer_value(n) && !one))
			return problem_set(problem,
				"metrics.%s.%s.%s: a number when there are samples, null when there are none",
				name, over, stat_keys[i]);
	}
	for (i = 0; i < ARRAY_SIZE(ci_keys); i++)
		if (!good_ci(json_object_get(stats, ci_keys[i]),
			     json_integer_value(n)))
			return problem_set(problem,
				"metrics.%s.%s.%s: two numbers, the lower first, when there are samples, null when there are none",
				name, over, ci_keys[i]);
	return 0;
}

static int check_largest(const json_t *metric, const char *name,
			 struct problem *problem)
{
	static const char *const numbers[] = {
		"duration_ns", "start_ns", "cpu", "task", "job", "nested",
	};
	const json_t *list = json_object_get(metric, "largest");
	size_t i, j;

	if (!json_is_array(list) || json_array_size(list) > RTLAT_LARGEST)
		return problem_set(problem,
				   "metrics.%s.largest is not a list of at most %d samples",
				   name, RTLAT_LARGEST);
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *sample = json_array_get(list, i);

		for (j = 0; j < ARRAY_SIZE(numbers); j++)
			if (!json_is_integer(json_object_get(sample, numbers[j])))
				return problem_set(problem,
					"metrics.%s.largest[%zu].%s is not a number",
					name, i, numbers[j]);
		if (!json_is_array(json_object_get(sample, "flags")))
			return problem_set(problem,
					   "metrics.%s.largest[%zu].flags is not a list",
					   name, i);
	}
	return 0;
}

static int check_ledger(const json_t *metric, const char *name,
			struct problem *problem)
{
	const json_t *ledger = json_object_get(metric, "ledger");
	const json_t *attempted = json_object_get(ledger, "attempted");
	const json_t *kept = json_object_get(ledger, "kept");
	const json_t *n = json_object_get(json_object_get(metric, "kept"), "n");
	json_int_t sum = 0;
	unsigned int i;

	if (!is_count(attempted))
		return problem_set(problem,
				   "metrics.%s.ledger.attempted is not a count",
				   name);
	for (i = 0; i < RTLAT_NR_LINES; i++) {
		const json_t *line = json_object_get(ledger, line_name(i));

		if (!is_count(line))
			return problem_set(problem,
					   "metrics.%s.ledger.%s is not a count",
					   name, line_name(i));
		if (__builtin_add_overflow(sum, json_integer_value(line), &sum))
			return problem_set(problem,
				"metrics.%s: the ledger does not close: its lines sum to more than a number holds",
				name);
	}
	if (json_integer_value(kept) != json_integer_value(n))
		return problem_set(problem,
			"metrics.%s: ledger.kept is %lld, kept.n is %lld", name,
			(long long)json_integer_value(kept),
			(long long)json_integer_value(n));
	if (sum != json_integer_value(attempted))
		return problem_set(problem,
			"metrics.%s: the ledger does not close: attempted %lld, accounted for %lld",
			name, (long long)json_integer_value(attempted),
			(long long)sum);
	return 0;
}

static int check_parts(const json_t *metric, const char *name,
		       struct problem *problem)
{
	const struct metric_part *part =
		metric_parts((unsigned int)metric_by_name(name));
	unsigned int i;

	for (i = 0; part && i < METRIC_PARTS; i++)
		if (check_stats(metric, name, part[i].name, true, problem))
			return -EINVAL;
	return 0;
}

static int check_metric(const char *name, const json_t *metric, bool ok,
			struct problem *problem)
{
	const char *unit = json_string_value(json_object_get(metric, "unit"));
	const json_t *own;

	if (metric_by_name(name) < 0)
		return problem_set(problem, "metrics.%s is not a metric", name);
	if (!unit || strcmp(unit, "ns"))
		return problem_set(problem, "metrics.%s.unit is not ns", name);
	own = json_object_get(metric, "own_cost_ns");
	if (own && !(json_number_value(own) > 0))
		return problem_set(problem,
				   "metrics.%s.own_cost_ns is not a number above 0",
				   name);
	if (check_stats(metric, name, "kept", true, problem) ||
	    check_stats(metric, name, "all", true, problem) ||
	    check_parts(metric, name, problem) ||
	    check_largest(metric, name, problem))
		return -EINVAL;
	/* a failed cell may have failed because of its ledger */
	return ok ? check_ledger(metric, name, problem) : 0;
}

/*
 * What only some cells have. Of a sweep's own cells the host is at hand, which
 * can prove them: none of them is unproven.
 */
static int check_proven(const json_t *cell, struct problem *problem)
{
	const json_t *proven = json_object_get(cell, "proven");
	const json_t *unproven = json_object_get(cell, "unproven");
	const json_t *imported = json_object_get(cell, "imported");

	if (proven && !json_is_boolean(proven))
		return problem_set(problem, "proven has the wrong type");
	if (imported && (!json_is_string(imported) ||
			 !machine_name_ok(json_string_value(imported))))
		return problem_set(problem, "imported is not a name");
	if (unproven && !json_string_length(unproven))
		return problem_set(problem, "unproven is not a reason");
	if (json_is_false(proven) != !!unproven)
		return problem_set(problem, "proven and unproven contradict each other");
	if (unproven && !imported)
		return problem_set(problem, "unproven, but not imported");
	return 0;
}

/**
 * cell_validate - does an object obey the schema of a cell?
 * @cell: the object
 * @problem: receives the first thing that does not
 *
 * Return: 0 or -EINVAL.
 */
int cell_validate(const json_t *cell, struct problem *problem)
{
	const char *status, *name;
	json_t *metrics, *metric, *tasks;

	if (!json_is_object(cell))
		return problem_set(problem, "not a JSON object");
	if (check_wants(cell, "", cell_wants, problem) ||
	    check_wants(json_object_get(cell, "workload"), "workload.",
			workload_wants, problem) ||
	    settings_validate(cell, problem) || check_proven(cell, problem))
		return -EINVAL;
	tasks = json_object_get(cell, "tasks");
	if (json_is_object(tasks) &&
	    check_wants(tasks, "tasks.", tasks_wants, problem))
		return -EINVAL;
	status = json_string_value(json_object_get(cell, "status"));
	metrics = json_object_get(cell, "metrics");
	if (strcmp(status, "ok") &&
	    !json_string_length(json_object_get(cell, "reason")))
		return problem_set(problem, "status %s without a reason", status);
	if (!strcmp(status, "ok") && !json_object_size(metrics))
		return problem_set(problem, "status ok without metrics");
	json_object_foreach(metrics, name, metric)
		if (check_metric(name, metric, !strcmp(status, "ok"), problem))
			return -EINVAL;
	return 0;
}

/**
 * summary_validate - does an object obey the schema of summary.json?
 * @summary: the object
 * @problem: receives the first thing that does not
 *
 * Return: 0 or -EINVAL.
 */
int summary_validate(const json_t *summary, struct problem *problem)
{
	const char *schema = json_string_value(json_object_get(summary, "schema"));
	const json_t *cells = json_object_get(summary, "cells");
	size_t i;

	if (!schema || strcmp(schema, RTLAT_SCHEMA))
		return problem_set(problem, "schema is %s, not " RTLAT_SCHEMA,
				   schema ? schema : "missing");
	if (!json_is_array(cells))
		return problem_set(problem, "cells is not an array");
	for (i = 0; i < json_array_size(cells); i++) {
		struct problem one = { "" };

		if (cell_validate(json_array_get(cells, i), &one))
			return problem_set(problem, "cells[%zu]: %s", i, one.text);
	}
	return 0;
}
