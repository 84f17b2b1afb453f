// SPDX-License-Identifier: GPL-2.0
/* Cells side by side: equal n, task sets, many points; and one cell alone. */

#include "test.h"

#include <math.h>
#include <stdio.h>

#include "compare/compare.h"
#include "proof/platform.h"
#include "results/cell.h"
#include "results/results.h"
#include "rtlat.h"

#define LINE	"cpu=0 metric=event_latency"
#define LOST	" interrupted=0 coalesced=0 no_start=0 skipped=0 overrun=0 migrated=0"
#define REST	" nonmonotonic=0 no_ipi=0 cancelled=0 closes=1\n"
#define WHERE	" max_start_ns=0 max_task=0 max_job=0 max_flags=0\n"
#define HISTOGRAM LINE " class=kept 10:1 20:1 30:1 100:1\n"
#define MOMENTS	" class=kept n=%d sum=%d sumsq_hi=0 sumsq_lo=%d min=%d max=%d"

/**
 * struct made - a cell in the making
 * @platform: its platform
 * @distribution: of its task set
 * @tasks_per_cpu: likewise
 * @set: likewise
 * @load: background load
 * @nr: samples of event_latency, kept ones
 * @ns: them, below 128: no two share a bucket
 * @own_ps: what rtlat's own code takes of it
 */
struct made {
	const char *platform;
	unsigned int distribution;
	u64 tasks_per_cpu;
	u64 set;
	bool load;
	unsigned int nr;
	u64 ns[4];
	u64 own_ps;
};

static char *made_id(const struct made *made)
{
	return xasprintf("platform=%s,distribution=%s,tasks_per_cpu=%d,set=%d,load=%d",
			 made->platform,
			 rtlat_distribution_names[made->distribution],
			 (int)made->tasks_per_cpu, (int)made->set, made->load);
}

static void write_figures(const char *results, const char *id,
			  const struct rtlat_hist *hist)
{
	char *folder = xasprintf("%s/%s", results, id);
	char *ledger, *summary, *histograms;
	unsigned int i;

	ledger = xasprintf(LINE " attempted=%d kept=%d" LOST REST, (int)hist->n,
			   (int)hist->n);
	summary = xasprintf(LINE MOMENTS WHERE, (int)hist->n, (int)hist->sum,
			    (int)hist->sumsq, (int)hist->min, (int)hist->max);
	histograms = xstrdup(LINE " class=kept");
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++) {
		char *more;

		if (!hist->bucket[i])
			continue;
		more = xasprintf("%s %u:%d", histograms, i, (int)hist->bucket[i]);
		free(histograms);
		histograms = more;
	}
	write_file(folder, "ledger", ledger, strlen(ledger));
	write_file(folder, "summary", summary, strlen(summary));
	write_file(folder, "histograms", histograms, strlen(histograms));
	free(histograms);
	free(summary);
	free(ledger);
	free(folder);
}

static void make(const char *results, const struct made *made)
{
	struct cell_about about = {
		.platform = made->platform, .clock = "hardware",
		.flavour = "6.1", .vcpus = 1,
		.set = made->set, .has_set = true, .load = made->load,
	};
	struct figures *figures = figures_new();
	struct outliers *outliers = xcalloc(1, sizeof(*outliers));
	struct ledger *ledger = &figures->ledger[RTLAT_EVENT_LATENCY];
	const u64 own_ps[RTLAT_NR_METRICS] = {
		[RTLAT_EVENT_LATENCY] = made->own_ps,
	};
	struct rtlat_hist *hist = figures->hist[RTLAT_EVENT_LATENCY];
	struct cell_outcome outcome = {
		.status = made->nr ? "ok" : "skip",
		.reason = made->nr ? NULL : "not here",
		.figures = made->nr ? figures : NULL,
		.outliers = outliers,
		.own_ps = own_ps,
	};
	char *id = made_id(made), *name = xasprintf("%s/summary.json", id);
	struct rtlat_config config;
	unsigned int i;
	char *text;
	json_t *json;

	rtlat_config_default(&config);
	config.mode = RTLAT_MODE_TASKSET;
	config.distribution = made->distribution;
	config.tasks_per_cpu = made->tasks_per_cpu;
	config.seed = made->set;
	for (i = 0; i < made->nr; i++)
		rtlat_hist_add(hist, made->ns[i], 0, 0, 0, 0);
	ledger->applies = true;
	ledger->attempted = made->nr;
	ledger->line[RTLAT_L_KEPT] = made->nr;
	json = cell_json(id, &about, &config, &outcome);
	text = json_text(json);
	write_file(results, name, text, strlen(text));
	if (made->nr) {
		write_figures(results, id, hist);
		write_proof(results, id, made->platform);
	}
	free(text);
	json_decref(json);
	free(name);
	free(id);
	free(outliers);
	figures_free(figures);
}

