/* SPDX-License-Identifier: GPL-2.0 */
/* What the module holds for each CPU of a run. */
#ifndef RTLAT_CPU_H
#define RTLAT_CPU_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include "clock.h"
#include "hist.h"
#include "intervals.h"
#include "largest.h"
#include "ledger.h"
#include "record.h"

struct rtlat_run;
struct rtlat_user;

/*
 * An array that is filled before it is read. Distributions have the compiler
 * clear every one on the stack.
 */
#if __has_attribute(uninitialized)
#define rtlat_uninitialized	__attribute__((uninitialized))
#else
#define rtlat_uninitialized
#endif

#define RTLAT_EXITS		8	/* interrupt exits remembered, power of 2 */
#define RTLAT_RING		512	/* records waiting to be traced, power of 2 */
#define RTLAT_HASH_BITS		8	/* task lookup, 4 slots a task at most tasks */

/* Interrupt vectors whose entries can be an IPI of ours. */
enum rtlat_vector {
	RTLAT_V_OTHER,
	RTLAT_V_RESCHEDULE,
	RTLAT_V_CALL_SINGLE,
	RTLAT_V_CALL_MANY,
	RTLAT_V_IRQ_WORK,
};

/**
 * struct rtlat_task_stats - what became of a task's jobs
 * @released: releases
 * @overrun: those that found the job before still running
 * @skipped: expiries that had passed before they could be armed
 * @completed: jobs that ended
 * @missed: those that ended after their deadline, the end of their period
 * @throttled: times the task was taken off the CPU for one of a lower class
 * @tardiness_sum_ns: time by which deadlines were missed
 * @tardiness_max_ns: the longest
 * @response_max_ns: longest time from expiry to the end of the job
 * @cpu_sum_ns: CPU time of their own that the jobs consumed
 * @cpu_min_ns: the job that consumed least; only valid when @completed is not 0
 * @cpu_max_ns: the one that consumed most
 */
struct rtlat_task_stats {
	u64 released;
	u64 overrun;
	u64 skipped;
	u64 completed;
	u64 missed;
	u64 throttled;
	u64 tardiness_sum_ns;
	u64 tardiness_max_ns;
	u64 response_max_ns;
	u64 cpu_sum_ns;
	u64 cpu_min_ns;
	u64 cpu_max_ns;
};

/**
 * struct rtlat_task - a periodic task
 * @cpu: the CPU it is pinned to
 * @thread: its thread: the kernel's, or that of the process which joined
 * @gone: the same, ended or left, while the time it had asked for comes back
 * @user: the file by which the process joined
 * @timer: its release timer
 * @go: the schedule is set
 * @id: number of the task in the run
 * @index: its place on the CPU by period, 0 is the shortest
 * @prio: SCHED_FIFO priority, 0 for SCHED_DEADLINE
 * @budget_ns: SCHED_DEADLINE runtime of a period, 0 for SCHED_FIFO
 * @period_ns: period
 * @exec_ns: CPU time that each job consumes
 * @count: releases to make, 0 endless
 * @first_ns: first expiry of the schedule
 * @next_ns: next expiry of the schedule not yet served or skipped
 * @job: its number: expiries served or skipped so far
 * @armed: @next_ns is programmed
 * @pending: jobs released and not finished
 * @released_ns: expiry of the last release
 * @key: urgency of the first pending job, the smallest runs: @index, or its
 *	deadline
 * @first_switch: the switch to the job of @rel has not been seen
 * @faulted: the run's fault has hit the switch to it
 * @rel: release of the first pending job
 * @out_ns: when the task was last switched out with a job, 0: it is in
 * @taken_ns: time in which it was switched out, or the timer interrupt ran in
 *	its place
 * @taken_before_ns: how much of that was before the job's first instant
 * @finished: all its releases are made and its jobs done, or it can do no more
 * @moved: its thread is on another CPU, see rtlat_task_moved()
 * @stats: what became of its jobs
 */
struct rtlat_task {
	struct rtlat_cpu *cpu;
	struct task_struct *thread;
	struct task_struct *gone;
	struct rtlat_user *user;
	struct hrtimer timer;
	bool go;
	u32 id;
	u32 index;
	u32 prio;
	u64 budget_ns;
	u64 period_ns;
	u64 exec_ns;
	u64 count;
	u64 first_ns;
	u64 next_ns;
	u64 job;
	bool armed;
	atomic_t pending;
	u64 released_ns;
	u64 key;
	bool first_switch;
	bool faulted;
	struct rtlat_release rel;
	u64 out_ns;
	u64 taken_ns;
	u64 taken_before_ns;
	bool finished;
	bool moved;
	struct rtlat_task_stats stats;
};

/**
 * struct rtlat_ipi - an IPI on its way to this CPU
 * @vector: vector to expect
 * @armed: sent and not yet judged
 * @sent: stamp just before sending; its seq is not used
 * @entry: first entry of @vector after arming
 * @overlap: interrupts seen between @sent and @entry, or @ran, RTLAT_SEQ_*
 * @sending: interrupts of the sender's CPU while it sent, RTLAT_SEQ_*
 * @entries: entries of @vector since arming
 * @ran: entry of the interrupt in which the payload ran
 * @ran_seen: the payload ran
 * @no_ipi: the kernel found the target polling and sent nothing
 * @csd: payload of call_single
 * @work: payload of self
 */
