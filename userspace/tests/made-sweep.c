// SPDX-License-Identifier: GPL-2.0
/* Results of a sweep, made up. */

#include "test.h"

#include <math.h>
#include <stdio.h>

#include "made-sweep.h"
#include "proof/platform.h"
#include "results/cell.h"
#include "rtlat.h"

/* As the paper says: everything holds. */
const struct made made_as_found = {
	.event = 20, .cxs = 1.02,
	.interrupted = { [RTLAT_EVENT_LATENCY] = 3, [RTLAT_CXS_OVERHEAD] = 2 },
};

static const unsigned int metrics[] = {
	RTLAT_EVENT_LATENCY, RTLAT_RELEASE_OVERHEAD, RTLAT_SCHED_OVERHEAD,
	RTLAT_CXS_OVERHEAD, RTLAT_THREAD_LATENCY,
};

/* @flags: of the sample; 1 is one nested interrupt. */
static void add_sample(struct figures *figures, struct outliers *outliers,
		       unsigned int metric, u64 ns, u32 flags)
{
	const bool interrupted = flags & RTLAT_NESTED_MASK;
	unsigned int class = rtlat_class_of(flags);
	struct ledger *ledger = &figures->ledger[metric];
	struct sample *largest = outliers->sample[metric];
	unsigned int nr = outliers->nr[metric], i;

	ledger->applies = true;
	ledger->attempted++;
	ledger->line[interrupted ? RTLAT_L_INTERRUPTED : RTLAT_L_KEPT]++;
	rtlat_hist_add(&figures->hist[metric][class], ns, 1, 0, 0, flags);
	for (i = nr; i && largest[i - 1].duration_ns < ns; i--)
		if (i < RTLAT_LARGEST)
			largest[i] = largest[i - 1];
	if (i >= RTLAT_LARGEST)
		return;
	memset(&largest[i], 0, sizeof(*largest));
	largest[i].duration_ns = ns;
	largest[i].flags = flags;
	if (nr < RTLAT_LARGEST)
		outliers->nr[metric]++;
}

static double mean_of(const struct made *made, unsigned int metric, bool kvm,
		      unsigned int tasks)
{
	switch (metric) {
	case RTLAT_EVENT_LATENCY:
		return 400 * (kvm ? made->event : 1);
	case RTLAT_SCHED_OVERHEAD:
		return 800 * (1 + made->slope * tasks) +
		       (tasks == 5 ? made->bump : 0);
	case RTLAT_CXS_OVERHEAD:
		return 500 * (kvm ? made->cxs : 1);
	case RTLAT_RELEASE_OVERHEAD:
		return 1200;
	default:
		return 4000 * (kvm ? 3 : 1);
	}
}

/* One above the mean for one below it. */
static void add_around(struct figures *figures, struct outliers *outliers,
		       unsigned int metric, u64 mean, unsigned int nr, u32 flags)
{
	unsigned int i;

	for (i = 0; i < nr / 2; i++) {
		add_sample(figures, outliers, metric, mean - 1, flags);
		add_sample(figures, outliers, metric, mean + 1, flags);
	}
	if (nr % 2)
		add_sample(figures, outliers, metric, mean, flags);
}

static void make_samples(struct figures *figures, struct outliers *outliers,
			 const struct made *made, bool kvm, unsigned int tasks,
			 bool load)
{
	size_t i;
	unsigned int j;

	for (i = 0; i < ARRAY_SIZE(metrics); i++) {
		double mean = mean_of(made, metrics[i], kvm, tasks);
		unsigned int interrupted = made->interrupted[metrics[i]];
		unsigned int nr = MADE_SAMPLES - interrupted;

		if (load)
			mean *= 1.5;
		if (kvm && tasks == 10)
			nr -= made->fewer;
		if (metrics[i] == RTLAT_SCHED_OVERHEAD) {
			nr -= made->mix * tasks;
			add_around(figures, outliers, metrics[i],
				   (u64)lround(mean) + MADE_BLOCKED,
				   made->mix * tasks, RTLAT_F_BLOCKED);
		}
		add_around(figures, outliers, metrics[i], (u64)lround(mean), nr,
			   0);
		for (j = 0; j < interrupted; j++)
			add_sample(figures, outliers, metrics[i],
				   (u64)lround(mean) + 5000 + j, 1);
	}
}

