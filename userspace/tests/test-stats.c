// SPDX-License-Identifier: GPL-2.0
/* Confidence intervals and expected maxima: against known distributions. */

#include "test.h"

#include <math.h>
#include <stdio.h>

#include "stats/bootstrap.h"
#include "stats/stats.h"

#define NR_TRIES	200
#define TRUE_MEAN	5000.0
/* Standard deviation of the sum of twelve uniform numbers below 2^10. */
#define TRUE_STDDEV	1024.0
/* 99 % of a normal distribution is below this many standard deviations. */
#define NORMAL_P99	2.3263
#define TINY		0.000000001

static void add(struct rtlat_hist *hist, u64 ns)
{
	rtlat_hist_add(hist, ns, 0, 0, 0, 0);
}

/* Twelve uniform numbers make a number that is close to normal. */
static u64 normal_ns(uint64_t *seed)
{
	double sum = 0;
	int i;

	for (i = 0; i < 12; i++)
		sum += (double)(random_u64(seed) >> 11) / 9007199254740992.0;
	return (u64)(TRUE_MEAN + (sum - 6) * TRUE_STDDEV + 0.5);
}

/*
 * 190 of 200 intervals are expected to hold the true value, with a standard
 * deviation of 3.1. More than 3 of those fewer or more and the interval is not
 * one of 95 %. p99's ends are bucket bounds and lie a little further out.
 */
static void intervals_hold_the_true_value(void **state)
{
	const double true_p99 = TRUE_MEAN + NORMAL_P99 * TRUE_STDDEV;
	unsigned int try, i, means = 0, p99s = 0;
	uint64_t seed = 7;

	(void)state;
	for (try = 0; try < NR_TRIES; try++) {
		struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
		struct ci mean, p99;

		for (i = 0; i < 1000; i++)
			add(hist, normal_ns(&seed));
		bootstrap_ci(hist, &mean, &p99);
		assert_true(mean.lo < mean.hi);
		means += mean.lo <= TRUE_MEAN && TRUE_MEAN <= mean.hi;
		p99s += p99.lo / (1 + 1.0 / 64) <= true_p99 && true_p99 <= p99.hi;
		free(hist);
	}
	print_message("of %d: mean %u, p99 %u\n", NR_TRIES, means, p99s);
	assert_in_range(means, 181, 199);
	assert_in_range(p99s, 181, 200);
}

/* The textbook's interval of a mean, 1.96 standard errors to each side. */
static void mean_interval_is_as_wide_as_the_textbooks(void **state)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	struct ci mean, p99;
	struct stats stats;
	uint64_t seed = 3;
	double error;
	int i;

	(void)state;
	for (i = 0; i < 25000; i++)
		add(hist, normal_ns(&seed));
	bootstrap_ci(hist, &mean, &p99);
	stats_of(&stats, hist);
	error = 1.96 * stats.stddev / sqrt(25000);
	assert_true(fabs(mean.hi - stats.mean - error) < 0.1 * error);
	assert_true(fabs(stats.mean - mean.lo - error) < 0.1 * error);
	assert_true(p99.lo <= stats.p99 && stats.p99 <= p99.hi);
	free(hist);
}

/* Samples of one bucket differ, too. */
static void mean_interval_within_a_bucket(void **state)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	struct ci mean, p99;
	struct stats stats;
	double error;
	u64 i;

	(void)state;
	for (i = 0; i < 1000; i++)
		add(hist, 8192 + i % 128);
	bootstrap_ci(hist, &mean, &p99);
	stats_of(&stats, hist);
	error = 1.96 * stats.stddev / sqrt(1000);
	assert_true(fabs(mean.hi - mean.lo - 2 * error) < 0.2 * error);
	assert_true(p99.lo == 8319 && p99.hi == 8319);
	free(hist);
}

