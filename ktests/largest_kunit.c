// SPDX-License-Identifier: GPL-2.0
/* KUnit: the largest samples: order, ties, and that none is forgotten. */

#include <kunit/test.h>

#include "../module/largest.c"

static struct rtlat_largest largest;

static void add(u64 duration_ns, u32 job)
{
	struct rtlat_sample sample = { .duration_ns = duration_ns, .job = job };

	rtlat_largest_add(&largest, &sample);
}

static void fewer_than_fit(struct kunit *test)
{
	memset(&largest, 0, sizeof(largest));
	add(5, 0);
	add(9, 1);
	add(7, 2);
	KUNIT_EXPECT_EQ(test, largest.n, 3U);
	KUNIT_EXPECT_EQ(test, largest.sample[0].duration_ns, 9ULL);
	KUNIT_EXPECT_EQ(test, largest.sample[1].duration_ns, 7ULL);
	KUNIT_EXPECT_EQ(test, largest.sample[2].duration_ns, 5ULL);
	KUNIT_EXPECT_EQ(test, largest.sample[1].job, 2U);
}

/* Whatever the order: 1000 samples, the largest 999, 998, ... */
static void in_any_order(struct kunit *test)
{
	u32 step, i;

	/* steps without a factor in common with 1000 visit each number once */
	for (step = 1; step < 1000; step += 2) {
		if (step % 5 == 0)
			continue;
		memset(&largest, 0, sizeof(largest));
		for (i = 0; i < 1000; i++)
			add(i * step % 1000, i);
		KUNIT_EXPECT_EQ(test, largest.n, (u32)RTLAT_LARGEST);
		for (i = 0; i < RTLAT_LARGEST; i++) {
			KUNIT_EXPECT_EQ(test, largest.sample[i].duration_ns,
					999ULL - i);
			KUNIT_EXPECT_EQ(test,
					largest.sample[i].job * step % 1000,
					999U - i);
		}
	}
}

static void of_equals_the_earlier(struct kunit *test)
{
	u32 i;

	memset(&largest, 0, sizeof(largest));
	for (i = 0; i < 3 * RTLAT_LARGEST; i++)
		add(42, i);
	KUNIT_EXPECT_EQ(test, largest.n, (u32)RTLAT_LARGEST);
	for (i = 0; i < RTLAT_LARGEST; i++)
		KUNIT_EXPECT_EQ(test, largest.sample[i].job, i);
	add(43, 100);
	KUNIT_EXPECT_EQ(test, largest.sample[0].job, 100U);
	KUNIT_EXPECT_EQ(test, largest.sample[RTLAT_LARGEST - 1].job,
			RTLAT_LARGEST - 2U);
	add(41, 101);
	KUNIT_EXPECT_EQ(test, largest.sample[RTLAT_LARGEST - 1].job,
			RTLAT_LARGEST - 2U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(fewer_than_fit),
	KUNIT_CASE(in_any_order),
	KUNIT_CASE(of_equals_the_earlier),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_largest",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's largest samples");
MODULE_LICENSE("GPL");
