/* SPDX-License-Identifier: GPL-2.0 */
/* The module's figures of a run, over all its CPUs. Pure. */
#ifndef RTLAT_FIGURES_H
#define RTLAT_FIGURES_H

#include "base/textline.h"
#include "module/hist.h"
#include "module/intervals.h"

/**
 * struct ledger - what became of the attempts of one metric, over all CPUs
 * @applies: the metric has a ledger line in this run
 * @attempted: counted on its own
 * @line: kept, interrupted, ...
 */
struct ledger {
	bool applies;
	u64 attempted;
	u64 line[RTLAT_NR_LINES];
};

/**
 * struct figures - a run in numbers
 * @ledger: by metric
 * @hist: by metric and class
 * @buckets: the histograms' buckets have been read
 */
struct figures {
	struct ledger ledger[RTLAT_NR_METRICS];
	struct rtlat_hist hist[RTLAT_NR_METRICS][RTLAT_NR_CLASSES];
	bool buckets;
};

/* Which classes a statistic is over. */
#define CLASSES_UNQUEUED	(1U << RTLAT_C_KEPT | 1U << RTLAT_C_KEPT_BLOCKED)
#define CLASSES_QUEUED		(1U << RTLAT_C_KEPT_QUEUED)
#define CLASSES_RUNNABLE	(1U << RTLAT_C_KEPT)
#define CLASSES_BLOCKED		(1U << RTLAT_C_KEPT_BLOCKED)
#define CLASSES_KEPT		(CLASSES_UNQUEUED | CLASSES_QUEUED)
#define CLASSES_ALL		((1U << RTLAT_NR_CLASSES) - 1)
#define CLASSES_INTERRUPTED	(CLASSES_ALL & ~CLASSES_KEPT)

/**
 * struct metric_part - a part of a metric's samples that is shown apart, too
 * @name: as in the results
 * @classes: which kept samples
 */
struct metric_part {
	const char *name;
	unsigned int classes;
};

#define METRIC_PARTS	2

const char *metric_name(unsigned int metric);
int metric_by_name(const char *name);
const char *line_name(unsigned int line);
const char *class_name(unsigned int class);
bool metric_can_queue(unsigned int metric);
const struct metric_part *metric_parts(unsigned int metric);
int line_metric(const struct textline *line, int *metric,
		struct problem *problem);

struct figures *figures_new(void);
void figures_free(struct figures *figures);
int figures_ledger_line(struct figures *figures, const struct textline *line,
			struct problem *problem);
int figures_summary_line(struct figures *figures, const struct textline *line,
			 struct problem *problem);
int figures_read(struct figures *figures, const char *ledger,
		 const char *summary, const char *histograms,
		 struct problem *problem);
bool figures_missing(const char *results, const char *id);
struct figures *figures_load(const char *results, const char *id,
			     struct problem *problem);
int figures_check(const struct figures *figures, struct problem *problem);
u64 figures_count(const struct figures *figures, unsigned int metric,
		  unsigned int classes);
void figures_merge(const struct figures *figures, unsigned int metric,
		   unsigned int classes, struct rtlat_hist *hist);

#endif /* RTLAT_FIGURES_H */
