// SPDX-License-Identifier: GPL-2.0
/* What became of the jobs of each task: the file tasks. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "module/params.h"
#include "module/taskset.h"
#include "stats/task-lines.h"

#define MAX_CPUS	8192
#define MAX_TASKS	(MAX_CPUS * RTLAT_MAX_TASKS)

/* What is counted for each task, and summed up. */
static const struct {
	const char *key;
	size_t offset;
} counts[] = {
	{ "released", offsetof(struct task_totals, released) },
	{ "completed", offsetof(struct task_totals, completed) },
	{ "missed", offsetof(struct task_totals, missed) },
	{ "overrun", offsetof(struct task_totals, overrun) },
	{ "skipped", offsetof(struct task_totals, skipped) },
	{ "throttled", offsetof(struct task_totals, throttled) },
};

struct reader {
	struct task_totals *totals;
	bool *task_seen;
	bool *cpu_seen;
};

static int need_name(const struct textline *line, const char *key,
		     const char *const *names, unsigned int nr,
		     struct problem *problem)
{
	const char *name;
	unsigned int i;

	if (textline_need(line, key, &name, problem))
		return -EINVAL;
	for (i = 0; i < nr; i++)
		if (!strcmp(name, names[i]))
			return 0;
	return problem_set(problem, "%s line %u: %s=%s is not known",
			   line->file, line->number, key, name);
}

/* Each task has one line. */
static int note_task(struct reader *reader, u64 cpu, u64 task,
		     const struct textline *line, struct problem *problem)
{
	if (reader->task_seen[task])
		return problem_set(problem,
				   "%s line %u: task=%" PRIu64 " has a line already",
				   line->file, line->number, task);
	reader->totals->n++;
	reader->totals->nr_cpus += !reader->cpu_seen[cpu];
	reader->task_seen[task] = true;
	reader->cpu_seen[cpu] = true;
	return 0;
}

static int task_line(const struct textline *line, void *data,
		     struct problem *problem)
{
	static const char *const others[] = {
		"prio", "tardiness_sum_ns", "response_max_ns", "cpu_sum_ns",
		"cpu_min_ns", "cpu_max_ns",
	};
	struct reader *reader = data;
	struct task_totals *totals = reader->totals;
	u64 task, cpu, period_ns, exec_ns, tardiness_ns, value;
	size_t i;

	if (textline_max(line, "task", MAX_TASKS - 1, &task, problem) ||
	    textline_max(line, "cpu", MAX_CPUS - 1, &cpu, problem) ||
	    note_task(reader, cpu, task, line, problem) ||
	    need_name(line, "kind", rtlat_task_kind_names, RTLAT_NR_TASK_KINDS,
		      problem) ||
	    need_name(line, "policy", rtlat_policy_names, RTLAT_NR_POLICIES,
		      problem) ||
	    textline_max(line, "period_ns", INT64_MAX, &period_ns, problem) ||
	    textline_max(line, "exec_ns", period_ns, &exec_ns, problem) ||
	    textline_max(line, "tardiness_max_ns", INT64_MAX, &tardiness_ns,
			 problem))
		return -EINVAL;
	if (!period_ns)
		return problem_set(problem, "%s line %u: period_ns=0",
				   line->file, line->number);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (textline_u64(line, others[i], &value, problem))
			return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		u64 *sum = (u64 *)((char *)totals + counts[i].offset);

		if (textline_max(line, counts[i].key, UINT32_MAX, &value,
				 problem))
			return -EINVAL;
		*sum += value;
	}
	if (tardiness_ns > totals->tardiness_max_ns)
		totals->tardiness_max_ns = tardiness_ns;
	totals->utilisation_ppb += (u64)((__uint128_t)exec_ns *
					 RTLAT_PPB / period_ns);
	return 0;
}

/**
 * tasks_read - the tasks of a run from the module's text
 * @totals: receives them together
 * @text: text of the file tasks
 * @problem: receives the first thing that is wrong
 *
 * Return: 0 or -EINVAL.
 */
