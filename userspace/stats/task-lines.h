/* SPDX-License-Identifier: GPL-2.0 */
/* What became of the jobs of each task: the file tasks. Pure. */
#ifndef RTLAT_TASK_LINES_H
#define RTLAT_TASK_LINES_H

#include <jansson.h>

#include "stats/figures.h"

/**
 * struct task_totals - all tasks of a run together
 * @n: tasks
 * @nr_cpus: CPUs that have any
 * @released: releases
 * @completed: jobs that ended
 * @missed: those that ended after their deadline, the end of their period
 * @overrun: releases that found the job before still running
 * @skipped: expiries that had passed before they could be armed
 * @throttled: times a task was taken off the CPU for one of a lower class
 * @tardiness_max_ns: longest time that a job ended after its deadline
 * @utilisation_ppb: sum of what they ask for, parts per billion of a CPU
 * @scale_ppm: smallest scale of the set's CPUs; 0: there is no set
 */
struct task_totals {
	u64 n;
	u64 nr_cpus;
	u64 released;
	u64 completed;
	u64 missed;
	u64 overrun;
	u64 skipped;
	u64 throttled;
	u64 tardiness_max_ns;
	u64 utilisation_ppb;
	u64 scale_ppm;
};

int tasks_read(struct task_totals *totals, const char *text,
	       struct problem *problem);
int tasks_read_scale(struct task_totals *totals, const char *taskset,
		     struct problem *problem);
int tasks_check(const struct task_totals *totals, const struct figures *figures,
		struct problem *problem);
json_t *tasks_json(const struct task_totals *totals);

#endif /* RTLAT_TASK_LINES_H */
