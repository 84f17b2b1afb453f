// SPDX-License-Identifier: GPL-2.0
/* Intervals measured again, job by job, from the kernel's own events. Pure. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "recount/recount.h"

const char *const recount_stamp_names[NR_STAMPS] = {
#define RTLAT_X(NAME, name) name,
	RECOUNT_BORDERS(RTLAT_X)
#undef RTLAT_X
};

const char *const recount_interval_names[NR_BETWEEN] = {
#define RTLAT_X(NAME, name, from, to) name,
	RECOUNT_INTERVALS(RTLAT_X)
#undef RTLAT_X
};

static const struct {
	enum recount_stamp from;
	enum recount_stamp to;
} between[NR_BETWEEN] = {
#define RTLAT_X(NAME, name, from, to) { STAMP_##from, STAMP_##to },
	RECOUNT_INTERVALS(RTLAT_X)
#undef RTLAT_X
};

/*
 * A job in both views.
 *
 * @task: index of its task
 * @number: of the job
 * @raw: the kernel's stamps, 0: none
 * @ours: rtlat's, likewise
 * @sample_ns: rtlat's samples of it, by metric
 * @have: bit mask of those that are there
 */
struct job {
	size_t task;
	u64 number;
	u64 raw[NR_STAMPS];
	u64 ours[NR_STAMPS];
	u64 sample_ns[RTLAT_NR_METRICS];
	u32 have;
};

struct jobs {
	struct job *job;
	size_t nr;
};

static int by_job(const void *left, const void *right)
{
	const struct job *a = left, *b = right;

	if (a->task != b->task)
		return a->task < b->task ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* What is known of a task on the way through the trace. */
struct progress_of {
	u64 expires_ns;
	struct job *running;	/* its release's function runs */
	struct job *asleep;	/* was released while its thread slept */
	bool awake;
};

struct follower {
	const struct recount_tasks *tasks;
	struct progress_of *of;
	u64 *isr_ns;
	struct jobs *jobs;
};

static void expired(struct follower *follower, const struct raw_event *event,
		    size_t index)
{
	struct progress_of *of = &follower->of[index];
	const struct recount_task *task = &follower->tasks->task[index];
	struct job *job;

	of->running = NULL;
	of->asleep = NULL;
	if (!of->expires_ns)
		return;
	job = &follower->jobs->job[follower->jobs->nr++];
	job->task = index;
	job->number = (of->expires_ns - follower->tasks->first_ns) /
		      task->period_ns;
	job->raw[STAMP_EXPIRY] = of->expires_ns;
	job->raw[STAMP_ISR] = follower->isr_ns[event->cpu];
	job->raw[STAMP_CALLBACK] = event->ns;
	of->expires_ns = 0;
	of->running = job;
	if (!of->awake)
		of->asleep = job;
	of->awake = true;
}

static void follow(struct follower *follower, const struct raw_event *event)
{
	const struct recount_tasks *tasks = follower->tasks;
	const struct recount_task *task;
	struct progress_of *of;

	switch (event->kind) {
	case RAW_TIMER_ENTRY:
		follower->isr_ns[event->cpu] = event->ns;
		return;
	case RAW_SWITCH:
		task = recount_task_of_pid(tasks, event->pid);
		if (task && event->flags & RAW_F_SLEEPS)
			follower->of[task - tasks->task].awake = false;
		task = recount_task_of_pid(tasks, event->to);
		if (!task)
			return;
		of = &follower->of[task - tasks->task];
		if (of->asleep)
			of->asleep->raw[STAMP_SWITCH] = event->ns;
		of->asleep = NULL;
		return;
	case RAW_TIMER_START:
	case RAW_EXPIRE_ENTRY:
	case RAW_EXPIRE_EXIT:
		break;
	default:
		return;
	}
	task = recount_task_of_timer(tasks, event->timer);
	if (!task)
		return;
	of = &follower->of[task - tasks->task];
	if (event->kind == RAW_TIMER_START) {
		of->expires_ns = event->expires_ns;
	} else if (event->kind == RAW_EXPIRE_ENTRY) {
		expired(follower, event, (size_t)(task - tasks->task));
	} else if (of->running) {
		of->running->raw[STAMP_RETURN] = event->ns;
		of->running = NULL;
	}
}

/*
 * How far apart the stamps are is known from half of the jobs; the others are
 * compared. In no rhythm: what lies between an event and rtlat's stamp depends on
 * whether the recorder waits for more (38 instructions), and that on the schedule.
 */
static bool tells_distance(size_t index)
{
	return (u32)index * 2654435761U >> 31;
}

/* All releases, with the kernel's stamps. */
static void find_jobs(struct jobs *jobs, const struct trace_run *run,
		      const struct recount_tasks *tasks)
{
	struct follower follower = {
		.tasks = tasks,
		.of = xcalloc(tasks->nr, sizeof(struct progress_of)),
		.isr_ns = xcalloc(tasks->nr_cpus, sizeof(u64)),
		.jobs = jobs,
	};
	size_t i, nr = 0;

	for (i = 0; i < tasks->nr; i++)
		nr += tasks->task[i].served;
	jobs->job = xcalloc(nr + 1, sizeof(*jobs->job));
	for (i = 0; i < run->nr_raw; i++)
		follow(&follower, &run->raw[i]);
	qsort(jobs->job, jobs->nr, sizeof(*jobs->job), by_job);
	free(follower.isr_ns);
	free(follower.of);
}

/* Index of the task with a number; tasks->nr when there is none. */
static size_t task_by_id(const struct recount_tasks *tasks, u32 id)
{
	size_t i;

	for (i = 0; i < tasks->nr; i++)
		if (tasks->task[i].id == id)
			break;
	return i;
}

/* rtlat's samples, each to its job. */
static void add_samples(struct jobs *jobs, const struct trace_run *run,
			const struct recount_tasks *tasks)
{
	struct job key = { .task = 0 }, *job;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		const struct sample *sample = &run->samples[i];

		if (sample->flags & RTLAT_F_RESUMED)
			continue;
		key.task = task_by_id(tasks, sample->task);
		key.number = sample->job;
		job = bsearch(&key, jobs->job, jobs->nr, sizeof(key), by_job);
		if (!job)
			continue;
		job->sample_ns[sample->metric] = sample->duration_ns;
		job->have |= 1U << sample->metric;
		if (sample->metric == RTLAT_RELEASE_LATENCY)
			job->ours[STAMP_EXPIRY] = sample->start_ns;
	}
}

