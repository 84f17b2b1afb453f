/* SPDX-License-Identifier: GPL-2.0 */
/* From a trace's events to its runs. */
#ifndef RTLAT_TRACE_RUN_H
#define RTLAT_TRACE_RUN_H

#include "analyse.h"

struct trace_run *trace_run_load(const char *path, u32 wanted,
				 struct problem *problem);
struct trace_run *trace_run_load_raw(const char *path, u32 wanted,
				     struct problem *problem);
void trace_run_free(struct trace_run *run);

#endif /* RTLAT_TRACE_RUN_H */
