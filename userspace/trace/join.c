// SPDX-License-Identifier: GPL-2.0
/*
 * What was counted in several streams, put together. Pure.
 *
 * Samples of one CPU can be in the streams of several: what is left when a run
 * ends is written by whoever ends it.
 */

#include <errno.h>
#include <stdlib.h>

#include "trace/sumrule.h"
#include "trace/tally.h"

/**
 * tally_merge - add one thread's tally to another
 * @to: receives the sum
 * @from: unchanged
 */
void tally_merge(struct tally *to, const struct tally *from)
{
	unsigned int m, c, i;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		for (c = 0; c < RTLAT_NR_CLASSES; c++) {
			struct rtlat_hist *hist = &to->hist[m][c];
			const struct rtlat_hist *other = &from->hist[m][c];

			hist->sum += other->sum;
			hist->sumsq += other->sumsq;
			if (other->min < hist->min)
				hist->min = other->min;
			if (other->max > hist->max)
				hist->max = other->max;
			for (i = 0; i < RTLAT_HIST_BUCKETS; i++)
				hist->bucket[i] += other->bucket[i];
		}
		for (i = 0; i < TALLY_FLAGS; i++)
			to->cell[i][m].n += from->cell[i][m].n;
	}
	for (i = 0; i < NR_PARTS; i++)
		to->part_ns[i] += from->part_ns[i];
	to->checked += from->checked;
	to->partial += from->partial;
	if (from->failed &&
	    (!to->failed || from->failed_whole.cpu < to->failed_whole.cpu ||
	     (from->failed_whole.cpu == to->failed_whole.cpu &&
	      (from->failed_whole.task < to->failed_whole.task ||
	       (from->failed_whole.task == to->failed_whole.task &&
		from->failed_whole.job < to->failed_whole.job))))) {
		to->failed_whole = from->failed_whole;
		to->failed_sum_ns = from->failed_sum_ns;
	}
	to->failed += from->failed;
}

static struct tally_numbers *numbers_of(const struct tally_stream *stream,
					u32 metric, u32 cpu)
{
	struct tally_numbers *numbers;

	for (numbers = stream->numbers[metric]; numbers; numbers = numbers->next)
		if (numbers->cpu == cpu)
			break;
	return numbers;
}

static int by_first(const void *left, const void *right)
{
	const struct tally_range *a = left, *b = right;

	return a->first < b->first ? -1 : a->first > b->first;
}

/* Numbers in ranges that may overlap: how many different ones? */
static u64 count_different(struct tally_range *range, size_t nr)
{
	u64 end = 0, different = 0;
	size_t i;

	qsort(range, nr, sizeof(*range), by_first);
	for (i = 0; i < nr; i++) {
		const u64 first = range[i].first > end ? range[i].first : end;

		if (range[i].end <= first)
			continue;
		different += range[i].end - first;
		end = range[i].end;
	}
	return different;
}

/*
 * The same CPU and metric in the streams from @at on. Each stream's numbers are
 * there as ranges; or, where those are too many, as one that nobody else may
 * have a number in.
 */
static int join_numbers(struct metric_report *report, u32 metric, u32 cpu,
			struct tally_stream *const *streams, size_t nr, size_t at)
{
	struct tally_range *range = NULL;
	u64 n = 0, end = 0, hidden = 0, different;
	size_t room = 0, nr_ranges = 0, nr_streams = 0, forgotten = 0, i;

	for (i = at; i < nr; i++) {
		struct tally_numbers *numbers = numbers_of(streams[i], metric, cpu);

		if (!numbers)
			continue;
		room = nr_ranges + numbers->nr + 1UL;
		range = xrealloc(range, room * sizeof(*range));
		n += numbers->expected - numbers->missing;
		end = numbers->expected > end ? numbers->expected : end;
		nr_streams++;
		if (numbers->forgotten) {
			const u64 first = numbers->nr ? numbers->range[0].first :
							numbers->first;

			forgotten++;
			hidden += numbers->expected - first -
				  (numbers->expected - numbers->missing);
			range[nr_ranges++] = (struct tally_range) {
				first, numbers->expected };
			continue;
		}
		if (numbers->nr)
			memcpy(range + nr_ranges, numbers->range,
			       numbers->nr * sizeof(*range));
		nr_ranges += numbers->nr;
		range[nr_ranges++] = (struct tally_range) { numbers->first,
							    numbers->expected };
	}
	different = nr_ranges ? count_different(range, nr_ranges) : 0;
	free(range);
	/* with gaps inside of it that were not kept, nothing may overlap */
	if (forgotten && nr_streams > 1 && different != n + hidden)
		return -EINVAL;
	different -= hidden;
	report->lost += end - different;
	report->twice += n - different;
	return 0;
}

/**
 * tally_join_numbers - what was lost, and what is there twice
 * @report: receives it
 * @streams: all streams
 * @nr: how many
 *
 * Return: 0; -EINVAL: it cannot be told.
 */
int tally_join_numbers(struct run_report *report, struct tally_stream *const *streams,
		       size_t nr)
{
	struct tally_numbers *numbers;
	size_t i, before;
	u32 m;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		for (i = 0; i < nr; i++) {
			for (numbers = streams[i]->numbers[m]; numbers; numbers = numbers->next) {
				for (before = 0; before < i; before++)
					if (numbers_of(streams[before], m, numbers->cpu))
						break;
				if (before < i)
					continue;
				if (join_numbers(&report->metric[m], m, numbers->cpu,
						 streams, nr, i))
					return -EINVAL;
			}
		}
	}
	return 0;
}

