/* SPDX-License-Identifier: GPL-2.0 */
/* The one clock of all stamps. */
#ifndef RTLAT_CLOCK_H
#define RTLAT_CLOCK_H

#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>

DECLARE_STATIC_KEY_FALSE(rtlat_clock_faulty);

u64 rtlat_clock_faulty_ns(void);
void rtlat_clock_set_faults(unsigned int insns, bool steps);
void rtlat_clock_step_back(u64 ns);
u64 rtlat_clock_cost_ps(void);

/**
 * rtlat_clock_ns - read the clock
 *
 * CLOCK_MONOTONIC through its NMI-safe reader: the only clock in which a
 * programmed expiry and an interrupt's entry can be subtracted. Any context.
 *
 * Return: nanoseconds.
 */
static __always_inline u64 rtlat_clock_ns(void)
{
	if (static_branch_unlikely(&rtlat_clock_faulty))
		return rtlat_clock_faulty_ns();
	return ktime_get_mono_fast_ns();
}

#endif /* RTLAT_CLOCK_H */