static void write_texts(const char *results, const char *id,
			const struct figures *figures)
{
	char *text[3], *name;
	size_t size[3], i;
	FILE *file[3];
	unsigned int m, c, line, b;
	static const char *const names[] = { "ledger", "summary", "histograms" };

	for (i = 0; i < 3; i++)
		file[i] = open_memstream(&text[i], &size[i]);
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const struct ledger *ledger = &figures->ledger[m];

		if (!ledger->applies)
			continue;
		fprintf(file[0], "cpu=0 metric=%s attempted=%llu", metric_name(m),
			(unsigned long long)ledger->attempted);
		for (line = 0; line < RTLAT_NR_LINES; line++)
			fprintf(file[0], " %s=%llu", line_name(line),
				(unsigned long long)ledger->line[line]);
		fputs(" closes=1\n", file[0]);
		for (c = 0; c < RTLAT_NR_CLASSES; c++) {
			const struct rtlat_hist *hist = &figures->hist[m][c];

			if (!hist->n)
				continue;
			fprintf(file[1], "cpu=0 metric=%s class=%s n=%llu sum=%llu",
				metric_name(m), class_name(c),
				(unsigned long long)hist->n,
				(unsigned long long)hist->sum);
			fprintf(file[1], " sumsq_hi=0 sumsq_lo=%llu min=%llu max=%llu",
				(unsigned long long)hist->sumsq,
				(unsigned long long)hist->min,
				(unsigned long long)hist->max);
			fputs(" max_start_ns=1 max_task=0 max_job=0 max_flags=0\n",
			      file[1]);
			fprintf(file[2], "cpu=0 metric=%s class=%s",
				metric_name(m), class_name(c));
			for (b = 0; b < RTLAT_HIST_BUCKETS; b++)
				if (hist->bucket[b])
					fprintf(file[2], " %u:%llu", b,
						(unsigned long long)hist->bucket[b]);
			fputc('\n', file[2]);
		}
	}
	for (i = 0; i < 3; i++) {
		fclose(file[i]);
		name = xasprintf("%s/%s", id, names[i]);
		write_file(results, name, text[i], size[i]);
		free(name);
		free(text[i]);
	}
}

/* One cell of the sweep, as object and as files. */
static json_t *make_cell(const char *results, const struct made *made,
			 const char *platform, unsigned int distribution,
			 unsigned int tasks, unsigned int set, bool load)
{
	struct cell_about about = {
		.platform = platform, .clock = made->clock,
		.insns_per_us = 1000, .flavour = "6.1", .vcpus = 1,
		.kernel = "6.1.0", .set = set, .has_set = true, .load = load,
	};
	struct task_totals totals = {
		.n = tasks, .nr_cpus = 1, .scale_ppm = 1000000 / tasks,
	};
	struct cell_outcome outcome = { .status = "ok", .tasks = &totals };
	struct figures *figures = figures_new();
	struct outliers *outliers = xcalloc(1, sizeof(*outliers));
	struct rtlat_config config;
	json_t *cell;
	char *id;

	if (!about.clock)
		about.clock = "instructions";
	if (strcmp(about.clock, "instructions"))
		about.insns_per_us = 0;
	rtlat_config_default(&config);
	config.mode = RTLAT_MODE_TASKSET;
	config.distribution = distribution;
	config.tasks_per_cpu = tasks;
	config.seed = set;
	make_samples(figures, outliers, made, strcmp(platform, "native"), tasks,
		     load);
	outcome.figures = figures;
	outcome.outliers = outliers;
	id = xasprintf("platform=%s,distribution=%s,tasks_per_cpu=%u,set=%u,load=%s",
		       platform, rtlat_distribution_names[distribution], tasks, set,
		       load ? "on" : "off");
	cell = cell_json(id, &about, &config, &outcome);
	write_texts(results, id, figures);
	free(id);
	free(outliers);
	figures_free(figures);
	return cell;
}

static void write_summary(const char *results, json_t *cells)
{
	json_t *summary = json_object();
	char *text;

	json_object_set_new(summary, "schema", json_string(RTLAT_SCHEMA));
	json_object_set_new(summary, "host", json_object());
	json_object_set(summary, "cells", cells);
	text = json_text(summary);
	write_file(results, "summary.json", text, strlen(text));
	free(text);
	json_decref(summary);
}

/**
 * made_sweep - results of two distributions and three numbers of tasks
 * @made: what is to be found in them
 *
 * 10 tasks have two sets, with load there are 5 tasks only.
 *
 * Return: the folder; remove_tree() and free() it.
 */
char *made_sweep(const struct made *made)
{
	static const struct {
		unsigned int tasks;
		unsigned int set;
		bool load;
	} spots[] = {
		{ 1, 1, false }, { 5, 1, false }, { 10, 1, false },
		{ 10, 2, false }, { 5, 1, true },
	};
	char *results = temp_dir();
	json_t *cells = json_array(), *cell;
	size_t p, d, s;

	for (p = 0; p < 2; p++) {
		if (made->only && strcmp(made->only, platform_names[p]))
			continue;
		for (d = 0; d < 2; d++) {
			for (s = 0; s < ARRAY_SIZE(spots); s++) {
				cell = make_cell(results, made, platform_names[p],
						 d, spots[s].tasks, spots[s].set,
						 spots[s].load);
				json_array_append_new(cells, cell);
			}
		}
	}
	write_summary(results, cells);
	json_decref(cells);
	return results;
}
