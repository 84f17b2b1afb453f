// SPDX-License-Identifier: GPL-2.0
/* KUnit: parameters: ranges, contradictions, and the line that names them. */

#include <kunit/test.h>

#include "../module/params.c"

static struct rtlat_config cfg;
static char err[RTLAT_LINE_MAX];

static void defaults(void)
{
	rtlat_config_default(&cfg);
	err[0] = '\0';
}

static int set(const char *name, const char *value)
{
	return rtlat_config_set(&cfg, name, value, err, sizeof(err));
}

static int check(void)
{
	return rtlat_config_check(&cfg, err, sizeof(err));
}

/* A refusal has a line that names the parameter, its value and what is allowed. */
static void refused(struct kunit *test, const char *name, const char *value,
		    const char *allowed)
{
	struct rtlat_config before;

	defaults();
	before = cfg;
	KUNIT_EXPECT_EQ(test, set(name, value), -EINVAL);
	KUNIT_ASSERT_NOT_NULL(test, strstr(err, name));
	KUNIT_ASSERT_NOT_NULL(test, strstr(err, value));
	KUNIT_ASSERT_NOT_NULL(test, strstr(err, allowed));
	KUNIT_EXPECT_EQ(test, memcmp(&before, &cfg, sizeof(cfg)), 0);
}

static void bad_numbers(struct kunit *test)
{
	refused(test, "period_us", "0", "1..10000000 us");
	refused(test, "period_us", "-1", "1..10000000 us");
	refused(test, "period_us", "10000001", "1..10000000 us");
	refused(test, "period_us", "1000x", "1..10000000 us");
	refused(test, "period_us", "1000,", "1..10000000 us");
	refused(test, "period_us", "-", "1..10000000 us");
	refused(test, "period_us", "99999999999999999999", "1..10000000 us");
	refused(test, "tasks", "0", "1..64");
	refused(test, "tasks", "65", "1..64");
	refused(test, "tasks", "1,2", "1..64");
	refused(test, "count", "-5", "0..1000000000");
	refused(test, "prio", "99", "1..98");
}

static void bad_names(struct kunit *test)
{
	refused(test, "mode", "foo", "idle|timer|ipi|taskset");
	refused(test, "distribution", "light", "light-uniform|");
	refused(test, "policy", "rr", "fifo|deadline");
	refused(test, "arm", "never", "job|callback");
	refused(test, "ipi_kind", "nmi", "resched|call_single|call_many|self");
	refused(test, "cpus", "0 1", "CPU list");
	KUNIT_EXPECT_EQ(test, set("perod_us", "1"), -ENOENT);
}

static void edges_are_good(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("period_us", "1"), 0);
	KUNIT_EXPECT_EQ(test, cfg.period_us.v[0], 1U);
	KUNIT_EXPECT_EQ(test, set("period_us", "10000000"), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "64"), 0);
	KUNIT_EXPECT_EQ(test, cfg.tasks, 64ULL);
	/* more than 32 bits */
	KUNIT_EXPECT_EQ(test, set("seed", "999999999999999999"), 0);
	KUNIT_EXPECT_EQ(test, cfg.seed, 999999999999999999ULL);
	KUNIT_EXPECT_EQ(test, set("cpus", "0-3,7"), 0);
	KUNIT_EXPECT_STREQ(test, cfg.cpus, "0-3,7");
}

static void lists(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", "timer"), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "3"), 0);
	KUNIT_EXPECT_EQ(test, set("period_us", "100,200,300"), 0);
	KUNIT_EXPECT_EQ(test, rtlat_list_get(&cfg.period_us, 2), 300U);
	KUNIT_EXPECT_EQ(test, rtlat_list_get(&cfg.exec_us, 2), 0U);
	KUNIT_EXPECT_EQ(test, check(), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "2"), 0);
	KUNIT_EXPECT_EQ(test, check(), -EINVAL);
	KUNIT_ASSERT_NOT_NULL(test, strstr(err, "period_us=100,200,300"));
}

static void empty_is_the_default(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("period_us", "77"), 0);
	KUNIT_EXPECT_TRUE(test, cfg.given & (1U << RTLAT_P_period_us));
	KUNIT_EXPECT_EQ(test, set("period_us", ""), 0);
	KUNIT_EXPECT_EQ(test, cfg.period_us.v[0], 1000U);
	KUNIT_EXPECT_FALSE(test, cfg.given & (1U << RTLAT_P_period_us));
}

/* @words: name=value words, of which the last one is at fault. */
static void contradicts(struct kunit *test, const char *a, const char *a_value,
			const char *b, const char *b_value, const char *mode)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", mode), 0);
	KUNIT_EXPECT_EQ(test, set(a, a_value), 0);
	KUNIT_EXPECT_EQ(test, set(b, b_value), 0);
	KUNIT_EXPECT_EQ(test, check(), -EINVAL);
	KUNIT_ASSERT_NOT_NULL(test, strstr(err, b));
	KUNIT_ASSERT_NOT_NULL(test, strstr(err, b_value));
}

