/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * rtlat ABI: what rtlat.ko and the userspace tools agree on.
 *
 * Every list here is an X-macro, so that the module, the tools, the trace
 * format and the documentation are made from one table. A change to a list,
 * to a flag or to a text format below raises RTLAT_ABI.
 *
 * Times are nanoseconds of CLOCK_MONOTONIC everywhere.
 */
#ifndef _UAPI_RTLAT_H
#define _UAPI_RTLAT_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define RTLAT_ABI		4
#define RTLAT_ABI_STR		"4"
#define RTLAT_VERSION		"0.1.0"
#define RTLAT_DEBUGFS_DIR	"rtlat"

/**
 * RTLAT_METRICS - the intervals rtlat measures
 * @X: called for each as X(NAME, name, starts, ends)
 *
 * The steps release_latency + release_overhead + wake_gap + sched_overhead +
 * cxs_overhead + start_gap share their stamps and sum to thread_latency for a
 * job that did not queue. event_latency, release_overhead, sched_overhead and
 * cxs_overhead follow Aichouch, Prevotet and Nouvel (DASIP 2013) and LITMUS^RT
 * (EVENT_LATENCY, RELEASE, SCHED, CXS); thread_latency is what timerlat and
 * cyclictest call latency. Those of a job come first; IPIs have no job.
 */
#define RTLAT_METRICS(X)						\
	RTLAT_METRICS_OF_JOB(X)						\
	X(IPI_LATENCY, ipi_latency,					\
	  "stamp before sending", "vector entry on the target")

#define RTLAT_METRICS_OF_JOB(X)						\
	X(EVENT_LATENCY, event_latency,					\
	  "programmed expiry", "timer interrupt entry")			\
	X(RELEASE_LATENCY, release_latency,				\
	  "programmed expiry", "release callback entry")		\
	X(RELEASE_OVERHEAD, release_overhead,				\
	  "release callback entry", "release callback return")		\
	X(WAKE_GAP, wake_gap,						\
	  "release callback return", "scheduler entry")			\
	X(SCHED_OVERHEAD, sched_overhead,				\
	  "scheduler entry", "next task picked (sched_switch)")		\
	X(CXS_OVERHEAD, cxs_overhead,					\
	  "next task picked (sched_switch)", "finish_task_switch")	\
	X(START_GAP, start_gap,						\
	  "finish_task_switch", "first instruction of the job")		\
	X(THREAD_LATENCY, thread_latency,				\
	  "programmed expiry", "first instruction of the job")		\
	X(ARM_OVERHEAD, arm_overhead,					\
	  "before hrtimer_start of the next release", "after it")

