// SPDX-License-Identifier: GPL-2.0
/* A run's samples, counted as they go by: what is done now and then. Pure. */

#include <stdlib.h>

#include "trace/sumrule.h"
#include "trace/tally.h"

/* Of one CPU and metric; a trace with more holes is rarely of two streams. */
#define MAX_RANGES	1024
/* CPUs whose samples one CPU wrote. */
#define MAX_NUMBERS	512

/* What a stream begins with: of no CPU that there is. */
static struct tally_numbers no_numbers = { .cpu = ~0U };
static struct tally_task no_task = { .cpu = ~0U };

/**
 * tally_new - an empty tally
 *
 * Return: the tally; free() it.
 */
struct tally *tally_new(void)
{
	struct tally *tally = xcalloc(1, sizeof(*tally));
	unsigned int m, c, i;

	memset(tally->part, NO_PART, sizeof(tally->part));
	for (i = 0; i < NR_STEPS; i++)
		tally->part[step_metrics[i]] = (u8)i;
	tally->part[RTLAT_THREAD_LATENCY] = NR_STEPS;
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		for (c = 0; c < RTLAT_NR_CLASSES; c++)
			tally->hist[m][c].min = UINT64_MAX;
		for (i = 0; i < TALLY_FLAGS; i++)
			tally->cell[i][m].hist = &tally->hist[m][tally_class(i)];
	}
	return tally;
}

/**
 * tally_alloc - memory that counts
 * @room: how much there may be of it in all
 * @size: bytes
 *
 * Return: zeroes; NULL: no more.
 */
void *tally_alloc(struct tally_room *room, size_t size)
{
	if (atomic_fetch_sub(&room->left, (long)size) < (long)size)
		return NULL;
	return xcalloc(1, size);
}

/**
 * tally_stream_init - begin with a stream
 * @stream: zeroes, or one that was freed
 * @room: memory it may take
 *
 * Return: 0 or -ENOMEM.
 */
int tally_stream_init(struct tally_stream *stream, struct tally_room *room)
{
	unsigned int m;

	memset(stream, 0, sizeof(*stream));
	stream->room = room;
	stream->last_task = &no_task;
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		stream->current[m] = &no_numbers;
	stream->largest = tally_alloc(room, RTLAT_NR_METRICS * sizeof(*stream->largest));
	return stream->largest ? 0 : -ENOMEM;
}

/**
 * tally_stream_free - free what is kept of a stream
 * @stream: the stream
 */
void tally_stream_free(struct tally_stream *stream)
{
	unsigned int i;

	for (i = 0; i < RTLAT_NR_METRICS; i++) {
		while (stream->numbers[i]) {
			struct tally_numbers *numbers = stream->numbers[i];

			stream->numbers[i] = numbers->next;
			free(numbers->range);
			free(numbers);
		}
	}
	for (i = 0; i < TALLY_HASH; i++) {
		while (stream->task[i]) {
			struct tally_task *task = stream->task[i];

			stream->task[i] = task->next;
			free(task);
		}
	}
	free(stream->largest);
	stream->largest = NULL;
}

/**
 * tally_numbers - the numbers of another CPU than that of the sample before
 * @stream: stream
 * @metric: metric
 * @cpu: CPU
 *
 * Return: they; NULL: no memory for them.
 */
struct tally_numbers *tally_numbers(struct tally_stream *stream, u32 metric, u32 cpu)
{
	struct tally_numbers *numbers;
	unsigned int nr = 0;

	for (numbers = stream->numbers[metric]; numbers; numbers = numbers->next, nr++)
		if (numbers->cpu == cpu)
			break;
	if (!numbers) {
		if (nr == MAX_NUMBERS)
			return NULL;
		numbers = tally_alloc(stream->room, sizeof(*numbers));
		if (!numbers)
			return NULL;
		numbers->cpu = cpu;
		numbers->next = stream->numbers[metric];
		stream->numbers[metric] = numbers;
	}
	stream->current[metric] = numbers;
	return numbers;
}

static void keep_range(struct tally_stream *stream, struct tally_numbers *numbers)
{
	const size_t size = MAX_RANGES * sizeof(*numbers->range);
	u32 room = numbers->nr;

	if (numbers->forgotten)
		return;
	/* doubled when it is full; all of it is accounted for */
	if (!(room & (room - 1))) {
		room = room ? 2 * room : 1;
		if (room > MAX_RANGES ||
		    (room == 2 && atomic_fetch_sub(&stream->room->left, (long)size) < (long)size)) {
			numbers->forgotten = true;
			return;
		}
		numbers->range = xrealloc(numbers->range, room * sizeof(*numbers->range));
	}
	numbers->range[numbers->nr++] =
		(struct tally_range) { numbers->first, numbers->expected };
}

/**
 * tally_gap - the number is not the one that follows
 * @stream: stream
 * @numbers: of its CPU and metric
 * @seq: the number
 *
 * Return: 0; -EINVAL: numbers do not rise here.
 */
int tally_gap(struct tally_stream *stream, struct tally_numbers *numbers, u64 seq)
{
	if (seq < numbers->expected || seq == UINT64_MAX)
		return -EINVAL;
	if (numbers->expected > numbers->first)
		keep_range(stream, numbers);
	numbers->missing += seq - numbers->expected;
	numbers->first = seq;
	numbers->expected = seq;
	return 0;
}

