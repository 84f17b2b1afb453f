// SPDX-License-Identifier: GPL-2.0
/* What the figures are drawn from, as text. Pure. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "module/params.h"
#include "plot/data.h"
#include "plot/plot.h"
#include "proof/platform.h"

/* What the metrics that have a figure of their own are called in a title. */
static const char *const titles[RTLAT_NR_METRICS] = {
	[RTLAT_EVENT_LATENCY] = "Event latency",
	[RTLAT_RELEASE_LATENCY] = "Release latency",
	[RTLAT_RELEASE_OVERHEAD] = "Release overhead",
	[RTLAT_WAKE_GAP] = "Wake gap",
	[RTLAT_SCHED_OVERHEAD] = "Scheduling overhead",
	[RTLAT_CXS_OVERHEAD] = "Context-switch overhead",
	[RTLAT_START_GAP] = "Start gap",
	[RTLAT_THREAD_LATENCY] = "Thread latency",
	[RTLAT_ARM_OVERHEAD] = "Arming overhead",
	[RTLAT_IPI_LATENCY] = "IPI latency",
};

/**
 * plot_unit_of - what the times of a sweep are shown in
 * @unit: receives it; free() its clock
 * @sweep: sweep
 */
void plot_unit_of(struct plot_unit *unit, const struct sweep *sweep)
{
	const char *clock = json_string_value(sweep_common(sweep, NULL, "clock"));
	const json_t *rate = sweep_common(sweep, NULL, "instructions_per_us");
	const double per_us = json_number_value(rate);

	memset(unit, 0, sizeof(*unit));
	if (!strcmp(clock, "instructions") && per_us > 0) {
		unit->name = "instructions";
		unit->column = "instructions";
		unit->per_ns = per_us / 1000;
		unit->clock = xasprintf("clock: instructions (%g = 1 µs emulated)",
					per_us);
	} else if (!strcmp(clock, "hardware")) {
		unit->name = "µs";
		unit->column = "us";
		unit->per_ns = 0.001;
		unit->clock = xstrdup("clock: hardware");
	} else {
		unit->name = "ns without meaning";
		unit->column = "ns";
		unit->per_ns = 1;
		unit->clock = xstrdup("clock: none, the times mean nothing");
	}
}

static const char *word(const struct sweep *sweep, const char *part,
			const char *key)
{
	const char *text = json_string_value(sweep_common(sweep, part, key));

	return text ? text : "-";
}

/* "one" or "few to many" of something */
static char *range_text(u64 low, u64 high, const char *one, const char *many)
{
	if (low == high)
		return xasprintf("%" PRIu64 " %s", low, low == 1 ? one : many);
	return xasprintf("%" PRIu64 " to %" PRIu64 " %s", low, high, many);
}

/**
 * plot_about - what all cells of a sweep have in common, in words
 * @sweep: sweep
 *
 * Return: the text; free() it.
 */
char *plot_about(const struct sweep *sweep)
{
	const json_t *vcpus = sweep_common(sweep, "workload", "vcpus");
	const json_t *percent = sweep_common(sweep, "params", "period_percent");
	const char *mode = word(sweep, "workload", "mode");
	const char *kind = word(sweep, "workload", "ipi_kind");
	const bool ipi = !strcmp(mode, "ipi");
	char *scaled = NULL, *text;
	json_int_t cpus = json_integer_value(vcpus);

	if (json_is_integer(percent) && json_integer_value(percent) != 100)
		scaled = xasprintf(", periods × %g",
				   (double)json_integer_value(percent) / 100);
	text = xasprintf("kernel %s, %lld CPU%s, %s%s%s%s%s",
			 word(sweep, NULL, "kernel_flavour"), (long long)cpus,
			 cpus == 1 ? "" : "s", ipi ? "ipi_kind=" : "policy=",
			 ipi ? kind : word(sweep, "workload", "policy"),
			 ipi ? "" : ", tasks: ",
			 ipi ? "" : word(sweep, "workload", "task_kind"),
			 scaled ? scaled : "");
	free(scaled);
	return text;
}