static void contradictions(struct kunit *test)
{
	contradicts(test, "count", "5", "tasks", "2", "ipi");
	contradicts(test, "count", "5", "period_us", "500", "ipi");
	contradicts(test, "count", "5", "ipi_kind", "self", "timer");
	contradicts(test, "count", "5", "interval_us", "500", "timer");
	contradicts(test, "ipi_kind", "self", "ipi_sender", "0", "ipi");
	contradicts(test, "period_us", "1000", "exec_us", "1000", "timer");
	contradicts(test, "tasks", "5", "prio", "4", "timer");
	contradicts(test, "count", "5", "duration_ms", "4", "taskset");
	contradicts(test, "count", "5", "duration_ms", "4", "timer");
	contradicts(test, "policy", "deadline", "prio", "4", "taskset");
	contradicts(test, "seed", "5", "tasks", "4", "taskset");
	contradicts(test, "tasks", "2", "seed", "4", "timer");
	contradicts(test, "fault", "none", "fault_ns", "7", "timer");
	contradicts(test, "fault", "none", "fault_every", "7", "ipi");
	contradicts(test, "cpus", "0", "fault", "ipi", "timer");
	contradicts(test, "cpus", "0", "fault", "ipi", "taskset");
	contradicts(test, "fault_ns", "5", "fault", "sched", "ipi");
	contradicts(test, "arm", "callback", "fault", "arm", "timer");
}

/* tasks= takes a number of tasks or, in short, their kind. */
static void tasks_by_kind(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", "taskset"), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "user"), 0);
	KUNIT_EXPECT_EQ(test, cfg.task_kind, (u64)RTLAT_TASK_USER);
	KUNIT_EXPECT_FALSE(test, cfg.given & (1U << RTLAT_P_tasks));
	KUNIT_EXPECT_EQ(test, check(), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "kthread"), 0);
	KUNIT_EXPECT_EQ(test, cfg.task_kind, (u64)RTLAT_TASK_KTHREAD);
	refused(test, "tasks", "users", "1..64");
}

/* A task set is strictly periodic unless told otherwise; nothing else is. */
static void arm_by_mode(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", "taskset"), 0);
	rtlat_config_resolve(&cfg);
	KUNIT_EXPECT_EQ(test, cfg.arm, (u64)RTLAT_ARM_CALLBACK);
	KUNIT_EXPECT_EQ(test, set("arm", "job"), 0);
	rtlat_config_resolve(&cfg);
	KUNIT_EXPECT_EQ(test, cfg.arm, (u64)RTLAT_ARM_JOB);
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", "timer"), 0);
	rtlat_config_resolve(&cfg);
	KUNIT_EXPECT_EQ(test, cfg.arm, (u64)RTLAT_ARM_JOB);
}

static void load_above_the_cpu(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", "timer"), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "2"), 0);
	KUNIT_EXPECT_EQ(test, set("exec_us", "500"), 0);
	KUNIT_EXPECT_EQ(test, check(), 0);
	KUNIT_EXPECT_EQ(test, set("exec_us", "501"), 0);
	KUNIT_EXPECT_EQ(test, check(), -EINVAL);
	KUNIT_ASSERT_NOT_NULL(test, strstr(err, "100.2 %"));
}

static void idle_accepts_everything(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("tasks", "2"), 0);
	KUNIT_EXPECT_EQ(test, set("ipi_kind", "self"), 0);
	KUNIT_EXPECT_EQ(test, check(), 0);
}

static void every_line_reads_back(struct kunit *test)
{
	static char line[RTLAT_LINE_MAX], value[RTLAT_LINE_MAX];
	static struct rtlat_config before;
	unsigned int i;

	defaults();
	KUNIT_EXPECT_EQ(test, set("tasks", "2"), 0);
	KUNIT_EXPECT_EQ(test, set("period_us", "10,20"), 0);
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		size_t len = strlen(rtlat_params[i].name);

		before = cfg;
		rtlat_config_value(&cfg, i, value, sizeof(value));
		rtlat_config_format(&cfg, i, line, sizeof(line));
		KUNIT_EXPECT_EQ(test, strncmp(line, rtlat_params[i].name, len), 0);
		KUNIT_EXPECT_EQ(test, line[len], '=');
		KUNIT_EXPECT_EQ(test, strncmp(line + len + 1, value, strlen(value)), 0);
		KUNIT_EXPECT_EQ(test, set(rtlat_params[i].name, value), 0);
		before.given = cfg.given;
		KUNIT_EXPECT_EQ(test, memcmp(&before, &cfg, sizeof(cfg)), 0);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(bad_numbers),
	KUNIT_CASE(bad_names),
	KUNIT_CASE(edges_are_good),
	KUNIT_CASE(lists),
	KUNIT_CASE(empty_is_the_default),
	KUNIT_CASE(contradictions),
	KUNIT_CASE(tasks_by_kind),
	KUNIT_CASE(arm_by_mode),
	KUNIT_CASE(load_above_the_cpu),
	KUNIT_CASE(idle_accepts_everything),
	KUNIT_CASE(every_line_reads_back),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_params",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of rtlat's parameters");
MODULE_LICENSE("GPL");
