// SPDX-License-Identifier: GPL-2.0
/* The seal of a trace.dat whose streams have been read already. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checksum.h"
#include "trace/scan.h"

#define BUFFER_LEN	(256U << 10)

static int by_offset(const void *left, const void *right)
{
	const struct scan_stream *a = *(const struct scan_stream *const *)left;
	const struct scan_stream *b = *(const struct scan_stream *const *)right;

	return a->where.offset < b->where.offset ? -1 :
	       a->where.offset > b->where.offset;
}

/* The bytes between two streams. */
static int add_bytes(int fd, u64 from, u64 to, u32 *crc)
{
	char *bytes = xcalloc(1, BUFFER_LEN);

	while (from < to) {
		const u64 left = to - from;
		ssize_t got = pread(fd, bytes, left < BUFFER_LEN ? (size_t)left : BUFFER_LEN,
				    (off_t)from);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		*crc = crc32_add(*crc, bytes, (size_t)got);
		from += (u64)got;
	}
	free(bytes);
	return from < to ? -EINVAL : 0;
}

/**
 * scan_seal_check - does the seal fit?
 * @file: the file; every byte of its streams was read
 * @stream: the streams, each with its CRC
 * @nr: how many
 *
 * Return: 0, also when there is no seal, or -EINVAL.
 */
int scan_seal_check(const struct scan_file *file, const struct scan_stream *stream,
		    size_t nr)
{
	const struct scan_stream **sorted;
	char seal[SEAL_LEN], there[SEAL_LEN];
	u64 at = 0;
	u32 crc = 0;
	int ret = 0;
	size_t i;

	if (!file->sealed)
		return 0;
	sorted = xcalloc(nr + 1, sizeof(*sorted));
	for (i = 0; i < nr; i++)
		sorted[i] = &stream[i];
	qsort(sorted, nr, sizeof(*sorted), by_offset);
	for (i = 0; i < nr && !ret; i++) {
		const struct trace_stream *where = &sorted[i]->where;

		if (where->offset < at || where->size > file->sealed - at) {
			ret = -EINVAL;
			break;
		}
		ret = add_bytes(file->fd, at, where->offset, &crc);
		crc = crc32_join(crc, sorted[i]->crc, where->size);
		at = where->offset + where->size;
	}
	free(sorted);
	if (ret || at > file->sealed || add_bytes(file->fd, at, file->sealed, &crc))
		return -EINVAL;
	seal_make(seal, crc);
	if (pread(file->fd, there, SEAL_LEN, (off_t)file->sealed) != SEAL_LEN)
		return -EINVAL;
	return memcmp(seal, there, SEAL_LEN) ? -EINVAL : 0;
}
