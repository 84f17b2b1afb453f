// SPDX-License-Identifier: GPL-2.0
/*
 * What rtlat's own code takes of each interval: a release is rehearsed, in which the
 * kernel does nothing. Probes and hooks are called in the order of a real one, through
 * ftrace where ftrace calls them, on a state of their own; what is between two stamps
 * then is rtlat's.
 *
 * What the kernel's code pays for a tracepoint that is switched on is not in it; and
 * caches are warm: it is the least that it can be.
 */

#include <linux/irqflags.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "own.h"
#include "probes.h"
#include "run.h"
#include "timer.h"

#define RTLAT_OWN_TURNS		33	/* the first ones warm up; the median counts */

/**
 * struct rtlat_rehearsal - what a release that is none works on
 * @rcu: who wakes this CPU may look at @cpu, see rtlat_probe_wake_without_ipi()
 * @run: its run: no fault, nothing released
 * @cpu: its CPU
 * @task: its task, which is the calling thread
 * @ns: what each turn took of each interval
 */
struct rtlat_rehearsal {
	struct rcu_head rcu;
	struct rtlat_run run;
	struct rtlat_cpu cpu;
	struct rtlat_task task;
	u64 ns[RTLAT_NR_METRICS][RTLAT_OWN_TURNS];
};

/* Interrupts off. */
static void rtlat_own_turn(struct rtlat_rehearsal *on, unsigned int turn)
{
	struct rtlat_cpu *cpu = &on->cpu;
	struct rtlat_task *task = &on->task;
	const struct rtlat_release *rel = &task->rel;
	struct rtlat_stamp start, before, after;
	u64 own_ns[RTLAT_NR_METRICS], from_ns;
	unsigned int m;

	/*
	 * The interrupt, the release in it, and from the idle task to its thread.
	 * An expiry is no stamp: the second half of this read is none of rtlat's.
	 */
	from_ns = ktime_get_mono_fast_ns();
	from_ns += (ktime_get_mono_fast_ns() - from_ns) * 3 / 2;
	rtlat_probe_timer_entry(NULL, 0);
	rtlat_release_rehearse(task);
	rtlat_probe_timer_exit(NULL, 0);
	rtlat_rehearse_entry();
	cpu->sched_task = &init_task;
	rtlat_probe_sched_switch(NULL, false, &init_task, current, TASK_RUNNING);
	rtlat_rehearse_finish();
	start = rtlat_job_stamp(task);
	own_ns[RTLAT_EVENT_LATENCY] = cpu->isr.ns - from_ns;
	own_ns[RTLAT_RELEASE_LATENCY] = rel->cb_in.ns - from_ns;
	own_ns[RTLAT_RELEASE_OVERHEAD] = rel->cb_out.ns - rel->cb_in.ns;
	own_ns[RTLAT_WAKE_GAP] = rel->sched.ns - rel->cb_out.ns;
	own_ns[RTLAT_SCHED_OVERHEAD] = rel->swtch.ns - rel->sched.ns;
	own_ns[RTLAT_CXS_OVERHEAD] = rel->cxs.ns - rel->swtch.ns;
	own_ns[RTLAT_START_GAP] = start.ns - rel->cxs.ns;
	own_ns[RTLAT_THREAD_LATENCY] = start.ns - from_ns;

	/* the next one is armed */
	before = rtlat_stamp(cpu);
	after = rtlat_stamp(cpu);
	own_ns[RTLAT_ARM_OVERHEAD] = after.ns - before.ns;

	/* an IPI comes */
	cpu->ipi.entries = 0;
	from_ns = rtlat_clock_ns();
	rtlat_rehearse_vector();
	own_ns[RTLAT_IPI_LATENCY] = cpu->vector_entry.ns - from_ns;

	for (m = 0; m < RTLAT_NR_METRICS; m++)
		on->ns[m][turn] = own_ns[m];
	atomic_set(&task->pending, 0);
}

static u64 rtlat_own_median(u64 ns[RTLAT_OWN_TURNS])
{
	unsigned int i, j;

	for (i = 1; i < RTLAT_OWN_TURNS; i++)
		for (j = i; j && ns[j - 1] > ns[j]; j--)
			swap(ns[j - 1], ns[j]);
	return ns[RTLAT_OWN_TURNS / 2];
}

/**
 * rtlat_own_measure - what rtlat's own code takes of each interval, here and now
 * @own_ps: receives it by metric
 *
 * In a kernel thread with a real-time priority that is pinned to a CPU; probes and
 * hooks are registered, and nothing of rtlat's is released on that CPU.
 *
 * Return: 0 or -ENOMEM.
 */
int rtlat_own_measure(u64 own_ps[RTLAT_NR_METRICS])
{
	struct rtlat_rehearsal *on = kzalloc(sizeof(*on), GFP_KERNEL);
	struct rtlat_cpu *was;
	unsigned int turn, m;
	unsigned long flags;

	if (!on)
		return -ENOMEM;
	on->cpu.run = &on->run;
	on->cpu.id = raw_smp_processor_id();
	on->cpu.thread_flag = PF_KTHREAD;
	on->cpu.tasks = &on->task;
	on->cpu.nr_tasks = 1;
	on->cpu.ipi.vector = RTLAT_V_CALL_SINGLE;
	on->cpu.ipi.armed = true;
	on->task.cpu = &on->cpu;
	on->task.thread = current;
	rtlat_cpu_hash_tasks(&on->cpu);
	for (turn = 0; turn < RTLAT_OWN_TURNS; turn++) {
		local_irq_save(flags);
		was = this_cpu_read(rtlat_cpu_now);
		this_cpu_write(rtlat_cpu_now, &on->cpu);
		rtlat_own_turn(on, turn);
		this_cpu_write(rtlat_cpu_now, was);
		local_irq_restore(flags);
	}
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		own_ps[m] = rtlat_own_median(on->ns[m]) * 1000;
	kfree_rcu(on, rcu);
	return 0;
}

/**
 * rtlat_own_add - one CPU's share of the mean over those of a run
 * @run: run, not yet begun
 * @own_ps: what was measured on the CPU
 * @of: how many CPUs there are
 */
void rtlat_own_add(struct rtlat_run *run, const u64 *own_ps, unsigned int of)
{
	const u32 metrics = rtlat_run_metrics(&run->cfg);
	unsigned int m;

	for (m = 0; m < RTLAT_NR_METRICS; m++)
		if (metrics & (1U << m))
			run->own_ps[m] += div_u64(own_ps[m], of);
}
