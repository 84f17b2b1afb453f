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
	contradicts(test, "cpus", "0", "fault", "arm", "taskset");
	contradicts(test, "cpus", "0", "fault", "backwards", "timer");
	contradicts(test, "fault", "nested", "fault_ns", "7", "timer");
	contradicts(test, "fault", "unseen", "fault_ns", "7", "taskset");
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

/* What was refused, and the whole line about it. */
static void says(struct kunit *test, const char *name, const char *value,
		 const char *line)
{
	defaults();
	KUNIT_EXPECT_NE(test, set(name, value), 0);
	KUNIT_EXPECT_STREQ(test, err, line);
}

static void whole_lines(struct kunit *test)
{
	says(test, "perod_us", "1", "perod_us: no such parameter");
	says(test, "prio", "99", "prio=99: out of range; range 1..98 SCHED_FIFO");
	says(test, "mode", "foo", "mode=foo: not one of idle|timer|ipi|taskset");
	says(test, "cpus", "0 1", "cpus=0 1: not a CPU list of at most 127 characters");
}

/* What is a number: a sign, digits, nothing else; any more than 18 are too many for all ranges. */
static void numbers(struct kunit *test)
{
	static const char *const none[] = {
		"-", "--1", "-1-", "+1", "1 ", " 1", "0x1", "1.0", "5/", "/5",
		"5:", ":5", "1e3",
	};
	static const char *const beyond[] = {
		"-1", "-2", "0", "99", "100", "-999999999999999999",
		"999999999999999999", "1000000000000000000", "99999999999999999999999999",
		"-0000000000000000005",
	};
	static char line[RTLAT_LINE_MAX];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		scnprintf(line, sizeof(line),
			  "prio=%s: not a number; range 1..98 SCHED_FIFO", none[i]);
		says(test, "prio", none[i], line);
	}
	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		scnprintf(line, sizeof(line),
			  "prio=%s: out of range; range 1..98 SCHED_FIFO", beyond[i]);
		says(test, "prio", beyond[i], line);
	}
	defaults();
	KUNIT_EXPECT_EQ(test, set("prio", "000000000000000009"), 0);
	KUNIT_EXPECT_EQ(test, cfg.prio, 9ULL);
	KUNIT_EXPECT_EQ(test, set("prio", "18"), 0);
	KUNIT_EXPECT_EQ(test, cfg.prio, 18ULL);
	KUNIT_EXPECT_EQ(test, set("count", "-0"), 0);
	KUNIT_EXPECT_EQ(test, cfg.count, 0ULL);
}

/* @n numbers with commas between them, each of @digits digits. */
static const char *list_of(u32 n, u32 digits)
{
	static char list[RTLAT_LINE_MAX];
	u32 i, d, at = 0;

	for (i = 0; i < n; i++) {
		if (i)
			list[at++] = ',';
		for (d = 0; d < digits; d++)
			list[at++] = '1' + i % 9;
	}
	list[at] = '\0';
	return list;
}

static void longest_lists(struct kunit *test)
{
	static char value[RTLAT_LINE_MAX];

	defaults();
	KUNIT_EXPECT_EQ(test, set("period_us", list_of(RTLAT_MAX_TASKS, 1)), 0);
	KUNIT_EXPECT_EQ(test, cfg.period_us.n, (u32)RTLAT_MAX_TASKS);
	KUNIT_EXPECT_EQ(test, cfg.period_us.v[RTLAT_MAX_TASKS - 1], 1U);
	KUNIT_EXPECT_EQ(test, set("period_us", list_of(RTLAT_MAX_TASKS + 1, 1)),
			-EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err, ": too many numbers; range 1..10000000 us"));
	KUNIT_EXPECT_EQ(test, set("period_us", "5,6"), 0);
	KUNIT_EXPECT_EQ(test, cfg.period_us.n, 2U);
	KUNIT_EXPECT_EQ(test, rtlat_list_get(&cfg.period_us, 0), 5U);
	KUNIT_EXPECT_EQ(test, rtlat_list_get(&cfg.period_us, 1), 6U);

	/* a value of 511 characters is in the line as a whole */
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", "timer"), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "2"), 0);
	KUNIT_EXPECT_EQ(test, set("period_us", list_of(RTLAT_MAX_TASKS, 7)), 0);
	rtlat_config_value(&cfg, RTLAT_P_period_us, value, sizeof(value));
	KUNIT_EXPECT_EQ(test, strlen(value), 511U);
	KUNIT_EXPECT_EQ(test, check(), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(err, value));
	KUNIT_EXPECT_NOT_NULL(test, strstr(err, ": 64 numbers for tasks=2; give 1 or 2"));
}

