// SPDX-License-Identifier: GPL-2.0
/* KUnit: the ledger's closing, and the lines of text about it. */

#include <kunit/test.h>

#include "../module/ledger.c"
#include "../module/text.c"

static void every_line_counts(struct kunit *test)
{
	struct rtlat_ledger ledger = {};
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, rtlat_ledger_closes(&ledger));
	for (i = 0; i < RTLAT_NR_LINES; i++) {
		ledger.line[i] += i + 1;
		KUNIT_EXPECT_FALSE(test, rtlat_ledger_closes(&ledger));
		ledger.attempted += i + 1;
		KUNIT_EXPECT_TRUE(test, rtlat_ledger_closes(&ledger));
	}
	ledger.attempted++;
	KUNIT_EXPECT_FALSE(test, rtlat_ledger_closes(&ledger));
}

static void ledger_text(struct kunit *test)
{
	struct rtlat_ledger ledger = { .attempted = 12 };
	char line[RTLAT_LINE_MAX];
	int len;

	ledger.line[RTLAT_L_KEPT] = 9;
	ledger.line[RTLAT_L_CANCELLED] = 3;
	len = rtlat_text_ledger(line, sizeof(line), 4, RTLAT_WAKE_GAP, &ledger);
	KUNIT_EXPECT_EQ(test, len, (int)strlen(line));
	KUNIT_EXPECT_STREQ(test, line,
			   "cpu=4 metric=wake_gap attempted=12 kept=9 interrupted=0 coalesced=0 no_start=0 skipped=0 overrun=0 migrated=0 nonmonotonic=0 no_ipi=0 cancelled=3 closes=1");
}

static void summary_text(struct kunit *test)
{
	static const struct rtlat_hist hist = {
		.n = 2, .sum = 30, .sumsq = ((__uint128_t)1 << 64) + 5,
		.min = 10, .max = 20, .max_start_ns = 1000,
		.max_task = 7, .max_job = 8, .max_flags = 9,
	};
	char line[RTLAT_LINE_MAX];

	int len = rtlat_text_summary(line, sizeof(line), 1, RTLAT_IPI_LATENCY,
				     RTLAT_C_INTERRUPTED, &hist);

	KUNIT_EXPECT_EQ(test, len, (int)strlen(line));
	KUNIT_EXPECT_STREQ(test, line,
			   "cpu=1 metric=ipi_latency class=interrupted n=2 sum=30 sumsq_hi=1 sumsq_lo=5 min=10 max=20 max_start_ns=1000 max_task=7 max_job=8 max_flags=9");
}

static void the_longest_lines_fit(struct kunit *test)
{
	struct rtlat_ledger ledger;
	struct rtlat_hist *hist = kunit_kzalloc(test, sizeof(*hist), GFP_KERNEL);
	char line[RTLAT_LINE_MAX];
	unsigned int m;

	KUNIT_ASSERT_NOT_NULL(test, hist);
	memset(&ledger, 0xff, sizeof(ledger));
	memset(hist, 0xff, sizeof(*hist));
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		KUNIT_EXPECT_LE(test, rtlat_text_ledger(line, sizeof(line), ~0U, m, &ledger),
				RTLAT_LINE_MAX - 2);
		KUNIT_EXPECT_LE(test, rtlat_text_summary(line, sizeof(line), ~0U, m,
							 RTLAT_C_INTERRUPTED_QUEUED, hist),
				RTLAT_LINE_MAX - 2);
	}
}

/* Nothing is written beyond a buffer; what fits is there. */
static void short_buffers(struct kunit *test)
{
	static char whole[RTLAT_LINE_MAX], line[RTLAT_LINE_MAX];
	struct rtlat_ledger ledger = { .attempted = 12 };
	size_t size, i;
	int len;

	rtlat_text_ledger(whole, sizeof(whole), 4, RTLAT_WAKE_GAP, &ledger);
	for (size = 1; size <= strlen(whole) + 1; size++) {
		memset(line, 0x5a, sizeof(line));
		len = rtlat_text_ledger(line, size, 4, RTLAT_WAKE_GAP, &ledger);
		KUNIT_EXPECT_EQ(test, len, (int)size - 1);
		KUNIT_EXPECT_EQ(test, strncmp(line, whole, size - 1), 0);
		KUNIT_EXPECT_EQ(test, line[size - 1], '\0');
		for (i = size; i < sizeof(line) && line[i] == 0x5a; i++)
			;
		KUNIT_EXPECT_EQ(test, i, sizeof(line));
	}
}

/* What one line of text may hold: from the space to the tilde. */
static void printable(struct kunit *test)
{
	char text[4] = "aa";
	int c;

	KUNIT_EXPECT_EQ(test, rtlat_text_printable(""), 0U);
	KUNIT_EXPECT_EQ(test, rtlat_text_printable(" az~09\n "), 6U);
	for (c = 1; c < 256; c++) {
		text[1] = c;
		KUNIT_EXPECT_EQ(test, rtlat_text_printable(text),
				c >= 0x20 && c <= 0x7e ? 2U : 1U);
	}
}

static void printable_text(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, rtlat_text_printable(""), (size_t)0);
	KUNIT_EXPECT_EQ(test, rtlat_text_printable(" count=5~"), (size_t)9);
	KUNIT_EXPECT_EQ(test, rtlat_text_printable("a\nb"), (size_t)1);
	KUNIT_EXPECT_EQ(test, rtlat_text_printable("ab\x1f"), (size_t)2);
	KUNIT_EXPECT_EQ(test, rtlat_text_printable("\x7f"), (size_t)0);
	KUNIT_EXPECT_EQ(test, rtlat_text_printable("abc\x80"), (size_t)3);
	KUNIT_EXPECT_EQ(test, rtlat_text_printable("\xff"), (size_t)0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(every_line_counts),
	KUNIT_CASE(ledger_text),
	KUNIT_CASE(summary_text),
	KUNIT_CASE(the_longest_lines_fit),
	KUNIT_CASE(printable_text),
	KUNIT_CASE(short_buffers),
	KUNIT_CASE(printable),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_ledger",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's ledger and text");
MODULE_LICENSE("GPL");
