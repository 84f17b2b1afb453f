/* SPDX-License-Identifier: GPL-2.0 */
/* A run as the trace tells it, held against the module's figures. Pure. */
#ifndef RTLAT_ANALYSE_H
#define RTLAT_ANALYSE_H

#include "stats/figures.h"
#include "trace/read.h"

#define NR_STEPS	6	/* of thread_latency */

/**
 * struct trace_run - one run in a trace
 * @number: of the run; only valid when @named
 * @named: an event said the number
 * @begun: the begin event is there
 * @ended: the end event is there
 * @missed: the ring buffer said that it lost records
 * @samples: all samples, in the order of the trace; NULL when they were only
 *	counted, see trace_report()
 * @nr: how many
 * @room: for how many there is memory
 * @status: text of the end event, or of the begin event
 * @params: lines of parameters
 * @ledger: lines of the ledger
 * @raw: the kernel's own events, where they were asked for
 * @nr_raw: how many
 * @room_raw: for how many there is memory
 * @module: the module's own figures, without histograms
 * @module_problem: what is wrong with them
 */
struct trace_run {
	u32 number;
	bool named;
	bool begun;
	bool ended;
	bool missed;
	struct sample *samples;
	size_t nr;
	size_t room;
	char *status;
	char *params;
	char *ledger;
	struct raw_event *raw;
	size_t nr_raw;
	size_t room_raw;
	struct figures *module;
	struct problem module_problem;
};

/**
 * struct metric_report - a metric as the trace tells it
 * @traced: samples in the trace
 * @lost: numbers missing between 0 and the last one that is there
 * @twice: numbers that are there more than once
 * @flagged: samples by flag
 * @nested: samples with interrupts nested in them
 * @top: the largest samples, largest first
 * @nr_top: how many
 */
struct metric_report {
	u64 traced;
	u64 lost;
	u64 twice;
	u64 flagged[32];
	u64 nested;
	struct sample top[RTLAT_LARGEST];
	unsigned int nr_top;
};

/**
 * struct run_report - what a trace says of a run
 * @figures: the trace's statistics; the ledger is the module's
 * @metric: by metric
 * @sum_checked: jobs whose steps were held against thread_latency
 * @sum_failed: those where they differ
 * @sum_partial: jobs that did not queue and lack a step or the whole
 * @sum_first: first job that differs, as text
 * @step_ns: of the jobs checked, the sum of each step, ns
 * @whole_ns: of the jobs checked, the sum of thread_latency, ns
 * @verdict: "module and trace agree", or by how much not
 * @agree: they do, as far as nothing was lost
 */
struct run_report {
	struct figures *figures;
	struct metric_report metric[RTLAT_NR_METRICS];
	u64 sum_checked;
	u64 sum_failed;
	u64 sum_partial;
	char sum_first[256];
	u64 step_ns[NR_STEPS];
	u64 whole_ns;
	struct problem verdict;
	bool agree;
};

void run_report_make(struct run_report *report, const struct trace_run *run);
void run_report_count(struct run_report *report, const struct trace_run *run);
void run_report_judge(struct run_report *report, const struct trace_run *run);
void run_report_free(struct run_report *report);

#endif /* RTLAT_ANALYSE_H */
