// SPDX-License-Identifier: GPL-2.0
/*
 * mode=timer and mode=taskset: periodic tasks, each a thread pinned to its CPU
 * and released by a pinned hard hrtimer. How they are made, started, counted
 * and ended; what they do is in timer.c. Processes that are tasks: user.c.
 */

#include <linux/gcd.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "account.h"
#include "compat/compat.h"
#include "fault.h"
#include "own.h"
#include "run.h"
#include "tasks.h"
#include "thread.h"
#include "timer.h"
#include "user.h"

#define RTLAT_FIRST_TICKS	5	/* to get all tasks ready */
/*
 * A SCHED_DEADLINE budget: the execution time, and so many times what serving a
 * release costs, for what a job does beside it.
 */
#define RTLAT_BUDGET_SERVES	2

static int rtlat_by_period(const void *a, const void *b)
{
	const struct rtlat_task *x = a, *y = b;

	if (x->period_ns != y->period_ns)
		return x->period_ns < y->period_ns ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

static void rtlat_task_init(struct rtlat_task *task, u32 id, u64 period_ns,
			    u64 exec_ns)
{
	task->id = id;
	task->period_ns = period_ns;
	task->exec_ns = exec_ns;
}

static int rtlat_tasks_alloc(struct rtlat_cpu *cpu, u32 n)
{
	cpu->tasks = kcalloc(n, sizeof(*cpu->tasks), GFP_KERNEL);
	return cpu->tasks ? 0 : -ENOMEM;
}

/* mode=timer: the tasks that the parameters give, the same on every CPU. */
static int rtlat_tasks_given(struct rtlat_run *run)
{
	const struct rtlat_config *cfg = &run->cfg;
	struct rtlat_cpu *cpu;
	unsigned int i;
	u32 t, id = 0;

	rtlat_for_each_cpu(cpu, run, i) {
		if (rtlat_tasks_alloc(cpu, cfg->tasks))
			return -ENOMEM;
		for (t = 0; t < cfg->tasks; t++)
			rtlat_task_init(&cpu->tasks[cpu->nr_tasks++], id++,
					(u64)rtlat_list_get(&cfg->period_us, t) *
					NSEC_PER_USEC,
					(u64)rtlat_list_get(&cfg->exec_us, t) *
					NSEC_PER_USEC);
	}
	return 0;
}

/**
 * rtlat_tasks_draw - the task set that parameters give
 * @cfg: parameters of mode=taskset
 * @nr_cpus: number of CPUs
 *
 * Process context. Free it with rtlat_tasks_undraw().
 *
 * Return: the set, or an error pointer.
 */
struct rtlat_taskset *rtlat_tasks_draw(const struct rtlat_config *cfg,
				       u32 nr_cpus)
{
	struct rtlat_taskset *set = kzalloc(sizeof(*set), GFP_KERNEL);
	int ret = -ENOMEM;

	if (!set)
		return ERR_PTR(ret);
	set->distribution = cfg->distribution;
	set->tasks_per_cpu = cfg->tasks_per_cpu;
	set->nr_cpus = nr_cpus;
	set->seed = cfg->seed;
	set->period_percent = cfg->period_percent;
	set->tasks = kvcalloc(rtlat_taskset_size(set), sizeof(*set->tasks),
			      GFP_KERNEL);
	set->cpus = kvcalloc(nr_cpus, sizeof(*set->cpus), GFP_KERNEL);
	if (set->tasks && set->cpus)
		ret = rtlat_taskset_make(set);
	if (!ret)
		return set;
	rtlat_tasks_undraw(set);
	return ERR_PTR(ret);
}

/**
 * rtlat_tasks_undraw - free a set
 * @set: of rtlat_tasks_draw()
 */
void rtlat_tasks_undraw(struct rtlat_taskset *set)
{
	kvfree(set->tasks);
	kvfree(set->cpus);
	kfree(set);
}

/* mode=taskset: the tasks that the seed gives. */
static int rtlat_tasks_drawn(struct rtlat_run *run)
{
	struct rtlat_taskset *set;
	struct rtlat_cpu *cpu;
	unsigned int i;
	u32 t, at = 0;
	int ret = -ENOMEM;

	set = rtlat_tasks_draw(&run->cfg, cpumask_weight(run->cpus));
	if (IS_ERR(set))
		return PTR_ERR(set);
	rtlat_for_each_cpu(cpu, run, i) {
		if (rtlat_tasks_alloc(cpu, set->cpus[at].nr_tasks))
			goto out;
		for (t = 0; t < rtlat_taskset_size(set); t++)
			if (set->tasks[t].cpu == at)
				rtlat_task_init(&cpu->tasks[cpu->nr_tasks++], t,
						set->tasks[t].period_ns,
						set->tasks[t].exec_ns);
		at++;
	}
	ret = 0;
out:
	rtlat_tasks_undraw(set);
	return ret;
}

/* Everything about a task that does not need its thread. */
static void rtlat_task_schedule(struct rtlat_task *task, struct rtlat_cpu *cpu,
				u32 index)
{
	const struct rtlat_config *cfg = &cpu->run->cfg;

	task->cpu = cpu;
	task->index = index;
	task->count = cfg->count;
	if (cfg->duration_ms)
		task->count = div64_u64(cfg->duration_ms * NSEC_PER_MSEC +
					task->period_ns - 1, task->period_ns);
	if (cfg->policy == RTLAT_POLICY_FIFO)
		task->prio = cfg->prio - index;
	else
		task->budget_ns = min(task->period_ns,
				      max(task->exec_ns + RTLAT_BUDGET_SERVES *
					  cpu->serve_cost_ns,
					  RTLAT_BUDGET_MIN_NS));
	rtlat_hrtimer_init(&task->timer, cfg->probes == RTLAT_PROBES_ON ?
					 rtlat_release_fn :
					 rtlat_bare_release_fn);
}

static int rtlat_task_thread(struct rtlat_task *task, char *err,
			     size_t err_size)
{
	struct rtlat_cpu *cpu = task->cpu;
	const bool probes = cpu->run->cfg.probes == RTLAT_PROBES_ON;
	struct task_struct *thread;
	char name[TASK_COMM_LEN];

	scnprintf(name, sizeof(name), "rtlat/%u:%u", cpu->id, task->index);
	thread = rtlat_thread_create(probes ? rtlat_job_thread :
					      rtlat_bare_thread,
				     task, cpu->id, task->prio ? task->prio : 1,
				     name, err, err_size);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	task->thread = thread;
	wake_up_process(thread);
	if (!task->budget_ns)
		return 0;
	return rtlat_thread_deadline(thread, task->budget_ns, task->period_ns,
				     err, err_size);
}

/*
 * The kernel's admission test is over all CPUs together; each must hold its own
 * tasks, too.
 */
static int rtlat_check_budgets(const struct rtlat_cpu *cpu, char *err,
			       size_t err_size)
{
	u64 load_ppm = 0;
	u32 i;

	for (i = 0; i < cpu->nr_tasks; i++)
		load_ppm += div64_u64(cpu->tasks[i].budget_ns * 1000000,
				      cpu->tasks[i].period_ns);
	if (load_ppm <= 1000000)
		return 0;
	scnprintf(err, err_size,
		  "policy=deadline: the budgets of CPU %u's tasks come to %llu.%llu %% of it; range 0..100 %%",
		  cpu->id, div_u64(load_ppm, 10000), load_ppm / 1000 % 10);
	return -EINVAL;
}

static int rtlat_timer_setup_cpu(struct rtlat_cpu *cpu, char *err,
				 size_t err_size)
{
	const struct rtlat_config *cfg = &cpu->run->cfg;
	const bool probes = cfg->probes == RTLAT_PROBES_ON;
	u64 own_ps[RTLAT_NR_METRICS];
	u32 levels, i;
	int ret;

	/* the thread of fault=expiry has one of its own */
	levels = cpu->nr_tasks + (cfg->fault == RTLAT_FAULT_EXPIRY);
	if (cfg->policy == RTLAT_POLICY_FIFO && cfg->prio < levels) {
		scnprintf(err, err_size,
			  "prio=%llu: too low for the %u tasks of CPU %u; range %u..%llu (one priority for each task, and one for fault=expiry)",
			  cfg->prio, cpu->nr_tasks, cpu->id, levels,
			  rtlat_params[RTLAT_P_prio].max);
		return -EINVAL;
	}
	ret = rtlat_thread_costs(cpu->id, cfg->prio, &cpu->serve_cost_ns,
				 probes ? own_ps : NULL, err, err_size);
	if (ret)
		return ret;
	if (probes)
		rtlat_own_add(cpu->run, own_ps,
			      cpumask_weight(cpu->run->cpus));
	if (cfg->task_kind == RTLAT_TASK_USER)
		cpu->task_flags = RTLAT_F_USER;
	else
		cpu->thread_flag = PF_KTHREAD;
	/* rate monotonic, Liu and Layland 1973; equal periods by number */
	sort(cpu->tasks, cpu->nr_tasks, sizeof(*cpu->tasks), rtlat_by_period,
	     NULL);
	for (i = 0; i < cpu->nr_tasks; i++)
		rtlat_task_schedule(&cpu->tasks[i], cpu, i);
	ret = rtlat_check_budgets(cpu, err, err_size);
	if (!ret)
		ret = rtlat_hold_start(cpu, err, err_size);
	if (ret)
		return ret;
	if (cfg->task_kind == RTLAT_TASK_USER)
		return 0;
	for (i = 0; i < cpu->nr_tasks; i++) {
		ret = rtlat_task_thread(&cpu->tasks[i], err, err_size);
		if (ret)
			return ret;
	}
	rtlat_cpu_hash_tasks(cpu);
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
	unsigned int i;
	int ret;

	ret = run->cfg.mode == RTLAT_MODE_TASKSET ? rtlat_tasks_drawn(run) :
						    rtlat_tasks_given(run);
	if (ret)
		return ret;
	rtlat_for_each_cpu(cpu, run, i) {
		ret = rtlat_timer_setup_cpu(cpu, err, err_size);
		if (ret)
			return ret;
		ret = rtlat_check_serve(run, cpu, err, err_size);
		if (ret)
			return ret;
		run->serve_cost_ns = max(run->serve_cost_ns,
					 cpu->serve_cost_ns);
		atomic_add(cpu->nr_tasks, &run->active);
	}
	return 0;
}

/**
 * rtlat_tick_ns - wait for the kernel's tick: where its count changes
 *
 * Process context, and no thread that has a budget: it is busy until then.
 *
 * Return: when it came.
 */
u64 rtlat_tick_ns(void)
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
 * rtlat_first_ns - when a run releases its tasks, or sends, for the first time
 * @tick_ns: of rtlat_tick_ns(); joining may have taken some ticks since
 * @period_ns: of the run; of several periods the greatest common divisor
 *
 * At a fixed phase to the kernel's tick: which releases meet a tick must not
 * differ from run to run, and periods are usually multiples or parts of it. Their
 * phases are then those of the greatest common divisor of both: half of that is as
 * far from every tick as can be. Where it is too small for that, some releases meet
 * a tick whatever the first one does.
 *
 * Return: that instant.
 */
u64 rtlat_first_ns(u64 tick_ns, u64 period_ns)
{
	const u64 ticks = div64_u64(rtlat_clock_ns() - tick_ns, TICK_NSEC);
	u64 phase_ns = gcd(period_ns, TICK_NSEC) / 2;

	if (phase_ns < TICK_NSEC / 64)
		phase_ns = TICK_NSEC / 8;
	return tick_ns + (ticks + RTLAT_FIRST_TICKS) * TICK_NSEC + phase_ns;
}

/**
 * rtlat_timer_go - release all tasks for the first time at the same instant
 * @run: run that was set up
 * @tick_ns: of rtlat_tick_ns()
 */
void rtlat_timer_go(struct rtlat_run *run, u64 tick_ns)
{
	u64 period_ns = 0, first_ns;
	struct rtlat_cpu *cpu;
	u32 t;
	unsigned int i;

	rtlat_for_each_cpu(cpu, run, i)
		for (t = 0; t < cpu->nr_tasks; t++)
			period_ns = gcd(period_ns, cpu->tasks[t].period_ns);
	first_ns = rtlat_first_ns(tick_ns, period_ns);
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
 * rtlat_task_finished - a task has nothing left to do
 * @task: task; may have finished before, or never have begun
 *
 * Process context.
 */
void rtlat_task_finished(struct rtlat_task *task)
{
	if (task->finished || !task->first_ns)
		return;
	task->finished = true;
	rtlat_run_finished(task->cpu->run);
}

/**
 * rtlat_task_moved - a task's thread finds itself on another CPU: it waits for the end
 * @task: task
 *
 * Its CPU goes offline, and the hotplug callback is about to end this part of the run;
 * or the kernel has refused that after it moved the thread (6.1 does, when
 * SCHED_DEADLINE's bandwidth would not suffice), and the part ends by itself.
 * The CPU's results are not the thread's until it is told to stop. In that thread.
 */
void rtlat_task_moved(struct rtlat_task *task)
{
	WRITE_ONCE(task->cpu->run->end, RTLAT_END_OFFLINE);
	WRITE_ONCE(task->cpu->ended, true);
	WRITE_ONCE(task->moved, true);
	rtlat_task_finished(task);
	rtlat_thread_wait(NULL);
}

/* All together, as each may take some periods. */
static void rtlat_timer_put_threads(struct rtlat_cpu *cpu)
{
	u32 t;

	for (t = 0; t < cpu->nr_tasks; t++) {
		struct task_struct *gone = cpu->tasks[t].gone;

		cpu->tasks[t].gone = NULL;
		if (gone)
			rtlat_thread_put(gone);
	}
}

/* Of a run that is refused, @task may be zeroed memory still. */
static void rtlat_timer_stop_task(struct rtlat_cpu *cpu, struct rtlat_task *task)
{
	/* a process may be leaving just now: it is looked at under a lock */
	if (cpu->task_flags & RTLAT_F_USER) {
		task->gone = rtlat_user_detach(task);
	} else if (task->thread) {
		if (task->budget_ns)
			rtlat_thread_unbind(task->thread, cpu->id);
		kthread_stop(task->thread);
		task->gone = task->thread;
		WRITE_ONCE(task->thread, NULL);
	}
	rtlat_task_finished(task);
}

/**
 * rtlat_timer_stop_cpu - end the tasks of a CPU
 * @cpu: CPU
 *
 * When it returns no timer of the CPU is programmed, no job runs and every
 * release has its outcome. With SCHED_DEADLINE that may take a period or two.
 * Process context; twice for a CPU that went offline, which does nothing more.
 */
void rtlat_timer_stop_cpu(struct rtlat_cpu *cpu)
{
	unsigned int m;
	u32 t;

	WRITE_ONCE(cpu->ended, true);
	rtlat_hold_stop(cpu);
	for (t = 0; t < cpu->nr_tasks; t++)
		if (cpu->tasks[t].thread)
			hrtimer_cancel(&cpu->tasks[t].timer);
	/* those that were moved write down what they have when no other does */
	for (t = 0; t < cpu->nr_tasks; t++)
		if (!READ_ONCE(cpu->tasks[t].moved))
			rtlat_timer_stop_task(cpu, &cpu->tasks[t]);
	for (t = 0; t < cpu->nr_tasks; t++)
		if (cpu->tasks[t].moved)
			rtlat_timer_stop_task(cpu, &cpu->tasks[t]);
	rtlat_timer_put_threads(cpu);
	irq_work_sync(&cpu->fault_work);
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		if (cpu->hist[m][RTLAT_C_KEPT] &&
		    (RTLAT_EXPIRY_METRICS & (1U << m)))
			cpu->ledger[m].attempted = rtlat_timer_attempted(cpu);
	rtlat_account_flush(cpu);
	cpu->stopped = true;
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
