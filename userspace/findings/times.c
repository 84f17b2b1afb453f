// SPDX-License-Identifier: GPL-2.0
/* The paper's findings about times. Pure. */

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>

#include "findings/findings.h"
#include "proof/platform.h"
#include "stats/bootstrap.h"
#include "stats/stats.h"

/* Points of one line need more than two unknowns to tell an error. */
#define MIN_POINTS	3
#define STRINGIFY(x)	#x
#define TEXT(x)		STRINGIFY(x)

static json_t *row_of(const struct sweep_spot *line)
{
	char *label = platform_label((unsigned int)line->platform, line->posted);
	json_t *row = json_object();

	json_object_set_new(row, "platform", json_string(label));
	free(label);
	return row;
}

static void set_real(json_t *row, const char *key, double value)
{
	json_object_set_new(row, key, isfinite(value) ? json_real(value) :
							json_null());
}

static void set_ci(json_t *row, const struct ci *ci)
{
	set_real(row, "ci95_lo", ci->lo);
	set_real(row, "ci95_hi", ci->hi);
}

static json_t *count_json(u64 n)
{
	return json_integer((json_int_t)n);
}

/**
 * struct fit - a straight line through points
 * @nr: points
 * @x: where they are
 * @y: how high
 * @min: smallest x
 * @max: largest
 * @mean: of all y
 */
struct fit {
	size_t nr;
	double *x;
	double *y;
	double min;
	double max;
	double mean;
};

/* @part: of metric_parts(), or METRIC_PARTS for all of them. */
static void fit_points(struct fit *fit, const struct sweep *sweep,
		       const struct sweep_spot *line, unsigned int part)
{
	size_t i;

	memset(fit, 0, sizeof(*fit));
	fit->x = xcalloc(sweep->nr, sizeof(*fit->x));
	fit->y = xcalloc(sweep->nr, sizeof(*fit->y));
	for (i = 0; i < sweep->nr; i++) {
		const struct sweep_point *point = &sweep->point[i];
		const struct rtlat_hist *hist = part < METRIC_PARTS ?
			&point->sched[part] : &point->clean[RTLAT_SCHED_OVERHEAD];
		double x = point->spot.tasks_per_cpu;
		struct stats stats;

		if (!sweep_matches(&point->spot, line) || !hist->n)
			continue;
		stats_of(&stats, hist);
		if (!fit->nr || x < fit->min)
			fit->min = x;
		if (!fit->nr || x > fit->max)
			fit->max = x;
		fit->mean += stats.mean;
		fit->x[fit->nr] = x;
		fit->y[fit->nr++] = stats.mean;
	}
	if (fit->nr)
		fit->mean /= (double)fit->nr;
}

/* All switches decide; those of one kind are given beside them. */
static void flat_part(struct finding *finding, const struct sweep *sweep,
		      const struct sweep_spot *line, unsigned int part)
{
	double c0, slope, cov00, cov01, cov11, sumsq, growth, half;
	const bool decides_it = part == METRIC_PARTS;
	json_t *row = row_of(line);
	struct fit fit;
	struct ci ci;

	fit_points(&fit, sweep, line, part);
	json_object_set_new(row, "switches_from", json_string(decides_it ? "any" :
			    metric_parts(RTLAT_SCHED_OVERHEAD)[part].name));
	json_object_set_new(row, "points", count_json(fit.nr));
	set_real(row, "mean_ns", fit.mean);
	if (fit.nr < MIN_POINTS || fit.max <= fit.min) {
		if (decides_it)
			finding_part(finding, row, VERDICT_OPEN,
				     "fewer than three points, or all at one number of tasks");
		else
			json_decref(row);
		goto out;
	}
	gsl_fit_linear(fit.x, 1, fit.y, 1, fit.nr, &c0, &slope, &cov00, &cov01,
		       &cov11, &sumsq);
	half = gsl_cdf_tdist_Pinv(0.975, (double)fit.nr - 2) * sqrt(cov11);
	ci.lo = slope - half;
	ci.hi = slope + half;
	growth = 100 * slope * (fit.max - fit.min) / fit.mean;
	set_real(row, "slope_ns_per_task", slope);
	set_ci(row, &ci);
	set_real(row, "growth_percent", growth);
	if (!decides_it)
		json_array_append_new(finding->rows, row);
	else if (ci.lo <= 0)
		finding_part(finding, row, VERDICT_HOLDS,
			     ci.hi < 0 ? "the slope's interval is below 0" :
					 "the slope's interval contains 0");
	else if (growth < FINDING_GROWTH_PERCENT)
		finding_part(finding, row, VERDICT_HOLDS,
			     "the slope is above 0, the growth below the limit");
	else
		finding_part(finding, row, VERDICT_FAILS,
			     "the slope is above 0, and so is the growth above the limit");
out:
	free(fit.x);
	free(fit.y);
}

