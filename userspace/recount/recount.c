// SPDX-License-Identifier: GPL-2.0
/*
 * A run counted and measured a second time, from the kernel's own events and
 * the run's parameters alone. Pure.
 */

#include <inttypes.h>
#include <stdlib.h>

#include "recount/recount.h"
#include "run/debugfs.h"

/* Events without which nothing can be counted, in modes that release tasks. */
static const enum raw_kind needed[] = {
	RAW_SWITCH, RAW_WAKING, RAW_TIMER_ENTRY, RAW_TIMER_START,
	RAW_EXPIRE_ENTRY, RAW_EXPIRE_EXIT,
};

/**
 * recount_remark - one more difference, as a line
 * @recount: recount
 * @fmt: printf format
 */
void recount_remark(struct recount *recount, const char *fmt, ...)
{
	char line[RTLAT_LINE_MAX];
	va_list args;
	char *more;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	more = xasprintf("%s%s\n", recount->remark ? recount->remark : "", line);
	free(recount->remark);
	recount->remark = more;
}

/* Can anything be said at all? */
static int check_run(const struct trace_run *run, u64 *events,
		     struct problem *problem)
{
	u64 count[NR_RAW_EVENTS] = { 0 };
	struct module_status status;
	size_t i;

	if (!run->ended || !run->begun)
		return problem_set(problem,
			"the run's %s is not in the trace: it was recorded in part, or records were lost",
			run->begun ? "end" : "beginning");
	if (run->missed)
		return problem_set(problem,
			"the trace lost records of this run: nothing can be counted again (a larger --buffer-kib may help)");
	if (status_parse(&status, run->status, problem))
		return -EINVAL;
	*events = 0;
	for (i = 0; i < run->nr_raw; i++) {
		if (run->raw[i].kind >= NR_RAW_EVENTS)
			continue;
		count[run->raw[i].kind]++;
		++*events;
	}
	if (!*events)
		return problem_set(problem,
			"no events of the kernel in this run: record it with 'rtlat run --trace --raw' or 'rtlat record --raw'");
	for (i = 0; i < ARRAY_SIZE(needed); i++)
		if (!count[needed[i]] &&
		    !run->module->ledger[RTLAT_IPI_LATENCY].applies)
			return problem_set(problem,
				"no events %s:%s in this run: record it with --raw",
				raw_names[needed[i]].system,
				raw_names[needed[i]].event);
	return 0;
}

/**
 * recount_make - count and measure a run again
 * @recount: receives both views; recount_free() it
 * @run: the run, with the kernel's events
 * @limits: what is allowed
 * @problem: receives why it cannot be done
 *
 * Return: 0 or -EINVAL.
 */
int recount_make(struct recount *recount, const struct trace_run *run,
		 const struct recount_limits *limits, struct problem *problem)
{
	struct recount_tasks tasks;
	int ret;

	memset(recount, 0, sizeof(*recount));
	ret = check_run(run, &recount->events, problem);
	if (ret)
		return ret;
	ret = recount_tasks_find(&tasks, run, problem);
	if (!ret)
		ret = recount_counts(recount, run, &tasks, problem);
	if (!ret && !limits->counts_only && rtlat_config_tasks(&tasks.config))
		recount_times(recount, run, &tasks, limits);
	recount_tasks_free(&tasks);
	return ret;
}

/**
 * recount_differs - do the views differ?
 * @recount: both views
 *
 * Return: whether anything is beyond what is allowed.
 */
bool recount_differs(const struct recount *recount)
{
	return recount->counts_differ || recount->times_differ ||
	       recount->remark;
}

/**
 * recount_free - free a recount
 * @recount: recount
 */
void recount_free(struct recount *recount)
{
	free(recount->row);
	free(recount->remark);
	memset(recount, 0, sizeof(*recount));
}
