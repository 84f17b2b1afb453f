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

/* The buckets themselves, as the file histograms and its readers know them. */
static void buckets_are_what_they_were(struct kunit *test)
{
	static const struct {
		u64 ns;
		u32 index;
	} known[] = {
		{ 0, 0 }, { 1, 1 }, { 63, 63 }, { 64, 64 }, { 65, 65 },
		{ 127, 127 }, { 128, 128 }, { 129, 128 }, { 130, 129 },
		{ 255, 191 }, { 256, 192 }, { 259, 192 }, { 260, 193 },
		{ 1000, 317 }, { 1000000, 954 },
		{ 549755813887ULL, 2175 }, { 549755813888ULL, 2176 },
		{ 1099511627775ULL, 2239 }, { 1099511627776ULL, 2239 },
		{ 1ULL << 63, 2239 }, { ~0ULL, 2239 },
	};
	u32 i;

	KUNIT_EXPECT_EQ(test, RTLAT_HIST_BUCKETS, 2240U);
	for (i = 0; i < ARRAY_SIZE(known); i++)
		KUNIT_EXPECT_EQ(test, rtlat_hist_index(known[i].ns),
				known[i].index);
}

/* Around every power of two, up to the largest number: never down, never out. */
static void larger_is_never_in_a_smaller_bucket(struct kunit *test)
{
	u32 last = 0, index, bit;
	int off;

	for (bit = 2; bit < 64; bit++) {
		for (off = -2; off <= 2; off++) {
			index = rtlat_hist_index((1ULL << bit) + off);
			KUNIT_EXPECT_GE(test, index, last);
			KUNIT_EXPECT_LT(test, index, RTLAT_HIST_BUCKETS);
			last = index;
		}
	}
	KUNIT_EXPECT_EQ(test, rtlat_hist_index(~0ULL), last);
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

/* The smallest whole number not below n * p, worked out with numbers of any size. */
static void ranks(struct kunit *test)
{
	static const struct {
		u64 n;
		u32 per_100k;
		u64 rank;
	} known[] = {
		{ 1ULL, 0, 1ULL },
		{ 1ULL, 100000, 1ULL },
		{ 2ULL, 50000, 1ULL },
		{ 2ULL, 50001, 2ULL },
		{ 3ULL, 50000, 2ULL },
		{ 99999ULL, 50000, 50000ULL },
		{ 99999ULL, 1, 1ULL },
		{ 100000ULL, 1, 1ULL },
		{ 100000ULL, 99999, 99999ULL },
		{ 100001ULL, 99999, 100000ULL },
		{ 100001ULL, 50000, 50001ULL },
		{ 199999ULL, 99999, 199998ULL },
		{ 250000ULL, 99900, 249750ULL },
		{ 123456789ULL, 99900, 123333333ULL },
		{ 1000000000007ULL, 99999, 999990000007ULL },
		{ 1099511627776ULL, 50000, 549755813888ULL },
		{ 9223372036854775808ULL, 99999, 9223279803134407261ULL },
		{ 18446744073709551615ULL, 100000, 18446744073709551615ULL },
		{ 700001ULL, 1, 8ULL },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		KUNIT_EXPECT_EQ(test, rtlat_hist_rank(known[i].n, known[i].per_100k),
				known[i].rank);
}

/* The first bucket, and the last one that has an upper bound. */
static void percentile_at_the_edges(struct kunit *test)
{
	struct rtlat_hist *hist = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, hist);
	rtlat_hist_add(hist, 0, 0, 0, 0, 0);
	rtlat_hist_add(hist, 0, 0, 0, 0, 0);
	rtlat_hist_add(hist, 5, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 50000), 0ULL);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 100000), 5ULL);

	memset(hist, 0, sizeof(*hist));
	rtlat_hist_add(hist, rtlat_hist_upper(RTLAT_HIST_BUCKETS - 2), 0, 0, 0, 0);
	rtlat_hist_add(hist, ~0ULL, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 50000),
			rtlat_hist_upper(RTLAT_HIST_BUCKETS - 2));
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 100000), ~0ULL);
}

/* One that is just being added to may be read: the count is ahead of the buckets. */
static void percentile_while_it_is_written(struct kunit *test)
{
	struct rtlat_hist *hist = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, hist);
	rtlat_hist_add(hist, 5, 0, 0, 0, 0);
	hist->n++;
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 100000), 5ULL);
	/* and the largest is there before the count is */
	hist->n = 0;
	KUNIT_EXPECT_EQ(test, rtlat_hist_percentile(hist, 100000), 0ULL);
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
	rtlat_hist_add(hist, 4, 500, 5, 15, 0);
	KUNIT_EXPECT_EQ(test, hist->n, 5ULL);
	KUNIT_EXPECT_EQ(test, hist->sum, 32ULL);
	KUNIT_EXPECT_EQ(test, (u64)hist->sumsq, 236ULL);
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

/* The largest sample comes with its own; of equals, that of the receiver. */
static void merge_takes_the_largest(struct kunit *test)
{
	struct rtlat_hist *a = new_hist(test), *b = new_hist(test), *c = new_hist(test);

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_NOT_NULL(test, c);
	rtlat_hist_add(a, 10, 100, 1, 11, 21);
	rtlat_hist_add(b, 20, 200, 2, 12, 22);
	rtlat_hist_add(b, 5, 250, 2, 13, 22);
	rtlat_hist_add(c, 20, 300, 3, 14, 23);
	rtlat_hist_add(c, 7, 350, 3, 15, 23);
	rtlat_hist_merge(a, b);
	KUNIT_EXPECT_EQ(test, a->min, 5ULL);
	KUNIT_EXPECT_EQ(test, a->max, 20ULL);
	KUNIT_EXPECT_EQ(test, a->max_start_ns, 200ULL);
	KUNIT_EXPECT_EQ(test, a->max_task, 2U);
	KUNIT_EXPECT_EQ(test, a->max_job, 12U);
	KUNIT_EXPECT_EQ(test, a->max_flags, 22U);
	rtlat_hist_merge(a, c);
	KUNIT_EXPECT_EQ(test, a->min, 5ULL);
	KUNIT_EXPECT_EQ(test, a->max_start_ns, 200ULL);
	KUNIT_EXPECT_EQ(test, a->max_task, 2U);
	KUNIT_EXPECT_EQ(test, a->max_job, 12U);
	KUNIT_EXPECT_EQ(test, a->max_flags, 22U);
	KUNIT_EXPECT_EQ(test, a->n, 5ULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_bucket_meets_the_next),
	KUNIT_CASE(beyond_the_last_bucket),
	KUNIT_CASE(buckets_are_what_they_were),
	KUNIT_CASE(larger_is_never_in_a_smaller_bucket),
	KUNIT_CASE(upper_bound_within_a_64th),
	KUNIT_CASE(empty),
	KUNIT_CASE(nearest_rank),
	KUNIT_CASE(ranks),
	KUNIT_CASE(percentile_at_the_edges),
	KUNIT_CASE(percentile_while_it_is_written),
	KUNIT_CASE(percentile_is_never_above_the_maximum),
	KUNIT_CASE(moments_and_the_first_maximum),
	KUNIT_CASE(squares_need_more_than_64_bits),
	KUNIT_CASE(merge_is_addition),
	KUNIT_CASE(merge_with_empty),
	KUNIT_CASE(merge_takes_the_largest),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_hist",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's histogram");
MODULE_LICENSE("GPL");
