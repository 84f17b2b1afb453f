// SPDX-License-Identifier: GPL-2.0
/* Do a metric's statistics, ledger and largest samples obey the schema? Pure. */

#include "results/validate.h"
#include "stats/figures.h"
#include "trace/sample.h"

/* What no time in ns and no count reaches: 64 bits hold 2e19. */
#define MOST		1e20
/* Real numbers are written with 15 digits. */
#define ROUNDING	0.000000000001

static const char *const stat_keys[] = {
	"min", "mean", "stddev", "p50", "p90", "p99", "p999", "max",
};

static const char *const ci_keys[] = { "ci95_mean", "ci95_p99" };

/* Two numbers, the lower first; null when there are no samples. */
static bool good_ci(const json_t *ci, bool any)
{
	const json_t *lo = json_array_get(ci, 0), *hi = json_array_get(ci, 1);

	if (!any)
		return json_is_null(ci);
	/* of the mean of small samples it may begin below 0 */
	return json_array_size(ci) == 2 && json_is_number(lo) &&
	       json_is_number(hi) && json_number_value(lo) >= -MOST &&
	       json_number_value(hi) <= MOST &&
	       json_number_value(lo) <= json_number_value(hi);
}

/* Written down as a number, and one that can be counted to. */
static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

/**
 * is_measure - is a number one that can be counted or measured?
 * @value: a number
 *
 * Return: true when it is not below 0, and not absurd.
 */
bool is_measure(const json_t *value)
{
	const double number = json_number_value(value);

	return number >= 0 && number <= MOST;
}

/*
 * The percentiles are upper bounds of buckets, but never above the exact maximum,
 * and a bucket that has samples does not end below the exact minimum. Means are
 * rounded when they are written.
 */
static int check_order(const json_t *stats, const char *name, const char *over,
		       struct problem *problem)
{
	static const char *const rising[] = {
		"min", "p50", "p90", "p99", "p999", "max",
	};
	const double min = json_number_value(json_object_get(stats, "min"));
	const double max = json_number_value(json_object_get(stats, "max"));
	const double mean = json_number_value(json_object_get(stats, "mean"));
	const double stddev = json_number_value(json_object_get(stats, "stddev"));
	const double slack = ROUNDING * (max + 1);
	double before = min;
	size_t i;

	for (i = 1; i < ARRAY_SIZE(rising); i++) {
		double now = json_number_value(json_object_get(stats, rising[i]));

		if (now < before)
			return problem_set(problem,
					   "metrics.%s.%s.%s is below %s: %.15g and %.15g",
					   name, over, rising[i], rising[i - 1],
					   now, before);
		before = now;
	}
	if (mean < min - slack || mean > max + slack)
		return problem_set(problem,
				   "metrics.%s.%s.mean is not from min to max: %.15g", name,
				   over, mean);
	if (stddev > max - min + slack)
		return problem_set(problem,
				   "metrics.%s.%s.stddev is above max - min: %.15g", name,
				   over, stddev);
	return 0;
}

static int check_stats(const json_t *metric, const char *name, const char *over,
		       bool ok, struct problem *problem)
{
	const json_t *stats = json_object_get(metric, over);
	const json_t *n = json_object_get(stats, "n");
	size_t i;

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
		if (json_is_number(value) && !is_measure(value))
			return problem_set(problem,
				"metrics.%s.%s.%s is below 0 or too large", name,
				over, stat_keys[i]);
	}
	for (i = 0; i < ARRAY_SIZE(ci_keys); i++)
		if (!good_ci(json_object_get(stats, ci_keys[i]),
			     json_integer_value(n)))
			return problem_set(problem,
				"metrics.%s.%s.%s: two numbers, the lower first, when there are samples, null when there are none",
				name, over, ci_keys[i]);
	return ok && json_integer_value(n) ?
	       check_order(stats, name, over, problem) : 0;
}

static bool is_flag(const json_t *value)
{
	const char *text = json_string_value(value);
	size_t i;

	for (i = 0; text && i < NR_FLAGS; i++)
		if (!strcmp(text, flag_names[i].name))
			return true;
	return false;
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
		const json_t *sample = json_array_get(list, i), *flags;

		for (j = 0; j < ARRAY_SIZE(numbers); j++)
			if (!is_count(json_object_get(sample, numbers[j])))
				return problem_set(problem,
					"metrics.%s.largest[%zu].%s is not a count",
					name, i, numbers[j]);
		flags = json_object_get(sample, "flags");
		if (!json_is_array(flags))
			return problem_set(problem,
					   "metrics.%s.largest[%zu].flags is not a list",
					   name, i);
		for (j = 0; j < json_array_size(flags); j++)
			if (!is_flag(json_array_get(flags, j)))
				return problem_set(problem,
					"metrics.%s.largest[%zu].flags[%zu] is not a flag",
					name, i, j);
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

static int check_parts(const json_t *metric, const char *name, bool ok,
		       struct problem *problem)
{
	const struct metric_part *part =
		metric_parts((unsigned int)metric_by_name(name));
	unsigned int i;

	for (i = 0; part && i < METRIC_PARTS; i++)
		if (check_stats(metric, name, part[i].name, ok, problem))
			return -EINVAL;
	return 0;
}

/**
 * metric_validate - does an object obey the schema of a metric?
 * @name: the metric's name
 * @metric: the object
 * @ok: its cell is ok: a failed one may have failed because of its figures
 * @problem: receives the first thing that does not
 *
 * Return: 0 or -EINVAL.
 */
int metric_validate(const char *name, const json_t *metric, bool ok,
		    struct problem *problem)
{
	const char *unit = json_string_value(json_object_get(metric, "unit"));
	const json_t *own;

	if (metric_by_name(name) < 0)
		return problem_set(problem, "metrics.%s is not a metric", name);
	if (!unit || strcmp(unit, "ns"))
		return problem_set(problem, "metrics.%s.unit is not ns", name);
	own = json_object_get(metric, "own_cost_ns");
	if (own && (!(json_number_value(own) > 0) || !is_measure(own)))
		return problem_set(problem,
				   "metrics.%s.own_cost_ns is not a number above 0",
				   name);
	if (check_stats(metric, name, "kept", ok, problem) ||
	    check_stats(metric, name, "all", ok, problem) ||
	    check_parts(metric, name, ok, problem) ||
	    check_largest(metric, name, problem))
		return -EINVAL;
	return ok ? check_ledger(metric, name, problem) : 0;
}