struct rtlat_ipi {
	enum rtlat_vector vector;
	bool armed;
	struct rtlat_stamp sent;
	struct rtlat_stamp entry;
	u64 overlap;
	u64 sending;
	u32 entries;
	struct rtlat_stamp ran;
	bool ran_seen;
	bool no_ipi;
	call_single_data_t csd;
	struct irq_work work;
};

/**
 * struct rtlat_cpu - state and results of one CPU of a run
 * @run: the run
 * @id: CPU number
 * @seq: interrupts so far, RTLAT_SEQ_*
 * @isr: entry of the running, or the last, timer interrupt
 * @in_isr: it is running
 * @vector_entry: entry of the last interrupt that can be an IPI
 * @exit_ns: last interrupt exits
 * @exits: their number so far
 * @nmi_ns: last NMI
 * @sched_entry: entry into the scheduler not yet consumed by a switch
 * @sched_task: task that entered
 * @switching: release whose switch is between sched_switch and its end
 * @resumed: stands in for the release of a job that is switched to again
 * @late: stands in for a release that finds its job still running
 * @waiting: bit per task index: released and not started
 * @queued: bit per task index: had to wait for another job
 * @done_ns: last completion of a job
 * @done_key: its &rtlat_task.key
 * @ipi: IPI mode
 * @serve_cost_ns: measured cost of serving a release
 * @holder: thread of fault=expiry
 * @fault_work: interrupt of fault=nested
 * @faults: times that the run's fault has hit
 * @ended: this CPU's part of the run is over: nothing more is released
 * @stopped: and all that was has its outcome
 * @tasks: its tasks, by priority
 * @nr_tasks: their number
 * @thread_flag: PF_KTHREAD when the tasks' threads are the kernel's, else 0
 * @task_flags: RTLAT_F_USER when they are not
 * @hash: the tasks by their thread
 * @sum_checked: jobs whose steps were held against the whole
 * @sum_failed: those where they differed
 * @ledger: by metric
 * @largest: by metric
 * @sample_seq: samples so far, by metric
 * @hist: distributions; NULL where class or metric cannot occur
 * @ring: samples waiting to be traced
 * @ring_in: records put into @ring
 * @ring_out: records taken out
 * @ring_lost: records for which there was no room
 * @flushing: somebody takes records out
 */
struct rtlat_cpu {
	struct rtlat_run *run;
	unsigned int id;

	u64 seq;
	struct rtlat_stamp isr;
	bool in_isr;
	struct rtlat_stamp vector_entry;
	u64 exit_ns[RTLAT_EXITS];
	u32 exits;
	u64 nmi_ns;
	struct rtlat_stamp sched_entry;
	struct task_struct *sched_task;
	struct rtlat_release *switching;
	struct rtlat_release resumed;
	struct rtlat_release late;
	u64 waiting;
	u64 queued;
	u64 done_ns;
	u64 done_key;
	struct rtlat_ipi ipi;

	u64 serve_cost_ns;
	struct task_struct *holder;
	struct irq_work fault_work;
	u64 faults;
	bool ended;
	bool stopped;
	struct rtlat_task *tasks;
	unsigned int nr_tasks;
	u32 thread_flag;
	u32 task_flags;
	struct rtlat_task *hash[1 << RTLAT_HASH_BITS];

	u64 sum_checked;
	u64 sum_failed;
	struct rtlat_ledger ledger[RTLAT_NR_METRICS];
	struct rtlat_largest largest[RTLAT_NR_METRICS];
	u64 sample_seq[RTLAT_NR_METRICS];
	struct rtlat_hist *hist[RTLAT_NR_METRICS][RTLAT_NR_CLASSES];
	struct rtlat_record *ring;
	u32 ring_in;
	u32 ring_out;
	u64 ring_lost;
	unsigned long flushing;
};

/* The running run's state of each CPU, NULL where it has none. */
DECLARE_PER_CPU(struct rtlat_cpu *, rtlat_cpu_now);

struct rtlat_cpu *rtlat_cpu_alloc(struct rtlat_run *run, unsigned int id,
				  u32 metrics);
void rtlat_cpu_free(struct rtlat_cpu *cpu);
size_t rtlat_cpu_bytes(const struct rtlat_cpu *cpu);
void rtlat_cpu_hash_tasks(struct rtlat_cpu *cpu);

/**
 * rtlat_stamp - take a stamp
 * @cpu: state of the executing CPU
 *
 * Return: now, with the CPU's interrupt count.
 */
static __always_inline struct rtlat_stamp rtlat_stamp(const struct rtlat_cpu *cpu)
{
	struct rtlat_stamp stamp;

	/* an interrupt that comes between belongs to what starts or ends here */
	do {
		stamp.seq = READ_ONCE(cpu->seq);
		stamp.ns = rtlat_clock_ns();
	} while (stamp.seq != READ_ONCE(cpu->seq));
	return stamp;
}

/**
 * rtlat_cpu_task - which rtlat task is this thread
 * @cpu: CPU
 * @thread: thread
 *
 * Return: the task, NULL when it is none of this CPU's.
 */
static __always_inline struct rtlat_task *
rtlat_cpu_task(const struct rtlat_cpu *cpu, const struct task_struct *thread)
{
	u32 at = hash_ptr(thread, RTLAT_HASH_BITS);
	struct rtlat_task *task;

	while ((task = READ_ONCE(cpu->hash[at]))) {
		if (task->thread == thread)
			return task;
		at = (at + 1) & ((1 << RTLAT_HASH_BITS) - 1);
	}
	return NULL;
}

#endif /* RTLAT_CPU_H */
