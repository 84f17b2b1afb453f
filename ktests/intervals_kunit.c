// SPDX-License-Identifier: GPL-2.0
/* KUnit: from the stamps of a release to its samples, and the sum rule. */

#include <kunit/test.h>

#include "../module/intervals.c"

/* A release without a flaw: stamps 100 ns apart, no interrupt nested. */
static struct rtlat_release good(void)
{
	struct rtlat_release rel = {
		.expiry_ns = 1000,
		.isr = { 1100, 7 },
		.cb_in = { 1200, 7 },
		.cb_out = { 1300, 7 },
		.sched = { 1400, 7 },
		.swtch = { 1500, 7 },
		.cxs = { 1600, 7 },
		.start = { 1700, 7 },
		.task = 3,
		.job = 9,
	};

	return rel;
}

static const struct rtlat_sample *find(const struct rtlat_sample *samples,
				       unsigned int n, enum rtlat_metric metric)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (samples[i].metric == metric)
			return &samples[i];
	return NULL;
}

static void expect(struct kunit *test, const struct rtlat_release *rel,
		   enum rtlat_metric metric, enum rtlat_line line, u64 duration_ns)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES];
	unsigned int n = rtlat_intervals_job(rel, samples);
	const struct rtlat_sample *sample = find(samples, n, metric);

	KUNIT_ASSERT_NOT_NULL(test, sample);
	KUNIT_EXPECT_EQ(test, sample->line, (u16)line);
	KUNIT_EXPECT_EQ(test, sample->duration_ns, duration_ns);
	KUNIT_EXPECT_EQ(test, sample->task, 3U);
	KUNIT_EXPECT_EQ(test, sample->job, 9U);
}

static int sum(const struct rtlat_release *rel)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES];

	return rtlat_intervals_sum(samples, rtlat_intervals_job(rel, samples));
}

static void all_steps(struct kunit *test)
{
	struct rtlat_release rel = good();

	expect(test, &rel, RTLAT_EVENT_LATENCY, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_RELEASE_LATENCY, RTLAT_L_KEPT, 200);
	expect(test, &rel, RTLAT_RELEASE_OVERHEAD, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_WAKE_GAP, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_SCHED_OVERHEAD, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_CXS_OVERHEAD, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_START_GAP, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_THREAD_LATENCY, RTLAT_L_KEPT, 700);
	KUNIT_EXPECT_EQ(test, sum(&rel), 1);
}

static void nested_interrupts(struct kunit *test)
{
	struct rtlat_release rel = good();

	/* one between the callback's return and the scheduler's entry */
	rel.sched.seq += RTLAT_SEQ_IRQ;
	rel.swtch.seq = rel.sched.seq;
	rel.cxs.seq = rel.sched.seq;
	rel.start.seq = rel.sched.seq + RTLAT_SEQ_NMI;
	expect(test, &rel, RTLAT_RELEASE_OVERHEAD, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_WAKE_GAP, RTLAT_L_INTERRUPTED, 100);
	expect(test, &rel, RTLAT_SCHED_OVERHEAD, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_START_GAP, RTLAT_L_INTERRUPTED, 100);
	expect(test, &rel, RTLAT_THREAD_LATENCY, RTLAT_L_INTERRUPTED, 700);
	KUNIT_EXPECT_EQ(test, sum(&rel), 1);
}

static void overlap_before_the_interrupt(struct kunit *test)
{
	struct rtlat_release rel = good();

	rel.overlap = 2 * RTLAT_SEQ_IRQ;
	expect(test, &rel, RTLAT_EVENT_LATENCY, RTLAT_L_INTERRUPTED, 100);
	expect(test, &rel, RTLAT_THREAD_LATENCY, RTLAT_L_INTERRUPTED, 700);
	expect(test, &rel, RTLAT_WAKE_GAP, RTLAT_L_KEPT, 100);
}

