// SPDX-License-Identifier: GPL-2.0
/* A run as the trace tells it, held against the module's figures. Pure. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "trace/analyse.h"
#include "trace/sumrule.h"

static void keep_top(struct metric_report *metric, const struct sample *sample)
{
	unsigned int i = metric->nr_top;

	if (i == RTLAT_LARGEST &&
	    sample->duration_ns <= metric->top[i - 1].duration_ns)
		return;
	if (i < RTLAT_LARGEST)
		metric->nr_top++;
	else
		i--;
	for (; i && metric->top[i - 1].duration_ns < sample->duration_ns; i--)
		metric->top[i] = metric->top[i - 1];
	metric->top[i] = *sample;
}

static void count_flags(struct metric_report *metric, u32 flags)
{
	unsigned int bit;

	if (flags & RTLAT_NESTED_MASK)
		metric->nested++;
	for (bit = 8; bit < 32; bit++)
		if (flags & 1U << bit)
			metric->flagged[bit]++;
}

static int by_seq(const void *left, const void *right)
{
	const struct sample *a = *(const struct sample *const *)left;
	const struct sample *b = *(const struct sample *const *)right;

	if (a->metric != b->metric)
		return a->metric < b->metric ? -1 : 1;
	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* Numbers run from 0 on each CPU and metric: a gap is a lost record. */
static void find_gaps(struct run_report *report, const struct trace_run *run)
{
	const struct sample **sorted = xcalloc(run->nr, sizeof(*sorted));
	size_t i;

	for (i = 0; i < run->nr; i++)
		sorted[i] = &run->samples[i];
	qsort(sorted, run->nr, sizeof(*sorted), by_seq);
	for (i = 0; i < run->nr; i++) {
		const struct sample *last = i ? sorted[i - 1] : NULL;
		const struct sample *now = sorted[i];
		struct metric_report *metric = &report->metric[now->metric];

		if (!last || last->metric != now->metric || last->cpu != now->cpu)
			metric->lost += now->seq;
		else if (last->seq == now->seq)
			metric->twice++;
		else
			metric->lost += now->seq - last->seq - 1;
	}
	free(sorted);
}

static const struct {
	const char *key;
	size_t offset;
} exact[] = {
	{ "n", offsetof(struct rtlat_hist, n) },
	{ "min", offsetof(struct rtlat_hist, min) },
	{ "max", offsetof(struct rtlat_hist, max) },
};

/* One class of one metric; false when they do not agree. */
static bool class_agrees(const struct run_report *report,
			 const struct trace_run *run, unsigned int metric,
			 unsigned int class, struct problem *verdict)
{
	const struct rtlat_hist *trace = &report->figures->hist[metric][class];
	const struct rtlat_hist *module = &run->module->hist[metric][class];
	struct stats ours, theirs;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(exact); i++) {
		u64 in_trace = *(const u64 *)((const char *)trace + exact[i].offset);
		u64 in_module = *(const u64 *)((const char *)module + exact[i].offset);

		if (in_trace == in_module)
			continue;
		problem_set(verdict,
			    "%s, %s: %s is %" PRIu64 " in the module and %" PRIu64 " in the trace",
			    metric_name(metric), class_name(class), exact[i].key,
			    in_module, in_trace);
		return false;
	}
	stats_of(&ours, trace);
	stats_of(&theirs, module);
	if (fabs(ours.mean - theirs.mean) <= 1)
		return true;
	problem_set(verdict,
		    "%s, %s: mean is %.3f ns in the module and %.3f ns in the trace",
		    metric_name(metric), class_name(class), theirs.mean,
		    ours.mean);
	return false;
}

