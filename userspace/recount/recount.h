/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run counted and measured a second time, from the kernel's own events and
 * the run's parameters alone. Pure.
 */
#ifndef RTLAT_RECOUNT_H
#define RTLAT_RECOUNT_H

#include <stdio.h>

#include "recount/tasks.h"
#include "trace/analyse.h"

/**
 * struct range - a count, and how sure it is
 * @low: at least so many
 * @high: at most so many
 */
struct range {
	u64 low;
	u64 high;
};

/**
 * struct recount_row - one number of the module's ledger
 * @cpu: CPU
 * @metric: enum rtlat_metric
 * @what: which number
 * @module: the module's
 * @recounted: ours
 * @equal: the module's is what was recounted
 */
struct recount_row {
	u32 cpu;
	unsigned int metric;
	const char *what;
	u64 module;
	struct range recounted;
	bool equal;
};

/*
 * Where both views have a stamp: the programmed expiry, which is the same for
 * both, and four borders between steps.
 */
#define RECOUNT_BORDERS(X)						\
	X(EXPIRY, "programmed expiry")					\
	X(ISR, "timer interrupt entry")					\
	X(CALLBACK, "release callback entry")				\
	X(RETURN, "release callback return")				\
	X(SWITCH, "next task picked")

enum recount_stamp {
#define RTLAT_X(NAME, name) STAMP_##NAME,
	RECOUNT_BORDERS(RTLAT_X)
#undef RTLAT_X
	NR_STAMPS
};

/**
 * struct recount_border - how far rtlat's stamp is behind the kernel's event
 * @n: jobs
 * @min: smallest distance, ns; negative: rtlat's stamp was first
 * @median: the one that counts
 * @max: largest
 */
struct recount_border {
	u64 n;
	s64 min;
	s64 median;
	s64 max;
};

/**
 * struct recount_interval - an interval in both views
 * @n: jobs that were compared
 * @ours: its mean by rtlat's samples, ns
 * @raw: its mean between the kernel's events, ns
 * @recomputed: that, with the distances of its borders taken into account
 * @largest: largest difference of a job, ns
 * @within: the means differ by no more than is allowed
 */
struct recount_interval {
	u64 n;
	double ours;
	double raw;
	double recomputed;
	s64 largest;
	bool within;
};

/* Those that lie between two of the stamps: X(NAME, name, from, to) */
#define RECOUNT_INTERVALS(X)						\
	X(EVENT, "event_latency", EXPIRY, ISR)				\
	X(RELEASE, "release_latency", EXPIRY, CALLBACK)			\
	X(OVERHEAD, "release_overhead", CALLBACK, RETURN)		\
	X(TO_SWITCH, "wake_gap + sched_overhead", RETURN, SWITCH)	\
	X(THREAD, "thread_latency up to the switch", EXPIRY, SWITCH)

enum recount_between {
#define RTLAT_X(NAME, name, from, to) BETWEEN_##NAME,
	RECOUNT_INTERVALS(RTLAT_X)
#undef RTLAT_X
	NR_BETWEEN
};

/**
 * struct recount_limits - what is allowed
 * @counts_only: no times are compared
 * @percent: by how much the means of an interval may differ
 * @distance_ns: how far a stamp may be from the event beside it
 */
struct recount_limits {
	bool counts_only;
	double percent;
	u64 distance_ns;
};

/**
 * struct recount - both views of a run
 * @events: kernel events in it
 * @row: the counts
 * @nr_rows: how many
 * @counts_differ: rows that are not equal
 * @jobs: releases of which both views have something
 * @other_expiry: those to which they give different expiries
 * @border: by enum recount_stamp
 * @interval: by enum recount_between
 * @times_differ: borders too far apart, and intervals not within the limit
 * @remark: further differences, as lines
 */
struct recount {
	u64 events;
	struct recount_row *row;
	size_t nr_rows;
	u64 counts_differ;
	u64 jobs;
	u64 other_expiry;
	struct recount_border border[NR_STAMPS];
	struct recount_interval interval[NR_BETWEEN];
	u64 times_differ;
	char *remark;
};

extern const char *const recount_stamp_names[NR_STAMPS];
extern const char *const recount_interval_names[NR_BETWEEN];

int recount_make(struct recount *recount, const struct trace_run *run,
		 const struct recount_limits *limits, struct problem *problem);
void recount_free(struct recount *recount);
bool recount_differs(const struct recount *recount);
__attribute__((format(printf, 2, 3)))
void recount_remark(struct recount *recount, const char *fmt, ...);

int recount_counts(struct recount *recount, const struct trace_run *run,
		   struct recount_tasks *tasks, struct problem *problem);
void recount_times(struct recount *recount, const struct trace_run *run,
		   const struct recount_tasks *tasks,
		   const struct recount_limits *limits);
void recount_print(const struct recount *recount, const struct trace_run *run,
		   const struct recount_limits *limits, FILE *to);

#endif /* RTLAT_RECOUNT_H */
