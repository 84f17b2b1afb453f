// SPDX-License-Identifier: GPL-2.0
/* Background load: CPU lists, sizes, and what its processes are. */

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/cpulist.h"
#include "run/load.h"

#define MIB	(1ULL << 20)

static void cpu_lists(void **state)
{
	static const struct {
		const char *text;
		unsigned int nr, cpu[6];
	} good[] = {
		{ "0", 1, { 0 } },
		{ "0,2-3", 3, { 0, 2, 3 } },
		{ "3,1,2-3", 3, { 1, 2, 3 } },
		{ "0-9:2/4", 6, { 0, 1, 4, 5, 8, 9 } },
		{ "8191", 1, { 8191 } },
	};
	static const char *const bad[] = {
		"", ",", "0,", ",0", "x", "1x", "1-", "-1", "2-1", "8192",
		"99999999999999999999", "0 1", "0-3:0/4", "0-3:5/4", "0-3:1",
		"0:1/2",
	};
	struct cpulist list;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct problem problem = { "" };

		assert_int_equal(cpulist_parse(&list, good[i].text, &problem), 0);
		assert_int_equal(list.nr, good[i].nr);
		assert_memory_equal(list.cpu, good[i].cpu,
				    list.nr * sizeof(*list.cpu));
		cpulist_free(&list);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct problem problem = { "" };

		assert_int_equal(cpulist_parse(&list, bad[i], &problem), -EINVAL);
		assert_int_equal(strncmp(problem.text, bad[i], strlen(bad[i])), 0);
		assert_non_null(strstr(problem.text, "0..8191"));
		assert_int_equal(list.nr, 0);
	}
}

static void sizes(void **state)
{
	(void)state;
	/* at least twice the cache, and a power of two */
	assert_int_equal(load_array_bytes(16 * MIB, 1024 * MIB, 2), 32 * MIB);
	assert_int_equal(load_array_bytes(20 * MIB, 1024 * MIB, 2), 64 * MIB);
	/* never smaller than 8 MiB for want of a cache */
	assert_int_equal(load_array_bytes(512 * 1024, 1024 * MIB, 2), 8 * MIB);
	/* a quarter of the memory for all of them */
	assert_int_equal(load_array_bytes(16 * MIB, 160 * MIB, 2), 16 * MIB);
	assert_int_equal(load_array_bytes(16 * MIB, 32 * MIB, 4), 2 * MIB);
	assert_int_equal(load_array_bytes(16 * MIB, 0, 2), 8 * MIB);
}

/* Once in a round, whatever the array's size: else a part of it stays cold. */
static void every_line_is_walked(void **state)
{
	u64 lines;

	(void)state;
	for (lines = 1; lines <= 1 << 16; lines *= 2) {
		unsigned char *seen = xcalloc(lines, 1);
		u64 line = 0, i, near = 0;

		for (i = 0; i < lines; i++) {
			u64 next = load_next_line(line, lines);

			assert_true(next < lines);
			assert_int_equal(seen[next], 0);
			seen[next] = 1;
			near += next - line + 8 <= 16;
			line = next;
		}
		assert_int_equal(line, 0);
		/* and in no order that a prefetcher could follow */
		if (lines >= 1024)
			assert_true(near * 10 < lines);
		free(seen);
	}
}

/* A line of /proc/PID/status, in KiB or as a number. */
static unsigned long proc_number(pid_t pid, const char *key)
{
	char *path = xasprintf("/proc/%d/status", (int)pid);
	char *text = read_text(path, NULL);
	const char *line;
	unsigned long number;

	assert_non_null(text);
	line = strstr(text, key);
	assert_non_null(line);
	number = strtoul(line + strlen(key), NULL, 10);
	free(text);
	free(path);
	return number;
}

static unsigned int first_cpu(void)
{
	unsigned int cpu;
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	for (cpu = 0; !CPU_ISSET(cpu, &set); cpu++)
		;
	return cpu;
}

static void is_load(pid_t pid, unsigned int cpu, u64 bytes)
{
	cpu_set_t set;

	assert_int_equal(sched_getscheduler(pid), SCHED_IDLE);
	assert_int_equal(sched_getaffinity(pid, sizeof(set), &set), 0);
	assert_int_equal(CPU_COUNT(&set), 1);
	assert_true(CPU_ISSET(cpu, &set));
	assert_true(proc_number(pid, "VmRSS:") >= bytes / 1024);
}

static void processes_are_pinned_idle_and_gone(void **state)
{
	unsigned int cpu = first_cpu();
	char *list = xasprintf("%u", cpu);
	struct load load;
	json_t *json;
	pid_t pid;

	(void)state;
	assert_int_equal(load_start(&load, list, 4 * MIB), 0);
	assert_int_equal(load.cpus.nr, 1);
	pid = load.pid[0];
	is_load(pid, cpu, 4 * MIB);
	assert_int_equal(load_stop(&load), 0);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	assert_true(load.cpu_us > 0);
	json = load_json(&load);
	assert_int_equal(json_integer_value(json_object_get(json, "processes")), 1);
	assert_int_equal(json_integer_value(json_object_get(json, "array_bytes")),
			 4 * MIB);
	json_decref(json);
	load_free(&load);
	free(list);
}

static void one_that_ended_early_is_said(void **state)
{
	char *list = xasprintf("%u", first_cpu());
	siginfo_t info;
	struct load load;

	(void)state;
	assert_int_equal(load_start(&load, list, MIB), 0);
	kill(load.pid[0], SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)load.pid[0], &info,
				WEXITED | WNOWAIT), 0);
	assert_int_equal(load_stop(&load), -ECHILD);
	load_free(&load);
	free(list);
}

