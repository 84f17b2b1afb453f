// SPDX-License-Identifier: GPL-2.0
/* A machine that is a folder, for the tests of tune and restore. */

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "made-sysroot.h"

#include "tune/reload.h"
#include "tune/sysroot.h"

char *made_root;
static char *tools;

/**
 * made_put - write a file of the machine
 * @path: the file, as the machine has it
 * @text: its text
 */
void made_put(const char *path, const char *text)
{
	write_file(made_root, path, text, strlen(text));
}

static void put_read_only(const char *path, const char *text)
{
	char *full = xasprintf("%s%s", made_root, path);

	made_put(path, text);
	assert_int_equal(chmod(full, 0444), 0);
	free(full);
}

/**
 * made_want - fail unless a file has this value
 * @path: the file
 * @text: the value
 */
void made_want(const char *path, const char *text)
{
	char *full = xasprintf("%s%s", made_root, path), *is = read_word(full);

	if (!is || strcmp(is, text))
		fail_msg("%s is %s, not %s", path, is ? is : "absent", text);
	free(is);
	free(full);
}

/**
 * made_has - is there such a file?
 * @path: the file
 *
 * Return: true when there is.
 */
bool made_has(const char *path)
{
	char *full = xasprintf("%s%s", made_root, path);
	bool is = !access(full, F_OK);

	free(full);
	return is;
}

static void link_tool(const char *name)
{
	char *script = xasprintf("%s/../fake-kmod.sh", golden_dir());
	char *link = xasprintf("%s/%s", tools, name), *real;

	real = realpath(script, NULL);
	assert_non_null(real);
	assert_int_equal(symlink(real, link), 0);
	free(real);
	free(link);
	free(script);
}

/* Two modules with their defaults, kvm_intel loaded with nested=N by hand. */
static void make_modules(void)
{
	struct sysroot machine = { .root = made_root, .say = stdout, .lock = -1 };
	struct changes changes = { .nr = 0 };
	struct problem problem = { "" };
	size_t i;

	made_put("/default/kvm/halt_poll_ns", "200000\n");
	put_read_only("/default/kvm/lapic_timer_advance", "Y\n");
	put_read_only("/default/kvm_intel/enable_apicv", "Y\n");
	put_read_only("/default/kvm_intel/enable_ipiv", "Y\n");
	put_read_only("/default/kvm_intel/nested", "Y\n");
	change_parse(&changes, "module:kvm", &problem);
	change_parse(&changes, "module:kvm_intel nested=N", &problem);
	for (i = 0; i < changes.nr; i++) {
		char **words = reload_words(change_target(&changes.change[i]),
					    RELOAD_SET);
		char *why;

		assert_int_equal(sysroot_run(&machine, words, &why), 0);
		reload_free_words(words);
	}
	changes_free(&changes);
	made_put("/log", "");
}

/**
 * made_setup - make the machine
 * @state: cmocka's
 *
 * Return: 0.
 */
int made_setup(void **state)
{
	char *path;

	(void)state;
	made_root = temp_dir();
	tools = temp_dir();
	link_tool("modprobe");
	link_tool("rmmod");
	path = xasprintf("%s:/usr/bin:/bin", tools);
	setenv("PATH", path, 1);
	setenv("FAKE_ROOT", made_root, 1);
	free(path);
	made_put("/proc/sys/kernel/random/boot_id", "11-22\n");
	made_put("/plan/none", "");
	made_put(GOVERNOR, "schedutil\n");
	made_put(THROTTLING, "950000\n");
	made_put(HUGE_PAGES, "always [madvise] never\n");
	put_read_only("/sys/kernel/read_only", "1\n");
	make_modules();
	return 0;
}

/**
 * made_teardown - remove the machine
 * @state: cmocka's
 *
 * Return: 0.
 */
int made_teardown(void **state)
{
	(void)state;
	remove_tree(made_root);
	remove_tree(tools);
	free(made_root);
	free(tools);
	return 0;
}

static void run(const char *words, struct output *output)
{
	size_t len = strcspn(words, " ");

	run_rtlat(output, "%.*s --root %s%s", (int)len, words, made_root,
		  words + len);
}

/**
 * made_run - run the command on the machine, fail unless it ends and says so
 * @words: sub-command and arguments
 * @status: exit status
 * @lines: all that it says
 */
void made_run(const char *words, int status, const char *lines)
{
	struct output output;

	run(words, &output);
	if (output.status != status || strcmp(output.text, lines))
		fail_msg("rtlat %s: status %d, not %d:\n%snot:\n%s", words,
			 output.status, status, output.text, lines);
	free(output.text);
}

/**
 * made_says - the same, of some of what it says
 * @words: sub-command and arguments
 * @status: exit status
 * @part: what it says among other things
 */
void made_says(const char *words, int status, const char *part)
{
	struct output output;

	run(words, &output);
	if (output.status != status || !strstr(output.text, part))
		fail_msg("rtlat %s: status %d, not %d:\n%swithout:\n%s", words,
			 output.status, status, output.text, part);
	free(output.text);
}
