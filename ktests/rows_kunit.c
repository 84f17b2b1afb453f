// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit: every row of the parameters' table: both of its ends and what is just
 * beyond them, its default, the modes it goes with, and its line of text.
 */

#include <kunit/test.h>

#include "../module/params.c"

#define CANARY	0x5a

static struct rtlat_config cfg;
static char err[RTLAT_LINE_MAX], text[RTLAT_LINE_MAX];

static int set(const char *name, const char *value)
{
	err[0] = '\0';
	return rtlat_config_set(&cfg, name, value, err, sizeof(err));
}

static int set_number(const struct rtlat_param_desc *desc, s64 number)
{
	char value[24];

	scnprintf(value, sizeof(value), "%lld", (long long)number);
	return set(desc->name, value);
}

static u64 number_of(const struct rtlat_param_desc *desc)
{
	const void *at = (const char *)&cfg + desc->offset;

	return desc->kind == RTLAT_KIND_LIST ?
	       ((const struct rtlat_list *)at)->v[0] : *(const u64 *)at;
}

static bool is_number(const struct rtlat_param_desc *desc)
{
	return desc->kind == RTLAT_KIND_NUM || desc->kind == RTLAT_KIND_LIST;
}

static void both_ends_of_each_range(struct kunit *test)
{
	u32 i, numbers = 0;

	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		const struct rtlat_param_desc *desc = &rtlat_params[i];

		if (!is_number(desc))
			continue;
		numbers++;
		rtlat_config_default(&cfg);
		KUNIT_EXPECT_EQ(test, set_number(desc, desc->min), 0);
		KUNIT_EXPECT_EQ(test, number_of(desc), desc->min);
		KUNIT_EXPECT_EQ(test, set_number(desc, desc->max), 0);
		KUNIT_EXPECT_EQ(test, number_of(desc), desc->max);
		KUNIT_EXPECT_EQ(test, set_number(desc, (s64)desc->min - 1), -EINVAL);
		KUNIT_EXPECT_NOT_NULL(test, strstr(err, "out of range"));
		/* a number may have 18 digits */
		KUNIT_EXPECT_EQ(test, set_number(desc, (s64)desc->max + 1), -EINVAL);
		KUNIT_EXPECT_NOT_NULL(test, strstr(err, desc->name));
		/* what is refused changes nothing */
		KUNIT_EXPECT_EQ(test, number_of(desc), desc->max);
		KUNIT_EXPECT_LT(test, desc->min, desc->max);
	}
	KUNIT_EXPECT_GT(test, numbers, 10U);
}

/* The default is a value that may be set, and what setting nothing gives. */
static void each_default(struct kunit *test)
{
	static struct rtlat_config fresh;
	u32 i;

	rtlat_config_default(&fresh);
	KUNIT_EXPECT_EQ(test, fresh.given, 0U);
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		const struct rtlat_param_desc *desc = &rtlat_params[i];

		rtlat_config_default(&cfg);
		if (is_number(desc))
			KUNIT_EXPECT_EQ(test, set_number(desc, desc->max), 0);
		KUNIT_EXPECT_EQ(test, set(desc->name, desc->def), 0);
		cfg.given = 0;
		KUNIT_EXPECT_EQ(test, memcmp(&cfg, &fresh, sizeof(cfg)), 0);
		KUNIT_EXPECT_EQ(test, set(desc->name, ""), 0);
		KUNIT_EXPECT_EQ(test, memcmp(&cfg, &fresh, sizeof(cfg)), 0);
	}
}

/* Each value of each list of names, and names that are only nearly one. */
static void each_name(struct kunit *test)
{
	u32 i, value;

	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		const struct rtlat_param_desc *desc = &rtlat_params[i];

		if (desc->kind != RTLAT_KIND_ENUM)
			continue;
		for (value = 0; value < desc->nr_values; value++) {
			rtlat_config_default(&cfg);
			KUNIT_EXPECT_EQ(test, set(desc->name, desc->values[value]), 0);
			KUNIT_EXPECT_EQ(test, number_of(desc), (u64)value);
			scnprintf(text, sizeof(text), "%s ", desc->values[value]);
			KUNIT_EXPECT_EQ(test, set(desc->name, text), -EINVAL);
			scnprintf(text, sizeof(text), "x%s", desc->values[value]);
			KUNIT_EXPECT_EQ(test, set(desc->name, text), -EINVAL);
			KUNIT_EXPECT_NOT_NULL(test, strstr(err, desc->values[value]));
		}
		KUNIT_EXPECT_GT(test, desc->nr_values, 1U);
	}
}

