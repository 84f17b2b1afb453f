// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: pairing of stamps: every order of events, every set of events that were
 * not seen, an interrupt at every place, against rules written down once more.
 */

#include <kunit/test.h>

#include "../module/intervals.c"

/* The instants of a release, in the order in which they should come. */
enum instant { EXPIRY, ISR, CB_IN, CB_OUT, SCHED, SWTCH, CXS, START, INSTANTS };

static const struct {
	enum rtlat_metric metric;
	enum instant from, to;
} intervals[RTLAT_RELEASE_SAMPLES] = {
	{ RTLAT_EVENT_LATENCY, EXPIRY, ISR },
	{ RTLAT_RELEASE_LATENCY, EXPIRY, CB_IN },
	{ RTLAT_RELEASE_OVERHEAD, CB_IN, CB_OUT },
	{ RTLAT_WAKE_GAP, CB_OUT, SCHED },
	{ RTLAT_START_GAP, CXS, START },
	{ RTLAT_THREAD_LATENCY, EXPIRY, START },
	{ RTLAT_SCHED_OVERHEAD, SCHED, SWTCH },
	{ RTLAT_CXS_OVERHEAD, SWTCH, CXS },
};

static u64 ns[INSTANTS];		/* 0: not seen */
static u64 irqs[INSTANTS];		/* interrupts counted so far */
static u32 nmis[INSTANTS];		/* NMIs among them */
static bool on_other_cpu, started_elsewhere;
static u64 overlap;

static struct rtlat_stamp stamp(enum instant at)
{
	struct rtlat_stamp stamp = {
		.ns = ns[at],
		.seq = irqs[at] + ((u64)nmis[at] << 32),
	};

	return stamp;
}

static struct rtlat_release release(void)
{
	struct rtlat_release rel = {
		.expiry_ns = ns[EXPIRY],
		.overlap = overlap,
		.isr = stamp(ISR),
		.cb_in = stamp(CB_IN),
		.cb_out = stamp(CB_OUT),
		.sched = stamp(SCHED),
		.swtch = stamp(SWTCH),
		.cxs = stamp(CXS),
		.start = stamp(START),
		.task = 3,
		.job = 9,
		.migrated_timer = on_other_cpu,
		.migrated_job = started_elsewhere,
	};

	return rel;
}

/* As if nothing had gone wrong: 100 ns from one to the next. */
static void in_order(void)
{
	enum instant at;

	for (at = EXPIRY; at < INSTANTS; at++) {
		ns[at] = 1000 + 100 * at;
		irqs[at] = 7;
		nmis[at] = 0;
	}
	on_other_cpu = false;
	started_elsewhere = false;
	overlap = 0;
}

/* Interrupts in an interval: from the expiry on those of the interrupt's entry. */
static u32 nested_in(enum instant from, enum instant to)
{
	if (from != EXPIRY)
		return irqs[to] - irqs[from];
	return irqs[to] - irqs[ns[ISR] ? ISR : CB_IN] + overlap;
}

static enum rtlat_line line_of(unsigned int i)
{
	enum instant from = intervals[i].from, to = intervals[i].to;

	if (on_other_cpu && intervals[i].metric != RTLAT_SCHED_OVERHEAD &&
	    intervals[i].metric != RTLAT_CXS_OVERHEAD)
		return RTLAT_L_MIGRATED;
	if (started_elsewhere && (from == CB_OUT || to == START))
		return RTLAT_L_MIGRATED;
	if (from == EXPIRY && ns[ISR] && ns[ISR] < ns[EXPIRY])
		return RTLAT_L_COALESCED;
	if (!ns[from] || !ns[to])
		return RTLAT_L_NO_START;
	if (ns[to] < ns[from])
		return RTLAT_L_NONMONOTONIC;
	return nested_in(from, to) ? RTLAT_L_INTERRUPTED : RTLAT_L_KEPT;
}

