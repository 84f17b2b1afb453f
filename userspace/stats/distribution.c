// SPDX-License-Identifier: GPL-2.0
/* What draws from a distribution must look like. Pure. */

#include <math.h>
#include <stdlib.h>

#include "stats/distribution.h"

/* All in parts of a CPU, from 0 to 1. */
#define PART(ppb)	((double)(ppb) / RTLAT_PPB)

/* The k-th moment of a uniform distribution. */
static double uniform_moment(double min, double max, unsigned int k)
{
	return (pow(max, k + 1) - pow(min, k + 1)) / ((k + 1) * (max - min));
}

/*
 * Of an exponential distribution of mean m, of which only what is below c is
 * kept: by parts, E[x^k] = k m E[x^(k-1)] - c^k exp(-c/m) / (1 - exp(-c/m)).
 */
static double exponential_moment(double mean, double cut, unsigned int k)
{
	const double beyond = exp(-cut / mean);
	double moment = 1;
	unsigned int i;

	for (i = 1; i <= k; i++)
		moment = i * mean * moment -
			 pow(cut, i) * beyond / (1 - beyond);
	return moment;
}

/**
 * distribution_moment - a moment about zero
 * @dist: distribution of utilisations
 * @k: which, from 0
 *
 * Return: the moment, of utilisations from 0 to 1.
 */
double distribution_moment(const struct rtlat_distribution_desc *dist,
			   unsigned int k)
{
	const double light = dist->light_ninths / 9.0;
	double moment;

	if (dist->mean_ppb)
		return exponential_moment(PART(dist->mean_ppb),
					  PART(RTLAT_CAPACITY_PPB), k);
	moment = light * uniform_moment(PART(dist->light_min_ppb),
					PART(dist->light_max_ppb), k);
	if (dist->light_ninths < 9)
		moment += (1 - light) *
			  uniform_moment(PART(dist->heavy_min_ppb),
					 PART(dist->heavy_max_ppb), k);
	return moment;
}

/**
 * distribution_mean - mean utilisation
 * @dist: distribution
 *
 * Return: the mean, from 0 to 1.
 */
double distribution_mean(const struct rtlat_distribution_desc *dist)
{
	return distribution_moment(dist, 1);
}

/**
 * distribution_variance - variance of the utilisation
 * @dist: distribution
 *
 * Return: the variance.
 */
double distribution_variance(const struct rtlat_distribution_desc *dist)
{
	return distribution_moment(dist, 2) - pow(distribution_moment(dist, 1), 2);
}

/**
 * distribution_variance_error - standard error of a sample's variance
 * @dist: distribution
 * @n: size of the sample
 *
 * Return: sqrt((fourth central moment - variance^2) / n), its leading term.
 */
double distribution_variance_error(const struct rtlat_distribution_desc *dist,
				   double n)
{
	const double mean = distribution_moment(dist, 1);
	const double second = distribution_moment(dist, 2);
	const double fourth = distribution_moment(dist, 4) -
			      4 * mean * distribution_moment(dist, 3) +
			      6 * mean * mean * second - 3 * pow(mean, 4);

	return sqrt((fourth - pow(second - mean * mean, 2)) / n);
}

static double uniform_cdf(double min, double max, double x)
{
	return x <= min ? 0 : x >= max ? 1 : (x - min) / (max - min);
}

/**
 * distribution_cdf - how much of a distribution is at or below a utilisation
 * @dist: struct rtlat_distribution_desc
 * @x: utilisation, from 0 to 1
 *
 * Return: 0 to 1.
 */
double distribution_cdf(const void *dist, double x)
{
	const struct rtlat_distribution_desc *desc = dist;
	const double light = desc->light_ninths / 9.0;
	const double cut = PART(RTLAT_CAPACITY_PPB);
	const double mean = PART(desc->mean_ppb);
	double below;

	if (desc->mean_ppb)
		return x <= 0 ? 0 : x >= cut ? 1 :
		       (1 - exp(-x / mean)) / (1 - exp(-cut / mean));
	below = light * uniform_cdf(PART(desc->light_min_ppb),
				    PART(desc->light_max_ppb), x);
	if (desc->light_ninths < 9)
		below += (1 - light) * uniform_cdf(PART(desc->heavy_min_ppb),
						   PART(desc->heavy_max_ppb), x);
	return below;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/**
 * ks_statistic - Kolmogorov and Smirnov's distance
 * @sample: numbers; sorted by this
 * @n: how many
 * @cdf: continuous distribution function
 * @of: its first argument
 *
 * Return: the largest distance of the sample's distribution function from @cdf.
 */
double ks_statistic(double *sample, size_t n, cdf_fn cdf, const void *of)
{
	double largest = 0;
	size_t i;

	qsort(sample, n, sizeof(*sample), by_size);
	for (i = 0; i < n; i++) {
		const double below = cdf(of, sample[i]);

		largest = fmax(largest, below - (double)i / (double)n);
		largest = fmax(largest, (double)(i + 1) / (double)n - below);
	}
	return largest;
}

/**
 * ks_critical - distance above which a sample is not of the distribution
 * @n: size of the sample
 *
 * Kolmogorov's limit P(sqrt(n) D > x) is 2 exp(-2 x^2) to far below KS_ALPHA.
 *
 * Return: sqrt(-ln(KS_ALPHA / 2) / (2 n)), 1.949 / sqrt(n).
 */
double ks_critical(size_t n)
{
	return sqrt(-log(KS_ALPHA / 2) / (2 * (double)n));
}
