/* SPDX-License-Identifier: GPL-2.0 */
/* Confidence intervals of a histogram's statistics. Pure. */
#ifndef RTLAT_BOOTSTRAP_H
#define RTLAT_BOOTSTRAP_H

#include "module/hist.h"

/**
 * struct ci - interval that holds the true value with 95 % confidence
 * @lo: lower end; ns, but of a ratio
 * @hi: upper end, likewise
 */
struct ci {
	double lo;
	double hi;
};

void bootstrap_ci(const struct rtlat_hist *hist, struct ci *mean,
		  struct ci *p99);
void bootstrap_percentile_ci(const struct rtlat_hist *hist, u32 per_100k,
			     struct ci *ci);
void bootstrap_ratio_ci(const struct rtlat_hist *over,
			const struct rtlat_hist *under, struct ci *ratio);

#endif /* RTLAT_BOOTSTRAP_H */
