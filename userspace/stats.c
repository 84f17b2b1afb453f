// SPDX-License-Identifier: GPL-2.0
/* Statistics of a histogram. Pure. */

#include <math.h>

#include "stats.h"

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

		stats->stddev = (double)sqrtl(squares /
					      (long double)(hist->n - 1));
	}
	stats->min = hist->min;
	stats->max = hist->max;
	stats->p50 = rtlat_hist_percentile(hist, 50000);
	stats->p99 = rtlat_hist_percentile(hist, 99000);
	stats->p999 = rtlat_hist_percentile(hist, 99900);
}