/* kept + interrupted in the module = in the trace + lost */
static bool count_agrees(const struct run_report *report,
			 const struct trace_run *run, unsigned int m,
			 u64 *lost, struct problem *verdict)
{
	const struct metric_report *metric = &report->metric[m];
	const u64 *line = run->module->ledger[m].line;
	u64 module = line[RTLAT_L_KEPT] + line[RTLAT_L_INTERRUPTED];

	*lost += metric->lost;
	if (metric->twice) {
		problem_set(verdict, "%s: %" PRIu64 " samples are in the trace twice",
			    metric_name(m), metric->twice);
		return false;
	}
	if (module == metric->traced + metric->lost)
		return true;
	/* the last records leave no gap behind them */
	if (module > metric->traced + metric->lost &&
	    (run->missed || *lost)) {
		*lost += module - metric->traced - metric->lost;
		return true;
	}
	problem_set(verdict,
		    "%s: kept + interrupted is %" PRIu64 " in the module; the trace has %" PRIu64
		    " samples and %" PRIu64 " lost",
		    metric_name(m), module, metric->traced, metric->lost);
	return false;
}

static void compare_with_module(struct run_report *report,
				const struct trace_run *run)
{
	struct problem *verdict = &report->verdict;
	u64 lost = 0;
	unsigned int m, c;

	if (!run->ended) {
		problem_set(verdict,
			    "the run's end is not in the trace: nothing to compare with");
		return;
	}
	if (run->module_problem.text[0]) {
		problem_set(verdict, "%s", run->module_problem.text);
		return;
	}
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		lost += report->metric[m].lost;
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		if (!count_agrees(report, run, m, &lost, verdict))
			return;
	report->agree = true;
	if (lost) {
		problem_set(verdict,
			    "the trace lost records of this run: the module's figures are of all samples, the trace's are not");
		return;
	}
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		for (c = 0; c < RTLAT_NR_CLASSES; c++)
			if (!class_agrees(report, run, m, c, verdict))
				report->agree = false;
	if (report->sum_failed)
		report->agree = false;
	if (report->sum_failed)
		problem_set(verdict, "the steps do not sum to thread_latency: %s",
			    report->sum_first);
	else if (report->agree)
		problem_set(verdict, "module and trace agree");
}

/**
 * run_report_judge - hold what was counted in a trace against the module's figures
 * @report: what was counted, without a verdict; receives it
 * @run: the run, with the module's figures
 */
void run_report_judge(struct run_report *report, const struct trace_run *run)
{
	unsigned int m;

	memcpy(report->figures->ledger, run->module->ledger,
	       sizeof(report->figures->ledger));
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		report->figures->ledger[m].applies |= report->metric[m].traced != 0;
	compare_with_module(report, run);
}

/**
 * run_report_count - what a trace says of a run, from all of its samples
 * @report: receives it, without a verdict; run_report_free() it
 * @run: the run
 *
 * It keeps every sample in memory and sorts them: for a run that is looked at
 * from several sides, and what trace_report() is held against.
 */
void run_report_count(struct run_report *report, const struct trace_run *run)
{
	size_t i;

	memset(report, 0, sizeof(*report));
	report->figures = figures_new();
	report->figures->buckets = true;
	for (i = 0; i < run->nr; i++) {
		const struct sample *sample = &run->samples[i];
		struct metric_report *metric = &report->metric[sample->metric];
		const enum rtlat_class class = rtlat_class_of(sample->flags);

		rtlat_hist_add(&report->figures->hist[sample->metric][class],
			       sample->duration_ns, sample->start_ns,
			       sample->task, sample->job, sample->flags);
		metric->traced++;
		count_flags(metric, sample->flags);
		keep_top(metric, sample);
	}
	find_gaps(report, run);
	sum_rule_check(report, run);
}

/**
 * run_report_make - what a trace says of a run, from all of its samples
 * @report: receives it; run_report_free() it
 * @run: the run
 */
void run_report_make(struct run_report *report, const struct trace_run *run)
{
	run_report_count(report, run);
	run_report_judge(report, run);
}

/**
 * run_report_free - free a report
 * @report: the report
 */
void run_report_free(struct run_report *report)
{
	figures_free(report->figures);
	report->figures = NULL;
}