static void longest_cpus(struct kunit *test)
{
	static struct rtlat_config before;
	static char c127[128], more[160];

	/* 64 digits with commas between them */
	scnprintf(c127, sizeof(c127), "%s", list_of(64, 1));
	KUNIT_EXPECT_EQ(test, strlen(c127), 127U);
	defaults();
	/* what lies beside it in memory stays */
	KUNIT_EXPECT_EQ(test, set("count", "305419896"), 0);
	before = cfg;
	KUNIT_EXPECT_EQ(test, set("cpus", c127), 0);
	KUNIT_EXPECT_STREQ(test, cfg.cpus, c127);
	KUNIT_EXPECT_EQ(test, cfg.count, 305419896ULL);
	scnprintf(more, sizeof(more), "%s0", c127);
	KUNIT_EXPECT_EQ(test, set("cpus", more), -EINVAL);
	KUNIT_EXPECT_STREQ(test, cfg.cpus, c127);
	/* nothing of a longer one is left behind a shorter one */
	KUNIT_EXPECT_EQ(test, set("cpus", ""), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &cfg, sizeof(cfg)), 0);
}

/* Both of a pair, or neither, and each alone: only what contradicts is refused. */
static void no_contradictions(struct kunit *test)
{
	static const char *const good[][7] = {
		{ "mode", "timer", "count", "5" },
		{ "mode", "timer", "duration_ms", "5" },
		{ "mode", "taskset", "count", "5" },
		{ "mode", "taskset", "duration_ms", "5", "seed", "4" },
		{ "mode", "timer", "prio", "5", "tasks", "5" },
		{ "mode", "timer", "prio", "1" },
		{ "mode", "taskset", "prio", "5", "policy", "fifo" },
		{ "mode", "taskset", "policy", "deadline" },
		{ "mode", "timer", "policy", "deadline", "tasks", "64" },
		{ "mode", "timer", "exec_us", "999", "period_us", "1000" },
		{ "mode", "timer", "exec_us", "7,8", "tasks", "2" },
		{ "mode", "ipi" },
		{ "mode", "ipi", "ipi_sender", "3" },
		{ "mode", "ipi", "ipi_sender", "3", "ipi_kind", "resched" },
		{ "mode", "ipi", "ipi_kind", "self" },
		{ "mode", "ipi", "prio", "1", "count", "7" },
		{ "mode", "ipi", "fault", "ipi", "fault_ns", "7" },
		{ "mode", "timer", "fault", "arm", "fault_every", "7" },
		{ "mode", "timer", "arm", "callback", "fault", "callback" },
		{ "mode", "taskset", "arm", "job", "fault", "arm" },
		{ "mode", "timer", "fault", "nested" },
		{ "mode", "timer", "fault", "unseen", "fault_every", "7" },
		{ "mode", "timer", "fault", "backwards", "fault_ns", "1" },
		{ "mode", "timer", "fault", "isr", "fault_ns", "7" },
		{ "mode", "idle", "fault", "ipi", "count", "7" },
		{ "mode", "timer", "probes", "off", "exec_us", "0" },
		{ "mode", "timer", "probes", "off", "arm", "callback" },
		{ "mode", "timer", "probes", "on", "task_kind", "user" },
	};
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		defaults();
		for (j = 0; good[i][j]; j += 2)
			KUNIT_EXPECT_EQ(test, set(good[i][j], good[i][j + 1]), 0);
		KUNIT_EXPECT_EQ(test, check(), 0);
		KUNIT_EXPECT_STREQ(test, err, "");
	}
}

/* Three words, and all that is said of them. */
static void check_says(struct kunit *test, const char *words[6], const char *line)
{
	u32 i;

	defaults();
	for (i = 0; i < 6 && words[i]; i += 2)
		KUNIT_EXPECT_EQ(test, set(words[i], words[i + 1]), 0);
	KUNIT_EXPECT_EQ(test, check(), -EINVAL);
	KUNIT_EXPECT_STREQ(test, err, line);
}

#define CHECK_SAYS(line, ...) do {					\
	const char *words[6] = { __VA_ARGS__ };				\
									\
	check_says(test, words, line);					\
} while (0)

static void whole_contradictions(struct kunit *test)
{
	CHECK_SAYS("exec_us=1000: not below period_us=1000 of task 0; range 0..999 us",
		   "mode", "timer", "exec_us", "1000");
	CHECK_SAYS("exec_us=1001: not below period_us=1000 of task 0; range 0..999 us",
		   "mode", "timer", "tasks", "2", "exec_us", "1001");
}