int tasks_read(struct task_totals *totals, const char *text,
	       struct problem *problem)
{
	struct reader reader = { .totals = totals };
	int ret;

	memset(totals, 0, sizeof(*totals));
	reader.task_seen = xcalloc(MAX_TASKS, sizeof(*reader.task_seen));
	reader.cpu_seen = xcalloc(MAX_CPUS, sizeof(*reader.cpu_seen));
	ret = text_each_line("tasks", text, task_line, &reader, problem);
	free(reader.cpu_seen);
	free(reader.task_seen);
	return ret;
}

static int scale_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct task_totals *totals = data;
	u64 ppm;

	if (!textline_get(line, "scale_ppm"))
		return 0;
	if (textline_max(line, "scale_ppm", 1000000, &ppm, problem))
		return -EINVAL;
	if (!ppm)
		return problem_set(problem, "%s line %u: scale_ppm=0",
				   line->file, line->number);
	if (!totals->scale_ppm || ppm < totals->scale_ppm)
		totals->scale_ppm = ppm;
	return 0;
}

/**
 * tasks_read_scale - how far a task set was scaled down
 * @totals: receives the smallest scale of its CPUs
 * @taskset: text of the file taskset
 * @problem: receives the first thing that is wrong
 *
 * Return: 0 or -EINVAL.
 */
int tasks_read_scale(struct task_totals *totals, const char *taskset,
		     struct problem *problem)
{
	totals->scale_ppm = 0;
	if (text_each_line("taskset", taskset, scale_line, totals, problem))
		return -EINVAL;
	return totals->scale_ppm ? 0 :
	       problem_set(problem, "taskset: no scale_ppm= in it");
}

/**
 * tasks_check - do the tasks' counts fit the ledger?
 * @totals: all tasks
 * @figures: figures of the same run
 * @problem: receives the first contradiction
 *
 * Every expiry of the release schedule that was not cancelled was either
 * released or skipped.
 *
 * Return: 0 or -EINVAL.
 */
int tasks_check(const struct task_totals *totals, const struct figures *figures,
		struct problem *problem)
{
	const struct ledger *ledger = &figures->ledger[RTLAT_EVENT_LATENCY];
	const u64 due = ledger->attempted - ledger->line[RTLAT_L_CANCELLED];

	if (!totals->n)
		return problem_set(problem, "tasks: no tasks in it");
	if (totals->released + totals->skipped != due)
		return problem_set(problem,
			"tasks: %" PRIu64 " released and %" PRIu64
			" skipped; the ledger of %s has %" PRIu64
			" attempted less %" PRIu64 " cancelled",
			totals->released, totals->skipped,
			metric_name(RTLAT_EVENT_LATENCY), ledger->attempted,
			ledger->line[RTLAT_L_CANCELLED]);
	if (totals->completed > totals->released)
		return problem_set(problem,
			"tasks: %" PRIu64 " completed of %" PRIu64 " released",
			totals->completed, totals->released);
	return 0;
}

/**
 * tasks_json - the object "tasks" of a cell
 * @totals: all tasks, or NULL
 *
 * Return: the object, or null.
 */
json_t *tasks_json(const struct task_totals *totals)
{
	json_t *json;
	size_t i;

	if (!totals || !totals->n)
		return json_null();
	json = json_object();
	json_object_set_new(json, "n", json_integer((json_int_t)totals->n));
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		const u64 *sum = (const u64 *)((const char *)totals +
					       counts[i].offset);

		json_object_set_new(json, counts[i].key,
				    json_integer((json_int_t)*sum));
	}
	json_object_set_new(json, "tardiness_max_ns",
			    json_integer((json_int_t)totals->tardiness_max_ns));
	json_object_set_new(json, "utilisation_ppb",
			    json_integer((json_int_t)(totals->utilisation_ppb /
						      totals->nr_cpus)));
	json_object_set_new(json, "scale_ppm", totals->scale_ppm ?
			    json_integer((json_int_t)totals->scale_ppm) :
			    json_null());
	return json;
}
