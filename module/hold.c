// SPDX-License-Identifier: GPL-2.0
/*
 * fault=expiry: a thread of low priority on each CPU that has interrupts off
 * when a release expires, and for fault_ns longer.
 */

#include <linux/kthread.h>
#include <linux/sched.h>

#include "fault.h"
#include "run.h"
#include "thread.h"

#define RTLAT_HOLD_PRIO		1	/* below every task, above all else */
#define RTLAT_HOLD_LAST_PRIO	(MAX_RT_PRIO - 1)
/*
 * It must be awake before the expiry: at least so early, or so many times what
 * serving a release costs.
 */
#define RTLAT_HOLD_LEAD_NS	(50 * NSEC_PER_USEC)
#define RTLAT_HOLD_LEAD_SERVES	4

/* The task that is released next. Its thread has run: ours is below it. */
static const struct rtlat_task *rtlat_hold_next(const struct rtlat_cpu *cpu)
{
	const struct rtlat_task *next = NULL;
	u32 i;

	for (i = 0; i < cpu->nr_tasks; i++) {
		const struct rtlat_task *task = &cpu->tasks[i];

		if (READ_ONCE(task->armed) &&
		    (!next || READ_ONCE(task->next_ns) < READ_ONCE(next->next_ns)))
			next = task;
	}
	return next;
}

/* Interrupts are off from here to the expiry, and on again fault_ns after it. */
static void rtlat_hold(struct rtlat_cpu *cpu, const struct rtlat_task *task,
		       u64 expiry_ns)
{
	const u64 until_ns = expiry_ns + cpu->run->cfg.fault_ns;

	local_irq_disable();
	/* too late, moved, or not needed any more: then it hits nothing */
	if (smp_processor_id() == cpu->id && !READ_ONCE(cpu->ended) &&
	    task->armed && task->next_ns == expiry_ns &&
	    ktime_get_mono_fast_ns() < expiry_ns &&
	    rtlat_fault_hits(cpu, RTLAT_FAULT_EXPIRY, task->job))
		while (ktime_get_mono_fast_ns() < until_ns)
			;
	local_irq_enable();
}

static int rtlat_hold_thread(void *data)
{
	struct rtlat_cpu *cpu = data;
	const u64 lead_ns = max(RTLAT_HOLD_LEAD_NS + 0ULL,
				RTLAT_HOLD_LEAD_SERVES * cpu->serve_cost_ns);

	while (!kthread_should_stop()) {
		const struct rtlat_task *task = rtlat_hold_next(cpu);
		u64 now_ns = ktime_get_mono_fast_ns();
		u64 expiry_ns;

		if (!task) {
			rtlat_thread_sleep(now_ns + TICK_NSEC);
			continue;
		}
		expiry_ns = READ_ONCE(task->next_ns);
		if (expiry_ns > now_ns + lead_ns) {
			rtlat_thread_sleep(expiry_ns - lead_ns);
			continue;
		}
		rtlat_hold(cpu, task, expiry_ns);
		/* one that was not held is not looked at again */
		rtlat_thread_sleep(expiry_ns + lead_ns);
	}
	return 0;
}

/**
 * rtlat_hold_start - start a CPU's thread, if the run has that fault
 * @cpu: CPU; its tasks are made
 * @err: receives one line when the scheduler refuses
 * @err_size: its size
 *
 * Process context.
 *
 * Return: 0 or an error.
 */
int rtlat_hold_start(struct rtlat_cpu *cpu, char *err, size_t err_size)
{
	struct task_struct *thread;

	if (cpu->run->cfg.fault != RTLAT_FAULT_EXPIRY)
		return 0;
	thread = rtlat_thread_create(rtlat_hold_thread, cpu, cpu->id,
				     RTLAT_HOLD_PRIO, "rtlat/hold", err, err_size);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	cpu->holder = thread;
	wake_up_process(thread);
	return 0;
}

/**
 * rtlat_hold_stop - end it
 * @cpu: CPU
 *
 * Process context.
 */
void rtlat_hold_stop(struct rtlat_cpu *cpu)
{
	char err[8];

	if (!cpu->holder)
		return;
	/* it must run to end: a task that is a process may never let it */
	rtlat_thread_fifo(cpu->holder, RTLAT_HOLD_LAST_PRIO, err, sizeof(err));
	rtlat_thread_stop(cpu->holder);
	cpu->holder = NULL;
}