static void whole_contradictions_of_tasks(struct kunit *test)
{
	CHECK_SAYS("prio=4: too low for tasks=5; range 5..98 (one priority for each task)",
		   "mode", "timer", "tasks", "5", "prio", "4");
	CHECK_SAYS("exec_us=1,2,3: 3 numbers for tasks=2; give 1 or 2",
		   "mode", "timer", "tasks", "2", "exec_us", "1,2,3");
	CHECK_SAYS("duration_ms=4: contradicts count=5",
		   "mode", "timer", "count", "5", "duration_ms", "4");
	CHECK_SAYS("prio=4: contradicts policy=deadline",
		   "mode", "taskset", "policy", "deadline", "prio", "4");
	CHECK_SAYS("seed=4: contradicts mode=timer", "mode", "timer", "seed", "4");
	CHECK_SAYS("ipi_sender=2: contradicts ipi_kind=self, where each target sends to itself",
		   "mode", "ipi", "ipi_kind", "self", "ipi_sender", "2");
}

static void whole_contradictions_of_faults(struct kunit *test)
{
	CHECK_SAYS("fault_ns=4: contradicts fault=none",
		   "mode", "timer", "fault_ns", "4");
	CHECK_SAYS("fault_every=4: contradicts fault=none",
		   "mode", "timer", "fault_every", "4");
	CHECK_SAYS("fault=ipi: contradicts mode=timer",
		   "mode", "timer", "fault", "ipi");
	CHECK_SAYS("fault=switch: contradicts mode=ipi",
		   "mode", "ipi", "fault", "switch");
	CHECK_SAYS("fault=arm: contradicts arm=callback",
		   "mode", "timer", "arm", "callback", "fault", "arm");
	CHECK_SAYS("fault=arm: contradicts arm=callback",
		   "mode", "taskset", "fault", "arm");
	CHECK_SAYS("fault_ns=7: contradicts fault=nested, which takes no time",
		   "mode", "timer", "fault", "nested", "fault_ns", "7");
	CHECK_SAYS("fault_ns=7: contradicts fault=unseen, which takes no time",
		   "mode", "timer", "fault", "unseen", "fault_ns", "7");
	CHECK_SAYS("fault=backwards: how far? range of fault_ns 1..10000000 ns",
		   "mode", "timer", "fault", "backwards");
}

static void whole_contradictions_of_probes(struct kunit *test)
{
	CHECK_SAYS("task_kind=user: contradicts probes=off",
		   "mode", "timer", "probes", "off", "task_kind", "user");
	CHECK_SAYS("exec_us=5: contradicts probes=off",
		   "mode", "timer", "exec_us", "5", "probes", "off");
	CHECK_SAYS("fault=isr: contradicts probes=off",
		   "mode", "timer", "fault", "isr", "probes", "off");
	CHECK_SAYS("fault_exit=2: contradicts probes=off",
		   "mode", "timer", "fault_exit", "2", "probes", "off");
	CHECK_SAYS("fault_clock_insns=9: contradicts probes=off",
		   "mode", "timer", "fault_clock_insns", "9", "probes", "off");
	CHECK_SAYS("probes=off: contradicts mode=taskset",
		   "mode", "taskset", "probes", "off");
}

/* To the millionth: what asks for the whole CPU runs, what asks for more does not. */
static void load_to_the_millionth(struct kunit *test)
{
	defaults();
	KUNIT_EXPECT_EQ(test, set("mode", "timer"), 0);
	KUNIT_EXPECT_EQ(test, set("tasks", "2"), 0);
	KUNIT_EXPECT_EQ(test, set("period_us", "10000000"), 0);
	KUNIT_EXPECT_EQ(test, set("exec_us", "9999999,10"), 0);
	KUNIT_EXPECT_EQ(test, check(), 0);
	KUNIT_EXPECT_EQ(test, set("exec_us", "9999999,20"), 0);
	KUNIT_EXPECT_EQ(test, check(), -EINVAL);
	KUNIT_EXPECT_STREQ(test, err,
			   "exec_us: the tasks of a CPU ask for 100.0 % of it; range 0..100 %");
	KUNIT_EXPECT_EQ(test, set("tasks", "64"), 0);
	KUNIT_EXPECT_EQ(test, set("period_us", "1000"), 0);
	KUNIT_EXPECT_EQ(test, set("exec_us", "999"), 0);
	KUNIT_EXPECT_EQ(test, check(), -EINVAL);
	KUNIT_EXPECT_STREQ(test, err,
			   "exec_us: the tasks of a CPU ask for 6393.6 % of it; range 0..100 %");
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
	KUNIT_CASE(whole_lines),
	KUNIT_CASE(numbers),
	KUNIT_CASE(longest_lists),
	KUNIT_CASE(longest_cpus),
	KUNIT_CASE(no_contradictions),
	KUNIT_CASE(whole_contradictions),
	KUNIT_CASE(whole_contradictions_of_tasks),
	KUNIT_CASE(whole_contradictions_of_faults),
	KUNIT_CASE(whole_contradictions_of_probes),
	KUNIT_CASE(load_to_the_millionth),
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
