// SPDX-License-Identifier: GPL-2.0
/* A run's texts as its cell: rtlat run over the recorded files of a module. */

#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "results/cell.h"
#include "results/results.h"

#define TASKSET	"--clock instructions --insns-per-us 1000 --set 1 mode=taskset " \
		"distribution=medium-uniform tasks_per_cpu=4 seed=1 period_percent=10 count=20"
#define TIMER	"--clock instructions --insns-per-us 1000 mode=timer cpus=0 count=100"
#define QUEUED	"--clock instructions --insns-per-us 1000 mode=timer count=30 tasks=3 " \
		"period_us=1000,2000,3000 exec_us=100,500,700 arm=callback"
#define IPI	"--clock instructions --insns-per-us 1000 mode=ipi ipi_kind=self count=50"

#define OUTLIER	"cpu=%d metric=wake_gap rank=%d duration_ns=%d start_ns=%d" \
		" task=%d job=%d flags=%u\n"

static const char *const module_files[] = {
	"status", "ledger", "summary", "histograms", "outliers", "tasks",
	"taskset",
};

/* A folder that looks like the idle module's after the run of a golden cell. */
static char *make_module(const char *golden)
{
	char *dir = temp_dir();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(module_files); i++) {
		char *path = xasprintf("%s/%s/%s", golden_dir(), golden,
				       module_files[i]);
		char *text = read_text(path, NULL);

		/* only task sets have taskset */
		write_file(dir, module_files[i], text ? text : "",
			   text ? strlen(text) : 0);
		free(text);
		free(path);
	}
	/* what is written to the module goes nowhere */
	write_file(dir, "params", "", 0);
	write_file(dir, "control", "", 0);
	assert_int_equal(setenv("RTLAT_DEBUGFS_DIR", dir, 1), 0);
	return dir;
}

static void replace(const char *dir, const char *file, const char *old,
		    const char *new)
{
	char *path = xasprintf("%s/%s", dir, file);
	char *text = read_text(path, NULL), *at = strstr(text, old), *after;

	assert_non_null(at);
	after = xasprintf("%.*s%s%s", (int)(at - text), text, new,
			  at + strlen(old));
	write_file(dir, file, after, strlen(after));
	free(after);
	free(text);
	free(path);
}

static json_t *run_module(const char *dir, const char *arguments,
			  struct output *output)
{
	char *path = xasprintf("%s/cell/summary.json", dir);
	struct problem problem = { "" };
	json_t *cell;

	/* as a guest's, for that may be what runs the tests */
	run_rtlat(output, "run --platform kvm --out %s/cell %s", dir, arguments);
	cell = json_read(path, &problem);
	if (cell) {
		cell_validate(cell, &problem);
		assert_string_equal(problem.text, "");
	}
	free(path);
	return cell;
}

static void drop(char *dir)
{
	unsetenv("RTLAT_DEBUGFS_DIR");
	remove_tree(dir);
	free(dir);
}

/* The recorded texts give the recorded results. */
static void golden_cells_come_from_their_texts(void **state)
{
	static const struct {
		const char *name, *arguments;
	} cells[] = {
		{ "timer", TIMER }, { "queued", QUEUED }, { "ipi", IPI },
		{ "taskset", TASKSET },
	};
	static const char *const keys[] = { "params", "tasks", "metrics" };
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cells); i++) {
		char *dir = make_module(cells[i].name);
		char *path = xasprintf("%s/%s/summary.json", golden_dir(),
				       cells[i].name);
		struct problem problem = { "" };
		json_t *golden = json_read(path, &problem);
		struct output output;
		json_t *cell = run_module(dir, cells[i].arguments, &output);

		assert_int_equal(output.status, 0);
		for (k = 0; k < ARRAY_SIZE(keys); k++) {
			const json_t *was = json_object_get(golden, keys[k]);

			assert_non_null(was);
			assert_true(json_equal(was, json_object_get(cell, keys[k])));
		}
		free(output.text);
		json_decref(golden);
		json_decref(cell);
		free(path);
		drop(dir);
	}
}

