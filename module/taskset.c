// SPDX-License-Identifier: GPL-2.0
/* Task sets: draw, partition, scale. Pure, see pure.h. */

#include "params.h"
#include "taskset.h"

#define RTLAT_UNPLACED	(~0U)

const struct rtlat_distribution_desc
rtlat_distributions[RTLAT_NR_DISTRIBUTIONS] = {
	[RTLAT_DIST_LIGHT_UNIFORM] = {
		.light_ninths = 9,
		.light_min_ppb = 1000000, .light_max_ppb = 100000000,
	},
	[RTLAT_DIST_LIGHT_BIMODAL] = {
		.light_ninths = 8,
		.light_min_ppb = 1000000, .light_max_ppb = 500000000,
		.heavy_min_ppb = 500000000, .heavy_max_ppb = 900000000,
	},
	[RTLAT_DIST_LIGHT_EXPONENTIAL] = {
		.mean_ppb = 100000000,
	},
	[RTLAT_DIST_MEDIUM_UNIFORM] = {
		.light_ninths = 9,
		.light_min_ppb = 100000000, .light_max_ppb = 400000000,
	},
	[RTLAT_DIST_MEDIUM_BIMODAL] = {
		.light_ninths = 6,
		.light_min_ppb = 1000000, .light_max_ppb = 500000000,
		.heavy_min_ppb = 500000000, .heavy_max_ppb = 900000000,
	},
};

/**
 * rtlat_random - next of a sequence of uniform 64-bit numbers
 * @state: of the sequence; any number starts one
 *
 * SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators" (OOPSLA 2014).
 *
 * Return: the number.
 */