static bool have(const struct job *job, unsigned int metric)
{
	return job->have & 1U << metric;
}

/* From samples that follow one another to stamps. */
static void set_stamps(struct job *job)
{
	const u64 *ns = job->sample_ns;
	u64 *ours = job->ours;

	if (!ours[STAMP_EXPIRY])
		return;
	if (have(job, RTLAT_EVENT_LATENCY))
		ours[STAMP_ISR] = ours[STAMP_EXPIRY] + ns[RTLAT_EVENT_LATENCY];
	ours[STAMP_CALLBACK] = ours[STAMP_EXPIRY] + ns[RTLAT_RELEASE_LATENCY];
	if (!have(job, RTLAT_RELEASE_OVERHEAD))
		return;
	ours[STAMP_RETURN] = ours[STAMP_CALLBACK] + ns[RTLAT_RELEASE_OVERHEAD];
	if (have(job, RTLAT_WAKE_GAP) && have(job, RTLAT_SCHED_OVERHEAD))
		ours[STAMP_SWITCH] = ours[STAMP_RETURN] + ns[RTLAT_WAKE_GAP] +
				     ns[RTLAT_SCHED_OVERHEAD];
}

static bool both(const struct job *job, enum recount_stamp stamp)
{
	return job->raw[stamp] && job->ours[stamp];
}

/* Stamps that are ages apart are only so far apart that three can be added. */
#define AGES_NS		(1LL << 60)

static s64 distance(const struct job *job, enum recount_stamp stamp)
{
	const s64 apart = (s64)(job->ours[stamp] - job->raw[stamp]);

	if (apart > AGES_NS)
		return AGES_NS;
	return apart < -AGES_NS ? -AGES_NS : apart;
}

