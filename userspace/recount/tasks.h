/* SPDX-License-Identifier: GPL-2.0 */
/* The tasks of a run, found in the kernel's own events. Pure. */
#ifndef RTLAT_RECOUNT_TASKS_H
#define RTLAT_RECOUNT_TASKS_H

#include "base/cpulist.h"
#include "module/params.h"
#include "trace/analyse.h"

/**
 * struct recount_task - a task: a release timer and the thread that it wakes
 * @timer: address of its release timer
 * @cpu: where that was started first
 * @pid: the thread that is woken by its expiries
 * @id: number of the task in the run
 * @period_ns: period, by the parameters
 * @exec_ns: CPU time of each job, by the parameters
 * @first_ns: first expiry that was programmed
 * @last_ns: last one
 * @arms: times that it was programmed
 * @served: times that it expired
 * @armed: is still programmed in the end
 * @off_schedule: expiries that are not on the schedule
 * @slept_ns: when its thread went to sleep for the last time
 */
struct recount_task {
	u64 timer;
	u32 cpu;
	u32 pid;
	u32 id;
	u64 period_ns;
	u64 exec_ns;
	u64 first_ns;
	u64 last_ns;
	u64 arms;
	u64 served;
	bool armed;
	u64 off_schedule;
	u64 slept_ns;
};

/**
 * struct recount_tasks - all tasks of a run
 * @config: its parameters
 * @cpus: its CPUs
 * @complete: it ran to its end
 * @first_ns: first expiry of the schedule, the same for all tasks
 * @task: the tasks, by address of the timer
 * @nr: how many
 * @by_pid: the same, by thread
 * @nr_cpus: one more than the largest CPU number in the trace
 */
struct recount_tasks {
	struct rtlat_config config;
	struct cpulist cpus;
	bool complete;
	u64 first_ns;
	struct recount_task *task;
	size_t nr;
	struct recount_task **by_pid;
	u32 nr_cpus;
};

int recount_tasks_find(struct recount_tasks *tasks, const struct trace_run *run,
		       struct problem *problem);
void recount_tasks_free(struct recount_tasks *tasks);
struct recount_task *recount_task_of_timer(const struct recount_tasks *tasks,
					   u64 timer);
struct recount_task *recount_task_of_pid(const struct recount_tasks *tasks,
					 u32 pid);
u64 recount_task_total(const struct recount_tasks *tasks,
		       const struct recount_task *task);

#endif /* RTLAT_RECOUNT_TASKS_H */
