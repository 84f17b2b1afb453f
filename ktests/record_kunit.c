// SPDX-License-Identifier: GPL-2.0
/* KUnit: which samples are traced together, and that none of them changes by it. */

#include <kunit/test.h>

#include "../module/record.c"

#define TASK	3
#define JOB	7

static struct rtlat_job_record job;
static u64 next_seq;

/* Durations, starts and numbers that tell where they come from. */
static bool add_of(u32 task, u32 number, u16 metric, u32 flags)
{
	struct rtlat_record record = {
		.sample = { .metric = metric, .task = task, .job = number, .flags = flags,
			    .duration_ns = 1000 + metric, .start_ns = 5000 + metric },
		.seq = next_seq++,
	};

	return rtlat_job_record_add(&job, &record);
}

static bool add(u16 metric)
{
	return add_of(TASK, JOB, metric, 0);
}

static void begin(void)
{
	memset(&job, 0x55, sizeof(job));
	rtlat_job_record_init(&job);
	next_seq = 100;
}

/* As with arm=job: the next release is armed before the job is judged. */
static void a_whole_job(struct kunit *test)
{
	u16 metric;

	begin();
	KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB + 1, RTLAT_ARM_OVERHEAD,
				       RTLAT_F_REPROGRAMMED));
	for (metric = 0; metric < RTLAT_ARM_OVERHEAD; metric++)
		KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB, metric, metric));
	KUNIT_EXPECT_EQ(test, job.samples, (1U << RTLAT_NR_JOB_METRICS) - 1);
	KUNIT_EXPECT_EQ(test, job.task, (u32)TASK);
	KUNIT_EXPECT_EQ(test, job.job, (u32)JOB);
	KUNIT_EXPECT_EQ(test, job.next_job, (u32)JOB + 1);
	for (metric = 0; metric < RTLAT_NR_JOB_METRICS; metric++) {
		const bool arm = metric == RTLAT_ARM_OVERHEAD;

		KUNIT_EXPECT_EQ(test, job.duration_ns[metric], (s64)1000 + metric);
		KUNIT_EXPECT_EQ(test, job.start_ns[metric], 5000ULL + metric);
		KUNIT_EXPECT_EQ(test, job.seq[metric], arm ? 100ULL : 101ULL + metric);
		KUNIT_EXPECT_EQ(test, job.flags[metric],
				arm ? (u32)RTLAT_F_REPROGRAMMED : (u32)metric);
	}
}

/* What has no sample says so, whatever was on the stack. */
static void without_samples(struct kunit *test)
{
	unsigned int metric;

	begin();
	KUNIT_EXPECT_TRUE(test, add(RTLAT_WAKE_GAP));
	KUNIT_EXPECT_EQ(test, job.samples, 1U << RTLAT_WAKE_GAP);
	KUNIT_EXPECT_EQ(test, job.next_job, 0U);
	for (metric = 0; metric < RTLAT_NR_JOB_METRICS; metric++) {
		if (metric == RTLAT_WAKE_GAP)
			continue;
		KUNIT_EXPECT_EQ(test, job.duration_ns[metric], RTLAT_NO_SAMPLE);
		KUNIT_EXPECT_EQ(test, job.start_ns[metric], 0ULL);
		KUNIT_EXPECT_EQ(test, job.seq[metric], 0ULL);
		KUNIT_EXPECT_EQ(test, job.flags[metric], 0U);
	}
}

static void another_task_or_job(struct kunit *test)
{
	begin();
	KUNIT_EXPECT_TRUE(test, add(RTLAT_EVENT_LATENCY));
	KUNIT_EXPECT_FALSE(test, add_of(TASK + 1, JOB, RTLAT_WAKE_GAP, 0));
	KUNIT_EXPECT_FALSE(test, add_of(TASK, JOB + 1, RTLAT_WAKE_GAP, 0));
	KUNIT_EXPECT_FALSE(test, add_of(TASK + 1, JOB + 1, RTLAT_ARM_OVERHEAD, 0));
	KUNIT_EXPECT_EQ(test, job.samples, 1U << RTLAT_EVENT_LATENCY);
	KUNIT_EXPECT_EQ(test, job.task, (u32)TASK);
	KUNIT_EXPECT_EQ(test, job.job, (u32)JOB);
	KUNIT_EXPECT_EQ(test, job.next_job, 0U);
	KUNIT_EXPECT_TRUE(test, add(RTLAT_WAKE_GAP));
	KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB + 9, RTLAT_ARM_OVERHEAD, 0));
	KUNIT_EXPECT_EQ(test, job.job, (u32)JOB);
	KUNIT_EXPECT_EQ(test, job.next_job, (u32)JOB + 9);
}

static void one_of_each_metric(struct kunit *test)
{
	begin();
	KUNIT_EXPECT_TRUE(test, add(RTLAT_CXS_OVERHEAD));
	KUNIT_EXPECT_FALSE(test, add(RTLAT_CXS_OVERHEAD));
	KUNIT_EXPECT_EQ(test, job.seq[RTLAT_CXS_OVERHEAD], 100ULL);
	KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB + 1, RTLAT_ARM_OVERHEAD, 0));
	KUNIT_EXPECT_FALSE(test, add_of(TASK, JOB + 2, RTLAT_ARM_OVERHEAD, 0));
	KUNIT_EXPECT_EQ(test, job.next_job, (u32)JOB + 1);
}

/* A switch back to the job, and the job: the steps of a release stay together. */
static void switches_back_apart(struct kunit *test)
{
	begin();
	KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB, RTLAT_SCHED_OVERHEAD, RTLAT_F_RESUMED));
	KUNIT_EXPECT_FALSE(test, add_of(TASK, JOB + 1, RTLAT_ARM_OVERHEAD, 0));
	KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB, RTLAT_CXS_OVERHEAD, RTLAT_F_RESUMED));
	KUNIT_EXPECT_FALSE(test, add(RTLAT_WAKE_GAP));
	begin();
	KUNIT_EXPECT_TRUE(test, add(RTLAT_WAKE_GAP));
	KUNIT_EXPECT_FALSE(test, add_of(TASK, JOB, RTLAT_CXS_OVERHEAD, RTLAT_F_RESUMED));
	KUNIT_EXPECT_TRUE(test, add(RTLAT_CXS_OVERHEAD));
}

/* Nothing but the arming: the record has no other job's number. */
static void arming_alone(struct kunit *test)
{
	begin();
	KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB, RTLAT_ARM_OVERHEAD, 0));
	KUNIT_EXPECT_EQ(test, job.job, (u32)JOB);
	KUNIT_EXPECT_EQ(test, job.next_job, (u32)JOB);
	/* and behind the others it leaves theirs */
	begin();
	KUNIT_EXPECT_TRUE(test, add(RTLAT_START_GAP));
	KUNIT_EXPECT_TRUE(test, add_of(TASK, JOB + 4, RTLAT_ARM_OVERHEAD, 0));
	KUNIT_EXPECT_EQ(test, job.job, (u32)JOB);
	KUNIT_EXPECT_EQ(test, job.next_job, (u32)JOB + 4);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_whole_job),
	KUNIT_CASE(without_samples),
	KUNIT_CASE(another_task_or_job),
	KUNIT_CASE(one_of_each_metric),
	KUNIT_CASE(switches_back_apart),
	KUNIT_CASE(arming_alone),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_record",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's trace records of jobs");
MODULE_LICENSE("GPL");
