// SPDX-License-Identifier: GPL-2.0
/* What spoils a measurement: every check is seen to fire and not to fire. */

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>

#include "made-machine.h"

#define CPU	"/sys/devices/system/cpu/"
#define CLOCK	"/sys/devices/system/clocksource/clocksource0/"
#define KERNEL	"/proc/sys/kernel/"
#define IDLE(cpu) CPU "cpu" #cpu "/cpuidle/state2/disable 0\n"
#define FLAGS(flags) "/proc/cpuinfo vendor_id : GenuineIntel\n" \
	"/proc/cpuinfo flags : " flags "\n"
#define AMD	"/proc/cpuinfo vendor_id : AuthenticAMD\n" \
	"/proc/cpuinfo flags : constant_tsc nonstop_tsc svm avic\n" \
	"!/sys/module/kvm_intel/parameters/enable_apicv\n" \
	"/sys/module/kvm_amd/parameters/avic Y\n" \
	"/sys/module/kvm_amd/parameters/nested 0\n" \
	"/sys/module/kvm_amd/refcnt 0\n"
#define NO_KVM	"!/sys/module/kvm_intel/parameters/enable_apicv\n"
#define TUNED	"fpu constant_tsc nonstop_tsc vmx"
#define SECURE_BOOT "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define LIMIT	"/proc/self/limits Max locked memory         "
#define PREEMPT	"/sys/kernel/debug/sched/preempt "

/*
 * What differs from the tuned server, what it comes to, and what has to be in
 * the mending command or the reason. Nothing else is found by it.
 */
