/* SPDX-License-Identifier: GPL-2.0 */
/* A run: one load of a cell, from start to its closed ledger. */
#ifndef RTLAT_RUN_H
#define RTLAT_RUN_H

#include <linux/cpumask.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>

#include "cpu.h"
#include "params.h"

enum rtlat_end {
	RTLAT_END_NONE,
	RTLAT_END_COMPLETE,
	RTLAT_END_STOPPED,
	RTLAT_END_OFFLINE,
	RTLAT_END_SUSPEND,
	RTLAT_END_LEFT,
};

/**
 * struct rtlat_run - a run and its results
 * @number: counted from 1 since the module was loaded
 * @cfg: its parameters
 * @cpus: its CPUs
 * @cpu: state of each CPU, by number; NULL for the others
 * @active: tasks, or IPI senders, that have not finished
 * @joining: tasks for which no process has joined yet; the run has not begun
 * @stopping: no further release or IPI may be armed
 * @done: finished, the results are final
 * @end: why it ended
 * @begin_ns: first instant
 * @end_ns: last instant
 * @clock_cost_ps: cost of a clock read
 * @serve_cost_ns: cost of serving a release
 * @own_ps: by metric, what rtlat's own code takes of it; 0: not measured
 * @finish: ends the run and closes the ledger
 * @ipi: senders of mode ipi
 */
struct rtlat_run {
	u32 number;
	struct rtlat_config cfg;
	cpumask_var_t cpus;
	struct rtlat_cpu **cpu;
	atomic_t active;
	u32 joining;
	bool stopping;
	bool done;
	enum rtlat_end end;
	u64 begin_ns;
	u64 end_ns;
	u64 clock_cost_ps;
	u64 serve_cost_ns;
	u64 own_ps[RTLAT_NR_METRICS];
	struct work_struct finish;
	struct rtlat_ipi_run *ipi;
};

/* The CPUs of a run with their states, by CPU number @i. */
#define rtlat_for_each_cpu(cpu_, run, i)				\
	for ((i) = cpumask_first((run)->cpus);				\
	     (i) < nr_cpu_ids && ((cpu_) = (run)->cpu[i]);		\
	     (i) = cpumask_next(i, (run)->cpus))

/**
 * rtlat_running - is this run still under way
 * @run: run or NULL
 *
 * Return: false once its results are final.
 */
static inline bool rtlat_running(const struct rtlat_run *run)
{
	/* pairs with the release in rtlat_run_finish() */
	return run && !smp_load_acquire(&run->done);
}

int rtlat_run_init(void);
void rtlat_run_exit(void);
int rtlat_run_start(char *err, size_t err_size);
void rtlat_run_stop(enum rtlat_end end);
int rtlat_run_join(struct rtlat_user *user, u32 id);
void rtlat_run_leave(struct rtlat_user *user);
int rtlat_run_set(const char *name, const char *value, char *err,
		  size_t err_size);
void rtlat_run_finished(struct rtlat_run *run);
u32 rtlat_run_metrics(const struct rtlat_config *cfg);

void rtlat_run_show(struct seq_file *seq,
		    void (*show)(struct seq_file *seq,
				 const struct rtlat_config *next,
				 struct rtlat_run *run));

/* tasks.c: mode=timer and mode=taskset */
int rtlat_timer_setup(struct rtlat_run *run, char *err, size_t err_size);
u64 rtlat_tick_ns(void);
u64 rtlat_first_ns(u64 tick_ns, u64 period_ns);
void rtlat_timer_go(struct rtlat_run *run, u64 tick_ns);
void rtlat_timer_stop_cpu(struct rtlat_cpu *cpu);
u64 rtlat_timer_attempted(const struct rtlat_cpu *cpu);
u64 rtlat_timer_progress(const struct rtlat_run *run, u64 *total);

/* ipi.c: mode=ipi */
int rtlat_ipi_setup(struct rtlat_run *run, char *err, size_t err_size);
void rtlat_ipi_go(struct rtlat_run *run, u64 tick_ns);
void rtlat_ipi_stop(struct rtlat_run *run);
void rtlat_ipi_free(struct rtlat_run *run);
u64 rtlat_ipi_progress(const struct rtlat_run *run, u64 *total);

#endif /* RTLAT_RUN_H */
