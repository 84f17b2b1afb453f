/* SPDX-License-Identifier: GPL-2.0 */
/* Results of a sweep, made up. */
#ifndef RTLAT_MADE_SWEEP_H
#define RTLAT_MADE_SWEEP_H

#include "module/uapi/rtlat.h"

#define MADE_BLOCKED	750
#define MADE_SAMPLES	300	/* of each metric and cell */

/**
 * struct made - a sweep to make up
 * @slope: growth of sched_overhead by task, as part of its mean
 * @bump: ns that it is longer with 5 tasks
 * @mix: switches from a task that sleeps, for each task so many more of
 *	MADE_SAMPLES; they take MADE_BLOCKED ns longer
 * @fewer: samples that kvm's cells of 10 tasks have less
 * @event: event_latency of kvm over that of native
 * @cxs: likewise cxs_overhead
 * @interrupted: interrupted samples of a cell, by metric
 * @clock: of all cells
 * @only: the only platform, or NULL: native and kvm
 */
struct made {
	double slope;
	double bump;
	unsigned int mix;
	unsigned int fewer;
	double event;
	double cxs;
	unsigned int interrupted[RTLAT_NR_METRICS];
	const char *clock;
	const char *only;
};

extern const struct made made_as_found;

char *made_sweep(const struct made *made);

#endif /* RTLAT_MADE_SWEEP_H */