static void join(const char *results)
{
	struct output output;

	run_rtlat(&output, "collect %s", results);
	assert_string_equal(output.text, "");
	assert_int_equal(output.status, 0);
	free(output.text);
}

static void drop(char *dir)
{
	remove_tree(dir);
	free(dir);
}

/* Four samples natively, two in the guest. */
static const struct made native = {
	"native", RTLAT_DIST_LIGHT_UNIFORM, 1, 1, false, 4, { 10, 20, 30, 100 }, 0,
};

static const struct made kvm = {
	"kvm", RTLAT_DIST_LIGHT_UNIFORM, 1, 1, false, 2, { 50, 60 }, 0,
};

static char *make_two(void)
{
	char *results = temp_dir();

	make(results, &native);
	make(results, &kvm);
	join(results);
	return results;
}

static json_t *groups_of(const char *results)
{
	struct problem problem = { "" };
	json_t *summary = summary_read(results, &problem);
	json_t *groups = compare_groups(summary);

	assert_string_equal(problem.text, "");
	json_decref(summary);
	return groups;
}

static const json_t *row_of(const json_t *groups, size_t column)
{
	const json_t *columns = json_object_get(json_array_get(groups, 0), "columns");
	const json_t *rows = json_object_get(json_array_get(columns, column), "metrics");

	return json_array_get(rows, 0);
}

static void maxima_at_equal_n(void **state)
{
	/* of the six pairs of 10, 20, 30, 100 */
	const double expected = (20 + 30 + 100 + 30 + 100 + 100) / 6.0;
	char *results = make_two();
	json_t *groups = groups_of(results);
	struct problem problem = { "" };
	const char *missing;
	struct output output;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(groups), 1);
	assert_int_equal(compare_maxima(groups, results, &missing, &problem), 0);
	assert_null(missing);
	for (i = 0; i < 2; i++) {
		const json_t *row = row_of(groups, i);
		double max = json_number_value(json_object_get(row, "max_equal"));

		assert_int_equal(json_integer_value(json_object_get(row, "n_equal")), 2);
		assert_true(fabs(max - (i ? 60 : expected)) < 0.001);
	}
	json_decref(groups);
	run_rtlat(&output, "compare %s", results);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "max at equal n"));
	assert_non_null(strstr(output.text, " 63.3 "));
	free(output.text);
	run_rtlat(&output, "compare --json %s/summary.json", results);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "\"max_equal\": 63.333"));
	free(output.text);
	drop(results);
}

/* A summary.json on its own: compared, and what is left out is said. */
static void maxima_without_folders(void **state)
{
	char *results = make_two(), *alone = temp_dir();
	char *path = xasprintf("%s/summary.json", results);
	char *text = read_text(path, NULL);
	struct output output;

	(void)state;
	write_file(alone, "summary.json", text, strlen(text));
	run_rtlat(&output, "compare %s", alone);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "without maxima at equal n"));
	assert_null(strstr(output.text, " 63.3 "));
	free(output.text);
	run_rtlat(&output, "compare --json %s/summary.json 2>/dev/null", alone);
	assert_non_null(strstr(output.text, "\"max_equal\": null"));
	free(output.text);
	free(text);
	free(path);
	drop(alone);
	drop(results);
}

