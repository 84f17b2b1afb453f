// SPDX-License-Identifier: GPL-2.0
/*
 * One stream of a trace.dat, from its first page to its last.
 *
 * A page begins with a time stamp and how much of it is used; records follow,
 * each with its length and the time since the one before. libtraceevent's
 * kbuffer reads them as well, one call for each. Nothing is read beyond what a
 * page says that it holds, and whatever is not as the kernel writes it is an
 * error: then libtracecmd has to look at the file.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/scan.h"

/* Else a record's way from the page to the books has three calls in it. */
#define always_inline	inline __attribute__((always_inline))

#define PAGE_HEAD	16U
#define COMMIT_MASK	((1U << 27) - 1)
#define MISSED		(1U << 31)
#define MISSED_STORED	(1U << 30)

/* What is in the place of a record's length. */
enum { LENGTH_FOLLOWS = 0, PADDING = 29, TIME_EXTEND = 30, TIME_STAMP = 31 };

#define DELTA_BITS	27
/* An absolute time stamp has no more. */
#define STAMP_MASK	((1ULL << 59) - 1)

/* Longer than any line of the module, and than what trace_read() gives on. */
#define TEXT_MAX	(RTLAT_LINE_MAX * 4)

/* Where the fields are in a record, and how long that is at least. */
struct offsets {
	u32 sample[TRACE_NR_FIELDS];
	u32 job[TRACE_NR_JOB_FIELDS];
	u32 job_ns[RTLAT_NR_JOB_METRICS];
	u32 sample_len;
	u32 job_len;
};

struct scan {
	struct scan_stream *stream;
	struct tally *tally;
	struct trace_formats formats;
	struct offsets offsets;
	u32 page_size;
	struct tally_place place;
};

/*
 * Records as every kernel of today has them: one field behind the other. Numbers that
 * the compiler knows are a fifth of all instructions less.
 */
struct usual_sample {
	char common[8];
#define RTLAT_X(NAME, name, bytes) char name[bytes];
	TRACE_SAMPLE_FIELDS(RTLAT_X)
#undef RTLAT_X
};

struct usual_job {
	char common[8];
#define RTLAT_X(NAME, name, starts, ends) char name[8];
	RTLAT_METRICS_OF_JOB(RTLAT_X)
#undef RTLAT_X
#define RTLAT_X(NAME, name, bytes) char name[bytes];
	TRACE_JOB_FIELDS(RTLAT_X)
#undef RTLAT_X
};

static const struct offsets usual = {
	.sample = {
#define RTLAT_X(NAME, name, bytes) offsetof(struct usual_sample, name),
		TRACE_SAMPLE_FIELDS(RTLAT_X)
#undef RTLAT_X
	},
	.job = {
#define RTLAT_X(NAME, name, bytes) offsetof(struct usual_job, name),
		TRACE_JOB_FIELDS(RTLAT_X)
#undef RTLAT_X
	},
	.job_ns = {
#define RTLAT_X(NAME, name, starts, ends) offsetof(struct usual_job, name),
		RTLAT_METRICS_OF_JOB(RTLAT_X)
#undef RTLAT_X
	},
	.sample_len = sizeof(struct usual_sample),
	.job_len = sizeof(struct usual_job),
};

