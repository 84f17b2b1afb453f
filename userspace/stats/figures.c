// SPDX-License-Identifier: GPL-2.0
/* The module's figures of a run, over all its CPUs. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "module/ledger.h"
#include "stats/figures.h"

/**
 * metric_name - name of a metric
 * @metric: enum rtlat_metric
 *
 * Return: the name, or NULL when there is no such metric.
 */
const char *metric_name(unsigned int metric)
{
	return metric < RTLAT_NR_METRICS ? rtlat_metric_names[metric] : NULL;
}

/**
 * metric_by_name - metric with a name
 * @name: the name
 *
 * Return: enum rtlat_metric, or -ENOENT.
 */
int metric_by_name(const char *name)
{
	int i;

	for (i = 0; i < RTLAT_NR_METRICS; i++)
		if (!strcmp(name, rtlat_metric_names[i]))
			return i;
	return -ENOENT;
}

/**
 * line_name - name of a line of the ledger
 * @line: enum rtlat_line
 *
 * Return: the name, or NULL when there is no such line.
 */
const char *line_name(unsigned int line)
{
	return line < RTLAT_NR_LINES ? rtlat_line_names[line] : NULL;
}

/**
 * class_name - name of a class of samples
 * @class: enum rtlat_class
 *
 * Return: the name, or NULL when there is no such class.
 */
const char *class_name(unsigned int class)
{
	return class < RTLAT_NR_CLASSES ? rtlat_class_names[class] : NULL;
}

/**
 * metric_can_queue - can samples of a metric contain queueing?
 * @metric: enum rtlat_metric
 *
 * Return: true for wake_gap and thread_latency.
 */
bool metric_can_queue(unsigned int metric)
{
	return rtlat_class_applies(metric, RTLAT_C_KEPT_QUEUED);
}

/**
 * metric_parts - the parts into which a metric's kept samples fall
 * @metric: enum rtlat_metric
 *
 * Return: METRIC_PARTS parts, or NULL when they are all of one kind.
 */
const struct metric_part *metric_parts(unsigned int metric)
{
	static const struct metric_part by_queueing[METRIC_PARTS] = {
		{ "unqueued", CLASSES_UNQUEUED },
		{ "queued", CLASSES_QUEUED },
	};
	static const struct metric_part by_switch[METRIC_PARTS] = {
		{ "runnable", CLASSES_RUNNABLE },
		{ "blocked", CLASSES_BLOCKED },
	};

	if (metric_can_queue(metric))
		return by_queueing;
	if (rtlat_class_applies(metric, RTLAT_C_KEPT_BLOCKED))
		return by_switch;
	return NULL;
}

/**
 * figures_count - samples in some classes
 * @figures: figures
 * @metric: enum rtlat_metric
 * @classes: bit mask of enum rtlat_class
 *
 * Return: their number.
 */
u64 figures_count(const struct figures *figures, unsigned int metric,
		  unsigned int classes)
{
	unsigned int c;
	u64 n = 0;

	for (c = 0; c < RTLAT_NR_CLASSES; c++)
		if (classes & 1U << c)
			n += figures->hist[metric][c].n;
	return n;
}

/**
 * figures_new - empty figures
 *
 * Return: the figures; figures_free() them.
 */
struct figures *figures_new(void)
{
	return xcalloc(1, sizeof(struct figures));
}

/**
 * figures_free - free figures
 * @figures: the figures, or NULL
 */
void figures_free(struct figures *figures)
{
	free(figures);
}

/**
 * line_metric - the metric that a line is of
 * @line: the line
 * @metric: receives enum rtlat_metric
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int line_metric(const struct textline *line, int *metric,
		struct problem *problem)
{
	const char *name;

	if (textline_need(line, "metric", &name, problem))
		return -EINVAL;
	*metric = metric_by_name(name);
	if (*metric >= 0)
		return 0;
	return problem_set(problem, "%s line %u: metric=%s is not known",
			   line->file, line->number, name);
}

static int need_class(const struct textline *line, int *class,
		      struct problem *problem)
{
	const char *name;
	int i;

	if (textline_need(line, "class", &name, problem))
		return -EINVAL;
	for (i = 0; i < RTLAT_NR_CLASSES; i++) {
		if (!strcmp(name, rtlat_class_names[i])) {
			*class = i;
			return 0;
		}
	}
	return problem_set(problem, "%s line %u: class=%s is not known",
			   line->file, line->number, name);
}

/* What is counted over all CPUs still has to fit the results' numbers. */
static int add_up(u64 *sum, u64 value, const struct textline *line,
		  struct problem *problem)
{
	if (value <= INT64_MAX - *sum) {
		*sum += value;
		return 0;
	}
	return problem_set(problem, "%s line %u: the lines sum to more than %" PRId64,
			   line->file, line->number, INT64_MAX);
}

/**
 * figures_ledger_line - add one line of the file ledger
 * @figures: the figures
 * @line: the line: one CPU and metric
 * @problem: receives what is wrong, also when the line does not close
 *
 * Return: 0 or -EINVAL.
 */