static const struct {
	const char *id, *more, *state, *says;
} cases[] = {
	{ "hypervisor", FLAGS(TUNED " hypervisor"), "found", NULL },
	{ "tsc", FLAGS("fpu nonstop_tsc vmx"), "found", NULL },
	{ "tsc", FLAGS("fpu constant_tsc vmx"), "found", NULL },
	{ "clocksource", CLOCK "current_clocksource hpet", "found",
	  "echo tsc >" CLOCK "current_clocksource" },
	{ "clocksource", CLOCK "current_clocksource hpet\n"
	  CLOCK "available_clocksource hpet acpi_pm", "found",
	  "boot with clocksource=tsc" },
	{ "smi", "/dev/cpu/3/msr 2", "found", "firmware" },
	{ "smi", "!/dev/cpu/2/msr\n!/dev/cpu/3/msr", "unknown", "modprobe msr" },
	{ "smi", "!/dev/cpu/2/msr 1", "unknown", "not permitted" },
	{ "smi", AMD, "unknown", "only Intel's" },
	{ "governor", CPU "cpu3/cpufreq/scaling_governor powersave", "found",
	  "echo performance | tee " CPU "cpu{2..3}/cpufreq/scaling_governor" },
	{ "turbo", CPU "intel_pstate/no_turbo 0", "found",
	  "echo 1 >" CPU "intel_pstate/no_turbo" },
	{ "turbo", "!" CPU "intel_pstate/no_turbo\n" CPU "cpufreq/boost 1",
	  "found", "echo 0 >" CPU "cpufreq/boost" },
	{ "turbo", "!" CPU "intel_pstate/no_turbo\n" CPU "cpufreq/boost 0",
	  "fine", NULL },
	{ "idle", IDLE(3), "found",
	  "echo 2 | tee " CPU "cpu{2..3}/power/pm_qos_resume_latency_us" },
	{ "idle", IDLE(3) CPU "cpu3/power/pm_qos_resume_latency_us 2", "fine",
	  NULL },
	{ "idle", IDLE(3) CPU "cpu3/power/pm_qos_resume_latency_us n/a",
	  "fine", NULL },
	{ "idle", IDLE(3) CPU "cpu2/power/pm_qos_resume_latency_us 2", "found",
	  NULL },
	{ "idle", IDLE(2) IDLE(3) "/dev/cpu_dma_latency 0", "fine", NULL },
	{ "idle", IDLE(2) CPU "cpuidle/current_driver none", "fine", NULL },
	{ "idle", CPU "cpu2/cpuidle/state1/latency 3", "found", NULL },
	{ "smt", CPU "cpu2/topology/thread_siblings_list 1-2", "found",
	  "echo 0 | tee " CPU "cpu1/online" },
	{ "smt", CPU "cpu2/topology/thread_siblings_list 1-2\n"
	  CPU "cpu3/topology/thread_siblings_list 3,5", "found",
	  "cpu{1,5}/online" },
	{ "smt", CPU "cpu2/topology/thread_siblings_list 2-3", "found",
	  "echo off >" CPU "smt/control" },
	{ "smt", CPU "cpu2/topology/thread_siblings_list 0,2", "found",
	  "echo off >" CPU "smt/control" },
	{ "smt", CPU "cpu2/topology/thread_siblings_list ?", "unknown",
	  "not a list" },
	{ "nohz_full", CPU "nohz_full 2", "found",
	  "nohz_full=2-3 rcu_nocbs=2-3 irqaffinity=0-1" },
	{ "nohz_full", "!" CPU "nohz_full", "found", NULL },
	{ "nohz_full", CPU "nohz_full (null)", "found", NULL },
	{ "rcu_nocbs", CPU "nohz_full 2\n/proc/cmdline quiet", "found",
	  "rcu_nocbs=2-3" },
	{ "rcu_nocbs", CPU "nohz_full 2\n/proc/cmdline rcu_nocbs=0-3 rcu_nocbs=2",
	  "found", NULL },
	{ "rcu_nocbs", CPU "nohz_full 2\n/proc/cmdline rcu_nocbs=all", "fine",
	  NULL },
	{ "rcu_nocbs", CPU "nohz_full 2\n/proc/cmdline rcu_nocbs=2-N",
	  "unknown", "2-N" },
	{ "irqaffinity", "/proc/irq/26/effective_affinity_list 1,3", "found",
	  "echo 0-1 | tee /proc/irq/26/smp_affinity_list" },
	{ "irqaffinity", "/sys/kernel/irq/25/actions nvme0q1\n"
	  "/proc/irq/24/effective_affinity_list 3", "found",
	  "/proc/irq/{24,25}/smp" },
	{ "irqaffinity", "!/sys/kernel/irq/25/actions", "found", NULL },
	{ "irqbalance", "/proc/900/comm irqbalance", "found",
	  "systemctl stop irqbalance" },
	{ "watchdog", KERNEL "watchdog_cpumask 0-3", "found",
	  "kernel.watchdog_cpumask=0-1" },
	{ "watchdog", KERNEL "watchdog_cpumask 0-2", "found", NULL },
	{ "watchdog", KERNEL "watchdog_cpumask 0-3\n" KERNEL "watchdog 0", "fine",
	  NULL },
	{ "nmi_watchdog", KERNEL "watchdog_cpumask 0-3\n" KERNEL "watchdog 0\n"
	  KERNEL "nmi_watchdog 1", "found", "kernel.nmi_watchdog=0" },
	{ "nmi_watchdog", KERNEL "nmi_watchdog 1", "fine", NULL },
	{ "preempt", PREEMPT "none (voluntary) full", "found", "echo full >" },
	{ "preempt", PREEMPT "(none) voluntary full", "found", "echo full >" },
	{ "preempt", PREEMPT "none voluntary full (lazy)", "fine", NULL },
	{ "preempt", "!" PREEMPT "1\n/proc/cmdline preempt=full", "fine", NULL },
	{ "preempt", "!" PREEMPT "1\n/proc/cmdline quiet", "unknown",
	  "not permitted" },
	{ "preempt", "!" PREEMPT "2\n/proc/cmdline quiet", "unknown",
	  "mount -t debugfs" },
	{ "preempt", PREEMPT "(none)\n/proc/version Linux #1 SMP PREEMPT_RT x",
	  "fine", NULL },
	{ "preempt", "/proc/version Linux version 6.1 #1 SMP Debian", "found",
	  "PREEMPT_DYNAMIC" },
	{ "rt_throttling", KERNEL "sched_rt_runtime_us 950000", "found",
	  "kernel.sched_rt_runtime_us=-1" },
	{ "rt_throttling", KERNEL "sched_rt_runtime_us 1000000", "fine", NULL },
	{ "fair_server", "/sys/kernel/debug/sched/fair_server/cpu3/runtime 50000000",
	  "found", "fair_server/cpu{2..3}/runtime" },
	{ "thp", "/sys/kernel/mm/transparent_hugepage/enabled [always] madvise never",
	  "found", "echo madvise >" },
	{ "ksm", "/sys/kernel/mm/ksm/run 1", "found", "echo 2 >" },
	{ "ksm", "/sys/kernel/mm/ksm/run 2", "fine", NULL },
	{ "numa_balancing", KERNEL "numa_balancing 1", "found",
	  "kernel.numa_balancing=0" },
	{ "mitigations", CPU "vulnerabilities/mds Mitigation: Clear CPU buffers",
	  "found", NULL },
	{ "mitigations", CPU "vulnerabilities/mds Vulnerable", "fine", NULL },
	{ "modules", KERNEL "modules_disabled 1", "found", "boot again" },
	{ "lockdown", "/sys/kernel/security/lockdown none [integrity] confidentiality",
	  "found", "sign-file sha256" },
	{ "lockdown", "/sys/kernel/security/lockdown none [integrity] confidentiality\n"
	  "/sys/module/rtlat/refcnt 0", "fine", NULL },
	{ "lockdown", "!/sys/kernel/security/lockdown\n/sys/kernel/security/lsm capability",
	  "fine", NULL },
	{ "sig_enforce", "/sys/module/module/parameters/sig_enforce Y", "found",
	  "mokutil --import" },
	{ "sig_enforce", "/sys/module/module/parameters/sig_enforce Y\n"
	  "/sys/module/rtlat/refcnt 0", "fine", NULL },
	{ "secure_boot", SECURE_BOOT " 1", "found",
	  "mokutil --disable-validation" },
	{ "kvm", NO_KVM, "found", "modprobe kvm_intel" },
	{ "kvm", AMD "!/sys/module/kvm_amd/parameters/avic", "found", "modprobe kvm_amd" },
	{ "kvm", NO_KVM FLAGS("constant_tsc nonstop_tsc"), "found", NULL },
	{ "posting", "/sys/module/kvm_intel/parameters/enable_apicv N", "found",
	  "modprobe -r kvm_intel && modprobe kvm_intel enable_apicv=1" },
	/* the CPU has no such thing: no command gives it one */
	{ "posting", "/sys/module/kvm_intel/parameters/enable_apicv N\n"
	  FLAGS(TUNED), "found", NULL },
	{ "posting", AMD "/sys/module/kvm_amd/parameters/avic N", "found",
	  "modprobe -r kvm_amd && modprobe kvm_amd avic=1" },
	{ "nested", AMD "/sys/module/kvm_amd/parameters/nested 1", "found",
	  "modprobe -r kvm_amd && modprobe kvm_amd nested=0" },
	{ "nested", "/sys/module/kvm_intel/parameters/nested Y", "found",
	  "modprobe -r kvm_intel && modprobe kvm_intel nested=0" },
	{ "halt_poll", "/sys/module/kvm/parameters/halt_poll_ns 200000", "found",
	  "echo 0 >/sys/module/kvm/parameters/halt_poll_ns" },
	{ "vms", "/sys/module/kvm_intel/refcnt 3", "found", "fuser -v /dev/kvm" },
	{ "vms", AMD "/sys/module/kvm_amd/refcnt 1", "found", "fuser" },
	{ "vms", "!/sys/module/kvm_intel/refcnt", "unknown", "built in" },
	{ "huge_pages", "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages 0",
	  "found", "echo 512 >" },
	{ "huge_pages", "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages 0\n"
	  "/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages 4",
	  "fine", NULL },
	{ "memlock", LIMIT "8388608 8388608 bytes", "found", "prlimit" },
	{ "memlock", LIMIT "67108862976 67108862976 bytes", "found", NULL },
	{ "memlock", LIMIT "67108864000 67108864000 bytes", "fine", NULL },
	{ "memlock", LIMIT "8388608 8388608 bytes\n/proc/self/status CapEff:	4000",
	  "fine", NULL },
	{ "memlock", "/proc/self/limits Max processes 7", "unknown", "locked memory" },
};

