// SPDX-License-Identifier: GPL-2.0
/* The tasks of a run, found in the kernel's own events. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "recount/tasks.h"
#include "run/taskset-file.h"

/* Who wins a majority of votes, after Boyer and Moore. */
struct majority {
	u32 candidate;
	u64 lead;
};

static void vote(struct majority *majority, u32 for_whom)
{
	if (!majority->lead)
		majority->candidate = for_whom;
	if (majority->candidate == for_whom)
		majority->lead++;
	else
		majority->lead--;
}

static int param_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct rtlat_config *config = data;
	char why[RTLAT_LINE_MAX] = "";

	if (!line->nr || !line->word[0].key)
		return problem_set(problem, "%s line %u: no parameter",
				   line->file, line->number);
	if (!*line->word[0].value ||
	    !rtlat_config_set(config, line->word[0].key, line->word[0].value,
			      why, sizeof(why)))
		return 0;
	return problem_set(problem, "%s line %u: %s", line->file, line->number,
			   why);
}

struct status_words {
	struct recount_tasks *tasks;
	bool cpus;
};

static int status_line(const struct textline *line, void *data,
		       struct problem *problem)
{
	struct status_words *words = data;
	const char *cpus = textline_get(line, "cpus");
	const char *end = textline_get(line, "end");

	if (end)
		words->tasks->complete = !strcmp(end, "complete");
	if (!cpus || words->cpus)
		return 0;
	words->cpus = true;
	return cpulist_parse(&words->tasks->cpus, cpus, problem);
}

/* What was to be run, and on which CPUs. */
static int read_run(struct recount_tasks *tasks, const struct trace_run *run,
		    struct problem *problem)
{
	struct status_words words = { .tasks = tasks };

	rtlat_config_default(&tasks->config);
	if (text_each_line("the trace's parameters", run->params, param_line,
			   &tasks->config, problem) ||
	    text_each_line("the trace's status", run->status, status_line,
			   &words, problem))
		return -EINVAL;
	if (!words.cpus)
		return problem_set(problem, "the trace's status: cpus= is missing");
	return 0;
}

static int by_number(const void *left, const void *right)
{
	const u64 a = *(const u64 *)left, b = *(const u64 *)right;

	return a < b ? -1 : a > b;
}

static int by_pid(const void *left, const void *right)
{
	const struct recount_task *a = *(struct recount_task *const *)left;
	const struct recount_task *b = *(struct recount_task *const *)right;

	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

/* Every timer whose function is that of releases is a task's. */
static void find_timers(struct recount_tasks *tasks, const struct trace_run *run)
{
	u64 *timers = xcalloc(run->nr_raw + 1, sizeof(*timers));
	size_t i, nr = 0;

	for (i = 0; i < run->nr_raw; i++) {
		const struct raw_event *event = &run->raw[i];

		if (event->cpu >= tasks->nr_cpus)
			tasks->nr_cpus = event->cpu + 1U;
		if (event->flags & RAW_F_RELEASE)
			timers[nr++] = event->timer;
	}
	qsort(timers, nr, sizeof(*timers), by_number);
	tasks->task = xcalloc(nr + 1, sizeof(*tasks->task));
	for (i = 0; i < nr; i++)
		if (!i || timers[i] != timers[i - 1])
			tasks->task[tasks->nr++].timer = timers[i];
	free(timers);
}

/**
 * recount_task_of_timer - the task that a timer releases
 * @tasks: tasks
 * @timer: its address
 *
 * Return: the task, or NULL.
 */
struct recount_task *recount_task_of_timer(const struct recount_tasks *tasks,
					   u64 timer)
{
	size_t low = 0, high = tasks->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tasks->task[middle].timer < timer)
			low = middle + 1;
		else
			high = middle;
	}
	return low < tasks->nr && tasks->task[low].timer == timer ?
	       &tasks->task[low] : NULL;
}

/**
 * recount_task_of_pid - the task that a thread is
 * @tasks: tasks
 * @pid: the thread
 *
 * Return: the task, or NULL.
 */
struct recount_task *recount_task_of_pid(const struct recount_tasks *tasks,
					 u32 pid)
{
	size_t low = 0, high = tasks->by_pid ? tasks->nr : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tasks->by_pid[middle]->pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return pid && low < tasks->nr && tasks->by_pid &&
	       tasks->by_pid[low]->pid == pid ? tasks->by_pid[low] : NULL;
}

