// SPDX-License-Identifier: GPL-2.0
/* Attempts counted again, and held against the module's ledger. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "recount/recount.h"

/*
 * The kernel's stamp of a switch and the module's differ by less. Whether a job
 * had consumed its CPU time then is not said when it is a matter of so little.
 */
#define DOUBT_NS	2000

/*
 * A task's thread while its switches are counted. A switch to it counts when it
 * has a job to do: when one was released since it was asleep last, and is not
 * done. No event says when a job is done; but not before its CPU time is
 * consumed, nor before what it does last: write its samples down, or start its
 * timer again. A thread that lost the CPU behind all that is in doubt.
 *
 * @awake: released since it went to sleep
 * @in: it has the CPU
 * @seen: it had since it is awake
 * @fresh: released since it lost the CPU
 * @releases: since it is awake
 * @own_ns: CPU time since it is awake
 * @in_ns: when it got the CPU
 * @doubtful: switches since it is awake that are in doubt
 * @switches: those that count
 */
struct thread {
	bool awake;
	bool in;
	bool seen;
	bool fresh;
	u64 releases;
	u64 own_ns;
	u64 in_ns;
	u64 doubtful;
	struct range switches;
};

/*
 * The sender of an IPI run: it sleeps until an instant before its first round, and
 * in each of them.
 *
 * @pid: its thread, which writes down the samples of its targets
 * @timer: of the sleep that it has begun
 * @begun: the sleep before the first round was over
 * @rounds: sleeps that were over after that
 */
struct sender {
	u32 pid;
	u64 timer;
	bool begun;
	u64 rounds;
};

struct counter {
	struct recount *recount;
	const struct recount_tasks *tasks;
	struct thread *threads;
	struct sender *senders;	/* by target */
	u64 *expiring;		/* by CPU: timer whose function runs */
	u64 (*vectors)[NR_RAW_EVENTS];	/* by CPU: entries */
};

static struct thread *thread_of(const struct counter *counter,
				const struct recount_task *task)
{
	return task ? &counter->threads[task - counter->tasks->task] : NULL;
}

static void released(struct thread *thread)
{
	if (!thread->awake) {
		thread->awake = true;
		thread->seen = false;
		thread->releases = 0;
		thread->own_ns = 0;
		thread->doubtful = 0;
	}
	thread->releases++;
	thread->fresh = true;
}

/* It does what a job does: the first since it is awake is not done. */
static void at_work(struct thread *thread)
{
	if (!thread->awake || thread->releases != 1)
		return;
	thread->switches.low += thread->doubtful;
	thread->doubtful = 0;
}

static void switched_out(struct thread *thread, const struct raw_event *event)
{
	if (thread->in)
		thread->own_ns += event->ns - thread->in_ns;
	thread->in = false;
	thread->fresh = false;
	if (event->flags & RAW_F_SLEEPS)
		thread->awake = false;
}

static void switched_in(struct thread *thread, const struct raw_event *event,
			const struct recount_task *task)
{
	const u64 asked_ns = thread->releases * task->exec_ns;

	thread->in = true;
	thread->in_ns = event->ns;
	if (!thread->awake)
		return;
	thread->switches.high++;
	if (!thread->seen || thread->fresh ||
	    thread->own_ns + DOUBT_NS < asked_ns)
		thread->switches.low++;
	else
		thread->doubtful++;
	thread->seen = true;
}

static void count_switch(const struct counter *counter,
			 const struct raw_event *event)
{
	const struct recount_task *task;

	task = recount_task_of_pid(counter->tasks, event->pid);
	if (task && event->cpu == task->cpu)
		switched_out(thread_of(counter, task), event);
	task = recount_task_of_pid(counter->tasks, event->to);
	if (task && event->cpu == task->cpu)
		switched_in(thread_of(counter, task), event, task);
}

static void count_started(const struct counter *counter,
			  const struct raw_event *event)
{
	const struct recount_task *task;
	u32 cpu;

	if (event->flags & RAW_F_IRQ)
		return;
	task = recount_task_of_timer(counter->tasks, event->timer);
	if (task && task->pid == event->pid)
		at_work(thread_of(counter, task));
	if (task || !(event->flags & RAW_F_ABSOLUTE))
		return;
	for (cpu = 0; cpu < counter->tasks->nr_cpus; cpu++)
		if (counter->senders[cpu].pid == event->pid && event->pid)
			counter->senders[cpu].timer = event->timer;
}

/* A round is over when the timer of its sleep wakes the sender. */
static void count_waking(const struct counter *counter,
			 const struct raw_event *event)
{
	const u64 timer = counter->expiring[event->cpu];
	u32 cpu;

	for (cpu = 0; timer && cpu < counter->tasks->nr_cpus; cpu++) {
		struct sender *sender = &counter->senders[cpu];

		if (!sender->pid || sender->pid != event->to ||
		    sender->timer != timer)
			continue;
		sender->rounds += sender->begun;
		sender->begun = true;
		sender->timer = 0;
	}
}