static json_t *examined(const char *name, const char *more)
{
	struct machine machine;
	json_t *checks;

	make_machine(&machine, name, more);
	checks = doctor_examine(&machine);
	machine_free(&machine);
	return checks;
}

static const char *text_of(const json_t *check, const char *key)
{
	return json_string_value(json_object_get(check, key));
}

static void nothing_is_found_on_a_tuned_machine(void **state)
{
	json_t *checks = examined("intel-server", "");
	char *found = ids_of(checks, "found"), *unknown = ids_of(checks, "unknown");
	char *fine = ids_of(checks, "fine");
	const struct doctor_check *row;
	size_t i = 0;

	(void)state;
	assert_string_equal(found, "");
	assert_string_equal(unknown, "");
	for (row = doctor_checks; row->id; row++) {
		const json_t *check = json_array_get(checks, i++);

		assert_string_equal(text_of(check, "id"), row->id);
		/* what told so is named */
		assert_true(json_array_size(json_object_get(check, "read")) > 0);
	}
	assert_int_equal(i, json_array_size(checks));
	free(fine);
	free(unknown);
	free(found);
	json_decref(checks);
}

static void one_case(size_t nr)
{
	json_t *checks = examined("intel-server", cases[nr].more);
	const json_t *check = check_of(checks, cases[nr].id);
	char *found = ids_of(checks, "found");
	bool is_found = !strcmp(cases[nr].state, "found");
	const char *expected = "";

	/* callbacks are an issue only where nohz_full is one */
	if (is_found)
		expected = cases[nr].id;
	if (!strcmp(cases[nr].id, "rcu_nocbs")) {
		expected = "nohz_full";
		if (is_found)
			expected = "nohz_full rcu_nocbs";
	}
	if (strcmp(text_of(check, "state"), cases[nr].state) ||
	    strcmp(found, expected))
		fail_msg("case %zu: %s: %s (found: %s), not %s", nr, cases[nr].id,
			 text_of(check, "state"), found, cases[nr].state);
	if (is_found) {
		assert_true(json_array_size(json_object_get(check, "read")) > 0);
		assert_true(strlen(text_of(check, "why")) > 0);
	}
	if (cases[nr].says) {
		const char *says = text_of(check, is_found ? "mend" : "reason");

		if (!says || !strstr(says, cases[nr].says))
			fail_msg("case %zu: %s: %s, not %s", nr, cases[nr].id,
				 says, cases[nr].says);
	}
	free(found);
	json_decref(checks);
}

