// SPDX-License-Identifier: GPL-2.0
/*
 * mode=timer: periodic tasks, each a kernel thread pinned to its CPU and
 * released by a pinned hard hrtimer.
 */

#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <uapi/linux/sched/types.h>

#include "account.h"
#include "compat/compat.h"
#include "probes.h"
#include "run.h"

#define RTLAT_SERVE_PROBES	16
#define RTLAT_FIRST_DELAY_NS	(20 * NSEC_PER_MSEC)

/* Attempted at every expiry of the schedule. */
#define RTLAT_TIMER_METRICS	(1U << RTLAT_EVENT_LATENCY | \
				 1U << RTLAT_RELEASE_LATENCY)
#define RTLAT_JOB_METRICS	(1U << RTLAT_RELEASE_OVERHEAD | \
				 1U << RTLAT_WAKE_GAP | \
				 1U << RTLAT_START_GAP | \
				 1U << RTLAT_THREAD_LATENCY)
#define RTLAT_EXPIRY_METRICS	(RTLAT_TIMER_METRICS | RTLAT_JOB_METRICS)

/* Jobs that wait while task @index's job ran have queued. Interrupts off. */
static void rtlat_mark_queued(struct rtlat_cpu *cpu, u32 index)
{
	/* in two steps: a shift by 64 is undefined */
	cpu->queued |= cpu->waiting & (~0ULL << index << 1);
	cpu->done_ns = rtlat_clock_ns();
	cpu->done_index = index;
}

static noinline void rtlat_fault_exit(u64 exits)
{
	while (exits--) {
		unsigned int eax = 0, ebx, ecx = 0, edx;

		native_cpuid(&eax, &ebx, &ecx, &edx);
	}
}

/* Steps the schedule past an expiry that was served or skipped. */
static void rtlat_step(struct rtlat_task *task, u64 n)
{
	task->next_ns += n * task->period_ns;
	task->job += n;
}

static bool rtlat_more(const struct rtlat_task *task)
{
	return (!task->count || task->job < task->count) &&
	       !READ_ONCE(task->cpu->run->stopping) &&
	       !READ_ONCE(task->cpu->ended);
}

/*
 * Expiries that have passed cannot be armed any more: they are skipped. The
 * kernel would serve them at once, and call that a latency.
 */
static void rtlat_skip_passed(struct rtlat_task *task, u64 now_ns)
{
	u64 n;

	if (task->next_ns > now_ns)
		return;
	n = div64_u64(now_ns - task->next_ns, task->period_ns) + 1;
	if (task->count)
		n = min(n, task->count - task->job);
	rtlat_step(task, n);
	rtlat_account_line(task->cpu, RTLAT_EXPIRY_METRICS, RTLAT_L_SKIPPED, n);
}

/*
 * The release: hard interrupt context on the task's CPU. The first and the
 * last thing it does is to take a stamp; between them is what a release costs.
 */
static enum hrtimer_restart rtlat_release_fn(struct hrtimer *timer)
{
	struct rtlat_task *task = container_of(timer, struct rtlat_task, timer);
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_stamp cb_in = rtlat_stamp(cpu);
	const struct rtlat_config *cfg = &cpu->run->cfg;
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	const bool fresh = !atomic_read(&task->pending);
	struct rtlat_release late;
	struct rtlat_release *rel = fresh ? &task->rel : &late;
	struct rtlat_sample samples[2];
	unsigned int i, n;

	rel->expiry_ns = task->next_ns;
	rel->task = task->id;
	rel->job = task->job;
	rel->flags = 0;
	rel->cb_in = cb_in;
	rel->isr = cpu->isr;
	if (!cpu->in_isr)
		rel->isr.ns = RTLAT_UNSEEN;
	rel->overlap = rtlat_overlap(cpu, rel->expiry_ns, rel->isr.ns);
	rel->migrated_timer = smp_processor_id() != cpu->id;
	rel->migrated_job = false;
	rtlat_step(task, 1);
	task->armed = false;

	if (fresh) {
		rel->sched.ns = RTLAT_UNSEEN;
		rel->swtch.ns = RTLAT_UNSEEN;
		rel->cxs.ns = RTLAT_UNSEEN;
		cpu->waiting |= 1ULL << task->index;
		if (cpu->done_ns > rel->expiry_ns &&
		    cpu->done_index < task->index)
			cpu->queued |= 1ULL << task->index;
		task->first_switch = true;
	}
	atomic_inc(&task->pending);
	if (fresh) {
		if (cfg->fault_exit)
			rtlat_fault_exit(cfg->fault_exit);
		wake_up_process(task->thread);
	}
	if (cfg->arm == RTLAT_ARM_CALLBACK) {
		rtlat_skip_passed(task, cb_in.ns);
		if (rtlat_more(task)) {
			hrtimer_set_expires(timer, ns_to_ktime(task->next_ns));
			task->armed = true;
			restart = HRTIMER_RESTART;
		}
	}
	rel->cb_out = rtlat_stamp(cpu);
	if (fresh)
		return restart;

