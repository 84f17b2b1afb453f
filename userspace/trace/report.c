// SPDX-License-Identifier: GPL-2.0
/*
 * The report of a trace.dat of any size.
 *
 * The streams of the CPUs are read at the same time, each once, and counted as
 * they go by. Which of the samples belong to the run is known afterwards: all
 * of them, where the trace is of one run; else they are counted once more,
 * between the two records that begin and end it.
 *
 * Where a file is unlike what the kernel and trace-cmd write, or the streams
 * cannot be put together exactly, trace_run_load() reads it with libtracecmd.
 */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checksum.h"
#include "trace/check.h"
#include "trace/report.h"
#include "trace/run.h"
#include "trace/scan.h"

/* For all that is kept of the streams; what is left of 64 MiB is for buffers. */
#define ROOM_BYTES	(32L << 20)
#define MAX_THREADS	16U

/* No line of the trace: before the first one, and behind the last. */
#define NO_MARK		SIZE_MAX

/**
 * struct counting - a file that is being counted
 * @file: the file
 * @layout: where its streams are
 * @stream: the streams
 * @nr: how many
 * @next: the one that a thread takes next
 * @odd: one of them was not as expected
 * @room: memory they may take
 * @mark: the marks of all streams, in the order of the trace
 * @nr_marks: how many
 */
struct counting {
	struct scan_file file;
	struct trace_layout layout;
	struct scan_stream *stream;
	size_t nr;
	atomic_size_t next;
	atomic_bool odd;
	struct tally_room room;
	const struct scan_mark **mark;
	size_t nr_marks;
};

struct worker {
	struct counting *counting;
	struct tally *tally;
	pthread_t thread;
	bool started;
};

static void *work(void *data)
{
	struct worker *worker = data;
	struct counting *counting = worker->counting;

	while (!counting->odd) {
		const size_t i = atomic_fetch_add(&counting->next, 1);

		if (i >= counting->nr)
			break;
		if (scan_stream(&counting->stream[i], &counting->file, worker->tally))
			counting->odd = true;
	}
	return NULL;
}

/* One pass over all streams; NULL: one of them is not as expected. */
static struct tally *scan_all(struct counting *counting)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	struct worker workers[MAX_THREADS] = { 0 };
	size_t nr = online > 0 ? (size_t)online : 1, i;
	struct tally *sum;

	if (nr > counting->nr)
		nr = counting->nr;
	if (nr > MAX_THREADS)
		nr = MAX_THREADS;
	if (!nr)
		nr = 1;
	counting->next = 0;
	for (i = 0; i < nr; i++) {
		workers[i].counting = counting;
		workers[i].tally = tally_new();
		/* the first one is this thread */
		workers[i].started = i && !pthread_create(&workers[i].thread, NULL,
							  work, &workers[i]);
	}
	work(&workers[0]);
	sum = workers[0].tally;
	for (i = 1; i < nr; i++) {
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
		tally_merge(sum, workers[i].tally);
		free(workers[i].tally);
	}
	if (!counting->odd)
		return sum;
	free(sum);
	return NULL;
}

static int by_place(const void *left, const void *right)
{
	const struct scan_mark *a = *(const struct scan_mark *const *)left;
	const struct scan_mark *b = *(const struct scan_mark *const *)right;
	const int order = tally_place_cmp(&a->place, &b->place);

	/* of one stream, then: they are in its order */
	return order ? order : a < b ? -1 : a > b;
}

static void sort_marks(struct counting *counting)
{
	size_t i, m, nr = 0;

	for (i = 0; i < counting->nr; i++)
		nr += counting->stream[i].nr_marks;
	counting->mark = xcalloc(nr + 1, sizeof(*counting->mark));
	for (i = 0; i < counting->nr; i++)
		for (m = 0; m < counting->stream[i].nr_marks; m++)
			counting->mark[counting->nr_marks++] = &counting->stream[i].mark[m];
	qsort(counting->mark, nr, sizeof(*counting->mark), by_place);
}

static u64 count_samples(const struct counting *counting)
{
	u64 nr = 0;
	size_t i;

	for (i = 0; i < counting->nr; i++)
		nr += counting->stream[i].nr;
	return nr;
}

