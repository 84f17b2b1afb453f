// SPDX-License-Identifier: GPL-2.0
/* Kernel threads of a run: tasks and IPI senders. */

#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/topology.h>
#include <uapi/linux/sched/types.h>

#include "clock.h"
#include "pure.h"
#include "thread.h"

#define RTLAT_SERVE_PROBES	16

/**
 * rtlat_thread_create - a pinned SCHED_FIFO thread, not yet woken
 * @fn: its function; it ends only when the thread is stopped
 * @data: passed to it
 * @cpu: where it runs
 * @prio: SCHED_FIFO priority
 * @name: its name
 * @err: receives one line when the scheduler refuses
 * @err_size: its size
 *
 * Process context. End it with rtlat_thread_stop().
 *
 * Return: the thread, or an error pointer.
 */
struct task_struct *rtlat_thread_create(int (*fn)(void *data), void *data,
					unsigned int cpu, u32 prio,
					const char *name, char *err,
					size_t err_size)
{
	const struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_FIFO,
		.sched_priority = prio,
	};
	struct task_struct *thread;
	int ret;

	thread = kthread_create_on_node(fn, data, cpu_to_node(cpu), "%s", name);
	if (IS_ERR(thread))
		return thread;
	get_task_struct(thread);
	kthread_bind(thread, cpu);
	ret = sched_setattr_nocheck(thread, &attr);
	if (!ret)
		return thread;
	scnprintf(err, err_size, "prio=%u: SCHED_FIFO refused, error %d", prio,
		  ret);
	rtlat_thread_stop(thread);
	return ERR_PTR(ret);
}

/**
 * rtlat_thread_stop - end a thread and let go of it
 * @thread: thread of rtlat_thread_create()
 *
 * Process context; returns when its function has.
 */
void rtlat_thread_stop(struct task_struct *thread)
{
	kthread_stop(thread);
	put_task_struct(thread);
}

/**
 * rtlat_thread_wait - sleep until told to go, or to stop
 * @go: set with release semantics by who wakes the thread; NULL: only a stop
 *	ends the wait
 *
 * In a thread of rtlat_thread_create().
 */
void rtlat_thread_wait(const bool *go)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		/* what was set up before @go is to be seen after it */
		if ((go && smp_load_acquire(go)) || kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

/**
 * rtlat_serve_cost_ns - measure what one release costs at least
 *
 * Arms a timer, sleeps, and is woken by it. Process context, the calling
 * thread's CPU and priority.
 *
 * Return: the median of RTLAT_SERVE_PROBES, from arming to running again.
 */
u64 rtlat_serve_cost_ns(void)
{
	u64 cost_ns[RTLAT_SERVE_PROBES];
	unsigned int i, j;

	for (i = 0; i < RTLAT_SERVE_PROBES; i++) {
		u64 from_ns = rtlat_clock_ns();
		ktime_t expires = ns_to_ktime(from_ns);
		u64 now_ns;

		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_hrtimeout(&expires, HRTIMER_MODE_ABS);
		now_ns = rtlat_clock_ns() - from_ns;
		for (j = i; j && cost_ns[j - 1] > now_ns; j--)
			cost_ns[j] = cost_ns[j - 1];
		cost_ns[j] = now_ns;
	}
	return cost_ns[RTLAT_SERVE_PROBES / 2];
}
