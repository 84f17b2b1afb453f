// SPDX-License-Identifier: GPL-2.0
/* rtlat doctor, from trees of files to what it prints. */

#include <stdio.h>
#include <unistd.h>

#include "made-machine.h"

#define LAPTOP_FOUND	"smi governor turbo idle smt isolcpus nohz_full rcu_nocbs " \
	"irqaffinity irqbalance watchdog nmi_watchdog preempt rt_throttling " \
	"fair_server thp mitigations posting nested halt_poll vms huge_pages memlock"

static json_t *doctor_json(const char *root, const char *options, int status)
{
	struct output output;
	json_error_t error;
	json_t *all;

	run_rtlat(&output, "doctor --root %s --json %s", root, options);
	assert_int_equal(output.status, status);
	all = json_loads(output.text, 0, &error);
	if (!all)
		fail_msg("%s: %s", error.text, output.text);
	free(output.text);
	return all;
}

static void same_ids(const json_t *all, const char *state, const char *expected)
{
	char *ids = ids_of(json_object_get(all, "checks"), state);

	assert_string_equal(ids, expected);
	free(ids);
}

/*
 * A count does not grow in a file, and rights do not bind root: what comes of
 * these is seen in test-doctor.c.
 */
static void machines(void **state)
{
	static const struct {
		const char *name, *options, *cpus, *found, *unknown;
		int status;
	} known[] = {
		{ "intel-server", "--smi-seconds 1", "2-3", "", "", 0 },
		{ "intel-server", "--smi-seconds 0", "2-3", "", "smi", 0 },
		{ "intel-server", "--smi-seconds 0 --cpus 3", "3", "", "smi", 0 },
		{ "laptop", "--smi-seconds 0", "1-3", LAPTOP_FOUND + 4, "smi", 2 },
		{ "amd-server", "", "2-3", "", "smi", 0 },
		{ "vm", "", "2-3", "hypervisor tsc clocksource kvm",
		  "smi governor turbo posting nested halt_poll", 2 },
		{ "secure-boot", "--smi-seconds 0", "2-3",
		  "lockdown secure_boot", "smi fair_server", 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		char *root = make_root(known[i].name, "");
		json_t *all = doctor_json(root, known[i].options,
					  known[i].status);

		assert_string_equal(json_string_value(json_object_get(all, "cpus")),
				    known[i].cpus);
		same_ids(all, "found", known[i].found);
		same_ids(all, "unknown", known[i].unknown);
		json_decref(all);
		remove_tree(root);
		free(root);
	}
}

/* The same from memory, with what files cannot show. */
static void machines_in_memory(void **state)
{
	static const struct {
		const char *name, *found, *unknown;
	} known[] = {
		{ "laptop", LAPTOP_FOUND, "" },
		{ "secure-boot", "lockdown secure_boot", "fair_server" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		struct machine machine;
		json_t *all = json_object();

		make_machine(&machine, known[i].name, "");
		json_object_set_new(all, "checks", doctor_examine(&machine));
		same_ids(all, "found", known[i].found);
		same_ids(all, "unknown", known[i].unknown);
		json_decref(all);
		machine_free(&machine);
	}
}

/* Worst first, each with file, value and command; then the sum. */
static void text_names_file_value_and_command(void **state)
{
	static const char *const says[] = {
		"for measurements on CPUs 1-3\n",
		"spoils  governor: ",
		"        /sys/devices/system/cpu/cpu1/cpufreq/scaling_governor: powersave\n",
		"        mend: echo performance | tee /sys/devices/system/cpu/cpu{1..3}/cpufreq/scaling_governor\n",
		"widens  turbo: ",
		"/sys/devices/system/cpu/isolated: (empty)\n",
		"note    mitigations: ",
		"        mend: no command mends it\n",
		"unknown smi: not counted\n",
		"fine:   hypervisor tsc clocksource ksm ",
		"\n4 spoil, 14 widen, 4 to note, 1 unknown, 10 fine\n",
	};
	char *root = make_root("laptop", "");
	struct output output;
	const char *at;
	size_t i;

	(void)state;
	run_rtlat(&output, "doctor --smi-seconds 0 --root %s", root);
	assert_int_equal(output.status, 2);
	at = output.text;
	for (i = 0; i < ARRAY_SIZE(says); i++) {
		at = strstr(at, says[i]);
		if (!at)
			fail_msg("%s: not in, or not there: %s", says[i],
				 output.text);
	}
	free(output.text);
	remove_tree(root);
	free(root);
}

/* A pattern of many files: a few are shown, JSON has all. */
static void many_files(void **state)
{
	char *more = xstrdup(""), *longer, *root;
	struct output output;
	const json_t *check;
	unsigned int irq;
	json_t *all;

	(void)state;
	for (irq = 100; irq < 120; irq++) {
		longer = xasprintf("%s/proc/irq/%u/effective_affinity_list 2\n",
				   more, irq);
		free(more);
		more = longer;
	}
	root = make_root("intel-server", more);
	all = doctor_json(root, "--smi-seconds 0", 2);
	check = check_of(json_object_get(all, "checks"), "irqaffinity");
	assert_int_equal(json_array_size(json_object_get(check, "read")), 20);
	json_decref(all);
	run_rtlat(&output, "doctor --smi-seconds 0 --root %s", root);
	assert_non_null(strstr(output.text, "        and 17 more\n"));
	free(output.text);
	remove_tree(root);
	free(root);
	free(more);
}

/* Files that hold no text, of the wrong size. */
static void odd_files(void **state)
{
	char *root = make_root("laptop", "");
	const json_t *check;
	json_t *all;

	(void)state;
	write_file(root, "dev/cpu_dma_latency", "0", 1);
	write_file(root, "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		   "1", 1);
	write_file(root, "dev/cpu/1/msr", "", 0);
	all = doctor_json(root, "--smi-seconds 1 --cpus 1", 2);
	check = check_of(json_object_get(all, "checks"), "idle");
	assert_string_equal(json_string_value(json_object_get(check, "state")),
			    "found");
	same_ids(all, "unknown", "smi secure_boot");
	json_decref(all);
	remove_tree(root);
	free(root);
}

static void bad_input(void **state)
{
	static const struct {
		const char *options, *says;
	} bad[] = {
		{ "--cpus 9", "CPU 9 is not online (online: 0-3)" },
		{ "--cpus 1-", "1-: not a list of CPUs" },
		{ "--smi-seconds -1", "--smi-seconds -1: not a number" },
		{ "--smi-seconds 3601", "range 0..3600" },
		{ "--root /none-such", "/none-such: cannot read /sys/devices/system/cpu/online" },
		{ "now", "now: rtlat doctor takes options only" },
	};
	char *root = make_root("intel-server", "");
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct output output;

		run_rtlat(&output, "doctor --root %s %s", root, bad[i].options);
		assert_int_equal(output.status, 1);
		assert_non_null(strstr(output.text, bad[i].says));
		assert_int_equal(count_lines(output.text), 1);
		free(output.text);
	}
	remove_tree(root);
	free(root);
}

static void list_has_all_checks(void **state)
{
	const struct doctor_check *row;
	struct output output;

	(void)state;
	run_rtlat(&output, "doctor --list");
	assert_int_equal(output.status, 0);
	for (row = doctor_checks; row->id; row++) {
		char *heading = xasprintf("  %s: %s\n", row->id, row->why);

		assert_non_null(strstr(output.text, heading));
		assert_non_null(strstr(output.text, row->reads));
		free(heading);
	}
	free(output.text);
}

/* The manifest has every check of the machine that collects; SMIs take time. */
static void collect_asks_the_doctor(void **state)
{
	char *results = temp_dir(), *path = xasprintf("%s/manifest.json", results);
	const json_t *checks, *check;
	const struct doctor_check *row;
	struct output output;
	json_t *manifest;
	size_t i = 0;

	(void)state;
	run_rtlat(&output, "skip --out %s/cell --reason why mode=timer", results);
	assert_int_equal(output.status, 0);
	free(output.text);
	run_rtlat(&output, "collect %s", results);
	assert_int_equal(output.status, 0);
	free(output.text);
	manifest = json_load_file(path, 0, NULL);
	checks = json_object_get(manifest, "doctor");
	for (row = doctor_checks; row->id; row++) {
		check = json_array_get(checks, i++);
		assert_string_equal(json_string_value(json_object_get(check, "id")),
				    row->id);
		assert_true(json_is_string(json_object_get(check, "severity")));
		assert_true(json_is_array(json_object_get(check, "read")));
	}
	assert_int_equal(json_array_size(checks), i);
	check = check_of(checks, "smi");
	assert_string_equal(json_string_value(json_object_get(check, "state")),
			    "unknown");
	json_decref(manifest);
	remove_tree(results);
	free(path);
	free(results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines),
		cmocka_unit_test(machines_in_memory),
		cmocka_unit_test(text_names_file_value_and_command),
		cmocka_unit_test(many_files),
		cmocka_unit_test(odd_files),
		cmocka_unit_test(bad_input),
		cmocka_unit_test(list_has_all_checks),
		cmocka_unit_test(collect_asks_the_doctor),
	};

	return cmocka_run_group_tests_name("doctor of a tree", tests, NULL, NULL);
}
