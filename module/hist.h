/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Log-linear histogram with exact moments. Pure: compiled into the module and
 * into the userspace tools, so that both compute the same percentiles.
 */
#ifndef RTLAT_HIST_H
#define RTLAT_HIST_H

#include "pure.h"

#define RTLAT_HIST_SUB_BITS	6
#define RTLAT_HIST_SUB		(1U << RTLAT_HIST_SUB_BITS)
/* Durations of 2^40 ns (18 minutes) and above share the last bucket. */
#define RTLAT_HIST_MAX_BITS	40
#define RTLAT_HIST_BUCKETS	\
	((RTLAT_HIST_MAX_BITS - RTLAT_HIST_SUB_BITS + 1) * RTLAT_HIST_SUB)

/**
 * struct rtlat_hist - distribution of one metric on one CPU
 * @n: number of samples
 * @sum: their sum, ns
 * @sumsq: sum of their squares, ns^2
 * @min: smallest sample, ns; only valid when @n is not 0
 * @max: largest sample, ns; only valid when @n is not 0
 * @max_start_ns: when the (first) largest sample started
 * @max_task: its task
 * @max_job: its job
 * @max_flags: its flags
 * @bucket: samples per bucket, see rtlat_hist_index()
 *
 * All zeroes is the empty histogram.
 */
struct rtlat_hist {
	u64 n;
	u64 sum;
	__uint128_t sumsq;
	u64 min;
	u64 max;
	u64 max_start_ns;
	u32 max_task;
	u32 max_job;
	u32 max_flags;
	u64 bucket[RTLAT_HIST_BUCKETS];
};

/**
 * rtlat_hist_index - bucket of a duration
 * @ns: duration
 *
 * Return: index below RTLAT_HIST_BUCKETS.
 */
static inline unsigned int rtlat_hist_index(u64 ns)
{
	unsigned int shift;

	if (ns < RTLAT_HIST_SUB)
		return ns;
	if (ns >> RTLAT_HIST_MAX_BITS)
		return RTLAT_HIST_BUCKETS - 1;
	shift = rtlat_fls64(ns) - 1 - RTLAT_HIST_SUB_BITS;
	return (shift << RTLAT_HIST_SUB_BITS) + (unsigned int)(ns >> shift);
}

/**
 * rtlat_hist_upper - largest duration that falls into a bucket
 * @index: bucket below RTLAT_HIST_BUCKETS
 *
 * Return: the bucket's upper bound, ns. At most 1/64 above any duration in it,
 * but for the last bucket, which has no upper bound.
 */
static inline u64 rtlat_hist_upper(unsigned int index)
{
	unsigned int shift;

	if (index < 2 * RTLAT_HIST_SUB)
		return index;
	shift = (index >> RTLAT_HIST_SUB_BITS) - 1;
	return (((u64)(index & (RTLAT_HIST_SUB - 1)) + RTLAT_HIST_SUB + 1) << shift) - 1;
}

/**
 * rtlat_hist_rank - nearest rank of a percentile
 * @n: number of samples, not 0
 * @per_100k: percentile in thousandths: 50000 is the median, 99900 is p99.9
 *
 * Return: ceil(n * per_100k / 100000), from 1.
 */
static inline u64 rtlat_hist_rank(u64 n, u32 per_100k)
{
	/* n / 100000 first: n * per_100k must not overflow */
	u64 rank = n / 100000 * per_100k +
		   (n % 100000 * per_100k + 99999) / 100000;

	return rank ? rank : 1;
}

/**
 * rtlat_hist_add - count one sample
 * @hist: histogram
 * @ns: duration
 * @start_ns: when the interval started
 * @task: task, or IPI target
 * @job: job, or IPI round
 * @flags: RTLAT_FLAGS of the sample
 *
 * Any context; the caller keeps two writers apart.
 */
static inline void rtlat_hist_add(struct rtlat_hist *hist, u64 ns, u64 start_ns,
				  u32 task, u32 job, u32 flags)
{
	if (!hist->n || ns < hist->min)
		hist->min = ns;
	if (!hist->n || ns > hist->max) {
		hist->max = ns;
		hist->max_start_ns = start_ns;
		hist->max_task = task;
		hist->max_job = job;
		hist->max_flags = flags;
	}
	hist->n++;
	hist->sum += ns;
	hist->sumsq += (__uint128_t)ns * ns;
	hist->bucket[rtlat_hist_index(ns)]++;
}

void rtlat_hist_merge(struct rtlat_hist *to, const struct rtlat_hist *from);
u64 rtlat_hist_percentile(const struct rtlat_hist *hist, u32 per_100k);

#endif /* RTLAT_HIST_H */