static const char *text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static json_int_t number_at(const json_t *object, const char *key)
{
	assert_true(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static void workload_of_a_task_set(void **state)
{
	char *dir = make_module("taskset");
	struct output output;
	json_t *cell = run_module(dir, TASKSET, &output);
	const json_t *workload = json_object_get(cell, "workload");
	const json_t *tasks = json_object_get(cell, "tasks");
	char *file = xasprintf("%s/cell/taskset", dir);

	(void)state;
	assert_string_equal(text_at(workload, "distribution"), "medium-uniform");
	assert_string_equal(text_at(workload, "policy"), "fifo");
	assert_string_equal(text_at(workload, "task_kind"), "kthread");
	assert_string_equal(text_at(workload, "arm"), "callback");
	assert_string_equal(text_at(json_object_get(cell, "params"), "arm"),
			    "callback");
	assert_int_equal(number_at(workload, "tasks_per_cpu"), 4);
	assert_int_equal(number_at(workload, "set"), 1);
	assert_int_equal(number_at(workload, "seed"), 1);
	assert_true(json_is_false(json_object_get(workload, "load")));
	assert_int_equal(number_at(tasks, "n"), 4);
	assert_int_equal(number_at(tasks, "released"), 80);
	/* what the file taskset says of its only CPU */
	assert_int_equal(number_at(tasks, "scale_ppm"), 692476);
	/* four times rounding down to whole nanoseconds */
	assert_in_range(number_at(tasks, "utilisation_ppb"), 899999000, 899999998);
	assert_int_equal(access(file, R_OK), 0);
	free(file);
	free(output.text);
	json_decref(cell);
	drop(dir);
}

static void workload_of_others(void **state)
{
	char *dir = make_module("timer");
	struct output output;
	json_t *cell = run_module(dir, TIMER, &output);
	const json_t *workload = json_object_get(cell, "workload");
	char *file = xasprintf("%s/cell/taskset", dir);

	(void)state;
	assert_int_equal(number_at(workload, "tasks_per_cpu"), 1);
	assert_true(json_is_null(json_object_get(workload, "seed")));
	assert_true(json_is_null(json_object_get(workload, "distribution")));
	assert_int_not_equal(access(file, F_OK), 0);
	free(file);
	free(output.text);
	json_decref(cell);
	drop(dir);

	dir = make_module("ipi");
	cell = run_module(dir, IPI, &output);
	workload = json_object_get(cell, "workload");
	assert_true(json_is_null(json_object_get(workload, "tasks_per_cpu")));
	assert_true(json_is_null(json_object_get(cell, "tasks")));
	free(output.text);
	json_decref(cell);
	drop(dir);

	run_rtlat(&output, "run --set 1 mode=timer");
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, "--set: only with mode=taskset"));
	free(output.text);
}

/* Bad texts: one line that names the place, exit 1, and the cell has failed. */
static void bad_texts(void **state)
{
	static const struct {
		const char *file, *old, *new, *says;
	} cases[] = {
		{ "outliers", "rank=1 ", "", "outliers line 1: rank= is missing" },
		{ "outliers", "rank=1 ", "rank=2 ", "outliers line 1: rank=2, not 1" },
		{ "outliers", "rank=2 ", "rank=1 ", "outliers line 2: rank=1, not 2" },
		{ "outliers", "rank=10 ", "rank=11 ",
		  "outliers line 10: rank=11 is above 10" },
		{ "outliers", "rank=2 duration_ns=", "rank=2 duration_ns=9",
		  "outliers line 2: duration_ns=" },
		{ "outliers", "rank=1 duration_ns=", "rank=1 duration_ns=9",
		  "ns as the largest, the summary" },
		{ "outliers", "metric=event_latency", "metric=bla",
		  "outliers line 1: metric=bla is not known" },
		{ "outliers", "cpu=0", "cpu=65536", "outliers line 1: cpu=65536 is above" },
		{ "outliers", "flags=", "flags=x", "outliers line 1: flags=x" },
		{ "outliers", "job=", "job=-", "outliers line 1: job=-" },
		{ "tasks", "released=20", "released=x",
		  "tasks line 1: released=x is not a number" },
		{ "tasks", " released=20", "", "tasks line 1: released= is missing" },
		{ "tasks", "released=20", "released=21",
		  "81 released and 0 skipped; the ledger of event_latency has 80 attempted" },
		{ "tasks", "completed=20", "completed=21", "81 completed of 80 released" },
		{ "tasks", "missed=0", "missed=3", "missed 3, overrun 0, throttled 0; status: 0" },
		{ "tasks", "task=1 ", "task=3 ", "tasks line 2: task=3 has a line already" },
		{ "tasks", "kind=kthread", "kind=bla", "tasks line 1: kind=bla is not known" },
		{ "tasks", "policy=fifo", "policy=bla", "tasks line 1: policy=bla is not known" },
		{ "tasks", "period_ns=8282200", "period_ns=0",
		  "tasks line 1: exec_ns=1773796 is above 0" },
		{ "tasks", "cpu_max_ns=", "cpu_max=", "tasks line 1: cpu_max_ns= is missing" },
		{ "taskset", "scale_ppm=", "scale_ppm=x", "taskset line 2: scale_ppm=x" },
		{ "taskset", "scale_ppm=", "scale=", "taskset: no scale_ppm= in it" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *dir = make_module("taskset");
		struct output output;
		json_t *cell;

		replace(dir, cases[i].file, cases[i].old, cases[i].new);
		cell = run_module(dir, TASKSET, &output);
		assert_int_equal(output.status, 1);
		assert_non_null(strstr(output.text, cases[i].says));
		assert_string_equal(text_at(cell, "status"), "fail");
		assert_non_null(strstr(text_at(cell, "reason"), cases[i].says));
		free(output.text);
		json_decref(cell);
		drop(dir);
	}
}

/* Bytes that are no text cost neither the line nor the cell its reason. */
static void bytes_that_are_no_text(void **state)
{
	char *dir = make_module("taskset");
	struct output output;
	json_t *cell;

	(void)state;
	replace(dir, "outliers", "metric=event", "metric=\xff\x1b\r");
	cell = run_module(dir, TASKSET, &output);
	assert_int_equal(output.status, 1);
	/* how far it is, and why it is bad */
	assert_int_equal(count_lines(output.text), 2);
	assert_non_null(strstr(output.text, "metric=\xff?\?_latency is not known"));
	assert_non_null(strstr(text_at(cell, "reason"), "metric=??\?_latency is not known"));
	free(output.text);
	json_decref(cell);
	drop(dir);
}

static void missing_and_empty_texts(void **state)
{
	char *dir = make_module("taskset"), *path = xasprintf("%s/outliers", dir);
	struct output output;
	json_t *cell;

	(void)state;
	write_file(dir, "tasks", "", 0);
	cell = run_module(dir, TASKSET, &output);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "tasks: no tasks in it"));
	free(output.text);
	json_decref(cell);
	unlink(path);
	run_rtlat(&output, "run --out %s/other " TASKSET, dir);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, path));
	free(output.text);
	free(path);
	drop(dir);
}