int figures_ledger_line(struct figures *figures, const struct textline *line,
			struct problem *problem)
{
	u64 cpu, attempted, value, sum = 0;
	struct ledger *ledger;
	int metric, i;

	if (textline_u64(line, "cpu", &cpu, problem) ||
	    line_metric(line, &metric, problem) ||
	    textline_max(line, "attempted", INT64_MAX, &attempted, problem))
		return -EINVAL;
	ledger = &figures->ledger[metric];
	ledger->applies = true;
	if (add_up(&ledger->attempted, attempted, line, problem))
		return -EINVAL;
	for (i = 0; i < RTLAT_NR_LINES; i++) {
		if (textline_max(line, rtlat_line_names[i], INT64_MAX, &value,
				 problem) ||
		    add_up(&ledger->line[i], value, line, problem) ||
		    add_up(&sum, value, line, problem))
			return -EINVAL;
	}
	if (sum != attempted)
		return problem_set(problem,
			"ledger of %s on CPU %" PRIu64 " does not close: attempted %" PRIu64
			", accounted for %" PRIu64,
			rtlat_metric_names[metric], cpu, attempted, sum);
	return 0;
}

/**
 * figures_summary_line - add one line of the file summary
 * @figures: the figures
 * @line: the line: one CPU, metric and class
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int figures_summary_line(struct figures *figures, const struct textline *line,
			 struct problem *problem)
{
	u64 high, low, task, job, flags, n, sum;
	struct rtlat_hist *one, *all;
	int metric, class, ret = -EINVAL;

	one = xcalloc(1, sizeof(*one));
	if (line_metric(line, &metric, problem) ||
	    need_class(line, &class, problem) ||
	    textline_max(line, "n", INT64_MAX, &one->n, problem) ||
	    textline_max(line, "sum", INT64_MAX, &one->sum, problem) ||
	    textline_u64(line, "sumsq_hi", &high, problem) ||
	    textline_u64(line, "sumsq_lo", &low, problem) ||
	    textline_max(line, "min", INT64_MAX, &one->min, problem) ||
	    textline_max(line, "max", INT64_MAX, &one->max, problem) ||
	    textline_max(line, "max_start_ns", INT64_MAX, &one->max_start_ns, problem) ||
	    textline_max(line, "max_task", UINT32_MAX, &task, problem) ||
	    textline_max(line, "max_job", UINT32_MAX, &job, problem) ||
	    textline_max(line, "max_flags", UINT32_MAX, &flags, problem))
		goto out;
	one->sumsq = high;
	one->sumsq = one->sumsq << 64 | low;
	one->max_task = (u32)task;
	one->max_job = (u32)job;
	one->max_flags = (u32)flags;
	all = &figures->hist[metric][class];
	n = all->n;
	sum = all->sum;
	if (add_up(&n, one->n, line, problem) ||
	    add_up(&sum, one->sum, line, problem))
		goto out;
	rtlat_hist_merge(all, one);
	ret = 0;
out:
	free(one);
	return ret;
}

static int histogram_line(struct figures *figures, const struct textline *line,
			  struct problem *problem)
{
	struct rtlat_hist *hist;
	int metric, class;
	size_t i;

	if (line_metric(line, &metric, problem) ||
	    need_class(line, &class, problem))
		return -EINVAL;
	hist = &figures->hist[metric][class];
	for (i = 0; i < line->nr; i++) {
		char *text = line->word[i].value, *colon;
		u64 index, count;
		int ret;

		if (line->word[i].key)
			continue;
		colon = strchr(text, ':');
		if (colon)
			*colon = 0;
		ret = !colon || parse_u64(text, &index) ||
		      parse_u64(colon + 1, &count) ||
		      index >= RTLAT_HIST_BUCKETS;
		if (colon)
			*colon = ':';
		if (ret)
			return problem_set(problem,
				"%s line %u: %s is not a bucket below %u and its count",
				line->file, line->number, text,
				RTLAT_HIST_BUCKETS);
		if (add_up(&hist->bucket[index], count, line, problem))
			return -EINVAL;
	}
	return 0;
}

static int ledger_fn(const struct textline *line, void *data,
		     struct problem *problem)
{
	return figures_ledger_line(data, line, problem);
}

static int summary_fn(const struct textline *line, void *data,
		      struct problem *problem)
{
	return figures_summary_line(data, line, problem);
}

static int histogram_fn(const struct textline *line, void *data,
			struct problem *problem)
{
	return histogram_line(data, line, problem);
}

/**
 * figures_read - the figures of a run from the module's texts
 * @figures: receives them
 * @ledger: text of the file ledger
 * @summary: text of the file summary
 * @histograms: text of the file histograms, or NULL
 * @problem: receives the first thing that is wrong
 *
 * All of the texts are read, whatever is wrong with one of them.
 *
 * Return: 0 or -EINVAL.
 */
int figures_read(struct figures *figures, const char *ledger,
		 const char *summary, const char *histograms,
		 struct problem *problem)
{
	int ret;