	n = rtlat_intervals_timer(rel, samples);
	for (i = 0; i < n; i++)
		rtlat_account(cpu, &samples[i]);
	rtlat_account_line(cpu, RTLAT_JOB_METRICS, RTLAT_L_OVERRUN, 1);
	return restart;
}

/* Burns CPU time of the job's own: time switched out does not count. */
static void rtlat_consume(const struct rtlat_task *task, u64 from_ns)
{
	u64 out_ns, now_ns;

	if (!task->exec_ns)
		return;
	do {
		do {
			out_ns = READ_ONCE(task->preempted_ns);
			now_ns = rtlat_clock_ns();
		} while (out_ns != READ_ONCE(task->preempted_ns));
	} while (now_ns - from_ns - out_ns < task->exec_ns);
}

/* arm=job, and the first release: task context. */
static void rtlat_arm(struct rtlat_task *task, bool first)
{
	const struct hrtimer *timer = &task->timer;
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_sample sample = {
		.metric = RTLAT_ARM_OVERHEAD,
		.task = task->id,
		.job = task->job,
	};
	struct rtlat_stamp before, after;

	before = rtlat_stamp(cpu);
	rtlat_skip_passed(task, before.ns);
	if (!rtlat_more(task))
		return;
	task->armed = true;
	before = rtlat_stamp(cpu);
	hrtimer_start(&task->timer, ns_to_ktime(task->next_ns),
		      HRTIMER_MODE_ABS_PINNED_HARD);
	after = rtlat_stamp(cpu);
	if (first)
		return;
	cpu->ledger[RTLAT_ARM_OVERHEAD].attempted++;
	/* else an earlier timer was pending: nothing was programmed */
	if (timer->base->cpu_base->next_timer == timer)
		sample.flags = RTLAT_F_REPROGRAMMED;
	rtlat_interval(&sample, &before, &after, 0);
	rtlat_account(cpu, &sample);
}

/* The body of a job: what it was released for, and the next release. */
static void rtlat_execute(struct rtlat_task *task, u64 start_ns)
{
	struct rtlat_cpu *cpu = task->cpu;

	rtlat_consume(task, start_ns);
	local_irq_disable();
	rtlat_mark_queued(cpu, task->index);
	local_irq_enable();
	if (cpu->run->cfg.arm == RTLAT_ARM_JOB)
		rtlat_arm(task, false);
}

/* Everything that a started job leaves behind, after its last stamp. */
static void rtlat_judge(struct rtlat_cpu *cpu, const struct rtlat_release *rel)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES];
	unsigned int i, n = rtlat_intervals_job(rel, samples);
	int sum;

	for (i = 0; i < n; i++)
		rtlat_account(cpu, &samples[i]);
	sum = rtlat_intervals_sum(samples, n);
	if (sum < 0)
		return;
	local_irq_disable();
	cpu->sum_checked++;
	cpu->sum_failed += !sum;
	local_irq_enable();
}

/*
 * The thread was moved: its CPU goes offline, and the hotplug callback is about
 * to end this part of the run. Until then the CPU's results are not ours.
 */
static void rtlat_wait_stop(void)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static void rtlat_job(struct rtlat_task *task, struct rtlat_stamp start)
{
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_release *rel = &task->rel;
	const u64 bit = 1ULL << task->index;

	rel->start = start;
	rel->migrated_job = raw_smp_processor_id() != cpu->id;
	if (rel->migrated_job)
		rtlat_wait_stop();
	task->preempted_ns = 0;
	local_irq_disable();
	if (cpu->queued & bit)
		rel->flags |= RTLAT_F_QUEUED;
	cpu->queued &= ~bit;
	cpu->waiting &= ~bit;
	local_irq_enable();

	rtlat_execute(task, start.ns);
	rtlat_judge(cpu, rel);
	rtlat_account_flush(cpu);

	/* releases that found this job still running, back to back */
	while (atomic_dec_return(&task->pending)) {
		task->preempted_ns = 0;
		rtlat_execute(task, rtlat_clock_ns());
	}
}

/* Return: a release is pending, and @start is the job's first instant. */
static bool rtlat_wait_release(struct rtlat_task *task,
			       struct rtlat_stamp *start)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (atomic_read(&task->pending)) {
			*start = rtlat_stamp(task->cpu);
			break;
		}
		if (kthread_should_stop())
			break;
		schedule();
		*start = rtlat_stamp(task->cpu);
		if (atomic_read(&task->pending))
			break;
	}
	__set_current_state(TASK_RUNNING);
	return atomic_read(&task->pending);
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

