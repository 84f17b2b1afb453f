// SPDX-License-Identifier: GPL-2.0
/*
 * probes=off: a task that is released and whose jobs run, and nothing is
 * measured. What the same run costs more with probes is what they cost.
 */

#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "run.h"
#include "thread.h"
#include "timer.h"

/**
 * rtlat_bare_release_fn - the release of a job, unmeasured
 * @timer: the task's
 *
 * Hard interrupt context.
 *
 * Return: whether it armed the next one, as arm=callback does.
 */
enum hrtimer_restart rtlat_bare_release_fn(struct hrtimer *timer)
{
	struct rtlat_task *task = container_of(timer, struct rtlat_task, timer);

	rtlat_step(task, 1);
	task->armed = false;
	task->stats.released++;
	if (atomic_inc_return(&task->pending) == 1)
		wake_up_process(task->thread);
	else
		task->stats.overrun++;
	if (task->cpu->run->cfg.arm != RTLAT_ARM_CALLBACK)
		return HRTIMER_NORESTART;
	task->stats.skipped += rtlat_pass(task, rtlat_clock_ns());
	if (!rtlat_more(task))
		return HRTIMER_NORESTART;
	hrtimer_set_expires(timer, ns_to_ktime(task->next_ns));
	task->armed = true;
	return HRTIMER_RESTART;
}

static void rtlat_bare_arm(struct rtlat_task *task)
{
	preempt_disable();
	task->stats.skipped += rtlat_pass(task, rtlat_clock_ns());
	if (rtlat_more(task)) {
		task->armed = true;
		hrtimer_start(&task->timer, ns_to_ktime(task->next_ns),
			      HRTIMER_MODE_ABS_PINNED_HARD);
	}
	preempt_enable();
}

static void rtlat_bare_jobs(struct rtlat_task *task)
{
	if (raw_smp_processor_id() != task->cpu->id)
		rtlat_task_moved(task);
	do {
		task->stats.completed++;
		if (task->cpu->run->cfg.arm == RTLAT_ARM_JOB)
			rtlat_bare_arm(task);
	} while (atomic_dec_return(&task->pending));
}

/**
 * rtlat_bare_thread - a task's thread
 * @data: struct rtlat_task
 *
 * Return: 0, when it was stopped; then the task's timer is not programmed.
 */
int rtlat_bare_thread(void *data)
{
	struct rtlat_task *task = data;

	/* rtlat_timer_go() sets the schedule, or the run never starts */
	rtlat_thread_wait(&task->go);
	if (!task->go)
		return 0;

	rtlat_bare_arm(task);
	for (;;) {
		if (rtlat_idle(task))
			rtlat_task_finished(task);
		set_current_state(TASK_INTERRUPTIBLE);
		if (!atomic_read(&task->pending)) {
			if (kthread_should_stop())
				break;
			schedule();
		}
		__set_current_state(TASK_RUNNING);
		if (atomic_read(&task->pending))
			rtlat_bare_jobs(task);
	}
	__set_current_state(TASK_RUNNING);
	hrtimer_cancel(&task->timer);
	return 0;
}