static void maxima_refuse_bad_files(void **state)
{
	static const struct {
		const char *file, *text, *says;
	} cases[] = {
		{ "histograms", LINE " class=kept 10:x\n",
		  "histograms line 1: 10:x is not a bucket" },
		{ "histograms", LINE " class=bla 10:1\n",
		  "histograms line 1: class=bla is not known" },
		{ "ledger", LINE "\n",
		  "ledger line 1: attempted= is missing" },
		{ "summary",
		  LINE " class=kept n=3 sum=60 sumsq_hi=0 sumsq_lo=1400 min=10 max=30" WHERE,
		  "event_latency: ledger says kept 4, interrupted 0; summary has 3 and 0" },
		{ "histograms", "",
		  "event_latency, kept: the histogram holds 0 samples, the summary 4" },
		{ "histograms", HISTOGRAM HISTOGRAM,
		  "event_latency, kept: the histogram holds 8 samples, the summary 4" },
	};
	char *id = made_id(&native);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *results = make_two();
		char *folder = xasprintf("%s/%s", results, id);
		struct output output;

		write_file(folder, cases[i].file, cases[i].text,
			   strlen(cases[i].text));
		run_rtlat(&output, "compare %s", results);
		assert_int_equal(output.status, 1);
		assert_int_equal(count_lines(output.text), 1);
		assert_non_null(strstr(output.text, id));
		assert_non_null(strstr(output.text, cases[i].says));
		free(output.text);
		free(folder);
		drop(results);
	}
	free(id);
}

/* Files that agree among themselves, and are another cell's. */
static void maxima_refuse_files_of_another_cell(void **state)
{
	static const char *const files[] = { "ledger", "summary", "histograms" };
	char *results = make_two(), *to = made_id(&native), *from = made_id(&kvm);
	struct output output;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		char *path = xasprintf("%s/%s/%s", results, from, files[i]);
		char *name = xasprintf("%s/%s", to, files[i]);
		char *text = read_text(path, NULL);

		write_file(results, name, text, strlen(text));
		free(text);
		free(name);
		free(path);
	}
	run_rtlat(&output, "compare %s", results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, to));
	assert_non_null(strstr(output.text,
			       "summary.json has 4 samples, the cell's file summary 2"));
	free(output.text);
	free(from);
	free(to);
	drop(results);
}

static void an_id_is_no_path(void **state)
{
	char *results = make_two(), *path = xasprintf("%s/summary.json", results);
	struct problem problem = { "" };
	json_t *summary = json_read(path, &problem);
	json_t *cells = json_object_get(summary, "cells");
	struct output output;
	char *text, *id = xasprintf("../%s", strrchr(results, '/') + 1);

	(void)state;
	write_file(results, "histograms", "", 0);
	json_object_set_new(json_array_get(cells, 0), "id", json_string(id));
	text = json_text(summary);
	write_file(results, "summary.json", text, strlen(text));
	run_rtlat(&output, "compare %s", results);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "does not name a cell's folder"));
	free(output.text);
	free(id);
	free(text);
	json_decref(summary);
	free(path);
	drop(results);
}

/* Every word of the workload keeps cells apart, but not the platform. */
static void task_sets_are_kept_apart(void **state)
{
	struct made others[4] = { native, native, native, native };
	char *results = make_two();
	json_t *groups;
	size_t i;

	(void)state;
	others[0].distribution = RTLAT_DIST_MEDIUM_BIMODAL;
	others[1].tasks_per_cpu = 2;
	others[2].set = 2;
	others[3].load = true;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		make(results, &others[i]);
		join(results);
		groups = groups_of(results);
		assert_int_equal(json_array_size(groups), 2 + i);
		json_decref(groups);
		others[i].platform = "kvm";
		make(results, &others[i]);
		join(results);
		groups = groups_of(results);
		assert_int_equal(json_array_size(groups), 2 + i);
		json_decref(groups);
	}
	drop(results);
}