/* The runs, as trace_run_load() would find them, but for their samples. */
static int find_run(struct counting *counting, struct trace_loader *loader)
{
	struct problem problem = { "" };
	size_t i;

	loader->from = NO_MARK;
	for (i = 0; i < counting->nr_marks; i++) {
		const struct scan_mark *mark = counting->mark[i];

		loader->at = i;
		if (!mark->text)
			trace_loader_missed(loader);
		else if (trace_loader_run(loader, mark->run, mark->phase,
					  mark->text, &problem))
			return -EINVAL;
	}
	/* a run that did not end counts when it has samples: the last one may */
	loader->at = NO_MARK;
	trace_loader_end(loader, (size_t)count_samples(counting));
	return 0;
}

/* The samples of one stream that are behind a mark, or before it. */
static void cut(struct scan_stream *stream, const struct scan_mark *mark, bool before)
{
	const struct tally_place *place = &mark->place;
	const struct trace_stream *where = &stream->where;
	const bool later = where->buffer > place->buffer;
	struct scan_span *span = &stream->span;

	if (where->buffer != place->buffer) {
		/* buffers come one after the other */
		if (before == later)
			span->end_pos = 0;
	} else if (where->cpu == place->cpu) {
		if (before && place->pos < span->end_pos)
			span->end_pos = place->pos;
		else if (!before)
			span->from_pos = place->pos + 1;
	} else if (before) {
		/* at the same time the lower CPU is the first */
		if (where->cpu < place->cpu)
			span->to_ts = place->ts;
		else if (place->ts)
			span->to_ts = place->ts - 1;
		else
			span->end_pos = 0;
	} else {
		if (where->cpu > place->cpu)
			span->from_ts = place->ts;
		else if (place->ts < UINT64_MAX)
			span->from_ts = place->ts + 1;
		else
			span->end_pos = 0;
	}
}

/* Which samples are the run's; true when all of them are. */
static bool set_spans(struct counting *counting, const struct trace_loader *loader)
{
	bool all = true;
	size_t i;

	for (i = 0; i < counting->nr; i++) {
		struct scan_stream *stream = &counting->stream[i];

		stream->span = (struct scan_span) { 0, UINT64_MAX, 0, UINT64_MAX };
		if (loader->best_from != NO_MARK)
			cut(stream, counting->mark[loader->best_from], false);
		if (loader->best_to != NO_MARK)
			cut(stream, counting->mark[loader->best_to], true);
		all &= !stream->nr || (scan_span_has(&stream->span, &stream->first) &&
				       scan_span_has(&stream->span, &stream->last));
	}
	return all;
}

/* Once more, only the run's own samples. */
static struct tally *scan_again(struct counting *counting)
{
	size_t i;

	for (i = 0; i < counting->nr; i++) {
		struct scan_stream *stream = &counting->stream[i];

		tally_stream_free(&stream->kept);
		stream->all = false;
		stream->nr = 0;
		if (tally_stream_init(&stream->kept, &counting->room))
			return NULL;
	}
	return scan_all(counting);
}

static int put_together(struct counting *counting, struct tally *tally,
			struct run_report *report)
{
	struct tally_largest *largest = xcalloc(RTLAT_NR_METRICS, sizeof(*largest));
	struct tally_stream **streams = xcalloc(counting->nr + 1, sizeof(*streams));
	size_t i;
	unsigned int m, n;
	int ret;

	for (i = 0; i < counting->nr; i++) {
		struct scan_stream *stream = &counting->stream[i];

		streams[i] = &stream->kept;
		for (m = 0; m < RTLAT_NR_METRICS; m++)
			for (n = 0; n < stream->kept.largest[m].n; n++)
				tally_largest_add(&largest[m],
						  &stream->kept.largest[m].top[n].sample,
						  &stream->kept.largest[m].top[n].place);
	}
	ret = tally_join_numbers(report, streams, counting->nr);
	if (!ret)
		ret = tally_join_jobs(tally, streams, counting->nr);
	if (!ret)
		tally_report(report, tally, largest);
	free(streams);
	free(largest);
	return ret;
}

static enum trace_count count_run(struct counting *counting, u32 wanted,
				  struct trace_run **run, struct run_report *report)
{
	struct trace_loader loader = { .wanted = wanted };
	struct tally *tally = scan_all(counting);
	enum trace_count ret = TRACE_UNCOUNTED;
	size_t i;