/* The samples of the release that was set up are those that the rules give. */
static void holds(struct kunit *test)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES + 1];
	struct rtlat_release rel = release();
	u32 good = 0, missing = ns[SWTCH] ? 0 : 2;
	unsigned int n, i;

	memset(samples, 0x5a, sizeof(samples));
	n = rtlat_intervals_job(&rel, samples);
	KUNIT_EXPECT_EQ(test, n, RTLAT_RELEASE_SAMPLES - missing);
	for (i = 0; i < n; i++) {
		const struct rtlat_sample *sample = &samples[i];
		enum instant from = intervals[i].from, to = intervals[i].to;

		KUNIT_EXPECT_EQ(test, sample->metric, (u16)intervals[i].metric);
		KUNIT_EXPECT_EQ(test, sample->line, (u16)line_of(i));
		KUNIT_EXPECT_EQ(test, sample->start_ns, ns[from]);
		KUNIT_EXPECT_EQ(test, sample->task, 3U);
		KUNIT_EXPECT_EQ(test, sample->job, 9U);
		if (sample->line != RTLAT_L_KEPT &&
		    sample->line != RTLAT_L_INTERRUPTED)
			continue;
		good += sample->metric != RTLAT_EVENT_LATENCY;
		KUNIT_EXPECT_EQ(test, sample->duration_ns, ns[to] - ns[from]);
		KUNIT_EXPECT_EQ(test, sample->flags & RTLAT_NESTED_MASK,
				nested_in(from, to));
	}
	/* nothing is written behind them */
	for (i = 0; i < sizeof(samples[0]); i++)
		KUNIT_EXPECT_EQ(test, ((u8 *)&samples[n])[i], 0x5a);
	KUNIT_EXPECT_EQ(test, rtlat_intervals_sum(samples, n),
			good == RTLAT_RELEASE_SAMPLES - 1 ? 1 : -1);
}

/* All 40320 orders in which the eight can have come. */
static void every_order(struct kunit *test)
{
	u32 order, left, i, at;

	for (order = 0; order < 40320; order++) {
		bool taken[INSTANTS] = { false };

		in_order();
		for (left = INSTANTS, i = order; left; i /= left, left--) {
			u32 skip = i % left;

			for (at = 0; taken[at] || skip; at++)
				skip -= !taken[at];
			taken[at] = true;
			ns[at] = 1000 + 100 * left;
		}
		holds(test);
	}
}

/* All 128 sets of those that can be missing; the expiry is always known. */
static void every_set_of_unseen(struct kunit *test)
{
	enum instant at;
	u32 set;

	for (set = 0; set < 1U << (INSTANTS - 1); set++) {
		in_order();
		for (at = ISR; at < INSTANTS; at++)
			if (set & (1U << (at - 1)))
				ns[at] = RTLAT_UNSEEN;
		holds(test);
	}
}

/* Two at the same instant: an interval of no length, and not a coalesced one. */
static void every_pair_at_once(struct kunit *test)
{
	enum instant at;

	for (at = ISR; at < INSTANTS; at++) {
		in_order();
		ns[at] = ns[at - 1];
		holds(test);
	}
}

/* One, two, ... interrupts at each place, and all ways to spread some of them. */
static void interrupts_everywhere(struct kunit *test)
{
	enum instant at, from;
	u32 set, before;

	for (set = 0; set < 1U << INSTANTS; set++) {
		for (before = 0; before < 3; before++) {
			in_order();
			overlap = before;
			for (from = ISR; from < INSTANTS; from++)
				for (at = from; set & (1U << from) && at < INSTANTS; at++)
					irqs[at] += from;
			if (set & 1)
				ns[ISR] = RTLAT_UNSEEN;
			holds(test);
		}
	}
}

static void moved_to_another_cpu(struct kunit *test)
{
	u32 unseen;

	for (unseen = 0; unseen < 2; unseen++) {
		in_order();
		started_elsewhere = true;
		if (unseen)
			ns[SWTCH] = RTLAT_UNSEEN;
		holds(test);
		on_other_cpu = true;
		holds(test);
		started_elsewhere = false;
		holds(test);
	}
}

/* A release that finds its job running has these two, and they say the same. */
static void timer_alone(struct kunit *test)
{
	struct rtlat_sample two[3], all[RTLAT_RELEASE_SAMPLES];
	struct rtlat_release rel;
	unsigned int n;

	in_order();
	rel = release();
	memset(two, 0x5a, sizeof(two));
	memset(all, 0x5a, sizeof(all));
	n = rtlat_intervals_timer(&rel, two);
	KUNIT_EXPECT_EQ(test, n, 2U);
	rtlat_intervals_job(&rel, all);
	KUNIT_EXPECT_EQ(test, two[0].duration_ns, all[0].duration_ns);
	KUNIT_EXPECT_EQ(test, two[1].duration_ns, all[1].duration_ns);
	KUNIT_EXPECT_EQ(test, two[2].metric, (u16)0x5a5a);
}

