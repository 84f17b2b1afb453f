// SPDX-License-Identifier: GPL-2.0
/* tune and restore: KVM's modules loaded again, commands, and being killed. */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "made-sysroot.h"

#include "tune/reload.h"

#define OFF	"tune --reload-kvm module:kvm_intel enable_apicv=0"
#define BOTH	"tune --reload-kvm file:" GOVERNOR "=performance module:kvm_intel enable_apicv=0"

static void intel_as_found(void)
{
	made_want(APICV, "Y");
	made_want(IPIV, "Y");
	made_want(NESTED, "N");
	assert_true(made_has("/sys/module/kvm/holders/kvm_intel"));
}

static void kill_at(const char *when)
{
	char *path = xasprintf("/plan/kill-%s", when);

	made_put(path, "");
	free(path);
}

static void a_module_is_loaded_again(void **state)
{
	(void)state;
	made_run(OFF, 0, "changed: kvm_intel: enable_apicv=0 (was Y)\n");
	made_want(APICV, "N");
	/* enable_ipiv follows, nested was given by hand */
	made_want(IPIV, "N");
	made_want(NESTED, "N");
	made_want("/log",
		  "rmmod kvm_intel\nmodprobe kvm_intel enable_apicv=0\n"
		  "rmmod kvm_intel\nmodprobe kvm_intel enable_apicv=Y\n"
		  "rmmod kvm_intel\nmodprobe kvm_intel enable_apicv=0 nested=N");
	made_run("restore", 0, "put back: kvm_intel: enable_apicv=Y\n");
	intel_as_found();
	assert_false(made_has(JOURNAL));
}

static void a_parameter_that_can_be_written_is_written(void **state)
{
	(void)state;
	made_run("tune module:kvm halt_poll_ns=0", 0,
		 "changed: " POLL ": 0, was 200000\n");
	made_want("/log", "");
	made_run("restore", 0, "put back: " POLL ": 200000, was 0\n");
}

static void what_holds_a_module_is_loaded_again_with_it(void **state)
{
	(void)state;
	made_put(POLL, "5\n");
	made_run("tune --reload-kvm module:kvm lapic_timer_advance=0", 0,
		 "changed: kvm: lapic_timer_advance=0 (was Y)\n");
	made_want(ADVANCE, "N");
	made_want(POLL, "5");
	intel_as_found();
	made_run("restore", 0, "put back: kvm: lapic_timer_advance=Y\n");
	made_want(ADVANCE, "Y");
	made_want(POLL, "5");
	intel_as_found();
}

static void what_was_not_loaded_is_unloaded(void **state)
{
	char *modules = xasprintf("%s/sys/module", made_root);

	(void)state;
	remove_tree(modules);
	made_run(OFF, 0,
		 "changed: kvm_intel: enable_apicv=0 (was not loaded)\n");
	made_want(APICV, "N");
	made_run("restore", 0, "put back: kvm_intel: not loaded\n");
	assert_false(made_has("/sys/module/kvm_intel"));
	assert_false(made_has("/sys/module/kvm"));
	/* nothing is loaded again, and so nobody asked */
	made_run("tune module:kvm_intel enable_apicv=0", 0,
		 "changed: kvm_intel: enable_apicv=0 (was not loaded)\n");
	made_run("restore", 0, "put back: kvm_intel: not loaded\n");
	assert_false(made_has("/sys/module/kvm"));
	/* a file that comes with the module */
	made_says(OFF " file:" POLL "=0", 0, "changed: " POLL ": 0, was 200000\n");
	made_says("restore", 0, "put back: kvm_intel: not loaded\n");
	assert_false(made_has("/sys/module/kvm"));
	/* a parameter that there is not */
	made_run("tune --reload-kvm module:kvm_intel evmcs=1", 77,
		 "put back: kvm_intel: not loaded\n"
		 "kvm_intel: has no parameter evmcs\n");
	assert_false(made_has("/sys/module/kvm"));
	free(modules);
}

static void not_without_leave(void **state)
{
	(void)state;
	made_run("tune module:kvm_intel enable_apicv=0", 77,
		 "kvm_intel: is not loaded again with other parameters without --reload-kvm\n");
	intel_as_found();
	made_want("/log", "");
}

