// SPDX-License-Identifier: GPL-2.0
/* Which folders are replaced by a new cell, or by new figures. */

#include "test.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "made-sweep.h"
#include "plot/figures-folder.h"

#define SKIP	"skip --reason x mode=timer --out at"
#define RUN	"run --module /nonexistent mode=timer --out at"

/* A shell command in the folder. */
static void in(const char *dir, const char *command)
{
	char *line = xasprintf("cd %s && golden=%s && %s", dir, golden_dir(), command);

	assert_int_equal(system(line), 0);
	free(line);
}

/* The command with arguments that are relative to the folder. */
static void rtlat_in(struct output *output, const char *dir, const char *arguments)
{
	char *was = getcwd(NULL, 0);

	assert_int_equal(chdir(dir), 0);
	run_rtlat(output, "%s", arguments);
	assert_int_equal(chdir(was), 0);
	free(was);
}

/* One line that says why, exit status 1, and all is as it was. */
static void refused(const char *dir, const char *command, const char *says)
{
	char *before = folder_text(dir), *after;
	struct output output;

	rtlat_in(&output, dir, command);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	if (!strstr(output.text, says))
		assert_string_equal(output.text, says);
	after = folder_text(dir);
	assert_string_equal(before, after);
	free(output.text);
	free(before);
	free(after);
}

static void only_cells_are_replaced(void **state)
{
	static const struct {
		const char *make, *says;
	} cases[] = {
		{ "cp -r $golden/../../../results/reference at",
		  "at: not a cell's folder: summary.json is that of a results folder" },
		{ "mkdir at && touch at/.env", "at: not a cell's folder: .env is in it" },
		{ "cp -r $golden/timer at && touch at/.env",
		  "at: not a cell's folder: .env is in it" },
		{ "cp -r $golden/timer at && touch at/notes",
		  "at: not a cell's folder: notes is in it" },
		{ "cp -r $golden/timer at && mkdir at/cell",
		  "at: not a cell's folder: cell is in it" },
		{ "mkdir at && echo {} >at/summary.json",
		  "at: not a cell's folder: summary.json is not that of a cell" },
		{ "mkdir at && echo '[1]' >at/summary.json && touch at/status",
		  "at: not a cell's folder: summary.json is not that of a cell" },
		{ "mkdir at && echo '{' >at/summary.json",
		  "at/summary.json line 2" },
		{ "mkdir at && touch at/status",
		  "at: not a cell's folder: files, and no summary.json" },
		{ "mkdir at && ln -s $golden/timer/summary.json at/summary.json",
		  "at: not a cell's folder: summary.json is in it" },
		{ "cp -r $golden/timer cell && ln -s cell at",
		  "at: not a folder, but a link to cell" },
		{ "ln -s nothing at", "at: not a folder, but a link to nothing" },
		{ "touch at", "at: Not a directory" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *dir = temp_dir();

		in(dir, cases[i].make);
		refused(dir, SKIP, cases[i].says);
		refused(dir, RUN, cases[i].says);
		remove_tree(dir);
		free(dir);
	}
}

static void cells_are_replaced(void **state)
{
	static const char *const makes[] = {
		"true", "mkdir at", "cp -r $golden/timer at", "cp -r $golden/taskset at",
		"cp -r $golden/timer at && touch at/proof at/cell at/guest.log",
		/* of another rtlat: no valid cell of this one */
		"cp -r $golden/timer at && sed -i '/\"clock\":/d' at/summary.json",
	};
	struct output output;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(makes); i++) {
		char *dir = temp_dir();

		in(dir, makes[i]);
		rtlat_in(&output, dir, SKIP "/");
		assert_string_equal(output.text, "");
		assert_int_equal(output.status, 0);
		in(dir, "[ \"$(ls -A . at | xargs)\" = '.: at at: summary.json' ]");
		free(output.text);
		remove_tree(dir);
		free(dir);
	}
}

static void a_proof_that_was_there_first_stays(void **state)
{
	char *dir = temp_dir();
	struct output output;

	(void)state;
	in(dir, "mkdir at && echo x=1 >at/proof");
	rtlat_in(&output, dir, SKIP);
	assert_string_equal(output.text, "");
	in(dir, "[ \"$(cat at/proof)\" = x=1 ] && [ -e at/summary.json ]");
	free(output.text);
	/* one that cannot be taken along whole is not lost in part */
	in(dir, "rm -r at && mkdir at && printf 'a=1\\0b=2\\n' >at/proof && cp at/proof as-it-was");
	refused(dir, SKIP, "at/proof line 1: a NUL byte: not a text");
	in(dir, "cmp at/proof as-it-was");
	remove_tree(dir);
	free(dir);
}

