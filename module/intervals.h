/* SPDX-License-Identifier: GPL-2.0 */
/* From the stamps of one release to its samples. Pure, see pure.h. */
#ifndef RTLAT_INTERVALS_H
#define RTLAT_INTERVALS_H

#include "pure.h"

/* A stamp that was not taken. */
#define RTLAT_UNSEEN	0ULL

/*
 * Interrupts and NMIs taken by a CPU so far, in one word so that one read gets
 * both: interrupts and NMIs in the low half, NMIs alone in the high half. The
 * carry after 2^32 interrupts would show as one NMI that was none.
 */
#define RTLAT_SEQ_IRQ	1ULL
#define RTLAT_SEQ_NMI	((1ULL << 32) + 1)

/**
 * struct rtlat_stamp - one instant
 * @ns: CLOCK_MONOTONIC, or RTLAT_UNSEEN
 * @seq: RTLAT_SEQ_* of the CPU at that instant
 */
struct rtlat_stamp {
	u64 ns;
	u64 seq;
};

/**
 * struct rtlat_release - what was seen of one release of a job
 * @expiry_ns: programmed expiry of the release timer
 * @overlap: RTLAT_SEQ_* of interrupts other than the releasing one that were
 *	running at some instant from @expiry_ns to @isr
 * @isr: entry of the timer interrupt that served the expiry
 * @cb_in: release callback, first instruction
 * @cb_out: release callback, last instruction
 * @sched: entry into the scheduler, of the switch to the job
 * @swtch: sched_switch, the job is next
 * @cxs: finish_task_switch, on the job's stack
 * @start: first instruction of the job in task context
 * @flags: RTLAT_F_FROM_IDLE, RTLAT_F_BLOCKED, RTLAT_F_QUEUED and RTLAT_F_USER
 *	of the job
 * @task: task number
 * @job: job number
 * @migrated_timer: the callback ran on another CPU than the task's
 * @migrated_job: the job started on another CPU than the task's
 */
struct rtlat_release {
	u64 expiry_ns;
	u64 overlap;
	struct rtlat_stamp isr;
	struct rtlat_stamp cb_in;
	struct rtlat_stamp cb_out;
	struct rtlat_stamp sched;
	struct rtlat_stamp swtch;
	struct rtlat_stamp cxs;
	struct rtlat_stamp start;
	u32 flags;
	u32 task;
	u32 job;
	bool migrated_timer;
	bool migrated_job;
};

/**
 * struct rtlat_sample - the outcome of one attempt
 * @start_ns: start of the interval
 * @duration_ns: its length; only for lines kept and interrupted
 * @flags: RTLAT_F_* and the number of nested interrupts
 * @task: task number, or the target of an IPI
 * @job: job number, or the round of an IPI
 * @metric: enum rtlat_metric
 * @line: enum rtlat_line
 */
struct rtlat_sample {
	u64 start_ns;
	u64 duration_ns;
	u32 flags;
	u32 task;
	u32 job;
	u16 metric;
	u16 line;
};

/**
 * rtlat_class_of - histogram of a sample
 * @flags: its flags
 *
 * Return: enum rtlat_class.
 */
static inline enum rtlat_class rtlat_class_of(u32 flags)
{
	const bool kept = !(flags & RTLAT_NESTED_MASK);

	if (flags & RTLAT_F_QUEUED)
		return kept ? RTLAT_C_KEPT_QUEUED : RTLAT_C_INTERRUPTED_QUEUED;
	if (flags & RTLAT_F_BLOCKED)
		return kept ? RTLAT_C_KEPT_BLOCKED : RTLAT_C_INTERRUPTED_BLOCKED;
	return kept ? RTLAT_C_KEPT : RTLAT_C_INTERRUPTED;
}

/**
 * rtlat_class_applies - can samples of a metric be in a class
 * @metric: enum rtlat_metric
 * @class: enum rtlat_class
 *
 * Return: whether they can.
 */
static inline bool rtlat_class_applies(unsigned int metric, unsigned int class)
{
	switch (class) {
	case RTLAT_C_KEPT_QUEUED:
	case RTLAT_C_INTERRUPTED_QUEUED:
		return metric == RTLAT_WAKE_GAP || metric == RTLAT_THREAD_LATENCY;
	case RTLAT_C_KEPT_BLOCKED:
	case RTLAT_C_INTERRUPTED_BLOCKED:
		return metric == RTLAT_SCHED_OVERHEAD ||
		       metric == RTLAT_CXS_OVERHEAD;
	}
	return true;
}

/**
 * rtlat_start_early - was what may be a job's first instant before its time
 * @rel: its release
 * @start: it
 *
 * A thread that has not slept may stamp it just before the release comes, or be
 * preempted between the stamp and the job. Told by counts of interrupts, as each of
 * the two takes one: a clock that goes back is another matter.
 *
 * Return: whether the release, or the switch to the job, was later.
 */
static inline bool rtlat_start_early(const struct rtlat_release *rel,
				     const struct rtlat_stamp *start)
{
	return (s64)(start->seq - rel->cb_out.seq) < 0 ||
	       (rel->cxs.ns != RTLAT_UNSEEN &&
		(s64)(start->seq - rel->cxs.seq) < 0);
}

/* Samples of one release: six steps, event latency, thread latency. */
#define RTLAT_RELEASE_SAMPLES	8

void rtlat_interval(struct rtlat_sample *sample, const struct rtlat_stamp *from,
		    const struct rtlat_stamp *to, u64 overlap);
unsigned int rtlat_intervals_timer(const struct rtlat_release *rel,
				   struct rtlat_sample *out);
unsigned int rtlat_intervals_switch(const struct rtlat_release *rel,
				    struct rtlat_sample *out);
unsigned int rtlat_intervals_job(const struct rtlat_release *rel,
				 struct rtlat_sample *out);
int rtlat_intervals_sum(const struct rtlat_sample *samples, unsigned int n);

#endif /* RTLAT_INTERVALS_H */
