/* SPDX-License-Identifier: GPL-2.0 */
/* The steps of a job must sum to its thread_latency. Pure. */
#ifndef RTLAT_SUMRULE_H
#define RTLAT_SUMRULE_H

#include "trace/analyse.h"

extern const unsigned int step_metrics[NR_STEPS];

void sum_rule_failed(struct run_report *report, const struct sample *whole,
		     u64 sum_ns);
void sum_rule_check(struct run_report *report, const struct trace_run *run);

#endif /* RTLAT_SUMRULE_H */