static void each_check_fires_alone(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		one_case(i);
}

/* A check that no case makes fire might never do. */
static void each_check_has_a_case(void **state)
{
	const struct doctor_check *row;

	(void)state;
	for (row = doctor_checks; row->id; row++) {
		bool fires = !strcmp(row->id, "isolcpus");
		size_t i;

		for (i = 0; i < ARRAY_SIZE(cases); i++)
			fires |= !strcmp(cases[i].id, row->id) &&
				 !strcmp(cases[i].state, "found");
		if (!fires)
			fail_msg("%s: no case makes it fire", row->id);
	}
}

/* Other CPUs than the isolated ones have to be asked for. */
static void isolation_of_the_cpus_asked_for(void **state)
{
	static const struct {
		const char *cpus, *more, *state;
	} wanted[] = {
		{ "1-3", "", "found" },
		{ "2", "", "fine" },
		{ "1-3", "/sys/fs/cgroup/cpuset.cpus.isolated 1-3", "fine" },
		{ "1-3", "/sys/fs/cgroup/cpuset.cpus.isolated 1", "found" },
		{ "1-3", "!" CPU "isolated 13", "unknown" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct machine machine;
		json_t *checks;

		make_machine(&machine, "intel-server", wanted[i].more);
		cpulist_free(&machine.cpus);
		cpulist_free(&machine.others);
		assert_int_equal(machine_choose_cpus(&machine, wanted[i].cpus,
						     NULL), 0);
		checks = doctor_examine(&machine);
		assert_string_equal(text_of(check_of(checks, "isolcpus"), "state"),
				    wanted[i].state);
		json_decref(checks);
		machine_free(&machine);
	}
}

/* Does the table name this file for the check? */
static bool reads(const struct doctor_check *row, const char *path)
{
	char *copy = xstrdup(row->reads), *save = NULL, *one, *at;
	bool named = false;

	for (one = strtok_r(copy, " ", &save); one;
	     one = strtok_r(NULL, " ", &save)) {
		at = strstr(one, "{cpu}");
		if (at)
			memcpy(at, "[0-9]", 5);
		named |= !fnmatch(one, path, FNM_PATHNAME);
	}
	free(copy);
	return named;
}

/* The state of a check all of whose files are not to be read for @error. */
static char *blind_state(const struct doctor_check *row, int error,
			 bool *denied)
{
	struct machine machine;
	json_t *checks;
	char *state;
	size_t i;

	make_machine(&machine, "intel-server", "");
	for (i = 0; i < machine.nr; i++)
		if (reads(row, machine.fact[i]->path))
			machine_add(&machine, machine.fact[i]->path, NULL, error);
	checks = doctor_examine(&machine);
	state = xstrdup(text_of(check_of(checks, row->id), "state"));
	*denied = json_is_true(json_object_get(check_of(checks, row->id),
					       "denied"));
	json_decref(checks);
	machine_free(&machine);
	return state;
}

static void what_may_not_be_read_is_unknown(void **state)
{
	/* their unknown is of another kind: whatever the rights are */
	static const char *const undenied[] = { "smi", "irqbalance", NULL };
	const struct doctor_check *row;

	(void)state;
	for (row = doctor_checks; row->id; row++) {
		bool denied;
		char *blind = blind_state(row, EACCES, &denied);

		if (strcmp(blind, "unknown") ||
		    denied == is_one_of(row->id, undenied))
			fail_msg("%s: %s, denied %d", row->id, blind, denied);
		free(blind);
	}
}

/* Nothing is fine because a file is missing, but where that says that it is. */
static void what_is_not_there(void **state)
{
	static const char *const fine[] = {
		"watchdog", "nmi_watchdog", "thp", "ksm", "numa_balancing",
		"sig_enforce", "secure_boot", "vms", NULL
	};
	static const char *const found[] = { "nohz_full", "modules", NULL };
	const struct doctor_check *row;

	(void)state;
	for (row = doctor_checks; row->id; row++) {
		const char *expected = is_one_of(row->id, fine) ? "fine" :
				       is_one_of(row->id, found) ? "found" :
				       "unknown";
		bool denied;
		char *blind = blind_state(row, ENOENT, &denied);

		if (strcmp(blind, expected) || denied)
			fail_msg("%s: %s, not %s", row->id, blind, expected);
		free(blind);
	}
}

static void commands_name_the_cpus(void **state)
{
	static const struct {
		const char *cpus, *mend, *filled;
	} fills[] = {
		{ "2", "x{cpu..}/y {cpus}", "x2/y 2" },
		{ "1-3", "x{cpu..}", "x{1..3}" },
		{ "0,2", "x{cpu..} {others}", "x{0,2} 1,3" },
		{ "0-1,3", "{cpu..} {cpus} {others}", "{{0..1},3} 0-1,3 2" },
		{ "0-3", "{others}", "0" },
		{ "2", "{list}{what}{", "7{what}{" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fills); i++) {
		struct machine machine = { .nr = 0 };
		char *text;

		machine_add(&machine, DOCTOR_ONLINE, "0-3", 0);
		assert_int_equal(machine_choose_cpus(&machine, fills[i].cpus,
						     NULL), 0);
		text = doctor_fill(fills[i].mend, &machine, "7");
		assert_string_equal(text, fills[i].filled);
		free(text);
		machine_free(&machine);
	}
}

static void cpus_are_chosen(void **state)
{
	static const struct {
		const char *online, *isolated, *wanted, *cpus, *says;
	} choices[] = {
		{ "0-3", "2-3", NULL, "2-3", NULL },
		{ "0-2", "2-3", NULL, "2", NULL },
		{ "0-3", "", NULL, "1-3", NULL },
		{ "0-3", NULL, NULL, "1-3", NULL },
		{ "0", "", NULL, "0", NULL },
		{ "0-3", "2-3", "0-1", "0-1", NULL },
		{ "0-3", "", "3-4", NULL, "CPU 4 is not online (online: 0-3)" },
		{ "0-3", "", "3-", NULL, "3-: not a list of CPUs" },
		{ NULL, "", NULL, NULL, "cannot read " DOCTOR_ONLINE },
		{ "many", "", NULL, NULL, "many: not a list of CPUs" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(choices); i++) {
		struct machine machine = { .nr = 0 };
		struct problem problem = { "" };
		char *text;

		machine_add(&machine, DOCTOR_ONLINE, choices[i].online, ENOENT);
		machine_add(&machine, DOCTOR_ISOLATED, choices[i].isolated, EIO);
		assert_int_equal(machine_choose_cpus(&machine, choices[i].wanted,
						     &problem),
				 choices[i].says ? -EINVAL : 0);
		text = cpulist_text(&machine.cpus);
		if (choices[i].says)
			assert_non_null(strstr(problem.text, choices[i].says));
		else
			assert_string_equal(text, choices[i].cpus);
		free(text);
		machine_free(&machine);
	}
}

/* The kernel's names of interrupts and devices may hold anything. */
static void names_of_any_character(void **state)
{
	struct machine machine = { .nr = 0 };

	(void)state;
	machine_add(&machine, "/proc/irq/\ta\x01", "1", 0);
	machine_add(&machine, "/proc/irq/\ta\x01", "2", 0);
	assert_int_equal(machine.nr, 1);
	assert_string_equal(machine_fact(&machine, "/proc/irq/\ta\x01")->text, "2");
	assert_int_equal(machine_fact(&machine, "/proc/irq/\x02")->error, ENOENT);
	assert_int_equal(machine.nr, 2);
	assert_string_equal(machine.fact[1]->path, "/proc/irq/?");
	machine_free(&machine);
}

static void smis_that_were_not_counted(void **state)
{
	struct machine machine;
	const json_t *check;
	json_t *checks;

	(void)state;
	make_machine(&machine, "intel-server", "");
	machine.smi_seconds = 0;
	checks = doctor_examine(&machine);
	check = check_of(checks, "smi");
	assert_string_equal(text_of(check, "state"), "unknown");
	assert_string_equal(text_of(check, "reason"), "not counted");
	json_decref(checks);
	machine_free(&machine);
}

/* Who needs root is told so; notes do not count. */
static void denied_counts_where_it_matters(void **state)
{
	static const struct {
		const char *more;
		bool denied;
	} denials[] = {
		{ "", false },
		{ "!/sys/kernel/mm/ksm/run 13", true },
		{ "!/sys/kernel/mm/ksm/run 1", true },
		{ "!/sys/kernel/mm/ksm/run 5", false },
		{ "!/sys/module/kvm/parameters/halt_poll_ns 13", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(denials); i++) {
		json_t *checks = examined("intel-server", denials[i].more);

		assert_int_equal(doctor_denied(checks), denials[i].denied);
		json_decref(checks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_found_on_a_tuned_machine),
		cmocka_unit_test(each_check_fires_alone),
		cmocka_unit_test(each_check_has_a_case),
		cmocka_unit_test(isolation_of_the_cpus_asked_for),
		cmocka_unit_test(what_may_not_be_read_is_unknown),
		cmocka_unit_test(what_is_not_there),
		cmocka_unit_test(commands_name_the_cpus),
		cmocka_unit_test(cpus_are_chosen),
		cmocka_unit_test(names_of_any_character),
		cmocka_unit_test(smis_that_were_not_counted),
		cmocka_unit_test(denied_counts_where_it_matters),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
