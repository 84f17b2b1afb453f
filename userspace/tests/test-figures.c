// SPDX-License-Identifier: GPL-2.0
/* Figures, of made-up sweeps whose data is known. */

#include "test.h"

#include <unistd.h>

#include "made-sweep.h"
#include "rtlat.h"

static void drop(char *dir)
{
	remove_tree(dir);
	free(dir);
}

static void put(const char *results, const char *name, const char *text)
{
	write_file(results, name, text, strlen(text));
}

static char *file_of(const char *results, const char *name)
{
	char *path = xasprintf("%s/%s", results, name);
	char *text = read_text(path, NULL);

	free(path);
	return text;
}

static void pictures_are_drawn(void **state)
{
	static const char *const names[] = {
		"figure-04-sched_overhead-average", "figure-05-sched_overhead-worst",
		"figure-06-cxs_overhead-average", "figure-07-cxs_overhead-worst",
		"figure-08-event_latency-average", "figure-09-event_latency-worst",
		"figure-10-release_overhead-average",
		"figure-11-release_overhead-worst", "figure-12-thread_latency-average",
		"figure-13-thread_latency-worst", "cdf-event_latency",
	};
	char *results = made_sweep(&made_as_found);
	struct output output;
	size_t i;

	(void)state;
	run_rtlat(&output, "figures %s", results);
	assert_non_null(strstr(output.text, "figures: 15 figures\n"));
	assert_int_equal(output.status, 0);
	free(output.text);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char *svg = xasprintf("figures/%s.svg", names[i]);
		char *png = xasprintf("figures/%s.png", names[i]);
		char *text = file_of(results, svg);

		assert_non_null(text);
		assert_non_null(strstr(text, "[instructions]"));
		assert_non_null(strstr(text, "1000 = 1 µs emulated"));
		assert_non_null(strstr(text, ">kvm<"));
		assert_non_null(strstr(text, "</svg>"));
		free(text);
		text = file_of(results, png);
		assert_non_null(text);
		assert_memory_equal(text, "\x89PNG", 4);
		free(text);
		free(png);
		free(svg);
	}
	drop(results);
}

static void data_files_say_what_is_drawn(void **state)
{
	char *results = made_sweep(&made_as_found);
	struct output output;
	char *text;

	(void)state;
	run_rtlat(&output, "figures %s", results);
	assert_int_equal(output.status, 0);
	free(output.text);
	text = file_of(results, "figures/figure-06-cxs_overhead-average.tsv");
	assert_non_null(strstr(text, "\tsets\tsamples\tmean_instructions\tci95_lo"));
	/* 298 samples kept of each set: one, but with 10 tasks two */
	assert_non_null(strstr(text, "\nkvm\tlocal\toff\tall\t5\t2\t596\t510\t"));
	assert_non_null(strstr(text, "\nkvm\tlocal\ton\tlight-bimodal\t5\t1\t298\t765\t"));
	assert_non_null(strstr(text, "\nkvm\tlocal\toff\tall\t10\t4\t1192\t510\t"));
	assert_int_equal(count_lines(text), 1 + 2 * (3 * 3 + 3));
	free(text);
	text = file_of(results, "figures/figure-09-event_latency-worst.tsv");
	/* 594 kept: all of them are as many as are compared; and 5,002 more */
	assert_non_null(strstr(text,
			       "\nnative\tlocal\toff\tall\t1\t2\t594\t401\t594\t401\t5402\n"));
	free(text);
	text = file_of(results, "figures/task-sets.tsv");
	assert_non_null(strstr(text, "\nlight-uniform\t5\t1\t0.2\t0.2\t"));
	assert_non_null(strstr(text, "\nlight-uniform\t10\t2\t0.1\t0.1\t"));
	assert_int_equal(count_lines(text), 1 + 2 * 3);
	free(text);
	text = file_of(results, "figures/cdf-event_latency.tsv");
	/* the largest of kvm without load, interrupted ones too */
	assert_non_null(strstr(text, "\nkvm\tlocal\toff\tall\t13002\t2400\t1\t0\n"));
	free(text);
	drop(results);
}

static void maxima_are_compared_at_equal_n(void **state)
{
	struct made made = made_as_found;
	struct output output;
	char *results, *text;

	(void)state;
	made.fewer = 200;
	results = made_sweep(&made);
	run_rtlat(&output, "figures %s", results);
	assert_int_equal(output.status, 0);
	free(output.text);
	text = file_of(results, "figures/figure-09-event_latency-worst.tsv");
	/* kvm's point of 10 tasks has fewest: four cells with 97 kept */
	assert_non_null(strstr(text,
			       "\nnative\tlocal\toff\tall\t10\t4\t1188\t401\t388\t401\t5402\n"));
	assert_non_null(strstr(text,
			       "\nkvm\tlocal\toff\tall\t10\t4\t388\t8001\t388\t8001\t13002\n"));
	assert_non_null(strstr(text, "\tNaN\tNaN\t401\t5402\n"));
	free(text);
	drop(results);
}

