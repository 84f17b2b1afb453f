// SPDX-License-Identifier: GPL-2.0
/*
 * Where the pages of a trace.dat are. Pure.
 *
 * Of all that the format allows, this knows what is written today: pages of a
 * little-endian machine with 64-bit words, of format version 6 without
 * instances, or of version 7, plain or compressed by zstd. For everything else
 * libtracecmd is there, and whatever looks odd is left to it.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "trace/check.h"
#include "trace/layout.h"

#define MAX_CPUS	8192
#define MAX_STREAMS	4096
#define MAX_SECTIONS	64
#define MAX_SECTION_LEN	(16U << 20)

#define FLAG_COMPRESSED	1

/* Options of the format that are met, and their numbers. */
enum {
	OPTION_DONE = 0,
	OPTION_CPUSTAT = 2,
	OPTION_BUFFER = 3,
	OPTION_TRACECLOCK = 4,
	OPTION_UNAME = 5,
	OPTION_CPUCOUNT = 8,
	OPTION_VERSION = 9,
	OPTION_PROCMAPS = 10,
	OPTION_TRACEID = 11,
	OPTION_HEADER_INFO = 16,
	OPTION_CMDLINES = 21,
};

/* Bytes that are read from the front; at > len when they ended too early. */
struct cursor {
	const char *data;
	size_t len;
	size_t at;
};

struct file {
	const char *data;
	size_t len;
	bool zstd;
	bool top;
	int chunks;		/* -1: not known yet */
	struct trace_layout *layout;
};

static int take(struct cursor *cursor, void *to, size_t len)
{
	if (cursor->at > cursor->len || len > cursor->len - cursor->at)
		return -EINVAL;
	memcpy(to, cursor->data + cursor->at, len);
	cursor->at += len;
	return 0;
}

static const char *take_string(struct cursor *cursor)
{
	const char *from = cursor->data + cursor->at, *end;

	if (cursor->at > cursor->len)
		return NULL;
	end = memchr(from, 0, cursor->len - cursor->at);
	if (!end)
		return NULL;
	cursor->at += (size_t)(end - from) + 1;
	return from;
}

/**
 * trace_layout_add - one more stream
 * @layout: receives it
 * @stream: the stream
 */
void trace_layout_add(struct trace_layout *layout,
		      const struct trace_stream *stream)
{
	/* room for a power of two */
	if (!(layout->nr & (layout->nr - 1)))
		layout->stream = xrealloc(layout->stream, (2 * layout->nr + 1) *
					  sizeof(*layout->stream));
	layout->stream[layout->nr++] = *stream;
}

/* One CPU of a buffer's table. */
static int add_cpu(struct file *file, struct cursor *option, u32 buffer, s64 *last)
{
	struct trace_stream stream = { .buffer = buffer };

	if (take(option, &stream.cpu, 4) || take(option, &stream.offset, 8) ||
	    take(option, &stream.size, 8))
		return -EINVAL;
	/* the order decides which of two records at one time is the first */
	if (stream.cpu >= MAX_CPUS || (s64)stream.cpu <= *last)
		return -EINVAL;
	*last = stream.cpu;
	if (!stream.size)
		return 0;
	/* what is said of chunks leaves out their count */
	if (file->layout->chunks)
		stream.size += 4;
	if (stream.size < 4 || stream.offset > file->len ||
	    stream.size > file->len - stream.offset ||
	    file->layout->nr == MAX_STREAMS)
		return -EINVAL;
	if (!file->layout->chunks && (stream.offset % file->layout->page_size ||
				      stream.size % file->layout->page_size))
		return -EINVAL;
	trace_layout_add(file->layout, &stream);
	return 0;
}

/* Are the pages of the buffer at @offset compressed? All are, or none. */
static int buffer_section(struct file *file, u64 offset)
{
	struct cursor cursor = { file->data, file->len, offset };
	u16 id, flags;
	int chunks;

	if (take(&cursor, &id, 2) || take(&cursor, &flags, 2) ||
	    id != OPTION_BUFFER || flags & ~FLAG_COMPRESSED)
		return -EINVAL;
	chunks = flags & FLAG_COMPRESSED;
	if (file->chunks >= 0 && file->chunks != chunks)
		return -EINVAL;
	if (chunks && !file->zstd)
		return -EINVAL;
	file->chunks = chunks;
	file->layout->chunks = chunks;
	return 0;
}

static int buffer_option(struct file *file, struct cursor *option)
{
	const char *name;
	u32 page_size, cpus, buffer;
	s64 last = -1;
	u64 offset;

	if (take(option, &offset, 8))
		return -EINVAL;
	name = take_string(option);
	if (!name || !take_string(option) || take(option, &page_size, 4) ||
	    take(option, &cpus, 4) || page_size != file->layout->page_size ||
	    cpus > MAX_CPUS || buffer_section(file, offset))
		return -EINVAL;
	if (*name) {
		buffer = ++file->layout->nr_instances;
	} else {
		if (file->top)
			return -EINVAL;
		file->top = true;
		buffer = 0;
	}
	while (cpus--)
		if (add_cpu(file, option, buffer, &last))
			return -EINVAL;
	return 0;
}

