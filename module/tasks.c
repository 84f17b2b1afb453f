// SPDX-License-Identifier: GPL-2.0
/*
 * mode=timer: periodic tasks, each a kernel thread pinned to its CPU and
 * released by a pinned hard hrtimer. How they are made, started, counted and
 * ended; what they do is in timer.c.
 */

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "account.h"
#include "compat/compat.h"
#include "run.h"
#include "thread.h"
#include "timer.h"

#define RTLAT_FIRST_TICKS	5	/* to get all tasks ready */

static int rtlat_by_period(const void *a, const void *b)
{
	const struct rtlat_task *x = a, *y = b;

	if (x->period_ns != y->period_ns)
		return x->period_ns < y->period_ns ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

static int rtlat_timer_setup_cpu(struct rtlat_run *run, struct rtlat_cpu *cpu,
				 u32 first_id, char *err, size_t err_size)
{
	const struct rtlat_config *cfg = &run->cfg;
	u32 i;

	cpu->tasks = kcalloc(cfg->tasks, sizeof(*cpu->tasks), GFP_KERNEL);
	if (!cpu->tasks)
		return -ENOMEM;
	cpu->nr_tasks = cfg->tasks;
	for (i = 0; i < cpu->nr_tasks; i++) {
		struct rtlat_task *task = &cpu->tasks[i];

		task->id = first_id + i;
		task->period_ns = (u64)rtlat_list_get(&cfg->period_us, i) *
				  NSEC_PER_USEC;
		task->exec_ns = (u64)rtlat_list_get(&cfg->exec_us, i) *
				NSEC_PER_USEC;
	}
	/* rate monotonic, Liu and Layland 1973; equal periods by number */
	sort(cpu->tasks, cpu->nr_tasks, sizeof(*cpu->tasks), rtlat_by_period,
	     NULL);
	for (i = 0; i < cpu->nr_tasks; i++) {
		struct rtlat_task *task = &cpu->tasks[i];
		struct task_struct *thread;
		char name[TASK_COMM_LEN];

		task->cpu = cpu;
		task->index = i;
		task->prio = cfg->prio - i;
		task->count = cfg->count;
		init_completion(&task->ready);
		rtlat_hrtimer_init(&task->timer, rtlat_release_fn);
		scnprintf(name, sizeof(name), "rtlat/%u:%u", cpu->id, i);
		thread = rtlat_thread_create(rtlat_job_thread, task, cpu->id,
					     task->prio, name, err, err_size);
		if (IS_ERR(thread))
			return PTR_ERR(thread);
		task->thread = thread;
		rtlat_cpu_add_task(cpu, task);
		wake_up_process(thread);
		wait_for_completion(&task->ready);
	}
	return 0;
}

/* The tasks of a CPU must leave it time to serve their releases. */
static int rtlat_check_serve(const struct rtlat_run *run,
			     const struct rtlat_cpu *cpu, char *err,
			     size_t err_size)
{
	const struct rtlat_task *task = &cpu->tasks[0];
	u64 need_ns = cpu->serve_cost_ns * cpu->nr_tasks;
	u64 load_ppm = 0;
	u32 i;

	for (i = 0; i < cpu->nr_tasks; i++)
		load_ppm += div64_u64(cpu->serve_cost_ns * 1000000,
				      cpu->tasks[i].period_ns);
	if (load_ppm < 1000000)
		return 0;
	scnprintf(err, err_size,
		  "period_us=%llu: shorter than serving the releases of CPU %u costs (measured %llu ns each, %u tasks); range %llu..%llu us",
		  div_u64(task->period_ns, NSEC_PER_USEC), cpu->id,
		  cpu->serve_cost_ns, cpu->nr_tasks,
		  div_u64(need_ns, NSEC_PER_USEC) + 1,
		  rtlat_params[RTLAT_P_period_us].max);
	return -EINVAL;
}

/**
 * rtlat_timer_setup - create the tasks of a run
 * @run: run; its probes listen already
 * @err: receives one line on error
 * @err_size: its size
 *
 * Process context. On error the caller calls rtlat_timer_stop_cpu().
 *
 * Return: 0 or an error.
 */
int rtlat_timer_setup(struct rtlat_run *run, char *err, size_t err_size)
{
	struct rtlat_cpu *cpu;
	u32 id = 0;
	unsigned int i;
	int ret;

	rtlat_for_each_cpu(cpu, run, i) {
		ret = rtlat_timer_setup_cpu(run, cpu, id, err, err_size);
		if (ret)
			return ret;
		ret = rtlat_check_serve(run, cpu, err, err_size);
		if (ret)
			return ret;
		run->serve_cost_ns = max(run->serve_cost_ns,
					 cpu->serve_cost_ns);
		id += cpu->nr_tasks;
		atomic_add(cpu->nr_tasks, &run->active);
	}
	return 0;
}

/* An instant at which the kernel's tick came: where its count changes. */
static u64 rtlat_tick_ns(void)
{
	const unsigned long before = jiffies;
	u64 now_ns = rtlat_clock_ns(), until_ns = now_ns + 2 * TICK_NSEC;

	/* this CPU is busy, so its tick is not stopped: one tick at most */
	while (!time_after(jiffies, before) && now_ns < until_ns) {
		cpu_relax();
		now_ns = rtlat_clock_ns();
	}
	return now_ns;
}

/**
 * rtlat_timer_go - release all tasks for the first time at the same instant
 * @run: run that was set up
 *
 * At a fixed phase to the kernel's tick, an eighth of it after: which releases
 * meet a tick must not differ from run to run, and periods are usually multiples
 * or parts of it.
 */
void rtlat_timer_go(struct rtlat_run *run)
{
	u64 first_ns = rtlat_tick_ns() + RTLAT_FIRST_TICKS * TICK_NSEC +
		       TICK_NSEC / 8;
	struct rtlat_cpu *cpu;
	u32 t;
	unsigned int i;

	rtlat_for_each_cpu(cpu, run, i) {
		for (t = 0; t < cpu->nr_tasks; t++) {
			cpu->tasks[t].next_ns = first_ns;
			cpu->tasks[t].first_ns = first_ns;
			/* the thread reads the schedule when it sees this */
			smp_store_release(&cpu->tasks[t].go, true);
			wake_up_process(cpu->tasks[t].thread);
		}
	}
}

/**
 * rtlat_timer_stop_cpu - end the tasks of a CPU
 * @cpu: CPU
 *
 * When it returns no timer of the CPU is programmed, no job runs and every
 * release has its outcome. Process context, once for each run.
 */
void rtlat_timer_stop_cpu(struct rtlat_cpu *cpu)
{
	unsigned int m;
	u32 t;

	WRITE_ONCE(cpu->ended, true);
	for (t = 0; t < cpu->nr_tasks; t++)
		if (cpu->tasks[t].thread)
			hrtimer_cancel(&cpu->tasks[t].timer);
	for (t = 0; t < cpu->nr_tasks; t++) {
		struct rtlat_task *task = &cpu->tasks[t];

		if (!task->thread)
			continue;
		rtlat_thread_stop(task->thread);
		task->thread = NULL;
		if (!task->finished && task->first_ns) {
			task->finished = true;
			rtlat_run_finished(cpu->run);
		}
	}
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		if (RTLAT_EXPIRY_METRICS & (1U << m))
			cpu->ledger[m].attempted = rtlat_timer_attempted(cpu);
	rtlat_account_flush(cpu);
}

/**
 * rtlat_timer_attempted - count the expiries of the schedule
 * @cpu: CPU
 *
 * From the schedule's own times, not from what was done at them: that is what
 * the ledger's lines are held against.
 *
 * Return: attempts of every metric of RTLAT_EXPIRY_METRICS.
 */
u64 rtlat_timer_attempted(const struct rtlat_cpu *cpu)
{
	u64 attempted = 0;
	u32 t;

	for (t = 0; t < cpu->nr_tasks; t++) {
		const struct rtlat_task *task = &cpu->tasks[t];

		if (!task->first_ns)
			continue;
		attempted += div64_u64(task->next_ns - task->first_ns,
				       task->period_ns) + task->armed;
	}
	return attempted;
}

/**
 * rtlat_timer_progress - releases so far
 * @run: run
 * @total: receives the number asked for, 0 for an endless run
 *
 * Return: releases served or skipped.
 */
u64 rtlat_timer_progress(const struct rtlat_run *run, u64 *total)
{
	const struct rtlat_cpu *cpu;
	u64 done = 0;
	u32 t;
	unsigned int i;

	*total = 0;
	rtlat_for_each_cpu(cpu, run, i) {
		for (t = 0; t < cpu->nr_tasks; t++) {
			done += READ_ONCE(cpu->tasks[t].job);
			*total += cpu->tasks[t].count;
		}
	}
	return done;
}