static void count_event(const struct counter *counter,
			const struct raw_event *event)
{
	const struct recount_task *task;

	counter->vectors[event->cpu][event->kind]++;
	switch (event->kind) {
	case RAW_SWITCH:
		count_switch(counter, event);
		break;
	case RAW_WAKING:
		count_waking(counter, event);
		break;
	case RAW_TIMER_START:
		count_started(counter, event);
		break;
	case RAW_EXPIRE_ENTRY:
		counter->expiring[event->cpu] = event->timer;
		task = recount_task_of_timer(counter->tasks, event->timer);
		if (task)
			released(thread_of(counter, task));
		break;
	case RAW_EXPIRE_EXIT:
		counter->expiring[event->cpu] = 0;
		break;
	}
}

/* Who writes down the samples of a target has sent to it. */
static void find_senders(const struct counter *counter,
			 const struct trace_run *run)
{
	size_t i;

	if (counter->tasks->config.mode != RTLAT_MODE_IPI)
		return;
	for (i = 0; i < run->nr_raw; i++) {
		const struct raw_event *event = &run->raw[i];

		if (event->kind == RAW_SAMPLE &&
		    event->to < counter->tasks->nr_cpus)
			counter->senders[event->to].pid = event->pid;
	}
}

/*
 * Expiries of a task's schedule, those that were skipped included. Of the last
 * ones, skipped behind the last that was programmed, no event tells: all that
 * the parameters ask for, if the time for them had come when the thread slept.
 */
static struct range expiries(const struct recount_tasks *tasks,
			     const struct recount_task *task)
{
	const u64 total = recount_task_total(tasks, task);
	struct range range;
	u64 passed = 0;

	range.low = (task->last_ns - tasks->first_ns) / task->period_ns + 1;
	if (!task->armed && task->slept_ns > task->last_ns)
		passed = (task->slept_ns - task->last_ns) / task->period_ns;
	range.high = range.low + passed;
	if (total && range.high > total)
		range.high = range.low > total ? range.low : total;
	if (tasks->complete && range.high == total)
		range.low = total;
	return range;
}

static void add(struct range *to, const struct range *more)
{
	to->low += more->low;
	to->high += more->high;
}

static void add_one(struct range *to, u64 more)
{
	to->low += more;
	to->high += more;
}

enum {
	WHAT_ATTEMPTED,
	WHAT_SKIPPED,
	NR_WHATS,
};

static const char *const what_names[NR_WHATS] = { "attempted", "skipped" };

static bool is_switch(unsigned int metric)
{
	return metric == RTLAT_SCHED_OVERHEAD || metric == RTLAT_CXS_OVERHEAD;
}

static bool of_expiry(unsigned int metric)
{
	return !is_switch(metric) && metric != RTLAT_ARM_OVERHEAD &&
	       metric != RTLAT_IPI_LATENCY;
}

static struct range of_task(const struct counter *counter,
			    const struct recount_task *task,
			    unsigned int metric, unsigned int what)
{
	struct range range = { 0, 0 };
	u64 seen;

	if (is_switch(metric))
		return thread_of(counter, task)->switches;
	if (metric == RTLAT_ARM_OVERHEAD) {
		/* nothing is measured of the first one */
		add_one(&range, task->arms - 1);
		return range;
	}
	range = expiries(counter->tasks, task);
	if (what == WHAT_ATTEMPTED)
		return range;
	seen = task->served + task->armed;
	range.low -= seen < range.low ? seen : range.low;
	range.high -= seen < range.high ? seen : range.high;
	return range;
}

static struct range recounted(const struct counter *counter, u32 cpu,
			      unsigned int metric, unsigned int what)
{
	const struct recount_tasks *tasks = counter->tasks;
	struct range sum = { 0, 0 }, one;
	size_t i;

	if (metric == RTLAT_IPI_LATENCY) {
		if (cpu >= tasks->nr_cpus)
			return sum;
		add_one(&sum, counter->senders[cpu].rounds);
		/* one that was stopped in its last round does not sleep any more */
		sum.high += !tasks->complete;
		return sum;
	}
	for (i = 0; i < tasks->nr; i++) {
		if (tasks->task[i].cpu != cpu || !tasks->task[i].arms)
			continue;
		one = of_task(counter, &tasks->task[i], metric, what);
		add(&sum, &one);
	}
	return sum;
}

static void add_row(struct recount *recount, u32 cpu, unsigned int metric,
		    const char *what, u64 module, struct range range)
{
	struct recount_row *row;

	recount->row = xrealloc(recount->row, (recount->nr_rows + 1) *
				sizeof(*recount->row));
	row = &recount->row[recount->nr_rows++];
	*row = (struct recount_row) {
		.cpu = cpu,
		.metric = metric,
		.what = what,
		.module = module,
		.recounted = range,
		.equal = module >= range.low && module <= range.high,
	};
	recount->counts_differ += !row->equal;
}

