// SPDX-License-Identifier: GPL-2.0
/* KUnit: bucket edges, percentiles and moments of the histogram. */

#include <kunit/test.h>

#include "../module/hist.c"

static struct rtlat_hist *new_hist(struct kunit *test)
{
	return kunit_kzalloc(test, sizeof(struct rtlat_hist), GFP_KERNEL);
}

static void every_bucket_meets_the_next(struct kunit *test)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(test, rtlat_hist_index(0), 0U);
	for (i = 0; i < RTLAT_HIST_BUCKETS - 1; i++) {
		u64 upper = rtlat_hist_upper(i);

		KUNIT_EXPECT_EQ(test, rtlat_hist_index(upper), i);
		KUNIT_EXPECT_EQ(test, rtlat_hist_index(upper + 1), i + 1);
	}
}

static void beyond_the_last_bucket(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, rtlat_hist_index((1ULL << RTLAT_HIST_MAX_BITS) - 1),
			RTLAT_HIST_BUCKETS - 1);
	KUNIT_EXPECT_EQ(test, rtlat_hist_index(1ULL << RTLAT_HIST_MAX_BITS),
			RTLAT_HIST_BUCKETS - 1);
	KUNIT_EXPECT_EQ(test, rtlat_hist_index(~0ULL), RTLAT_HIST_BUCKETS - 1);
}

static void upper_bound_within_a_64th(struct kunit *test)
{
	u64 ns;

	for (ns = 1; ns < 1ULL << 38; ns += ns / 3 + 1) {
		u64 upper = rtlat_hist_upper(rtlat_hist_index(ns));

		KUNIT_EXPECT_LE(test, ns, upper);
		KUNIT_EXPECT_LE(test, (upper - ns) * 64, ns);
	}
}

static void empty(struct kunit *test)
{
	struct rtlat_hist *hist = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, hist);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 50000), 0ULL);
}

static void nearest_rank(struct kunit *test)
{
	struct rtlat_hist *hist = new_hist(test);
	u64 i;

	KUNIT_ASSERT_NOT_NULL(test, hist);
	for (i = 1; i <= 10; i++)
		rtlat_hist_add(hist, i, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 0), 1ULL);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 10000), 1ULL);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 10001), 2ULL);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 50000), 5ULL);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 90000), 9ULL);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 99900), 10ULL);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 100000), 10ULL);
}

static void percentile_is_never_above_the_maximum(struct kunit *test)
{
	struct rtlat_hist *hist = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, hist);
	rtlat_hist_add(hist, 1000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 50000), 1000ULL);
	rtlat_hist_add(hist, 1ULL << 50, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 100000), 1ULL << 50);
}

static void moments_and_the_first_maximum(struct kunit *test)
{
	struct rtlat_hist *hist = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, hist);
	rtlat_hist_add(hist, 7, 100, 1, 11, 0);
	rtlat_hist_add(hist, 9, 200, 2, 12, 5);
	rtlat_hist_add(hist, 9, 300, 3, 13, 0);
	rtlat_hist_add(hist, 3, 400, 4, 14, 0);
	KUNIT_EXPECT_EQ(test, hist->n, 4ULL);
	KUNIT_EXPECT_EQ(test, hist->sum, 28ULL);
	KUNIT_EXPECT_EQ(test, (u64)hist->sumsq, 220ULL);
	KUNIT_EXPECT_EQ(test, hist->min, 3ULL);
	KUNIT_EXPECT_EQ(test, hist->max, 9ULL);
	KUNIT_EXPECT_EQ(test, hist->max_start_ns, 200ULL);
	KUNIT_EXPECT_EQ(test, hist->max_task, 2U);
	KUNIT_EXPECT_EQ(test, hist->max_job, 12U);
	KUNIT_EXPECT_EQ(test, hist->max_flags, 5U);
}

static void squares_need_more_than_64_bits(struct kunit *test)
{
	struct rtlat_hist *hist = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, hist);
	rtlat_hist_add(hist, 1ULL << 33, 0, 0, 0, 0);
	rtlat_hist_add(hist, 1ULL << 33, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, (u64)(hist->sumsq >> 64), 8ULL);
	KUNIT_EXPECT_EQ(test, (u64)hist->sumsq, 0ULL);
}

static void merge_is_addition(struct kunit *test)
{
	struct rtlat_hist *a = new_hist(test), *b = new_hist(test), *all = new_hist(test);
	u64 i;

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, all);
	for (i = 0; i < 200; i++) {
		u64 ns = i * i * 37 % 5000;

		rtlat_hist_add(i % 3 ? a : b, ns, i, i, i, 0);
		rtlat_hist_add(all, ns, i, i, i, 0);
	}
	rtlat_hist_merge(a, b);
	KUNIT_EXPECT_EQ(test, a->n, all->n);
	KUNIT_EXPECT_EQ(test, a->sum, all->sum);
	KUNIT_EXPECT_TRUE(test, a->sumsq == all->sumsq);
	KUNIT_EXPECT_EQ(test, a->min, all->min);
	KUNIT_EXPECT_EQ(test, a->max, all->max);
	KUNIT_EXPECT_EQ(test, memcmp(a->bucket, all->bucket, sizeof(a->bucket)), 0);
}

static void merge_with_empty(struct kunit *test)
{
	struct rtlat_hist *a = new_hist(test), *b = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	rtlat_hist_add(b, 5, 0, 0, 0, 0);
	rtlat_hist_merge(a, b);
	KUNIT_EXPECT_EQ(test, a->min, 5ULL);
	memset(b, 0, sizeof(*b));
	rtlat_hist_merge(a, b);
	KUNIT_EXPECT_EQ(test, a->n, 1ULL);
	KUNIT_EXPECT_EQ(test, a->min, 5ULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_bucket_meets_the_next),
	KUNIT_CASE(beyond_the_last_bucket),
	KUNIT_CASE(upper_bound_within_a_64th),
	KUNIT_CASE(empty),
	KUNIT_CASE(nearest_rank),
	KUNIT_CASE(percentile_is_never_above_the_maximum),
	KUNIT_CASE(moments_and_the_first_maximum),
	KUNIT_CASE(squares_need_more_than_64_bits),
	KUNIT_CASE(merge_is_addition),
	KUNIT_CASE(merge_with_empty),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_hist",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's histogram");
MODULE_LICENSE("GPL");
