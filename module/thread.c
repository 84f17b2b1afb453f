// SPDX-License-Identifier: GPL-2.0
/* Kernel threads of a run: tasks and IPI senders. */

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/topology.h>
#include <uapi/linux/sched/types.h>

#include "clock.h"
#include "own.h"
#include "pure.h"
#include "thread.h"

#define RTLAT_SERVE_PROBES	16
#define RTLAT_ADMISSION_TRIES	20
#define RTLAT_ADMISSION_MS	10
/* To give time back: a period until it can be, more if it first waits for some. */
#define RTLAT_RETURN_PERIODS	3
#define RTLAT_RETURN_TICKS	(HZ / 10)
/* One that ran a tick longer than its budget waits as many periods as that has budgets. */
#define RTLAT_RETURN_MOST_TICKS	(60 * HZ)
/* The longest period that the kernel takes: sysctl_sched_dl_period_max. */
#define RTLAT_PERIOD_MAX_NS	((u64)(1 << 22) * NSEC_PER_USEC)

/**
 * rtlat_thread_fifo - give a thread SCHED_FIFO
 * @thread: thread
 * @prio: its priority
 * @err: receives one line when the scheduler refuses
 * @err_size: its size
 *
 * Process context.
 *
 * Return: 0 or an error.
 */
int rtlat_thread_fifo(struct task_struct *thread, u32 prio, char *err,
		      size_t err_size)
{
	const struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_FIFO,
		.sched_priority = prio,
	};
	int ret = sched_setattr_nocheck(thread, &attr);

	if (ret)
		scnprintf(err, err_size, "prio=%u: SCHED_FIFO refused, error %d",
			  prio, ret);
	return ret;
}

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
	struct task_struct *thread;
	int ret;

	thread = kthread_create_on_node(fn, data, cpu_to_node(cpu), "%s", name);
	if (IS_ERR(thread))
		return thread;
	get_task_struct(thread);
	kthread_bind(thread, cpu);
	ret = rtlat_thread_fifo(thread, prio, err, err_size);
	if (!ret)
		return thread;
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
 * rtlat_thread_sleep - sleep until then, or until told to stop
 * @until_ns: on the clock of rtlat_clock_ns()
 *
 * In a thread of rtlat_thread_create().
 */
void rtlat_thread_sleep(u64 until_ns)
{
	ktime_t expires = ns_to_ktime(until_ns);

	set_current_state(TASK_INTERRUPTIBLE);
	if (!kthread_should_stop())
		schedule_hrtimeout(&expires, HRTIMER_MODE_ABS);
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

struct rtlat_serve {
	struct completion measured;
	u64 cost_ns;
	u64 *own_ps;
	int ret;
};

static int rtlat_serve_thread(void *data)
{
	struct rtlat_serve *serve = data;

	serve->cost_ns = rtlat_serve_cost_ns();
	if (serve->own_ps)
		serve->ret = rtlat_own_measure(serve->own_ps);
	complete(&serve->measured);
	rtlat_thread_wait(NULL);
	return 0;
}

/**
 * rtlat_thread_costs - what a release costs on another CPU, with a priority
 * @cpu: where
 * @prio: SCHED_FIFO priority
 * @cost_ns: receives rtlat_serve_cost_ns()
 * @own_ps: receives what rtlat_own_measure() says, or NULL
 * @err: receives one line when the scheduler refuses
 * @err_size: its size
 *
 * Process context.
 *
 * Return: 0 or an error.
 */
int rtlat_thread_costs(unsigned int cpu, u32 prio, u64 *cost_ns, u64 *own_ps,
		       char *err, size_t err_size)
{
	struct rtlat_serve serve = { .own_ps = own_ps };
	struct task_struct *thread;

	init_completion(&serve.measured);
	thread = rtlat_thread_create(rtlat_serve_thread, &serve, cpu, prio,
				     "rtlat/serve", err, err_size);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	wake_up_process(thread);
	wait_for_completion(&serve.measured);
	rtlat_thread_stop(thread);
	*cost_ns = serve.cost_ns;
	return serve.ret;
}

/**
 * rtlat_thread_deadline - give a thread SCHED_DEADLINE
 * @thread: thread, on the CPU to which it is pinned
 * @budget_ns: runtime of a period
 * @period_ns: period and relative deadline
 * @err: receives one line when the scheduler refuses
 * @err_size: its size
 *
 * Process context.
 *
 * Return: 0 or an error.
 */
int rtlat_thread_deadline(struct task_struct *thread, u64 budget_ns,
			  u64 period_ns, char *err, size_t err_size)
{
	const struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_DEADLINE,
		.sched_runtime = budget_ns,
		.sched_deadline = period_ns,
		.sched_period = period_ns,
	};
	const char *hint = "";
	unsigned int tries;
	int ret;

	/* what tasks that have ended asked for is free a period later */
	for (tries = 0; tries < RTLAT_ADMISSION_TRIES; tries++) {
		ret = sched_setattr_nocheck(thread, &attr);
		if (ret != -EBUSY)
			break;
		msleep(RTLAT_ADMISSION_MS);
	}
	if (ret == -EBUSY)
		hint = " (admission test; see sysctl kernel.sched_rt_runtime_us)";
	else if (ret == -EINVAL)
		hint = " (see sysctl kernel.sched_deadline_period_min_us and _max_us)";
	if (ret)
		scnprintf(err, err_size,
			  "policy=deadline: runtime %llu ns of a period of %llu ns refused, error %d%s",
			  budget_ns, period_ns, ret,
			  hint);
	return ret;
}

