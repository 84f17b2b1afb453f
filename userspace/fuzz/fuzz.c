// SPDX-License-Identifier: GPL-2.0
/* What the fuzz targets share. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

/**
 * fuzz_text - bytes as a text, of exactly their size
 * @data: bytes
 * @len: how many
 *
 * Return: the text, NUL behind it; free() it.
 */
char *fuzz_text(const uint8_t *data, size_t len)
{
	return xstrndup((const char *)data, len);
}

/**
 * fuzz_sink - where tables go that nobody reads
 *
 * Return: a stream; do not close it.
 */
FILE *fuzz_sink(void)
{
	static FILE *sink;

	if (!sink)
		sink = fopen("/dev/null", "w");
	must(sink);
	return sink;
}

/**
 * fuzz_file - a file of these bytes
 * @data: bytes
 * @len: how many
 *
 * Return: its path; the file lasts until the next call.
 */
const char *fuzz_file(const uint8_t *data, size_t len)
{
	static char path[32];
	static int fd = -1;

	if (fd >= 0)
		close(fd);
	fd = memfd_create("fuzz", MFD_CLOEXEC);
	must(fd >= 0 && !write_all(fd, data, len));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

/**
 * fuzz_said - bad input gives one line that says why, good input none
 * @failed: the reader returned an error
 * @problem: what it said
 */
void fuzz_said(bool failed, const struct problem *problem)
{
	const char *at;

	must(failed == !!problem->text[0]);
	for (at = problem->text; *at; at++)
		must(!iscntrl((unsigned char)*at));
}

/* The part that a line begins: index into @names, -1 when it begins none. */
static int part_of(const char *line, size_t len, const char *const *names)
{
	const size_t mark = strlen(FUZZ_PART);
	int i;

	if (len < mark || memcmp(line, FUZZ_PART, mark))
		return -1;
	for (i = 0; names[i]; i++)
		if (len - mark == strlen(names[i]) &&
		    !memcmp(line + mark, names[i], len - mark))
			return i;
	return -1;
}

/**
 * fuzz_parts - an input of several files, taken apart
 * @data: bytes
 * @len: how many
 * @names: of the parts, ended by NULL, at most FUZZ_MAX_PARTS
 * @texts: receives the text of each part, "" for one that is not there;
 *	fuzz_free_parts() them
 *
 * What comes before the first mark belongs to the first part.
 */
void fuzz_parts(const uint8_t *data, size_t len, const char *const *names,
		char **texts)
{
	const char *at = (const char *)data, *end = at + len, *from = at;
	size_t i;
	int now = 0;

	for (i = 0; names[i]; i++)
		texts[i] = NULL;
	must(i && i <= FUZZ_MAX_PARTS);
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *next = newline ? newline + 1 : end;
		int part = part_of(at, (size_t)((newline ? newline : end) - at),
				   names);

		if (part >= 0) {
			free(texts[now]);
			texts[now] = xstrndup(from, (size_t)(at - from));
			now = part;
			from = next;
		}
		at = next;
	}
	free(texts[now]);
	texts[now] = len ? xstrndup(from, (size_t)(end - from)) : NULL;
	for (i = 0; names[i]; i++)
		if (!texts[i])
			texts[i] = xstrdup("");
}

/**
 * fuzz_free_parts - free what fuzz_parts() made
 * @texts: the texts
 * @nr: how many
 */
void fuzz_free_parts(char **texts, size_t nr)
{
	while (nr--)
		free(texts[nr]);
}
