/* SPDX-License-Identifier: GPL-2.0 */
/* Statistics of a histogram. Pure. */
#ifndef RTLAT_STATS_H
#define RTLAT_STATS_H

#include "module/hist.h"

/**
 * struct stats - what is said about a distribution
 * @n: number of samples; 0: nothing below is valid
 * @min: exact, ns
 * @mean: exact, ns
 * @stddev: of the sample (n - 1), ns; only valid when @n is at least 2
 * @p50: nearest rank, the bucket's upper bound, ns
 * @p90: likewise
 * @p99: likewise
 * @p999: likewise, 99.9 %
 * @max: exact, ns
 */
struct stats {
	u64 n;
	u64 min;
	double mean;
	double stddev;
	u64 p50;
	u64 p90;
	u64 p99;
	u64 p999;
	u64 max;
};

u64 stats_bucket_max(const struct rtlat_hist *hist, unsigned int bucket);
double stats_bucket_ns(const struct rtlat_hist *hist, unsigned int bucket);
double stats_expected_max(const struct rtlat_hist *hist, u64 m);
void stats_of(struct stats *stats, const struct rtlat_hist *hist);

#endif /* RTLAT_STATS_H */
