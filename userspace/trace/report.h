/* SPDX-License-Identifier: GPL-2.0 */
/* The report of a trace.dat of any size. */
#ifndef RTLAT_TRACE_REPORT_H
#define RTLAT_TRACE_REPORT_H

#include "trace/analyse.h"

/* What trace_report_count() says of a file that it leaves to trace_run_load(). */
enum trace_count {
	TRACE_COUNTED = 0,
	TRACE_NO_RUN,
	TRACE_UNCOUNTED,
};

enum trace_count trace_report_count(const char *path, u32 wanted,
				    struct trace_run **run,
				    struct run_report *report);
struct trace_run *trace_report(const char *path, u32 wanted,
			       struct run_report *report, struct problem *problem);

#endif /* RTLAT_TRACE_REPORT_H */
