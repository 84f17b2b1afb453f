/* SPDX-License-Identifier: GPL-2.0 */
/* The cells of a results folder as points of a sweep. */
#ifndef RTLAT_SWEEP_H
#define RTLAT_SWEEP_H

#include <jansson.h>

#include "stats/figures.h"

/* In place of a number: whatever it is. */
#define SWEEP_ANY	(-1)

/**
 * struct sweep_spot - where cells lie in a sweep, or which ones are meant
 * @platform: index into platform_names
 * @posted: 1: the guest's timer fires on another CPU
 * @load: 1: with background load
 * @distribution: enum rtlat_distribution, SWEEP_ANY outside mode=taskset
 * @tasks_per_cpu: tasks for each CPU, 0 where there are none
 *
 * To choose by, each may be SWEEP_ANY.
 */
struct sweep_spot {
	int platform;
	int posted;
	int load;
	int distribution;
	int tasks_per_cpu;
};

/**
 * struct sweep_point - the cells of one spot, pooled
 * @spot: where
 * @cells: how many: the sets of the point
 * @clean: by metric: samples kept of jobs that did not queue
 * @whole: by metric: those, and the interrupted ones of jobs that did not queue
 * @sched: sched_overhead kept, by metric_parts()
 */
struct sweep_point {
	struct sweep_spot spot;
	unsigned int cells;
	struct rtlat_hist *clean;
	struct rtlat_hist *whole;
	struct rtlat_hist *sched;
};

/**
 * struct sweep - cells that differ only in what a sweep goes over
 * @key: what they have in common
 * @name: what tells it from the others of the results, "" when it is alone
 * @cells: the cells, array
 * @nr: number of points
 * @point: the points, in the order of their spots
 */
struct sweep {
	char *key;
	char *name;
	json_t *cells;
	size_t nr;
	struct sweep_point *point;
};

/**
 * struct sweeps - all of a results folder
 * @nr: number of sweeps
 * @sweep: the sweeps
 * @not_ok: cells that are in none of them: they failed or were skipped
 * @imported: cells that are in none of them: another machine's
 */
struct sweeps {
	size_t nr;
	struct sweep *sweep;
	unsigned int not_ok;
	unsigned int imported;
};

extern const struct sweep_spot sweep_any;

int sweeps_make(struct sweeps *sweeps, const json_t *summary,
		struct problem *problem);
int sweeps_read(struct sweeps *sweeps, const char *results,
		struct problem *problem);
char *sweeps_left_out(const struct sweeps *sweeps);
void sweeps_free(struct sweeps *sweeps);

int sweep_add(struct sweep *sweep, const json_t *cell,
	      const struct figures *figures, struct problem *problem);
bool sweep_is_taskset(const struct sweep *sweep);
const json_t *sweep_common(const struct sweep *sweep, const char *part,
			   const char *key);
bool sweep_spot_of(struct sweep_spot *spot, const json_t *cell);
bool sweep_matches(const struct sweep_spot *spot, const struct sweep_spot *want);
unsigned int sweep_pool(const struct sweep *sweep, const struct sweep_spot *want,
			unsigned int metric, bool whole, struct rtlat_hist *hist);
u64 sweep_samples(const struct sweep *sweep, const struct sweep_spot *want,
		  unsigned int metric);

#endif /* RTLAT_SWEEP_H */
