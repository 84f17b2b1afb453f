// SPDX-License-Identifier: GPL-2.0
/* What the generator draws, held against the distributions it draws from. */

#include <math.h>

#include "test.h"

#include "run/taskset-file.h"
#include "stats/distribution.h"

#define DRAWS		100000
#define ROUNDING	(1 / 1e9)
#define SET_TASKS	20
/* Standard errors that a mean or a variance may be away: 6 in 100,000 fair ones. */
#define TOLERANCE	4.0

/*
 * Means and variances by hand, from the paper's own words: u(a, b) is a uniform
 * distribution, of mean (a + b) / 2 and variance (b - a)^2 / 12.
 */
static const struct {
	double mean, variance;
} by_hand[RTLAT_NR_DISTRIBUTIONS] = {
	/* u(0.001, 0.1) */
	[RTLAT_DIST_LIGHT_UNIFORM] = { 0.0505, 0.099 * 0.099 / 12 },
	/*
	 * 8/9 u(0.001, 0.5) + 1/9 u(0.5, 0.9): variance within plus between,
	 * the latter 8/9 1/9 (0.7 - 0.2505)^2
	 */
	[RTLAT_DIST_LIGHT_BIMODAL] = {
		(8 * 0.2505 + 0.7) / 9,
		(8 * 0.499 * 0.499 / 12 + 0.4 * 0.4 / 12) / 9 +
		8.0 / 81 * 0.4495 * 0.4495,
	},
	/*
	 * mean 0.1, nothing above 0.9: with q = exp(-9),
	 * 0.1 - 0.9 q / (1 - q) and 0.01 - 0.81 q / (1 - q)^2
	 */
	[RTLAT_DIST_LIGHT_EXPONENTIAL] = { 0.099888917468, 0.009900013382 },
	/* u(0.1, 0.4) */
	[RTLAT_DIST_MEDIUM_UNIFORM] = { 0.25, 0.0075 },
	/* 6/9 u(0.001, 0.5) + 3/9 u(0.5, 0.9) */
	[RTLAT_DIST_MEDIUM_BIMODAL] = {
		(6 * 0.2505 + 3 * 0.7) / 9,
		(6 * 0.499 * 0.499 / 12 + 3 * 0.4 * 0.4 / 12) / 9 +
		18.0 / 81 * 0.4495 * 0.4495,
	},
};

/* How far a sample is from a mean and a variance, in standard errors. */
struct away {
	double mean;
	double variance;
};

static struct away away_from(const struct rtlat_distribution_desc *dist,
			     const double *sample, size_t n)
{
	double mean = 0, variance = 0;
	size_t i;

	for (i = 0; i < n; i++)
		mean += sample[i] / (double)n;
	for (i = 0; i < n; i++)
		variance += pow(sample[i] - mean, 2) / (double)(n - 1);
	return (struct away){
		.mean = (mean - distribution_mean(dist)) /
			sqrt(distribution_variance(dist) / (double)n),
		.variance = (variance - distribution_variance(dist)) /
			    distribution_variance_error(dist, (double)n),
	};
}

static double *draws(u32 distribution, u64 seed)
{
	/* no draws in common with other distributions */
	u64 state = rtlat_random(&seed) ^ distribution;
	double *sample = xcalloc(DRAWS, sizeof(*sample));
	size_t i;

	for (i = 0; i < DRAWS; i++)
		sample[i] = (double)rtlat_draw_ppb(&rtlat_distributions[distribution],
						   &state) / RTLAT_PPB;
	return sample;
}

/* Utilisations and periods as sets have them, from one set for each seed. */
static void set_draws(u32 distribution, double *utilisation, double *period)
{
	struct rtlat_taskset set;
	size_t n = 0;
	u32 i;

	taskset_default(&set);
	set.distribution = distribution;
	set.tasks_per_cpu = SET_TASKS;
	for (set.seed = 1; n < DRAWS; set.seed++) {
		taskset_make(&set);
		for (i = 0; i < SET_TASKS; i++) {
			utilisation[n] = (double)set.tasks[i].drawn_ppb / RTLAT_PPB;
			period[n++] = (double)set.tasks[i].period_ns;
		}
		taskset_free(&set);
	}
}

static double period_cdf(const void *none, double ns)
{
	/* whole microseconds: half of one is what a step is away from a line */
	const double us = ns / 1000 + 0.5;

	(void)none;
	return (us - RTLAT_PERIOD_MIN_US) /
	       (RTLAT_PERIOD_MAX_US - RTLAT_PERIOD_MIN_US + 1);
}

static void the_table_is_the_papers(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < RTLAT_NR_DISTRIBUTIONS; i++) {
		const struct rtlat_distribution_desc *dist = &rtlat_distributions[i];

		assert_true(fabs(distribution_mean(dist) - by_hand[i].mean) < ROUNDING);
		assert_true(fabs(distribution_variance(dist) -
				 by_hand[i].variance) < ROUNDING);
		assert_true(fabs(distribution_moment(dist, 0) - 1) < ROUNDING);
	}
}

static void means_and_variances(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < RTLAT_NR_DISTRIBUTIONS; i++) {
		double *sample = draws(i, 1);
		struct away away = away_from(&rtlat_distributions[i], sample, DRAWS);

		print_message("%s: mean %+.2f, variance %+.2f standard errors away\n",
			      rtlat_distribution_names[i], away.mean, away.variance);
		assert_true(fabs(away.mean) < TOLERANCE);
		assert_true(fabs(away.variance) < TOLERANCE);
		free(sample);
	}
}

