// SPDX-License-Identifier: GPL-2.0
/* What is a cell, and what is none. */

#include "test.h"

#include "results/cell.h"
#include "results/results.h"
#include "results/validate.h"
#include "rtlat.h"

#define SAMPLE(cpu, task, nested, flags) \
	"[{\"duration_ns\": 9, \"start_ns\": 9, \"job\": 9, \"cpu\": " cpu \
	", \"task\": " task ", \"nested\": " nested ", \"flags\": " flags "}]"

static void golden_cells_are_valid(void **state)
{
	static const char *const names[] = { "timer", "queued", "ipi",
					     "taskset" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = xasprintf("%s/%s/summary.json", golden_dir(), names[i]);
		struct problem problem = { "" };
		json_t *cell = json_read(path, &problem);

		assert_int_equal(cell_validate(cell, &problem), 0);
		json_decref(cell);
		free(path);
	}
}

static json_t *at(json_t *object, const char *const *path)
{
	for (; *path; path++)
		object = json_object_get(object, *path);
	return object;
}

/* What is wrong with a golden cell when a key is another value, or not there. */
static void bad_values(void **state)
{
	static const struct {
		const char *path[4], *key, *value, *says;
	} cases[] = {
		{ { "metrics", "wake_gap", "kept" }, "p90", NULL,
		  "metrics.wake_gap.kept.p90 is missing" },
		{ { "metrics", "wake_gap", "all" }, "ci95_mean", NULL,
		  "metrics.wake_gap.all.ci95_mean: two numbers" },
		{ { "metrics", "wake_gap", "queued" }, "ci95_p99", "[2, 1]",
		  "metrics.wake_gap.queued.ci95_p99: two numbers" },
		{ { "metrics", "start_gap", "kept" }, "ci95_p99", "[1]",
		  "metrics.start_gap.kept.ci95_p99: two numbers" },
		{ { "metrics", "start_gap" }, "largest", NULL,
		  "metrics.start_gap.largest is not a list" },
		{ { "metrics", "start_gap" }, "largest", "[{\"duration_ns\": \"x\"}]",
		  "metrics.start_gap.largest[0].duration_ns is not a count" },
		{ { "metrics", "start_gap" }, "largest", SAMPLE("-1", "3", "0", "[]"),
		  "metrics.start_gap.largest[0].cpu is not a count" },
		{ { "metrics", "start_gap" }, "largest", SAMPLE("0", "-3", "0", "[]"),
		  "metrics.start_gap.largest[0].task is not a count" },
		{ { "metrics", "start_gap" }, "largest", SAMPLE("0", "3", "-1", "[]"),
		  "metrics.start_gap.largest[0].nested is not a count" },
		{ { "metrics", "start_gap" }, "largest", SAMPLE("0", "3", "0", "{}"),
		  "metrics.start_gap.largest[0].flags is not a list" },
		{ { "metrics", "start_gap" }, "largest", SAMPLE("0", "3", "0", "[\"nmi\", 7]"),
		  "metrics.start_gap.largest[0].flags[1] is not a flag" },
		{ { "metrics", "start_gap" }, "largest", SAMPLE("0", "3", "0", "[\"bla\"]"),
		  "metrics.start_gap.largest[0].flags[0] is not a flag" },
		/* statistics that no samples have */
		{ { "metrics", "start_gap", "kept" }, "p50", "-1",
		  "metrics.start_gap.kept.p50 is below 0 or too large" },
		{ { "metrics", "start_gap", "all" }, "max", "1e308",
		  "metrics.start_gap.all.max is below 0 or too large" },
		{ { "metrics", "start_gap", "kept" }, "stddev", "-0.1",
		  "metrics.start_gap.kept.stddev is below 0 or too large" },
		{ { "metrics", "start_gap", "kept" }, "stddev", "1e9",
		  "metrics.start_gap.kept.stddev is above max - min" },
		{ { "metrics", "start_gap", "kept" }, "ci95_p99", "[1, 1e308]",
		  "metrics.start_gap.kept.ci95_p99: two numbers" },
		{ { "metrics", "start_gap", "kept" }, "min", "1000000000",
		  "metrics.start_gap.kept.p50 is below min: " },
		{ { "metrics", "wake_gap", "queued" }, "p50", "1000000000",
		  "metrics.wake_gap.queued.p90 is below p50: " },
		{ { "metrics", "start_gap", "kept" }, "max", "1",
		  "metrics.start_gap.kept.max is below p999: " },
		{ { "metrics", "start_gap", "kept" }, "mean", "1e9",
		  "metrics.start_gap.kept.mean is not from min to max: 1000000000" },
		{ { "metrics", "start_gap" }, "largest", "[1,2,3,4,5,6,7,8,9,0,1]",
		  "metrics.start_gap.largest is not a list of at most 10" },
		{ { NULL }, "tasks", NULL, "tasks is missing" },
		{ { NULL }, "tasks", "7", "tasks has the wrong type" },
		{ { "tasks" }, "missed", NULL, "tasks.missed is missing" },
		{ { "workload" }, "seed", "\"x\"", "workload.seed has the wrong type" },
		{ { "workload" }, "seed", "-1", "workload.seed is below 0 or too large" },
		{ { "workload" }, "vcpus", "1e99", "workload.vcpus is below 0 or too large" },
		{ { NULL }, "stamp_cost_ns", "-1", "stamp_cost_ns is below 0 or too large" },
		{ { NULL }, "instructions_per_us", "-7",
		  "instructions_per_us is below 0 or too large" },
		{ { NULL }, "instructions_per_us", "0",
		  "instructions_per_us is not a number in the range 1..1000000" },
		{ { NULL }, "clock", "\"hardware\"",
		  "instructions_per_us: only with clock instructions, not with hardware" },
		{ { NULL }, "clock", "\"foo\"", "clock: foo is not known" },
		{ { NULL }, "params", "[]", "params has the wrong type" },
		{ { "params" }, "count", "[1]", "params.count has the wrong type" },
		{ { "params" }, "count", "1.5", "params.count has the wrong type" },
		/* what becomes part of a path */
		{ { NULL }, "id", "\"../x\"", "id: ../x does not name a cell's folder" },
		{ { NULL }, "id", "\"..\"", "id: .. does not name a cell's folder" },
		{ { NULL }, "id", "\"\"", "id:  does not name a cell's folder" },
		{ { NULL }, "kernel_flavour", "\"6.1/../../../EVIL\"",
		  "kernel_flavour: 6.1/../../../EVIL cannot be part of a folder's name" },
		{ { NULL }, "kernel_flavour", "\"\"", "kernel_flavour:  cannot be part" },
		{ { NULL }, "kernel_flavour", "\".\"", "kernel_flavour: . cannot be part" },
		{ { "workload" }, "policy", "\"a/b\"", "workload.policy: a/b cannot be part" },
		{ { "params" }, "period_us", "\"1/2\"", "params.period_us: 1/2 cannot be part" },
		/* what would break a line or steer a terminal */
		{ { NULL }, "platform", "\"a\\nb\"", "platform: a control character in it" },
		{ { NULL }, "id", "\"a\\u001bb\"", "id: a control character in it" },
		{ { NULL }, "reason", "\"a\\u007fb\"", "reason: a control character in it" },
		{ { NULL }, "kernel_flavour", "\"6.1\\u009b\"",
		  "kernel_flavour: a control character in it" },
		{ { "params" }, "arm", "\"a\\tb\"", "params.arm: a control character in it" },
		{ { "metrics", "start_gap" }, "largest", SAMPLE("0", "3", "0", "[\"\\u0007\"]"),
		  "metrics.start_gap.largest[0].flags[0]: a control character in it" },
		{ { NULL }, "proof", "{\"a\\u001b\": 1}", "proof.a?: a control character in it" },
		{ { "metrics", "start_gap", "ledger" }, "skipped", "-1",
		  "metrics.start_gap.ledger.skipped is not a count" },
		{ { "metrics", "start_gap", "ledger" }, "skipped", "9223372036854775807",
		  "metrics.start_gap: the ledger does not close: its lines sum to more" },
	};
	char *path = golden_path("queued/summary.json");
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		json_t *cell = json_read(path, &problem);
		json_t *object = at(cell, cases[i].path);

		assert_non_null(json_object_get(object, cases[i].key));
		if (cases[i].value)
			json_object_set_new(object, cases[i].key,
					    json_loads(cases[i].value,
						       JSON_DECODE_ANY, NULL));
		else
			json_object_del(object, cases[i].key);
		assert_int_equal(cell_validate(cell, &problem), -EINVAL);
		if (!strstr(problem.text, cases[i].says))
			fail_msg("%s: not in: %s", cases[i].says, problem.text);
		json_decref(cell);
	}
	free(path);
}

