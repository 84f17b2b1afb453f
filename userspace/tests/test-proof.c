// SPDX-License-Identifier: GPL-2.0
/* Proof of platform: snapshots of kernels, what is made of them, the judge. */

#include "test.h"

#include <stdio.h>

#include "proof/platform.h"
#include "proof/proof.h"
#include "results/results.h"

#define NOT_ACTIVE	"claimed but not active: "
#define TARGETS_UNKNOWN	"exitless: counts of the CPUs of ipi_targets are not known"
#define TOO_MANY	"more than a quarter was injected"

static json_t *made(const char *name)
{
	struct problem problem = { "" };
	struct proof_snapshot snapshot;
	json_t *proof;

	snapshot_read(&snapshot, name);
	proof = proof_make(&snapshot, &problem);
	assert_string_equal(problem.text, "");
	assert_non_null(proof);
	proof_snapshot_free(&snapshot);
	return proof;
}

static void judged(const json_t *proof, const char *platform, bool exitless,
		   const char *says)
{
	struct problem problem = { "" };
	int ret = proof_judge(proof, platform, exitless, &problem);

	assert_string_equal(problem.text, says ? says : "");
	assert_int_equal(ret, says ? -EINVAL : 0);
}

/* What each snapshot shows, and what the claim says that it is held to. */
static void states(void **state)
{
	static const struct {
		const char *name, *platform;
		bool exitless;
		const char *state, *inhibits, *says;
	} cases[] = {
		{ "native", "native", false, "-", "-", NULL },
		{ "intel-off", "kvm", false, "off", "DISABLE,ABSENT", NULL },
		{ "intel-off", "kvm-pi", false, "off", "DISABLE,ABSENT",
		  NOT_ACTIVE "enable_apicv=N" },
		{ "intel-on", "kvm-pi", true, "on", "none", NULL },
		{ "intel-on", "kvm", false, "on", "none",
		  "proof: enable_apicv=Y, not N" },
		{ "intel-on", "native", false, "on", "none",
		  "proof: native_hypervisor_flag is missing" },
		{ "intel-local", "kvm-pi", false, "on", "none", NULL },
		{ "intel-local", "kvm-pi", true, "on", "none",
		  NOT_ACTIVE "exitless: kvm_entry_interrupts=4180 of 2075: more than a quarter" },
		{ "intel-builtin", "kvm-pi", false, "on", "none", NULL },
		{ "intel-claimed", "kvm-pi", false, "on", "none",
		  NOT_ACTIVE "kvm_irq_injections=2131 of 2075: more than a quarter was injected" },
		{ "amd-off", "kvm", false, "off", "DISABLE,ABSENT", NULL },
		{ "amd-off", "kvm-pi", false, "off", "DISABLE,ABSENT",
		  NOT_ACTIVE "avic=N" },
		{ "amd-on", "kvm-pi", true, "on", "none", NULL },
		{ "amd-x2apic", "kvm-pi", false, "inhibited", "X2APIC",
		  NOT_ACTIVE "inhibited by X2APIC" },
		{ "amd-nested", "kvm-pi", false, "inhibited", "NESTED",
		  NOT_ACTIVE "inhibited by NESTED" },
		{ "amd-pit", "kvm-pi", false, "inhibited", "PIT_REINJ",
		  NOT_ACTIVE "inhibited by PIT_REINJ" },
		{ "amd-irqwin", "kvm-pi", false, "inhibited", "IRQWIN",
		  NOT_ACTIVE "inhibited by IRQWIN" },
		{ "amd-hybrid", "kvm-pi", false, "on", "none", NULL },
		{ "amd-hybrid", "kvm-pi", true, "on", "none",
		  NOT_ACTIVE "exitless: kvm_entry_interrupts=4149 of 2075: more than a quarter" },
		{ "old-kernel", "kvm-pi", false, "unknown", "unknown",
		  NOT_ACTIVE "enable_apicv=Y inhibits=unknown: not known" },
		{ "native", "kvm", false, "-", "-",
		  "proof: kvm_module is neither kvm_intel nor kvm_amd" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *proof = made(cases[i].name);

		assert_string_equal(json_text_of(proof, "state"), cases[i].state);
		assert_string_equal(json_text_of(proof, "inhibits"),
				    cases[i].inhibits);
		judged(proof, cases[i].platform, cases[i].exitless, cases[i].says);
		json_decref(proof);
	}
}

static void number_is(const json_t *proof, const char *key, json_int_t number)
{
	const json_t *value = json_object_get(proof, key);

	assert_true(json_is_integer(value));
	assert_int_equal(json_integer_value(value), number);
}

static void word_is(const json_t *proof, const char *key, const char *word)
{
	const char *value = json_string_value(json_object_get(proof, key));

	assert_non_null(value);
	assert_string_equal(value, word);
}

/* Two CPUs of AMD's, of which one sends the other 5,000 IPIs that no count sees. */
static void values(void **state)
{
	json_t *proof = made("amd-on");

	(void)state;
	number_is(proof, "proof_version", 2);
	word_is(proof, "host_vendor", "AuthenticAMD");
	word_is(proof, "vls", "N");
	word_is(proof, "vgif", "Y");
	number_is(proof, "kvm_pi_inject_timer", 0);
	word_is(proof, "kvm_lapic_timer_advance_ns", "absent");
	number_is(proof, "window_us", 2854322);
	number_is(proof, "guest_interrupts", 5281);
	word_is(proof, "guest_interrupts_cpus", "150,5131");
	number_is(proof, "guest_interrupts_timer", 261);
	number_is(proof, "guest_interrupts_device", 4);
	number_is(proof, "guest_interrupts_ipi", 5016);
	word_is(proof, "guest_interrupts_timer_cpus", "130,131");
	word_is(proof, "guest_interrupts_ipi_cpus", "16,5000");
	number_is(proof, "ipi_targets", 1);
	number_is(proof, "kvm_irq_injections", 2);
	word_is(proof, "kvm_timer_advance_vcpus_ns", "1000,1000");
	word_is(proof, "kvm_entry_vcpus", "430,51");
	number_is(proof, "kvm_exit_msr", 290);
	number_is(proof, "kvm_exit_avic_incomplete_ipi", 3);
	word_is(proof, "kvm_asked_vcpus", "295,33");
	word_is(proof, "kvm_timer_vcpus", "0,0");
	number_is(proof, "kvm_eoi_vcpus", 1);
	/* 481 less 290 msr, 24 ioio and 14 npf, of which one was an EOI */
	number_is(proof, "kvm_entry_interrupts", 154);
	json_decref(proof);
	proof = made("amd-off");
	number_is(proof, "kvm_inj_virq", 2260);
	number_is(proof, "kvm_inj_virq_reinjected", 6);
	json_decref(proof);
	proof = made("old-kernel");
	word_is(proof, "kvm_apicv_accept_irq", "absent");
	word_is(proof, "kvm_nested_run", "absent");
	word_is(proof, "enable_ipiv", "absent");
	word_is(proof, "kvm_guests", "unknown");
	word_is(proof, "kvm_asked_vcpus", "absent");
	word_is(proof, "ipi_targets", "none");
	json_decref(proof);
	proof = made("intel-builtin");
	word_is(proof, "kvm_module_state", "builtin");
	json_decref(proof);
}

/* Every field of a proof that holds, blanked and taken out in turn. */
static void without_a_field(void **state)
{
	static const struct {
		const char *name, *platform;
		bool exitless;
	} cases[] = {
		{ "native", "native", false }, { "intel-off", "kvm", false },
		{ "amd-off", "kvm", false }, { "intel-on", "kvm-pi", true },
		{ "intel-local", "kvm-pi", false }, { "amd-on", "kvm-pi", true },
	};
	unsigned int fields = 0;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *proof = made(cases[i].name), *value;
		const char *key;

		judged(proof, cases[i].platform, cases[i].exitless, NULL);
		json_object_foreach(proof, key, value) {
			struct problem problem = { "" };
			json_t *other = json_copy(proof);

			json_object_del(other, key);
			assert_int_not_equal(proof_judge(other, cases[i].platform,
							 cases[i].exitless,
							 &problem), 0);
			json_object_set_new(other, key, json_string(""));
			assert_int_not_equal(proof_judge(other, cases[i].platform,
							 cases[i].exitless,
							 &problem), 0);
			json_decref(other);
			fields++;
		}
		json_decref(proof);
	}
	/* five of guests, with more than 60 each */
	assert_true(fields > 5 * 60);
}