static void not_while_somebody_uses_kvm(void **state)
{
	char *fds = xasprintf("%s/proc/42/fd", made_root);
	char *fd = xasprintf("%s/7", fds), *vms;

	(void)state;
	made_put("/sys/module/kvm_intel/refcnt", "1\n");
	made_run(OFF, 77,
		 "kvm_intel: KVM is in use by somebody who is not to be seen (reference count 1)\n");
	made_put("/proc/42/stat", "42 (qemu x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0\n");
	assert_int_equal(mkdir(fds, 0755), 0);
	assert_int_equal(symlink("anon_inode:kvm-vcpu:0", fd), 0);
	made_run(OFF, 77, "kvm_intel: KVM is in use by qemu x (pid 42)\n");
	unlink(fd);
	assert_int_equal(symlink("/dev/kvm", fd), 0);
	made_run(OFF, 77, "kvm_intel: KVM is in use by qemu x (pid 42)\n");
	unlink(fd);
	vms = xasprintf("%s/sys/kernel/debug/kvm/", made_root);
	make_parents(vms);
	free(vms);
	vms = xasprintf("%s/sys/kernel/debug/kvm/42-9", made_root);
	assert_int_equal(mkdir(vms, 0755), 0);
	made_run(OFF, 77, "kvm_intel: KVM is in use by qemu x (pid 42)\n");
	rmdir(vms);
	intel_as_found();
	made_want("/log", "");
	/* nor while it is put back */
	made_put("/sys/module/kvm_intel/refcnt", "0\n");
	made_says(OFF, 0, "changed: ");
	made_put("/sys/module/kvm_intel/refcnt", "2\n");
	made_says("restore", 1,
		  "not put back: kvm_intel: KVM is in use by somebody who is not to be seen (reference count 2)\n");
	made_want(APICV, "N");
	made_put("/sys/module/kvm_intel/refcnt", "0\n");
	made_run("restore", 0, "put back: kvm_intel: enable_apicv=Y\n");
	free(vms);
	free(fd);
	free(fds);
}

static void reasons_not_to_begin(void **state)
{
	char *file = xasprintf("%s/sys/module/kvm_intel/initstate", made_root);

	(void)state;
	made_run("tune --reload-kvm module:kvm_intel enable_apivc=0", 77,
		 "kvm_intel: has no parameter enable_apivc that is to be seen in /sys/module/kvm_intel/parameters\n");
	made_put("/proc/sys/kernel/modules_disabled", "1\n");
	made_run(OFF, 77,
		 "kvm_intel: loading of modules is disabled (kernel.modules_disabled=1)\n");
	made_put("/proc/sys/kernel/modules_disabled", "0\n");
	made_put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	made_put("/sys/module/kvm_intel/taint", "OE\n");
	made_run(OFF, 77,
		 "kvm_intel: not signed, and this kernel (lockdown=integrity) would not load it again\n");
	made_put("/sys/module/kvm_intel/taint", "\n");
	made_put("/sys/module/kvm_intel/holders/other", "");
	made_run(OFF, 77,
		 "kvm_intel: held by the module other, which rtlat does not load again\n");
	unlink(file);
	made_run(OFF, 77,
		 "kvm_intel: built into the kernel (its parameters are set on the kernel's command line: kvm_intel.NAME=VALUE)\n");
	made_want("/log", "");
	assert_false(made_has(JOURNAL));
	intel_as_found();
	free(file);
}

static void one_that_does_not_unload(void **state)
{
	(void)state;
	made_put("/plan/kvm_intel-unloaded", "");
	made_run(OFF, 77,
		 "as found: kvm_intel: enable_apicv=Y\n"
		 "kvm_intel does not go: rmmod: ERROR: Module kvm_intel is in use\n");
	intel_as_found();
	assert_false(made_has(JOURNAL));
}

static void one_that_does_not_load(void **state)
{
	char *plan = xasprintf("%s/plan/kvm_intel-loaded-with", made_root);

	(void)state;
	made_put("/plan/kvm_intel-loaded-with", "");
	made_says(BOTH, 77,
		  "not put back: kvm_intel: kvm_intel does not load: modprobe: ERROR: could not insert 'kvm_intel': Invalid argument; loaded without parameters\n"
		  "put back: " GOVERNOR ": schedutil, was performance\n");
	made_want(GOVERNOR, "schedutil");
	made_want(NESTED, "Y");
	assert_true(made_has(JOURNAL));
	unlink(plan);
	made_run("restore", 0, "put back: kvm_intel: enable_apicv=Y\n");
	intel_as_found();
	free(plan);
}

static void one_that_takes_no_notice(void **state)
{
	(void)state;
	/* as with a CPU that cannot: the module makes N of it */
	made_says("tune --reload-kvm module:kvm_intel enable_apicv=0 enable_ipiv=1",
		  77,
		  "put back: kvm_intel: enable_apicv=Y enable_ipiv=Y\n"
		  "kvm_intel: enable_ipiv=N after loading it with enable_ipiv=1\n");
	intel_as_found();
}

/* At every place where a program runs: rtlat is killed, then restores. */
static void killed_while_it_loads(void **state)
{
	static const char *const places[] = {
		"before-rmmod", "after-rmmod", "before-modprobe",
		"after-modprobe",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		kill_at(places[i]);
		made_says(BOTH, 137, "");
		assert_true(made_has(JOURNAL));
		made_want(GOVERNOR, "performance");
		/*
		 * And once more while it puts back; but a program that has not
		 * begun when rtlat is killed would take this as its own.
		 */
		if (i % 2) {
			kill_at("after-modprobe");
			made_says("restore", 137, "");
		}
		made_says("restore", 0,
			  "put back: " GOVERNOR ": schedutil, was performance\n");
		made_want(GOVERNOR, "schedutil");
		intel_as_found();
		assert_false(made_has(JOURNAL));
	}
}