/* The textbook's interval of a ratio, from the parts' relative errors. */
static void ratio_interval_is_as_wide_as_the_textbooks(void **state)
{
	struct rtlat_hist *over = xcalloc(1, sizeof(*over));
	struct rtlat_hist *under = xcalloc(1, sizeof(*under));
	struct stats high, low;
	uint64_t seed = 5;
	struct ci ratio;
	double error;
	int i;

	(void)state;
	for (i = 0; i < 4000; i++) {
		add(over, 3 * normal_ns(&seed));
		if (i % 4 == 0)
			add(under, normal_ns(&seed));
	}
	bootstrap_ratio_ci(over, under, &ratio);
	stats_of(&high, over);
	stats_of(&low, under);
	error = 1.96 * high.mean / low.mean *
		sqrt(high.stddev * high.stddev / 4000 / high.mean / high.mean +
		     low.stddev * low.stddev / 1000 / low.mean / low.mean);
	assert_true(fabs(ratio.hi - high.mean / low.mean - error) < 0.1 * error);
	assert_true(fabs(high.mean / low.mean - ratio.lo - error) < 0.1 * error);
	/* of the same twice: the resamples are not the same */
	bootstrap_ratio_ci(under, under, &ratio);
	assert_true(ratio.lo < 1 && ratio.hi > 1);
	free(under);
	free(over);
}

static void median_intervals_hold_the_median(void **state)
{
	unsigned int try, i, holds = 0;
	uint64_t seed = 11;
	struct ci ci;

	(void)state;
	for (try = 0; try < NR_TRIES; try++) {
		struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));

		for (i = 0; i < 100; i++)
			add(hist, normal_ns(&seed));
		bootstrap_percentile_ci(hist, 50000, &ci);
		holds += ci.lo / (1 + 1.0 / 64) <= TRUE_MEAN && TRUE_MEAN <= ci.hi;
		assert_true(ci.hi - ci.lo < TRUE_STDDEV);
		free(hist);
	}
	print_message("of %d: median %u\n", NR_TRIES, holds);
	assert_in_range(holds, 181, 200);
}

static void interval_of_a_constant_is_the_constant(void **state)
{
	static const u64 values[] = { 0, 63, 1272, 1ULL << 39, 1ULL << 45 };
	size_t v;
	int i;

	(void)state;
	for (v = 0; v < ARRAY_SIZE(values); v++) {
		const double value = (double)values[v];
		struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
		struct ci mean, p99;

		for (i = 0; i < 500; i++) {
			add(hist, values[v]);
			if (i && i < 499)
				continue;	/* of one and of all */
			bootstrap_ci(hist, &mean, &p99);
			assert_true(mean.lo == value && mean.hi == value);
			assert_true(p99.lo == value && p99.hi == value);
		}
		free(hist);
	}
}

static void interval_is_the_same_again(void **state)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	struct ci mean[2], p99[2];
	uint64_t seed = 5;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++)
		add(hist, random_u64(&seed) >> 40);
	for (i = 0; i < 2; i++)
		bootstrap_ci(hist, &mean[i], &p99[i]);
	assert_memory_equal(&mean[0], &mean[1], sizeof(mean[0]));
	assert_memory_equal(&p99[0], &p99[1], sizeof(p99[0]));
	free(hist);
}

/* p99's interval against resamples drawn one by one. */
static void p99_interval_is_what_resamples_give(void **state)
{
	enum { NR = 400, RESAMPLES = 4000 };
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	struct rtlat_hist *again = xcalloc(1, sizeof(*again));
	unsigned int r, i, at_most_lo = 0, below_lo = 0, at_most_hi = 0, below_hi = 0;
	u64 *values = xcalloc(NR, sizeof(*values));
	struct ci mean, p99;
	uint64_t seed = 11;

	(void)state;
	for (i = 0; i < NR; i++) {
		values[i] = random_u64(&seed) >> (40 + random_u64(&seed) % 8);
		add(hist, values[i]);
	}
	bootstrap_ci(hist, &mean, &p99);
	for (r = 0; r < RESAMPLES; r++) {
		double one;

		memset(again, 0, sizeof(*again));
		for (i = 0; i < NR; i++)
			add(again, values[random_u64(&seed) % NR]);
		/* not that of @again, which may be capped by its own maximum */
		one = (double)stats_bucket_max(hist,
			rtlat_hist_index(rtlat_hist_percentile(again, 99000)));
		at_most_lo += one <= p99.lo;
		below_lo += one < p99.lo;
		at_most_hi += one <= p99.hi;
		below_hi += one < p99.hi;
	}
	/* 2.5 % of 4000 are 100, standard deviation 10 */
	assert_true(below_lo < 130 && at_most_lo > 70);
	assert_true(below_hi < RESAMPLES - 70 && at_most_hi > RESAMPLES - 130);
	free(values);
	free(again);
	free(hist);
}

