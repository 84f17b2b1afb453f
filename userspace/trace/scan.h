/* SPDX-License-Identifier: GPL-2.0 */
/* One stream of a trace.dat, from its first page to its last. */
#ifndef RTLAT_TRACE_SCAN_H
#define RTLAT_TRACE_SCAN_H

#include "trace/layout.h"
#include "trace/read.h"
#include "trace/tally.h"

/**
 * struct scan_mark - what is not a sample: a line about the run, or a loss
 * @place: where it is
 * @run: number of the run
 * @phase: what the line is
 * @text: the line; NULL: it is a loss
 */
struct scan_mark {
	struct tally_place place;
	u32 run;
	u32 phase;
	char *text;
};

/**
 * struct scan_span - a part of a stream, by time and by number of the record
 * @from_ts: earliest
 * @to_ts: latest
 * @from_pos: first
 * @end_pos: first that is not in it any more
 */
struct scan_span {
	u64 from_ts;
	u64 to_ts;
	u64 from_pos;
	u64 end_pos;
};

/**
 * scan_span_has - is a record in a part of its stream?
 * @span: the part
 * @place: of the record
 *
 * Return: true when it is.
 */
static inline bool scan_span_has(const struct scan_span *span,
				 const struct tally_place *place)
{
	return place->ts >= span->from_ts && place->ts <= span->to_ts &&
	       place->pos >= span->from_pos && place->pos < span->end_pos;
}

/**
 * struct scan_stream - a stream, and what was found in it
 * @where: its pages
 * @span: samples that are counted
 * @all: all of them are; marks are kept then, too
 * @kept: what is kept of the samples
 * @nr: samples that were counted
 * @first: place of the first of them
 * @last: place of the last of them
 * @mark: the marks
 * @nr_marks: how many
 * @crc: of its bytes
 */
struct scan_stream {
	struct trace_stream where;
	struct scan_span span;
	bool all;
	struct tally_stream kept;
	u64 nr;
	struct tally_place first;
	struct tally_place last;
	struct scan_mark *mark;
	size_t nr_marks;
	u32 crc;
};

/**
 * struct scan_file - the file
 * @fd: open for reading
 * @layout: where the streams are
 * @formats: how records are taken apart
 * @sealed: bytes before the seal; 0: there is none
 */
struct scan_file {
	int fd;
	const struct trace_layout *layout;
	struct trace_formats formats;
	u64 sealed;
};

int scan_formats_check(const struct trace_formats *formats);
int scan_stream(struct scan_stream *stream, const struct scan_file *file,
		struct tally *tally);
void scan_stream_free(struct scan_stream *stream);

int scan_seal_check(const struct scan_file *file, const struct scan_stream *stream,
		    size_t nr);

/* The pages of a stream, whatever way they are stored. */
struct scan_pages;

struct scan_pages *scan_pages_open(const struct scan_file *file,
				   const struct trace_stream *where);
const u8 *scan_pages_next(struct scan_pages *pages, size_t *len, int *error);
u32 scan_pages_close(struct scan_pages *pages);

#endif /* RTLAT_TRACE_SCAN_H */