/* A good proof with one or two values changed, and what is said of it. */
static void changed_values(void **state)
{
	static const struct {
		const char *name, *platform, *change, *says;
	} cases[] = {
		{ "native", "native", "native_hypervisor_flag=1",
		  "proof: the host's CPU has the hypervisor flag" },
		{ "native", "native", "native_kvm_guests=2",
		  "proof: KVM guests ran beside it" },
		{ "native", "native", "native_kvm_guests=unknown",
		  "proof: native_kvm_guests=unknown is not a number" },
		{ "native", "native", "proof_version=1",
		  "proof: proof_version is not 2" },
		{ "native", "native", "extra=",
		  "proof: extra is blank" },
		{ "intel-off", "kvm", "guest_hypervisor_flag=0",
		  "proof: the guest's CPU has no hypervisor flag" },
		{ "intel-off", "kvm", "kvm_irq_injections=1600",
		  "proof: kvm_irq_injections=1600 guest_interrupts=2075: not within 1.25" },
		{ "intel-off", "kvm", "kvm_irq_injections=3",
		  "proof: kvm_irq_injections=3 and kvm_inj_virq=2131 are not counts of the same" },
		{ "intel-off", "kvm", "kvm_irq_injections=unknown",
		  "proof: kvm_irq_injections is not known" },
		{ "intel-off", "kvm", "kvm_apicv_accept_irq=5",
		  "proof: kvm_apicv_accept_irq=5: interrupts were posted" },
		{ "intel-off", "kvm", "claims=active",
		  "proof: claims=active of a guest without posted interrupts" },
		{ "intel-off", "kvm", "guest_interrupts=0",
		  "proof: guest_interrupts=0: not known what the guest received" },
		{ "intel-off", "kvm-pi", "enable_apicv=Y",
		  NOT_ACTIVE "state=off, but enable_apicv=Y inhibits=DISABLE,ABSENT" },
		{ "intel-off", "kvm-pi", "enable_apicv=Y inhibits=none state=on claims=active",
		  NOT_ACTIVE "kvm_irq_injections=2131 of 2075: more than a quarter was injected" },
		{ "intel-on", "kvm-pi", "enable_apicv=N",
		  NOT_ACTIVE "state=on, but enable_apicv=N inhibits=none" },
		{ "intel-on", "kvm-pi", "inhibits=unknown state=unknown",
		  NOT_ACTIVE "enable_apicv=Y inhibits=unknown: not known" },
		{ "intel-on", "kvm-pi", "claims=none",
		  NOT_ACTIVE "claims=none, not active or active,exitless" },
		{ "intel-on", "kvm-pi", "kvm_guests=2",
		  NOT_ACTIVE "2 guests: whose inhibit reasons they are is not known" },
		{ "intel-on", "kvm-pi", "kvm_irq_injections=absent",
		  NOT_ACTIVE "kvm_irq_injections is not known" },
		{ "intel-on", "kvm-pi", "kvm_apicv_accept_irq=1200",
		  NOT_ACTIVE "2064 of timer and devices received, but 1203 injected or posted" },
		{ "intel-on", "kvm-pi", "kvm_apicv_accept_irq=2700",
		  NOT_ACTIVE "2703 injected or posted, but 2075 received" },
		{ "intel-on", "kvm-pi", "kvm_apicv_accept_irq=unknown",
		  NOT_ACTIVE "kvm_apicv_accept_irq is not known" },
		{ "intel-on", "kvm-pi", "kvm_entry=1000 kvm_entry_vcpus=1000",
		  NOT_ACTIVE "kvm_entry_interrupts=123, but entries and reasons of exits give 0" },
		{ "intel-on", "kvm-pi", "kvm_entry=unknown kvm_entry_interrupts=unknown",
		  NOT_ACTIVE "exitless: kvm_entry_interrupts is not known" },
		{ "intel-on", "kvm-pi", "kvm_entry_vcpus=1000",
		  NOT_ACTIVE "kvm_entry=2261, but kvm_entry_vcpus are 1000 together" },
		{ "intel-on", "kvm-pi", "kvm_exit_MSR_WRITE=10",
		  NOT_ACTIVE "kvm_exit=2261, but its reasons are 161 together" },
		{ "intel-on", "kvm-pi", "kvm_exits=5000",
		  NOT_ACTIVE "kvm_exits=5000 and kvm_exit=2261 are not counts of the same" },
		{ "intel-on", "kvm-pi", "guest_interrupts_ipi=500",
		  NOT_ACTIVE "guest_interrupts=2075, but its three kinds are 2564 together" },
		{ "intel-on", "kvm-pi", "guest_cpus=2",
		  NOT_ACTIVE "guest_interrupts_cpus are of 1 CPUs, not guest_cpus" },
		{ "amd-on", "kvm-pi", "guest_interrupts_cpus=150,x",
		  NOT_ACTIVE "guest_interrupts_cpus=150,x is not one number for each CPU" },
		{ "amd-on", "kvm-pi", "kvm_nested_run=4",
		  NOT_ACTIVE "kvm_nested_run=4, but inhibits=none" },
		/* IPIs to CPU 1, which left 18 times for interrupts; 131 of its timer */
		{ "amd-on", "kvm-pi",
		  "kvm_entry_vcpus=0,481 guest_interrupts_ipi_cpus=4616,400", NOT_ACTIVE
		  "exitless: 317 entries at the target of 400 IPIs: more than a quarter" },
		{ "amd-on", "kvm-pi",
		  "kvm_entry_vcpus=0,481 guest_interrupts_ipi_cpus=3716,1300", NULL },
		{ "amd-on", "kvm-pi", "guest_interrupts_ipi_cpus=4820,196", NOT_ACTIVE
		  "exitless: 196 IPIs beside 131 of the target's timer: too few to tell" },
		{ "amd-on", "kvm-pi", "guest_interrupts_ipi_cpus=4819,197", NULL },
		{ "amd-on", "kvm-pi",
		  "guest_interrupts_ipi_cpus=5016,0 guest_interrupts_timer_cpus=261,0", NOT_ACTIVE
		  "exitless: 0 IPIs beside 0 of the target's timer: too few to tell" },
		{ "amd-on", "kvm-pi", "ipi_targets=2",
		  NOT_ACTIVE TARGETS_UNKNOWN },
		{ "amd-on", "kvm-pi", "ipi_targets=one",
		  NOT_ACTIVE TARGETS_UNKNOWN },
		{ "amd-on", "kvm-pi", "kvm_asked_vcpus=absent",
		  NOT_ACTIVE TARGETS_UNKNOWN },
		{ "amd-on", "kvm-pi", "kvm_timer_vcpus=absent",
		  NOT_ACTIVE TARGETS_UNKNOWN },
		/* exits by the preemption timer are no IPIs', however many they are */
		{ "amd-on", "kvm-pi",
		  "kvm_entry_vcpus=0,481 kvm_timer_vcpus=0,400 guest_interrupts_ipi_cpus=4824,192",
		  NULL },
		{ "amd-on", "kvm-pi",
		  "kvm_entry_vcpus=0,481 kvm_timer_vcpus=0,400 guest_interrupts_ipi_cpus=4825,191",
		  NOT_ACTIVE
		  "exitless: 48 entries at the target of 191 IPIs: more than a quarter" },
		{ "amd-on", "kvm-pi", "kvm_asked_vcpus=1,1",
		  NOT_ACTIVE "kvm_asked_vcpus are 2 together, but reasons of exits give 328" },
		{ "amd-on", "kvm-pi", "kvm_eoi_vcpus=5",
		  NOT_ACTIVE "kvm_eoi=1, but kvm_eoi_vcpus are 5 together" },
		{ "amd-on", "kvm-pi", "guest_interrupts_ipi_cpus=1,1",
		  NOT_ACTIVE
		  "guest_interrupts_ipi=5016, but guest_interrupts_ipi_cpus are 2 together" },
		{ "amd-on", "kvm-pi", "guest_interrupts_timer_cpus=261",
		  NOT_ACTIVE "guest_interrupts_timer_cpus are of 1 CPUs, not guest_cpus" },
		/* without targets it is the whole guest that must not leave */
		{ "amd-on", "kvm-pi", "ipi_targets=none", NULL },
		{ "amd-on", "kvm-pi", "kvm_module=none",
		  NOT_ACTIVE "kvm_module is neither kvm_intel nor kvm_amd" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		json_t *proof = made(cases[i].name);
		json_t *change = proof_parse("change", cases[i].change, &problem);

		assert_non_null(change);
		json_object_update(proof, change);
		judged(proof, cases[i].platform, false, cases[i].says);
		json_decref(change);
		json_decref(proof);
	}
	judged(NULL, "native", false, "proof: there is none");
}

/* VM entries for an interrupt: of the whole guest, or of the CPU that IPIs go to. */
static void entries(void **state)
{
	static const struct {
		const char *name, *change;
		u64 some, of;
	} cases[] = {
		{ "intel-on", "extra=1", 123, 2075 },
		{ "intel-on", "kvm_entry_interrupts=absent", 0, 0 },
		{ "amd-on", "extra=1", 18, 5131 },
		{ "amd-on", "kvm_entry_vcpus=0,481 kvm_timer_vcpus=0,400", 48, 5131 },
		{ "amd-on", "ipi_targets=0,1", 154, 5281 },
		{ "amd-on", "ipi_targets=none", 154, 5281 },
		{ "amd-on", "ipi_targets=2", 0, 0 },
		{ "amd-on", "kvm_asked_vcpus=absent", 0, 0 },
		{ "native", "extra=1", 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		json_t *proof = made(cases[i].name), *value;
		json_t *change = proof_parse("change", cases[i].change, &problem);

		json_object_update(proof, change);
		value = proof_entries_json(proof);
		assert_int_equal(json_is_real(value), cases[i].of != 0);
		if (cases[i].of)
			assert_float_equal(json_real_value(value),
					   (double)cases[i].some / (double)cases[i].of,
					   0.001);
		json_decref(value);
		json_decref(change);
		json_decref(proof);
	}
}

/* The same as a repetition, with itself as the run, and with outer counts. */
static json_t *made_again(const char *name)
{
	static const struct {
		const char *from, *to;
	} copies[] = {
		{ "host/begin/stats", "run/host/begin/stats" },
		{ "host/end/stats", "run/host/end/stats" },
		{ "guest/begin/interrupts", "run/guest/begin/interrupts" },
		{ "guest/end/interrupts", "run/guest/end/interrupts" },
		{ "guest/begin/interrupts", "guest/begin/interrupts-outer" },
		{ "guest/end/interrupts", "guest/end/interrupts-outer" },
		{ "guest/begin/interrupts", "run/guest/begin/interrupts-outer" },
		{ "guest/end/interrupts", "run/guest/end/interrupts-outer" },
	};
	struct problem problem = { "" };
	struct proof_snapshot snapshot;
	json_t *proof;
	size_t i;

	snapshot_read(&snapshot, name);
	for (i = 0; i < ARRAY_SIZE(copies); i++)
		proof_snapshot_add(&snapshot, copies[i].to,
				   xstrdup(proof_file(&snapshot,
						      copies[i].from)->text));
	proof = proof_make(&snapshot, &problem);
	assert_string_equal(problem.text, "");
	proof_snapshot_free(&snapshot);
	return proof;
}

static void repetitions(void **state)
{
	static const struct {
		const char *name, *platform, *change, *says;
	} cases[] = {
		{ "intel-off", "kvm", "extra=1", NULL },
		{ "intel-on", "kvm-pi", "extra=1", NULL },
		/* within what the guest received at most */
		{ "intel-off", "kvm",
		  "run_irq_injections=3900 run_guest_interrupts_most=4000", NULL },
		{ "intel-off", "kvm",
		  "kvm_irq_injections=3900 kvm_inj_virq=3900 guest_interrupts_most=4000", NULL },
		{ "intel-off", "kvm", "run_irq_injections=3900",
		  "proof: run_irq_injections=3900 run_guest_interrupts=2075: not within 1.25" },
		{ "intel-off", "kvm", "run_irq_injections=1000",
		  "proof: run_irq_injections=1000 run_guest_interrupts=2075: not within 1.25" },
		{ "intel-off", "kvm", "run_irq_injections=unknown",
		  "proof: run_guest_interrupts and run_irq_injections are not known" },
		{ "intel-off", "kvm", "run_guest_interrupts=0",
		  "proof: run_guest_interrupts and run_irq_injections are not known" },
		{ "intel-off", "kvm", "run_guest_interrupts_most=2000",
		  "proof: run_guest_interrupts_most=2000: below run_guest_interrupts=2075" },
		{ "intel-off", "kvm", "guest_interrupts_most=2000",
		  "proof: guest_interrupts_most=2000: below guest_interrupts=2075" },
		{ "intel-on", "kvm-pi", "run_irq_injections=600", NOT_ACTIVE
		  "run_irq_injections=600 run_guest_interrupts=2075: " TOO_MANY },
	};
	json_t *proof = made_again("intel-off");
	size_t i;

	(void)state;
	number_is(proof, "run_guest_interrupts", 2075);
	number_is(proof, "run_guest_interrupts_most", 2075);
	number_is(proof, "guest_interrupts_most", 2075);
	number_is(proof, "run_irq_injections", 2131);
	number_is(proof, "run_exits", 8377);
	json_decref(proof);
	proof = made("intel-off");
	word_is(proof, "run_guest_interrupts", "absent");
	word_is(proof, "guest_interrupts_most", "absent");
	json_decref(proof);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		json_t *change = proof_parse("change", cases[i].change, &problem);

		proof = made_again(cases[i].name);
		assert_non_null(change);
		json_object_update(proof, change);
		judged(proof, cases[i].platform, false, cases[i].says);
		json_decref(change);
		json_decref(proof);
	}
}

static void write_snapshot(const char *dir, const char *name)
{
	struct proof_snapshot snapshot;
	size_t i;

	snapshot_read(&snapshot, name);
	for (i = 0; i < snapshot.nr; i++)
		write_file(dir, snapshot.file[i].name, snapshot.file[i].text,
			   strlen(snapshot.file[i].text));
	proof_snapshot_free(&snapshot);
}

static void command_says(const char *dir, const char *arguments, int status,
			 const char *text)
{
	struct output output;

	run_rtlat(&output, "proof %s", arguments);
	assert_int_equal(output.status, status);
	if (!strstr(output.text, text))
		fail_msg("%s: %s gives %s, not %s", dir, arguments, output.text, text);
	assert_true(status == 0 || count_lines(output.text) == 1);
	free(output.text);
}

static void command(void **state)
{
	char *dir = temp_dir();
	char *make = xasprintf("make %s/snapshot >%s/proof", dir, dir);
	char *check = xasprintf("check --platform kvm-pi --exitless %s/proof", dir);
	char *other = xasprintf("check --platform kvm %s/proof", dir);
	char *folder = xasprintf("%s/snapshot", dir);

	(void)state;
	write_snapshot(folder, "intel-on");
	command_says(dir, make, 0, "");
	command_says(dir, check, 0, "");
	command_says(dir, other, 1, "rtlat: proof: enable_apicv=Y, not N\n");
	command_says(dir, "check --platform kvm --exitless none", 1,
		     "--exitless: contradicts --platform kvm");
	command_says(dir, "check --platform native --setting timer=posted none", 1,
		     "timer=posted: contradicts platform=native");
	write_file(folder, "host/guests", "x\n", 2);
	command_says(dir, make, 1, "/snapshot/host/guests line 1: x is not a number\n");
	remove_tree(folder);
	write_snapshot(folder, "amd-pit");
	command_says(dir, make, 0, "");
	command_says(dir, check, 1, "rtlat: claimed but not active: inhibited by PIT_REINJ\n");
	write_file(dir, "proof", "state=on\nstate=off\n", 19);
	command_says(dir, check, 1, "/proof line 2: state= for a second time\n");
	command_says(dir, "make /nonexistent", 1, "cannot read /nonexistent/: No such file");
	command_says(dir, "check /nonexistent", 1, "--platform is missing");
	command_says(dir, "check --platform xen /x", 1, "--platform xen: not one of");
	command_says(dir, "check --platform kvm /nonexistent", 1, "cannot read /nonexistent");
	command_says(dir, "make --exitless /", 1, "only with check");
	command_says(dir, "judge /", 1, "judge: neither make nor check");
	remove_tree(dir);
	free(folder);
	free(other);
	free(check);
	free(make);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(values),
		cmocka_unit_test(without_a_field),
		cmocka_unit_test(changed_values),
		cmocka_unit_test(entries),
		cmocka_unit_test(repetitions),
		cmocka_unit_test(command),
	};

	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