static void nested_saturates(struct kunit *test)
{
	struct rtlat_sample sample = { .metric = RTLAT_WAKE_GAP };
	struct rtlat_stamp from = { 10, 0 }, to = { 20, 300 * RTLAT_SEQ_IRQ };

	rtlat_interval(&sample, &from, &to, 0);
	KUNIT_EXPECT_EQ(test, sample.flags & RTLAT_NESTED_MASK, 255U);
	KUNIT_EXPECT_EQ(test, sample.flags & RTLAT_F_NMI, 0U);
}

static void missing_ends(struct kunit *test)
{
	struct rtlat_release rel = good();

	rel.sched.ns = RTLAT_UNSEEN;
	expect(test, &rel, RTLAT_WAKE_GAP, RTLAT_L_NO_START, 0);
	expect(test, &rel, RTLAT_SCHED_OVERHEAD, RTLAT_L_NO_START, 0);
	expect(test, &rel, RTLAT_CXS_OVERHEAD, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_THREAD_LATENCY, RTLAT_L_KEPT, 700);
	KUNIT_EXPECT_EQ(test, sum(&rel), -1);

	rel = good();
	rel.isr.ns = RTLAT_UNSEEN;
	rel.isr.seq = 0;
	expect(test, &rel, RTLAT_EVENT_LATENCY, RTLAT_L_NO_START, 0);
	expect(test, &rel, RTLAT_RELEASE_LATENCY, RTLAT_L_KEPT, 200);
}

static void no_switch_no_attempt(struct kunit *test)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES];
	struct rtlat_release rel = good();
	unsigned int n;

	rel.swtch.ns = RTLAT_UNSEEN;
	n = rtlat_intervals_job(&rel, samples);
	KUNIT_EXPECT_EQ(test, n, RTLAT_RELEASE_SAMPLES - 2U);
	KUNIT_EXPECT_NULL(test, find(samples, n, RTLAT_SCHED_OVERHEAD));
	KUNIT_EXPECT_NULL(test, find(samples, n, RTLAT_CXS_OVERHEAD));
}

static void coalesced(struct kunit *test)
{
	struct rtlat_release rel = good();

	rel.expiry_ns = 1150;	/* the interrupt ran since 1100 */
	expect(test, &rel, RTLAT_EVENT_LATENCY, RTLAT_L_COALESCED, 0);
	expect(test, &rel, RTLAT_RELEASE_LATENCY, RTLAT_L_COALESCED, 50);
	expect(test, &rel, RTLAT_THREAD_LATENCY, RTLAT_L_COALESCED, 550);
	expect(test, &rel, RTLAT_RELEASE_OVERHEAD, RTLAT_L_KEPT, 100);
	KUNIT_EXPECT_EQ(test, sum(&rel), -1);
}

static void backwards(struct kunit *test)
{
	struct rtlat_release rel = good();

	rel.cxs.ns = 1499;
	expect(test, &rel, RTLAT_CXS_OVERHEAD, RTLAT_L_NONMONOTONIC, 0);
	KUNIT_EXPECT_EQ(test, sum(&rel), -1);
}

static void migrated(struct kunit *test)
{
	struct rtlat_release rel = good();

	rel.migrated_job = true;
	expect(test, &rel, RTLAT_EVENT_LATENCY, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_RELEASE_OVERHEAD, RTLAT_L_KEPT, 100);
	expect(test, &rel, RTLAT_THREAD_LATENCY, RTLAT_L_MIGRATED, 700);
	rel.migrated_timer = true;
	expect(test, &rel, RTLAT_EVENT_LATENCY, RTLAT_L_MIGRATED, 100);
	expect(test, &rel, RTLAT_RELEASE_OVERHEAD, RTLAT_L_MIGRATED, 100);
}

static void sum_rule(struct kunit *test)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES];
	struct rtlat_release rel = good();
	unsigned int n = rtlat_intervals_job(&rel, samples), i;

	for (i = 0; i < n; i++)
		if (samples[i].metric == RTLAT_CXS_OVERHEAD)
			samples[i].duration_ns++;
	KUNIT_EXPECT_EQ(test, rtlat_intervals_sum(samples, n), 0);
	rel.flags = RTLAT_F_QUEUED;
	KUNIT_EXPECT_EQ(test, sum(&rel), -1);
}