/* A job that another stream has counted as over. */
static bool is_over(const struct tally_task *task, u32 job)
{
	return task->done && job >= task->done_min && job <= task->done_max;
}

/* May @from have samples of jobs that were judged without them? */
static bool apart(const struct tally_task *to, const struct tally_task *from)
{
	unsigned int i;

	if (to->done && from->done && to->done_min <= from->done_max &&
	    from->done_min <= to->done_max)
		return false;
	for (i = 0; i < TALLY_JOBS; i++)
		if ((from->job[i].n && is_over(to, from->job[i].job)) ||
		    (to->job[i].n && is_over(from, to->job[i].job)))
			return false;
	return true;
}

/* The samples of a job in flight, from one stream to another. */
static int move_job(struct tally_job *to, struct tally_job *from)
{
	unsigned int part;

	/* which of two is the last one is not known */
	if (to->seen & from->seen & 1U << NR_STEPS)
		return -EINVAL;
	for (part = 0; part < NR_PARTS; part++) {
		if (from->seen & 1U << part) {
			to->ns[part] = from->ns[part];
			to->flags[part] = from->flags[part];
		}
	}
	to->seen |= from->seen;
	to->n += from->n;
	return 0;
}

static struct tally_task *task_of(const struct tally_stream *stream,
				  const struct tally_task *like, unsigned int hash)
{
	struct tally_task *task;

	for (task = stream->task[hash]; task; task = task->next)
		if (task->cpu == like->cpu && task->task == like->task)
			break;
	return task;
}

/* One task's jobs in flight, with those of the streams behind @at. */
static int join_task(struct tally *tally, struct tally_stream *const *streams,
		     size_t nr, size_t at, unsigned int hash, struct tally_task *task)
{
	struct tally_task **same = xcalloc(nr - at, sizeof(*same));
	size_t nr_same = 0, i, j;
	unsigned int n;
	int ret = -EINVAL;

	for (i = at; i < nr; i++) {
		same[nr_same] = task_of(streams[i], task, hash);
		nr_same += !!same[nr_same];
	}
	for (i = 0; i < nr_same; i++)
		for (j = i + 1; j < nr_same; j++)
			if (!apart(same[i], same[j]))
				goto out;
	/* from the last stream to the first: each job once */
	for (i = nr_same; i-- > 0;) {
		for (n = 0; n < TALLY_JOBS; n++) {
			struct tally_job *job = &same[i]->job[n];

			if (!job->n)
				continue;
			for (j = 0; j < i; j++)
				if (same[j]->job[n].n && same[j]->job[n].job == job->job)
					break;
			if (j == i)
				tally_job_over(tally, same[i], job);
			else if (move_job(&same[j]->job[n], job))
				goto out;
			job->n = 0;
		}
	}
	ret = 0;
out:
	free(same);
	return ret;
}

/**
 * tally_join_jobs - the jobs whose samples were still awaited
 * @tally: receives what became of them
 * @streams: all streams; no job of theirs is in flight afterwards
 * @nr: how many
 *
 * Return: 0; -EINVAL: it cannot be told.
 */
int tally_join_jobs(struct tally *tally, struct tally_stream *const *streams,
		    size_t nr)
{
	struct tally_task *task;
	unsigned int hash;
	size_t i, before;

	for (hash = 0; hash < TALLY_HASH; hash++) {
		for (i = 0; i < nr; i++) {
			for (task = streams[i]->task[hash]; task; task = task->next) {
				for (before = 0; before < i; before++)
					if (task_of(streams[before], task, hash))
						break;
				if (before == i &&
				    join_task(tally, streams, nr, i, hash, task))
					return -EINVAL;
			}
		}
	}
	return 0;
}

static void report_metric(struct run_report *report, const struct tally *tally,
			  unsigned int m)
{
	struct metric_report *metric = &report->metric[m];
	struct rtlat_hist *hists = report->figures->hist[m];
	unsigned int i, bit;

	memcpy(hists, tally->hist[m], sizeof(tally->hist[m]));
	for (i = 0; i < TALLY_FLAGS; i++) {
		const u64 n = tally->cell[i][m].n;

		hists[tally_class(i)].n += n;
		metric->traced += n;
		if (i >= 256)
			metric->nested += n;
		for (bit = 8; bit < 16; bit++)
			if (i & 1U << (bit - 8))
				metric->flagged[bit] += n;
	}
	for (i = 0; i < RTLAT_NR_CLASSES; i++)
		if (!hists[i].n)
			hists[i].min = 0;
}

/**
 * tally_report - what was counted, as a report
 * @report: receives it; its figures are empty
 * @tally: over all streams
 * @largest: the largest samples, by metric
 */
void tally_report(struct run_report *report, const struct tally *tally,
		  const struct tally_largest *largest)
{
	unsigned int m, i;

	report->figures->buckets = true;
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		report_metric(report, tally, m);
		for (i = 0; i < largest[m].n; i++)
			report->metric[m].top[i] = largest[m].top[i].sample;
		report->metric[m].nr_top = largest[m].n;
	}
	report->sum_checked = tally->checked;
	report->sum_partial = tally->partial;
	report->sum_failed = tally->failed;
	for (i = 0; i < NR_STEPS; i++)
		report->step_ns[i] = tally->part_ns[i];
	report->whole_ns = tally->part_ns[NR_STEPS];
	if (tally->failed)
		sum_rule_failed(report, &tally->failed_whole, tally->failed_sum_ns);
}