/*
 * Kolmogorov and Smirnov: a fair sample of n is further from its distribution
 * than sqrt(-ln(0.001 / 2) / (2 n)) = 1.949 / sqrt(n) once in 1000 times.
 */
static void kolmogorov_smirnov(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < RTLAT_NR_DISTRIBUTIONS; i++) {
		double *sample = draws(i, 1);
		double far = ks_statistic(sample, DRAWS, distribution_cdf,
					  &rtlat_distributions[i]);

		print_message("%s: D=%.5f, critical %.5f\n",
			      rtlat_distribution_names[i], far, ks_critical(DRAWS));
		assert_true(far < ks_critical(DRAWS));
		free(sample);
	}
}

/* Sets of successive seeds have neither a pattern of their own nor pairs. */
static void tasks_of_sets(void **state)
{
	double *utilisation = xcalloc(DRAWS, sizeof(*utilisation));
	double *period = xcalloc(DRAWS, sizeof(*period));
	u32 d;

	(void)state;
	for (d = 0; d < RTLAT_NR_DISTRIBUTIONS; d++) {
		const struct rtlat_distribution_desc *dist = &rtlat_distributions[d];
		double together = 0, middle = 0;
		struct away away;
		size_t i;

		set_draws(d, utilisation, period);
		for (i = 0; i < DRAWS; i++)
			middle += period[i] / DRAWS;
		for (i = 0; i < DRAWS; i++)
			together += (utilisation[i] - distribution_mean(dist)) *
				    (period[i] - middle) / DRAWS;
		/* a period and its utilisation: correlation of a fair sample */
		together /= sqrt(distribution_variance(dist)) *
			    (RTLAT_PERIOD_MAX_US - RTLAT_PERIOD_MIN_US) * 1000.0 /
			    sqrt(12);
		assert_true(fabs(together) < TOLERANCE / sqrt(DRAWS));
		away = away_from(dist, utilisation, DRAWS);
		assert_true(fabs(away.mean) < TOLERANCE);
		assert_true(fabs(away.variance) < TOLERANCE);
		assert_true(ks_statistic(utilisation, DRAWS, distribution_cdf, dist) <
			    ks_critical(DRAWS));
		assert_true(ks_statistic(period, DRAWS, period_cdf, NULL) <
			    ks_critical(DRAWS));
	}
	free(utilisation);
	free(period);
}

/* The tests above can fail: a sample is found not to be of another distribution. */
static void wrong_distributions_are_rejected(void **state)
{
	/* 7/9 for 8/9, and a mean of 0.102 for 0.1 */
	struct rtlat_distribution_desc bimodal =
		rtlat_distributions[RTLAT_DIST_LIGHT_BIMODAL];
	struct rtlat_distribution_desc exponential =
		rtlat_distributions[RTLAT_DIST_LIGHT_EXPONENTIAL];
	double *sample, *rounded;
	u32 i, j;

	(void)state;
	for (i = 0; i < RTLAT_NR_DISTRIBUTIONS; i++) {
		for (j = 0; j < RTLAT_NR_DISTRIBUTIONS; j++) {
			if (i == j)
				continue;
			sample = draws(i, 1);
			assert_true(fabs(away_from(&rtlat_distributions[j], sample,
						   DRAWS).mean) > TOLERANCE);
			assert_true(ks_statistic(sample, DRAWS, distribution_cdf,
						 &rtlat_distributions[j]) >
				    ks_critical(DRAWS));
			free(sample);
		}
	}
	bimodal.light_ninths = 7;
	sample = draws(RTLAT_DIST_LIGHT_BIMODAL, 1);
	assert_true(ks_statistic(sample, DRAWS, distribution_cdf, &bimodal) >
		    ks_critical(DRAWS));
	free(sample);
	exponential.mean_ppb = 102000000;
	sample = draws(RTLAT_DIST_LIGHT_EXPONENTIAL, 1);
	assert_true(fabs(away_from(&exponential, sample, DRAWS).mean) > TOLERANCE);
	assert_true(ks_statistic(sample, DRAWS, distribution_cdf, &exponential) >
		    ks_critical(DRAWS));
	free(sample);
	/* right mean and variance, wrong shape: cut to 1/50 of a CPU */
	rounded = draws(RTLAT_DIST_MEDIUM_UNIFORM, 1);
	for (i = 0; i < DRAWS; i++)
		rounded[i] = round(rounded[i] * 50) / 50;
	assert_true(ks_statistic(rounded, DRAWS, distribution_cdf,
				 &rtlat_distributions[RTLAT_DIST_MEDIUM_UNIFORM]) >
		    ks_critical(DRAWS));
	free(rounded);
}

/* D of three numbers, by hand: 0.2, 0.3, 0.9 against a uniform distribution. */
static double identity(const void *none, double x)
{
	(void)none;
	return x;
}

static void distance_by_hand(void **state)
{
	double sample[] = { 0.9, 0.2, 0.3 };

	(void)state;
	assert_true(fabs(ks_statistic(sample, 3, identity, NULL) -
			 (2.0 / 3 - 0.3)) < ROUNDING);
	assert_true(fabs(ks_critical(100000) - 0.0061648) < 1 / 1e6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_the_papers),
		cmocka_unit_test(distance_by_hand),
		cmocka_unit_test(means_and_variances),
		cmocka_unit_test(kolmogorov_smirnov),
		cmocka_unit_test(tasks_of_sets),
		cmocka_unit_test(wrong_distributions_are_rejected),
	};

	return cmocka_run_group_tests_name("taskset", tests, NULL, NULL);
}
