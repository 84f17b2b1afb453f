// SPDX-License-Identifier: GPL-2.0
/*
 * Is a file a whole trace.dat? Asked before a library reads it, because the
 * library trusts the sizes it finds.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checksum.h"
#include "trace/check.h"

#define MAX_CPUS	8192
#define MAX_EVENTS	100000

/*
 * Where we are in the file, and what it is called. With a layout to be filled
 * the pages are not looked at: who wants it reads them all anyway.
 */
struct walk {
	const char *name;
	const char *data;
	size_t len;
	size_t at;
	struct problem *problem;
	struct trace_layout *layout;
};

static int short_of(struct walk *walk, const char *what)
{
	return problem_set(walk->problem,
			   "%s: truncated or damaged: ends within %s, at byte %zu of %zu",
			   walk->name, what, walk->at, walk->len);
}

static int skip(struct walk *walk, uint64_t len, const char *what)
{
	if (len > walk->len - walk->at)
		return short_of(walk, what);
	walk->at += len;
	return 0;
}

static int number(struct walk *walk, void *value, size_t len, const char *what)
{
	const char *from = walk->data + walk->at;

	if (skip(walk, len, what))
		return -EINVAL;
	memcpy(value, from, len);
	return 0;
}

static int text(struct walk *walk, const char *want, const char *what)
{
	const char *from = walk->data + walk->at;
	const char *end = memchr(from, 0, walk->len - walk->at);

	if (!end)
		return short_of(walk, what);
	if (want && strcmp(from, want))
		return problem_set(walk->problem,
				   "%s: damaged: no %s at byte %zu", walk->name,
				   what, walk->at);
	walk->at += (size_t)(end - from) + 1;
	return 0;
}

static int sized(struct walk *walk, const char *what)
{
	uint64_t size;

	return number(walk, &size, sizeof(size), what) ? -EINVAL :
	       skip(walk, size, what);
}

static int sized32(struct walk *walk, const char *what)
{
	uint32_t size;

	return number(walk, &size, sizeof(size), what) ? -EINVAL :
	       skip(walk, size, what);
}

static int formats(struct walk *walk, const char *what)
{
	uint32_t nr;

	if (number(walk, &nr, sizeof(nr), what))
		return -EINVAL;
	if (nr > MAX_EVENTS)
		return problem_set(walk->problem, "%s: damaged: %u %s",
				   walk->name, nr, what);
	while (nr--)
		if (sized(walk, what))
			return -EINVAL;
	return 0;
}

static int event_systems(struct walk *walk)
{
	uint32_t nr;

	if (number(walk, &nr, sizeof(nr), "table of systems"))
		return -EINVAL;
	if (nr > MAX_EVENTS)
		return problem_set(walk->problem,
				   "%s: damaged: %u systems", walk->name,
				   nr);
	while (nr--)
		if (text(walk, NULL, "event system") ||
		    formats(walk, "event formats"))
			return -EINVAL;
	return 0;
}

/* Options that change neither the records' times nor where the pages are. */
#define PLAIN_OPTIONS	(1U << 2 | 1U << 4 | 1U << 5 | 1U << 9 | 1U << 10 | 1U << 11)

static int options(struct walk *walk)
{
	uint16_t option;

	for (;;) {
		if (number(walk, &option, sizeof(option), "options"))
			return -EINVAL;
		if (!option)
			return 0;
		if (walk->layout && (option > 15 || !(PLAIN_OPTIONS & 1U << option)))
			return problem_set(walk->problem, "option %u", option);
		if (sized32(walk, "options"))
			return -EINVAL;
	}
}

/* A page begins with a time stamp and how much of it is used. */
#define COMMIT_AT	8
#define COMMIT_MASK	((1U << 27) - 1)

/* The library goes as far as a page says that it is used. */
static int page_fill(struct walk *walk, uint64_t at, uint64_t end,
		     uint32_t page_size, unsigned int word)
{
	const uint32_t room = page_size - COMMIT_AT - word;
	uint32_t used;

	for (; at < end; at += page_size) {
		memcpy(&used, walk->data + at + COMMIT_AT, sizeof(used));
		used &= COMMIT_MASK;
		if (used > room)
			return problem_set(walk->problem,
				"%s: damaged: the page at byte %" PRIu64 " holds %u bytes of %u",
				walk->name, at, used, room);
	}
	return 0;
}

/* The pages must be inside the file, whole, and of one size. */
static int cpu_pages(struct walk *walk, uint32_t cpus, uint32_t page_size,
		     unsigned int word)
{
	uint64_t offset, size;
	uint32_t cpu;

	for (cpu = 0; cpu < cpus; cpu++) {
		if (number(walk, &offset, sizeof(offset), "table of CPUs") ||
		    number(walk, &size, sizeof(size), "table of CPUs"))
			return -EINVAL;
		if (offset > walk->len || size > walk->len - offset)
			return problem_set(walk->problem,
				"%s: truncated: the pages of CPU %u end at byte %" PRIu64 " of %zu",
				walk->name, cpu, offset + size, walk->len);
		if (size && (offset % page_size || size % page_size))
			return problem_set(walk->problem,
				"%s: damaged: the pages of CPU %u are no pages",
				walk->name, cpu);
		if (walk->layout) {
			if (size)
				trace_layout_add(walk->layout, &(struct trace_stream) {
					.offset = offset, .size = size, .cpu = cpu });
			continue;
		}
		if (page_fill(walk, offset, offset + size, page_size, word))
			return -EINVAL;
	}
	return 0;
}

