// SPDX-License-Identifier: GPL-2.0
/* tune and restore: files, processes, the journal. */

#include <sys/stat.h>
#include <unistd.h>

#include "made-sysroot.h"

#include "tune/sysroot.h"

static void files_are_changed_and_put_back(void **state)
{
	(void)state;
	made_run("tune file:" GOVERNOR "=performance file:" THROTTLING "=-1", 0,
		 "changed: " GOVERNOR ": performance, was schedutil\n"
		 "changed: " THROTTLING ": -1, was 950000\n");
	made_want(GOVERNOR, "performance");
	made_want(THROTTLING, "-1");
	assert_true(made_has(JOURNAL));
	made_run("restore", 0,
		 "put back: " THROTTLING ": 950000, was -1\n"
		 "put back: " GOVERNOR ": schedutil, was performance\n");
	made_want(GOVERNOR, "schedutil");
	made_want(THROTTLING, "950000");
	assert_false(made_has(JOURNAL));
	assert_false(made_has(JOURNAL ".new"));
	made_says("restore", 0, "nothing to put back\n");
}

static void the_word_in_brackets_is_the_value(void **state)
{
	(void)state;
	made_run("tune file:" HUGE_PAGES "=never", 0,
		 "changed: " HUGE_PAGES ": never, was madvise\n");
	made_run("restore", 0, "put back: " HUGE_PAGES ": madvise, was never\n");
	made_want(HUGE_PAGES, "madvise");
}

static void what_is_so_already_is_no_change(void **state)
{
	(void)state;
	made_run("tune file:" GOVERNOR "=schedutil module:kvm_intel enable_apicv=1", 0,
		 "is so already: " GOVERNOR ": schedutil\n"
		 "is so already: kvm_intel: enable_apicv=1\n");
	assert_false(made_has(JOURNAL));
	made_want("/log", "");
}

static void all_or_nothing(void **state)
{
	(void)state;
	made_run("tune file:" GOVERNOR "=performance file:/sys/kernel/none=1", 77,
		 "/sys/kernel/none: this machine has no such file\n");
	made_run("tune file:" GOVERNOR "=performance file:/sys/kernel/read_only=2",
		 77, "/sys/kernel/read_only: read-only in this kernel\n");
	made_want(GOVERNOR, "schedutil");
	assert_false(made_has(JOURNAL));
}