/* Every platform and timer of which the sweep has cells with this load. */
static bool next_line(const struct sweep *sweep, struct sweep_spot *line)
{
	size_t i;

	for (;;) {
		line->posted++;
		if (line->posted > 1) {
			line->posted = 0;
			line->platform++;
		}
		if (line->platform >= NR_PLATFORMS)
			return false;
		for (i = 0; i < sweep->nr; i++)
			if (sweep_matches(&sweep->point[i].spot, line))
				return true;
	}
}

static struct sweep_spot first_line(int load)
{
	struct sweep_spot line = sweep_any;

	line.platform = 0;
	line.posted = -1;	/* next_line() goes to 0 */
	line.load = load;
	return line;
}

/**
 * finding_flat - does scheduling overhead not grow with the number of tasks?
 * @sweep: sweep with points
 *
 * Return: the finding.
 */
json_t *finding_flat(const struct sweep *sweep)
{
	struct sweep_spot line = first_line(0);
	struct finding finding;
	unsigned int part;

	finding_start(&finding, "sched_overhead_flat",
		      "scheduling overhead does not grow with tasks per processor",
		      "least squares of the means, load off: 95 % interval of the slope not above 0, or growth below "
		      TEXT(FINDING_GROWTH_PERCENT) " % of the mean from fewest to most tasks");
	while (next_line(sweep, &line))
		/* all of them, and then each kind */
		for (part = METRIC_PARTS; part <= 2 * METRIC_PARTS; part++)
			flat_part(&finding, sweep, &line,
				  part % (METRIC_PARTS + 1));
	return finding_end(&finding, "no cells without load");
}

/**
 * struct pair - the same points on the native platform and on a guest
 * @points: how many
 * @native: their samples, kept, of jobs that did not queue
 * @guest: likewise
 */
struct pair {
	unsigned int points;
	struct rtlat_hist native;
	struct rtlat_hist guest;
};

static const struct sweep_point *partner(const struct sweep *sweep,
					 const struct sweep_point *guest)
{
	struct sweep_spot want = guest->spot;
	size_t i;

	want.platform = 0;
	want.posted = 0;
	for (i = 0; i < sweep->nr; i++)
		if (sweep_matches(&sweep->point[i].spot, &want) &&
		    sweep->point[i].spot.distribution == want.distribution)
			return &sweep->point[i];
	return NULL;
}

static struct pair *pair_points(const struct sweep *sweep,
				const struct sweep_spot *line,
				unsigned int metric)
{
	struct pair *pair = xcalloc(1, sizeof(*pair));
	size_t i;

	for (i = 0; i < sweep->nr; i++) {
		const struct sweep_point *guest = &sweep->point[i];
		const struct sweep_point *native;

		if (!sweep_matches(&guest->spot, line) || !guest->clean[metric].n)
			continue;
		native = partner(sweep, guest);
		if (!native || !native->clean[metric].n)
			continue;
		rtlat_hist_merge(&pair->native, &native->clean[metric]);
		rtlat_hist_merge(&pair->guest, &guest->clean[metric]);
		pair->points++;
	}
	if (pair->points && pair->native.sum)
		return pair;
	free(pair);
	return NULL;
}

