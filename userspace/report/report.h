/* SPDX-License-Identifier: GPL-2.0 */
/* Showing what a trace says of a run. */
#ifndef RTLAT_REPORT_H
#define RTLAT_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "trace/analyse.h"

/**
 * struct report_about - where a report comes from
 * @file: the trace.dat
 * @clock: what its times are, as text
 * @unproven: why the platform of its cell is not proven, or NULL
 */
struct report_about {
	const char *file;
	const char *clock;
	const char *unproven;
};

/**
 * struct report_row - a line of figures
 * @metric: enum rtlat_metric
 * @over: name of the samples it is over
 * @classes: CLASSES_*
 */
struct report_row {
	unsigned int metric;
	const char *over;
	unsigned int classes;
};

#define MAX_REPORT_ROWS	(4 * RTLAT_NR_METRICS)

unsigned int report_rows(const struct run_report *report,
			 struct report_row rows[MAX_REPORT_ROWS]);
void report_print(const struct run_report *report, const struct trace_run *run,
		  const struct report_about *about, FILE *to);
void report_csv(const struct run_report *report, FILE *to);
json_t *report_json(const struct run_report *report,
		    const struct trace_run *run,
		    const struct report_about *about);

#endif /* RTLAT_REPORT_H */