/*
 * A task's thread is the one that is woken within its timer's expiries. One
 * that is not asleep is not woken, but no thread never sleeps.
 */
static int find_threads(struct recount_tasks *tasks, const struct trace_run *run,
			struct problem *problem)
{
	struct recount_task **in = xcalloc(tasks->nr_cpus, sizeof(struct recount_task *));
	int ret = 0;
	size_t i;

	for (i = 0; i < run->nr_raw && !ret; i++) {
		const struct raw_event *event = &run->raw[i];
		struct recount_task *task;

		switch (event->kind) {
		case RAW_EXPIRE_ENTRY:
			in[event->cpu] = recount_task_of_timer(tasks,
							       event->timer);
			break;
		case RAW_EXPIRE_EXIT:
			in[event->cpu] = NULL;
			break;
		case RAW_WAKING:
			task = in[event->cpu];
			if (!task || task->pid == event->to)
				break;
			if (task->pid)
				ret = problem_set(problem,
						  "a release wakes two threads, %u and %u",
						  task->pid, event->to);
			task->pid = event->to;
			break;
		}
	}
	free(in);
	tasks->by_pid = xcalloc(tasks->nr + 1, sizeof(struct recount_task *));
	for (i = 0; i < tasks->nr; i++)
		tasks->by_pid[i] = &tasks->task[i];
	qsort(tasks->by_pid, tasks->nr, sizeof(struct recount_task *), by_pid);
	return ret;
}

/* What a thread writes down is mostly of its own task. */
static int find_ids(struct recount_tasks *tasks, const struct trace_run *run,
		    struct problem *problem)
{
	struct majority *votes = xcalloc(tasks->nr + 1, sizeof(*votes));
	u64 *ids = xcalloc(tasks->nr + 1, sizeof(*ids));
	int ret = 0;
	size_t i;

	for (i = 0; i < run->nr_raw; i++) {
		const struct raw_event *event = &run->raw[i];
		const struct recount_task *task;

		if (event->kind != RAW_SAMPLE)
			continue;
		task = recount_task_of_pid(tasks, event->pid);
		if (task)
			vote(&votes[task - tasks->task], event->to);
	}
	for (i = 0; i < tasks->nr && !ret; i++) {
		tasks->task[i].id = votes[i].candidate;
		ids[i] = votes[i].candidate;
		if (!votes[i].lead)
			ret = problem_set(problem,
					  "which task thread %u is cannot be told: it has written no samples",
					  tasks->task[i].pid);
	}
	qsort(ids, tasks->nr, sizeof(*ids), by_number);
	for (i = 1; i < tasks->nr && !ret; i++)
		if (ids[i] == ids[i - 1])
			ret = problem_set(problem,
					  "two threads seem to be task %" PRIu64,
					  ids[i]);
	free(ids);
	free(votes);
	return ret;
}

static int draw_set(const struct recount_tasks *tasks, struct rtlat_taskset *set,
		    struct problem *problem)
{
	const struct rtlat_config *config = &tasks->config;

	*set = (struct rtlat_taskset) {
		.distribution = (u32)config->distribution,
		.tasks_per_cpu = (u32)config->tasks_per_cpu,
		.nr_cpus = tasks->cpus.nr,
		.seed = config->seed,
		.period_percent = (u32)config->period_percent,
	};
	if (set->nr_cpus > TASKSET_MAX_CPUS)
		return problem_set(problem, "a task set for %u CPUs; at most %u",
				   set->nr_cpus, TASKSET_MAX_CPUS);
	taskset_alloc(set);
	if (!rtlat_taskset_make(set))
		return 0;
	return problem_set(problem, "these parameters give no task set");
}

