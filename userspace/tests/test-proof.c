// SPDX-License-Identifier: GPL-2.0
/* Proof of platform: snapshots of kernels, what is made of them, the judge. */

#include "test.h"

#include <stdio.h>

#include "../proof.h"
#include "../proof-parts.h"
#include "../results.h"

#define NOT_ACTIVE	"claimed but not active: "

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
		{ "native", "native", false, NULL, NULL, NULL },
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
		  NOT_ACTIVE "exitless: kvm_entry_interrupts=4180 guest_interrupts=2075: an entry for more than every fourth" },
		{ "intel-builtin", "kvm-pi", false, "on", "none", NULL },
		{ "intel-claimed", "kvm-pi", false, "on", "none",
		  NOT_ACTIVE "kvm_irq_injections=2131 guest_interrupts=2075: more than a quarter was injected" },
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
		  NOT_ACTIVE "exitless: kvm_entry_interrupts=4149 guest_interrupts=2075: an entry for more than every fourth" },
		{ "old-kernel", "kvm-pi", false, "unknown", "unknown",
		  NOT_ACTIVE "enable_apicv=Y inhibits=unknown: not known" },
		{ "native", "kvm", false, NULL, NULL,
		  "proof: kvm_module is neither kvm_intel nor kvm_amd" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *proof = made(cases[i].name);
		const char *value;

		value = json_string_value(json_object_get(proof, "state"));
		assert_string_equal(value ? value : "-",
				    cases[i].state ? cases[i].state : "-");
		value = json_string_value(json_object_get(proof, "inhibits"));
		assert_string_equal(value ? value : "-",
				    cases[i].inhibits ? cases[i].inhibits : "-");
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
	number_is(proof, "proof_version", 1);
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
	number_is(proof, "kvm_irq_injections", 2);
	word_is(proof, "kvm_timer_advance_vcpus_ns", "1000,1000");
	word_is(proof, "kvm_entry_vcpus", "430,51");
	number_is(proof, "kvm_exit_msr", 290);
	number_is(proof, "kvm_exit_avic_incomplete_ipi", 3);
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
	json_decref(proof);
	proof = made("intel-builtin");
	word_is(proof, "kvm_module_state", "builtin");
	json_decref(proof);
}

static void names_of_reasons(void **state)
{
	static const struct {
		unsigned int where;
		u64 reason;
		const char *name;
		bool asked;
	} cases[] = {
		{ PROOF_INTEL, 1, "EXTERNAL_INTERRUPT", false },
		{ PROOF_INTEL, 12, "HLT", false },
		{ PROOF_INTEL, 32, "MSR_WRITE", true },
		{ PROOF_INTEL, 45, "EOI_INDUCED", false },
		{ PROOF_INTEL, 0x80000021, "INVALID_STATE.0x80000000", false },
		{ PROOF_INTEL, 999, "reason_999", false },
		{ PROOF_AMD, 0x60, "interrupt", false },
		{ PROOF_AMD, 0x7c, "msr", true },
		{ PROOF_AMD, 0x41, "DB_excp", false },
		{ PROOF_AMD, 0x402, "avic_unaccelerated_access", false },
		{ PROOF_AMD, 0xffffffff, "invalid_guest_state", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *name = proof_exit_name(cases[i].where, cases[i].reason);

		assert_string_equal(name, cases[i].name);
		assert_int_equal(proof_exit_asked(cases[i].where, name),
				 cases[i].asked);
		free(name);
	}
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
		{ "native", "native", "proof_version=2",
		  "proof: proof_version is not 1" },
		{ "native", "native", "extra=",
		  "proof: extra is blank" },
		{ "intel-off", "kvm", "guest_hypervisor_flag=0",
		  "proof: the guest's CPU has no hypervisor flag" },
		{ "intel-off", "kvm", "kvm_irq_injections=1600",
		  "proof: kvm_irq_injections=1600 guest_interrupts=2075: not within 1.25 of each other" },
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
		  NOT_ACTIVE "kvm_irq_injections=2131 guest_interrupts=2075: more than a quarter was injected" },
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
		  NOT_ACTIVE "2064 timer and device interrupts received, but only 1203 were injected or posted" },
		{ "intel-on", "kvm-pi", "kvm_apicv_accept_irq=2700",
		  NOT_ACTIVE "2703 interrupts were injected or posted, but only 2075 received" },
		{ "intel-on", "kvm-pi", "kvm_apicv_accept_irq=unknown",
		  NOT_ACTIVE "kvm_apicv_accept_irq is not known" },
		{ "intel-on", "kvm-pi", "kvm_entry=1000 kvm_entry_vcpus=1000",
		  NOT_ACTIVE "kvm_entry_interrupts is not what kvm_entry=1000, kvm_eoi=2 and 2140 exits that the guest asked for give" },
		{ "intel-on", "kvm-pi", "kvm_entry=unknown kvm_entry_interrupts=unknown",
		  NOT_ACTIVE "exitless: kvm_entry_interrupts is not known" },
		{ "intel-on", "kvm-pi", "kvm_entry_vcpus=1000",
		  NOT_ACTIVE "kvm_entry=2261, but kvm_entry_vcpus are 1000 together" },
		{ "intel-on", "kvm-pi", "kvm_exit_MSR_WRITE=10",
		  NOT_ACTIVE "kvm_exit=2261, but its reasons are 161 together" },
		{ "intel-on", "kvm-pi", "kvm_exits=5000",
		  NOT_ACTIVE "kvm_exits=5000 and kvm_exit=2261 are not counts of the same" },
		{ "intel-on", "kvm-pi", "guest_interrupts_ipi=500",
		  NOT_ACTIVE "guest_interrupts=2075, but its timer, device and ipi are 2564 together" },
		{ "intel-on", "kvm-pi", "guest_cpus=2",
		  NOT_ACTIVE "guest_interrupts_cpus are of 1 CPUs, not guest_cpus" },
		{ "amd-on", "kvm-pi", "guest_interrupts_cpus=150,x",
		  NOT_ACTIVE "guest_interrupts_cpus=150,x is not one number for each CPU" },
		{ "amd-on", "kvm-pi", "kvm_nested_run=4",
		  NOT_ACTIVE "kvm_nested_run=4, but inhibits=none" },
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