/* A finding, not a failure: the run is ok and says so. */
static void throttled_run(void **state)
{
	char *dir = make_module("taskset");
	struct output output;
	json_t *cell;

	(void)state;
	replace(dir, "tasks", "throttled=0", "throttled=7");
	replace(dir, "status", "throttled=0", "throttled=7");
	cell = run_module(dir, TASKSET, &output);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "the run was throttled: "));
	assert_non_null(strstr(output.text, " 7 times"));
	assert_int_equal(number_at(json_object_get(cell, "checks"), "throttled"), 7);
	assert_int_equal(number_at(json_object_get(cell, "tasks"), "throttled"), 7);
	assert_string_equal(text_at(cell, "status"), "ok");
	free(output.text);
	json_decref(cell);
	drop(dir);
}

/* The ten largest of two CPUs, of equals the earlier one first. */
static void largest_over_cpus(void **state)
{
	struct outliers *outliers = xcalloc(1, sizeof(*outliers));
	struct problem problem = { "" };
	char *text = xstrdup("");
	int cpu, rank;

	(void)state;
	for (cpu = 0; cpu < 2; cpu++) {
		for (rank = 1; rank <= RTLAT_LARGEST; rank++) {
			char *more = xasprintf("%s" OUTLIER, text, cpu, rank,
					       1000 - 10 * rank, 100 - cpu, cpu,
					       rank, RTLAT_F_NMI | RTLAT_F_QUEUED | 3);

			free(text);
			text = more;
		}
	}
	assert_int_equal(outliers_read(outliers, text, &problem), 0);
	assert_int_equal(outliers->nr[RTLAT_WAKE_GAP], RTLAT_LARGEST);
	assert_int_equal(outliers->nr[RTLAT_EVENT_LATENCY], 0);
	for (rank = 0; rank < RTLAT_LARGEST; rank++) {
		const struct sample *sample =
			&outliers->sample[RTLAT_WAKE_GAP][rank];
		json_t *json = sample_json(sample), *flags;

		assert_int_equal(sample->duration_ns, 990 - rank / 2 * 10);
		assert_int_equal(sample->cpu, rank % 2 ? 0 : 1);
		assert_int_equal(sample->job, rank / 2 + 1);
		flags = json_object_get(json, "flags");
		assert_int_equal(number_at(json, "nested"), 3);
		assert_int_equal(json_array_size(flags), 2);
		assert_string_equal(json_string_value(json_array_get(flags, 0)), "nmi");
		assert_string_equal(json_string_value(json_array_get(flags, 1)), "queued");
		json_decref(json);
	}
	free(text);
	free(outliers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_cells_come_from_their_texts),
		cmocka_unit_test(workload_of_a_task_set),
		cmocka_unit_test(workload_of_others),
		cmocka_unit_test(bad_texts),
		cmocka_unit_test(bytes_that_are_no_text),
		cmocka_unit_test(missing_and_empty_texts),
		cmocka_unit_test(throttled_run),
		cmocka_unit_test(largest_over_cpus),
	};

	return cmocka_run_group_tests_name("cell", tests, NULL, NULL);
}
