// SPDX-License-Identifier: GPL-2.0
/*
 * Faults of known size. docs/truth.md says which metrics each must move, and
 * selftests/truth.sh holds the measurement to it.
 */

#include <linux/irq_work.h>
#include <linux/irqflags.h>

#include "fault.h"
#include "run.h"

DEFINE_STATIC_KEY_FALSE(rtlat_fault_key);

/**
 * rtlat_fault_set - switch the faults of a run on, or off
 * @cfg: its parameters
 *
 * Process context, no run active.
 */
void rtlat_fault_set(const struct rtlat_config *cfg)
{
	if (cfg->fault == RTLAT_FAULT_NONE)
		static_branch_disable(&rtlat_fault_key);
	else
		static_branch_enable(&rtlat_fault_key);
}

/**
 * rtlat_fault_hits - does the run's fault hit here and now
 * @cpu: CPU
 * @fault: fault of this place
 * @job: number of the job or IPI
 *
 * Counts the hits: what was done can be held against what was measured. Any
 * context but NMI.
 *
 * Return: whether it does.
 */
bool rtlat_fault_hits(struct rtlat_cpu *cpu, enum rtlat_fault fault, u64 job)
{
	const struct rtlat_config *cfg = &cpu->run->cfg;

	if (cfg->fault != fault || (job + 1) % cfg->fault_every)
		return false;
	/* one instruction: a job that is hit may be preempted by another one */
	asm volatile("incq %0" : "+m" (cpu->faults));
	return true;
}

/**
 * rtlat_fault_delay - spend the fault's time
 * @cpu: CPU
 *
 * By the clock without its own faults, and without PAUSE, which may be an exit
 * in a guest. Any context.
 */
void rtlat_fault_delay(const struct rtlat_cpu *cpu)
{
	const u64 until_ns = ktime_get_mono_fast_ns() + cpu->run->cfg.fault_ns;

	while (ktime_get_mono_fast_ns() < until_ns)
		;
}

/**
 * rtlat_fault_isr - the timer interrupt was entered
 * @cpu: the executing CPU
 *
 * Hits when a release is due in it. Interrupts off.
 */
void rtlat_fault_isr(struct rtlat_cpu *cpu)
{
	u32 i;

	for (i = 0; i < cpu->nr_tasks; i++) {
		const struct rtlat_task *task = &cpu->tasks[i];

		if (task->armed && task->next_ns <= cpu->isr.ns) {
			rtlat_fault_job(cpu, RTLAT_FAULT_ISR, task->job);
			return;
		}
	}
}

/* The task whose job is switched to next, when it was released and is not yet. */
static struct rtlat_task *rtlat_fault_released(const struct rtlat_cpu *cpu)
{
	struct rtlat_task *next = NULL;
	u32 i;

	for (i = 0; i < cpu->nr_tasks; i++) {
		struct rtlat_task *task = &cpu->tasks[i];

		if (task->first_switch && (!next || task->key < next->key))
			next = task;
	}
	return next;
}

/**
 * rtlat_fault_isr_exit - the timer interrupt is about to be left
 * @cpu: the executing CPU
 *
 * Hits when it released a job. Interrupts off.
 */
void rtlat_fault_isr_exit(struct rtlat_cpu *cpu)
{
	const struct rtlat_task *task = rtlat_fault_released(cpu);

	if (task && task->rel.isr.ns == cpu->isr.ns)
		rtlat_fault_job(cpu, RTLAT_FAULT_ISR_EXIT, task->rel.job);
}

/**
 * rtlat_fault_sched - the scheduler was entered, and stamped
 * @cpu: the executing CPU
 *
 * Hits when a released job waits to be switched to, once. Preemption off.
 *
 * Return: whether the entry shall count as not seen.
 */
bool rtlat_fault_sched(struct rtlat_cpu *cpu)
{
	struct rtlat_task *task;
	unsigned long flags;
	bool unseen = false;

	local_irq_save(flags);
	task = rtlat_fault_released(cpu);
	if (task && !task->faulted) {
		task->faulted = true;
		rtlat_fault_job(cpu, RTLAT_FAULT_SCHED, task->rel.job);
		unseen = rtlat_fault_hits(cpu, RTLAT_FAULT_UNSEEN, task->rel.job);
	}
	local_irq_restore(flags);
	return unseen;
}

/**
 * rtlat_fault_work - an interrupt that does nothing, of fault=nested
 * @work: of the CPU
 */
void rtlat_fault_work(struct irq_work *work)
{
}

/**
 * rtlat_fault_callback - in the release callback, before the wake-up
 * @cpu: the executing CPU
 * @job: number of the release
 *
 * A delay; an interrupt that comes as soon as interrupts are on again; a clock
 * that is back by the callback's last stamp. Hard interrupt context.
 */
void rtlat_fault_callback(struct rtlat_cpu *cpu, u64 job)
{
	rtlat_fault_job(cpu, RTLAT_FAULT_CALLBACK, job);
	/* of two releases in one interrupt the second finds it queued: no hit */
	if (!irq_work_is_pending(&cpu->fault_work) &&
	    rtlat_fault_hits(cpu, RTLAT_FAULT_NESTED, job))
		irq_work_queue(&cpu->fault_work);
	if (rtlat_fault_hits(cpu, RTLAT_FAULT_BACKWARDS, job))
		rtlat_clock_step_back(cpu->run->cfg.fault_ns);
}
