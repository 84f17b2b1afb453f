// SPDX-License-Identifier: GPL-2.0
/* The one clock of all stamps, and what it costs. */

#include <linux/irqflags.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/preempt.h>

#include "clock.h"

#define RTLAT_CLOCK_PAIRS	1024

DEFINE_STATIC_KEY_FALSE(rtlat_clock_faulty);
static unsigned int rtlat_clock_loops;
static DEFINE_PER_CPU(u64, rtlat_clock_back_ns);

/**
 * rtlat_clock_faulty_ns - read the clock with the faults of the run
 *
 * Dearer by a known number of instructions, two a turn; back, once, when it was
 * told so. Any context.
 *
 * Return: nanoseconds.
 */
notrace u64 rtlat_clock_faulty_ns(void)
{
	unsigned int loops = rtlat_clock_loops;
	u64 back_ns;

	if (loops)
		asm volatile("1:	dec %0\n\t"
			     "jnz 1b\n\t" : "+r" (loops) : : "cc");
	back_ns = this_cpu_read(rtlat_clock_back_ns);
	/* it is for the stamp that an NMI may come before */
	if (likely(!back_ns) || in_nmi())
		return ktime_get_mono_fast_ns();
	this_cpu_write(rtlat_clock_back_ns, 0);
	return ktime_get_mono_fast_ns() - back_ns;
}

/**
 * rtlat_clock_set_faults - set the clock's faults
 * @insns: instructions by which a read is dearer, 0 none
 * @steps: it may be told to go back
 *
 * Process context, no run active.
 */
void rtlat_clock_set_faults(unsigned int insns, bool steps)
{
	rtlat_clock_loops = DIV_ROUND_UP(insns, 2);
	if (insns || steps)
		static_branch_enable(&rtlat_clock_faulty);
	else
		static_branch_disable(&rtlat_clock_faulty);
}

/**
 * rtlat_clock_step_back - the next read on this CPU is early
 * @ns: by how much
 *
 * Interrupts off.
 */
void rtlat_clock_step_back(u64 ns)
{
	this_cpu_write(rtlat_clock_back_ns, ns);
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
