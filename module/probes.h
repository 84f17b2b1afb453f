/* SPDX-License-Identifier: GPL-2.0 */
/* Where rtlat listens to the kernel. */
#ifndef RTLAT_PROBES_H
#define RTLAT_PROBES_H

#include "cpu.h"

/* probes.c: tracepoints */
int rtlat_probes_register(char *err, size_t err_size);
void rtlat_probes_unregister(void);
u64 rtlat_overlap(const struct rtlat_cpu *cpu, u64 from_ns, u64 to_ns);

/* hooks.c: scheduler entry and end of a switch */
int rtlat_hooks_register(char *err, size_t err_size);
void rtlat_hooks_unregister(void);
const char *rtlat_hooks_name(void);

#endif /* RTLAT_PROBES_H */
