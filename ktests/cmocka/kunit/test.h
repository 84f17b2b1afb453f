/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit's interface, as far as the suites use it, on top of cmocka: the same
 * suites run in a kernel with CONFIG_KUNIT and, in seconds, anywhere.
 *
 * With RTLAT_FAIL_FAST the process ends at the first failure, with status 1 and
 * without cmocka: all that the hundreds of runs of mutants.pl need.
 */
#ifndef RTLAT_KUNIT_ON_CMOCKA_H
#define RTLAT_KUNIT_ON_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef RTLAT_FAIL_FAST
#include <unistd.h>
#else
#include <cmocka.h>
#endif

struct kunit {
	const char *name;
	bool failed;
	jmp_buf abort;
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

static inline void rtlat_kunit_failed(struct kunit *test, const char *where,
				      int line, const char *what,
				      long long left, long long right)
{
#ifdef RTLAT_FAIL_FAST
	_exit(1);
#endif
	printf("%s:%d: %s is not so: %lld (0x%llx), %lld (0x%llx)\n", where,
	       line, what, left, left, right, right);
	test->failed = true;
}

/* As KUnit's: an expectation that fails lets the case go on, an assertion not. */
#define RTLAT_KUNIT_OP(test, left, op, right, end) do {			\
	__typeof__(left) left_ = (left);				\
	__typeof__(right) right_ = (right);				\
	if (!(left_ op right_)) {					\
		rtlat_kunit_failed(test, __FILE__, __LINE__,		\
				   #left " " #op " " #right,		\
				   (long long)left_, (long long)right_);	\
		end;							\
	}								\
} while (0)

#define RTLAT_KUNIT_ABORT(test)	longjmp((test)->abort, 1)

#define KUNIT_EXPECT_EQ(test, l, r)	RTLAT_KUNIT_OP(test, l, ==, r, (void)0)
#define KUNIT_EXPECT_NE(test, l, r)	RTLAT_KUNIT_OP(test, l, !=, r, (void)0)
#define KUNIT_EXPECT_LT(test, l, r)	RTLAT_KUNIT_OP(test, l, <, r, (void)0)
#define KUNIT_EXPECT_LE(test, l, r)	RTLAT_KUNIT_OP(test, l, <=, r, (void)0)
#define KUNIT_EXPECT_GT(test, l, r)	RTLAT_KUNIT_OP(test, l, >, r, (void)0)
#define KUNIT_EXPECT_GE(test, l, r)	RTLAT_KUNIT_OP(test, l, >=, r, (void)0)
#define KUNIT_EXPECT_TRUE(test, c)	KUNIT_EXPECT_EQ(test, !!(c), true)
#define KUNIT_EXPECT_FALSE(test, c)	KUNIT_EXPECT_EQ(test, !!(c), false)
#define KUNIT_EXPECT_NULL(test, ptr)	KUNIT_EXPECT_TRUE(test, !(ptr))
#define KUNIT_EXPECT_NOT_NULL(test, ptr) KUNIT_EXPECT_FALSE(test, !(ptr))
#define KUNIT_EXPECT_STREQ(test, l, r)	do {				\
	const char *l_ = (l), *r_ = (r);				\
	if (strcmp(l_, r_)) {						\
		rtlat_kunit_failed(test, __FILE__, __LINE__, #l " equals " #r, \
				   0, 0);				\
		printf("\t%s\n\t%s\n", l_, r_);				\
	}								\
} while (0)
#define KUNIT_ASSERT_EQ(test, l, r)	\
	RTLAT_KUNIT_OP(test, l, ==, r, RTLAT_KUNIT_ABORT(test))
#define KUNIT_ASSERT_TRUE(test, c)	KUNIT_ASSERT_EQ(test, !!(c), true)
#define KUNIT_ASSERT_NOT_NULL(test, ptr) KUNIT_ASSERT_TRUE(test, (ptr))

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	(void)test;
	(void)gfp;
	/* the process ends with the suite */
	return calloc(1, size);
}

#define GFP_KERNEL	0
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

extern const struct kunit_suite *const rtlat_kunit_suite;

static inline bool rtlat_kunit_run(const struct kunit_case *one)
{
	struct kunit test = { .name = one->name };

	if (!setjmp(test.abort))
		one->run_case(&test);
	return !test.failed;
}

#ifdef RTLAT_FAIL_FAST

int main(void)
{
	const struct kunit_case *one = rtlat_kunit_suite->test_cases;

	for (; one->run_case; one++)
		rtlat_kunit_run(one);
	return 0;
}

#else

static inline void rtlat_kunit_cmocka(void **state)
{
	if (!rtlat_kunit_run(*state))
		fail();
}

int main(void)
{
	const struct kunit_suite *suite = rtlat_kunit_suite;
	struct CMUnitTest tests[64] = { 0 };
	size_t n;

	for (n = 0; suite->test_cases[n].run_case; n++) {
		if (n == ARRAY_SIZE(tests)) {
			fprintf(stderr, "%s: too many cases\n", suite->name);
			return 1;
		}
		tests[n].name = suite->test_cases[n].name;
		tests[n].test_func = rtlat_kunit_cmocka;
		tests[n].initial_state = &suite->test_cases[n];
	}
	return _cmocka_run_group_tests(suite->name, tests, n, NULL, NULL);
}

#endif /* RTLAT_FAIL_FAST */

#define kunit_test_suite(suite)	\
	const struct kunit_suite *const rtlat_kunit_suite = &(suite)
#define MODULE_DESCRIPTION(text)
#define MODULE_LICENSE(text)

#endif /* RTLAT_KUNIT_ON_CMOCKA_H */