enum rtlat_metric {
#define RTLAT_X(NAME, name, starts, ends) RTLAT_##NAME,
	RTLAT_METRICS(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_METRICS
};

/**
 * RTLAT_LINES - the ledger's lines: what became of an attempt
 * @X: called for each as X(NAME, name, meaning)
 *
 * Per CPU and metric: attempted = the sum of all these lines. attempted is
 * counted on its own and is not in this list.
 */
#define RTLAT_LINES(X)							\
	X(KEPT, kept, "valid sample")					\
	X(INTERRUPTED, interrupted,					\
	  "sample with an interrupt or NMI nested in it")		\
	X(COALESCED, coalesced,						\
	  "expired, or was served, while the interrupt already ran")	\
	X(NO_START, no_start, "an end of the interval was not seen")	\
	X(SKIPPED, skipped, "the expiry had passed before it was armed")\
	X(OVERRUN, overrun, "the release found its job still running")	\
	X(MIGRATED, migrated, "timer or job was on another CPU")	\
	X(NONMONOTONIC, nonmonotonic, "the end was before the start")	\
	X(NO_IPI, no_ipi, "polling idle target: no interrupt was sent")	\
	X(CANCELLED, cancelled, "stop, unload or CPU offline")

enum rtlat_line {
#define RTLAT_X(NAME, name, meaning) RTLAT_L_##NAME,
	RTLAT_LINES(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_LINES
};

/**
 * RTLAT_CLASSES - the histograms kept for each CPU and metric
 * @X: called for each as X(NAME, name)
 *
 * A sample is in exactly one. Ledger "kept" is the sum of those that begin with
 * kept, "interrupted" of those that begin with interrupted. The queued classes
 * hold samples of jobs that waited for another rtlat job: queueing is not
 * latency; only wake_gap and thread_latency can have them. The blocked classes
 * hold switches from a task that goes to sleep, which the scheduler takes off
 * its queue on the way; only sched_overhead and cxs_overhead can have them.
 */
#define RTLAT_CLASSES(X)						\
	X(KEPT, kept)							\
	X(INTERRUPTED, interrupted)					\
	X(KEPT_QUEUED, kept_queued)					\
	X(INTERRUPTED_QUEUED, interrupted_queued)			\
	X(KEPT_BLOCKED, kept_blocked)					\
	X(INTERRUPTED_BLOCKED, interrupted_blocked)

enum rtlat_class {
#define RTLAT_X(NAME, name) RTLAT_C_##NAME,
	RTLAT_CLASSES(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_CLASSES
};

#define RTLAT_NESTED_MASK	0xffU

/**
 * RTLAT_FLAGS - validity flags of a sample
 * @X: called for each as X(NAME, name, bit)
 *
 * Bits 0-7 of the flags word (RTLAT_NESTED_MASK) are the number of interrupts
 * nested in the interval, saturating at 255; NMIs count there too.
 */
#define RTLAT_FLAGS(X)							\
	X(NMI, nmi, 8)							\
	X(COALESCED, coalesced, 9)					\
	X(FROM_IDLE, from_idle, 10)					\
	X(QUEUED, queued, 11)						\
	X(REPROGRAMMED, reprogrammed, 12)				\
	X(USER, user, 13)						\
	X(RESUMED, resumed, 14)						\
	X(BLOCKED, blocked, 15)

enum rtlat_flag {
#define RTLAT_X(NAME, name, bit) RTLAT_F_##NAME = 1U << (bit),
	RTLAT_FLAGS(RTLAT_X)
#undef RTLAT_X
};

/*
 * Values of the enum parameters: X(NAME, name)
 */
#define RTLAT_MODES(X)							\
	X(IDLE, idle)							\
	X(TIMER, timer)							\
	X(IPI, ipi)							\
	X(TASKSET, taskset)

#define RTLAT_ARMS(X)							\
	X(JOB, job)							\
	X(CALLBACK, callback)

#define RTLAT_IPI_KINDS(X)						\
	X(RESCHED, resched)						\
	X(CALL_SINGLE, call_single)					\
	X(CALL_MANY, call_many)						\
	X(SELF, self)

#define RTLAT_TASK_KINDS(X)						\
	X(KTHREAD, kthread)						\
	X(USER, user)

#define RTLAT_POLICIES(X)						\
	X(FIFO, fifo)							\
	X(DEADLINE, deadline)

/* Utilisations of a task set: Brandenburg 2011, Baker 2005. */
#define RTLAT_DISTRIBUTIONS(X)						\
	X(LIGHT_UNIFORM, light-uniform)					\
	X(LIGHT_BIMODAL, light-bimodal)					\
	X(LIGHT_EXPONENTIAL, light-exponential)				\
	X(MEDIUM_UNIFORM, medium-uniform)				\
	X(MEDIUM_BIMODAL, medium-bimodal)

#define RTLAT_PROBES(X)							\
	X(ON, on)							\
	X(OFF, off)

/* What a trace record holds: module/trace.h. */
#define RTLAT_TRACE_PERS(X)						\
	X(SAMPLE, sample)						\
	X(JOB, job)

/* What is done to a measurement so that it can be measured: module/fault.h. */
#define RTLAT_FAULTS(X)							\
	X(NONE, none)							\
	X(EXPIRY, expiry)						\
	X(ISR, isr)							\
	X(CALLBACK, callback)						\
	X(ISR_EXIT, isr_exit)						\
	X(SCHED, sched)							\
	X(SWITCH, switch)						\
	X(START, start)							\
	X(REARM, rearm)							\
	X(ARM, arm)							\
	X(IPI, ipi)							\
	X(NESTED, nested)						\
	X(BACKWARDS, backwards)						\
	X(UNSEEN, unseen)

enum rtlat_mode {
#define RTLAT_X(NAME, name) RTLAT_MODE_##NAME,
	RTLAT_MODES(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_MODES
};

enum rtlat_arm {
#define RTLAT_X(NAME, name) RTLAT_ARM_##NAME,
	RTLAT_ARMS(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_ARMS
};

enum rtlat_ipi_kind {
#define RTLAT_X(NAME, name) RTLAT_IPI_##NAME,
	RTLAT_IPI_KINDS(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_IPI_KINDS
};

enum rtlat_task_kind {
#define RTLAT_X(NAME, name) RTLAT_TASK_##NAME,
	RTLAT_TASK_KINDS(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_TASK_KINDS
};

enum rtlat_policy {
#define RTLAT_X(NAME, name) RTLAT_POLICY_##NAME,
	RTLAT_POLICIES(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_POLICIES
};

enum rtlat_distribution {
#define RTLAT_X(NAME, name) RTLAT_DIST_##NAME,
	RTLAT_DISTRIBUTIONS(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_DISTRIBUTIONS
};

enum rtlat_probes {
#define RTLAT_X(NAME, name) RTLAT_PROBES_##NAME,
	RTLAT_PROBES(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_PROBES
};

enum rtlat_trace_per {
#define RTLAT_X(NAME, name) RTLAT_TRACE_PER_##NAME,
	RTLAT_TRACE_PERS(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_TRACE_PERS
};

enum rtlat_fault {
#define RTLAT_X(NAME, name) RTLAT_FAULT_##NAME,
	RTLAT_FAULTS(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_FAULTS
};

/**
 * RTLAT_PHASES - what a rtlat:rtlat_run trace event says
 * @X: called for each as X(NAME, name)
 *
 * BEGIN and END bracket a run; their text, like that of the
 * others, is one line of the debugfs file of that name (STATUS for BEGIN and
 * END: space separated), so that a trace explains itself.
 */
#define RTLAT_PHASES(X)							\
	X(BEGIN, begin)							\
	X(PARAM, param)							\
	X(LEDGER, ledger)						\
	X(SUMMARY, summary)						\
	X(END, end)

enum rtlat_phase {
#define RTLAT_X(NAME, name) RTLAT_PHASE_##NAME,
	RTLAT_PHASES(RTLAT_X)
#undef RTLAT_X
	RTLAT_NR_PHASES
};

#define RTLAT_DEVICE		"rtlat"	/* /dev/rtlat */
#define RTLAT_ANY_TASK		(~0U)

/**
 * struct rtlat_task_info - a task of the run, given to the process that joins
 * @task: in: its number or RTLAT_ANY_TASK; out: its number
 * @cpu: CPU to which the process is pinned now
 * @period_ns: period; the deadline is its end
 * @exec_ns: CPU time that each job shall consume
 */
struct rtlat_task_info {
	__u32 task;
	__u32 cpu;
	__u64 period_ns;
	__u64 exec_ns;
};

/**
 * struct rtlat_job_info - a job that has begun
 * @job: its number
 * @expiry_ns: programmed expiry of its release
 * @start_ns: its first instant, in the kernel, in the context of the process
 * @consumed_ns: CPU time of its own that it has consumed since
 */
struct rtlat_job_info {
	__u64 job;
	__u64 expiry_ns;
	__u64 start_ns;
	__u64 consumed_ns;
};

/*
 * RTLAT_IOC_JOIN: be a task of the run that waits for processes. The process
 * is pinned and gets the task's scheduling policy; the run begins when every
 * task is joined. EBUSY: this file, or this thread, has joined already; ENOENT:
 * no such task is free; ESRCH: no run waits.
 *
 * RTLAT_IOC_WAIT: the job is done; wait for the next release. ESHUTDOWN: the
 * run is over; ENODEV: the process was moved, its CPU goes offline.
 *
 * Closing the file leaves: the task is not released any more; the others are.
 */
#define RTLAT_IOC_JOIN		_IOWR(0xb6, 1, struct rtlat_task_info)
#define RTLAT_IOC_WAIT		_IOR(0xb6, 2, struct rtlat_job_info)

/* Limits that both sides check. */
#define RTLAT_MAX_TASKS		64	/* periodic tasks on one CPU */
#define RTLAT_LINE_MAX		1024	/* bytes of one line of text, NUL included */
#define RTLAT_LARGEST		10	/* largest samples listed by metric and CPU */

#endif /* _UAPI_RTLAT_H */