/* Only what certainly nobody writes any more. */
static void what_killed_ones_left_is_removed(void **state)
{
	char *dir = temp_dir();
	struct output output;
	char *locked;
	int lock;

	(void)state;
	/* above the largest number that a process can have; and one that is there */
	in(dir, "mkdir -p .at.new.5000000/sub .at.new.5000001 .at.new.1");
	in(dir, "mkdir .at.new.5000000.old .at.new.x .other.new.5000000");
	in(dir, "touch .at.new.5000000/sub/file .at.new.5000002");
	locked = xasprintf("%s/.at.new.5000001", dir);
	lock = open(locked, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	rtlat_in(&output, dir, SKIP);
	assert_string_equal(output.text, "");
	assert_int_equal(output.status, 0);
	in(dir, "rmdir .at.new.5000000.old .at.new.x .other.new.5000000");
	in(dir, "rm -r .at.new.1 .at.new.5000001 .at.new.5000002 && [ \"$(ls -A)\" = at ]");
	close(lock);
	free(locked);
	free(output.text);
	remove_tree(dir);
	free(dir);
}

static void names_of_figures(void **state)
{
	static const struct {
		const char *name;
		bool is;
	} cases[] = {
		{ "figure-04-sched_overhead-average.svg", true },
		{ "figure-13-thread_latency-worst.png", true },
		{ "figure-99-start_gap-worst.tsv", true },
		{ "cdf-ipi_latency.tsv", true }, { "task-sets.tsv", true },
		{ "task-sets.svg", false }, { "task-sets.ods", false },
		{ "figure-", false }, { "cdf-", false }, { "figure-budget.ods", false },
		{ "figure-04-sched_overhead-average", false },
		{ "figure-04-sched_overhead-average.ods", false },
		{ "figure-04-sched_overhead-best.svg", false },
		{ "figure-4-sched_overhead-worst.svg", false },
		{ "figure-004-sched_overhead-worst.svg", false },
		{ "cdf-latency.svg", false }, { "cdf-start_gap.svg.svg", false },
		{ "cdf-start_gap-worst.svg", false }, { ".svg", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (figure_is_file(cases[i].name) != cases[i].is)
			fail_msg("%s", cases[i].name);
}

static void only_figures_are_replaced(void **state)
{
	static const struct {
		const char *make, *says;
	} cases[] = {
		{ "touch at/figure-budget.ods",
		  "at: not a folder of figures: figure-budget.ods is in it" },
		{ "mkdir at/cdf-start_gap.svg",
		  "at: not a folder of figures: cdf-start_gap.svg is in it" },
		{ "ln -s /etc/passwd at/cdf-start_gap.svg",
		  "at: not a folder of figures: cdf-start_gap.svg is in it" },
		{ "touch at/.env", "at: not a folder of figures: .env is in it" },
		{ "mkdir -p at/a=b/c=d", "at/a=b: not a folder of figures: c=d is in it" },
		{ "mkdir at/a=b && touch at/a=b/notes",
		  "at/a=b: not a folder of figures: notes is in it" },
		{ "rmdir at && mkdir to && ln -s to at", "at: not a folder, but a link to to" },
	};
	char *results = made_sweep(&made_as_found);
	struct output output;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		in(results, "rm -rf at to && mkdir at");
		in(results, cases[i].make);
		refused(results, "figures . --out at", cases[i].says);
	}
	/* several sweeps, of another rtlat */
	in(results, "rm -rf at && mkdir -p at/a=b");
	in(results, "touch at/a=b/cdf-start_gap.svg at/task-sets.tsv");
	rtlat_in(&output, results, "figures . --out at");
	assert_int_equal(output.status, 0);
	in(results, "[ ! -e at/a=b ] && [ -e at/cdf-event_latency.svg ]");
	free(output.text);
	remove_tree(results);
	free(results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_cells_are_replaced),
		cmocka_unit_test(cells_are_replaced),
		cmocka_unit_test(a_proof_that_was_there_first_stays),
		cmocka_unit_test(what_killed_ones_left_is_removed),
		cmocka_unit_test(names_of_figures),
		cmocka_unit_test(only_figures_are_replaced),
	};

	return cmocka_run_group_tests_name("outdir", tests, NULL, NULL);
}
