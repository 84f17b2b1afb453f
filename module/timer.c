// SPDX-License-Identifier: GPL-2.0
/*
 * mode=timer, the path that is measured: the release, in the timer's callback,
 * and the job, in its thread. The tasks are made and ended in tasks.c.
 */

#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched.h>

#include "account.h"
#include "fault.h"
#include "probes.h"
#include "run.h"
#include "thread.h"
#include "timer.h"

/*
 * Waiting tasks that are not more urgent than the one whose job is over.
 * Deadlines may be equal: then the kernel lets the one that runs run on.
 */
static u64 rtlat_less_urgent(const struct rtlat_task *task)
{
	const struct rtlat_cpu *cpu = task->cpu;
	u64 mask = 0;
	u32 i;

	/* in two steps: a shift by 64 is undefined */
	if (!task->budget_ns)
		return cpu->waiting & (~0ULL << task->index << 1);
	for (i = 0; i < cpu->nr_tasks; i++)
		if (cpu->tasks[i].key >= task->key)
			mask |= 1ULL << i;
	return cpu->waiting & mask;
}

/**
 * rtlat_queue_behind - a job is over, or its task is: what waited for it has queued
 * @task: its task, not yet waiting again
 *
 * Interrupts off, on the task's CPU.
 */
void rtlat_queue_behind(const struct rtlat_task *task)
{
	struct rtlat_cpu *cpu = task->cpu;

	cpu->queued |= rtlat_less_urgent(task);
	cpu->done_ns = rtlat_clock_ns();
	cpu->done_key = task->key;
}

/**
 * rtlat_completed - a job, and what it had to write down, is over
 * @task: its task, not yet waiting again
 *
 * Task context.
 */
void rtlat_completed(const struct rtlat_task *task)
{
	local_irq_disable();
	rtlat_queue_behind(task);
	local_irq_enable();
}

/**
 * rtlat_cpu_time - CPU time of a job's own
 * @task: its task
 * @from_ns: its first instant
 * @now_ns: receives the present one
 *
 * In the task's thread.
 *
 * Return: time since, but for what it was switched out and what the timer
 * interrupt took.
 */
u64 rtlat_cpu_time(const struct rtlat_task *task, u64 from_ns, u64 *now_ns)
{
	u64 taken_ns;

	do {
		taken_ns = READ_ONCE(task->taken_ns);
		*now_ns = rtlat_clock_ns();
	} while (taken_ns != READ_ONCE(task->taken_ns));
	return *now_ns - from_ns - (taken_ns - task->taken_before_ns);
}

/**
 * rtlat_job_stamp - what may be a job's first instant
 * @task: its task
 *
 * In the task's thread. What is taken from it counts from there.
 *
 * Return: the stamp.
 */
struct rtlat_stamp rtlat_job_stamp(struct rtlat_task *task)
{
	struct rtlat_stamp stamp;

	do {
		task->taken_before_ns = READ_ONCE(task->taken_ns);
		stamp = rtlat_stamp(task->cpu);
	} while (task->taken_before_ns != READ_ONCE(task->taken_ns));
	return stamp;
}

/**
 * rtlat_job_ended - a job has consumed its CPU time: note how it went
 * @task: its task
 * @expiry_ns: expiry of its release; the deadline is a period later
 * @start_ns: its first instant
 *
 * Task context.
 */
void rtlat_job_ended(struct rtlat_task *task, u64 expiry_ns, u64 start_ns)
{
	struct rtlat_task_stats *stats = &task->stats;
	u64 now_ns, cpu_ns, response_ns;

	/* by the expiry: those served back to back have no release of their own */
	if (rtlat_faults())
		rtlat_fault_job(task->cpu, RTLAT_FAULT_REARM,
				div64_u64(expiry_ns - task->first_ns,
					  task->period_ns));
	cpu_ns = rtlat_cpu_time(task, start_ns, &now_ns);
	response_ns = now_ns - expiry_ns;
	if (!stats->completed || cpu_ns < stats->cpu_min_ns)
		stats->cpu_min_ns = cpu_ns;
	stats->cpu_max_ns = max(stats->cpu_max_ns, cpu_ns);
	stats->cpu_sum_ns += cpu_ns;
	stats->completed++;
	stats->response_max_ns = max(stats->response_max_ns, response_ns);
	if (response_ns <= task->period_ns)
		return;
	stats->missed++;
	stats->tardiness_sum_ns += response_ns - task->period_ns;
	stats->tardiness_max_ns = max(stats->tardiness_max_ns,
				      response_ns - task->period_ns);
}

