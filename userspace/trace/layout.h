/* SPDX-License-Identifier: GPL-2.0 */
/* Where the pages of a trace.dat are. Pure. */
#ifndef RTLAT_TRACE_LAYOUT_H
#define RTLAT_TRACE_LAYOUT_H

#include "module/pure.h"

/**
 * struct trace_stream - what one CPU wrote into one buffer
 * @offset: of its pages, or of its chunks, in the file
 * @size: bytes in the file
 * @buffer: number of the buffer: 0, and the instances from 1
 * @cpu: number of the CPU
 */
struct trace_stream {
	u64 offset;
	u64 size;
	u32 buffer;
	u32 cpu;
};

/**
 * struct trace_layout - the streams of a file
 * @page_size: bytes of a page
 * @version: of the file's format
 * @nr_instances: buffers beside the first
 * @chunks: the streams are made of chunks that zstd compressed
 * @stream: the streams that are not empty, by buffer and CPU
 * @nr: how many
 */
struct trace_layout {
	u32 page_size;
	u32 version;
	u32 nr_instances;
	bool chunks;
	struct trace_stream *stream;
	size_t nr;
};

int trace_layout_read(struct trace_layout *layout, const char *data, size_t len);
void trace_layout_add(struct trace_layout *layout, const struct trace_stream *stream);
void trace_layout_free(struct trace_layout *layout);

#endif /* RTLAT_TRACE_LAYOUT_H */
