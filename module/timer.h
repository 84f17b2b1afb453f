/* SPDX-License-Identifier: GPL-2.0 */
/* What timer.c and tasks.c share. */
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
int rtlat_job_thread(void *data);

#endif /* RTLAT_TIMER_H */