/* What the paper is about: KVM whose timer fires where it runs, load off. */
static bool decides(const struct sweep_spot *line)
{
	return !line->load && !line->posted &&
	       !strcmp(platform_names[line->platform], "kvm");
}

static void about_pair(json_t *row, const struct sweep_spot *line,
		       const struct pair *pair)
{
	json_object_set_new(row, "load", json_string(line->load ? "on" : "off"));
	json_object_set_new(row, "points", count_json(pair->points));
	json_object_set_new(row, "n", count_json(pair->guest.n));
	json_object_set_new(row, "n_native", count_json(pair->native.n));
}

/* Figures that decide, or that are given beside those that do. */
static void add_row(struct finding *finding, const struct sweep_spot *line,
		    json_t *row, enum verdict verdict, const char *why)
{
	if (decides(line))
		finding_part(finding, row, verdict, why);
	else
		json_array_append_new(finding->rows, row);
}

/* That there are none matters only where they would decide. */
static void add_none(struct finding *finding, const struct sweep_spot *line,
		     json_t *row)
{
	if (decides(line))
		finding_part(finding, row, VERDICT_OPEN, "no samples to compare");
	else
		json_decref(row);
}

static void comparable_part(struct finding *finding, const struct sweep *sweep,
			    const struct sweep_spot *line, unsigned int metric)
{
	struct pair *pair = pair_points(sweep, line, metric);
	json_t *row = row_of(line);
	struct stats native, guest;
	bool within;
	double ratio;
	struct ci ci;

	json_object_set_new(row, "metric", json_string(metric_name(metric)));
	if (!pair) {
		add_none(finding, line, row);
		return;
	}
	stats_of(&native, &pair->native);
	stats_of(&guest, &pair->guest);
	about_pair(row, line, pair);
	ratio = guest.mean / native.mean;
	bootstrap_ratio_ci(&pair->guest, &pair->native, &ci);
	set_real(row, "mean_ns", guest.mean);
	set_real(row, "native_mean_ns", native.mean);
	set_real(row, "ratio", ratio);
	set_ci(row, &ci);
	within = ratio >= FINDING_RATIO_MIN && ratio <= FINDING_RATIO_MAX;
	add_row(finding, line, row, within ? VERDICT_HOLDS : VERDICT_FAILS,
		within ? "the ratio is within the limits" :
			 "the ratio is outside the limits");
	free(pair);
}

static bool is_guest(const struct sweep_spot *line)
{
	return line->platform != 0;
}

/**
 * finding_comparable - do scheduling, switch and release cost as much under KVM?
 * @sweep: sweep with points
 *
 * Return: the finding.
 */
json_t *finding_comparable(const struct sweep *sweep)
{
	static const unsigned int metrics[] = {
		RTLAT_SCHED_OVERHEAD, RTLAT_CXS_OVERHEAD, RTLAT_RELEASE_OVERHEAD,
	};
	struct finding finding;
	size_t i;
	int load;

	finding_start(&finding, "averages_comparable",
		      "averages of scheduling, context switch and release overhead are comparable on both platforms",
		      "ratio of the means over the points that both have, load off, within "
		      TEXT(FINDING_RATIO_MIN) " to " TEXT(FINDING_RATIO_MAX));
	for (i = 0; i < ARRAY_SIZE(metrics); i++) {
		for (load = 0; load < 2; load++) {
			struct sweep_spot line = first_line(load);

			while (next_line(sweep, &line))
				if (is_guest(&line))
					comparable_part(&finding, sweep, &line,
							metrics[i]);
		}
	}
	return finding_end(&finding, "no cells of kvm without load");
}

/**
 * struct figure - one statistic of one platform
 * @value: the statistic
 * @ci: 95 % interval
 */
struct figure {
	double value;
	struct ci ci;
};

