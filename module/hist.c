// SPDX-License-Identifier: GPL-2.0
/* Log-linear histogram with exact moments. Pure, see pure.h. */

#include "hist.h"

/**
 * rtlat_hist_merge - add one histogram to another
 * @to: receives the sum
 * @from: unchanged
 */
void rtlat_hist_merge(struct rtlat_hist *to, const struct rtlat_hist *from)
{
	unsigned int i;

	if (!from->n)
		return;
	if (!to->n || from->min < to->min)
		to->min = from->min;
	if (!to->n || from->max > to->max) {
		to->max = from->max;
		to->max_start_ns = from->max_start_ns;
		to->max_task = from->max_task;
		to->max_job = from->max_job;
		to->max_flags = from->max_flags;
	}
	to->n += from->n;
	to->sum += from->sum;
	to->sumsq += from->sumsq;
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

/**
 * rtlat_hist_percentile - nearest-rank percentile
 * @hist: histogram with at least one sample
 * @per_100k: percentile in thousandths: 50000 is the median, 99900 is p99.9
 *
 * Return: upper bound of the bucket that holds the sample of
 * rtlat_hist_rank(), but never more than the exact maximum; 0 for an
 * empty histogram.
 */
u64 rtlat_hist_percentile(const struct rtlat_hist *hist, u32 per_100k)
{
	u64 rank, seen = 0;
	unsigned int i;

	if (!hist->n)
		return 0;
	rank = rtlat_hist_rank(hist->n, per_100k);
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++) {
		seen += hist->bucket[i];
		if (seen >= rank)
			break;
	}
	if (i >= RTLAT_HIST_BUCKETS - 1 || rtlat_hist_upper(i) > hist->max)
		return hist->max;
	return rtlat_hist_upper(i);
}
