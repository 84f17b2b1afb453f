// SPDX-License-Identifier: GPL-2.0
/* Files of task sets: good ones, and every way to be bad. */

#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

#include "test.h"

#include "run/taskset-file.h"

#define SET	"distribution=medium-bimodal tasks_per_cpu=2 cpus=2 seed=7"
/* Lines of its text. */
#define HEADER	1
#define CPU0	2
#define CPU1	3
#define TASK0	4
#define TASK1	5
#define TASK3	7

static char *good_text(void)
{
	struct rtlat_taskset set;
	char *text;

	taskset_default(&set);
	set.distribution = RTLAT_DIST_MEDIUM_BIMODAL;
	set.tasks_per_cpu = 2;
	set.nr_cpus = 2;
	set.seed = 7;
	taskset_make(&set);
	text = taskset_text(&set);
	taskset_free(&set);
	return text;
}

/* Where a line begins, from 1; the line behind the last is the end. */
static size_t line_at(const char *text, unsigned int line)
{
	const char *at = text;

	while (--line) {
		at = strchr(at, '\n');
		assert_non_null(at);
		at++;
	}
	return (size_t)(at - text);
}

/* A copy with @len bytes from @at replaced by @with. */
static char *replaced(const char *text, size_t at, size_t len, const char *with)
{
	return xasprintf("%.*s%s%s", (int)at, text, with, text + at + len);
}

static size_t word_length(const char *word)
{
	size_t len = 0;

	while (word[len] && !isspace(word[len]))
		len++;
	return len;
}

/* A copy with another value; "+N" and "-N" change the one that is there. */
static char *with_value(const char *text, unsigned int line, const char *key,
			const char *value)
{
	char *word = xasprintf("%s=", key), *made, *number = NULL;
	const char *at = text + line_at(text, line);

	while (strncmp(at, word, strlen(word)) || (at != text && !isspace(at[-1]))) {
		assert_true(*at && *at != '\n');
		at++;
	}
	at += strlen(word);
	if (strchr("+-", *value) && *value)
		number = xasprintf("%lld", atoll(at) + atoll(value));
	made = replaced(text, (size_t)(at - text), word_length(at),
			number ? number : value);
	free(number);
	free(word);
	return made;
}

/* Refused by its name and line, in one line, by everybody who reads such files. */
static void refused(const char *text, size_t len, unsigned int line,
		    const char *says)
{
	char *dir = temp_dir();
	char *where = xasprintf("rtlat: %s/set:%u: ", dir, line);
	struct output output;
	size_t i;

	write_file(dir, "set", text, len);
	for (i = 0; i < 2; i++) {
		if (i)
			run_rtlat(&output, "run --taskset %s/set cpus=0-1", dir);
		else
			run_rtlat(&output, "taskset --check %s/set", dir);
		assert_int_equal(output.status, 1);
		assert_int_equal(count_lines(output.text), 1);
		if (strncmp(output.text, where, strlen(where)) ||
		    !strstr(output.text, says))
			fail_msg("%snot: %s%s", output.text, where, says);
		free(output.text);
	}
	remove_tree(dir);
	free(where);
	free(dir);
}