static int by_value(const void *left, const void *right)
{
	const s64 a = *(const s64 *)left, b = *(const s64 *)right;

	return a < b ? -1 : a > b;
}

static void find_border(struct recount_border *border, double *known,
			const struct jobs *jobs, enum recount_stamp stamp)
{
	s64 *value = xcalloc(jobs->nr + 1, sizeof(*value));
	size_t i, nr = 0;
	double sum = 0;

	for (i = 0; i < jobs->nr; i++) {
		const struct job *job = &jobs->job[i];
		s64 apart;

		if (!both(job, stamp))
			continue;
		apart = distance(job, stamp);
		if (!border->n || apart < border->min)
			border->min = apart;
		if (!border->n || apart > border->max)
			border->max = apart;
		border->n++;
		if (!tells_distance(i))
			continue;
		value[nr++] = apart;
		sum += (double)apart;
	}
	qsort(value, nr, sizeof(*value), by_value);
	border->median = nr ? value[nr / 2] : 0;
	*known = nr ? sum / (double)nr : 0;
	free(value);
}

static void compare_interval(struct recount *recount, const struct jobs *jobs,
			     const double known[NR_STAMPS],
			     enum recount_between which,
			     const struct recount_limits *limits)
{
	struct recount_interval *interval = &recount->interval[which];
	const enum recount_stamp from = between[which].from;
	const enum recount_stamp to = between[which].to;
	const double apart = known[to] - known[from];
	double ours = 0, raw = 0, n;
	size_t i;

	for (i = 0; i < jobs->nr; i++) {
		const struct job *job = &jobs->job[i];
		s64 off;

		if (tells_distance(i) || !both(job, from) || !both(job, to))
			continue;
		off = distance(job, to) - distance(job, from) - (s64)apart;
		if (llabs(off) > llabs(interval->largest))
			interval->largest = off;
		ours += (double)(s64)(job->ours[to] - job->ours[from]);
		raw += (double)(s64)(job->raw[to] - job->raw[from]);
		interval->n++;
	}
	if (!interval->n)
		return;
	n = (double)interval->n;
	interval->ours = ours / n;
	interval->raw = raw / n;
	interval->recomputed = interval->raw + apart;
	interval->within = fabs(interval->recomputed - interval->ours) <=
			   interval->ours * limits->percent / 100;
	recount->times_differ += !interval->within;
}

/**
 * recount_times - measure the intervals again
 * @recount: receives borders and intervals
 * @run: the run, with the kernel's events
 * @tasks: its tasks
 * @limits: what is allowed
 */
void recount_times(struct recount *recount, const struct trace_run *run,
		   const struct recount_tasks *tasks,
		   const struct recount_limits *limits)
{
	struct jobs jobs = { NULL, 0 };
	double known[NR_STAMPS];
	unsigned int i;
	size_t j;

	find_jobs(&jobs, run, tasks);
	add_samples(&jobs, run, tasks);
	for (j = 0; j < jobs.nr; j++) {
		struct job *job = &jobs.job[j];

		set_stamps(job);
		if (!both(job, STAMP_EXPIRY))
			continue;
		recount->jobs++;
		recount->other_expiry += !!distance(job, STAMP_EXPIRY);
	}
	if (recount->other_expiry)
		recount_remark(recount,
			       "%" PRIu64 " of %" PRIu64
			       " releases: another expiry in the samples than in the kernel's timer",
			       recount->other_expiry, recount->jobs);
	for (i = 0; i < NR_STAMPS; i++) {
		struct recount_border *border = &recount->border[i];

		find_border(border, &known[i], &jobs, i);
		recount->times_differ += (u64)llabs(border->median) >
					 limits->distance_ns;
	}
	for (i = 0; i < NR_BETWEEN; i++)
		compare_interval(recount, &jobs, known, i, limits);
	if (!recount->interval[BETWEEN_RELEASE].n)
		recount_remark(recount,
			       "no release in both views: no times to compare");
	free(jobs.job);
}
