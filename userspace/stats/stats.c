// SPDX-License-Identifier: GPL-2.0
/* Statistics of a histogram. Pure. */

#include <math.h>

#include "stats/stats.h"

/**
 * stats_of - statistics of a histogram
 * @stats: receives them
 * @hist: histogram; may be empty
 *
 * The moments are taken around the mean's whole part, in 128-bit integers:
 * exact until the last division.
 */
void stats_of(struct stats *stats, const struct rtlat_hist *hist)
{
	unsigned __int128 around;
	u64 whole, rest;

	memset(stats, 0, sizeof(*stats));
	stats->n = hist->n;
	if (!hist->n)
		return;
	whole = hist->sum / hist->n;
	rest = hist->sum % hist->n;
	stats->mean = (double)((long double)whole +
			       (long double)rest / (long double)hist->n);
	/* sum((x - whole)^2); wraps on the way, the result does not */
	around = hist->sumsq -
		 (unsigned __int128)whole * hist->sum * 2 +
		 (unsigned __int128)whole * whole * hist->n;
	if (hist->n > 1) {
		long double squares = (long double)around -
			(long double)rest * (long double)rest /
			(long double)hist->n;

		/* below 0 only when the sums are not those of samples */
		if (squares > 0)
			stats->stddev = (double)sqrtl(squares /
						      (long double)(hist->n - 1));
	}
	stats->min = hist->min;
	stats->max = hist->max;
	stats->p50 = rtlat_hist_percentile(hist, 50000);
	stats->p90 = rtlat_hist_percentile(hist, 90000);
	stats->p99 = rtlat_hist_percentile(hist, 99000);
	stats->p999 = rtlat_hist_percentile(hist, 99900);
}

/**
 * stats_bucket_max - largest sample that a bucket can hold
 * @hist: histogram with samples in the bucket
 * @bucket: its index
 *
 * Return: the bucket's upper bound, but never more than the exact maximum, ns.
 */
u64 stats_bucket_max(const struct rtlat_hist *hist, unsigned int bucket)
{
	u64 upper = rtlat_hist_upper(bucket);

	/* the last bucket has no bound */
	return bucket == RTLAT_HIST_BUCKETS - 1 || upper > hist->max ?
	       hist->max : upper;
}

/**
 * stats_bucket_ns - what a bucket stands for
 * @hist: histogram with samples in the bucket
 * @bucket: its index
 *
 * Return: the middle of the samples that it can hold, ns.
 */
double stats_bucket_ns(const struct rtlat_hist *hist, unsigned int bucket)
{
	u64 lower = bucket ? rtlat_hist_upper(bucket - 1) + 1 : 0;

	if (lower < hist->min)
		lower = hist->min;
	return ((double)lower + (double)stats_bucket_max(hist, bucket)) / 2;
}

/* ln of the ways to draw @m of @n; long double: they are large and cancel. */
static long double ln_ways(u64 n, u64 m)
{
	return lgammal((long double)n + 1) - lgammal((long double)m + 1) -
	       lgammal((long double)(n - m) + 1);
}

/**
 * stats_expected_max - expected maximum of a part of the samples
 * @hist: histogram
 * @m: how many are drawn, none twice; all of them when there are not more
 *
 * Maxima grow with the number of samples: those of two histograms are compared
 * at the smaller n. A bucket stands for its middle, the last one with samples
 * for the exact maximum.
 *
 * Return: the mean over all draws, ns; 0 when @m or the histogram is empty.
 */
double stats_expected_max(const struct rtlat_hist *hist, u64 m)
{
	long double expected = 0, before = 0, all;
	unsigned int i;
	u64 below = 0;

	if (!m || !hist->n)
		return 0;
	if (m >= hist->n)
		return (double)hist->max;
	all = ln_ways(hist->n, m);
	for (i = 0; i < RTLAT_HIST_BUCKETS && below < hist->n; i++) {
		long double chance = 0;

		if (!hist->bucket[i])
			continue;
		below += hist->bucket[i];
		/* that all of the draw comes from this bucket or those below */
		if (below >= m)
			chance = expl(ln_ways(below, m) - all);
		expected += (chance - before) * (below == hist->n ?
			    (long double)hist->max : stats_bucket_ns(hist, i));
		before = chance;
	}
	return (double)expected;
}