/*
 * A CPU that goes offline must find no trace of SCHED_DEADLINE: the kernel warns
 * when a thread that waits for its budget finds no other CPU, and divides by the
 * number of CPUs, 0 by then, when the time of one that has ended or changed its
 * policy is given back, up to a period later.
 */

/**
 * rtlat_thread_unbind - a thread with a deadline loses its CPU
 * @thread: thread of rtlat_thread_deadline()
 * @cpu: the CPU to which it was pinned, which goes offline
 *
 * Process context.
 */
void rtlat_thread_unbind(struct task_struct *thread, unsigned int cpu)
{
	/* not to others alone: the kernel would divide at once */
	if (!cpu_active(cpu))
		set_cpus_allowed_ptr(thread, cpu_possible_mask);
}

/**
 * rtlat_thread_ordinary - a process has no deadline any more
 * @thread: thread of rtlat_thread_deadline()
 * @cpu: the CPU to which it was pinned
 *
 * Process context; no CPU may go away meanwhile, but for @cpu.
 *
 * A thread that sleeps past its 0-lag time and changes its policy is never asked
 * for its bandwidth again (sched_dl_overflow() leaves that to switched_from_dl(),
 * which leaves it to a timer that has fired already: kernel/sched/deadline.c), so
 * others would be refused it until the next boot. A smaller bandwidth is given
 * back at once: so it first asks for one that is rounded to none.
 */
void rtlat_thread_ordinary(struct task_struct *thread, unsigned int cpu)
{
	const struct sched_attr none = {
		.size = sizeof(none),
		.sched_policy = SCHED_DEADLINE,
		.sched_runtime = RTLAT_BUDGET_MIN_NS,
		.sched_deadline = RTLAT_PERIOD_MAX_NS,
		.sched_period = RTLAT_PERIOD_MAX_NS,
	};
	const struct sched_attr ordinary = {
		.size = sizeof(ordinary),
		.sched_policy = SCHED_NORMAL,
	};

	/* still there, or dead: it does not come in our way, or cannot be helped */
	if (task_cpu(thread) == cpu && !cpu_active(cpu))
		return;
	if (READ_ONCE(thread->exit_state))
		return;
	/* not one that runs: what it consumed too much would last a long time */
	if (!READ_ONCE(thread->on_rq))
		sched_setattr_nocheck(thread, &none);
	sched_setattr_nocheck(thread, &ordinary);
}

/**
 * rtlat_thread_put - let go of a thread once its time is given back
 * @thread: thread that ends, or that has no deadline any more
 *
 * What it had asked for is given back when it has really ended, which is after
 * kthread_stop() returned, and up to a period later, or as many as it ran too
 * long; a thread that never had a deadline has asked for nothing. Process context;
 * no CPU may go away meanwhile, and none of our locks may be held: the thread may
 * wait for one, and lend its deadline to who holds it.
 */
void rtlat_thread_put(struct task_struct *thread)
{
	const unsigned long soon = jiffies + RTLAT_RETURN_TICKS +
		RTLAT_RETURN_PERIODS *
		nsecs_to_jiffies(READ_ONCE(thread->dl.dl_period));
	const unsigned long late = jiffies + RTLAT_RETURN_MOST_TICKS;

	while (READ_ONCE(thread->dl.dl_bw)) {
		/* a process may ask for a deadline again: that is none of ours */
		const bool again = READ_ONCE(thread->policy) == SCHED_DEADLINE &&
			!(thread->flags & PF_KTHREAD) &&
			!READ_ONCE(thread->exit_state);

		if (!time_before(jiffies, again ? soon : late))
			break;
		schedule_timeout_uninterruptible(1);
	}
	put_task_struct(thread);
}
