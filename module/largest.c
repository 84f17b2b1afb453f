// SPDX-License-Identifier: GPL-2.0
/* The largest samples of a metric. Pure, see pure.h. */

#include "largest.h"

/**
 * rtlat_largest_add - keep a sample if it is one of the largest
 * @largest: of its metric
 * @sample: sample; one that is as large as the smallest kept is not
 */
void rtlat_largest_add(struct rtlat_largest *largest,
		       const struct rtlat_sample *sample)
{
	u32 i = largest->n;

	if (i == RTLAT_LARGEST) {
		if (sample->duration_ns <= largest->sample[--i].duration_ns)
			return;
	} else {
		largest->n++;
	}
	for (; i && largest->sample[i - 1].duration_ns < sample->duration_ns; i--)
		largest->sample[i] = largest->sample[i - 1];
	largest->sample[i] = *sample;
}
