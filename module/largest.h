/* SPDX-License-Identifier: GPL-2.0 */
/* The largest samples of a metric, each with what it was. Pure, see pure.h. */
#ifndef RTLAT_LARGEST_H
#define RTLAT_LARGEST_H

#include "intervals.h"

/**
 * struct rtlat_largest - largest samples so far
 * @n: how many there are
 * @sample: by duration, the largest first; of equals the earlier one
 */
struct rtlat_largest {
	u32 n;
	struct rtlat_sample sample[RTLAT_LARGEST];
};

void rtlat_largest_add(struct rtlat_largest *largest,
		       const struct rtlat_sample *sample);

#endif /* RTLAT_LARGEST_H */