static void a_command_has_it_while_it_runs(void **state)
{
	char *words = xasprintf(OFF " -- sh -c 'cat %s%s; exit 7'", made_root,
				APICV);

	(void)state;
	made_run(words, 7,
		 "changed: kvm_intel: enable_apicv=0 (was Y)\n"
		 "N\nput back: kvm_intel: enable_apicv=Y\n");
	intel_as_found();
	made_says("tune file:" GOVERNOR "=performance -- /none/such", 127,
		  "rtlat: /none/such: No such file or directory\nput back: ");
	made_want(GOVERNOR, "schedutil");
	free(words);
}

/* rtlat with a command that waits for the signal, and says that it came. */
static pid_t start_waiting(const char *say)
{
	char *ready = xasprintf("%s/ready", made_root);
	pid_t pid = fork();

	if (!pid) {
		int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
		char *script;

		dup2(nowhere, STDERR_FILENO);
		script = xasprintf("trap 'echo got >>%s/%s; exit 3' INT TERM HUP; echo >%s; "
				   "while :; do sleep 0.02; done",
				   made_root, say, ready);
		execl(getenv("RTLAT"), "rtlat", "tune", "--root", made_root,
		      "file:" GOVERNOR "=performance", "--", "sh", "-c", script,
		      NULL);
		_exit(99);
	}
	while (access(ready, F_OK))
		usleep(10000);
	unlink(ready);
	free(ready);
	return pid;
}

static void signals_are_passed_on(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	size_t i;
	int status;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		pid_t pid = start_waiting("said");

		made_want(GOVERNOR, "performance");
		assert_int_equal(kill(pid, signals[i]), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 3);
		made_want(GOVERNOR, "schedutil");
		assert_false(made_has(JOURNAL));
	}
	made_want("/said", "got\ngot\ngot");
}

static void two_do_not_interleave(void **state)
{
	pid_t pid = start_waiting("said");
	char *said = xasprintf("%s/said", made_root);
	int status;

	(void)state;
	made_says("tune file:" THROTTLING "=-1", 1, "is at work with it\n");
	made_says("tune --restore-first file:" THROTTLING "=-1", 1,
		  "is at work with it\n");
	made_says("restore", 1, "is at work with it\n");
	made_want(GOVERNOR, "performance");
	made_want(THROTTLING, "950000");
	/* killed, it takes its command along; the next one puts back */
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	while (access(said, F_OK))
		usleep(10000);
	made_says("restore", 0,
		  "put back: " GOVERNOR ": schedutil, was performance\n");
	free(said);
}

/* What the planning passes to modprobe, and in which order it unloads. */
static void plans(void **state)
{
	struct changes changes = { .nr = 0 };
	struct problem problem = { "" };
	struct change_param *param;
	struct change *change;
	char **words;

	(void)state;
	assert_int_equal(change_parse(&changes, "module:kvm x=1", &problem), 0);
	assert_int_equal(change_parse(&changes, "y=0", &problem), 0);
	change = &changes.change[0];
	reload_add_with(change, "kvm_amd");
	assert_string_equal(change_target(change)->name, "kvm");
	assert_string_equal(reload_nth(change, 0)->name, "kvm_amd");
	assert_string_equal(reload_nth(change, 1)->name, "kvm");
	change_target(change)->param[0].found = xstrdup("N");
	assert_false(reload_is_set(change_target(change)));
	param = change_add_param(change_target(change), "a");
	param->found = xstrdup("two words");
	param->differs = true;
	param = change_add_param(change_target(change), "b");
	param->found = xstrdup("7");
	words = reload_words(change_target(change), RELOAD_SET);
	assert_string_equal(words[2], "x=1");
	assert_string_equal(words[3], "y=0");
	assert_null(words[4]);
	reload_free_words(words);
	change_param_of(change_target(change), "b")->differs = true;
	words = reload_words(change_target(change), RELOAD_FOUND);
	assert_string_equal(words[0], "modprobe");
	assert_string_equal(words[1], "kvm");
	assert_string_equal(words[2], "b=7");
	assert_string_equal(words[3], "x=N");
	assert_null(words[4]);
	reload_free_words(words);
	words = reload_words(change_target(change), RELOAD_PLAIN);
	assert_null(words[2]);
	reload_free_words(words);
	reload_forget(change);
	assert_int_equal(change->nr, 1);
	assert_int_equal(change_target(change)->nr, 2);
	changes_free(&changes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, made_setup, made_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_module_is_loaded_again),
		TEST(a_parameter_that_can_be_written_is_written),
		TEST(what_holds_a_module_is_loaded_again_with_it),
		TEST(what_was_not_loaded_is_unloaded),
		TEST(not_without_leave),
		TEST(not_while_somebody_uses_kvm),
		TEST(reasons_not_to_begin),
		TEST(one_that_does_not_unload),
		TEST(one_that_does_not_load),
		TEST(one_that_takes_no_notice),
		TEST(killed_while_it_loads),
		TEST(a_command_has_it_while_it_runs),
		TEST(signals_are_passed_on),
		TEST(two_do_not_interleave),
		cmocka_unit_test(plans),
	};
#undef TEST

	return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