static int version_6(struct walk *walk)
{
	uint32_t page_size, cpus;
	unsigned char order, word;

	if (number(walk, &order, 1, "head") || number(walk, &word, 1, "head") ||
	    number(walk, &page_size, sizeof(page_size), "head"))
		return -EINVAL;
	if (walk->layout && (order || word != 8 || page_size > 1U << 20))
		return problem_set(walk->problem, "pages of another machine");
	if (walk->layout)
		walk->layout->page_size = page_size;
	if (order)
		return order == 1 ? 0 :	/* big endian: the library knows how */
		       problem_set(walk->problem,
				   "%s: damaged: byte order %u", walk->name,
				   order);
	if ((word != 4 && word != 8) || page_size < 4096 ||
	    page_size > 1U << 24 || page_size & (page_size - 1))
		return problem_set(walk->problem,
			"%s: damaged: words of %u bytes, pages of %u bytes",
			walk->name, word, page_size);
	if (text(walk, "header_page", "header_page") ||
	    sized(walk, "header_page") ||
	    text(walk, "header_event", "header_event") ||
	    sized(walk, "header_event") ||
	    formats(walk, "ftrace formats") || event_systems(walk) ||
	    sized32(walk, "kallsyms") || sized32(walk, "printk formats") ||
	    sized(walk, "command lines") ||
	    number(walk, &cpus, sizeof(cpus), "number of CPUs"))
		return -EINVAL;
	if (!cpus || cpus > MAX_CPUS)
		return problem_set(walk->problem, "%s: damaged: %u CPUs",
				   walk->name, cpus);
	if (walk->len - walk->at >= 10 &&
	    !memcmp(walk->data + walk->at, "options  ", 10)) {
		walk->at += 10;
		if (options(walk))
			return -EINVAL;
	}
	return text(walk, "flyrecord", "flyrecord") ? -EINVAL :
	       cpu_pages(walk, cpus, page_size, word);
}

/**
 * trace_check_layout - where the pages of a trace.dat of version 6 are
 * @layout: receives it
 * @data: the bytes of the file
 * @len: how many, at least 12
 *
 * Return: 0; -EINVAL: it is damaged, or not of the plain kind.
 */
int trace_check_layout(struct trace_layout *layout, const char *data, size_t len)
{
	struct problem unused = { "" };
	struct walk walk = { "", data, len, 12, &unused, layout };

	return version_6(&walk);
}

/**
 * trace_sealed - how much of a file is before its seal
 * @data: the bytes of the file
 * @len: how many
 *
 * Return: number of bytes; 0: there is no seal.
 */
size_t trace_sealed(const char *data, size_t len)
{
	if (len < SEAL_LEN ||
	    memcmp(data + len - SEAL_LEN, SEAL_WORD, strlen(SEAL_WORD)))
		return 0;
	return len - SEAL_LEN;
}

static int check_seal(struct walk *walk)
{
	char seal[SEAL_LEN];
	const char *there;

	if (!trace_sealed(walk->data, walk->len))
		return 0;
	there = walk->data + walk->len - SEAL_LEN;
	seal_make(seal, crc32_add(0, walk->data, walk->len - SEAL_LEN));
	if (!memcmp(seal, there, SEAL_LEN))
		return 0;
	return problem_set(walk->problem,
			   "%s: damaged: its checksum is %.8s, that of its bytes is %.8s",
			   walk->name, there + strlen(SEAL_WORD),
			   seal + strlen(SEAL_WORD));
}

/**
 * trace_check_bytes - are these bytes a whole trace.dat?
 * @name: of the file, for messages
 * @data: the bytes
 * @len: how many
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int trace_check_bytes(const char *name, const char *data, size_t len,
		      struct problem *problem)
{
	static const char magic[] = "\x17\x08\x44tracing";
	struct walk walk = { name, data, len, 0, problem, NULL };

	if (!len)
		return problem_set(problem, "%s: empty", name);
	if (memcmp(data, magic, len < 10 ? len : 10))
		return problem_set(problem, "%s: not a trace.dat", name);
	if (len < 12)
		return problem_set(problem, "%s: truncated: %zu bytes", name, len);
	if ((data[10] != '6' && data[10] != '7') || data[11])
		return problem_set(problem,
			"%s: trace.dat of a version other than 6 and 7", name);
	if (check_seal(&walk))
		return -EINVAL;
	walk.at = 12;
	return data[10] == '6' ? version_6(&walk) : 0;
}

/**
 * trace_check - is a file a whole trace.dat?
 * @path: the file
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int trace_check(const char *path, struct problem *problem)
{
	struct stat info;
	void *data;
	int fd, ret;

	/* what is no file must not be waited for */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &info)) {
		ret = problem_set(problem, "cannot read %s: %s", path,
				  strerror(errno));
		goto out;
	}
	if (!S_ISREG(info.st_mode)) {
		ret = problem_set(problem, "%s: not a regular file", path);
		goto out;
	}
	if (!info.st_size) {
		ret = problem_set(problem, "%s: empty", path);
		goto out;
	}
	data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		ret = problem_set(problem, "cannot read %s: %s", path,
				  strerror(errno));
		goto out;
	}
	ret = trace_check_bytes(path, data, (size_t)info.st_size, problem);
	munmap(data, (size_t)info.st_size);
out:
	if (fd >= 0)
		close(fd);
	return ret;
}