/* Periods and execution times by the parameters. */
static int find_schedule(struct recount_tasks *tasks, struct problem *problem)
{
	const struct rtlat_config *config = &tasks->config;
	const bool drawn = config->mode == RTLAT_MODE_TASKSET;
	struct rtlat_taskset set = { .tasks = NULL };
	u64 nr = config->tasks * tasks->cpus.nr;
	int ret = drawn ? draw_set(tasks, &set, problem) : 0;
	size_t i;

	if (drawn && !ret)
		nr = rtlat_taskset_size(&set);
	for (i = 0; i < tasks->nr && !ret; i++) {
		struct recount_task *task = &tasks->task[i];
		u32 on_cpu = task->id % (u32)config->tasks;

		if (task->id >= nr) {
			ret = problem_set(problem, "task %u: the run has %" PRIu64,
					  task->id, nr);
			break;
		}
		task->period_ns = drawn ? set.tasks[task->id].period_ns :
			rtlat_list_get(&config->period_us, on_cpu) * 1000ULL;
		task->exec_ns = drawn ? set.tasks[task->id].exec_ns :
			rtlat_list_get(&config->exec_us, on_cpu) * 1000ULL;
	}
	taskset_free(&set);
	return ret;
}

/* What became of each timer. The schedule begins with the earliest expiry. */
static void follow_timers(struct recount_tasks *tasks,
			  const struct trace_run *run)
{
	struct recount_task *task;
	size_t i;

	for (i = 0; i < run->nr_raw; i++) {
		const struct raw_event *event = &run->raw[i];

		if (event->kind != RAW_TIMER_START ||
		    !(event->flags & RAW_F_RELEASE))
			continue;
		if (!tasks->first_ns || event->expires_ns < tasks->first_ns)
			tasks->first_ns = event->expires_ns;
	}
	for (i = 0; i < run->nr_raw; i++) {
		const struct raw_event *event = &run->raw[i];

		switch (event->kind) {
		case RAW_TIMER_START:
			task = recount_task_of_timer(tasks, event->timer);
			if (!task)
				break;
			if (!task->arms++) {
				task->first_ns = event->expires_ns;
				task->cpu = event->cpu;
			}
			task->last_ns = event->expires_ns;
			task->armed = true;
			if ((event->expires_ns - tasks->first_ns) %
			    task->period_ns)
				task->off_schedule++;
			break;
		case RAW_EXPIRE_ENTRY:
			task = recount_task_of_timer(tasks, event->timer);
			if (!task)
				break;
			task->served++;
			task->armed = false;
			break;
		case RAW_SWITCH:
			task = recount_task_of_pid(tasks, event->pid);
			if (task && event->flags & RAW_F_SLEEPS)
				task->slept_ns = event->ns;
			break;
		}
	}
}

/**
 * recount_tasks_find - find the tasks of a run
 * @tasks: receives them; recount_tasks_free() them
 * @run: the run, with the kernel's events
 * @problem: receives why they cannot be found
 *
 * Return: 0 or -EINVAL. There are none in a run that releases nothing.
 */
int recount_tasks_find(struct recount_tasks *tasks, const struct trace_run *run,
		       struct problem *problem)
{
	memset(tasks, 0, sizeof(*tasks));
	if (read_run(tasks, run, problem))
		return -EINVAL;
	find_timers(tasks, run);
	if (!rtlat_config_tasks(&tasks->config))
		return 0;
	if (!tasks->nr)
		return problem_set(problem,
			"none of its timers has the function %s: the symbols of the module are not in the trace, or were hidden (kernel.kptr_restrict)",
			RAW_RELEASE_FUNCTION);
	if (find_threads(tasks, run, problem) || find_ids(tasks, run, problem) ||
	    find_schedule(tasks, problem))
		return -EINVAL;
	follow_timers(tasks, run);
	return 0;
}

/**
 * recount_tasks_free - free tasks
 * @tasks: tasks
 */
void recount_tasks_free(struct recount_tasks *tasks)
{
	cpulist_free(&tasks->cpus);
	free(tasks->by_pid);
	free(tasks->task);
	memset(tasks, 0, sizeof(*tasks));
}

/**
 * recount_task_total - expiries of a task's schedule
 * @tasks: tasks
 * @task: the task
 *
 * Return: how many the parameters ask for, 0: as many as there is time for.
 */
u64 recount_task_total(const struct recount_tasks *tasks,
		       const struct recount_task *task)
{
	const u64 length_ns = tasks->config.duration_ms * 1000000;

	if (!length_ns)
		return tasks->config.count;
	return (length_ns + task->period_ns - 1) / task->period_ns;
}
