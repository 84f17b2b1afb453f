/* SPDX-License-Identifier: GPL-2.0 */
/* Where rtlat listens to the kernel. */
#ifndef RTLAT_PROBES_H
#define RTLAT_PROBES_H

#include "cpu.h"

/* probes.c: tracepoints */
int rtlat_probes_register(char *err, size_t err_size);
void rtlat_probes_unregister(void);
DECLARE_PER_CPU(u32, rtlat_irqs_elsewhere);
u64 rtlat_overlap(const struct rtlat_cpu *cpu, u64 from_ns, u64 to_ns);
/* the tracepoints', which own.c calls, too */
void rtlat_probe_timer_entry(void *data, int vector);
void rtlat_probe_timer_exit(void *data, int vector);
void rtlat_rehearse_vector(void);
void rtlat_probe_sched_switch(void *data, bool preempt,
			      struct task_struct *prev, struct task_struct *next,
			      unsigned int prev_state);

/* hooks.c: scheduler entry and end of a switch */
int rtlat_hooks_register(char *err, size_t err_size);
void rtlat_hooks_unregister(void);
void rtlat_hooks_exit(void);
const char *rtlat_hooks_name(void);
void rtlat_rehearse_entry(void);
void rtlat_rehearse_finish(void);

#endif /* RTLAT_PROBES_H */