/* One line, exit status 1, and the figures are as they were. */
static void refused(const char *results, const char *command, const char *says)
{
	struct output output;
	char *text;

	put(results, "figures/figure-00-start_gap-worst.svg", "old");
	run_rtlat(&output, "%s %s", command, results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, says));
	free(output.text);
	text = file_of(results, "figures/figure-00-start_gap-worst.svg");
	assert_string_equal(text, "old");
	free(text);
}

static void copy_files(const char *results, const char *from, const char *to)
{
	static const char *const files[] = { "ledger", "summary", "histograms" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		char *source = xasprintf("%s/%s", from, files[i]);
		char *target = xasprintf("%s/%s", to, files[i]);
		char *text = file_of(results, source);

		put(results, target, text);
		free(text);
		free(target);
		free(source);
	}
}

static void bad_results_are_refused(void **state)
{
	static const char cell[] =
		"platform=kvm,distribution=light-bimodal,tasks_per_cpu=10,set=1,load=off";
	static const char other[] =
		"platform=kvm,distribution=light-bimodal,tasks_per_cpu=5,set=1,load=off";
	struct made made = made_as_found;
	char *results, *histograms, *good, *text;

	(void)state;
	made.fewer = 10;
	results = made_sweep(&made);
	histograms = xasprintf("%s/histograms", cell);
	good = file_of(results, histograms);
	assert_non_null(good);
	put(results, histograms,
	    "cpu=0 metric=event_latency class=kept 9999:1\n");
	refused(results, "figures", "histograms line 1: 9999:1 is not a bucket");
	refused(results, "findings", "histograms line 1: 9999:1 is not a bucket");
	copy_files(results, other, cell);
	refused(results, "figures", "300 samples in the cell's files, 290 in summary.json");
	/* a line short: the summary knows of more */
	put(results, histograms, strchr(good, '\n') + 1);
	refused(results, "figures", "the histogram holds 0 samples");
	text = xasprintf("%s/%s", results, histograms);
	assert_int_equal(unlink(text), 0);
	free(text);
	refused(results, "figures", "histograms: No such file");
	free(good);
	free(histograms);
	put(results, "summary.json", "{\"schema\": ");
	refused(results, "figures", "summary.json line 1");
	refused(results, "findings", "summary.json line 1");
	put(results, "summary.json", "{\"schema\": \"" RTLAT_SCHEMA "\", \"cells\": []}");
	refused(results, "findings", "cells is empty");
	drop(results);
}

static void without_gnuplot_nothing_changes(void **state)
{
	char *results = made_sweep(&made_as_found);
	char *path = xstrdup(getenv("PATH"));
	struct output output;
	char *text;

	(void)state;
	assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
	refused(results, "figures", "No such file or directory (Debian package: gnuplot-nox)");
	assert_int_equal(setenv("PATH", path, 1), 0);
	free(path);
	refused(results, "figures --scripts /nonexistent", "--scripts /nonexistent");
	/* a gnuplot that fails in the middle */
	put(results, "scripts/points.gp", "plot nothing\n");
	text = xasprintf("figures --scripts %s/scripts", results);
	refused(results, text, "gnuplot: ");
	free(text);
	/* a folder that holds something else is not replaced */
	put(results, "mine/notes", "precious");
	text = xasprintf("figures --out %s/mine", results);
	refused(results, text, "not a folder of figures: notes is in it");
	free(text);
	text = file_of(results, "mine/notes");
	assert_string_equal(text, "precious");
	free(text);
	/* old figures go when new ones are complete */
	run_rtlat(&output, "figures %s", results);
	assert_int_equal(output.status, 0);
	free(output.text);
	assert_null(file_of(results, "figures/figure-00-start_gap-worst.svg"));
	drop(results);
}

static void without_task_sets_only_distributions(void **state)
{
	static const char *const files[] = {
		"summary.json", "ledger", "summary", "histograms",
	};
	struct problem problem = { "" };
	char *results = temp_dir();
	struct output output;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		char *from = xasprintf("%s/timer/%s", golden_dir(), files[i]);
		char *to = xasprintf("platform=native/%s", files[i]);
		char *text = read_text(from, NULL);

		assert_non_null(text);
		put(results, to, text);
		free(text);
		free(to);
		free(from);
	}
	write_proof(results, "platform=native", "native");
	run_rtlat(&output, "collect %s", results);
	assert_int_equal(output.status, 0);
	free(output.text);
	run_rtlat(&output, "figures %s --out %s/pictures", results, results);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text,
			       "left out: figures 4 to 13: no cell is of mode=taskset"));
	free(output.text);
	assert_null(file_of(results, "pictures/figure-04-sched_overhead-average.svg"));
	free(file_of(results, "pictures/cdf-event_latency.svg"));
	run_rtlat(&output, "findings %s", results);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "no cell of mode=taskset is ok"));
	free(output.text);
	assert_string_equal(problem.text, "");
	drop(results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_drawn),
		cmocka_unit_test(data_files_say_what_is_drawn),
		cmocka_unit_test(maxima_are_compared_at_equal_n),
		cmocka_unit_test(bad_results_are_refused),
		cmocka_unit_test(without_gnuplot_nothing_changes),
		cmocka_unit_test(without_task_sets_only_distributions),
	};

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
