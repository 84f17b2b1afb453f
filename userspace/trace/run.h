/* SPDX-License-Identifier: GPL-2.0 */
/* From a trace's events to its runs. */
#ifndef RTLAT_TRACE_RUN_H
#define RTLAT_TRACE_RUN_H

#include "trace/analyse.h"

/**
 * struct trace_loader - runs, from what is said about them in the trace
 * @wanted: number of the run that was asked for; 0: the last complete one
 * @now: the run in the making
 * @best: the best one so far
 * @at: number of the line that comes next; who needs the numbers sets it
 * @from: number of the line with which the run in the making began
 * @best_from: that of the best one
 * @best_to: number of the line that ended the best one
 */
struct trace_loader {
	u32 wanted;
	struct trace_run *now;
	struct trace_run *best;
	size_t at;
	size_t from;
	size_t best_from;
	size_t best_to;
};

int trace_loader_run(struct trace_loader *loader, u32 number, unsigned int phase,
		     const char *text, struct problem *problem);
void trace_loader_missed(struct trace_loader *loader);
void trace_loader_end(struct trace_loader *loader, size_t nr);

struct trace_run *trace_run_load(const char *path, u32 wanted,
				 struct problem *problem);
struct trace_run *trace_run_load_raw(const char *path, u32 wanted,
				     struct problem *problem);
void trace_run_missing(const char *path, u32 wanted, struct problem *problem);
void trace_run_free(struct trace_run *run);

#endif /* RTLAT_TRACE_RUN_H */
