// SPDX-License-Identifier: GPL-2.0
/* Background load: a process on each CPU that thrashes caches and memory. */

#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "run/facts.h"
#include "run/load.h"

/* All arrays together take at most this part of the memory that is free. */
#define MEMORY_SHARE	4

/* What a process of the load says when it is up, or why it is not. */
enum { STEP_MEMORY, STEP_PIN, STEP_IDLE, STEP_UP };

static const char *const step_texts[] = {
	[STEP_MEMORY] = "get its array",
	[STEP_PIN] = "be pinned",
	[STEP_IDLE] = "become SCHED_IDLE",
};

struct step {
	unsigned int what;
	int error;
	unsigned int cpu;
};

/**
 * load_array_bytes - array that each process walks
 * @cache_bytes: last-level cache
 * @available_bytes: memory that is free; 0: not known
 * @nr: processes
 *
 * Return: twice the cache and at least LOAD_LEAST_BYTES, but no more than a
 * share of the memory; a power of two, so that load_next_line() can walk it.
 */
u64 load_array_bytes(u64 cache_bytes, u64 available_bytes, unsigned int nr)
{
	u64 most = available_bytes ? available_bytes / MEMORY_SHARE / (nr ? nr : 1) :
		   LOAD_LEAST_BYTES;
	u64 bytes = LOAD_LEAST_BYTES;

	while (bytes < 2 * cache_bytes)
		bytes *= 2;
	while (bytes > most && bytes > LOAD_LINE_BYTES)
		bytes /= 2;
	return bytes;
}

/**
 * load_next_line - the line that is walked next
 * @line: this one
 * @lines: of the array, a power of two
 *
 * A linear congruential generator of full period (Hull and Dobell: the factor
 * is 1 modulo 4, the addend odd): every line once in a round, in an order that
 * no prefetcher follows, and the next address does not wait for this line.
 *
 * Return: its index, below @lines.
 */
u64 load_next_line(u64 line, u64 lines)
{
	return (line * 6364136223846793005ULL + 1442695040888963407ULL) &
	       (lines - 1);
}

static _Noreturn void walk(u64 *array, u64 bytes)
{
	const u64 lines = bytes / LOAD_LINE_BYTES;
	u64 line = 0, round = 0;

	for (;;) {
		u64 *at = &array[line * (LOAD_LINE_BYTES / sizeof(*array))];

		/* read and written, and never optimised away */
		round += __atomic_load_n(at, __ATOMIC_RELAXED);
		__atomic_store_n(at, round, __ATOMIC_RELAXED);
		line = load_next_line(line, lines);
	}
}

static int pin(unsigned int cpu)
{
	cpu_set_t *set = CPU_ALLOC(cpu + 1);
	size_t size = CPU_ALLOC_SIZE(cpu + 1);
	int ret;

	if (!set)
		return -1;
	CPU_ZERO_S(size, set);
	CPU_SET_S(cpu, size, set);
	ret = sched_setaffinity(0, size, set);
	CPU_FREE(set);
	return ret;
}

/*
 * SCHED_IDLE is below every nice value, which it ignores. The array is touched
 * in that class already, so that nothing is disturbed before the run.
 */
static void *prepare(unsigned int cpu, u64 bytes, struct step *step)
{
	struct sched_param param = { .sched_priority = 0 };
	u64 *array, at;

	step->what = STEP_PIN;
	if (pin(cpu))
		return NULL;
	step->what = STEP_IDLE;
	if (sched_setscheduler(0, SCHED_IDLE, &param))
		return NULL;
	step->what = STEP_MEMORY;
	array = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (array == MAP_FAILED)
		return NULL;
	for (at = 0; at < bytes; at += LOAD_LINE_BYTES)
		array[at / sizeof(*array)] = at;
	step->what = STEP_UP;
	return array;
}

static _Noreturn void thrash(unsigned int cpu, u64 bytes, pid_t parent, int say)
{
	struct step step = { .what = STEP_UP, .cpu = cpu };
	void *array;

	say = child_begin(parent, "rtlat-load", say);
	array = prepare(cpu, bytes, &step);
	if (!array)
		step.error = errno;
	write_all(say, &step, sizeof(step));
	if (!array)
		_exit(1);
	close(say);
	walk(array, bytes);
}

/* The last-level cache of a CPU, or 0. */
static u64 cache_bytes_of(unsigned int cpu)
{
	unsigned long long largest = 0;
	unsigned int index;
	long said;

	for (index = 0;; index++) {
		char *path = xasprintf("/sys/devices/system/cpu/cpu%u/cache/index%u/size",
				       cpu, index);
		char *text = read_word(path);
		unsigned long long kib = 0;

		free(path);
		if (!text)
			break;
		/* the kernel always gives KiB */
		if (sscanf(text, "%lluK", &kib) == 1 && kib * 1024 > largest)
			largest = kib * 1024;
		free(text);
	}
	if (largest)
		return largest;
	said = sysconf(_SC_LEVEL3_CACHE_SIZE);
	if (said <= 0)
		said = sysconf(_SC_LEVEL2_CACHE_SIZE);
	return said > 0 ? (u64)said : 0;
}

static int choose_cpus(struct load *load, const char *cpus)
{
	struct problem problem = { "" };
	char *online = NULL;
	int ret;

	if (!*cpus) {
		online = read_word("/sys/devices/system/cpu/online");
		cpus = online ? online : "0";
	}
	ret = cpulist_parse(&load->cpus, cpus, &problem);
	if (ret)
		complain("background load: %s", problem.text);
	free(online);
	return ret;
}