/**
 * tally_task - jobs of another task than that of the sample before
 * @stream: stream
 * @cpu: CPU
 * @task: task
 *
 * Return: they; NULL: no memory for them.
 */
struct tally_task *tally_task(struct tally_stream *stream, u32 cpu, u32 task)
{
	struct tally_task **head = &stream->task[(task + 67 * cpu) % TALLY_HASH];
	struct tally_task *found;

	for (found = *head; found; found = found->next)
		if (found->cpu == cpu && found->task == task)
			break;
	if (!found) {
		found = tally_alloc(stream->room, sizeof(*found));
		if (!found)
			return NULL;
		found->cpu = cpu;
		found->task = task;
		found->next = *head;
		*head = found;
	}
	stream->last_task = found;
	return found;
}

static void note_failure(struct tally *tally, const struct sample *whole, u64 sum_ns)
{
	const struct sample *first = &tally->failed_whole;

	if (tally->failed++ &&
	    (first->cpu != whole->cpu ? first->cpu < whole->cpu :
	     first->task != whole->task ? first->task < whole->task :
					  first->job < whole->job))
		return;
	tally->failed_whole = *whole;
	tally->failed_sum_ns = sum_ns;
}

static void judge_job(struct tally *tally, const struct tally_task *task,
		      const struct tally_job *job)
{
	const struct sample whole = {
		.cpu = (u16)task->cpu, .task = task->task, .job = job->job,
		.duration_ns = job->ns[NR_STEPS],
	};
	u64 sum = 0;
	unsigned int i;

	/* a release whose job was still running has no thread_latency */
	if (job->seen & 1U << NR_STEPS && job->flags[NR_STEPS] & RTLAT_F_QUEUED)
		return;
	if (job->n != NR_PARTS || job->seen != (1U << NR_PARTS) - 1) {
		tally->partial++;
		return;
	}
	tally->checked++;
	for (i = 0; i < NR_PARTS; i++)
		tally->part_ns[i] += job->ns[i];
	for (i = 0; i < NR_STEPS; i++)
		sum += job->ns[i];
	if (sum != whole.duration_ns)
		note_failure(tally, &whole, sum);
}

/**
 * tally_job_over - all samples of a job have come
 * @tally: tally
 * @task: its task
 * @job: the job
 */
void tally_job_over(struct tally *tally, struct tally_task *task,
		    struct tally_job *job)
{
	judge_job(tally, task, job);
	if (!task->done || job->job < task->done_min)
		task->done_min = job->job;
	if (!task->done || job->job > task->done_max)
		task->done_max = job->job;
	task->done = true;
}

/**
 * tally_job_next - a sample of a job that is none of those in flight
 * @tally: tally
 * @task: its task
 * @nr: number of the job; its slot is emptied for it
 *
 * Return: 0; -EINVAL: it was counted as over, not all of its samples were together.
 */
int tally_job_next(struct tally *tally, struct tally_task *task, u32 nr)
{
	struct tally_job *job = &task->job[nr % TALLY_JOBS];

	if (job->n && job->job > nr)
		return -EINVAL;
	if (job->n)
		tally_job_over(tally, task, job);
	job->job = nr;
	job->n = 0;
	job->seen = 0;
	return 0;
}

/**
 * tally_place_cmp - which of two records comes first?
 * @a: one
 * @b: another
 *
 * Return: as strcmp().
 */
int tally_place_cmp(const struct tally_place *a, const struct tally_place *b)
{
	if (a->buffer != b->buffer)
		return a->buffer < b->buffer ? -1 : 1;
	if (a->ts != b->ts)
		return a->ts < b->ts ? -1 : 1;
	if (a->cpu != b->cpu)
		return a->cpu < b->cpu ? -1 : 1;
	return a->pos < b->pos ? -1 : a->pos > b->pos;
}

/**
 * tally_largest_add - keep a sample if it is one of the largest
 * @largest: of its metric
 * @sample: the sample
 * @place: where it is: of equals the first ones are kept
 */
void tally_largest_add(struct tally_largest *largest, const struct sample *sample,
		       const struct tally_place *place)
{
	u32 i = largest->n;

	while (i && (largest->top[i - 1].sample.duration_ns < sample->duration_ns ||
		     (largest->top[i - 1].sample.duration_ns == sample->duration_ns &&
		      tally_place_cmp(place, &largest->top[i - 1].place) < 0)))
		i--;
	if (i == RTLAT_LARGEST)
		return;
	if (largest->n < RTLAT_LARGEST)
		largest->n++;
	memmove(&largest->top[i + 1], &largest->top[i],
		(largest->n - 1 - i) * sizeof(*largest->top));
	largest->top[i].sample = *sample;
	largest->top[i].place = *place;
}

/**
 * tally_large - a sample that may be one of the largest of its stream
 * @stream: stream
 * @sample: the sample
 * @place: where it is
 */
void tally_large(struct tally_stream *stream, const struct sample *sample,
		 const struct tally_place *place)
{
	struct tally_largest *largest = &stream->largest[sample->metric];

	tally_largest_add(largest, sample, place);
	/* one that is as long comes later, and is not kept */
	if (largest->n == RTLAT_LARGEST)
		stream->large[sample->metric] =
			largest->top[largest->n - 1].sample.duration_ns + 1;
}
