// SPDX-License-Identifier: GPL-2.0
/*
 * The head of a trace.dat file, format version 6. Pure.
 *
 * The format is described in trace-cmd.dat.v6(5). libtracecmd can write it,
 * but what distributions install declares none of the functions for it.
 * Numbers are in the byte order of the machine, which the head names.
 */

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "run/trace-write.h"

/* Options of the format, and their numbers. */
enum {
	OPTION_DONE = 0,
	OPTION_CPUSTAT = 2,
	OPTION_TRACECLOCK = 4,
	OPTION_UNAME = 5,
};

struct bytes {
	char *data;
	size_t len;
	size_t room;
};

static void put(struct bytes *bytes, const void *data, size_t len)
{
	if (bytes->len + len > bytes->room) {
		bytes->room = 2 * (bytes->len + len);
		bytes->data = xrealloc(bytes->data, bytes->room);
	}
	if (len)
		memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
}

static void put_u16(struct bytes *bytes, uint16_t value)
{
	put(bytes, &value, sizeof(value));
}

static void put_u32(struct bytes *bytes, uint32_t value)
{
	put(bytes, &value, sizeof(value));
}

static void put_u64(struct bytes *bytes, uint64_t value)
{
	put(bytes, &value, sizeof(value));
}

/* With its NUL. */
static void put_string(struct bytes *bytes, const char *text)
{
	put(bytes, text, strlen(text) + 1);
}

static void put_sized(struct bytes *bytes, const char *text)
{
	put_u64(bytes, strlen(text));
	put(bytes, text, strlen(text));
}

static void put_formats(struct bytes *bytes, const struct trace_system *system)
{
	uint32_t i;

	put_u32(bytes, system->nr);
	for (i = 0; i < system->nr; i++)
		put_sized(bytes, system->format[i]);
}

static void put_option(struct bytes *bytes, uint16_t option, const char *text)
{
	put_u16(bytes, option);
	put_u32(bytes, (uint32_t)strlen(text) + 1);
	put_string(bytes, text);
}

/* The option only says that the clock's name comes behind the CPUs' table. */
static void put_options(struct bytes *bytes, const struct trace_parts *parts)
{
	uint32_t i;

	put_string(bytes, "options  ");
	put_option(bytes, OPTION_TRACECLOCK, "");
	put_option(bytes, OPTION_UNAME, parts->uname);
	for (i = 0; i < parts->nr_cpus; i++) {
		char *text = xasprintf("CPU: %u\n%s", i, parts->cpustats[i]);

		put_option(bytes, OPTION_CPUSTAT, text);
		free(text);
	}
	put_u16(bytes, OPTION_DONE);
}

/**
 * trace_head - all of a trace.dat file but the CPUs' pages
 * @parts: what it is made of
 * @len: receives the number of bytes, a multiple of the page size
 *
 * The CPUs' pages follow it, in the order of the CPUs and without gaps.
 *
 * Return: the bytes; free() them.
 */
void *trace_head(const struct trace_parts *parts, size_t *len)
{
	static const char magic[] = "\x17\x08\x44tracing6";
	char *clock = xasprintf("[%s]", parts->clock);
	struct bytes bytes = { NULL, 0, 0 };
	const uint16_t one = 1;
	uint64_t offset;
	size_t end;
	uint32_t i;
	char byte;

	put(&bytes, magic, sizeof(magic));
	byte = *(const char *)&one ? 0 : 1;	/* 0: little endian */
	put(&bytes, &byte, 1);
	byte = sizeof(long);
	put(&bytes, &byte, 1);
	put_u32(&bytes, parts->page_size);
	put_string(&bytes, "header_page");
	put_sized(&bytes, parts->header_page);
	put_string(&bytes, "header_event");
	put_sized(&bytes, parts->header_event);
	put_formats(&bytes, &parts->ftrace);
	put_u32(&bytes, parts->nr_systems);
	for (i = 0; i < parts->nr_systems; i++) {
		put_string(&bytes, parts->system[i].name);
		put_formats(&bytes, &parts->system[i]);
	}
	put_u32(&bytes, (uint32_t)strlen(parts->symbols));
	put(&bytes, parts->symbols, strlen(parts->symbols));
	put_u32(&bytes, 0);	/* no trace_printk formats */
	put_sized(&bytes, parts->cmdlines);
	put_u32(&bytes, parts->nr_cpus);
	put_options(&bytes, parts);
	put_string(&bytes, "flyrecord");
	/* where each CPU's pages are; then, the clock */
	end = bytes.len + parts->nr_cpus * 16UL + 8 + strlen(clock);
	end += parts->page_size - 1;
	end -= end % parts->page_size;
	offset = end;
	for (i = 0; i < parts->nr_cpus; i++) {
		put_u64(&bytes, offset);
		put_u64(&bytes, parts->cpu_size[i]);
		offset += parts->cpu_size[i];
	}
	put_sized(&bytes, clock);
	byte = 0;
	while (bytes.len < end)
		put(&bytes, &byte, 1);
	free(clock);
	*len = bytes.len;
	return bytes.data;
}