static void choose_bytes(struct load *load, u64 bytes)
{
	unsigned int i;

	for (i = 0; i < load->cpus.nr; i++) {
		u64 cache = cache_bytes_of(load->cpus.cpu[i]);

		if (cache > load->cache_bytes)
			load->cache_bytes = cache;
	}
	load->cache_known = load->cache_bytes != 0;
	if (!load->cache_known)
		load->cache_bytes = LOAD_CACHE_BYTES;
	load->bytes = bytes ? bytes :
		      load_array_bytes(load->cache_bytes,
				       facts_available_kib() * 1024,
				       load->cpus.nr);
}

/* Until all of them are up, or the first that is not. */
static int wait_up(const struct load *load, int from)
{
	unsigned int up;

	for (up = 0; up < load->cpus.nr; up++) {
		struct step step = { .what = STEP_UP };
		ssize_t got;

		do {
			got = read(from, &step, sizeof(step));
		} while (got < 0 && errno == EINTR && !stop_wanted());
		if (got < 0 && errno == EINTR)
			return -EINTR;
		if (got != sizeof(step)) {
			complain("background load: a process ended before it was up");
			return -ECHILD;
		}
		if (step.what != STEP_UP) {
			complain("background load: the process of CPU %u cannot %s: %s",
				 step.cpu, step_texts[step.what], strerror(step.error));
			return -step.error;
		}
	}
	return 0;
}

/* The end of a process, and the CPU time that it had. */
static u64 wait_cpu_us(pid_t pid)
{
	struct rusage usage = { 0 };

	while (wait4(pid, NULL, 0, &usage) < 0 && errno == EINTR)
		;
	return (u64)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       (u64)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void end_processes(struct load *load)
{
	unsigned int i;

	for (i = 0; i < load->cpus.nr; i++)
		if (load->pid[i])
			kill(load->pid[i], SIGKILL);
	for (i = 0; i < load->cpus.nr; i++)
		if (load->pid[i])
			load->cpu_us += wait_cpu_us(load->pid[i]);
	free(load->pid);
	load->pid = NULL;
}

/**
 * load_start - switch the load on
 * @load: receives what load_stop() needs; after an error no process is left
 * @cpus: CPU list, empty: all that are online
 * @bytes: array of each process, a power of two; 0: load_array_bytes()
 *
 * Returns when every process is pinned, SCHED_IDLE and has its array in memory.
 *
 * Return: 0; -EINTR when stop_wanted(); else -errno after a line that says why.
 */
int load_start(struct load *load, const char *cpus, u64 bytes)
{
	const pid_t parent = getpid();
	unsigned int i;
	int pipes[2];
	int ret;

	memset(load, 0, sizeof(*load));
	ret = choose_cpus(load, cpus);
	if (ret)
		return ret;
	choose_bytes(load, bytes);
	load->pid = xcalloc(load->cpus.nr, sizeof(*load->pid));
	if (pipe(pipes)) {
		ret = -errno;
		complain("background load: no pipe: %s", strerror(errno));
		return ret;
	}
	fflush(NULL);
	for (i = 0; i < load->cpus.nr && !ret; i++) {
		load->pid[i] = fork();
		if (!load->pid[i])
			thrash(load->cpus.cpu[i], load->bytes, parent, pipes[1]);
		if (load->pid[i] < 0) {
			ret = -errno;
			load->pid[i] = 0;
			complain("background load: no process: %s",
				 strerror(-ret));
		}
	}
	close(pipes[1]);
	if (!ret)
		ret = wait_up(load, pipes[0]);
	close(pipes[0]);
	/* what it was has been said; that the others did not get up is no news */
	if (ret)
		end_processes(load);
	return ret;
}

/**
 * load_stop - switch the load off
 * @load: of load_start(), or all zero
 *
 * Return: 0; -ECHILD, after a line that says so, when a process had ended
 * before: then the load was not on all the time.
 */
int load_stop(struct load *load)
{
	unsigned int i, early = 0, first = 0;

	if (!load->pid)
		return 0;
	for (i = 0; i < load->cpus.nr; i++) {
		if (!load->pid[i] || !waitpid(load->pid[i], NULL, WNOHANG))
			continue;
		load->pid[i] = 0;
		if (!early++)
			first = load->cpus.cpu[i];
	}
	end_processes(load);
	if (!early)
		return 0;
	complain("background load: %u of %u processes ended early, the first one that of CPU %u",
		 early, load->cpus.nr, first);
	return -ECHILD;
}

/**
 * load_free - switch the load off and free what it holds
 * @load: of load_start(), or all zero
 */
void load_free(struct load *load)
{
	load_stop(load);
	cpulist_free(&load->cpus);
}

/**
 * load_print - say what the load is
 * @load: load that is on
 */
void load_print(const struct load *load)
{
	fprintf(stderr, "rtlat: background load: processes: %u, each walks %" PRIu64
		" KiB (last-level cache: %" PRIu64 " KiB%s)\n",
		load->cpus.nr, load->bytes / 1024, load->cache_bytes / 1024,
		load->cache_known ? "" : ", assumed: the machine does not say");
}

/**
 * load_json - what the load was, for the cell
 * @load: load that was on, or all zero
 *
 * Return: JSON object, null when there was no load.
 */
json_t *load_json(const struct load *load)
{
	json_t *json;

	if (!load->cpus.nr)
		return json_null();
	json = json_object();
	json_object_set_new(json, "processes",
			    json_integer((json_int_t)load->cpus.nr));
	json_object_set_new(json, "array_bytes",
			    json_integer((json_int_t)load->bytes));
	json_object_set_new(json, "cache_bytes", load->cache_known ?
			    json_integer((json_int_t)load->cache_bytes) :
			    json_null());
	json_object_set_new(json, "cpu_us",
			    json_integer((json_int_t)load->cpu_us));
	return json;
}