static noinline void rtlat_fault_exit(u64 exits)
{
	while (exits--) {
		unsigned int eax = 0, ebx, ecx = 0, edx;

		native_cpuid(&eax, &ebx, &ecx, &edx);
	}
}

/* See &rtlat_task.key. */
static u64 rtlat_key(const struct rtlat_task *task, u64 expiry_ns)
{
	return task->budget_ns ? expiry_ns + task->period_ns : task->index;
}

/* Does a job of that urgency keep the task's own waiting? */
static bool rtlat_waited(const struct rtlat_task *task, u64 key)
{
	return task->budget_ns ? key <= task->key : key < task->key;
}

/**
 * rtlat_step - step the schedule past expiries that were served or skipped
 * @task: task
 * @n: how many
 */
void rtlat_step(struct rtlat_task *task, u64 n)
{
	task->next_ns += n * task->period_ns;
	task->job += n;
}

/**
 * rtlat_more - is there another release to make
 * @task: task
 *
 * Return: false when its schedule is over, or the run is.
 */
bool rtlat_more(const struct rtlat_task *task)
{
	return (!task->count || task->job < task->count) &&
	       !READ_ONCE(task->cpu->run->stopping) &&
	       !READ_ONCE(task->cpu->ended);
}

/**
 * rtlat_pass - step the schedule past expiries that have passed
 * @task: task
 * @now_ns: present instant
 *
 * They cannot be armed any more. The kernel would serve them at once, and call
 * that a latency.
 *
 * Return: how many.
 */
u64 rtlat_pass(struct rtlat_task *task, u64 now_ns)
{
	u64 n;

	if (task->next_ns > now_ns)
		return 0;
	n = div64_u64(now_ns - task->next_ns, task->period_ns) + 1;
	if (task->count)
		n = min(n, task->count - task->job);
	rtlat_step(task, n);
	return n;
}

/* Expiries that have passed are skipped. */
static void rtlat_skip_passed(struct rtlat_task *task, u64 now_ns)
{
	const u64 n = rtlat_pass(task, now_ns);

	if (!n)
		return;
	task->stats.skipped += n;
	rtlat_account_line(task->cpu, RTLAT_EXPIRY_METRICS, RTLAT_L_SKIPPED, n);
}

/* The release found its job still running: it has two samples and no others. */
static noinline void rtlat_overrun(struct rtlat_task *task)
{
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_sample samples[2];
	unsigned int i, n;

	task->stats.overrun++;
	n = rtlat_intervals_timer(&cpu->late, samples);
	for (i = 0; i < n; i++)
		rtlat_account(cpu, &samples[i]);
	rtlat_account_line(cpu, RTLAT_JOB_METRICS, RTLAT_L_OVERRUN, 1);
}

/* What is noted of a release: all of it but the release itself. */
static __always_inline struct rtlat_release *
rtlat_release_note(struct rtlat_task *task, struct rtlat_stamp cb_in, bool fresh)
{
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_release *rel = fresh ? &task->rel : &cpu->late;

	rel->expiry_ns = task->next_ns;
	rel->task = task->id;
	rel->job = task->job;
	rel->flags = cpu->task_flags;
	rel->cb_in = cb_in;
	rel->isr = cpu->isr;
	if (!cpu->in_isr)
		rel->isr.ns = RTLAT_UNSEEN;
	rel->overlap = rtlat_overlap(cpu, rel->expiry_ns,
				     cpu->in_isr ? rel->isr.ns : cb_in.ns);
	rel->migrated_timer = smp_processor_id() != cpu->id;
	rel->migrated_job = false;
	rtlat_step(task, 1);
	task->armed = false;
	task->released_ns = rel->expiry_ns;
	task->stats.released++;

	if (fresh) {
		task->key = rtlat_key(task, rel->expiry_ns);
		rel->sched.ns = RTLAT_UNSEEN;
		rel->swtch.ns = RTLAT_UNSEEN;
		rel->cxs.ns = RTLAT_UNSEEN;
		cpu->waiting |= 1ULL << task->index;
		if (cpu->done_ns > rel->expiry_ns &&
		    rtlat_waited(task, cpu->done_key))
			cpu->queued |= 1ULL << task->index;
		task->first_switch = true;
		task->faulted = false;
	}
	atomic_inc(&task->pending);
	return rel;
}

/**
 * rtlat_release_rehearse - a release that releases nothing, see own.c
 * @task: task, without a job
 *
 * Interrupts off, on the task's CPU.
 */
