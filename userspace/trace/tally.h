/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run's samples, counted as they go by. Pure.
 *
 * What is kept of them does not grow with the trace: histograms, the largest,
 * which numbers were there, and the jobs whose steps may not all have come.
 * Where that is not enough to be exact, an error says so.
 */
#ifndef RTLAT_TRACE_TALLY_H
#define RTLAT_TRACE_TALLY_H

#include <stdatomic.h>

#include "trace/analyse.h"

#define NR_PARTS	(NR_STEPS + 1)	/* and the whole */
#define NO_PART		NR_PARTS

/* Jobs of a task that can be in flight; a power of two. */
#define TALLY_JOBS	8
#define TALLY_HASH	128

/* Bits 8 to 15 of the flags, and whether anything was nested. */
#define TALLY_FLAGS	512

/**
 * struct tally_room - memory that all streams together may take
 * @left: bytes
 */
struct tally_room {
	atomic_long left;
};

/* Numbers that follow each other without a gap. */
struct tally_range {
	u64 first;
	u64 end;
};

/**
 * struct tally_numbers - the numbers of one CPU and metric in one stream
 * @next: list of the metric
 * @cpu: the CPU on which the samples were measured
 * @expected: number that follows the last one
 * @first: first number of those without a gap up to the last one
 * @missing: numbers below @expected that were not there
 * @range: what comes before @first, while it is short enough to be kept
 * @nr: ranges
 * @forgotten: there were more
 */
struct tally_numbers {
	struct tally_numbers *next;
	u32 cpu;
	u64 expected;
	u64 first;
	u64 missing;
	struct tally_range *range;
	u32 nr;
	bool forgotten;
};

/**
 * struct tally_job - samples of one job
 * @job: its number
 * @n: samples so far; 0: the slot is empty
 * @seen: bit mask of its steps, and of the whole
 * @flags: their flags
 * @ns: durations
 */
struct tally_job {
	u32 job;
	u32 n;
	u32 seen;
	u32 flags[NR_PARTS];
	u64 ns[NR_PARTS];
};

/**
 * struct tally_task - jobs of one task in one stream
 * @next: list of the hash
 * @cpu: its CPU
 * @task: its number
 * @done: jobs are over, and were counted
 * @done_min: the first of them
 * @done_max: the last of them
 * @job: those in flight, each where the low bits of its number say
 */
struct tally_task {
	struct tally_task *next;
	u32 cpu;
	u32 task;
	bool done;
	u32 done_min;
	u32 done_max;
	struct tally_job job[TALLY_JOBS];
};

/**
 * struct tally_place - where in the trace a record is; all records have an order
 * @buffer: buffer: one comes after the other
 * @cpu: which CPU wrote it
 * @ts: when
 * @pos: number of the record in its stream
 */
struct tally_place {
	u32 buffer;
	u32 cpu;
	u64 ts;
	u64 pos;
};

struct tally_top {
	struct sample sample;
	struct tally_place place;
};

/**
 * struct tally_largest - largest samples of a metric
 * @n: how many
 * @top: longest first; of equals, the first
 */
struct tally_largest {
	u32 n;
	struct tally_top top[RTLAT_LARGEST];
};

/**
 * struct tally_cell - samples of a metric with the same flags
 * @n: how many
 * @hist: the histogram they are in
 */
struct tally_cell {
	u64 n;
	struct rtlat_hist *hist;
};

/*
 * What is counted by each thread, over all its streams. Cells by flags first: by
 * metric, those of a job's samples would all be in one set of the cache, 4 KiB apart.
 */
struct tally {
	struct rtlat_hist hist[RTLAT_NR_METRICS][RTLAT_NR_CLASSES];
	struct tally_cell cell[TALLY_FLAGS][RTLAT_NR_METRICS];
	u8 part[RTLAT_NR_METRICS];
	u64 checked;
	u64 failed;
	u64 partial;
	u64 part_ns[NR_PARTS];
	struct sample failed_whole;	/* the first job that failed, by number */
	u64 failed_sum_ns;
};

/* What is kept of each stream. */
struct tally_stream {
	struct tally_numbers *current[RTLAT_NR_METRICS];
	struct tally_numbers *numbers[RTLAT_NR_METRICS];
	struct tally_task *last_task;
	struct tally_task *task[TALLY_HASH];
	struct tally_largest *largest;	/* by metric */
	u64 large[RTLAT_NR_METRICS];	/* what is shorter is none of the largest */
	struct tally_room *room;
};

/* The histogram of samples with these flags, see TALLY_FLAGS. */
static inline enum rtlat_class tally_class(unsigned int flags)
{
	return rtlat_class_of(flags << 8 | (flags >= 256 ? 1 : 0));
}

