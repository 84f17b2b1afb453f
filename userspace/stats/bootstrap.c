// SPDX-License-Identifier: GPL-2.0
/* Confidence intervals of a histogram's statistics. Pure. */

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/util.h"
#include "stats/bootstrap.h"
#include "stats/stats.h"

#define RESAMPLES	1000
/* What a 95 % interval leaves out on each side. */
#define TAIL		0.025
/* The same histogram gives the same interval on every machine. */
#define SEED		2013

/* Buckets that are drawn as one: an eighth of an octave. */
#define TOGETHER	8

/**
 * struct bins - neighbouring buckets together, those that have samples
 * @nr: how many
 * @ns: what each stands for, the mean of its buckets
 * @count: samples in it, whole numbers
 */
struct bins {
	size_t nr;
	double *ns;
	double *count;
};

static void bins_make(struct bins *bins, const struct rtlat_hist *hist)
{
	unsigned int i = 0;

	bins->nr = 0;
	bins->ns = xcalloc(RTLAT_HIST_BUCKETS / TOGETHER, sizeof(*bins->ns));
	bins->count = xcalloc(RTLAT_HIST_BUCKETS / TOGETHER,
			      sizeof(*bins->count));
	while (i < RTLAT_HIST_BUCKETS) {
		double sum = 0, count = 0;

		do {
			if (!hist->bucket[i])
				continue;
			sum += (double)hist->bucket[i] *
			       stats_bucket_ns(hist, i);
			count += (double)hist->bucket[i];
		} while (++i % TOGETHER);
		if (!(count > 0))
			continue;
		bins->ns[bins->nr] = sum / count;
		bins->count[bins->nr++] = count;
	}
}

static void bins_free(struct bins *bins)
{
	free(bins->count);
	free(bins->ns);
}

static double bins_mean(const struct bins *bins, double n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < bins->nr; i++)
		sum += bins->count[i] * bins->ns[i];
	return sum / n;
}

static double bins_variance(const struct bins *bins, double n, double mean)
{
	double squares = 0;
	size_t i;

	for (i = 0; i < bins->nr; i++)
		squares += bins->count[i] * (bins->ns[i] - mean) *
			   (bins->ns[i] - mean);
	return squares / n;
}

/* How far the mean of a resample of @size samples is from @mean, the bins' own. */
static double resampled(const struct bins *bins, unsigned int size, double mean,
			gsl_rng *rng, unsigned int *drawn)
{
	double sum = 0;
	size_t i;

	gsl_ran_multinomial(rng, bins->nr, size, bins->count, drawn);
	for (i = 0; i < bins->nr; i++)
		sum += drawn[i] * (bins->ns[i] - mean);
	return sum / size;
}

/*
 * The resampled means lie around the exact mean. What the samples of a bin
 * differ among themselves, which resampling bins cannot show, is drawn from the
 * normal distribution that the mean of such small differences has.
 */
static void resample(const struct rtlat_hist *hist, unsigned long seed,
		     double means[RESAMPLES])
{
	const double n = (double)hist->n;
	/* GSL counts in unsigned int */
	const unsigned int size = hist->n < INT_MAX ? (unsigned int)hist->n :
						      INT_MAX;
	const double shrink = sqrt(size / n);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
	double within, middle;
	unsigned int *drawn;
	struct stats stats;
	struct bins bins;
	size_t i;

	bins_make(&bins, hist);
	drawn = xcalloc(bins.nr, sizeof(*drawn));
	middle = bins_mean(&bins, n);
	stats_of(&stats, hist);
	within = hist->n < 2 ? 0 : stats.stddev * stats.stddev * (n - 1) / n -
				   bins_variance(&bins, n, middle);
	within = within > 0 ? sqrt(within / n) : 0;
	gsl_rng_set(rng, seed);
	for (i = 0; i < RESAMPLES; i++)
		means[i] = stats.mean + gsl_ran_gaussian(rng, within) +
			   shrink * resampled(&bins, size, middle, rng, drawn);
	gsl_rng_free(rng);
	free(drawn);
	bins_free(&bins);
}

static void middle_part(double values[RESAMPLES], struct ci *ci)
{
	gsl_sort(values, 1, RESAMPLES);
	ci->lo = gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES, TAIL);
	ci->hi = gsl_stats_quantile_from_sorted_data(values, 1, RESAMPLES,
						     1 - TAIL);
}

/**
 * bootstrap_percentile_ci - 95 % confidence interval of a percentile
 * @hist: histogram
 * @per_100k: percentile in thousandths, as for rtlat_hist_percentile()
 * @ci: receives it, in the same bounds as the percentile
 *
 * What ever more resamples come to for a percentile is known: it is at most a
 * bucket's bound when at least its rank of n draws, each below that bound with
 * the probability that the histogram gives, are below it. An empty histogram
 * gives zeroes.
 */
void bootstrap_percentile_ci(const struct rtlat_hist *hist, u32 per_100k,
			     struct ci *ci)
{
	const double n = (double)hist->n;
	const double rank = (double)rtlat_hist_rank(hist->n, per_100k);
	unsigned int i;
	u64 below = 0;
	bool lo = false;

	ci->lo = (double)hist->max;
	ci->hi = (double)hist->max;
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++) {
		double chance;

		if (!hist->bucket[i])
			continue;
		below += hist->bucket[i];
		chance = below == hist->n ? 1 :
			 gsl_cdf_beta_P((double)below / n, rank, n - rank + 1);
		if (!lo && chance >= TAIL) {
			ci->lo = (double)stats_bucket_max(hist, i);
			lo = true;
		}
		if (chance >= 1 - TAIL) {
			ci->hi = (double)stats_bucket_max(hist, i);
			return;
		}
	}
}

/**
 * bootstrap_ci - 95 % confidence intervals of the mean and of p99
 * @hist: histogram
 * @mean: receives the mean's, around the exact mean
 * @p99: receives p99's, in the same bounds as rtlat_hist_percentile()
 *
 * Percentile bootstrap on the histogram's buckets. An empty histogram gives
 * zeroes.
 */
void bootstrap_ci(const struct rtlat_hist *hist, struct ci *mean,
		  struct ci *p99)
{
	double *means;

	memset(mean, 0, sizeof(*mean));
	bootstrap_percentile_ci(hist, 99000, p99);
	if (!hist->n)
		return;
	means = xcalloc(RESAMPLES, sizeof(*means));
	resample(hist, SEED, means);
	middle_part(means, mean);
	free(means);
}

/**
 * bootstrap_ratio_ci - 95 % confidence interval of the ratio of two means
 * @over: histogram with samples
 * @under: the one divided by, with samples and a mean above 0
 * @ratio: receives it
 *
 * Both are resampled, independently.
 */
void bootstrap_ratio_ci(const struct rtlat_hist *over,
			const struct rtlat_hist *under, struct ci *ratio)
{
	double *means = xcalloc(RESAMPLES, sizeof(*means));
	double *divisors = xcalloc(RESAMPLES, sizeof(*divisors));
	size_t i;

	resample(over, SEED, means);
	resample(under, SEED + 1, divisors);
	for (i = 0; i < RESAMPLES; i++)
		means[i] /= divisors[i];
	middle_part(means, ratio);
	free(divisors);
	free(means);
}