static void bad_changes(void **state)
{
	static const struct {
		const char *words, *line;
	} bad[] = {
		{ "tune",
		  "no change given" },
		{ "tune file:/etc/passwd=1",
		  "/etc/passwd: only files below /sys and /proc are changed" },
		{ "tune file:/sys/../etc/passwd=1",
		  "/sys/../etc/passwd: not a path of a file" },
		{ "tune file:/proc/1/root/x=1",
		  "/proc/1/root/x: files of processes are not changed" },
		{ "tune file:/proc/self/x=1",
		  "/proc/self/x: files of processes are not changed" },
		{ "tune file:" GOVERNOR,
		  "file:" GOVERNOR ": no =VALUE" },
		{ "tune file:" GOVERNOR "=a file:" GOVERNOR "=b",
		  "file:" GOVERNOR " is given twice" },
		{ "tune module:e1000e x=1",
		  "module e1000e: not one of kvm, kvm_intel, kvm_amd" },
		{ "tune module:kvm_intel",
		  "module:kvm_intel: no PARAMETER=VALUE" },
		{ "tune module:kvm_intel a=1 a=2",
		  "module:kvm_intel: a is given twice" },
		{ "tune module:kvm_intel a/b=1",
		  "a/b: not a name of a parameter" },
		{ "tune a=1",
		  "a=1: comes behind no module:NAME" },
		{ "tune word",
		  "word: not file:PATH=VALUE, module:NAME PARAMETER=VALUE or affinity:PID=CPUS" },
		{ "tune affinity:x=0",
		  "affinity:x: not the number of a process" },
		{ "tune affinity:1=x",
		  "x: not a list of CPUs like 0,2-3; range 0..8191" },
		{ "tune file:" GOVERNOR "=a --",
		  "no command behind --" },
		{ "restore x",
		  "x: rtlat restore takes options only" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		char *line = xasprintf("rtlat: %s\n", bad[i].line);

		made_run(bad[i].words, 1, line);
		free(line);
	}
	assert_false(made_has(JOURNAL));
	made_want(GOVERNOR, "schedutil");
}

static void a_former_journal_is_put_back_first(void **state)
{
	(void)state;
	made_says("tune file:" GOVERNOR "=performance", 0, "changed: ");
	made_says("tune file:" THROTTLING "=-1", 1,
		  JOURNAL ": what a run before has changed is not put back yet (1): ");
	made_want(THROTTLING, "950000");
	made_run("tune --restore-first file:" THROTTLING "=-1", 0,
		 "put back: " GOVERNOR ": schedutil, was performance\n"
		 "changed: " THROTTLING ": -1, was 950000\n");
}

static void only_its_owner_has_it_put_back_while_that_runs(void **state)
{
	(void)state;
	made_put("/proc/77/stat", "77 (cells.sh) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0\n");
	made_says("tune --owner 77 file:" GOVERNOR "=performance", 0, "changed: ");
	made_says("restore", 1,
		  "process 77 (cells.sh), for which it was made, still runs\n");
	made_want(GOVERNOR, "performance");
	made_put("/proc/77/stat", "77 (other) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 501 0\n");
	made_says("restore", 0, "put back: ");
	made_says("tune --owner 77 file:" GOVERNOR "=performance", 0, "changed: ");
	made_says("restore --owner 77", 0, "put back: ");
	made_says("tune --owner 78 file:" GOVERNOR "=performance", 1,
		  "--owner 78: no such process\n");
	made_want(GOVERNOR, "schedutil");
}

/* What was changed for the run stays while a command has more for its time. */
static void its_owner_adds_to_it(void **state)
{
	(void)state;
	made_put("/proc/77/stat", "77 (cells.sh) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0\n");
	made_says("tune --owner 77 file:" GOVERNOR "=performance", 0, "changed: ");
	made_run("tune --owner 77 file:" THROTTLING "=-1 -- true", 0,
		 "changed: " THROTTLING ": -1, was 950000\n"
		 "put back: " THROTTLING ": 950000, was -1\n");
	made_want(GOVERNOR, "performance");
	made_says("tune --owner 77 file:" THROTTLING "=-1 file:" HUGE_PAGES "=a",
		  0, "changed: ");
	made_says("tune --owner 77 file:/sys/none=1", 77, "no such file\n");
	made_want(THROTTLING, "-1");
	made_run("restore --owner 77", 0,
		 "put back: " HUGE_PAGES ": madvise, was a\n"
		 "put back: " THROTTLING ": 950000, was -1\n"
		 "put back: " GOVERNOR ": schedutil, was performance\n");
}

static void after_a_reboot_nothing_holds(void **state)
{
	(void)state;
	made_says("tune file:" GOVERNOR "=performance", 0, "changed: ");
	made_put("/proc/sys/kernel/random/boot_id", "33-44\n");
	made_says("restore", 0, "gone with the boot: " GOVERNOR "\n");
	assert_false(made_has(JOURNAL));
	made_want(GOVERNOR, "performance");
}

static void somebody_else_changed_it_meanwhile(void **state)
{
	(void)state;
	made_says("tune file:" HUGE_PAGES "=never", 0, "changed: ");
	made_put(HUGE_PAGES, "[always] madvise never\n");
	made_run("restore", 0,
		 "put back: " HUGE_PAGES ": madvise; somebody else had made it always\n");
	made_says("tune file:" GOVERNOR "=performance", 0, "changed: ");
	made_put(GOVERNOR, "powersave\n");
	made_run("restore", 0,
		 "put back: " GOVERNOR ": schedutil; somebody else had made it powersave\n");
	made_want(GOVERNOR, "schedutil");
}

/* In the journal and not made, or put back and still in the journal. */
static void what_was_not_made_is_as_found(void **state)
{
	(void)state;
	made_says("tune file:" GOVERNOR "=performance file:" THROTTLING "=-1",
		  0, "changed: ");
	made_put(THROTTLING, "950000\n");
	made_run("restore", 0,
		 "as found: " THROTTLING ": 950000\n"
		 "put back: " GOVERNOR ": schedutil, was performance\n");
}

static void what_cannot_be_put_back_is_kept(void **state)
{
	char *full = xasprintf("%s" GOVERNOR, made_root);

	(void)state;
	made_says("tune file:" GOVERNOR "=performance file:" THROTTLING "=-1",
		  0, "changed: ");
	assert_int_equal(unlink(full), 0);
	made_says("restore", 1,
		  "rtlat: not put back: " GOVERNOR ": this machine has no such file\n");
	made_want(THROTTLING, "950000");
	assert_true(made_has(JOURNAL));
	made_put(GOVERNOR, "performance\n");
	made_run("restore", 0, "put back: " GOVERNOR ": schedutil, was performance\n");
	assert_false(made_has(JOURNAL));
	free(full);
}

static void a_damaged_journal_is_kept(void **state)
{
	char *path = xasprintf("%s" JOURNAL, made_root), *text, *at, *before;
	size_t len;

	(void)state;
	made_says("tune file:" GOVERNOR "=performance", 0, "changed: ");
	text = read_text(path, &len);
	at = strstr(text, "schedutil");
	*at = 'x';
	made_put(JOURNAL, text);
	before = xasprintf("rtlat: %s:2: does not fit its checksum; it is left as it is\n",
			   path);
	made_run("restore", 1, before);
	made_run("tune --restore-first file:" THROTTLING "=-1", 1, before);
	text[len - 1] = 0;
	made_want(JOURNAL, text);
	made_want(GOVERNOR, "performance");
	made_want(THROTTLING, "950000");
	free(before);
	free(text);
	free(path);
}

static void without_a_journal_nothing_is_changed(void **state)
{
	char *beside = xasprintf("%s" JOURNAL ".new", made_root);
	struct output output;
	char *words;

	(void)state;
	words = xasprintf("--version >/dev/null; trap '' XFSZ; ulimit -f 0; "
			  "exec \"$RTLAT\" tune --root %s file:" GOVERNOR "=performance",
			  made_root);
	run_rtlat(&output, "%s", words);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "cannot write"));
	assert_non_null(strstr(output.text, "File too large"));
	assert_non_null(strstr(output.text, "nothing is changed without a journal\n"));
	made_want(GOVERNOR, "schedutil");
	assert_false(made_has(JOURNAL));
	free(output.text);
	free(words);
	/* when it is full later, what was changed is put back all the same */
	made_says("tune file:" GOVERNOR "=performance file:" THROTTLING "=-1",
		  0, "changed: ");
	assert_int_equal(mkdir(beside, 0755), 0);
	made_says("restore", 1, "cannot write");
	made_want(GOVERNOR, "schedutil");
	made_want(THROTTLING, "950000");
	assert_int_equal(rmdir(beside), 0);
	made_says("restore", 0, "");
	assert_false(made_has(JOURNAL));
	free(beside);
}

