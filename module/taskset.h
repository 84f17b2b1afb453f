/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Task sets: drawn, partitioned and scaled, in integers only, so that a seed
 * gives the same set in every kernel and in the tools. Pure, see pure.h.
 */
#ifndef RTLAT_TASKSET_H
#define RTLAT_TASKSET_H

#include "pure.h"

#define RTLAT_PPB		1000000000U
/* What the tasks of a CPU may ask for; the rest is for everything else. */
#define RTLAT_CAPACITY_PPB	900000000U
#define RTLAT_PERIOD_MIN_US	10000U
#define RTLAT_PERIOD_MAX_US	100000U

/**
 * struct rtlat_distribution_desc - how utilisations are drawn
 * @mean_ppb: mean of an exponential distribution, 0: one or two uniform ones
 * @light_ninths: how many of nine draws come from the first interval
 * @light_min_ppb: first interval
 * @light_max_ppb: included
 * @heavy_min_ppb: second interval
 * @heavy_max_ppb: included
 *
 * From Brandenburg, "Scheduling and Locking in Multiprocessor Real-Time
 * Operating Systems" (2011), after Baker (2005). Exponential draws above
 * RTLAT_CAPACITY_PPB, which no CPU can hold, are drawn again.
 */
struct rtlat_distribution_desc {
	u32 mean_ppb;
	u32 light_ninths;
	u32 light_min_ppb;
	u32 light_max_ppb;
	u32 heavy_min_ppb;
	u32 heavy_max_ppb;
};

/**
 * struct rtlat_taskset_task - a task of a set
 * @cpu: the CPU it was given, counted from 0 in the set
 * @drawn_ppb: its utilisation as drawn
 * @utilisation_ppb: as scaled down to the CPU's capacity
 * @period_ns: period; the deadline is its end
 * @exec_ns: CPU time that each job consumes
 */
struct rtlat_taskset_task {
	u32 cpu;
	u32 drawn_ppb;
	u32 utilisation_ppb;
	u64 period_ns;
	u64 exec_ns;
};

/**
 * struct rtlat_taskset_cpu - what a CPU was given
 * @nr_tasks: tasks
 * @drawn_ppb: sum of their drawn utilisations
 * @utilisation_ppb: sum as scaled, at most RTLAT_CAPACITY_PPB
 * @scale_ppm: what the drawn ones were multiplied by, 1000000: not scaled
 */
struct rtlat_taskset_cpu {
	u32 nr_tasks;
	u64 drawn_ppb;
	u64 utilisation_ppb;
	u32 scale_ppm;
};

/**
 * struct rtlat_taskset - a set, and what it was made from
 * @distribution: enum rtlat_distribution
 * @tasks_per_cpu: tasks drawn for each CPU
 * @nr_cpus: CPUs
 * @seed: seed
 * @period_percent: periods are this part of those drawn
 * @tasks: room for rtlat_taskset_size() tasks, in the order they were drawn
 * @cpus: room for @nr_cpus
 */
struct rtlat_taskset {
	u32 distribution;
	u32 tasks_per_cpu;
	u32 nr_cpus;
	u64 seed;
	u32 period_percent;
	struct rtlat_taskset_task *tasks;
	struct rtlat_taskset_cpu *cpus;
};

extern const struct rtlat_distribution_desc
	rtlat_distributions[RTLAT_NR_DISTRIBUTIONS];

/**
 * rtlat_taskset_size - tasks of a set
 * @set: set
 *
 * Return: their number.
 */
static inline u32 rtlat_taskset_size(const struct rtlat_taskset *set)
{
	return set->tasks_per_cpu * set->nr_cpus;
}

u64 rtlat_random(u64 *state);
u32 rtlat_draw_ppb(const struct rtlat_distribution_desc *dist, u64 *state);
int rtlat_taskset_make(struct rtlat_taskset *set);
int rtlat_taskset_format(const struct rtlat_taskset *set, u32 line, char *buf,
			 size_t size);

#endif /* RTLAT_TASKSET_H */