u64 rtlat_random(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* A number below @below, uniform to within 2^-32 of its probability. */
static u32 rtlat_below(u32 below, u64 *state)
{
	return ((__uint128_t)rtlat_random(state) * below) >> 64;
}

static u32 rtlat_uniform(u32 min, u32 max, u64 *state)
{
	return min + rtlat_below(max - min + 1, state);
}

/*
 * Exponential without a logarithm: von Neumann, "Various techniques used in
 * connection with random digits" (1951). The first number of a descending run
 * is the fraction when the run's length is odd; every run before it that was
 * even adds one mean.
 */
static u64 rtlat_exponential(u32 mean, u64 *state)
{
	u64 whole = 0;

	for (;;) {
		const u64 first = rtlat_random(state);
		u64 last = first, next = rtlat_random(state);
		bool odd = true;

		while (next < last) {
			odd = !odd;
			last = next;
			next = rtlat_random(state);
		}
		if (odd)
			return whole + (u64)(((__uint128_t)first * mean) >> 64);
		whole += mean;
	}
}

/**
 * rtlat_draw_ppb - draw a utilisation
 * @dist: distribution
 * @state: of rtlat_random()
 *
 * Return: parts per billion of a CPU, 1 to RTLAT_CAPACITY_PPB.
 */
u32 rtlat_draw_ppb(const struct rtlat_distribution_desc *dist, u64 *state)
{
	u64 ppb;

	if (dist->mean_ppb) {
		do {
			ppb = rtlat_exponential(dist->mean_ppb, state);
		} while (!ppb || ppb > RTLAT_CAPACITY_PPB);
		return ppb;
	}
	if (dist->light_ninths == 9 ||
	    rtlat_below(9, state) < dist->light_ninths)
		return rtlat_uniform(dist->light_min_ppb, dist->light_max_ppb,
				     state);
	return rtlat_uniform(dist->heavy_min_ppb, dist->heavy_max_ppb, state);
}

/* The unplaced task that asks for most, the first of equals. */
static struct rtlat_taskset_task *rtlat_largest(const struct rtlat_taskset *set)
{
	struct rtlat_taskset_task *largest = NULL;
	u32 i;

	for (i = 0; i < rtlat_taskset_size(set); i++) {
		struct rtlat_taskset_task *task = &set->tasks[i];

		if (task->cpu == RTLAT_UNPLACED &&
		    (!largest || task->drawn_ppb > largest->drawn_ppb))
			largest = task;
	}
	return largest;
}

/* The CPU with most room, the first of equals, of those with a place left. */
static u32 rtlat_emptiest(const struct rtlat_taskset *set)
{
	u32 i, emptiest = RTLAT_UNPLACED;

	for (i = 0; i < set->nr_cpus; i++)
		if (set->cpus[i].nr_tasks < RTLAT_MAX_TASKS &&
		    (emptiest == RTLAT_UNPLACED ||
		     set->cpus[i].drawn_ppb < set->cpus[emptiest].drawn_ppb))
			emptiest = i;
	return emptiest;
}

/**
 * rtlat_taskset_make - draw a set, give its tasks to CPUs, scale it
 * @set: everything but the tasks and CPUs, for which it has room
 *
 * Utilisations and periods are drawn in turn; the tasks are given to CPUs worst
 * fit, decreasing; where a CPU's tasks ask for more than its capacity they are
 * scaled down to it.
 *
 * Return: 0, or -EINVAL for numbers out of range.
 */
int rtlat_taskset_make(struct rtlat_taskset *set)
{
	const u32 size = rtlat_taskset_size(set);
	u64 state = set->seed;
	u32 i;

	if (set->distribution >= RTLAT_NR_DISTRIBUTIONS || !size ||
	    set->tasks_per_cpu > RTLAT_MAX_TASKS ||
	    !set->period_percent || set->period_percent > 100)
		return -EINVAL;
	/* sets of the same seed have no draws in common */
	state = rtlat_random(&state) ^ set->distribution;
	state = rtlat_random(&state) ^ set->tasks_per_cpu;
	state = rtlat_random(&state) ^ set->nr_cpus;

	memset(set->cpus, 0, set->nr_cpus * sizeof(*set->cpus));
	for (i = 0; i < size; i++) {
		struct rtlat_taskset_task *task = &set->tasks[i];
		u32 period_us;

		task->cpu = RTLAT_UNPLACED;
		task->drawn_ppb =
			rtlat_draw_ppb(&rtlat_distributions[set->distribution],
				       &state);
		period_us = rtlat_uniform(RTLAT_PERIOD_MIN_US,
					  RTLAT_PERIOD_MAX_US, &state);
		/* 1000 ns in a us, 100 percent in a whole */
		task->period_ns = (u64)period_us * 10 * set->period_percent;
	}
	for (i = 0; i < size; i++) {
		struct rtlat_taskset_task *task = rtlat_largest(set);

		task->cpu = rtlat_emptiest(set);
		set->cpus[task->cpu].nr_tasks++;
		set->cpus[task->cpu].drawn_ppb += task->drawn_ppb;
	}
	for (i = 0; i < set->nr_cpus; i++) {
		struct rtlat_taskset_cpu *cpu = &set->cpus[i];

		cpu->scale_ppm = 1000000;
		if (cpu->drawn_ppb > RTLAT_CAPACITY_PPB)
			cpu->scale_ppm = RTLAT_CAPACITY_PPB * 1000000ULL /
					 cpu->drawn_ppb;
	}
	for (i = 0; i < size; i++) {
		struct rtlat_taskset_task *task = &set->tasks[i];
		struct rtlat_taskset_cpu *cpu = &set->cpus[task->cpu];

		task->utilisation_ppb = task->drawn_ppb;
		if (cpu->drawn_ppb > RTLAT_CAPACITY_PPB)
			task->utilisation_ppb = (u64)task->drawn_ppb *
				RTLAT_CAPACITY_PPB / cpu->drawn_ppb;
		cpu->utilisation_ppb += task->utilisation_ppb;
		task->exec_ns = task->period_ns * task->utilisation_ppb /
				RTLAT_PPB;
	}
	return 0;
}

/**
 * rtlat_taskset_format - a set as text, line by line
 * @set: set that was made
 * @line: from 0: what it was made from, its CPUs, its tasks
 * @buf: receives the line, no newline
 * @size: its size, RTLAT_LINE_MAX is enough
 *
 * Return: characters written, NUL not counted; 0 after the last line.
 */
int rtlat_taskset_format(const struct rtlat_taskset *set, u32 line, char *buf,
			 size_t size)
{
	const struct rtlat_taskset_task *task;
	const struct rtlat_taskset_cpu *cpu;

	if (!line)
		return scnprintf(buf, size,
				 "distribution=%s tasks_per_cpu=%u cpus=%u seed=%llu period_percent=%u capacity_ppb=%u tasks=%u",
				 rtlat_distribution_names[set->distribution],
				 set->tasks_per_cpu, set->nr_cpus,
				 (unsigned long long)set->seed,
				 set->period_percent, RTLAT_CAPACITY_PPB,
				 rtlat_taskset_size(set));
	line--;
	if (line < set->nr_cpus) {
		cpu = &set->cpus[line];
		return scnprintf(buf, size,
				 "cpu=%u tasks=%u drawn_ppb=%llu utilisation_ppb=%llu scale_ppm=%u",
				 line, cpu->nr_tasks,
				 (unsigned long long)cpu->drawn_ppb,
				 (unsigned long long)cpu->utilisation_ppb,
				 cpu->scale_ppm);
	}
	line -= set->nr_cpus;
	if (line >= rtlat_taskset_size(set))
		return 0;
	task = &set->tasks[line];
	return scnprintf(buf, size,
			 "task=%u cpu=%u drawn_ppb=%u utilisation_ppb=%u period_ns=%llu exec_ns=%llu",
			 line, task->cpu, task->drawn_ppb, task->utilisation_ppb,
			 (unsigned long long)task->period_ns,
			 (unsigned long long)task->exec_ns);
}
