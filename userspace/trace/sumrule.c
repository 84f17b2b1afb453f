// SPDX-License-Identifier: GPL-2.0
/* The steps of a job must sum to its thread_latency. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "trace/sumrule.h"

const unsigned int step_metrics[NR_STEPS] = {
	RTLAT_RELEASE_LATENCY, RTLAT_RELEASE_OVERHEAD, RTLAT_WAKE_GAP,
	RTLAT_SCHED_OVERHEAD, RTLAT_CXS_OVERHEAD, RTLAT_START_GAP,
};

static bool is_part(const struct sample *sample)
{
	unsigned int i;

	if (sample->flags & RTLAT_F_RESUMED)
		return false;
	for (i = 0; i < NR_STEPS; i++)
		if (sample->metric == step_metrics[i])
			return true;
	return sample->metric == RTLAT_THREAD_LATENCY;
}

static int by_job(const void *left, const void *right)
{
	const struct sample *a = *(const struct sample *const *)left;
	const struct sample *b = *(const struct sample *const *)right;

	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	if (a->task != b->task)
		return a->task < b->task ? -1 : 1;
	return a->job < b->job ? -1 : a->job > b->job;
}

static void add_means(struct run_report *report,
		      const struct sample *const *samples, size_t nr)
{
	unsigned int step;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (samples[i]->metric == RTLAT_THREAD_LATENCY)
			report->whole_ns += samples[i]->duration_ns;
		for (step = 0; step < NR_STEPS; step++)
			if (samples[i]->metric == step_metrics[step])
				report->step_ns[step] += samples[i]->duration_ns;
	}
}

/**
 * sum_rule_failed - say of a job that its steps do not sum
 * @report: receives the text
 * @whole: the job's thread_latency
 * @sum_ns: sum of its steps
 */
void sum_rule_failed(struct run_report *report, const struct sample *whole,
		     u64 sum_ns)
{
	snprintf(report->sum_first, sizeof(report->sum_first),
		 "CPU %u task %u job %u: steps %" PRIu64
		 " ns, thread_latency %" PRIu64 " ns",
		 whole->cpu, whole->task, whole->job, sum_ns, whole->duration_ns);
}

/* All samples of one job. */
static void check_job(struct run_report *report,
		      const struct sample *const *samples, size_t nr)
{
	const struct sample *whole = NULL;
	unsigned int seen = 0;
	u64 sum = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct sample *sample = samples[i];

		if (sample->metric == RTLAT_THREAD_LATENCY)
			whole = sample;
		else
			sum += sample->duration_ns;
		seen |= 1U << sample->metric;
	}
	/* a release whose job was still running has no thread_latency */
	if (whole && whole->flags & RTLAT_F_QUEUED)
		return;
	if (!whole || nr != NR_STEPS + 1 ||
	    __builtin_popcount(seen) != NR_STEPS + 1) {
		report->sum_partial++;
		return;
	}
	report->sum_checked++;
	add_means(report, samples, nr);
	if (sum == whole->duration_ns)
		return;
	if (!report->sum_failed++)
		sum_rule_failed(report, whole, sum);
}

/**
 * sum_rule_check - hold every job's steps against its thread_latency
 * @report: receives the counts
 * @run: the run
 *
 * Jobs that queued are left out, samples of a switch back to a job are not
 * steps, and jobs that lack a sample (lost, or not kept) are counted apart.
 */
void sum_rule_check(struct run_report *report, const struct trace_run *run)
{
	const struct sample **parts = xcalloc(run->nr, sizeof(*parts));
	size_t i, first, nr = 0;

	for (i = 0; i < run->nr; i++)
		if (is_part(&run->samples[i]))
			parts[nr++] = &run->samples[i];
	qsort(parts, nr, sizeof(*parts), by_job);
	for (first = 0; first < nr; first = i) {
		for (i = first; i < nr && !by_job(&parts[first], &parts[i]); i++)
			;
		check_job(report, parts + first, i - first);
	}
	free(parts);
}