void rtlat_release_rehearse(struct rtlat_task *task)
{
	struct rtlat_stamp cb_in = rtlat_stamp(task->cpu);
	struct rtlat_release *rel = rtlat_release_note(task, cb_in, true);

	rel->cb_out = rtlat_stamp(task->cpu);
}

/**
 * rtlat_release_fn - the release of a job
 * @timer: the task's
 *
 * Hard interrupt context on the task's CPU. The first and the last thing it
 * does is to take a stamp; between them is what a release costs.
 *
 * Return: whether it armed the next one, as arm=callback does.
 */
enum hrtimer_restart rtlat_release_fn(struct hrtimer *timer)
{
	struct rtlat_task *task = container_of(timer, struct rtlat_task, timer);
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_stamp cb_in = rtlat_stamp(cpu);
	const struct rtlat_config *cfg = &cpu->run->cfg;
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	const bool fresh = !atomic_read(&task->pending);
	struct rtlat_release *rel = rtlat_release_note(task, cb_in, fresh);

	if (fresh) {
		if (cfg->fault_exit)
			rtlat_fault_exit(cfg->fault_exit);
		if (rtlat_faults())
			rtlat_fault_callback(cpu, rel->job);
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
	if (!fresh)
		rtlat_overrun(task);
	return restart;
}

/* Burns CPU time of the job's own. */
static void rtlat_consume(const struct rtlat_task *task, u64 from_ns)
{
	u64 now_ns;

	while (task->exec_ns &&
	       rtlat_cpu_time(task, from_ns, &now_ns) < task->exec_ns)
		;
}

/**
 * rtlat_arm - arm the next release
 * @task: task
 * @first: the first one of the schedule, of which nothing is measured
 *
 * arm=job, and the first release. In the task's thread, on its CPU.
 */
void rtlat_arm(struct rtlat_task *task, bool first)
{
	const struct hrtimer *timer = &task->timer;
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_sample sample = {
		.metric = RTLAT_ARM_OVERHEAD,
		.task = task->id,
	};
	struct rtlat_stamp before, after;
	bool more;

	/* a job that came between would be counted as the timer's latency */
	preempt_disable();
	more = rtlat_more(task);
	before = rtlat_stamp(cpu);
	if (unlikely(task->next_ns <= before.ns)) {
		rtlat_skip_passed(task, before.ns);
		more = rtlat_more(task);
		before = rtlat_stamp(cpu);
	}
	if (!more) {
		preempt_enable();
		return;
	}
	sample.job = task->job;
	task->armed = true;
	if (!first)
		rtlat_fault_job(cpu, RTLAT_FAULT_ARM, task->job);
	hrtimer_start(&task->timer, ns_to_ktime(task->next_ns),
		      HRTIMER_MODE_ABS_PINNED_HARD);
	after = rtlat_stamp(cpu);
	/* else an earlier timer was pending: nothing was programmed */
	if (timer->base->cpu_base->next_timer == timer)
		sample.flags = RTLAT_F_REPROGRAMMED;
	if (!first)
		cpu->ledger[RTLAT_ARM_OVERHEAD].attempted++;
	preempt_enable();
	if (first)
		return;
	rtlat_interval(&sample, &before, &after, 0);
	rtlat_account(cpu, &sample);
}

/* The body of a job: what it was released for, and the next release. */
static void rtlat_execute(struct rtlat_task *task, u64 expiry_ns, u64 start_ns)
{
	struct rtlat_cpu *cpu = task->cpu;

	rtlat_consume(task, start_ns);
	rtlat_job_ended(task, expiry_ns, start_ns);
	if (raw_smp_processor_id() != cpu->id)
		rtlat_task_moved(task);
	if (cpu->run->cfg.arm == RTLAT_ARM_JOB)
		rtlat_arm(task, false);
}

/**
 * rtlat_judge - enter everything that a started job leaves behind
 * @cpu: CPU
 * @rel: its release, complete
 *
 * Task context, after the job's last stamp.
 */
void rtlat_judge(struct rtlat_cpu *cpu, const struct rtlat_release *rel)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES] rtlat_uninitialized;
	unsigned int n = rtlat_intervals_job(rel, samples);
	int sum;

	rtlat_account_all(cpu, samples, n);
	sum = rtlat_intervals_sum(samples, n);
	if (sum < 0)
		return;
	local_irq_disable();
	cpu->sum_checked++;
	cpu->sum_failed += !sum;
	local_irq_enable();
}

/**
 * rtlat_job_begin - the first pending job begins
 * @task: its task
 * @start: what may be its first instant. It is when nothing of the release came
 *	after it: the release itself, or a switch away and back. Else the job begins
 *	now.
 *
 * Task context, on the task's CPU.
 */