/* Given in a mode that it does not go with, it is what check refuses. */
static void each_mode(struct kunit *test)
{
	u32 i, mode;

	for (mode = 0; mode < RTLAT_NR_MODES; mode++) {
		rtlat_config_default(&cfg);
		KUNIT_EXPECT_EQ(test, set("mode", rtlat_mode_names[mode]), 0);
		KUNIT_EXPECT_EQ(test, rtlat_config_tasks(&cfg),
				mode == RTLAT_MODE_TIMER || mode == RTLAT_MODE_TASKSET);
		KUNIT_EXPECT_EQ(test, rtlat_config_check(&cfg, err, sizeof(err)), 0);
		for (i = 0; i < RTLAT_NR_PARAMS; i++) {
			const struct rtlat_param_desc *desc = &rtlat_params[i];
			bool goes = mode == RTLAT_MODE_IDLE ||
				    desc->modes & (1U << mode);

			KUNIT_EXPECT_TRUE(test, desc->modes & (M_TASKS | M_IPI));
			/* only given, and else as it is */
			rtlat_config_default(&cfg);
			KUNIT_EXPECT_EQ(test, set("mode", rtlat_mode_names[mode]), 0);
			cfg.given |= 1U << i;
			err[0] = '\0';
			rtlat_config_check(&cfg, err, sizeof(err));
			rtlat_config_value(&cfg, i, text, sizeof(text));
			KUNIT_EXPECT_EQ(test, strncmp(err, desc->name, strlen(desc->name)) ||
					!strstr(err, ": contradicts mode=") ||
					!strstr(err, rtlat_mode_names[mode]) ||
					!strstr(err, text), goes);
		}
	}
}

/* The lines of the file params are of this form. */
static void each_kind_of_line(struct kunit *test)
{
	static const struct {
		u32 param;
		const char *value, *line;
	} lines[] = {
		{ RTLAT_P_mode, "ipi", "mode=ipi unit=- default=idle" },
		{ RTLAT_P_cpus, "0-3,7", "cpus=0-3,7 unit=- default=" },
		{ RTLAT_P_prio, "7", "prio=7 unit=SCHED_FIFO default=90 min=1 max=98" },
		{ RTLAT_P_period_us, "5,60,700",
		  "period_us=5,60,700 unit=us default=1000 min=1 max=10000000" },
	};
	u32 i;

	rtlat_config_default(&cfg);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		int len;

		KUNIT_EXPECT_EQ(test, set(rtlat_params[lines[i].param].name,
					  lines[i].value), 0);
		len = rtlat_config_format(&cfg, lines[i].param, text, sizeof(text));
		KUNIT_EXPECT_STREQ(test, text, lines[i].line);
		KUNIT_EXPECT_EQ(test, len, (int)strlen(lines[i].line));
		len = rtlat_config_value(&cfg, lines[i].param, text, sizeof(text));
		KUNIT_EXPECT_STREQ(test, text, lines[i].value);
		KUNIT_EXPECT_EQ(test, len, (int)strlen(lines[i].value));
	}
}

/* Nothing is written beyond a buffer, whatever its size; what fits is there. */
static void fits(struct kunit *test, const char *whole, size_t size, int len)
{
	size_t wanted = strlen(whole), i;

	if (size && wanted >= size)
		wanted = size - 1;
	KUNIT_EXPECT_EQ(test, len, size ? (int)wanted : 0);
	KUNIT_EXPECT_EQ(test, strncmp(text, whole, size ? wanted : 0), 0);
	if (size)
		KUNIT_EXPECT_EQ(test, text[wanted], '\0');
	for (i = size; i < sizeof(text); i++)
		if (text[i] != CANARY)
			break;
	KUNIT_EXPECT_EQ(test, i, sizeof(text));
}

static void short_buffers(struct kunit *test)
{
	static char whole[RTLAT_LINE_MAX];
	size_t size;
	u32 i;

	rtlat_config_default(&cfg);
	KUNIT_EXPECT_EQ(test, set("period_us", "1,22,333,4444,55555"), 0);
	KUNIT_EXPECT_EQ(test, set("cpus", "0-3,7"), 0);
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		rtlat_config_format(&cfg, i, whole, sizeof(whole));
		for (size = 0; size <= strlen(whole) + 1; size++) {
			memset(text, CANARY, sizeof(text));
			fits(test, whole, size,
			     rtlat_config_format(&cfg, i, text, size));
		}
		rtlat_config_value(&cfg, i, whole, sizeof(whole));
		for (size = 0; size <= strlen(whole) + 1; size++) {
			memset(text, CANARY, sizeof(text));
			fits(test, whole, size,
			     rtlat_config_value(&cfg, i, text, size));
		}
	}
}

/* So with the lines of errors. */
static void short_errors(struct kunit *test)
{
	static const char *const wrong[][2] = {
		{ "mode", "walk" }, { "prio", "99" }, { "nonsense", "1" },
		{ "cpus", "a b" }, { "period_us", "1,2,x" },
	};
	static char whole[RTLAT_LINE_MAX];
	size_t size;
	u32 i;

	rtlat_config_default(&cfg);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		KUNIT_EXPECT_NE(test, rtlat_config_set(&cfg, wrong[i][0], wrong[i][1],
						       whole, sizeof(whole)), 0);
		for (size = 1; size <= strlen(whole) + 1; size++) {
			memset(text, CANARY, sizeof(text));
			rtlat_config_set(&cfg, wrong[i][0], wrong[i][1], text, size);
			fits(test, whole, size, strlen(text));
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(both_ends_of_each_range),
	KUNIT_CASE(each_default),
	KUNIT_CASE(each_name),
	KUNIT_CASE(each_mode),
	KUNIT_CASE(each_kind_of_line),
	KUNIT_CASE(short_buffers),
	KUNIT_CASE(short_errors),
	{}
};

static struct kunit_suite suite = {
	.name = "rtlat_rows",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("KUnit suite of the rows of rtlat's parameters");
MODULE_LICENSE("GPL");
