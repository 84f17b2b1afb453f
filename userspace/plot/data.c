// SPDX-License-Identifier: GPL-2.0
/* Data files of the figures. Pure. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "module/params.h"
#include "plot/data.h"
#include "proof/platform.h"
#include "stats/bootstrap.h"
#include "stats/stats.h"

/* Averages that differ by more cannot all be read on a linear axis. */
#define LOG_RATIO	8

/**
 * struct writer - a data file under construction
 * @sweep: whose points
 * @plot: what is shown
 * @unit: in what
 * @data: what is found on the way
 * @to: the file
 * @lines: the list of lines
 * @low: smallest of the averages
 * @high: largest
 */
struct writer {
	const struct sweep *sweep;
	const struct plot *plot;
	const struct plot_unit *unit;
	struct plot_data *data;
	FILE *to;
	FILE *lines;
	double low;
	double high;
};

typedef void (*line_fn)(struct writer *writer, const struct sweep_spot *line);

static FILE *open_text(char **text, size_t *size)
{
	FILE *to = open_memstream(text, size);

	if (to)
		return to;
	complain("out of memory");
	exit(1);
}

/* Every platform, timer and load of which there are samples. */
static unsigned int each_line(struct writer *writer, line_fn fn)
{
	struct sweep_spot line = sweep_any;
	unsigned int nr = 0;

	for (line.load = 0; line.load < 2; line.load++) {
		for (line.platform = 0; line.platform < NR_PLATFORMS; line.platform++) {
			for (line.posted = 0; line.posted < 2; line.posted++) {
				if (!sweep_samples(writer->sweep, &line,
						   writer->plot->metric))
					continue;
				fn(writer, &line);
				nr++;
			}
		}
	}
	return nr;
}

static void print_spot(FILE *to, const struct sweep_spot *spot, char between)
{
	fprintf(to, "%s%c%s%c%s", platform_names[spot->platform], between,
		spot->posted ? "posted" : "local", between,
		spot->load ? "on" : "off");
}

static void note_line(struct writer *writer, const struct sweep_spot *line)
{
	if (ftell(writer->lines))
		fputc(' ', writer->lines);
	print_spot(writer->lines, line, ':');
}

static void note_average(struct writer *writer, double mean)
{
	if (!writer->low || mean < writer->low)
		writer->low = mean;
	if (mean > writer->high)
		writer->high = mean;
}

static void print_values(struct writer *writer, const struct sweep_spot *spot,
			 const struct rtlat_hist *hist)
{
	const double scale = writer->unit->per_ns;
	const bool pooled = spot->distribution == SWEEP_ANY;
	struct rtlat_hist *whole;
	struct stats stats;
	struct ci mean, p99;

	stats_of(&stats, hist);
	if (writer->plot->kind == PLOT_AVERAGE) {
		bootstrap_ci(hist, &mean, &p99);
		fprintf(writer->to, "\t%.6g\t%.6g\t%.6g\n", stats.mean * scale,
			mean.lo * scale, mean.hi * scale);
		note_average(writer, stats.mean);
		return;
	}
	/* samples of one distribution may be fewer than those compared at */
	if (pooled)
		fprintf(writer->to, "\t%.6g\t%" PRIu64,
			stats_expected_max(hist, writer->data->equal_n) * scale,
			writer->data->equal_n);
	else
		fputs("\tNaN\tNaN", writer->to);
	whole = xcalloc(1, sizeof(*whole));
	sweep_pool(writer->sweep, spot, writer->plot->metric, true, whole);
	fprintf(writer->to, "\t%.6g\t%.6g\n", (double)stats.max * scale,
		(double)whole->max * scale);
	note_average(writer, (double)stats.max);
	free(whole);
}

static void note_point(struct plot_data *data, unsigned int sets, u64 n)
{
	if (!data->min_sets || sets < data->min_sets)
		data->min_sets = sets;
	if (sets > data->max_sets)
		data->max_sets = sets;
	if (!data->min_n || n < data->min_n)
		data->min_n = n;
	if (n > data->max_n)
		data->max_n = n;
}

static void print_point(struct writer *writer, const struct sweep_spot *spot)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	const bool pooled = spot->distribution == SWEEP_ANY;
	unsigned int sets;

	sets = sweep_pool(writer->sweep, spot, writer->plot->metric, false, hist);
	if (!hist->n)
		goto out;
	if (!pooled)
		note_point(writer->data, sets, hist->n);
	print_spot(writer->to, spot, '\t');
	fprintf(writer->to, "\t%s\t%d\t%u\t%" PRIu64,
		pooled ? "all" : rtlat_distribution_names[spot->distribution],
		spot->tasks_per_cpu, sets, hist->n);
	print_values(writer, spot, hist);
out:
	free(hist);
}

