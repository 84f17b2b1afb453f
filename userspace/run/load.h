/* SPDX-License-Identifier: GPL-2.0 */
/* Background load: a process on each CPU that thrashes caches and memory. */
#ifndef RTLAT_LOAD_H
#define RTLAT_LOAD_H

#include <jansson.h>

#include "base/cpulist.h"
#include "module/pure.h"

#define LOAD_LINE_BYTES		64U
/* Smallest array, and what is taken for a cache of unknown size. */
#define LOAD_LEAST_BYTES	(8ULL << 20)
#define LOAD_CACHE_BYTES	(32ULL << 20)
/*
 * Where instructions are the clock there is no cache to thrash. A large array
 * only misses the emulator's TLB: a second of it took ten times as long with
 * 32 MiB as with 4.
 */
#define LOAD_EMULATED_BYTES	(1ULL << 20)

/**
 * struct load - background load that is on
 * @cpus: one process on each
 * @pid: the processes, by index of @cpus
 * @cache_bytes: last-level cache
 * @cache_known: false: it is LOAD_CACHE_BYTES because nobody says
 * @bytes: array that each process walks
 * @cpu_us: CPU time that they all had, once load_stop() was called
 */
struct load {
	struct cpulist cpus;
	pid_t *pid;
	u64 cache_bytes;
	bool cache_known;
	u64 bytes;
	u64 cpu_us;
};

u64 load_array_bytes(u64 cache_bytes, u64 available_bytes, unsigned int nr);
u64 load_next_line(u64 line, u64 lines);
int load_start(struct load *load, const char *cpus, u64 bytes);
int load_stop(struct load *load);
void load_free(struct load *load);
void load_print(const struct load *load);
json_t *load_json(const struct load *load);

#endif /* RTLAT_LOAD_H */