/* The CPU's count of interrupts goes over its end: differences do not. */
static void counts_wrap_around(struct kunit *test)
{
	static const u64 starts[] = {
		0, 1, 0xfffffffeULL, 0xffffffffULL, 0x100000000ULL,
		0x7fffffffffffffffULL, 0xfffffffffffffffeULL, ~0ULL,
	};
	struct rtlat_stamp from = { .ns = 10 }, to = { .ns = 20 };
	struct rtlat_sample sample;
	u32 i, nested;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		for (nested = 0; nested < 600; nested += 3) {
			memset(&sample, 0, sizeof(sample));
			from.seq = starts[i];
			to.seq = starts[i] + nested;
			rtlat_interval(&sample, &from, &to, 0);
			KUNIT_EXPECT_EQ(test, sample.flags,
					nested < 255 ? nested : 255U);
			KUNIT_EXPECT_EQ(test, sample.line,
					(u16)(nested ? RTLAT_L_INTERRUPTED :
						       RTLAT_L_KEPT));
		}
	}
}

/* An NMI is an interrupt, and is told apart. */
static void nmis_are_said(struct kunit *test)
{
	struct rtlat_stamp from = { 10, 5 }, to = { 20, 5 };
	struct rtlat_sample sample = { };

	KUNIT_EXPECT_EQ(test, RTLAT_SEQ_IRQ, 1ULL);
	KUNIT_EXPECT_EQ(test, RTLAT_SEQ_NMI, 0x100000001ULL);
	to.seq += 2 * RTLAT_SEQ_IRQ + RTLAT_SEQ_NMI;
	rtlat_interval(&sample, &from, &to, 0);
	KUNIT_EXPECT_EQ(test, sample.flags, RTLAT_F_NMI | 3U);
	sample.flags = 0;
	to.seq = from.seq;
	rtlat_interval(&sample, &from, &to, RTLAT_SEQ_NMI);
	KUNIT_EXPECT_EQ(test, sample.flags, RTLAT_F_NMI | 1U);
	/* 2^31 are no NMI; 2^32 at once would be taken for one, and are kept */
	sample.flags = 0;
	to.seq = from.seq + 0x80000000ULL;
	rtlat_interval(&sample, &from, &to, 0);
	KUNIT_EXPECT_EQ(test, sample.flags, 255U);
	sample.flags = 0;
	to.seq = from.seq + 0x100000000ULL;
	rtlat_interval(&sample, &from, &to, 0);
	KUNIT_EXPECT_EQ(test, sample.flags, RTLAT_F_NMI + 0U);
	KUNIT_EXPECT_EQ(test, sample.line, (u16)RTLAT_L_KEPT);
}

/* What the caller had noted stays; a stamp of all zeroes was not taken. */
static void flags_are_added(struct kunit *test)
{
	struct rtlat_sample sample = { .flags = RTLAT_F_REPROGRAMMED };
	struct rtlat_stamp from = { 10, 5 }, to = { 20, 6 };

	rtlat_interval(&sample, &from, &to, 0);
	KUNIT_EXPECT_EQ(test, sample.flags, RTLAT_F_REPROGRAMMED | 1U);
	memset(&from, 0, sizeof(from));
	rtlat_interval(&sample, &from, &to, 0);
	KUNIT_EXPECT_EQ(test, sample.line, (u16)RTLAT_L_NO_START);
	KUNIT_EXPECT_EQ(test, sample.duration_ns, 0ULL);
}