static void print_line(struct writer *writer, const struct sweep_spot *line)
{
	struct sweep_spot spot = *line;
	int d, k;

	note_line(writer, line);
	for (d = SWEEP_ANY; d < RTLAT_NR_DISTRIBUTIONS; d++) {
		spot.distribution = d;
		for (k = 1; k <= RTLAT_MAX_TASKS; k++) {
			spot.tasks_per_cpu = k;
			if (sweep_samples(writer->sweep, &spot,
					  writer->plot->metric))
				print_point(writer, &spot);
		}
	}
}

/* Maxima are compared at the n of the point that has fewest samples. */
static void find_equal_n(struct writer *writer, const struct sweep_spot *line)
{
	struct sweep_spot spot = *line;
	int k;

	for (k = 1; k <= RTLAT_MAX_TASKS; k++) {
		u64 n;

		spot.tasks_per_cpu = k;
		n = sweep_samples(writer->sweep, &spot, writer->plot->metric);
		if (n && (!writer->data->equal_n || n < writer->data->equal_n))
			writer->data->equal_n = n;
	}
}

/**
 * plot_points - average or worst case against tasks per processor
 * @data: receives it; free() its texts
 * @sweep: sweep of task sets, with points
 * @plot: PLOT_AVERAGE or PLOT_WORST of a metric
 * @unit: unit of the times
 *
 * Return: false when there are no samples; then @data holds no texts.
 */
bool plot_points(struct plot_data *data, const struct sweep *sweep,
		 const struct plot *plot, const struct plot_unit *unit)
{
	const bool average = plot->kind == PLOT_AVERAGE;
	struct writer writer = {
		.sweep = sweep, .plot = plot, .unit = unit, .data = data,
	};
	const char *u = unit->column;
	size_t size;

	memset(data, 0, sizeof(*data));
	if (!each_line(&writer, find_equal_n))
		return false;
	writer.to = open_text(&data->text, &size);
	writer.lines = open_text(&data->lines, &size);
	fputs("platform\ttimer\tload\tdistribution\ttasks_per_cpu\tsets\tsamples",
	      writer.to);
	if (average)
		fprintf(writer.to, "\tmean_%s\tci95_lo_%s\tci95_hi_%s\n", u, u, u);
	else
		fprintf(writer.to, "\texpected_max_%s\tequal_n\tmax_%s\tmax_of_all_%s\n",
			u, u, u);
	each_line(&writer, print_line);
	fclose(writer.to);
	fclose(writer.lines);
	data->log = writer.high > LOG_RATIO * writer.low;
	return true;
}

static void print_curve(struct writer *writer, const struct sweep_spot *line,
			bool whole)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	const double scale = writer->unit->per_ns;
	const char *samples = whole ? "all" : "kept";
	double n;
	u64 below = 0;
	unsigned int i;

	sweep_pool(writer->sweep, line, writer->plot->metric, whole, hist);
	n = (double)hist->n;
	/* the curve starts at the smallest sample, with all of them above it */
	print_spot(writer->to, line, '\t');
	fprintf(writer->to, "\t%s\t%.6g\t0\t0\t1\n", samples,
		(double)hist->min * scale);
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		below += hist->bucket[i];
		print_spot(writer->to, line, '\t');
		fprintf(writer->to, "\t%s\t%.6g\t%" PRIu64 "\t%.9g\t%.9g\n",
			samples, (double)stats_bucket_max(hist, i) * scale,
			below, (double)below / n,
			(double)(hist->n - below) / n);
	}
	if (!whole)
		note_point(writer->data, 1, hist->n);
	free(hist);
}

static void print_curves(struct writer *writer, const struct sweep_spot *line)
{
	note_line(writer, line);
	print_curve(writer, line, false);
	print_curve(writer, line, true);
}

/**
 * plot_cdf - distribution of a metric over all points of a sweep
 * @data: receives it; free() its texts
 * @sweep: sweep with points
 * @plot: PLOT_CDF of a metric
 * @unit: unit of the times
 *
 * Return: false when there are no samples; then @data holds no texts.
 */
bool plot_cdf(struct plot_data *data, const struct sweep *sweep,
	      const struct plot *plot, const struct plot_unit *unit)
{
	struct writer writer = {
		.sweep = sweep, .plot = plot, .unit = unit, .data = data,
	};
	size_t size;

	memset(data, 0, sizeof(*data));
	if (!sweep_samples(sweep, &sweep_any, plot->metric))
		return false;
	writer.to = open_text(&data->text, &size);
	writer.lines = open_text(&data->lines, &size);
	fprintf(writer.to, "platform\ttimer\tload\tsamples\t%s\tn_le\tfraction_le\tfraction_gt\n",
		unit->column);
	each_line(&writer, print_curves);
	fclose(writer.to);
	fclose(writer.lines);
	return true;
}
