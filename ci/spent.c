// SPDX-License-Identifier: GPL-2.0
/*
 * What a CPU spends on everything but this program: a loop that reads the TSC, on
 * a clock that counts instructions. A turn takes the same number of them each
 * time; where it takes more, something else ran, for as many as are too much.
 * Nothing is sampled or estimated: the sum is exact.
 *
 * usage: spent CPU WINDOW_US [FILE]
 *	runs on that CPU at the lowest priority, for that long; it begins when the
 *	first interruption is over, so that a window of N periods has N releases.
 *	Prints gaps, their sum, smallest, median and largest, in ns, on one line;
 *	FILE gets one line for each length: NS TIMES
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <x86intrin.h>

/* No interruption is this short; what is done between two is shorter. */
#define TURN		8	/* instructions */
#define NOT_A_TURN	100
#define WARM_GAPS	64
#define MAX_GAPS	(1 << 20)

static uint32_t gap_ns[MAX_GAPS];

static int by_length(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static long parse_number(const char *text, const char *what)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || *end || end == text || value < 0) {
		fprintf(stderr, "spent: %s: not a number for %s\n", text, what);
		exit(1);
	}
	return value;
}

static int lowest(long cpu)
{
	const struct sched_param none = { 0 };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) ||
	    sched_setscheduler(0, SCHED_IDLE, &none) ||
	    mlockall(MCL_CURRENT | MCL_FUTURE)) {
		perror("spent");
		return -1;
	}
	/* no page is touched for the first time in the window */
	memset(gap_ns, 1, sizeof(gap_ns));
	return 0;
}

/*
 * Turns until one takes longer than @most. Return: how long it took; @at: when the
 * last one ended.
 */
static uint64_t turns(uint64_t *at, uint64_t most)
{
	uint64_t before, now = *at, took;

	asm volatile("1:	mov %[now], %[before]\n\t"
		     "rdtsc\n\t"
		     "shl $32, %%rdx\n\t"
		     "or %%rdx, %%rax\n\t"
		     "mov %%rax, %[now]\n\t"
		     "sub %[before], %%rax\n\t"
		     "cmp %[most], %%rax\n\t"
		     "jbe 1b"
		     : [before] "=&r" (before), [now] "+&r" (now), "=&a" (took)
		     : [most] "r" (most)
		     : "rdx", "cc");
	*at = now;
	return took;
}

int main(int argc, char **argv)
{
	uint64_t at, end = UINT64_MAX, window, sum = 0;
	unsigned int warm = WARM_GAPS, gaps = 0, i;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: spent CPU WINDOW_US [FILE]\n");
		return 1;
	}
	window = parse_number(argv[2], "WINDOW_US") * 1000;
	if (lowest(parse_number(argv[1], "CPU")))
		return 1;
	at = __rdtsc();
	while (at < end && gaps < MAX_GAPS) {
		uint64_t gap = turns(&at, TURN + NOT_A_TURN);

		if (!warm)
			gap_ns[gaps++] = gap - TURN;
		else if (!--warm)
			end = at + window;
	}
	if (!gaps || gaps == MAX_GAPS) {
		fprintf(stderr, "spent: %u interruptions\n", gaps);
		return 1;
	}
	for (i = 0; i < gaps; i++)
		sum += gap_ns[i];
	qsort(gap_ns, gaps, sizeof(*gap_ns), by_length);
	printf("gaps=%u sum_ns=%llu min_ns=%u median_ns=%u max_ns=%u\n",
	       gaps, (unsigned long long)sum, gap_ns[0], gap_ns[gaps / 2],
	       gap_ns[gaps - 1]);
	if (argc == 4) {
		FILE *file = fopen(argv[3], "w");
		unsigned int same = 0;

		if (!file) {
			perror(argv[3]);
			return 1;
		}
		for (i = 0; i < gaps; i++) {
			same++;
			if (i + 1 < gaps && gap_ns[i + 1] == gap_ns[i])
				continue;
			fprintf(file, "%u %u\n", gap_ns[i], same);
			same = 0;
		}
		if (fclose(file)) {
			perror(argv[3]);
			return 1;
		}
	}
	return 0;
}