/* What is the machine's own text is only copied; lists of CPUs have slashes. */
static void values_that_may_be(void **state)
{
	static const struct {
		const char *path[4], *key, *value;
	} cases[] = {
		{ { "environment" }, "cmdline", "\"a\\tb\"" },
		{ { "params" }, "cpus", "\"0-31:1/2\"" },
		{ { "metrics", "start_gap", "kept" }, "ci95_mean", "[-0.5, 1]" },
		{ { NULL }, "kernel_flavour", "\"..6\"" },
	};
	char *path = golden_path("queued/summary.json");
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		json_t *cell = json_read(path, &problem);

		json_object_set_new(at(cell, cases[i].path), cases[i].key,
				    json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
		cell_validate(cell, &problem);
		assert_string_equal(problem.text, "");
		json_decref(cell);
	}
	free(path);
}

/* A histogram's own statistics are always in order, wherever its samples lie. */
static void statistics_of_any_samples(void **state)
{
	static const u64 ends[] = {
		1, 63, 64, 127, 128, 1000, 1ULL << 32, (1ULL << 40) + 7, 1ULL << 53, 1ULL << 60,
	};
	struct figures *figures = xcalloc(1, sizeof(*figures));
	struct outliers *outliers = xcalloc(1, sizeof(*outliers));
	u64 random = 2013;
	unsigned int i, j, nr;

	(void)state;
	for (i = 0; i < 1000; i++) {
		struct rtlat_hist *hist = figures->hist[RTLAT_START_GAP];
		const u64 end = ends[i % ARRAY_SIZE(ends)];
		struct problem problem = { "" };
		json_t *metrics, *metric;

		memset(figures, 0, sizeof(*figures));
		nr = 1 + (unsigned int)(random_u64(&random) % 7);
		for (j = 0; j < nr; j++)
			rtlat_hist_add(hist, end + random_u64(&random) % (end >> i % 9 | 1),
				       0, 0, 0, 0);
		figures->ledger[RTLAT_START_GAP].applies = true;
		figures->ledger[RTLAT_START_GAP].attempted = nr;
		figures->ledger[RTLAT_START_GAP].line[RTLAT_L_KEPT] = nr;
		metrics = metrics_json(figures, outliers, NULL);
		metric = json_object_get(metrics, "start_gap");
		metric_validate("start_gap", metric, true, &problem);
		assert_string_equal(problem.text, "");
		json_decref(metrics);
	}
	free(outliers);
	free(figures);
}