	if (!tally || scan_seal_check(&counting->file, counting->stream, counting->nr))
		goto out;
	sort_marks(counting);
	if (find_run(counting, &loader))
		goto out;
	if (!loader.best) {
		for (i = 0; wanted && i < counting->nr_marks; i++)
			if (counting->mark[i]->text && counting->mark[i]->run == wanted)
				break;
		if (i == counting->nr_marks && (wanted || !count_samples(counting)))
			ret = TRACE_NO_RUN;
		goto out;
	}
	if (!set_spans(counting, &loader)) {
		free(tally);
		tally = scan_again(counting);
		if (!tally || (!loader.best->ended && !count_samples(counting)))
			goto out;
	}
	loader.best->nr = (size_t)count_samples(counting);
	memset(report, 0, sizeof(*report));
	report->figures = figures_new();
	if (put_together(counting, tally, report)) {
		run_report_free(report);
		goto out;
	}
	*run = loader.best;
	loader.best = NULL;
	ret = TRACE_COUNTED;
out:
	trace_run_free(loader.now);
	trace_run_free(loader.best);
	free(tally);
	return ret;
}

/* The file's head is looked at where it is mapped; its pages are read. */
static int open_file(const char *path, struct counting *counting)
{
	struct stat info;
	void *data;
	int ret;

	counting->file.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (counting->file.fd < 0 || fstat(counting->file.fd, &info) ||
	    !S_ISREG(info.st_mode) || info.st_size <= 0)
		return -EINVAL;
	data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE,
		    counting->file.fd, 0);
	if (data == MAP_FAILED)
		return -EINVAL;
	ret = trace_layout_read(&counting->layout, data, (size_t)info.st_size);
	counting->file.layout = &counting->layout;
	counting->file.sealed = trace_sealed(data, (size_t)info.st_size);
	munmap(data, (size_t)info.st_size);
	if (ret ||
	    /* behind the table of streams format 6 has more to read */
	    trace_formats_read(path, counting->layout.version == 6,
			       &counting->file.formats) ||
	    scan_formats_check(&counting->file.formats) ||
	    counting->file.formats.nr_instances != counting->layout.nr_instances)
		return -EINVAL;
	return 0;
}

static int make_streams(struct counting *counting)
{
	size_t i;

	counting->nr = counting->layout.nr;
	counting->stream = xcalloc(counting->nr + 1, sizeof(*counting->stream));
	for (i = 0; i < counting->nr; i++) {
		counting->stream[i].where = counting->layout.stream[i];
		counting->stream[i].all = true;
		if (tally_stream_init(&counting->stream[i].kept, &counting->room))
			return -ENOMEM;
	}
	return 0;
}

/**
 * trace_report_count - what a trace says of a run, without keeping its samples
 * @path: the trace.dat
 * @wanted: number of the run; 0: the last complete one
 * @run: receives the run, without samples; trace_run_free() it
 * @report: receives the report, without a verdict; run_report_free() it
 *
 * Return: TRACE_COUNTED; TRACE_NO_RUN: there is no such run, or none at all;
 * TRACE_UNCOUNTED: libtracecmd has to look at the file.
 */
enum trace_count trace_report_count(const char *path, u32 wanted,
				    struct trace_run **run,
				    struct run_report *report)
{
	struct counting counting = { .file.fd = -1, .room.left = ROOM_BYTES };
	enum trace_count ret = TRACE_UNCOUNTED;
	size_t i;

	if (!open_file(path, &counting) && !make_streams(&counting))
		ret = count_run(&counting, wanted, run, report);
	for (i = 0; counting.stream && i < counting.nr; i++)
		scan_stream_free(&counting.stream[i]);
	free(counting.stream);
	free(counting.mark);
	trace_layout_free(&counting.layout);
	if (counting.file.fd >= 0)
		close(counting.file.fd);
	return ret;
}

/**
 * trace_report - what a trace says of a run
 * @path: the trace.dat
 * @wanted: number of the run; 0: the last complete one
 * @report: receives it, without a verdict; run_report_free() it
 * @problem: receives what is wrong, in one line that names the file
 *
 * The verdict is for run_report_judge(), when the module's figures are known.
 *
 * Return: the run, NULL on failure; trace_run_free() it.
 */
struct trace_run *trace_report(const char *path, u32 wanted,
			       struct run_report *report, struct problem *problem)
{
	struct trace_run *run = NULL;

	switch (trace_report_count(path, wanted, &run, report)) {
	case TRACE_COUNTED:
		return run;
	case TRACE_NO_RUN:
		trace_run_missing(path, wanted, problem);
		return NULL;
	case TRACE_UNCOUNTED:
		break;
	}
	run = trace_run_load(path, wanted, problem);
	if (run)
		run_report_count(report, run);
	return run;
}
