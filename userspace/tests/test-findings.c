// SPDX-License-Identifier: GPL-2.0
/* Findings, of made-up sweeps whose answer is known. */

#include "test.h"

#include <math.h>

#include "made-sweep.h"
#include "proof/platform.h"

#define TINY	0.000000001
#define SMALL	0.00001

static void drop(char *dir)
{
	remove_tree(dir);
	free(dir);
}

/* The findings of made-up results, and the exit status they gave. */
static json_t *verdicts(const struct made *made, int *status)
{
	char *results = made_sweep(made);
	struct output output;
	json_t *all, *list;

	run_rtlat(&output, "findings --json %s 2>/dev/null", results);
	*status = output.status;
	all = json_loads(output.text, 0, NULL);
	assert_non_null(all);
	assert_int_equal(json_array_size(all), 1);
	list = json_incref(json_object_get(json_array_get(all, 0), "findings"));
	json_decref(all);
	free(output.text);
	drop(results);
	return list;
}

static void assert_verdict(const json_t *list, size_t i, const char *id,
			   const char *verdict)
{
	assert_string_equal(json_text_of(json_array_get(list, i), "id"), id);
	assert_string_equal(json_text_of(json_array_get(list, i), "verdict"),
			    verdict);
}

static const json_t *figure(const json_t *list, size_t finding, size_t row)
{
	return json_array_get(json_object_get(json_array_get(list, finding),
					      "figures"), row);
}

static double number(const json_t *row, const char *key)
{
	assert_true(json_is_number(json_object_get(row, key)));
	return json_number_value(json_object_get(row, key));
}

static void all_hold(void **state)
{
	const json_t *row;
	json_t *list;
	int status;

	(void)state;
	list = verdicts(&made_as_found, &status);
	assert_int_equal(status, 0);
	assert_verdict(list, 0, "sched_overhead_flat", "holds");
	assert_verdict(list, 1, "averages_comparable", "holds");
	assert_verdict(list, 2, "event_latency_higher", "holds");
	assert_verdict(list, 3, "outliers_interrupted", "holds");
	row = figure(list, 0, 0);
	assert_int_equal(number(row, "points"), 6);
	assert_true(fabs(number(row, "mean_ns") - 800) < 0.01);
	assert_true(fabs(number(row, "slope_ns_per_task")) < 0.001);
	/* sched_overhead off and on, then cxs_overhead: 510 over 500 */
	row = figure(list, 1, 2);
	assert_string_equal(json_text_of(row, "metric"), "cxs_overhead");
	assert_true(fabs(number(row, "ratio") - 1.02) < 0.0001);
	assert_true(number(row, "ci95_lo") <= 1.02 &&
		    number(row, "ci95_hi") >= 1.02);
	assert_true(number(row, "ci95_hi") - number(row, "ci95_lo") < 0.01);
	/* mean off and on, then point by point: 6 without load and 2 with it */
	assert_true(fabs(number(figure(list, 2, 0), "ratio") - 20) < 0.01);
	assert_int_equal(number(figure(list, 2, 2), "points"), 8);
	assert_int_equal(number(figure(list, 2, 2), "points_that_agree"), 8);
	/* 3 of the ten largest of each of 10 cells, 30 of 10 * 300 in all */
	row = figure(list, 3, 0);
	assert_int_equal(number(row, "largest"), 100);
	assert_int_equal(number(row, "interrupted"), 30);
	assert_true(fabs(number(row, "percent") - 30) < TINY);
	assert_true(fabs(number(row, "all_percent") - 1) < TINY);
	json_decref(list);
}

/* What grows is the part of the dearer kind: each kind by itself does not. */
static void a_mix_is_no_slope_of_a_kind(void **state)
{
	static const char *const kinds[] = { "any", "runnable", "blocked" };
	struct made made = made_as_found;
	const json_t *row;
	json_t *list;
	size_t i;
	int status;

	(void)state;
	made.mix = 20;
	list = verdicts(&made, &status);
	assert_int_equal(status, 2);
	assert_verdict(list, 0, "sched_overhead_flat", "does not hold");
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		row = figure(list, 0, i);
		assert_string_equal(json_text_of(row, "platform"), "native");
		assert_string_equal(json_text_of(row, "switches_from"), kinds[i]);
		/* of 300 samples 20 more by task are 750 ns longer */
		assert_true(fabs(number(row, "slope_ns_per_task") -
				 (i ? 0 : 20.0 * MADE_BLOCKED / MADE_SAMPLES)) < 0.01);
		assert_true(number(row, "mean_ns") > 799);
	}
	assert_true(fabs(number(figure(list, 0, 2), "mean_ns") - 1550) < 0.01);
	assert_string_equal(json_text_of(figure(list, 0, 3), "platform"), "kvm");
	json_decref(list);
}