static void summaries_name_the_cell(void **state)
{
	char *path = golden_path("queued/summary.json");
	struct problem problem = { "" };
	json_t *cell = json_read(path, &problem);
	json_t *summary = json_pack("{s:s, s:[]}", "schema", RTLAT_SCHEMA, "cells");
	json_t *cells = json_object_get(summary, "cells");
	json_t *stats;
	char *says;

	(void)state;
	assert_int_equal(summary_validate(summary, &problem), -EINVAL);
	assert_string_equal(problem.text, "cells is empty");
	problem.text[0] = 0;
	json_array_append(cells, cell);
	assert_int_equal(summary_validate(summary, &problem), 0);
	json_array_append(cells, cell);
	assert_int_equal(summary_validate(summary, &problem), -EINVAL);
	says = xasprintf("cells[1], %s: a second cell of this id",
			 json_string_value(json_object_get(cell, "id")));
	assert_string_equal(problem.text, says);
	free(says);
	problem.text[0] = 0;
	stats = json_object_get(json_object_get(json_object_get(cell, "metrics"),
						"start_gap"), "kept");
	json_object_set_new(stats, "p99", json_integer(-1));
	assert_int_equal(summary_validate(summary, &problem), -EINVAL);
	says = xasprintf("cells[0], %s: metrics.start_gap.kept.p99 is below 0 or too large",
			 json_string_value(json_object_get(cell, "id")));
	assert_string_equal(problem.text, says);
	free(says);
	json_decref(summary);
	json_decref(cell);
	free(path);
}

/* What shows a cell says of a bad one: a line that names file and place. */
static void bad_cells_are_not_shown(void **state)
{
	static const struct {
		const char *key, *value, *says;
	} cases[] = {
		{ "instructions_per_us", "-7", "instructions_per_us is below 0 or too large" },
		{ "clock", "\"foo\"", "clock: foo is not known" },
		{ "reason", "\"a\\u001b[2J\"", "reason: a control character in it" },
	};
	static const char *const commands[] = { "show", "report" };
	char *path = golden_path("queued/summary.json"), *dir = temp_dir(), *says;
	struct problem problem = { "" };
	size_t i, c;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *cell = json_read(path, &problem);
		char *text;

		json_object_set_new(cell, cases[i].key,
				    json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
		text = json_text(cell);
		write_file(dir, "summary.json", text, strlen(text));
		says = xasprintf("rtlat: %s/summary.json: %s\n", dir, cases[i].says);
		for (c = 0; c < ARRAY_SIZE(commands); c++) {
			struct output output;

			run_rtlat(&output, "%s %s", commands[c], dir);
			assert_int_equal(output.status, 1);
			assert_string_equal(output.text, says);
			free(output.text);
		}
		free(says);
		free(text);
		json_decref(cell);
	}
	remove_tree(dir);
	free(dir);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_cells_are_valid),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(values_that_may_be),
		cmocka_unit_test(statistics_of_any_samples),
		cmocka_unit_test(summaries_name_the_cell),
		cmocka_unit_test(bad_cells_are_not_shown),
	};

	return cmocka_run_group_tests_name("validate", tests, NULL, NULL);
}