/**
 * rtlat_set_fifo - give a thread its priority
 * @thread: thread
 * @prio: SCHED_FIFO priority
 *
 * Return: 0 or the scheduler's error.
 */
int rtlat_set_fifo(struct task_struct *thread, u32 prio)
{
	const struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_FIFO,
		.sched_priority = prio,
	};

	return sched_setattr_nocheck(thread, &attr);
}

static int rtlat_job_thread(void *data)
{
	struct rtlat_task *task = data;
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_stamp start = { };

	if (!task->index)
		cpu->serve_cost_ns = rtlat_serve_cost_ns();
	complete(&task->ready);

	/* rtlat_timer_go() sets the schedule, or the run never starts */
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(task->first_ns) || kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	if (!task->first_ns)
		return 0;

	rtlat_arm(task, true);
	for (;;) {
		if (!task->finished && !task->armed &&
		    !atomic_read(&task->pending) && !rtlat_more(task)) {
			task->finished = true;
			rtlat_run_finished(cpu->run);
		}
		if (!rtlat_wait_release(task, &start))
			break;
		rtlat_job(task, start);
	}

	/* stopped: what is programmed is cancelled, what was released runs */
	hrtimer_cancel(&task->timer);
	if (atomic_read(&task->pending))
		rtlat_job(task, rtlat_stamp(cpu));
	if (task->armed)
		rtlat_account_line(cpu, RTLAT_EXPIRY_METRICS,
				   RTLAT_L_CANCELLED, 1);
	return 0;
}

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
		int ret;

		task->cpu = cpu;
		task->index = i;
		task->prio = cfg->prio - i;
		task->count = cfg->count;
		init_completion(&task->ready);
		rtlat_hrtimer_init(&task->timer, rtlat_release_fn);
		thread = kthread_create_on_node(rtlat_job_thread, task,
						cpu_to_node(cpu->id),
						"rtlat/%u:%u", cpu->id, i);
		if (IS_ERR(thread))
			return PTR_ERR(thread);
		get_task_struct(thread);
		kthread_bind(thread, cpu->id);
		task->thread = thread;
		ret = rtlat_set_fifo(thread, task->prio);
		if (ret) {
			scnprintf(err, err_size,
				  "prio=%u: SCHED_FIFO refused, error %d",
				  task->prio, ret);
			return ret;
		}
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

/**
 * rtlat_timer_go - release all tasks for the first time at the same instant
 * @run: run that was set up
 */
void rtlat_timer_go(struct rtlat_run *run)
{
	u64 first_ns = rtlat_clock_ns() + RTLAT_FIRST_DELAY_NS;
	struct rtlat_cpu *cpu;
	u32 t;
	unsigned int i;

	rtlat_for_each_cpu(cpu, run, i) {
		for (t = 0; t < cpu->nr_tasks; t++) {
			cpu->tasks[t].next_ns = first_ns;
			/* the thread reads the schedule when it sees this */
			smp_store_release(&cpu->tasks[t].first_ns, first_ns);
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
	u32 t;

	WRITE_ONCE(cpu->ended, true);
	for (t = 0; t < cpu->nr_tasks; t++)
		if (cpu->tasks[t].thread)
			hrtimer_cancel(&cpu->tasks[t].timer);
	for (t = 0; t < cpu->nr_tasks; t++) {
		struct rtlat_task *task = &cpu->tasks[t];

		if (!task->thread)
			continue;
		kthread_stop(task->thread);
		put_task_struct(task->thread);
		task->thread = NULL;
		if (!task->finished && task->first_ns) {
			task->finished = true;
			rtlat_run_finished(cpu->run);
		}
	}
	rtlat_timer_attempts(cpu);
	rtlat_account_flush(cpu);
}

/**
 * rtlat_timer_attempts - count the expiries of the schedule
 * @cpu: CPU
 *
 * From the schedule's own times, not from what was done at them: that is what
 * the ledger's lines are held against.
 */
void rtlat_timer_attempts(struct rtlat_cpu *cpu)
{
	u64 attempted = 0;
	unsigned int m;
	u32 t;

	for (t = 0; t < cpu->nr_tasks; t++) {
		const struct rtlat_task *task = &cpu->tasks[t];

		if (!task->first_ns)
			continue;
		attempted += div64_u64(task->next_ns - task->first_ns,
				       task->period_ns) + task->armed;
	}
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		if (RTLAT_EXPIRY_METRICS & (1U << m))
			cpu->ledger[m].attempted = attempted;
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