static void affinity_of_the_process_that_it_was(void **state)
{
	char *stat = xasprintf("/proc/%d/stat", (int)getpid()), *words, *line;
	char *cpus = affinity_read(getpid());

	(void)state;
	words = xasprintf("%d (me (x) y) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0\n",
			  (int)getpid());
	made_put(stat, words);
	free(words);
	words = xasprintf("tune affinity:%d=0", (int)getpid());
	line = xasprintf("CPUs of process %d (me (x) y): ", (int)getpid());
	if (values_equal(cpus, "0"))
		skip();
	made_says(words, 0, line);
	free(cpus);
	cpus = affinity_read(getpid());
	assert_string_equal(cpus, "0");
	/* another process with this number */
	free(line);
	line = xasprintf("%d (me) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 501 0\n",
			 (int)getpid());
	made_put(stat, line);
	made_says("restore", 0, "): it has ended\n");
	free(cpus);
	cpus = affinity_read(getpid());
	assert_string_equal(cpus, "0");
	assert_false(made_has(JOURNAL));
	free(line);
	free(cpus);
	free(words);
	free(stat);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, made_setup, made_teardown)
	const struct CMUnitTest tests[] = {
		TEST(files_are_changed_and_put_back),
		TEST(the_word_in_brackets_is_the_value),
		TEST(what_is_so_already_is_no_change),
		TEST(all_or_nothing),
		TEST(bad_changes),
		TEST(a_former_journal_is_put_back_first),
		TEST(only_its_owner_has_it_put_back_while_that_runs),
		TEST(its_owner_adds_to_it),
		TEST(after_a_reboot_nothing_holds),
		TEST(somebody_else_changed_it_meanwhile),
		TEST(what_was_not_made_is_as_found),
		TEST(what_cannot_be_put_back_is_kept),
		TEST(a_damaged_journal_is_kept),
		TEST(without_a_journal_nothing_is_changed),
		TEST(affinity_of_the_process_that_it_was),
	};
#undef TEST

	return cmocka_run_group_tests_name("restore", tests, NULL, NULL);
}
