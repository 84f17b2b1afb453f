// SPDX-License-Identifier: GPL-2.0
/*
 * The pages of a stream, some at a time, plain or compressed.
 *
 * They are read into a buffer that stays in the CPU's cache: what is mapped
 * costs a fault for each 16 pages and is not faster, and a file that someone
 * truncates meanwhile ends the reading instead of the process.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "base/checksum.h"
#include "trace/scan.h"

#define BUFFER_LEN	(64U << 10)
/* A chunk is a few pages; no writer makes one that is larger. */
#define MAX_CHUNK_LEN	(4U << 20)

/**
 * struct scan_pages - where we are in a stream
 * @file: the file
 * @at: what is read next from it
 * @end: end of the stream
 * @raw: bytes as they are in the file
 * @room: for how many there is memory
 * @from: first of them that was not used yet
 * @have: end of those that are there
 * @page: uncompressed pages
 * @page_room: for how many bytes there is memory
 * @chunks: chunks that are left; -1: their number has to be read
 * @zstd: for uncompressing
 * @crc: of what was read
 */
struct scan_pages {
	const struct scan_file *file;
	u64 at;
	u64 end;
	u8 *raw;
	size_t room;
	size_t from;
	size_t have;
	u8 *page;
	size_t page_room;
	s64 chunks;
	ZSTD_DCtx *zstd;
	u32 crc;
};

/**
 * scan_pages_open - begin with a stream
 * @file: the file
 * @where: the stream
 *
 * Return: for scan_pages_next(); scan_pages_close() it.
 */
struct scan_pages *scan_pages_open(const struct scan_file *file,
				   const struct trace_stream *where)
{
	struct scan_pages *pages = xcalloc(1, sizeof(*pages));

	pages->file = file;
	pages->at = where->offset;
	pages->end = where->offset + where->size;
	pages->chunks = -1;
	pages->room = BUFFER_LEN;
	if (file->layout->page_size > pages->room)
		pages->room = file->layout->page_size;
	pages->raw = xcalloc(1, pages->room);
	if (file->layout->chunks)
		pages->zstd = ZSTD_createDCtx();
	return pages;
}

/* Have @len bytes behind @from; -EINVAL: the stream, or the file, ends before. */
static int fill(struct scan_pages *pages, size_t len)
{
	while (pages->have - pages->from < len) {
		const u64 left = pages->end - pages->at;
		size_t want;
		ssize_t got;

		if (!left)
			return -EINVAL;
		if (pages->from) {
			memmove(pages->raw, pages->raw + pages->from,
				pages->have - pages->from);
			pages->have -= pages->from;
			pages->from = 0;
		}
		if (len > pages->room) {
			pages->room = len;
			pages->raw = xrealloc(pages->raw, len);
		}
		want = pages->room - pages->have;
		want = left < want ? (size_t)left : want;
		got = pread(pages->file->fd, pages->raw + pages->have, want, (off_t)pages->at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -EINVAL;
		if (pages->file->sealed)
			pages->crc = crc32_add(pages->crc, pages->raw + pages->have, (size_t)got);
		pages->have += (size_t)got;
		pages->at += (u64)got;
	}
	return 0;
}

static u32 word(const struct scan_pages *pages, size_t at)
{
	u32 value;

	memcpy(&value, pages->raw + pages->from + at, sizeof(value));
	return value;
}

/* One chunk: its size, that of its pages, and its bytes. */
static const u8 *next_chunk(struct scan_pages *pages, size_t *len, int *error)
{
	const u32 page_size = pages->file->layout->page_size;
	u32 packed, size;
	size_t ret;

	*error = -EINVAL;
	if (!pages->zstd)
		return NULL;
	if (pages->chunks < 0) {
		if (fill(pages, 4))
			return NULL;
		pages->chunks = word(pages, 0);
		pages->from += 4;
	}
	if (!pages->chunks) {
		/* nothing may follow the last one */
		if (pages->at == pages->end && pages->from == pages->have)
			*error = 0;
		return NULL;
	}
	if (fill(pages, 8))
		return NULL;
	packed = word(pages, 0);
	size = word(pages, 4);
	if (!packed || packed > MAX_CHUNK_LEN || !size || size > MAX_CHUNK_LEN ||
	    size % page_size || fill(pages, 8UL + packed))
		return NULL;
	if (size > pages->page_room) {
		free(pages->page);
		pages->page = xcalloc(1, size);
		pages->page_room = size;
	}
	ret = ZSTD_decompressDCtx(pages->zstd, pages->page, size,
				  pages->raw + pages->from + 8, packed);
	if (ZSTD_isError(ret) || ret != size)
		return NULL;
	pages->from += 8UL + packed;
	pages->chunks--;
	*len = size;
	*error = 0;
	return pages->page;
}

/**
 * scan_pages_next - some more pages
 * @pages: of scan_pages_open()
 * @len: receives their bytes, a multiple of the page size
 * @error: receives 0, or -EINVAL when they cannot be read
 *
 * Return: the pages, until the next call; NULL: that was all, or an error.
 */
const u8 *scan_pages_next(struct scan_pages *pages, size_t *len, int *error)
{
	const u32 page_size = pages->file->layout->page_size;
	const u8 *bytes;

	if (pages->file->layout->chunks)
		return next_chunk(pages, len, error);
	*error = 0;
	if (pages->at == pages->end && pages->from == pages->have)
		return NULL;
	*error = fill(pages, page_size);
	if (*error)
		return NULL;
	bytes = pages->raw + pages->from;
	*len = (pages->have - pages->from) / page_size * page_size;
	pages->from += *len;
	return bytes;
}

/**
 * scan_pages_close - done with a stream
 * @pages: of scan_pages_open()
 *
 * Return: the CRC of what was read, where the file has a seal.
 */
u32 scan_pages_close(struct scan_pages *pages)
{
	const u32 crc = pages->crc;

	ZSTD_freeDCtx(pages->zstd);
	free(pages->page);
	free(pages->raw);
	free(pages);
	return crc;
}