	ret = text_each_line("ledger", ledger, ledger_fn, figures, problem);
	if (text_each_line("summary", summary, summary_fn, figures, problem))
		ret = -EINVAL;
	if (!histograms)
		return ret;
	figures->buckets = true;
	if (text_each_line("histograms", histograms, histogram_fn, figures,
			   problem))
		ret = -EINVAL;
	return ret;
}

/*
 * Numbers that samples can have: n of them from min to max, squares that are not
 * less than those of n equal ones, and not more than those of samples that are
 * all min or max: (x - min) * (x - max) is nowhere above 0 between them.
 */
static bool possible(const struct rtlat_hist *hist)
{
	const __uint128_t n = hist->n, sum = hist->sum;
	const __uint128_t ends = (__uint128_t)hist->min + hist->max;

	return !n || (n * hist->min <= sum && sum <= n * hist->max &&
		      sum * sum / n <= hist->sumsq &&
		      hist->sumsq <= sum * ends - n * hist->min * hist->max);
}

/* The smallest and the largest sample are in the first and the last bucket. */
static bool buckets_fit(const struct rtlat_hist *hist)
{
	unsigned int first = 0, last = RTLAT_HIST_BUCKETS - 1;

	if (!hist->n)
		return true;
	while (!hist->bucket[first])
		first++;
	while (!hist->bucket[last])
		last--;
	return first == rtlat_hist_index(hist->min) &&
	       last == rtlat_hist_index(hist->max);
}

static int check_class(const struct figures *figures, unsigned int metric,
		       unsigned int class, struct problem *problem)
{
	const struct rtlat_hist *hist = &figures->hist[metric][class];
	u64 sum = 0;
	unsigned int i;

	if (!possible(hist))
		return problem_set(problem,
			"%s, %s: no %" PRIu64 " samples have this min, max, sum and sum of squares",
			rtlat_metric_names[metric], rtlat_class_names[class],
			hist->n);
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++)
		sum += hist->bucket[i];
	if (!figures->buckets)
		return 0;
	if (sum != hist->n)
		return problem_set(problem,
			"%s, %s: the histogram holds %" PRIu64 " samples, the summary %" PRIu64,
			rtlat_metric_names[metric], rtlat_class_names[class], sum,
			hist->n);
	if (buckets_fit(hist))
		return 0;
	return problem_set(problem,
		"%s, %s: the histogram is not from the summary's min %" PRIu64
		" to its max %" PRIu64,
		rtlat_metric_names[metric], rtlat_class_names[class], hist->min,
		hist->max);
}

/**
 * figures_check - do ledger, summary and histograms tell the same story?
 * @figures: the figures
 * @problem: receives the first contradiction
 *
 * A metric that applies and has no sample is a contradiction too, but for
 * arm_overhead, which depends on who arms: an empty run is a failure.
 *
 * Return: 0 or -EINVAL.
 */
int figures_check(const struct figures *figures, struct problem *problem)
{
	bool any = false;
	unsigned int m, c;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const struct ledger *ledger = &figures->ledger[m];
		u64 kept = figures_count(figures, m, CLASSES_KEPT);
		u64 interrupted = figures_count(figures, m, CLASSES_INTERRUPTED);

		if (kept != ledger->line[RTLAT_L_KEPT] ||
		    interrupted != ledger->line[RTLAT_L_INTERRUPTED])
			return problem_set(problem,
				"%s: ledger says kept %" PRIu64 ", interrupted %" PRIu64
				"; summary has %" PRIu64 " and %" PRIu64 " samples",
				rtlat_metric_names[m], ledger->line[RTLAT_L_KEPT],
				ledger->line[RTLAT_L_INTERRUPTED], kept,
				interrupted);
		for (c = 0; c < RTLAT_NR_CLASSES; c++)
			if (check_class(figures, m, c, problem))
				return -EINVAL;
		any |= kept + interrupted != 0;
	}
	if (!any)
		return problem_set(problem, "no samples at all");
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const struct ledger *ledger = &figures->ledger[m];

		if (ledger->applies && m != RTLAT_ARM_OVERHEAD &&
		    !(ledger->line[RTLAT_L_KEPT] +
		      ledger->line[RTLAT_L_INTERRUPTED]))
			return problem_set(problem,
				"no samples of %s (%" PRIu64 " attempted)",
				rtlat_metric_names[m], ledger->attempted);
	}
	return 0;
}

/**
 * figures_merge - one distribution out of several classes of a metric
 * @figures: the figures
 * @metric: enum rtlat_metric
 * @classes: CLASSES_*
 * @hist: receives it
 */
void figures_merge(const struct figures *figures, unsigned int metric,
		   unsigned int classes, struct rtlat_hist *hist)
{
	unsigned int c;

	memset(hist, 0, sizeof(*hist));
	for (c = 0; c < RTLAT_NR_CLASSES; c++)
		if (classes & 1U << c)
			rtlat_hist_merge(hist, &figures->hist[metric][c]);
}