/* Every combination of flags has one class, and that of its line. */
static void classes(struct kunit *test)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES];
	struct rtlat_release rel = good();
	unsigned int n, i;

	KUNIT_EXPECT_EQ(test, rtlat_class_of(0), RTLAT_C_KEPT);
	KUNIT_EXPECT_EQ(test, rtlat_class_of(RTLAT_F_FROM_IDLE), RTLAT_C_KEPT);
	KUNIT_EXPECT_EQ(test, rtlat_class_of(3), RTLAT_C_INTERRUPTED);
	KUNIT_EXPECT_EQ(test, rtlat_class_of(RTLAT_F_QUEUED), RTLAT_C_KEPT_QUEUED);
	KUNIT_EXPECT_EQ(test, rtlat_class_of(RTLAT_F_QUEUED | 1),
			RTLAT_C_INTERRUPTED_QUEUED);
	KUNIT_EXPECT_EQ(test, rtlat_class_of(RTLAT_F_BLOCKED),
			RTLAT_C_KEPT_BLOCKED);
	KUNIT_EXPECT_EQ(test, rtlat_class_of(RTLAT_F_BLOCKED | 1),
			RTLAT_C_INTERRUPTED_BLOCKED);
	/* both flags at once: each metric has the one that applies to it */
	rel.flags = RTLAT_F_QUEUED | RTLAT_F_BLOCKED;
	n = rtlat_intervals_job(&rel, samples);
	for (i = 0; i < n; i++) {
		u32 class = rtlat_class_of(samples[i].flags);

		KUNIT_EXPECT_TRUE(test, rtlat_class_applies(samples[i].metric,
							    class));
		KUNIT_EXPECT_EQ(test, class == RTLAT_C_KEPT_QUEUED,
				rtlat_class_applies(samples[i].metric,
						    RTLAT_C_KEPT_QUEUED));
		KUNIT_EXPECT_EQ(test, class == RTLAT_C_KEPT_BLOCKED,
				rtlat_class_applies(samples[i].metric,
						    RTLAT_C_KEPT_BLOCKED));
	}
}

static void start_early(struct kunit *test)
{
	struct rtlat_release rel = good();
	struct rtlat_stamp start = rel.start;

	KUNIT_EXPECT_FALSE(test, rtlat_start_early(&rel, &start));
	start.seq++;
	KUNIT_EXPECT_FALSE(test, rtlat_start_early(&rel, &start));
	/* stamped before the interrupt that released it */
	start.seq = rel.cb_out.seq - 1;
	rel.cxs.ns = RTLAT_UNSEEN;
	KUNIT_EXPECT_TRUE(test, rtlat_start_early(&rel, &start));
	/* no switch was seen: nothing stands there */
	start.seq = rel.cb_out.seq;
	rel.cxs.seq = rel.cb_out.seq + 2;
	KUNIT_EXPECT_FALSE(test, rtlat_start_early(&rel, &start));
	/* preempted after the stamp */
	rel.cxs.ns = 1900;
	KUNIT_EXPECT_TRUE(test, rtlat_start_early(&rel, &start));
	start.seq = rel.cxs.seq;
	KUNIT_EXPECT_FALSE(test, rtlat_start_early(&rel, &start));
	/* the clock went back, the count did not */
	start.ns = 0;
	KUNIT_EXPECT_FALSE(test, rtlat_start_early(&rel, &start));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(all_steps),
	KUNIT_CASE(nested_interrupts),
	KUNIT_CASE(overlap_before_the_interrupt),
	KUNIT_CASE(nested_saturates),
	KUNIT_CASE(missing_ends),
	KUNIT_CASE(no_switch_no_attempt),
	KUNIT_CASE(coalesced),
	KUNIT_CASE(backwards),
	KUNIT_CASE(migrated),
	KUNIT_CASE(sum_rule),
	KUNIT_CASE(classes),
	KUNIT_CASE(start_early),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_intervals",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's intervals");
MODULE_LICENSE("GPL");
