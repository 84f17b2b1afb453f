/* SPDX-License-Identifier: GPL-2.0 */
/* Traces made up in the tests. */
#ifndef RTLAT_MADE_TRACE_H
#define RTLAT_MADE_TRACE_H

#include "module/record.h"
#include "trace/sample.h"

#define MADE_PAGE	4096U

/**
 * struct made_stream - what one CPU wrote, in the making
 * @bytes: its pages
 * @nr: how many
 * @used: bytes of the last one
 * @ts: time of its last record
 */
struct made_stream {
	unsigned char *bytes;
	size_t nr;
	u32 used;
	u64 ts;
};

void made_page(struct made_stream *stream, u64 ts);
void made_missed(struct made_stream *stream, bool stored, u64 missed);
void made_sample(struct made_stream *stream, u64 ts, const struct sample *sample);
void made_job(struct made_stream *stream, u64 ts, u16 cpu,
	      const struct rtlat_job_record *job);
void made_line(struct made_stream *stream, u64 ts, u32 run, u16 phase, const char *text);
void made_other(struct made_stream *stream, u64 ts, u32 len);
void made_padding(struct made_stream *stream, u32 delta);
void made_stamp(struct made_stream *stream, u64 ts);
char *made_trace(const struct made_stream *streams, unsigned int nr, size_t *len);
void made_free(struct made_stream *streams, unsigned int nr);

#endif /* RTLAT_MADE_TRACE_H */