/* Every IPI that arrived is an entry of its vector on the target; others', too. */
static void add_vectors(const struct counter *counter, u32 cpu, u64 arrived)
{
	static const enum raw_kind vectors[RTLAT_NR_IPI_KINDS] = {
		[RTLAT_IPI_RESCHED] = RAW_RESCHEDULE_ENTRY,
		[RTLAT_IPI_CALL_SINGLE] = RAW_CALL_SINGLE_ENTRY,
		[RTLAT_IPI_CALL_MANY] = RAW_CALL_MANY_ENTRY,
		[RTLAT_IPI_SELF] = RAW_IRQ_WORK_ENTRY,
	};
	const enum raw_kind vector = vectors[counter->tasks->config.ipi_kind];
	u64 entries = cpu < counter->tasks->nr_cpus ?
		      counter->vectors[cpu][vector] : 0;

	if (entries >= arrived)
		return;
	recount_remark(counter->recount,
		       "CPU %u: %" PRIu64 " IPIs have arrived by the module, but there are %" PRIu64
		       " entries of their vector (%s:%s)",
		       cpu, arrived, entries, raw_names[vector].system,
		       raw_names[vector].event);
}

static int ledger_line(const struct textline *line, void *data,
		       struct problem *problem)
{
	struct counter *counter = data;
	u64 cpu, value[NR_WHATS], kept, interrupted;
	unsigned int what;
	int metric;

	if (textline_max(line, "cpu", CPULIST_MAX - 1, &cpu, problem) ||
	    line_metric(line, &metric, problem) ||
	    textline_u64(line, "kept", &kept, problem) ||
	    textline_u64(line, "interrupted", &interrupted, problem))
		return -EINVAL;
	for (what = 0; what < NR_WHATS; what++) {
		if (textline_u64(line, what_names[what], &value[what], problem))
			return -EINVAL;
		if (what != WHAT_ATTEMPTED && !of_expiry((unsigned int)metric))
			continue;
		add_row(counter->recount, (u32)cpu, (unsigned int)metric,
			what_names[what], value[what],
			recounted(counter, (u32)cpu, (unsigned int)metric,
				  what));
	}
	if (metric == RTLAT_IPI_LATENCY)
		add_vectors(counter, (u32)cpu, kept + interrupted);
	return 0;
}

static void remark_tasks(const struct counter *counter)
{
	const struct recount_tasks *tasks = counter->tasks;
	size_t i, row;

	for (i = 0; i < tasks->nr; i++) {
		const struct recount_task *task = &tasks->task[i];

		if (task->off_schedule)
			recount_remark(counter->recount,
				       "task %u: %" PRIu64 " of its %" PRIu64
				       " expiries are not on its schedule",
				       task->id, task->off_schedule,
				       task->arms);
		for (row = 0; row < counter->recount->nr_rows; row++)
			if (counter->recount->row[row].cpu == task->cpu)
				break;
		if (row == counter->recount->nr_rows)
			recount_remark(counter->recount,
				       "task %u ran on CPU %u, of which the ledger has no line",
				       task->id, task->cpu);
	}
}

/**
 * recount_counts - count the attempts again
 * @recount: receives a row for each number of the module's ledger
 * @run: the run, with the kernel's events
 * @tasks: its tasks
 * @problem: receives what is wrong with the ledger
 *
 * Return: 0 or -EINVAL.
 */
int recount_counts(struct recount *recount, const struct trace_run *run,
		   struct recount_tasks *tasks, struct problem *problem)
{
	struct counter counter = {
		.recount = recount,
		.tasks = tasks,
		.threads = xcalloc(tasks->nr + 1, sizeof(struct thread)),
		.senders = xcalloc(tasks->nr_cpus + 1UL, sizeof(struct sender)),
		.expiring = xcalloc(tasks->nr_cpus + 1UL, sizeof(u64)),
		.vectors = xcalloc(tasks->nr_cpus + 1UL,
				   sizeof(*counter.vectors)),
	};
	size_t i;
	int ret;

	find_senders(&counter, run);
	for (i = 0; i < run->nr_raw; i++) {
		const struct raw_event *event = &run->raw[i];
		const struct recount_task *task;

		if (event->kind < NR_RAW_EVENTS) {
			count_event(&counter, event);
		} else if (event->kind == RAW_SAMPLE) {
			task = recount_task_of_pid(tasks, event->pid);
			if (task)
				at_work(thread_of(&counter, task));
		}
	}
	ret = text_each_line("the trace's ledger", run->ledger, ledger_line,
			     &counter, problem);
	if (!ret && !recount->nr_rows)
		ret = problem_set(problem, "the trace's ledger: no line");
	if (!ret)
		remark_tasks(&counter);
	free(counter.vectors);
	free(counter.expiring);
	free(counter.senders);
	free(counter.threads);
	return ret;
}
