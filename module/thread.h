/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel threads of a run: tasks and IPI senders. */
#ifndef RTLAT_THREAD_H
#define RTLAT_THREAD_H

#include <linux/types.h>

struct task_struct;

struct task_struct *rtlat_thread_create(int (*fn)(void *data), void *data,
					unsigned int cpu, u32 prio,
					const char *name, char *err,
					size_t err_size);
void rtlat_thread_stop(struct task_struct *thread);
void rtlat_thread_wait(const bool *go);
void rtlat_thread_sleep(u64 until_ns);
u64 rtlat_serve_cost_ns(void);
int rtlat_thread_costs(unsigned int cpu, u32 prio, u64 *cost_ns, u64 *own_ps,
		       char *err, size_t err_size);
/* The smallest runtime that SCHED_DEADLINE takes: the kernel's 1 << DL_SCALE. */
#define RTLAT_BUDGET_MIN_NS	1024ULL

int rtlat_thread_fifo(struct task_struct *thread, u32 prio, char *err,
		      size_t err_size);
int rtlat_thread_deadline(struct task_struct *thread, u64 budget_ns,
			  u64 period_ns, char *err, size_t err_size);
void rtlat_thread_unbind(struct task_struct *thread, unsigned int cpu);
void rtlat_thread_put(struct task_struct *thread);
void rtlat_thread_ordinary(struct task_struct *thread, unsigned int cpu);

#endif /* RTLAT_THREAD_H */