static void a_slope_is_found(void **state)
{
	struct made made = made_as_found;
	json_t *list;
	int status;

	(void)state;
	made.slope = 0.02;
	list = verdicts(&made, &status);
	assert_int_equal(status, 2);
	assert_verdict(list, 0, "sched_overhead_flat", "does not hold");
	assert_true(fabs(number(figure(list, 0, 1), "slope_ns_per_task") - 16) < 0.1);
	assert_true(number(figure(list, 0, 1), "ci95_lo") > 15);
	json_decref(list);
	/* it is there, and too small to matter: 0.1 % by task, 9 tasks */
	made.slope = 0.001;
	list = verdicts(&made, &status);
	assert_int_equal(status, 0);
	assert_verdict(list, 0, "sched_overhead_flat", "holds");
	assert_true(number(figure(list, 0, 0), "ci95_lo") > 0);
	assert_true(fabs(number(figure(list, 0, 0), "growth_percent") - 0.9) < 0.05);
	json_decref(list);
	made.slope = -0.02;
	list = verdicts(&made, &status);
	assert_verdict(list, 0, "sched_overhead_flat", "holds");
	assert_true(number(figure(list, 0, 0), "ci95_hi") < 0);
	json_decref(list);
}

/* Means of 800, 840, 800 at 1, 5, 10 tasks, twice: the textbook's line. */
static void the_slopes_interval_is_the_textbooks(void **state)
{
	static const double x[] = { 1, 5, 10 }, y[] = { 800, 840, 800 };
	const double mean_x = 16 / 3.0, mean_y = 2440 / 3.0;
	const double t_of_4 = 2.776445;
	double sxx = 0, sxy = 0, rest = 0, slope, half;
	struct made made = made_as_found;
	const json_t *row;
	json_t *list;
	int status, i;

	(void)state;
	made.bump = 40;
	list = verdicts(&made, &status);
	row = figure(list, 0, 0);
	for (i = 0; i < 3; i++) {
		sxx += 2 * (x[i] - mean_x) * (x[i] - mean_x);
		sxy += 2 * (x[i] - mean_x) * (y[i] - mean_y);
	}
	slope = sxy / sxx;
	for (i = 0; i < 3; i++) {
		double error = y[i] - mean_y - slope * (x[i] - mean_x);

		rest += 2 * error * error;
	}
	half = t_of_4 * sqrt(rest / 4 / sxx);
	assert_true(fabs(number(row, "slope_ns_per_task") - slope) < SMALL);
	assert_true(fabs(number(row, "ci95_lo") - (slope - half)) < SMALL);
	assert_true(fabs(number(row, "ci95_hi") - (slope + half)) < SMALL);
	assert_true(fabs(number(row, "growth_percent") -
			 100 * slope * 9 / mean_y) < SMALL);
	assert_int_equal(status, 0);
	json_decref(list);
}

static void what_does_not_hold_is_said(void **state)
{
	struct made made = made_as_found;
	json_t *list;
	int status;

	(void)state;
	made.cxs = 1.3;
	list = verdicts(&made, &status);
	assert_int_equal(status, 2);
	assert_verdict(list, 1, "averages_comparable", "does not hold");
	json_decref(list);
	made = made_as_found;
	made.event = 1;
	list = verdicts(&made, &status);
	assert_int_equal(status, 2);
	assert_verdict(list, 2, "event_latency_higher", "does not hold");
	assert_int_equal(number(figure(list, 2, 2), "points_that_agree"), 0);
	json_decref(list);
	made = made_as_found;
	made.interrupted[RTLAT_SCHED_OVERHEAD] = 2;
	list = verdicts(&made, &status);
	assert_int_equal(status, 2);
	assert_verdict(list, 3, "outliers_interrupted", "does not hold");
	json_decref(list);
}

static void what_is_not_to_be_said_is_said(void **state)
{
	struct made made = made_as_found;
	struct output output;
	char *results;
	json_t *list;
	int status;

	(void)state;
	made.interrupted[RTLAT_CXS_OVERHEAD] = 0;
	list = verdicts(&made, &status);
	assert_int_equal(status, 0);
	assert_verdict(list, 3, "outliers_interrupted", "not to be said");
	json_decref(list);
	made = made_as_found;
	made.only = "native";
	list = verdicts(&made, &status);
	assert_int_equal(status, 0);
	assert_verdict(list, 0, "sched_overhead_flat", "holds");
	assert_verdict(list, 1, "averages_comparable", "not to be said");
	assert_verdict(list, 2, "event_latency_higher", "not to be said");
	json_decref(list);
	made = made_as_found;
	made.clock = "none";
	results = made_sweep(&made);
	run_rtlat(&output, "findings %s", results);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "the times mean nothing"));
	assert_non_null(strstr(output.text, "0 hold, 0 do not hold, 4 not to be said"));
	free(output.text);
	drop(results);
}

static void text_has_limits_and_figures(void **state)
{
	char *results = made_sweep(&made_as_found);
	struct output output;

	(void)state;
	run_rtlat(&output, "findings %s", results);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "growth below 5.0 % of the mean"));
	assert_non_null(strstr(output.text, "within 0.8 to 1.25"));
	assert_non_null(strstr(output.text, "does not grow with tasks per processor: holds"));
	assert_non_null(strstr(output.text, "1000 = 1 µs emulated"));
	assert_non_null(strstr(output.text, "4 hold, 0 do not hold, 0 not to be said"));
	free(output.text);
	drop(results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_hold),
		cmocka_unit_test(a_mix_is_no_slope_of_a_kind),
		cmocka_unit_test(a_slope_is_found),
		cmocka_unit_test(the_slopes_interval_is_the_textbooks),
		cmocka_unit_test(what_does_not_hold_is_said),
		cmocka_unit_test(what_is_not_to_be_said_is_said),
		cmocka_unit_test(text_has_limits_and_figures),
	};

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
