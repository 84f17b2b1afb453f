// SPDX-License-Identifier: GPL-2.0
/* Histogram and statistics against sorted arrays and textbook formulas. */

#include "test.h"

#include <math.h>

#include "module/hist.h"
#include "stats/stats.h"

#define NR	20000
#define TINY	0.000000001

static int by_value(const void *left, const void *right)
{
	u64 a = *(const u64 *)left, b = *(const u64 *)right;

	return a < b ? -1 : a > b;
}

static u64 *random_values(u64 seed, unsigned int bits, size_t nr)
{
	u64 *values = xcalloc(nr, sizeof(*values));
	size_t i;

	for (i = 0; i < nr; i++)
		values[i] = random_u64(&seed) >> (64 - 1 - random_u64(&seed) % bits);
	return values;
}

static struct rtlat_hist *hist_of(const u64 *values, size_t nr)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	size_t i;

	for (i = 0; i < nr; i++)
		rtlat_hist_add(hist, values[i], i, 1, (u32)i, 0);
	return hist;
}

static void index_is_monotonic(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(rtlat_hist_index(0), 0);
	for (i = 0; i + 1 < RTLAT_HIST_BUCKETS; i++) {
		u64 upper = rtlat_hist_upper(i);

		assert_int_equal(rtlat_hist_index(upper), i);
		assert_int_equal(rtlat_hist_index(upper + 1), i + 1);
	}
	assert_int_equal(rtlat_hist_index(UINT64_MAX), RTLAT_HIST_BUCKETS - 1);
}

static void upper_is_within_a_64th(void **state)
{
	u64 seed = 1;
	int i;

	(void)state;
	for (i = 0; i < NR; i++) {
		u64 ns = random_u64(&seed) >> (25 + random_u64(&seed) % 38);
		u64 upper = rtlat_hist_upper(rtlat_hist_index(ns));

		assert_true(upper >= ns);
		assert_true(upper - ns <= ns / 64);
	}
}

static void percentile_is_nearest_rank(void **state)
{
	static const u32 per_100k[] = { 1, 50000, 99000, 99900, 99999, 100000 };
	size_t nr, p;

	(void)state;
	for (nr = 1; nr < NR; nr = nr * 3 + 1) {
		u64 *values = random_values(nr, 38, nr);
		struct rtlat_hist *hist = hist_of(values, nr);

		qsort(values, nr, sizeof(*values), by_value);
		for (p = 0; p < ARRAY_SIZE(per_100k); p++) {
			size_t rank = (size_t)ceil((double)nr * per_100k[p] / 1e5);
			u64 exact = values[rank - 1];
			u64 got = rtlat_hist_percentile(hist, per_100k[p]);

			assert_true(got >= exact);
			assert_true(got - exact <= exact / 64);
			assert_true(got <= values[nr - 1]);
		}
		free(hist);
		free(values);
	}
}

static void merge_is_concatenation(void **state)
{
	u64 *values = random_values(7, 38, NR);
	struct rtlat_hist *all = hist_of(values, NR);
	struct rtlat_hist *left = hist_of(values, NR / 3);
	struct rtlat_hist *right = hist_of(values + NR / 3, NR - NR / 3);

	(void)state;
	rtlat_hist_merge(left, right);
	assert_int_equal(left->n, all->n);
	assert_int_equal(left->sum, all->sum);
	assert_true(left->sumsq == all->sumsq);
	assert_int_equal(left->min, all->min);
	assert_int_equal(left->max, all->max);
	assert_memory_equal(left->bucket, all->bucket, sizeof(all->bucket));
	free(right);
	free(left);
	free(all);
	free(values);
}

static void empty_has_no_statistics(void **state)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	struct stats stats;

	(void)state;
	stats_of(&stats, hist);
	assert_int_equal(stats.n, 0);
	assert_int_equal(rtlat_hist_percentile(hist, 50000), 0);
	free(hist);
}

static void compare_with_naive(const u64 *values, size_t nr)
{
	struct rtlat_hist *hist = hist_of(values, nr);
	double sum = 0, squares = 0, mean;
	struct stats stats;
	size_t i;

	for (i = 0; i < nr; i++)
		sum += (double)values[i];
	mean = sum / (double)nr;
	for (i = 0; i < nr; i++)
		squares += ((double)values[i] - mean) *
			   ((double)values[i] - mean);
	stats_of(&stats, hist);
	assert_true(fabs(stats.mean - mean) <= TINY * (mean + 1));
	if (nr > 1) {
		double naive = sqrt(squares / (double)(nr - 1));

		assert_true(fabs(stats.stddev - naive) <= TINY * (naive + 1));
	}
	free(hist);
}

static void moments_match_naive(void **state)
{
	u64 near[1000];
	u64 *values;
	size_t i;

	(void)state;
	values = random_values(3, 39, NR);
	compare_with_naive(values, NR);
	compare_with_naive(values, 1);
	compare_with_naive(values, 2);
	free(values);
	/* large values close together: where the textbook formula cancels */
	for (i = 0; i < ARRAY_SIZE(near); i++)
		near[i] = (1ULL << 39) + i % 3;
	compare_with_naive(near, ARRAY_SIZE(near));
}

static void equal_values_have_no_spread(void **state)
{
	u64 same[100];
	struct rtlat_hist *hist;
	struct stats stats;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(same); i++)
		same[i] = 1272;
	hist = hist_of(same, ARRAY_SIZE(same));
	stats_of(&stats, hist);
	assert_true(stats.stddev == 0);
	assert_true(stats.mean == 1272);
	assert_int_equal(stats.p50, 1272);
	assert_int_equal(stats.max, 1272);
	free(hist);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(index_is_monotonic),
		cmocka_unit_test(upper_is_within_a_64th),
		cmocka_unit_test(percentile_is_nearest_rank),
		cmocka_unit_test(merge_is_concatenation),
		cmocka_unit_test(empty_has_no_statistics),
		cmocka_unit_test(moments_match_naive),
		cmocka_unit_test(equal_values_have_no_spread),
	};

	return cmocka_run_group_tests_name("hist and stats", tests, NULL, NULL);
}