static void bad_values(void **state)
{
	static const struct {
		unsigned int line;
		const char *key, *value;
		unsigned int said_line;
		const char *says;
	} cases[] = {
		{ HEADER, "distribution", "foo", 0, "distribution=foo: not one of light-uniform|" },
		{ HEADER, "distribution", "", 0, "distribution=: no value" },
		{ HEADER, "tasks_per_cpu", "33", 0, "tasks_per_cpu=33: out of range; range 1..32" },
		{ HEADER, "tasks_per_cpu", "0", 0, "tasks_per_cpu=0: out of range" },
		{ HEADER, "cpus", "0", 0, "cpus=0: not a number of CPUs in the range 1..1024" },
		{ HEADER, "cpus", "1025", 0, "cpus=1025: not a number of CPUs" },
		{ HEADER, "cpus", "0-1", 0, "cpus=0-1: not a number of CPUs" },
		{ HEADER, "seed", "x", 0, "seed=x: not a number" },
		{ HEADER, "seed", "1000000000000000000", 0, "seed=1000000000000000000: " },
		{ HEADER, "period_percent", "0", 0,
		  "period_percent=0: out of range; range 1..100" },
		{ HEADER, "period_percent", "101", 0, "period_percent=101: out of range" },
		{ HEADER, "capacity_ppb", "800000000", 0,
		  "capacity_ppb=800000000: this rtlat fills CPUs to 900000000" },
		{ HEADER, "tasks", "5", 0, "tasks=5: tasks_per_cpu x cpus gives 4" },
		{ CPU0, "cpu", "2", 0, "cpu=2: not a number in the range 0..1" },
		{ CPU0, "cpu", "1", CPU1, "cpu=1 is there twice, first in line 2" },
		{ CPU0, "tasks", "+1", 0, "tasks have cpu=0" },
		{ CPU0, "tasks", "65", 0, "tasks=65: not a number in the range 0..64" },
		{ CPU0, "drawn_ppb", "+1", 0, "the tasks of cpu=0 sum to" },
		{ CPU1, "utilisation_ppb", "900000001", 0,
		  "above the capacity of a CPU; range 0..900000000" },
		{ CPU1, "utilisation_ppb", "-1", 0, "the tasks of cpu=1 sum to" },
		{ CPU0, "scale_ppm", "0", 0, "scale_ppm=0: not a number in the range 1..1000000" },
		{ CPU0, "scale_ppm", "-1", 0, "drawn_ppb=" },
		{ TASK0, "task", "4", 0, "task=4: not a number in the range 0..3" },
		{ TASK0, "task", "1", TASK1, "task=1 is there twice, first in line 4" },
		{ TASK0, "task", "-1", 0, "task=-1: not a number" },
		{ TASK0, "cpu", "2", 0, "cpu=2: not a number in the range 0..1" },
		{ TASK0, "drawn_ppb", "0", 0,
		  "drawn_ppb=0: not a number in the range 1..900000000" },
		{ TASK0, "drawn_ppb", "900000001", 0, "drawn_ppb=900000001: not a number" },
		{ TASK0, "drawn_ppb", "1e8", 0, "drawn_ppb=1e8: not a number" },
		{ TASK0, "utilisation_ppb", "900000000", 0,
		  "utilisation_ppb=900000000: not a number in the range 0.." },
		{ TASK0, "period_ns", "9999999", 0,
		  "period_ns=9999999: not a number in the range 10000000..100000000" },
		{ TASK0, "period_ns", "100000001", 0, "period_ns=100000001: not a number" },
		{ TASK0, "exec_ns", "+1", 0, "utilisation_ppb x period_ns gives" },
		{ TASK0, "exec_ns", "18446744073709551616", 0,
		  "exec_ns=18446744073709551616: not a number" },
	};
	char *good = good_text();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *bad = with_value(good, cases[i].line, cases[i].key,
				       cases[i].value);
		unsigned int line = cases[i].said_line;

		if (!line)
			line = cases[i].line;
		refused(bad, strlen(bad), line, cases[i].says);
		free(bad);
	}
	free(good);
}

/* A task on another CPU than its own: the sums show it. */
static void moved_task(void **state)
{
	char *good = good_text(), *bad;
	const char *at = strstr(good + line_at(good, TASK0), "cpu=") + 4;
	char other[] = "0";

	(void)state;
	if (*at == '0')
		other[0] = '1';
	bad = with_value(good, TASK0, "cpu", other);
	refused(bad, strlen(bad), CPU0, "tasks have cpu=0");
	free(bad);
	free(good);
}

