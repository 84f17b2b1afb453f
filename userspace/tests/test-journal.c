// SPDX-License-Identifier: GPL-2.0
/* The text of the journal, and values that mean the same. */

#include <errno.h>
#include <stdio.h>

#include "test.h"

#include "tune/journal.h"

static char *all_kinds(void)
{
	char *path = xasprintf("%s/../../fuzz/corpus/journal/all-kinds",
			       golden_dir());
	char *text = read_text(path, NULL);

	assert_non_null(text);
	free(path);
	return text;
}

static void read_and_written_it_is_the_same(void **state)
{
	struct problem problem = { "" };
	char *text = all_kinds(), *again;
	const struct change *change;
	struct journal journal;

	(void)state;
	assert_int_equal(journal_parse(&journal, "j", text, &problem), 0);
	assert_int_equal(journal.owner, 12);
	assert_int_equal(journal.owner_start, 3456);
	assert_int_equal(journal.changes.nr, 4);
	change = &journal.changes.change[0];
	assert_int_equal(change->kind, CHANGE_FILE);
	assert_string_equal(change->found, "madvise");
	assert_string_equal(journal.changes.change[1].name, "two words");
	change = &journal.changes.change[2];
	assert_int_equal(change->nr, 2);
	assert_string_equal(change_target(change)->name, "kvm");
	assert_string_equal(change->module[0].name, "kvm_intel");
	assert_false(change_target(&journal.changes.change[3])->loaded);
	again = journal_format(&journal);
	assert_string_equal(again, text);
	free(again);
	free(text);
	journal_free(&journal);
}

/* Every byte counts: whichever is changed, its line is named. */
static void every_byte_is_looked_at(void **state)
{
	char *text = all_kinds(), *at;
	unsigned int line = 1;

	(void)state;
	for (at = text; *at; at++) {
		struct problem problem = { "" };
		struct journal journal;
		const char was = *at;
		char *start;

		*at = was == '5' ? '6' : '5';
		assert_int_equal(journal_parse(&journal, "j", text, &problem),
				 -EINVAL);
		journal_free(&journal);
		start = xasprintf("j:%u: ", line);
		if (strncmp(problem.text, start, strlen(start)))
			fail_msg("line %u: %s", line, problem.text);
		free(start);
		*at = was;
		line += was == '\n';
	}
	free(text);
}

/* However little of it there is: one that was cut off is none. */
static void one_that_is_cut_off(void **state)
{
	char *text = all_kinds();
	size_t len = strlen(text);

	(void)state;
	while (--len) {
		struct problem problem = { "" };
		struct journal journal;

		/* the last newline is no loss */
		if (text[len] == '\n' && !text[len + 1]) {
			text[len] = 0;
			continue;
		}
		text[len] = 0;
		assert_int_equal(journal_parse(&journal, "j", text, &problem),
				 -EINVAL);
		journal_free(&journal);
	}
	free(text);
}

static void lines_that_cannot_be(void **state)
{
	static const struct {
		const char *line, *what;
	} bad[] = {
		{ "", "is empty" },
		{ "some", "not a line of a journal" },
		{ "rtlat-restore/1 boot=a", "not a line of a journal" },
		{ "file path=/etc/passwd found=a set=b", "only files below" },
		{ "file path=/sys/a found=%0 set=b", "found= is missing or damaged" },
		{ "file path=/sys/a found=%0ab set=b", "found= is missing or damaged" },
		{ "file path=/sys/a found=a", "set= is missing or damaged" },
		{ "affinity pid=0 start=1 name=a found=0 set=1", "pid=0" },
		{ "affinity pid=4294967297 start=1 name=a found=0 set=1", "a number" },
		{ "affinity pid=1 start=x name=a found=0 set=1", "a number" },
		{ "affinity pid=1 start=1 name=a found=x set=1", "not a list of CPUs" },
		{ "module name=ext4 loaded=1", "not one of kvm" },
		{ "module name=kvm loaded=2", "a number" },
		{ "module name=kvm loaded=1 was.a=1 was.a=2", "there twice" },
		{ "module name=kvm loaded=1 is.a=1", "not a key of a module" },
		{ "module name=kvm loaded=1 was.a/b=1", "not a name of a parameter" },
		{ "module name=kvm loaded=1 word", "no key=value" },
		{ "end changes=1", "changes are missing" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		char *head = journal_sealed("rtlat-restore/1 boot=a");
		char *line = journal_sealed(bad[i].line);
		char *text = xasprintf("%s%s", head, line);
		struct problem problem = { "" };
		struct journal journal;

		assert_int_equal(journal_parse(&journal, "j", text, &problem),
				 -EINVAL);
		if (strncmp(problem.text, "j:2: ", 5) ||
		    !strstr(problem.text, bad[i].what))
			fail_msg("%s: %s", bad[i].line, problem.text);
		journal_free(&journal);
		free(text);
		free(line);
		free(head);
	}
}

static void modules_of_one_change_stay_together(void **state)
{
	char *one = journal_sealed("rtlat-restore/1 boot=a");
	char *two = journal_sealed("with name=kvm_amd loaded=1");
	char *end = journal_sealed("end changes=1");
	char *text = xasprintf("%s%s%s", one, two, end);
	struct problem problem = { "" };
	struct journal journal;

	(void)state;
	assert_int_equal(journal_parse(&journal, "j", text, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "j:3: comes between the modules"));
	journal_free(&journal);
	free(text);
	free(end);
	free(two);
	free(one);
}

static void values(void **state)
{
	static const char *const same[][2] = {
		{ "Y", "1" }, { "0", "N" }, { "a b", "a b" }, { "0,1", "0-1" },
		{ "-1", "-1" },
	};
	static const char *const others[][2] = {
		{ "Y", "0" }, { "a", "b" }, { "0-1", "0-2" }, { "-1", "1" },
		{ "", "0" }, { "2", "Y" },
	};
	static const char *const chosen[][2] = {
		{ "always [madvise] never", "madvise" }, { "[a] b", "a" },
		{ "a", "a" }, { "", "" }, { "a [b c]", "a [b c]" },
		{ "[a] [b]", "[a] [b]" }, { "x[a]", "x[a]" }, { "[]", "[]" },
		{ "[a]x", "[a]x" }, { "]a[", "]a[" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(same); i++)
		assert_true(values_equal(same[i][0], same[i][1]));
	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(values_equal(others[i][0], others[i][1]));
	for (i = 0; i < ARRAY_SIZE(chosen); i++) {
		char *is = value_chosen(chosen[i][0]);

		assert_string_equal(is, chosen[i][1]);
		free(is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_and_written_it_is_the_same),
		cmocka_unit_test(every_byte_is_looked_at),
		cmocka_unit_test(one_that_is_cut_off),
		cmocka_unit_test(lines_that_cannot_be),
		cmocka_unit_test(modules_of_one_change_stay_together),
		cmocka_unit_test(values),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
