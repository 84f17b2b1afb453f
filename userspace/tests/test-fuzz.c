// SPDX-License-Identifier: GPL-2.0
/* Inputs that once did harm, and others, through the fuzz targets. */

#include "test.h"

#include <dirent.h>

#include "fuzz/fuzz.h"

/* What a promise not kept is here: the failure of a test. */
void fuzz_fail(const char *file, int line, const char *what)
{
	fail_msg("%s:%d: not kept: %s", file, line, what);
	abort();
}

static void each_input(const char *target,
		       void (*fn)(const uint8_t *data, size_t len))
{
	char *dir = xasprintf("%s/../../fuzz/corpus/%s", golden_dir(), target);
	struct dirent *entry;
	unsigned int nr = 0;
	DIR *inputs = opendir(dir);

	assert_non_null(inputs);
	while ((entry = readdir(inputs))) {
		char *path, *data;
		size_t len;

		if (entry->d_name[0] == '.')
			continue;
		path = xasprintf("%s/%s", dir, entry->d_name);
		data = read_text(path, &len);
		assert_non_null(data);
		fn((const uint8_t *)data, len);
		free(data);
		free(path);
		nr++;
	}
	closedir(inputs);
	assert_true(nr > 0);
	free(dir);
}

#define TEST(name) \
	static void inputs_of_##name(void **state) \
	{ \
		(void)state; \
		each_input(#name, fuzz_##name); \
	}
FUZZ_TARGETS(TEST)

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ROW(name)	cmocka_unit_test(inputs_of_##name),
		FUZZ_TARGETS(ROW)
#undef ROW
	};

	return cmocka_run_group_tests_name("fuzz", tests, NULL, NULL);
}
