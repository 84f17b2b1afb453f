/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that deal with tasks share. */
#ifndef RTLAT_TIMER_H
#define RTLAT_TIMER_H

#include "cpu.h"

/* Attempted at every expiry of the schedule. */
#define RTLAT_TIMER_METRICS	(1U << RTLAT_EVENT_LATENCY | \
				 1U << RTLAT_RELEASE_LATENCY)
#define RTLAT_JOB_METRICS	(1U << RTLAT_RELEASE_OVERHEAD | \
				 1U << RTLAT_WAKE_GAP | \
				 1U << RTLAT_START_GAP | \
				 1U << RTLAT_THREAD_LATENCY)
#define RTLAT_EXPIRY_METRICS	(RTLAT_TIMER_METRICS | RTLAT_JOB_METRICS)

enum hrtimer_restart rtlat_release_fn(struct hrtimer *timer);
void rtlat_release_rehearse(struct rtlat_task *task);
int rtlat_job_thread(void *data);
void rtlat_arm(struct rtlat_task *task, bool first);
struct rtlat_stamp rtlat_job_stamp(struct rtlat_task *task);
void rtlat_job_begin(struct rtlat_task *task, struct rtlat_stamp start);
void rtlat_job_ended(struct rtlat_task *task, u64 expiry_ns, u64 start_ns);
bool rtlat_job_next(struct rtlat_task *task, u64 *expiry_ns, u64 *start_ns);
void rtlat_queue_behind(const struct rtlat_task *task);
void rtlat_completed(const struct rtlat_task *task);
void rtlat_judge(struct rtlat_cpu *cpu, const struct rtlat_release *rel);
void rtlat_task_finished(struct rtlat_task *task);
void rtlat_task_moved(struct rtlat_task *task);
bool rtlat_idle(const struct rtlat_task *task);
u64 rtlat_cpu_time(const struct rtlat_task *task, u64 from_ns, u64 *now_ns);
bool rtlat_more(const struct rtlat_task *task);
void rtlat_step(struct rtlat_task *task, u64 n);
u64 rtlat_pass(struct rtlat_task *task, u64 now_ns);

/* bare.c: probes=off */
enum hrtimer_restart rtlat_bare_release_fn(struct hrtimer *timer);
int rtlat_bare_thread(void *data);

#endif /* RTLAT_TIMER_H */
