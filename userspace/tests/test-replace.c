// SPDX-License-Identifier: GPL-2.0
/* Files that are replaced: what is there decides whether, where, and their mode. */

#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/replace.h"

#define SAVE	"taskset distribution=light-uniform tasks_per_cpu=2 cpus=1 seed=1 --save "

static int folder = -1;

static int enter(void **state)
{
	*state = temp_dir();
	folder = open(".", O_RDONLY | O_DIRECTORY);
	return folder < 0 || chdir(*state);
}

static int leave(void **state)
{
	int ret = fchdir(folder);

	close(folder);
	remove_tree(*state);
	free(*state);
	return ret;
}

static mode_t mode_of(const char *path)
{
	struct stat info;

	return lstat(path, &info) ? 0 : info.st_mode;
}

static void holds(const char *path, const char *wanted)
{
	char *text = read_text(path, NULL);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static unsigned int names_here(void)
{
	struct output output;
	unsigned int nr;

	run_rtlat(&output, "--version >/dev/null; ls -A");
	nr = count_lines(output.text);
	free(output.text);
	return nr;
}

/* One line with the name and the reason, and what was there still is. */
static void refused(const char *path, const char *why)
{
	char *says = xasprintf("rtlat: cannot write %s: %s; it is left as it was\n", path, why);
	const mode_t before = mode_of(path);
	const unsigned int names = names_here();
	struct output output;

	run_rtlat(&output, SAVE "%s", path);
	assert_string_equal(output.text, says);
	assert_int_equal(output.status, 1);
	assert_int_equal(mode_of(path), before);
	assert_int_equal(names_here(), names);
	free(output.text);
	free(says);
}

static void only_files_are_replaced(void **state)
{
	static const char what[] = "not a file, but a device, pipe or socket";

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	refused("fifo", what);
	assert_int_equal(symlink("fifo", "to-fifo"), 0);
	refused("to-fifo", what);
	assert_int_equal(mkdir("sub", 0755), 0);
	refused("sub", "a folder");
	assert_int_equal(symlink("none", "to-nothing"), 0);
	refused("to-nothing", "a link to nothing");
	assert_int_equal(symlink("loop", "loop"), 0);
	refused("loop", "Too many levels of symbolic links");
	refused("no/file", "No such file or directory");
	/* of the numbers of /dev/null; only root can make one */
	if (!mknod("null", S_IFCHR | 0600, makedev(1, 3)))
		refused("null", what);
}

static void a_link_is_followed(void **state)
{
	(void)state;
	write_file(".", "sub/set", "old", 3);
	assert_int_equal(symlink("sub/set", "link"), 0);
	assert_int_equal(symlink("link", "far"), 0);
	assert_int_equal(replace_file("far", "new", 3), 0);
	holds("sub/set", "new");
	assert_true(S_ISLNK(mode_of("far")) && S_ISLNK(mode_of("link")));
	assert_true(S_ISREG(mode_of("sub/set")));
	assert_int_equal(names_here(), 3);
}

static void the_mode_is_kept(void **state)
{
	static const mode_t modes[] = { 0600, 0644, 0664, 0400, 0, 0755 };
	struct stat info;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		write_file(".", "set", "old", 3);
		assert_int_equal(chmod("set", modes[i]), 0);
		assert_int_equal(replace_file("set", "new", 3), 0);
		assert_int_equal(mode_of("set"), S_IFREG | modes[i]);
		assert_int_equal(chmod("set", 0600), 0);
		holds("set", "new");
	}
	/* whose it is, too; only root can give files away */
	if (!chown("set", 1, 2)) {
		assert_int_equal(replace_file("set", "new", 3), 0);
		assert_int_equal(stat("set", &info), 0);
		assert_int_equal(info.st_uid, 1);
		assert_int_equal(info.st_gid, 2);
	}
	assert_int_equal(unlink("set"), 0);
	umask(022);
	assert_int_equal(replace_file("set", "new", 3), 0);
	assert_int_equal(mode_of("set"), S_IFREG | 0644);
}

static void until_it_is_committed_the_old_one_is_there(void **state)
{
	struct new_file file;

	(void)state;
	write_file(".", "set", "old", 3);
	assert_int_equal(new_file_write(&file, "set", "new", 3), 0);
	holds("set", "old");
	new_file_close(&file);
	holds("set", "old");
	assert_int_equal(names_here(), 1);
	assert_int_equal(new_file_write(&file, "set", "new", 3), 0);
	assert_int_equal(new_file_commit(&file), 0);
	new_file_close(&file);
	holds("set", "new");
	assert_int_equal(names_here(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_files_are_replaced, enter, leave),
		cmocka_unit_test_setup_teardown(a_link_is_followed, enter, leave),
		cmocka_unit_test_setup_teardown(the_mode_is_kept, enter, leave),
		cmocka_unit_test_setup_teardown(until_it_is_committed_the_old_one_is_there,
						enter, leave),
	};

	return cmocka_run_group_tests_name("replace", tests, NULL, NULL);
}