/* Many points: a line for each, in the order of their numbers. */
static void many_points_are_lines(void **state)
{
	static const u64 ks[] = { 1, 2, 5, 10, 20 };
	char *results = temp_dir(), *at[ARRAY_SIZE(ks)];
	struct made made[3] = { native, kvm, kvm };
	struct output output;
	size_t i, p;

	(void)state;
	made[2].platform = "kvm-pi";
	made[2].nr = 0;
	for (i = 0; i < ARRAY_SIZE(ks); i++) {
		for (p = 0; p < ARRAY_SIZE(made); p++) {
			made[p].tasks_per_cpu = ks[i];
			make(results, &made[p]);
		}
	}
	join(results);
	run_rtlat(&output, "compare %s", results);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "== 5 points: mode=taskset "));
	assert_non_null(strstr(output.text, "distribution=light-uniform"));
	assert_non_null(strstr(output.text, "\nevent_latency [ns]\ntasks_per_cpu "));
	assert_non_null(strstr(output.text, "kvm-pi: skip: not here (5 of 5 points)"));
	for (i = 0; i < ARRAY_SIZE(ks); i++) {
		char *begin = xasprintf("\n%d ", (int)ks[i]);

		at[i] = strstr(output.text, begin);
		assert_non_null(at[i]);
		assert_true(!i || at[i] > at[i - 1]);
		free(begin);
	}
	/* heading, clock; metric, its heading, points; legend; the skipped */
	assert_int_equal(count_lines(output.text), 2 + 3 + 5 + 4 + 2);
	free(output.text);
	run_rtlat(&output, "compare --full %s", results);
	assert_int_equal(output.status, 0);
	assert_null(strstr(output.text, "5 points"));
	assert_non_null(strstr(output.text, "tasks_per_cpu=20"));
	free(output.text);
	drop(results);
}

/* Raw figures stay what they are; corrected ones stand beside them. */
static void own_cost_is_taken_off(void **state)
{
	struct made one = native, other = kvm;
	char *results = temp_dir(), *id;
	struct output output;
	const json_t *row;
	json_t *groups;

	(void)state;
	one.own_ps = 5500;
	make(results, &one);
	make(results, &other);
	join(results);
	groups = groups_of(results);
	row = row_of(groups, 0);
	assert_true(json_number_value(json_object_get(row, "mean")) == 40);
	assert_true(json_number_value(json_object_get(row, "own_cost_ns")) == 5.5);
	assert_true(json_number_value(json_object_get(row, "corrected_mean")) == 34.5);
	assert_null(json_object_get(row_of(groups, 1), "corrected_mean"));
	json_decref(groups);
	run_rtlat(&output, "compare %s", results);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "corrected"));
	assert_non_null(strstr(output.text, " 34.5 "));
	free(output.text);
	id = made_id(&one);
	run_rtlat(&output, "show %s/%s", results, id);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, " 34.5 "));
	assert_non_null(strstr(output.text, "less what rtlat's own code takes"));
	free(output.text);
	free(id);
	id = made_id(&other);
	run_rtlat(&output, "show %s/%s", results, id);
	assert_null(strstr(output.text, "corrected"));
	free(output.text);
	free(id);
	drop(results);
}