static void bad_lines(void **state)
{
	static const struct {
		const char *with;
		unsigned int line;
		const char *says;
	} cases[] = {
		{ "garbage\n", TASK3 + 1, "garbage: unknown key" },
		{ "foo=1\n", TASK3 + 1, "foo: unknown key" },
		{ "\n", TASK3 + 1, "an empty line" },
		{ "task=0 cpu=0 drawn_ppb=1 utilisation_ppb=0 period_ns=10000000 exec_ns=0\n",
		  TASK3 + 1, "task=0 is there twice, first in line 4" },
		{ "cpu=0 tasks=0 drawn_ppb=0 utilisation_ppb=0 scale_ppm=1000000\n",
		  TASK3 + 1, "cpu=0 is there twice, first in line 2" },
		{ "task=", TASK3 + 1, "the line is cut" },
	};
	char *good = good_text(), *bad;
	size_t i, len = strlen(good);

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bad = xasprintf("%s%s", good, cases[i].with);
		refused(bad, strlen(bad), cases[i].line, cases[i].says);
		free(bad);
	}
	refused("", 0, 1, "the file is empty");
	refused("\n", 1, 1, "an empty line");
	refused(good, len - 1, TASK3, "the line is cut: no newline at its end");
	refused(good, line_at(good, TASK3) + 20, TASK3, "the line is cut");
	refused(good, line_at(good, TASK3), TASK3 - 1, "the file ends and task=3 is missing");
	refused(good, line_at(good, CPU1), CPU0, "the file ends and cpu=1 is missing");
	bad = xstrdup(good);
	bad[line_at(bad, TASK1) + 3] = 0;
	refused(bad, len, TASK1, "a NUL byte");
	free(bad);
	/* the first line is not the first */
	refused(good + line_at(good, CPU0), len - line_at(good, CPU0), 1,
		"cpu: unknown key");
	free(good);
}

static void bad_words(void **state)
{
	static const struct {
		unsigned int line;
		const char *word, *with, *says;
	} cases[] = {
		{ HEADER, " seed=", " sede=", "sede: unknown key" },
		{ HEADER, " seed=", " seed=1 seed=", "seed= is there twice" },
		{ HEADER, " seed=7", "", "seed= is missing" },
		{ HEADER, " seed=", " now seed=", "now: not of the form key=value" },
		{ CPU0, " scale_ppm=", " scale=", "scale: unknown key" },
		{ CPU1, " tasks=", " tasks=1 tasks=", "tasks= is there twice" },
		{ TASK0, " exec_ns=", " exec_us=", "exec_us: unknown key" },
		{ TASK1, " period_ns=", " period_ns=1 period_ns=", "period_ns= is there twice" },
		{ TASK1, " period_ns=", " period_ns", "not of the form key=value" },
	};
	char *good = good_text();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *at = strstr(good + line_at(good, cases[i].line),
					cases[i].word);
		char *bad;

		assert_non_null(at);
		bad = replaced(good, (size_t)(at - good), strlen(cases[i].word),
			       cases[i].with);
		refused(bad, strlen(bad), cases[i].line, cases[i].says);
		free(bad);
	}
	free(good);
}

/* Nothing contradicts itself in them; but no seed gives them. */
static void sets_of_no_seed(void **state)
{
	char *good = good_text(), *bad;

	(void)state;
	bad = with_value(good, HEADER, "seed", "8");
	refused(bad, strlen(bad), CPU0, "not what distribution and seed give: cpu=0");
	free(bad);
	bad = with_value(good, HEADER, "distribution", "light-uniform");
	refused(bad, strlen(bad), CPU0, "not what distribution and seed give");
	free(bad);
	bad = replaced(good, line_at(good, TASK1) + strlen("task=1"), 1, "  ");
	refused(bad, strlen(bad), TASK1, "not what distribution and seed give: task=1");
	free(bad);
	free(good);
}

