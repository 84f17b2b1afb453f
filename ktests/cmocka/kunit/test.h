/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit's interface, as far as the suites use it, on top of cmocka: the same
 * suites run in a kernel with CONFIG_KUNIT and, in seconds, anywhere.
 */
#ifndef RTLAT_KUNIT_ON_CMOCKA_H
#define RTLAT_KUNIT_ON_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct kunit {
	const char *name;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(fn)	{ .run_case = fn, .name = #fn }

/*
 * An expectation that fails ends the case here; KUnit goes on with it. Either
 * way the case has failed.
 */
#define KUNIT_EXPECT_EQ(test, left, right) \
	((void)(test), assert_int_equal(left, right))
#define KUNIT_EXPECT_TRUE(test, cond)	((void)(test), assert_true(cond))
#define KUNIT_EXPECT_FALSE(test, cond)	((void)(test), assert_false(cond))
#define KUNIT_EXPECT_LE(test, left, right) KUNIT_EXPECT_TRUE(test, (left) <= (right))
#define KUNIT_EXPECT_NULL(test, ptr)	((void)(test), assert_null(ptr))
#define KUNIT_ASSERT_NOT_NULL(test, ptr) ((void)(test), assert_non_null(ptr))
#define KUNIT_EXPECT_STREQ(test, left, right) \
	((void)(test), assert_string_equal(left, right))

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	(void)test;
	(void)gfp;
	/* the process ends with the suite */
	return calloc(1, size);
}

#define GFP_KERNEL	0
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static inline void rtlat_kunit_run(void **state)
{
	const struct kunit_case *one = *state;
	struct kunit test = { one->name };

	one->run_case(&test);
}

extern const struct kunit_suite *const rtlat_kunit_suite;

int main(void)
{
	const struct kunit_suite *suite = rtlat_kunit_suite;
	struct CMUnitTest tests[64] = { 0 };
	size_t n;

	for (n = 0; suite->test_cases[n].run_case && n < ARRAY_SIZE(tests); n++) {
		tests[n].name = suite->test_cases[n].name;
		tests[n].test_func = rtlat_kunit_run;
		tests[n].initial_state = &suite->test_cases[n];
	}
	return _cmocka_run_group_tests(suite->name, tests, n, NULL, NULL);
}

#define kunit_test_suite(suite)	\
	const struct kunit_suite *const rtlat_kunit_suite = &(suite)
#define MODULE_DESCRIPTION(text)
#define MODULE_LICENSE(text)

#endif /* RTLAT_KUNIT_ON_CMOCKA_H */