static char *points_subtitle(const struct sweep *sweep, const struct plot *plot,
			     const struct plot_data *data, const char *clock)
{
	char *sets = range_text(data->min_sets, data->max_sets, "set", "sets");
	char *n = range_text(data->min_n, data->max_n, "sample", "samples");
	char *about = plot_about(sweep);
	char *how, *text;

	if (plot->kind == PLOT_AVERAGE)
		how = xstrdup("mean of the samples kept of all distributions");
	else
		how = xasprintf("expected maximum of %" PRIu64 " samples at every point",
				data->equal_n);
	text = xasprintf("%s; %s\n%s; for each distribution %s, %s%s", about,
			 clock, how, sets, n,
			 metric_can_queue(plot->metric) ? ", jobs that did not queue" : "");
	free(how);
	free(about);
	free(n);
	free(sets);
	return text;
}

static char *cdf_subtitle(const struct sweep *sweep, const struct plot *plot,
			  const struct plot_data *data, const char *clock)
{
	const size_t nr = json_array_size(sweep->cells);
	char *n = range_text(data->min_n, data->max_n, "sample", "samples");
	char *cells = range_text(nr, nr, "cell", "cells");
	char *about = plot_about(sweep);
	char *text;

	text = xasprintf("%s; %s\n%s, %s kept by line%s", about, clock, cells, n,
			 metric_can_queue(plot->metric) ? ", jobs that did not queue" : "");
	free(about);
	free(cells);
	free(n);
	return text;
}

static char *style_words(const struct sweep *sweep, const struct plot *plot,
			 bool log)
{
	struct sweep_spot want = sweep_any;
	char *text = xstrdup(log ? "log" : "lin");
	int d;

	for (d = 0; d < RTLAT_NR_DISTRIBUTIONS; d++) {
		char *old = text;

		want.distribution = d;
		if (!sweep_samples(sweep, &want, plot->metric))
			continue;
		text = xasprintf("%s %s", old, rtlat_distribution_names[d]);
		free(old);
	}
	return text;
}

/**
 * plot_make - everything that a figure is drawn from
 * @text: receives it; plot_text_free() it
 * @sweep: sweep with points
 * @plot: the figure
 *
 * Return: false when there are no samples for it; then there is no text.
 */
bool plot_make(struct plot_text *text, const struct sweep *sweep,
	       const struct plot *plot)
{
	static const char *const kinds[] = {
		[PLOT_AVERAGE] = "average",
		[PLOT_WORST] = "worst",
		[PLOT_CDF] = "distribution",
	};
	const bool cdf = plot->kind == PLOT_CDF;
	const char *title = titles[plot->metric];
	struct plot_unit unit;
	struct plot_data data;
	bool any;

	memset(text, 0, sizeof(*text));
	plot_unit_of(&unit, sweep);
	any = cdf ? plot_cdf(&data, sweep, plot, &unit) :
		    plot_points(&data, sweep, plot, &unit);
	if (any) {
		text->data = data.text;
		text->lines = data.lines;
		text->title = xasprintf("%s, %s", title, kinds[plot->kind]);
		text->subtitle = cdf ?
			cdf_subtitle(sweep, plot, &data, unit.clock) :
			points_subtitle(sweep, plot, &data, unit.clock);
		text->axis = xasprintf("%s [%s]", metric_name(plot->metric),
				       unit.name);
		text->style = style_words(sweep, plot, data.log);
	}
	free(unit.clock);
	return any;
}

/**
 * plot_text_free - free the words of a figure
 * @text: what plot_make() made
 */
void plot_text_free(struct plot_text *text)
{
	free(text->data);
	free(text->title);
	free(text->subtitle);
	free(text->axis);
	free(text->style);
	free(text->lines);
}