void rtlat_job_begin(struct rtlat_task *task, struct rtlat_stamp start)
{
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_release *rel = &task->rel;
	const u64 bit = 1ULL << task->index;

	rel->migrated_job = raw_smp_processor_id() != cpu->id;
	local_irq_disable();
	if (unlikely(rtlat_start_early(rel, &start)))
		start = rtlat_job_stamp(task);
	rel->start = start;
	if (cpu->queued & bit)
		rel->flags |= RTLAT_F_QUEUED;
	cpu->queued &= ~bit;
	cpu->waiting &= ~bit;
	/* it may have been released while it was still running: no switch then */
	task->first_switch = false;
	local_irq_enable();
}

/**
 * rtlat_job_next - a job is over: is there another one to do at once
 * @task: its task
 * @expiry_ns: receives the expiry of its release. Taken from that of the last
 *	release: too late by what was skipped between the two.
 * @start_ns: receives its first instant
 *
 * Releases that found a job still running are served back to back. Task
 * context.
 *
 * Return: whether there is; it has begun then.
 */
bool rtlat_job_next(struct rtlat_task *task, u64 *expiry_ns, u64 *start_ns)
{
	const struct rtlat_cpu *cpu = task->cpu;
	int pending;

	while (atomic_dec_return(&task->pending)) {
		if (READ_ONCE(cpu->run->stopping) || READ_ONCE(cpu->ended))
			continue;
		local_irq_disable();
		pending = atomic_read(&task->pending);
		*expiry_ns = task->released_ns - (pending - 1) * task->period_ns;
		task->key = rtlat_key(task, *expiry_ns);
		/* together: what is taken must be taken from this job */
		task->taken_before_ns = task->taken_ns;
		*start_ns = rtlat_clock_ns();
		local_irq_enable();
		return true;
	}
	return false;
}

static void rtlat_job(struct rtlat_task *task, struct rtlat_stamp start)
{
	struct rtlat_cpu *cpu = task->cpu;
	u64 expiry_ns, start_ns;

	if (raw_smp_processor_id() != cpu->id)
		rtlat_task_moved(task);
	rtlat_job_begin(task, start);
	rtlat_execute(task, task->rel.expiry_ns, task->rel.start.ns);
	rtlat_judge(cpu, &task->rel);
	rtlat_account_flush(cpu);
	rtlat_completed(task);
	while (rtlat_job_next(task, &expiry_ns, &start_ns)) {
		rtlat_execute(task, expiry_ns, start_ns);
		rtlat_completed(task);
		/* jobs longer than a period: the CPU is the kernel's, too */
		cond_resched();
	}
}

/* Return: a release is pending, and @start is the job's first instant. */
static bool rtlat_wait_release(struct rtlat_task *task,
			       struct rtlat_stamp *start)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (atomic_read(&task->pending)) {
			*start = rtlat_job_stamp(task);
			break;
		}
		if (kthread_should_stop())
			break;
		schedule();
		*start = rtlat_job_stamp(task);
		if (atomic_read(&task->pending))
			break;
	}
	__set_current_state(TASK_RUNNING);
	return atomic_read(&task->pending);
}

/**
 * rtlat_idle - is the task's schedule over and served
 * @task: task
 *
 * In the task's thread.
 *
 * Return: whether it is.
 */
bool rtlat_idle(const struct rtlat_task *task)
{
	return !task->armed && !atomic_read(&task->pending) && !rtlat_more(task);
}

/**
 * rtlat_job_thread - a task's thread
 * @data: struct rtlat_task
 *
 * Return: 0, when it was stopped; then the task's timer is not programmed and
 * every release of it has its outcome.
 */
int rtlat_job_thread(void *data)
{
	struct rtlat_task *task = data;
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_stamp start = { };

	/* rtlat_timer_go() sets the schedule, or the run never starts */
	rtlat_thread_wait(&task->go);
	if (!task->go)
		return 0;

	rtlat_arm(task, true);
	for (;;) {
		if (rtlat_idle(task))
			rtlat_task_finished(task);
		if (!rtlat_wait_release(task, &start))
			break;
		rtlat_job(task, start);
		/* the next release may have come already: nothing sleeps then */
		cond_resched();
	}

	/* stopped: what is programmed is cancelled, what was released runs */
	hrtimer_cancel(&task->timer);
	if (atomic_read(&task->pending))
		rtlat_job(task, rtlat_job_stamp(task));
	if (task->armed)
		rtlat_account_line(cpu, RTLAT_EXPIRY_METRICS,
				   RTLAT_L_CANCELLED, 1);
	return 0;
}
