// SPDX-License-Identifier: GPL-2.0
/* Do posted interrupts give back what virtualisation costs? */

#include "test.h"

#include <stdio.h>

#include "compare/compare.h"

/**
 * struct made - a column in the making
 * @platform: its platform
 * @with: its settings, a blank before
 * @status: ok, skip or fail
 * @event_ns: mean of event_latency; 0: none
 * @entries: VM entries for an interrupt; below 0: not known
 */
struct made {
	const char *platform, *with, *status;
	double event_ns, entries;
};

static json_t *make(const struct made *made, size_t nr)
{
	json_t *columns = json_array();
	size_t i;

	for (i = 0; i < nr; i++) {
		char *name = xasprintf("%s%s", made[i].platform, made[i].with);
		json_t *column = json_pack("{s:s, s:s, s:s, s:[]}", "name", name,
					   "platform", made[i].platform,
					   "status", made[i].status, "metrics");

		if (made[i].event_ns > 0)
			json_array_append_new(json_object_get(column, "metrics"),
					      json_pack("{s:s, s:f}", "metric",
							"event_latency", "mean",
							made[i].event_ns));
		json_object_set_new(column, "entries_per_interrupt",
				    made[i].entries >= 0 ?
				    json_real(made[i].entries) : json_null());
		json_array_append_new(columns, column);
		free(name);
	}
	return columns;
}

static void is_row(const json_t *rows, size_t i, const char *what,
		   const char *with, double ratio, double given_back)
{
	const json_t *row = json_array_get(rows, i);
	const json_t *back = json_object_get(row, "given_back");

	assert_string_equal(json_string_value(json_object_get(row, "what")), what);
	assert_string_equal(json_string_value(json_object_get(row, "with")), with);
	assert_float_equal(json_number_value(json_object_get(row, "ratio")), ratio,
			   0.001);
	if (given_back < -1)
		assert_true(json_is_null(back));
	else
		assert_float_equal(json_number_value(back), given_back, 0.001);
}

/* Each beside the control of its own settings, whatever their order. */
static void pairs(void **state)
{
	static const struct made made[] = {
		{ "native", "", "ok", 100, -1 },
		{ "kvm", "", "ok", 500, 2 },
		{ "kvm", " timer=posted", "ok", 600, 2 },
		{ "kvm", " halt_poll_ns=0", "ok", 900, 2 },
		{ "kvm-pi", " timer=posted", "ok", 200, 0.02 },
		{ "kvm-pi", "", "ok", 510, 1 },
		{ "kvm-pi", " cpu_pm=on", "ok", 510, 1 },
	};
	json_t *columns = make(made, ARRAY_SIZE(made));
	json_t *rows = compare_posted(columns);

	(void)state;
	assert_int_equal(json_array_size(rows), 4);
	is_row(rows, 0, "event_latency", "timer=posted", 200.0 / 600, 0.8);
	is_row(rows, 1, COMPARE_ENTRIES, "timer=posted", 0.01, -2);
	is_row(rows, 2, "event_latency", "", 1.02, -0.025);
	is_row(rows, 3, COMPARE_ENTRIES, "", 0.5, -2);
	json_decref(rows);
	/* not beside that of another machine */
	json_object_set_new(json_array_get(columns, 5), "imported",
			    json_string("vm"));
	rows = compare_posted(columns);
	assert_int_equal(json_array_size(rows), 2);
	json_decref(rows);
	json_decref(columns);
}

/* What is not measured is not given back. */
static void not_measured(void **state)
{
	static const struct {
		struct made made[3];
		size_t nr;
		double given_back;
	} cases[] = {
		{ { { "native", "", "ok", 100, -1 }, { "kvm", "", "ok", 500, -1 },
		    { "kvm-pi", "", "skip", 0, -1 } }, 0, 0 },
		{ { { "native", "", "ok", 100, -1 }, { "kvm", "", "fail", 0, -1 },
		    { "kvm-pi", "", "ok", 500, -1 } }, 0, 0 },
		{ { { "native", "", "skip", 0, -1 }, { "kvm", "", "ok", 500, -1 },
		    { "kvm-pi", "", "ok", 250, -1 } }, 1, -2 },
		{ { { "native", "", "ok", 500, -1 }, { "kvm", "", "ok", 500, -1 },
		    { "kvm-pi", "", "ok", 250, -1 } }, 1, -2 },
		{ { { "native", "", "ok", 250, -1 }, { "kvm", "", "ok", 500, -1 },
		    { "kvm-pi", "", "ok", 250, -1 } }, 1, 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *columns = make(cases[i].made, ARRAY_SIZE(cases[i].made));
		json_t *rows = compare_posted(columns);

		assert_int_equal(json_array_size(rows), cases[i].nr);
		if (cases[i].nr)
			is_row(rows, 0, "event_latency", "", 0.5,
			       cases[i].given_back);
		json_decref(rows);
		json_decref(columns);
	}
}

static void printed(void **state)
{
	static const struct made made[] = {
		{ "native", "", "ok", 100, -1 },
		{ "kvm", "", "ok", 500, 2 },
		{ "kvm-pi", "", "ok", 200, 0.02 },
	};
	json_t *columns = make(made, ARRAY_SIZE(made));
	json_t *group = json_pack("{s:o}", "posted", compare_posted(columns));
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	assert_non_null(to);
	compare_print_posted(group, NULL, to);
	assert_int_equal(fclose(to), 0);
	assert_non_null(strstr(text, "timer=local   100.0  500.0   200.0   0.40        75 %\n"));
	assert_non_null(strstr(text, "timer=local       -   2.00    0.02   0.01           -\n"));
	free(text);
	json_decref(group);
	json_decref(columns);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs),
		cmocka_unit_test(not_measured),
		cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
