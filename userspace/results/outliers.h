/* SPDX-License-Identifier: GPL-2.0 */
/* The largest samples of a run, over all its CPUs. Pure. */
#ifndef RTLAT_OUTLIERS_H
#define RTLAT_OUTLIERS_H

#include "stats/figures.h"
#include "trace/sample.h"

/**
 * struct outliers - the largest samples of each metric
 * @nr: how many, by metric
 * @sample: them, the largest first, of equals the earlier one
 */
struct outliers {
	unsigned int nr[RTLAT_NR_METRICS];
	struct sample sample[RTLAT_NR_METRICS][RTLAT_LARGEST];
};

int outliers_read(struct outliers *outliers, const char *text,
		  struct problem *problem);
int outliers_check(const struct outliers *outliers,
		   const struct figures *figures, struct problem *problem);
json_t *outliers_json(const struct outliers *outliers, unsigned int metric);

#endif /* RTLAT_OUTLIERS_H */
