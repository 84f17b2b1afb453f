/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernels that the module has to know. RTLAT_HAVE_*
 * come from test compiles (compat/Kbuild.include), never from version numbers:
 * distributions backport.
 */
#ifndef RTLAT_COMPAT_H
#define RTLAT_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/preempt.h>
#include <linux/sched.h>

/**
 * rtlat_hrtimer_init - set up a release timer
 * @timer: timer
 * @fn: its callback, run in hard interrupt context also on PREEMPT_RT
 *
 * hrtimer_setup() came in 6.13, hrtimer_init() went in 6.15.
 */
static inline void rtlat_hrtimer_init(struct hrtimer *timer,
				      enum hrtimer_restart (*fn)(struct hrtimer *))
{
#ifdef RTLAT_HAVE_HRTIMER_SETUP
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
	timer->function = fn;
#endif
}

/**
 * rtlat_preempt_model - preemption model of the running kernel
 *
 * The lazy model came in 6.13.
 *
 * Return: its name, as in status.
 */
static inline const char *rtlat_preempt_model(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "rt";
	if (preempt_model_full())
		return "full";
#ifdef RTLAT_HAVE_PREEMPT_MODEL_LAZY
	if (preempt_model_lazy())
		return "lazy";
#endif
	if (preempt_model_voluntary())
		return "voluntary";
	return "none";
}

#endif /* RTLAT_COMPAT_H */