static void a_cpu_that_is_not_there(void **state)
{
	struct load load;

	(void)state;
	assert_int_equal(load_start(&load, "8191", MIB), -EINVAL);
	load_free(&load);
}

/* Processes whose parent this is, into @pid: at most @room. */
static unsigned int children_of(pid_t parent, pid_t *pid, unsigned int room)
{
	char *path = xasprintf("/proc/%d/task/%d/children", (int)parent,
			       (int)parent);
	char *text = read_text(path, NULL), *at = text;
	unsigned int nr = 0;

	assert_non_null(text);
	while (nr < room && *at) {
		pid[nr++] = (pid_t)strtol(at, &at, 10);
		at += !!*at;
	}
	free(text);
	free(path);
	return nr;
}

/* Ended as @how says, the command leaves no process behind. */
static void none_stays(int how, int expected)
{
	char *list = xasprintf("%u", first_cpu());
	int status, pipes[2];
	char line[256] = "";
	pid_t rtlat, pid = 0;

	/* what the command leaves behind becomes ours */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe(pipes), 0);
	rtlat = fork();
	if (!rtlat) {
		dup2(pipes[1], STDERR_FILENO);
		execl(getenv("RTLAT"), "rtlat", "load", "--cpus", list,
		      "--bytes", "1048576", NULL);
		_exit(127);
	}
	close(pipes[1]);
	assert_true(read(pipes[0], line, sizeof(line) - 1) > 0);
	assert_non_null(strstr(line, "processes: 1, each walks 1024 KiB"));
	assert_int_equal(children_of(rtlat, &pid, 1), 1);
	is_load(pid, first_cpu(), MIB);
	kill(rtlat, how);
	assert_int_equal(waitpid(rtlat, &status, 0), rtlat);
	assert_int_equal(status, expected);
	/* the load never ends by itself */
	alarm(60);
	if (waitpid(pid, &status, 0) == pid)
		assert_int_equal(status, SIGKILL);
	alarm(0);
	assert_int_equal(kill(pid, 0), -1);
	close(pipes[0]);
	free(list);
}

static void none_stays_when_interrupted(void **state)
{
	(void)state;
	none_stays(SIGINT, 0);
}

static void none_stays_when_killed(void **state)
{
	(void)state;
	none_stays(SIGKILL, SIGKILL);
}

static void bad_options(void **state)
{
	static const struct {
		const char *arguments, *says;
	} cases[] = {
		{ "load --cpus 1-", "1-: not a list of CPUs" },
		{ "load --cpus 8191", "cannot be pinned" },
		{ "load --bytes 5000", "--bytes 5000: not a power of two" },
		{ "load --bytes 1", "range 4096.." },
		{ "load now", "now: rtlat load takes options only" },
		{ "tick --interval-us 9", "range 10..1000000" },
		{ "tick now", "now: rtlat tick takes options only" },
		{ "run --set x mode=timer", "--set x: not a number" },
		{ "run --load=1 mode=timer", "--load" },
	};
	struct output output;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		run_rtlat(&output, "%s", cases[i].arguments);
		assert_int_equal(output.status, 1);
		assert_non_null(strstr(output.text, cases[i].says));
		free(output.text);
	}
}

/* What is no file is not waited for, and nothing is said to be printed that was not. */
static void fifo_and_full_output(void **state)
{
	char *dir = temp_dir(), *fifo = xasprintf("%s/fifo", dir);
	struct output output;

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	run_rtlat(&output, "report %s", fifo);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "/fifo: not a regular file\n"));
	free(output.text);
	run_rtlat(&output, "--help >/dev/full");
	assert_int_equal(output.status, 1);
	assert_string_equal(output.text,
			    "rtlat: cannot write the output: No space left on device\n");
	free(output.text);
	remove_tree(dir);
	free(fifo);
	free(dir);
}

/* However many processes do not get up, one line says why. */
static void one_line_for_all(void **state)
{
	struct output output;

	(void)state;
	run_rtlat(&output, "load --cpus 0,8180-8191 --bytes 4096");
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, "background load: the process of CPU 81"));
	free(output.text);
}

static void a_skipped_cell_has_set_and_load(void **state)
{
	char *dir = temp_dir(), *path = xasprintf("%s/cell/summary.json", dir);
	struct output output;
	json_t *json, *workload;

	(void)state;
	run_rtlat(&output, "skip --out %s/cell --reason why --set 4 --load mode=taskset",
		  dir);
	assert_int_equal(output.status, 0);
	free(output.text);
	json = json_load_file(path, 0, NULL);
	workload = json_object_get(json, "workload");
	assert_int_equal(json_integer_value(json_object_get(workload, "set")), 4);
	assert_true(json_is_true(json_object_get(workload, "load")));
	json_decref(json);
	remove_tree(dir);
	free(path);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpu_lists),
		cmocka_unit_test(sizes),
		cmocka_unit_test(every_line_is_walked),
		cmocka_unit_test(processes_are_pinned_idle_and_gone),
		cmocka_unit_test(one_that_ended_early_is_said),
		cmocka_unit_test(a_cpu_that_is_not_there),
		cmocka_unit_test(none_stays_when_interrupted),
		cmocka_unit_test(none_stays_when_killed),
		cmocka_unit_test(bad_options),
		cmocka_unit_test(one_line_for_all),
		cmocka_unit_test(fifo_and_full_output),
		cmocka_unit_test(a_skipped_cell_has_set_and_load),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