static void show_prints_one_cell(void **state)
{
	static const char *const shown[] = {
		"taskset: ok\n", "distribution=medium-uniform", "set=1",
		"clock: instructions (1000 = 1 us emulated)", "95 % of mean",
		"tasks: n=4 released=80", "scale_ppm=692476", "rank", "queued",
	};
	struct output output, file;
	size_t i;

	(void)state;
	run_rtlat(&output, "show %s/taskset", golden_dir());
	assert_int_equal(output.status, 0);
	for (i = 0; i < ARRAY_SIZE(shown); i++)
		assert_non_null(strstr(output.text, shown[i]));
	run_rtlat(&file, "show %s/taskset/summary.json", golden_dir());
	assert_string_equal(file.text, output.text);
	free(file.text);
	free(output.text);
	run_rtlat(&output, "show %s/ipi", golden_dir());
	assert_int_equal(output.status, 0);
	assert_null(strstr(output.text, "tasks:"));
	free(output.text);
}

static void show_refuses(void **state)
{
	char *results = make_two();
	struct output output;

	(void)state;
	run_rtlat(&output, "show %s", results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, "all cells of a results folder"));
	free(output.text);
	write_file(results, "bad/summary.json", "{\n\"id\":", 7);
	run_rtlat(&output, "show %s/bad", results);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "bad/summary.json line 2"));
	free(output.text);
	run_rtlat(&output, "show %s/missing", results);
	assert_int_equal(output.status, 1);
	free(output.text);
	drop(results);
}

/* Exits by reason for each interrupt, the most frequent first; totals are none. */
static void exits_for_an_interrupt(void **state)
{
	json_t *cell = json_pack("{s:{s:i,s:i,s:i,s:i,s:s}}", "proof",
				 "guest_interrupts", 200, "kvm_exit", 900,
				 "kvm_exit_hlt", 100, "kvm_exit_msr", 410,
				 "kvm_exit_npf", "absent");
	json_t *none = json_pack("{s:{s:i,s:i}}", "proof", "guest_interrupts", 0,
				 "kvm_exit_hlt", 1);
	json_t *column = json_pack("{s:s,s:f,s:o}", "name", "kvm",
				   "entries_per_interrupt", 1.5, "exits",
				   compare_exits(cell));
	json_t *unknown = json_pack("{s:s,s:n,s:o}", "name", "kvm",
				    "entries_per_interrupt", "exits",
				    compare_exits(none));
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	assert_non_null(to);
	compare_print_exits(column, "self", to);
	compare_print_exits(unknown, NULL, to);
	fclose(to);
	assert_string_equal(text, "kvm self: 1.50 VM entries for an interrupt; "
				  "exits for each received: 2.05 msr, 0.50 hlt\n");
	free(text);
	json_decref(unknown);
	json_decref(column);
	json_decref(none);
	json_decref(cell);
}

/* A line for each cell; what it says of itself begins no directive. */
static void cells_as_ktap(void **state)
{
	json_t *summary = json_pack("{s:[{s:s,s:s},{s:s,s:s,s:s},{s:s,s:s,s:s}]}", "cells",
				    "id", "a", "status", "ok",
				    "id", "b", "status", "skip", "reason", "no # 2",
				    "id", "c", "status", "fail", "reason", "lost #it");
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	assert_non_null(to);
	assert_int_equal(compare_print_ktap(summary, to), 1);
	fclose(to);
	assert_string_equal(text, "KTAP version 1\n1..3\nok 1 a\nok 2 b # SKIP no   2\n"
				  "# lost  it\nnot ok 3 c\n");
	free(text);
	json_decref(summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maxima_at_equal_n),
		cmocka_unit_test(maxima_without_folders),
		cmocka_unit_test(maxima_refuse_bad_files),
		cmocka_unit_test(maxima_refuse_files_of_another_cell),
		cmocka_unit_test(an_id_is_no_path),
		cmocka_unit_test(task_sets_are_kept_apart),
		cmocka_unit_test(many_points_are_lines),
		cmocka_unit_test(own_cost_is_taken_off),
		cmocka_unit_test(show_prints_one_cell),
		cmocka_unit_test(show_refuses),
		cmocka_unit_test(exits_for_an_interrupt),
		cmocka_unit_test(cells_as_ktap),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
