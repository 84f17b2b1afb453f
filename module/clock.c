// SPDX-License-Identifier: GPL-2.0
/* The one clock of all stamps, and what it costs. */

#include <linux/irqflags.h>
#include <linux/math64.h>

#include "clock.h"

#define RTLAT_CLOCK_PAIRS	1024

DEFINE_STATIC_KEY_FALSE(rtlat_clock_padded);
static unsigned int rtlat_clock_loops;

/**
 * rtlat_clock_pad - make a clock read dearer by a known number of instructions
 *
 * Two instructions a turn. Any context.
 */
notrace void rtlat_clock_pad(void)
{
	unsigned int loops = rtlat_clock_loops;

	asm volatile("1:	dec %0\n\t"
		     "jnz 1b\n\t" : "+r" (loops) : : "cc");
}

/**
 * rtlat_clock_set_pad - set how much dearer
 * @insns: instructions, 0 switches it off
 *
 * Process context, no run active.
 */
void rtlat_clock_set_pad(unsigned int insns)
{
	rtlat_clock_loops = max(insns / 2, 1U);
	if (insns)
		static_branch_enable(&rtlat_clock_padded);
	else
		static_branch_disable(&rtlat_clock_padded);
}

/**
 * rtlat_clock_cost_ps - what one read costs
 *
 * Two reads back to back, interrupts off, averaged over RTLAT_CLOCK_PAIRS
 * pairs. Process context.
 *
 * Return: picoseconds.
 */
u64 rtlat_clock_cost_ps(void)
{
	unsigned long flags;
	u64 sum_ns = 0;
	int i;

	for (i = 0; i < RTLAT_CLOCK_PAIRS; i++) {
		u64 first_ns;

		local_irq_save(flags);
		first_ns = rtlat_clock_ns();
		sum_ns += rtlat_clock_ns() - first_ns;
		local_irq_restore(flags);
	}
	return div_u64(sum_ns * 1000, RTLAT_CLOCK_PAIRS);
}