static void figure_of(struct figure *figure, const struct rtlat_hist *hist,
		      bool median)
{
	struct stats stats;
	struct ci other;

	stats_of(&stats, hist);
	figure->value = median ? (double)stats.p50 : stats.mean;
	if (median)
		bootstrap_percentile_ci(hist, 50000, &figure->ci);
	else
		bootstrap_ci(hist, &figure->ci, &other);
}

/* The guest's is higher, and by more than what the intervals leave open. */
static bool is_higher(const struct rtlat_hist *guest,
		      const struct rtlat_hist *native, bool median)
{
	struct figure high, low;

	figure_of(&high, guest, median);
	figure_of(&low, native, median);
	return high.ci.lo > low.ci.hi;
}

static void higher_part(struct finding *finding, const struct sweep *sweep,
			const struct sweep_spot *line, bool median)
{
	struct pair *pair = pair_points(sweep, line, RTLAT_EVENT_LATENCY);
	json_t *row = row_of(line);
	struct figure guest, native;
	bool higher;

	json_object_set_new(row, "statistic", json_string(median ? "p50" : "mean"));
	if (!pair) {
		add_none(finding, line, row);
		return;
	}
	about_pair(row, line, pair);
	figure_of(&guest, &pair->guest, median);
	figure_of(&native, &pair->native, median);
	set_real(row, "value_ns", guest.value);
	set_ci(row, &guest.ci);
	set_real(row, "native_ns", native.value);
	set_real(row, "native_ci95_lo", native.ci.lo);
	set_real(row, "native_ci95_hi", native.ci.hi);
	set_real(row, "ratio", guest.value / native.value);
	higher = guest.ci.lo > native.ci.hi;
	add_row(finding, line, row, higher ? VERDICT_HOLDS : VERDICT_FAILS,
		higher ? "kvm's interval is above native's" :
			 "kvm's interval is not above native's");
	free(pair);
}

/* Point by point: at how many of them is it so? */
static void count_higher(struct finding *finding, const struct sweep *sweep,
			 bool median)
{
	unsigned int points = 0, agree = 0;
	json_t *row;
	size_t i;

	for (i = 0; i < sweep->nr; i++) {
		const struct sweep_point *guest = &sweep->point[i];
		const struct sweep_point *native = partner(sweep, guest);
		const struct rtlat_hist *high = &guest->clean[RTLAT_EVENT_LATENCY];
		const struct rtlat_hist *low;

		if (strcmp(platform_names[guest->spot.platform], "kvm") ||
		    guest->spot.posted || !native)
			continue;
		low = &native->clean[RTLAT_EVENT_LATENCY];
		if (!high->n || !low->n)
			continue;
		points++;
		agree += is_higher(high, low, median);
	}
	if (!points)
		return;
	row = json_object();
	json_object_set_new(row, "platform", json_string("kvm"));
	json_object_set_new(row, "statistic", json_string(median ? "p50" : "mean"));
	json_object_set_new(row, "load", json_string("any"));
	json_object_set_new(row, "points", count_json(points));
	json_object_set_new(row, "points_that_agree", count_json(agree));
	json_array_append_new(finding->rows, row);
}

/**
 * finding_higher - is event latency higher under KVM?
 * @sweep: sweep with points
 *
 * Return: the finding.
 */
json_t *finding_higher(const struct sweep *sweep)
{
	struct finding finding;
	int load, median;

	finding_start(&finding, "event_latency_higher",
		      "event latency is higher under KVM",
		      "mean and median over the points that both have, load off: 95 % interval above native's");
	for (median = 0; median < 2; median++) {
		for (load = 0; load < 2; load++) {
			struct sweep_spot line = first_line(load);

			while (next_line(sweep, &line))
				if (is_guest(&line))
					higher_part(&finding, sweep, &line, median);
		}
		count_higher(&finding, sweep, median);
	}
	return finding_end(&finding, "no cells of kvm without load");
}
