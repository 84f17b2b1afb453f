/* SPDX-License-Identifier: GPL-2.0 */
/* The head of a trace.dat file, format version 6. Pure. */
#ifndef RTLAT_TRACE_WRITE_H
#define RTLAT_TRACE_WRITE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct trace_system - event formats of one system
 * @name: system
 * @format: texts of events/<system>/<event>/format
 * @nr: how many
 */
struct trace_system {
	char *name;
	char **format;
	uint32_t nr;
};

/**
 * struct trace_parts - what a trace.dat file is made of
 * @header_page: events/header_page
 * @header_event: events/header_event
 * @ftrace: formats of the system ftrace
 * @system: formats of the other systems
 * @nr_systems: how many
 * @symbols: lines of kallsyms, for the addresses in the events
 * @cmdlines: saved_cmdlines
 * @clock: trace clock, "mono"
 * @uname: kernel that was traced
 * @cpustats: per CPU, text of per_cpu/cpu<n>/stats
 * @nr_cpus: number of CPUs
 * @page_size: bytes of a ring buffer page
 * @cpu_size: bytes of each CPU's pages, multiples of @page_size
 */
struct trace_parts {
	const char *header_page;
	const char *header_event;
	struct trace_system ftrace;
	struct trace_system *system;
	uint32_t nr_systems;
	const char *symbols;
	const char *cmdlines;
	const char *clock;
	const char *uname;
	char **cpustats;
	uint32_t nr_cpus;
	uint32_t page_size;
	const uint64_t *cpu_size;
};

void *trace_head(const struct trace_parts *parts, size_t *len);

#endif /* RTLAT_TRACE_WRITE_H */
