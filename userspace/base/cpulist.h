/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of CPUs as the kernel writes them: 0,2-3. Pure. */
#ifndef RTLAT_CPULIST_H
#define RTLAT_CPULIST_H

#include "base/util.h"

#define CPULIST_MAX	8192	/* CPUs that Linux can have on x86 */

/**
 * struct cpulist - CPUs
 * @nr: how many
 * @cpu: their numbers, ascending, each once; cpulist_free()
 */
struct cpulist {
	unsigned int nr;
	unsigned int *cpu;
};

int cpulist_parse(struct cpulist *list, const char *text,
		  struct problem *problem);
bool cpulist_has(const struct cpulist *list, unsigned int cpu);
void cpulist_add(struct cpulist *list, unsigned int cpu);
char *cpulist_text(const struct cpulist *list);
void cpulist_free(struct cpulist *list);

#endif /* RTLAT_CPULIST_H */