/* Mean of the maxima of all draws of @m, over every subset. */
static double brute_force(const double *values, unsigned int nr, unsigned int m)
{
	unsigned int set, i, sets = 0;
	double sum = 0;

	for (set = 0; set < 1U << nr; set++) {
		double max = 0;

		if ((unsigned int)__builtin_popcount(set) != m)
			continue;
		for (i = 0; i < nr; i++)
			if (set & 1U << i && values[i] > max)
				max = values[i];
		sum += max;
		sets++;
	}
	return sum / sets;
}

static void expected_max_is_brute_force(void **state)
{
	uint64_t seed = 23;
	int try;

	(void)state;
	for (try = 0; try < 50; try++) {
		struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
		unsigned int nr = 1 + (unsigned int)(random_u64(&seed) % 10), i, m;
		double values[10], expected;

		for (i = 0; i < nr; i++) {
			/* buckets of their own below 128: nothing is rounded */
			u64 ns = random_u64(&seed) % (try % 2 ? 5 : 128);

			values[i] = (double)ns;
			add(hist, ns);
		}
		for (m = 1; m <= nr; m++) {
			expected = brute_force(values, nr, m);
			assert_true(fabs(stats_expected_max(hist, m) - expected) <
				    TINY * (1 + expected));
		}
		free(hist);
	}
}

static void expected_max_of_all_and_of_one(void **state)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	double sum = 0, one, last = 0;
	uint64_t seed = 29;
	unsigned int i;
	u64 m;

	(void)state;
	assert_true(stats_expected_max(hist, 5) == 0);
	for (i = 0; i < 25000; i++)
		add(hist, 300 + (random_u64(&seed) >> (44 + random_u64(&seed) % 8)));
	assert_true(stats_expected_max(hist, 0) == 0);
	assert_true(stats_expected_max(hist, 25000) == (double)hist->max);
	assert_true(stats_expected_max(hist, 30000) == (double)hist->max);
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++)
		if (hist->bucket[i])
			sum += (double)hist->bucket[i] *
			       (rtlat_hist_index(hist->max) == i ?
				(double)hist->max : stats_bucket_ns(hist, i));
	one = stats_expected_max(hist, 1);
	assert_true(fabs(one - sum / 25000) < TINY * one);
	/* a larger part never has a smaller maximum */
	for (m = 1; m < 25000; m = m * 3 / 2 + 1) {
		one = stats_expected_max(hist, m);
		assert_true(one > last && one <= (double)hist->max);
		last = one;
	}
	free(hist);
}

/* Two values: the chance that the larger is drawn is m / n. */
static void expected_max_of_very_many(void **state)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	const u64 n = 4000000000;
	double got;

	(void)state;
	add(hist, 10);
	add(hist, 110);
	hist->bucket[10] = n - 1;
	hist->n = n;
	got = stats_expected_max(hist, n / 4);
	assert_true(fabs(got - (10 + 100 * 0.25)) < 0.01);
	free(hist);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals_hold_the_true_value),
		cmocka_unit_test(mean_interval_is_as_wide_as_the_textbooks),
		cmocka_unit_test(mean_interval_within_a_bucket),
		cmocka_unit_test(ratio_interval_is_as_wide_as_the_textbooks),
		cmocka_unit_test(median_intervals_hold_the_median),
		cmocka_unit_test(interval_of_a_constant_is_the_constant),
		cmocka_unit_test(interval_is_the_same_again),
		cmocka_unit_test(p99_interval_is_what_resamples_give),
		cmocka_unit_test(expected_max_is_brute_force),
		cmocka_unit_test(expected_max_of_all_and_of_one),
		cmocka_unit_test(expected_max_of_very_many),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