static int one_option(struct file *file, u16 id, struct cursor *option, u64 *next)
{
	u32 cpus;

	switch (id) {
	case OPTION_DONE:
		return take(option, next, 8);
	case OPTION_CPUCOUNT:
		/* the library has memory for so many */
		return take(option, &cpus, 4) || cpus > MAX_CPUS ? -EINVAL : 0;
	case OPTION_BUFFER:
		return buffer_option(file, option);
	case OPTION_CPUSTAT:
	case OPTION_TRACECLOCK:
	case OPTION_UNAME:
	case OPTION_VERSION:
	case OPTION_PROCMAPS:
	case OPTION_TRACEID:
	case OPTION_HEADER_INFO ... OPTION_CMDLINES:
		return 0;
	}
	/* it may change what the records' times mean */
	return -EINVAL;
}

static int options(struct file *file, struct cursor *section, u64 *next)
{
	u16 id;
	u32 size;

	do {
		struct cursor option;

		if (take(section, &id, 2) || take(section, &size, 4) ||
		    size > section->len - section->at)
			return -EINVAL;
		option = (struct cursor) { section->data + section->at, size, 0 };
		section->at += size;
		if (one_option(file, id, &option, next))
			return -EINVAL;
	} while (id != OPTION_DONE);
	return 0;
}

/* A section that is compressed as a whole. */
static int unpack(struct cursor *section, char **text)
{
	u32 packed, size;
	size_t ret;

	if (take(section, &packed, 4) || take(section, &size, 4) ||
	    packed > section->len - section->at || size > MAX_SECTION_LEN)
		return -EINVAL;
	*text = xcalloc(1, size + 1UL);
	ret = ZSTD_decompress(*text, size, section->data + section->at, packed);
	if (ZSTD_isError(ret) || ret != size) {
		free(*text);
		return -EINVAL;
	}
	*section = (struct cursor) { *text, size, 0 };
	return 0;
}

static int options_section(struct file *file, u64 at, u64 *next)
{
	struct cursor section = { file->data, file->len, at };
	char *text = NULL;
	u16 id, flags;
	u32 name;
	u64 size;
	int ret;

	if (take(&section, &id, 2) || take(&section, &flags, 2) ||
	    take(&section, &name, 4) || take(&section, &size, 8) ||
	    id != OPTION_DONE || flags & ~FLAG_COMPRESSED ||
	    size > section.len - section.at)
		return -EINVAL;
	section.len = section.at + size;
	if (flags && (!file->zstd || unpack(&section, &text)))
		return -EINVAL;
	ret = options(file, &section, next);
	free(text);
	return ret;
}

static int version_7(struct trace_layout *layout, const char *data, size_t len)
{
	struct file file = { .data = data, .len = len, .chunks = -1, .layout = layout };
	struct cursor head = { data, len, 12 };
	unsigned int nr;
	const char *name;
	u8 order, word;
	u64 next;

	if (take(&head, &order, 1) || take(&head, &word, 1) ||
	    take(&head, &layout->page_size, 4))
		return -EINVAL;
	name = take_string(&head);
	if (!name || !take_string(&head) || take(&head, &next, 8))
		return -EINVAL;
	file.zstd = !strcmp(name, "zstd");
	if (order || word != 8 || layout->page_size < 4096 ||
	    layout->page_size > 1U << 20 ||
	    layout->page_size & (layout->page_size - 1) ||
	    (!file.zstd && strcmp(name, "none")))
		return -EINVAL;
	for (nr = 0; next; nr++)
		if (nr == MAX_SECTIONS || options_section(&file, next, &next))
			return -EINVAL;
	return file.top ? 0 : -EINVAL;
}

static int by_place(const void *left, const void *right)
{
	const struct trace_stream *a = left, *b = right;

	if (a->buffer != b->buffer)
		return a->buffer < b->buffer ? -1 : 1;
	return a->cpu < b->cpu ? -1 : a->cpu > b->cpu;
}

/**
 * trace_layout_read - find the pages of a trace.dat
 * @layout: receives where they are; trace_layout_free() it whatever is returned
 * @data: the bytes of the file
 * @len: how many
 *
 * Return: 0; -EINVAL: libtracecmd has to look at it.
 */
int trace_layout_read(struct trace_layout *layout, const char *data, size_t len)
{
	static const char magic[] = "\x17\x08\x44tracing";
	int ret = -EINVAL;

	memset(layout, 0, sizeof(*layout));
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	return -EINVAL;
#endif
	if (len < 12 || memcmp(data, magic, 10) || data[11])
		return -EINVAL;
	layout->version = (u32)(data[10] - '0');
	if (layout->version == 6)
		ret = trace_check_layout(layout, data, len);
	else if (layout->version == 7)
		ret = version_7(layout, data, len);
	if (!ret && layout->nr)
		qsort(layout->stream, layout->nr, sizeof(*layout->stream), by_place);
	return ret;
}

/**
 * trace_layout_free - free a layout
 * @layout: the layout
 */
void trace_layout_free(struct trace_layout *layout)
{
	free(layout->stream);
	layout->stream = NULL;
	layout->nr = 0;
}