/* Replace @from in a file of a snapshot; @from NULL: there is no such file. */
static void change(struct proof_snapshot *snapshot, const char *name,
		   const char *from, const char *to)
{
	size_t i;

	for (i = 0; i < snapshot->nr; i++) {
		struct proof_file *file = &snapshot->file[i];
		char *at, *text;

		if (strcmp(file->name, name))
			continue;
		if (!from) {
			file->name[0] = '-';
			return;
		}
		at = strstr(file->text, from);
		assert_non_null(at);
		text = xasprintf("%.*s%s%s", (int)(at - file->text), file->text,
				 to, at + strlen(from));
		free(file->text);
		file->text = text;
		return;
	}
	fail_msg("no %s", name);
}

static void damaged_files(void **state)
{
	static const struct {
		const char *file, *from, *to, *says;
	} cases[] = {
		{ "host/cpuinfo", NULL, NULL, "snapshot/host/cpuinfo is missing" },
		{ "host/cpuinfo", "flags", "flag",
		  "snapshot/host/cpuinfo: no line flags in it" },
		{ "host/modules", "kvm_intel live", "kvm_intel",
		  "snapshot/host/modules line 2: not MODULE STATE" },
		{ "host/modules", "kvm live", "kvm_amd live",
		  "snapshot/host/modules line 2: kvm_intel is not the only one" },
		{ "host/parameters/kvm/halt_poll_ns", "200000", "200 000",
		  "snapshot/host/parameters/kvm/halt_poll_ns line 1: 200: more than one word" },
		{ "host/guests", "1", "one",
		  "snapshot/host/guests line 1: one is not a number" },
		{ "host/begin/stats", NULL, NULL,
		  "snapshot/host/begin/stats is missing" },
		{ "host/end/stats", "exits 43261", "exits 43261 2",
		  "snapshot/host/end/stats line 1: not NAME VALUE" },
		{ "host/end/stats", "halt_exits", "exits",
		  "snapshot/host/end/stats line 4: exits for a second time" },
		{ "host/end/stats", "exits 43261", "exits 40999",
		  "snapshot/host/end/stats: exits 40999 is below that of the beginning, 41000" },
		{ "host/end/stats", "exits 43261", "exits -",
		  "snapshot/host/end/stats: exits - is not a count" },
		{ "host/end/stats", "irq_injections 213\n", "",
		  "snapshot/host/end/stats: irq_injections is missing" },
		{ "host/begin/kvm_exit.hist", NULL, NULL,
		  "snapshot/host/begin/kvm_exit.hist is missing" },
		{ "host/end/kvm_exit.hist", "[active]", "[paused]",
		  "snapshot/host/end/kvm_exit.hist line 3: the histogram is not active" },
		{ "host/end/kvm_exit.hist", "# trigger", "# xrigger",
		  "snapshot/host/end/kvm_exit.hist line 6: no line '# trigger info' before it" },
		{ "host/end/kvm_exit.hist", "Dropped: 0", "Dropped: 7",
		  "snapshot/host/end/kvm_exit.hist line 18: the histogram was too small: 7 were dropped" },
		{ "host/end/kvm_exit.hist", "    Dropped: 0\n", "",
		  "snapshot/host/end/kvm_exit.hist: no totals at its end" },
		{ "host/end/kvm_exit.hist", "{ exit_reason:         10 } hitcount:        120\n", "",
		  "snapshot/host/end/kvm_exit.hist: 7 rows, but Entries: 8" },
		{ "host/end/kvm_exit.hist", " 10 }", " ten }",
		  "snapshot/host/end/kvm_exit.hist line 6: exit_reason: ten is not a number" },
		{ "host/end/kvm_exit.hist", "{ exit_reason:         10 }", "{ reason:         10 }",
		  "snapshot/host/end/kvm_exit.hist line 6: not a row of the histogram's keys" },
		{ "host/end/kvm_exit.hist", " 10 }", " 11 }",
		  "snapshot/host/begin/kvm_exit.hist line 6: not in snapshot/host/end/kvm_exit.hist" },
		{ "host/end/kvm_exit.hist", "hitcount:        120", "hitcount:        119",
		  "snapshot/host/end/kvm_exit.hist line 6: hitcount 119 is below that of the beginning, 120" },
		{ "host/end/kvm_exit.hist", "Hits: 17361", "Hits: 17360",
		  "snapshot/host/end/kvm_exit.hist: its rows are more than Hits: 17360" },
		{ "host/window", "begin=12.345678 end", "begin=15.3 end",
		  "snapshot/host/window: it ends before it begins" },
		{ "host/window", "begin=12.345678", "begin=x",
		  "snapshot/host/window line 1: begin=x is not a time in seconds, or not the only one" },
		{ "host/window", "begin=12.345678", "",
		  "snapshot/host/window: begin= or end= is missing" },
		{ "host/window", NULL, NULL, "snapshot/host/window is missing" },
		{ "host/inhibits", "written: 2/2", "written: 2/3",
		  "snapshot/host/inhibits line 3: events were lost: 2 of 3 are left" },
		{ "host/inhibits", "# entries-in", "# entries",
		  "snapshot/host/inhibits: no line of entries-in-buffer" },
		{ "host/inhibits", "inhibits=0x4", "inhibits=4",
		  "snapshot/host/inhibits line 13: inhibits=0x... is missing" },
		{ "host/inhibits", " ABSENT", " ABSENT|IRQWIN",
		  "snapshot/host/inhibits line 13: the names do not go with inhibits=" },
		{ "host/inhibits", "kvm_apicv_inhibit_changed: set", "kvm_exit: set",
		  "snapshot/host/inhibits line 13: no event kvm_apicv_inhibit_changed" },
		{ "host/inhibits", "10.100000:", "1o.1:",
		  "snapshot/host/inhibits line 13: 1o.1 is not a time in seconds" },
		{ "host/inhibits", "10.100000:", "19.1:",
		  "snapshot/host/inhibits line 14: earlier than the line before it" },
		{ "guest/begin/interrupts", NULL, NULL,
		  "snapshot/guest/begin/interrupts is missing" },
		{ "guest/end/interrupts", "CPU0", "CPU0       CPU1",
		  "snapshot/guest/end/interrupts line 2: IO-APIC is not a count" },
		{ "guest/end/interrupts", "CPU0", "0",
		  "snapshot/guest/end/interrupts line 1: 0 is not a CPU" },
		{ "guest/end/interrupts", "LOC:       2760", "LOC:        600",
		  "snapshot/guest/end/interrupts line 7: LOC of CPU column 1 is 600, below that of the beginning, 700" },
		{ "guest/end/interrupts", "LOC:       2760", "LOC:       276O",
		  "snapshot/guest/end/interrupts line 7: 276O is not a count" },
		{ "guest/end/interrupts", "LOC:", "LOCAL",
		  "snapshot/guest/end/interrupts line 7: LOCAL is not an interrupt" },
		{ "guest/end/interrupts", "LOC:", "LOX:",
		  "snapshot/guest/begin/interrupts line 7: LOC is not in snapshot/guest/end/interrupts" },
		{ "guest/facts", "guest_idle", "guest_idel",
		  "snapshot/guest/facts line 7: guest_idel is not a fact of a guest" },
		{ "guest/facts", "guest_idle=poll", "guest_idle",
		  "snapshot/guest/facts line 7: guest_idle is not of the form key=value" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		struct proof_snapshot snapshot;

		snapshot_read(&snapshot, "intel-on");
		change(&snapshot, cases[i].file, cases[i].from, cases[i].to);
		assert_null(proof_make(&snapshot, &problem));
		assert_string_equal(problem.text, cases[i].says);
		proof_snapshot_free(&snapshot);
	}
}

/* Files that only some kernels or runners have: then it is not known. */
static void files_not_there(void **state)
{
	static const struct {
		const char *files[2], *says;
	} cases[] = {
		{ { "host/inhibits" }, NOT_ACTIVE "enable_apicv=Y inhibits=unknown: not known" },
		{ { "host/modules" }, NOT_ACTIVE "kvm_module is neither kvm_intel nor kvm_amd" },
		{ { "host/parameters/kvm_intel/enable_apicv" },
		  NOT_ACTIVE "enable_apicv=absent inhibits=none: not known" },
		{ { "host/begin/stats", "host/end/stats" },
		  NOT_ACTIVE "kvm_irq_injections is not known" },
		{ { "host/begin/kvm_eoi.hist", "host/end/kvm_eoi.hist" },
		  NOT_ACTIVE "exitless: kvm_entry_interrupts is not known" },
		{ { "host/begin/kvm_inj_virq.hist", "host/end/kvm_inj_virq.hist" }, NULL },
		{ { "guest/begin/interrupts", "guest/end/interrupts" },
		  NOT_ACTIVE "guest_interrupts=unknown is not a number" },
		{ { "guest/facts" }, NOT_ACTIVE "the guest's CPU has no hypervisor flag" },
		{ { "host/guests" }, NULL },
		{ { "host/claims" }, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		struct proof_snapshot snapshot;
		json_t *proof;

		snapshot_read(&snapshot, "intel-on");
		change(&snapshot, cases[i].files[0], NULL, NULL);
		if (cases[i].files[1])
			change(&snapshot, cases[i].files[1], NULL, NULL);
		proof = proof_make(&snapshot, &problem);
		assert_non_null(proof);
		judged(proof, "kvm-pi", false, cases[i].says);
		json_decref(proof);
		proof_snapshot_free(&snapshot);
	}
}

/* What is set and cleared before, in and after the window 12.3 to 15.2 s. */
static void replay_of_inhibits(void **state)
{
	static const char head[] = "# tracer: nop\n#\n# entries-in-buffer/entries-written: 1/1   #P:1\n#\n";
	static const struct {
		const char *kernel, *events, *names;
		u64 changes;
	} cases[] = {
		{ "6.1.0", "q-1 [000] ..... 11.0: kvm_apicv_inhibit_changed: set reason=2, inhibits=0x4\n",
		  "ABSENT", 0 },
		/* the first event is late: what was before is not known */
		{ "6.1.0", "q-1 [000] ..... 13.0: kvm_apicv_inhibit_changed: cleared reason=7, inhibits=0x0\n",
		  NULL, 1 },
		{ "6.1.0", "q-1 [000] ..... 11.0: kvm_apicv_inhibit_changed: cleared reason=2, inhibits=0x0\n"
			   "q-1 [000] ..... 16.0: kvm_apicv_inhibit_changed: set reason=7, inhibits=0x80\n",
		  "none", 0 },
		{ "6.1.0", "q-1 [000] ..... 11.0: kvm_apicv_inhibit_changed: set reason=8, inhibits=0x100\n"
			   "q-1 [000] ..... 12.400001: kvm_apicv_inhibit_changed: cleared reason=8, inhibits=0x0\n"
			   "q-1 [000] ..... 13.0: kvm_apicv_inhibit_changed: set reason=7, inhibits=0x80\n",
		  "IRQWIN,PIT_REINJ", 2 },
		{ "6.6.1", "q-1 [000] ..... 11.0: kvm_apicv_inhibit_changed: set reason=9, inhibits=0x200\n",
		  "PIT_REINJ", 0 },
		{ "6.18.2", "q=1 kvm_apicv_inhibit_changed: x-1 [000] ..... 11.0: kvm_apicv_inhibit_changed: set reason=12, inhibits=0x1002 HYPERV|PHYSICAL_ID_TOO_BIG\n",
		  "HYPERV,PHYSICAL_ID_TOO_BIG", 0 },
		/* neither its names nor its numbers */
		{ "5.14.0", "q-1 [000] ..... 11.0: kvm_apicv_inhibit_changed: set reason=5, inhibits=0x8000000000000020\n",
		  "bit5,bit63", 0 },
		{ "6.1.0", "", NULL, 0 },
	};
	const u64 window_ns[2] = { 12300000000, 15200000000 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = xasprintf("%s%s", head, cases[i].events);
		char name[] = "trace";
		const struct proof_file file = { .path = name, .text = text };
		struct problem problem = { "" };
		struct proof_inhibits inhibits;

		assert_int_equal(proof_inhibits_read(&inhibits, &file,
						     cases[i].kernel, window_ns,
						     &problem), 0);
		assert_int_equal(inhibits.known, !!cases[i].names);
		if (cases[i].names)
			assert_string_equal(inhibits.names, cases[i].names);
		assert_int_equal(inhibits.changes, cases[i].changes);
		free(inhibits.names);
		free(text);
	}
}

/* kvm_exit by two keys, in hex as tracefs prints it on demand. */
static void histograms(void **state)
{
	static const char text[] =
		"# event histogram\n#\n"
		"# trigger info: hist:keys=vcpu_id,exit_reason.hex:vals=hitcount:sort=hitcount:size=2048 [active]\n#\n\n"
		"{ vcpu_id:          1, exit_reason: 20 } hitcount:          3\n"
		"{ vcpu_id:          0, exit_reason: 1 } hitcount:         40\n\n"
		"Totals:\n    Hits: 44\n    Entries: 2\n    Dropped: 0\n";
	char name[] = "hist", copy[sizeof(text)];
	const struct proof_file file = { .path = name, .text = copy };
	struct problem problem = { "" };
	struct proof_hist hist;

	(void)state;
	memcpy(copy, text, sizeof(text));
	assert_int_equal(proof_hist_read(&hist, &file, &problem), 0);
	assert_int_equal(proof_hist_total(&hist), 43);
	assert_int_equal(proof_hist_key(&hist, "exit_reason"), 1);
	assert_int_equal(proof_hist_key(&hist, "rip"), -1);
	assert_int_equal(proof_hist_of(&hist, 1, 32), 3);
	assert_int_equal(proof_hist_of(&hist, 0, 0), 40);
	proof_hist_free(&hist);
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

static void says(const char *dir, const char *arguments, int status,
		 const char *text)
{
	struct output output;

	run_rtlat(&output, "proof %s", arguments);
	assert_int_equal(output.status, status);
	if (!strstr(output.text, text))
		fail_msg("%s: %s says %s, not %s", dir, arguments, output.text, text);
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
	says(dir, make, 0, "");
	says(dir, check, 0, "");
	says(dir, other, 1, "rtlat: proof: enable_apicv=Y, not N\n");
	write_file(folder, "host/guests", "x\n", 2);
	says(dir, make, 1, "/snapshot/host/guests line 1: x is not a number\n");
	remove_tree(folder);
	write_snapshot(folder, "amd-pit");
	says(dir, make, 0, "");
	says(dir, check, 1, "rtlat: claimed but not active: inhibited by PIT_REINJ\n");
	write_file(dir, "proof", "state=on\nstate=off\n", 19);
	says(dir, check, 1, "/proof line 2: state= for a second time\n");
	says(dir, "make /nonexistent", 1, "cannot read /nonexistent/: No such file");
	says(dir, "check /nonexistent", 1, "--platform is missing");
	says(dir, "check --platform xen /x", 1, "--platform xen: not one of");
	says(dir, "check --platform kvm /nonexistent", 1, "cannot read /nonexistent");
	says(dir, "make --exitless /", 1, "only with check");
	says(dir, "judge /", 1, "judge: neither make nor check");
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
		cmocka_unit_test(names_of_reasons),
		cmocka_unit_test(without_a_field),
		cmocka_unit_test(changed_values),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(files_not_there),
		cmocka_unit_test(replay_of_inhibits),
		cmocka_unit_test(histograms),
		cmocka_unit_test(command),
	};

	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