static u16 get16(const u8 *at)
{
	u16 value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static u32 get32(const u8 *at)
{
	u32 value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static u64 get64(const u8 *at)
{
	u64 value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static bool fields_fit(const struct trace_field *field, const u32 *sizes, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (field[i].size != sizes[i] || field[i].offset > 4096)
			return false;
	return true;
}

/* Returns the bytes that a record has at least, for all these to be in it. */
static u32 take_offsets(u32 *at, const struct trace_field *field, unsigned int nr)
{
	u32 end = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		at[i] = field[i].offset;
		if (field[i].offset + field[i].size > end)
			end = field[i].offset + field[i].size;
	}
	return end;
}

/* What the file does not have is as usual. */
static void set_offsets(struct offsets *at, const struct trace_formats *formats)
{
	u32 end;

	*at = usual;
	if (formats->sample_id != TRACE_NO_EVENT)
		at->sample_len = take_offsets(at->sample, formats->sample,
					      TRACE_NR_FIELDS);
	if (formats->job_id == TRACE_NO_EVENT)
		return;
	at->job_len = take_offsets(at->job, formats->job, TRACE_NR_JOB_FIELDS);
	end = take_offsets(at->job_ns, formats->job_ns, RTLAT_NR_JOB_METRICS);
	if (end > at->job_len)
		at->job_len = end;
}

/**
 * scan_formats_check - are records as scan_stream() expects them?
 * @formats: of trace_formats_read()
 *
 * Return: 0 or -EINVAL.
 */
int scan_formats_check(const struct trace_formats *formats)
{
	static const u32 sizes[TRACE_NR_FIELDS] = {
#define RTLAT_X(NAME, name, bytes) bytes,
		TRACE_SAMPLE_FIELDS(RTLAT_X)
#undef RTLAT_X
	};
	static const u32 job_sizes[TRACE_NR_JOB_FIELDS] = {
#define RTLAT_X(NAME, name, bytes) bytes,
		TRACE_JOB_FIELDS(RTLAT_X)
#undef RTLAT_X
	};
	static const u32 job_ns_sizes[RTLAT_NR_JOB_METRICS] = {
#define RTLAT_X(NAME, name, starts, ends) 8,
		RTLAT_METRICS_OF_JOB(RTLAT_X)
#undef RTLAT_X
	};
	static const u32 run_sizes[3] = { 4, 2, 4 };

	if (!formats->plain || !fields_fit(formats->run, run_sizes, 3))
		return -EINVAL;
	if (formats->sample_id != TRACE_NO_EVENT &&
	    !fields_fit(formats->sample, sizes, TRACE_NR_FIELDS))
		return -EINVAL;
	if (formats->job_id != TRACE_NO_EVENT &&
	    (!fields_fit(formats->job, job_sizes, TRACE_NR_JOB_FIELDS) ||
	     !fields_fit(formats->job_ns, job_ns_sizes, RTLAT_NR_JOB_METRICS)))
		return -EINVAL;
	return 0;
}

static struct scan_mark *add_mark(struct scan *scan)
{
	struct scan_stream *stream = scan->stream;
	const size_t nr = stream->nr_marks;

	/* doubled when it is full */
	if (!(nr & (nr - 1))) {
		const size_t room = nr ? 2 * nr : 1;

		if (atomic_fetch_sub(&stream->kept.room->left,
				     (long)(room * sizeof(*stream->mark))) <
		    (long)(room * sizeof(*stream->mark)))
			return NULL;
		stream->mark = xrealloc(stream->mark, room * sizeof(*stream->mark));
	}
	stream->mark[nr] = (struct scan_mark) { .place = scan->place };
	stream->nr_marks++;
	return &stream->mark[nr];
}

static int on_run(struct scan *scan, const u8 *record, u32 len)
{
	const struct trace_field *run = scan->formats.run;
	struct scan_mark *mark;
	u32 text, text_len;

	if (!scan->stream->all)
		return 0;
	if (len < run[0].offset + 4 || len < run[1].offset + 2 ||
	    len < run[2].offset + 4)
		return -EINVAL;
	text = get32(record + run[2].offset);
	text_len = text >> 16;
	text &= 0xffff;
	if (text_len > len || text > len - text_len)
		return -EINVAL;
	mark = add_mark(scan);
	if (!mark)
		return -ENOMEM;
	mark->run = get32(record + run[0].offset);
	mark->phase = get16(record + run[1].offset);
	text_len = (u32)strnlen((const char *)record + text, text_len);
	if (text_len > TEXT_MAX - 1)
		text_len = TEXT_MAX - 1;
	mark->text = tally_alloc(scan->stream->kept.room, text_len + 1UL);
	if (!mark->text)
		return -ENOMEM;
	memcpy(mark->text, record + text, text_len);
	return 0;
}

static always_inline int count(struct scan *scan, const struct sample *sample,
			       const struct tally_place *place, struct tally_job **job)
{
	struct scan_stream *stream = scan->stream;

	if (__builtin_expect(!stream->nr, 0))
		stream->first = *place;
	stream->nr++;
	stream->last.ts = place->ts;
	stream->last.pos = place->pos;
	return tally_add(scan->tally, &stream->kept, sample, place, job);
}

static always_inline int on_sample(struct scan *scan, const struct offsets *at,
				   const u8 *record, u32 len,
				   const struct tally_place *place)
{
	struct tally_job *slot = NULL;
	struct sample sample;

	if (len < at->sample_len)
		return -EINVAL;
	sample.metric = get16(record + at->sample[TRACE_F_METRIC]);
	if (sample.metric >= RTLAT_NR_METRICS)
		return -EINVAL;
	if (!scan->stream->all && !scan_span_has(&scan->stream->span, place))
		return 0;
	sample.seq = get64(record + at->sample[TRACE_F_SEQ]);
	sample.start_ns = get64(record + at->sample[TRACE_F_START]);
	sample.duration_ns = get64(record + at->sample[TRACE_F_DURATION]);
	sample.job = get32(record + at->sample[TRACE_F_JOB]);
	sample.task = get32(record + at->sample[TRACE_F_TASK]);
	sample.flags = get32(record + at->sample[TRACE_F_FLAGS]);
	sample.cpu = get16(record + at->sample[TRACE_F_CPU]);
	return count(scan, &sample, place, &slot);
}

/* Samples of one record have places of their own, one behind the other. */
static always_inline int on_job(struct scan *scan, const struct offsets *at,
				const u8 *record, u32 len, struct tally_place *place)
{
	struct tally_job *slot = NULL;
	const u8 *start, *seq, *flags;
	struct sample sample;
	u32 left, job, next;

	if (len < at->job_len)
		return -EINVAL;
	left = get16(record + at->job[TRACE_J_SAMPLES]);
	if (left >> RTLAT_NR_JOB_METRICS)
		return -EINVAL;
	if (!scan->stream->all && !scan_span_has(&scan->stream->span, place)) {
		place->pos += (u64)__builtin_popcount(left);
		return 0;
	}
	start = record + at->job[TRACE_J_START];
	seq = record + at->job[TRACE_J_SEQ];
	flags = record + at->job[TRACE_J_FLAGS];
	job = get32(record + at->job[TRACE_J_JOB]);
	next = get32(record + at->job[TRACE_J_NEXT_JOB]);
	sample.task = get32(record + at->job[TRACE_J_TASK]);
	sample.cpu = get16(record + at->job[TRACE_J_CPU]);
	for (; left; left &= left - 1) {
		const unsigned int metric = (unsigned int)__builtin_ctz(left);

		sample.metric = (u16)metric;
		sample.seq = get64(seq + 8 * metric);
		sample.start_ns = get64(start + 8 * metric);
		sample.duration_ns = get64(record + at->job_ns[metric]);
		/* no step of a job: the slot is not asked for it */
		sample.job = metric == RTLAT_ARM_OVERHEAD ? next : job;
		sample.flags = get32(flags + 4 * metric);
		if (count(scan, &sample, place, &slot))
			return -EINVAL;
		place->pos++;
	}
	return 0;
}

/* The ring buffer was full: only the first record of a page can say so. */
static int on_missed(struct scan *scan, const u8 *page, u32 used)
{
	u32 nr = ~0U;

	if (get64(page + 8) & MISSED_STORED) {
		if (used > scan->page_size - PAGE_HEAD - 8)
			return -EINVAL;
		nr = get32(page + PAGE_HEAD + used);
	}
	if (!nr || !scan->stream->all)
		return 0;
	return add_mark(scan) ? 0 : -ENOMEM;
}

static always_inline int on_record(struct scan *scan, const struct offsets *at,
				   const u8 *record, u32 len, struct tally_place *place)
{
	const u16 id = get16(record);

	place->pos++;
	if (id == scan->formats.sample_id)
		return on_sample(scan, at, record, len, place);
	if (id == scan->formats.job_id)
		return on_job(scan, at, record, len, place);
	if (id != scan->formats.run_id)
		return 0;
	scan->place = *place;
	return on_run(scan, record, len);
}

/* The place is nobody else's: what changes with every record is in registers. */
static always_inline int scan_records(struct scan *scan, const struct offsets *offsets,
				      const u8 *page, struct tally_place *place)
{
	const u8 *data = page + PAGE_HEAD;
	const u64 head = get64(page + 8);
	const u32 used = head & COMMIT_MASK;
	u64 ts = get64(page), extend;
	u32 at, next;

	if (used > scan->page_size - PAGE_HEAD)
		return -EINVAL;
	for (at = 0; at < used; at = next) {
		u32 word, len, record = at + 4;

		if (used - at < 8)
			return -EINVAL;
		word = get32(data + at);
		switch (word & 31) {
		case LENGTH_FOLLOWS:
			len = get32(data + at + 4);
			if (len < 8 || len > used)
				return -EINVAL;
			len = (len - 1) & ~3U;	/* less 4, in whole words */
			record += 4;
			break;
		case PADDING:
			len = get32(data + at + 4);
			if (len < 4 || len % 4 || len > used - at - 4)
				return -EINVAL;
			ts += word >> 5;
			next = at + 4 + len;
			continue;
		case TIME_EXTEND:
		case TIME_STAMP:
			extend = ((u64)get32(data + at + 4) << DELTA_BITS) + (word >> 5);
			ts = (word & 31) == TIME_EXTEND ? ts + extend :
			     extend | (ts & ~STAMP_MASK);
			next = at + 8;
			continue;
		default:
			len = (word & 31) * 4;
			break;
		}
		if (len > used - record)
			return -EINVAL;
		next = record + len;
		ts += word >> 5;
		/* of several streams the records are taken by their time */
		if (ts < place->ts)
			return -EINVAL;
		place->ts = ts;
		if (!at && head & MISSED) {
			scan->place = *place;
			if (on_missed(scan, page, used))
				return -EINVAL;
		}
		if (on_record(scan, offsets, data + record, len, place))
			return -EINVAL;
	}
	return 0;
}

static always_inline int scan_page(struct scan *scan, const struct offsets *offsets,
				   const u8 *page)
{
	struct tally_place place = scan->place;
	const int ret = scan_records(scan, offsets, page, &place);

	scan->place = place;
	return ret;
}

static int scan_usual_page(struct scan *scan, const u8 *page)
{
	return scan_page(scan, &usual, page);
}

static int scan_other_page(struct scan *scan, const u8 *page)
{
	return scan_page(scan, &scan->offsets, page);
}

/**
 * scan_stream - read a stream
 * @stream: what to read; receives what was found
 * @file: the file
 * @tally: receives what was counted
 *
 * Return: 0, or -errno when the stream is not as expected.
 */
int scan_stream(struct scan_stream *stream, const struct scan_file *file,
		struct tally *tally)
{
	struct scan scan = {
		.stream = stream,
		.tally = tally,
		.formats = file->formats,
		.page_size = file->layout->page_size,
		.place = { .buffer = stream->where.buffer, .cpu = stream->where.cpu },
	};
	struct scan_pages *pages = scan_pages_open(file, &stream->where);
	const u8 *page;
	size_t len = 0;
	bool as_usual;
	int ret;

	set_offsets(&scan.offsets, &file->formats);
	as_usual = !memcmp(&scan.offsets, &usual, sizeof(usual));
	while ((page = scan_pages_next(pages, &len, &ret))) {
		for (; len && !ret; len -= scan.page_size, page += scan.page_size)
			ret = as_usual ? scan_usual_page(&scan, page) :
					 scan_other_page(&scan, page);
		if (ret)
			break;
	}
	stream->crc = scan_pages_close(pages);
	return ret;
}

/**
 * scan_stream_free - free what was found in a stream
 * @stream: the stream
 */
void scan_stream_free(struct scan_stream *stream)
{
	while (stream->nr_marks)
		free(stream->mark[--stream->nr_marks].text);
	free(stream->mark);
	stream->mark = NULL;
	tally_stream_free(&stream->kept);
}
