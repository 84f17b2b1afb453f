// SPDX-License-Identifier: GPL-2.0
/* The largest samples of a run, over all its CPUs. Pure. */

#include <inttypes.h>

#include "results/outliers.h"

struct reader {
	struct outliers *outliers;
	struct sample last;
	u64 last_rank;
};

static void keep(struct outliers *outliers, const struct sample *sample)
{
	struct sample *top = outliers->sample[sample->metric];
	unsigned int *nr = &outliers->nr[sample->metric];
	unsigned int i = *nr;

	while (i && (sample->duration_ns > top[i - 1].duration_ns ||
		     (sample->duration_ns == top[i - 1].duration_ns &&
		      sample->start_ns < top[i - 1].start_ns)))
		i--;
	if (i == RTLAT_LARGEST)
		return;
	if (*nr < RTLAT_LARGEST)
		++*nr;
	memmove(&top[i + 1], &top[i], (*nr - 1 - i) * sizeof(*top));
	top[i] = *sample;
}

/* The ranks of a CPU and metric follow each other, the largest first. */
static int check_rank(const struct reader *reader, const struct sample *sample,
		      u64 rank, const struct textline *line,
		      struct problem *problem)
{
	const bool more = reader->last_rank &&
			  reader->last.cpu == sample->cpu &&
			  reader->last.metric == sample->metric;
	const u64 expected = more ? reader->last_rank + 1 : 1;

	if (rank != expected)
		return problem_set(problem,
				   "%s line %u: rank=%" PRIu64 ", not %" PRIu64,
				   line->file, line->number, rank, expected);
	if (more && sample->duration_ns > reader->last.duration_ns)
		return problem_set(problem,
				   "%s line %u: duration_ns=%" PRIu64
				   " is above that of rank %" PRIu64,
				   line->file, line->number, sample->duration_ns,
				   reader->last_rank);
	return 0;
}

static int outlier_line(const struct textline *line, void *data,
			struct problem *problem)
{
	struct reader *reader = data;
	u64 cpu, rank, task, job, flags;
	struct sample sample = { 0 };
	int metric;

	if (textline_max(line, "cpu", UINT16_MAX, &cpu, problem) ||
	    line_metric(line, &metric, problem) ||
	    textline_max(line, "rank", RTLAT_LARGEST, &rank, problem) ||
	    textline_max(line, "duration_ns", INT64_MAX, &sample.duration_ns,
			 problem) ||
	    textline_max(line, "start_ns", INT64_MAX, &sample.start_ns,
			 problem) ||
	    textline_max(line, "task", UINT32_MAX, &task, problem) ||
	    textline_max(line, "job", UINT32_MAX, &job, problem) ||
	    textline_max(line, "flags", UINT32_MAX, &flags, problem))
		return -EINVAL;
	sample.cpu = (u16)cpu;
	sample.metric = (u16)metric;
	sample.task = (u32)task;
	sample.job = (u32)job;
	sample.flags = (u32)flags;
	if (check_rank(reader, &sample, rank, line, problem))
		return -EINVAL;
	reader->last = sample;
	reader->last_rank = rank;
	keep(reader->outliers, &sample);
	return 0;
}

/**
 * outliers_read - the largest samples from the module's text
 * @outliers: receives those of all CPUs together
 * @text: text of the file outliers
 * @problem: receives the first thing that is wrong
 *
 * Return: 0 or -EINVAL.
 */
int outliers_read(struct outliers *outliers, const char *text,
		  struct problem *problem)
{
	struct reader reader = { .outliers = outliers };

	memset(outliers, 0, sizeof(*outliers));
	return text_each_line("outliers", text, outlier_line, &reader, problem);
}

/**
 * outliers_check - do the largest samples fit the figures?
 * @outliers: largest samples
 * @figures: figures of the same run
 * @problem: receives the first contradiction
 *
 * Return: 0 or -EINVAL.
 */
int outliers_check(const struct outliers *outliers,
		   const struct figures *figures, struct problem *problem)
{
	unsigned int m, c;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		u64 n = 0, max = 0;

		for (c = 0; c < RTLAT_NR_CLASSES; c++) {
			const struct rtlat_hist *hist = &figures->hist[m][c];

			n += hist->n;
			if (hist->n && hist->max > max)
				max = hist->max;
		}
		if (outliers->nr[m] != (n < RTLAT_LARGEST ? n : RTLAT_LARGEST))
			return problem_set(problem,
				"%s: outliers lists %u samples, the summary has %" PRIu64,
				metric_name(m), outliers->nr[m], n);
		if (n && outliers->sample[m][0].duration_ns != max)
			return problem_set(problem,
				"%s: outliers has %" PRIu64
				" ns as the largest, the summary %" PRIu64,
				metric_name(m),
				outliers->sample[m][0].duration_ns, max);
	}
	return 0;
}

/**
 * outliers_json - the list "largest" of a metric
 * @outliers: largest samples
 * @metric: enum rtlat_metric
 *
 * Return: the array.
 */
json_t *outliers_json(const struct outliers *outliers, unsigned int metric)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < outliers->nr[metric]; i++)
		json_array_append_new(list,
				      sample_json(&outliers->sample[metric][i]));
	return list;
}