struct tally *tally_new(void);
void *tally_alloc(struct tally_room *room, size_t size);
int tally_stream_init(struct tally_stream *stream, struct tally_room *room);
void tally_stream_free(struct tally_stream *stream);
int tally_gap(struct tally_stream *stream, struct tally_numbers *numbers, u64 seq);
struct tally_numbers *tally_numbers(struct tally_stream *stream, u32 metric, u32 cpu);
struct tally_task *tally_task(struct tally_stream *stream, u32 cpu, u32 task);
void tally_job_over(struct tally *tally, struct tally_task *task,
		    struct tally_job *job);
int tally_job_next(struct tally *tally, struct tally_task *task, u32 nr);
int tally_place_cmp(const struct tally_place *a, const struct tally_place *b);
void tally_largest_add(struct tally_largest *largest, const struct sample *sample,
		       const struct tally_place *place);
void tally_large(struct tally_stream *stream, const struct sample *sample,
		 const struct tally_place *place);

void tally_merge(struct tally *to, const struct tally *from);
int tally_join_numbers(struct run_report *report, struct tally_stream *const *streams,
		       size_t nr);
int tally_join_jobs(struct tally *tally, struct tally_stream *const *streams,
		    size_t nr);
void tally_report(struct run_report *report, const struct tally *tally,
		  const struct tally_largest *largest);

/* One more number of a CPU and metric. */
static inline __attribute__((always_inline))
int tally_seq(struct tally_stream *stream, const struct sample *sample)
{
	struct tally_numbers *numbers = stream->current[sample->metric];

	if (__builtin_expect(numbers->cpu != sample->cpu, 0)) {
		numbers = tally_numbers(stream, sample->metric, sample->cpu);
		if (!numbers)
			return -ENOMEM;
	}
	if (__builtin_expect(numbers->expected != sample->seq, 0) &&
	    tally_gap(stream, numbers, sample->seq))
		return -EINVAL;
	numbers->expected = sample->seq + 1;
	return 0;
}

/**
 * tally_job - where a sample's job is kept
 * @tally: of the thread
 * @stream: of the stream
 * @sample: the sample
 *
 * Return: the job; NULL: no memory for it, or it was counted as over.
 */
static inline __attribute__((always_inline))
struct tally_job *tally_job(struct tally *tally, struct tally_stream *stream,
			    const struct sample *sample)
{
	struct tally_task *task = stream->last_task;
	struct tally_job *job;

	if (__builtin_expect(task->task != sample->task || task->cpu != sample->cpu, 0)) {
		task = tally_task(stream, sample->cpu, sample->task);
		if (!task)
			return NULL;
	}
	job = &task->job[sample->job % TALLY_JOBS];
	if (__builtin_expect(job->job == sample->job && job->n, 1))
		return job;
	return tally_job_next(tally, task, sample->job) ? NULL : job;
}

/**
 * tally_add - count one sample
 * @tally: of the thread
 * @stream: of the stream
 * @sample: the sample; its metric is one there is
 * @place: where it is
 * @job: its job, where that is known; else NULL; receives it where it is needed
 *
 * A call for each sample would be a tenth of all instructions, as would be a copy of
 * it in memory: its address is given to nobody.
 *
 * Return: 0, or -errno when it cannot be counted exactly.
 */
static inline __attribute__((always_inline))
int tally_add(struct tally *tally, struct tally_stream *stream,
	      const struct sample *sample, const struct tally_place *place,
	      struct tally_job **job)
{
	const unsigned int metric = sample->metric, part = tally->part[metric];
	const u64 ns = sample->duration_ns;
	struct tally_cell *cell;
	struct rtlat_hist *hist;

	/* flags of a later module */
	if (__builtin_expect(sample->flags >> 16, 0))
		return -EINVAL;
	/* no branch on what differs from sample to sample */
	cell = &tally->cell[sample->flags >> 8 |
			    (sample->flags & RTLAT_NESTED_MASK ? 256 : 0)][metric];
	cell->n++;
	hist = cell->hist;
	hist->sum += ns;
	hist->sumsq += (__uint128_t)ns * ns;
	if (ns < hist->min)
		hist->min = ns;
	if (ns > hist->max)
		hist->max = ns;
	hist->bucket[rtlat_hist_index(ns)]++;
	if (__builtin_expect(ns >= stream->large[metric], 0)) {
		const struct sample large = *sample;
		const struct tally_place at = *place;

		tally_large(stream, &large, &at);
	}
	if (tally_seq(stream, sample))
		return -EINVAL;
	if (part == NO_PART || sample->flags & RTLAT_F_RESUMED)
		return 0;
	if (!*job)
		*job = tally_job(tally, stream, sample);
	if (!*job)
		return -EINVAL;
	(*job)->n++;
	(*job)->seen |= 1U << part;
	(*job)->ns[part] = ns;
	(*job)->flags[part] = sample->flags;
	return 0;
}

#endif /* RTLAT_TRACE_TALLY_H */