static void printed_saved_checked(void **state)
{
	char *dir = temp_dir(), *path = xasprintf("%s/set", dir);
	char *good = good_text(), *text;
	struct output output;

	(void)state;
	run_rtlat(&output, "taskset " SET);
	assert_int_equal(output.status, 0);
	assert_string_equal(output.text, good);
	free(output.text);
	run_rtlat(&output, "taskset --save %s " SET, path);
	assert_int_equal(output.status, 0);
	assert_string_equal(output.text, "");
	free(output.text);
	text = read_text(path, NULL);
	assert_string_equal(text, good);
	free(text);
	run_rtlat(&output, "taskset --check %s", path);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "4 tasks on 2 CPUs"));
	free(output.text);
	/* a bad word loses nothing that was there */
	run_rtlat(&output, "taskset --save %s seed=x", path);
	assert_int_equal(output.status, 1);
	free(output.text);
	text = read_text(path, NULL);
	assert_string_equal(text, good);
	free(text);
	free(good);
	remove_tree(dir);
	free(path);
	free(dir);
}

static void bad_arguments(void **state)
{
	static const struct {
		const char *arguments, *says;
	} cases[] = {
		{ "taskset foo=1", "foo: a task set has no such key" },
		{ "taskset mode=timer", "mode: a task set has no such key" },
		{ "taskset seed", "seed: not of the form NAME=VALUE" },
		{ "taskset cpus=0,1", "cpus=0,1: not a number of CPUs" },
		{ "taskset --check /dev/null", "/dev/null:1: the file is empty" },
		{ "taskset --check /tmp/none/such", "/tmp/none/such: No such file" },
		{ "taskset --check /tmp/none/such seed=1", "goes with nothing else" },
		{ "taskset --save /tmp/none/such", "cannot write /tmp/none/such" },
		{ "taskset --statistics 1", "--statistics 1: not a number" },
		{ "run --taskset /tmp/none/such", "/tmp/none/such: No such file" },
	};
	struct output output;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		run_rtlat(&output, "%s", cases[i].arguments);
		assert_int_equal(output.status, 1);
		assert_int_equal(count_lines(output.text), 1);
		assert_non_null(strstr(output.text, cases[i].says));
		free(output.text);
	}
}

/* What the file gives and what the command line gives are one set. */
static void runs_that_contradict_the_file(void **state)
{
	static const struct {
		const char *words, *says;
	} cases[] = {
		{ "cpus=0-1 seed=8", "seed=: contradicts --taskset" },
		{ "cpus=0-1 mode=timer", "mode=: contradicts --taskset" },
		{ "cpus=0-1 distribution=light-uniform", "distribution=: contradicts" },
		{ "cpus=0-1 period_percent=10", "period_percent=: contradicts" },
		{ "cpus=0-1 tasks_per_cpu=3", "tasks_per_cpu=: contradicts" },
		{ "cpus=0", "a set for 2 CPUs, and the run has 1; give cpus=" },
		{ "cpus=0-2", "a set for 2 CPUs, and the run has 3" },
		{ "cpus=0-", "cpus=0-: not a list of CPUs" },
		{ "cpus=0-1 seed=7 tasks=3", "tasks=3: contradicts mode=taskset" },
	};
	char *dir = temp_dir();
	struct output output;
	size_t i;

	(void)state;
	run_rtlat(&output, "taskset --save %s/set " SET, dir);
	assert_int_equal(output.status, 0);
	free(output.text);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		run_rtlat(&output, "run --taskset %s/set %s", dir, cases[i].words);
		assert_int_equal(output.status, 1);
		assert_int_equal(count_lines(output.text), 1);
		assert_non_null(strstr(output.text, cases[i].says));
		free(output.text);
	}
	remove_tree(dir);
	free(dir);
}

static void statistics_are_printed(void **state)
{
	struct output output;
	u32 i;

	(void)state;
	run_rtlat(&output, "taskset --statistics 1000");
	assert_int_equal(output.status, 0);
	for (i = 0; i < RTLAT_NR_DISTRIBUTIONS; i++)
		assert_non_null(strstr(output.text, rtlat_distribution_names[i]));
	free(output.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_values),
		cmocka_unit_test(moved_task),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(sets_of_no_seed),
		cmocka_unit_test(printed_saved_checked),
		cmocka_unit_test(bad_arguments),
		cmocka_unit_test(runs_that_contradict_the_file),
		cmocka_unit_test(statistics_are_printed),
	};

	return cmocka_run_group_tests_name("taskset-file", tests, NULL, NULL);
}