/* Each flag of a release is on the samples that it is true of, and nothing else. */
static void flags_by_metric(struct kunit *test)
{
	static const u32 expected[RTLAT_NR_METRICS] = {
		[RTLAT_EVENT_LATENCY] = RTLAT_F_USER,
		[RTLAT_RELEASE_LATENCY] = RTLAT_F_USER,
		[RTLAT_RELEASE_OVERHEAD] = RTLAT_F_USER,
		[RTLAT_WAKE_GAP] = RTLAT_F_USER | RTLAT_F_FROM_IDLE |
				   RTLAT_F_QUEUED,
		[RTLAT_START_GAP] = RTLAT_F_USER | RTLAT_F_FROM_IDLE,
		[RTLAT_THREAD_LATENCY] = RTLAT_F_USER | RTLAT_F_FROM_IDLE |
					 RTLAT_F_QUEUED,
		[RTLAT_SCHED_OVERHEAD] = RTLAT_F_USER | RTLAT_F_FROM_IDLE |
					 RTLAT_F_RESUMED | RTLAT_F_BLOCKED,
		[RTLAT_CXS_OVERHEAD] = RTLAT_F_USER | RTLAT_F_FROM_IDLE |
				       RTLAT_F_RESUMED | RTLAT_F_BLOCKED,
	};
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES];
	struct rtlat_release rel;
	unsigned int n, i;
	u32 bit;

	in_order();
	rel = release();
	for (bit = 0; bit < 32; bit++) {
		rel.flags = 1U << bit;
		n = rtlat_intervals_job(&rel, samples);
		for (i = 0; i < n; i++)
			KUNIT_EXPECT_EQ(test, samples[i].flags, rel.flags &
					expected[samples[i].metric]);
	}
}

/* The sum does not depend on the order in which the samples are given. */
static void sum_in_any_order(struct kunit *test)
{
	struct rtlat_sample samples[RTLAT_RELEASE_SAMPLES], turned[RTLAT_RELEASE_SAMPLES];
	struct rtlat_release rel;
	unsigned int n, i, by;

	in_order();
	rel = release();
	n = rtlat_intervals_job(&rel, samples);
	for (by = 0; by < n; by++) {
		for (i = 0; i < n; i++)
			turned[i] = samples[(i + by) % n];
		KUNIT_EXPECT_EQ(test, rtlat_intervals_sum(turned, n), 1);
		/* one of them is missing: only event_latency is not needed */
		KUNIT_EXPECT_EQ(test, rtlat_intervals_sum(turned, n - 1),
				turned[n - 1].metric == RTLAT_EVENT_LATENCY ? 1 : -1);
		/* one is a nanosecond off */
		turned[by].duration_ns++;
		KUNIT_EXPECT_EQ(test, rtlat_intervals_sum(turned, n),
				turned[by].metric == RTLAT_EVENT_LATENCY ? 1 : 0);
	}
	KUNIT_EXPECT_EQ(test, rtlat_intervals_sum(samples, 0), -1);
}

/* Queued is what is said of wake_gap and thread_latency, blocked of a switch. */
static void classes_by_metric(struct kunit *test)
{
	u32 metric, class;

	for (metric = 0; metric < RTLAT_NR_METRICS; metric++) {
		bool waits = metric == RTLAT_WAKE_GAP ||
			     metric == RTLAT_THREAD_LATENCY;
		bool switches = metric == RTLAT_SCHED_OVERHEAD ||
				metric == RTLAT_CXS_OVERHEAD;

		for (class = 0; class < RTLAT_NR_CLASSES; class++) {
			bool applies = true;

			if (class == RTLAT_C_KEPT_QUEUED ||
			    class == RTLAT_C_INTERRUPTED_QUEUED)
				applies = waits;
			if (class == RTLAT_C_KEPT_BLOCKED ||
			    class == RTLAT_C_INTERRUPTED_BLOCKED)
				applies = switches;
			KUNIT_EXPECT_EQ(test, rtlat_class_applies(metric, class),
					applies);
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_order),
	KUNIT_CASE(every_set_of_unseen),
	KUNIT_CASE(every_pair_at_once),
	KUNIT_CASE(interrupts_everywhere),
	KUNIT_CASE(moved_to_another_cpu),
	KUNIT_CASE(timer_alone),
	KUNIT_CASE(counts_wrap_around),
	KUNIT_CASE(nmis_are_said),
	KUNIT_CASE(flags_are_added),
	KUNIT_CASE(flags_by_metric),
	KUNIT_CASE(sum_in_any_order),
	KUNIT_CASE(classes_by_metric),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_pairing",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's pairing of stamps");
MODULE_LICENSE("GPL");
