// SPDX-License-Identifier: GPL-2.0
/* The files of a snapshot for a proof: whole, damaged, and not there. */

#include "test.h"

#include <errno.h>
#include <stdio.h>

#include "proof/parts.h"
#include "proof/proof.h"

#define NOT_ACTIVE	"claimed but not active: "
#define EVENT		"kvm_apicv_inhibit_changed:"
#define AT(time)	"q-1 [000] ..... " time ": " EVENT " "

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
		{ "host/cpuinfo", NULL, NULL, "host/cpuinfo is missing" },
		{ "host/cpuinfo", "flags", "flag",
		  "host/cpuinfo: no line flags in it" },
		{ "host/modules", "kvm_intel live", "kvm_intel",
		  "host/modules line 2: not MODULE STATE" },
		{ "host/modules", "kvm live", "kvm_amd live",
		  "host/modules line 2: kvm_intel is not the only one" },
		{ "host/parameters/kvm/halt_poll_ns", "200000", "200 000",
		  "host/parameters/kvm/halt_poll_ns line 1: 200: more than one word" },
		{ "host/guests", "1", "one",
		  "host/guests line 1: one is not a number" },
		{ "host/begin/stats", NULL, NULL,
		  "host/begin/stats is missing" },
		{ "host/end/stats", "exits 43261", "exits 43261 2",
		  "host/end/stats line 1: not NAME VALUE" },
		{ "host/end/stats", "halt_exits", "exits",
		  "host/end/stats line 4: exits for a second time" },
		{ "host/end/stats", "exits 43261", "exits 40999",
		  "host/end/stats: exits 40999 is below the 41000 before" },
		{ "host/end/stats", "exits 43261", "exits -",
		  "host/end/stats: exits - is not a count" },
		{ "host/end/stats", "irq_injections 213\n", "",
		  "host/end/stats: irq_injections is missing" },
		{ "host/begin/kvm_exit.hist", NULL, NULL,
		  "host/begin/kvm_exit.hist is missing" },
		{ "host/end/kvm_exit.hist", "[active]", "[paused]",
		  "host/end/kvm_exit.hist line 3: the histogram is not active" },
		{ "host/end/kvm_exit.hist", "# trigger", "# xrigger",
		  "host/end/kvm_exit.hist line 6: no line '# trigger info' before it" },
		{ "host/end/kvm_exit.hist", "Dropped: 0", "Dropped: 18",
		  "host/end/kvm_exit.hist: 18 events dropped beside 17361: over 1 in 1000" },
		{ "host/end/kvm_exit.hist", "    Dropped: 0\n", "",
		  "host/end/kvm_exit.hist: no totals at its end" },
		{ "host/end/kvm_exit.hist",
		  "{ exit_reason:         10 } hitcount:        120\n", "",
		  "host/end/kvm_exit.hist: 7 rows, but Entries: 8" },
		{ "host/end/kvm_exit.hist", " 10 }", " ten }",
		  "host/end/kvm_exit.hist line 6: exit_reason: ten is not a number" },
		{ "host/end/kvm_exit.hist", "{ exit_reason:         10 }", "{ reason:         10 }",
		  "host/end/kvm_exit.hist line 6: not a row of the histogram's keys" },
		{ "host/end/kvm_exit.hist", " 10 }", " 11 }",
		  "host/begin/kvm_exit.hist line 6: not in snapshot/host/end/kvm_exit.hist" },
		{ "host/end/kvm_exit.hist", "hitcount:        120", "hitcount:        119",
		  "host/end/kvm_exit.hist line 6: hitcount 119 is below the 120 before" },
		{ "host/end/kvm_exit.hist", "Hits: 17361", "Hits: 17360",
		  "host/end/kvm_exit.hist: its rows are more than Hits: 17360" },
		{ "host/window", "begin=12.345678 end", "begin=15.3 end",
		  "host/window: it ends before it begins" },
		{ "host/window", "begin=12.345678", "begin=x",
		  "host/window line 1: begin=x is not a time in seconds, or not the only one" },
		{ "host/window", "begin=12.345678", "",
		  "host/window: begin= or end= is missing" },
		{ "host/window", NULL, NULL, "host/window is missing" },
		{ "host/inhibits", "written: 2/2", "written: 2/3",
		  "host/inhibits line 3: events were lost: 2 of 3 are left" },
		{ "host/inhibits", "# entries-in", "# entries",
		  "host/inhibits: no line of entries-in-buffer" },
		{ "host/inhibits", "inhibits=0x4", "inhibits=4",
		  "host/inhibits line 13: inhibits=0x... is missing" },
		{ "host/inhibits", " ABSENT", " ABSENT|IRQWIN",
		  "host/inhibits line 13: the names do not go with inhibits=" },
		{ "host/inhibits", "_changed: set", "_changes: set",
		  "host/inhibits line 13: no event kvm_apicv_inhibit_changed" },
		{ "host/inhibits", "10.100000:", "1o.1:",
		  "host/inhibits line 13: 1o.1 is not a time in seconds" },
		{ "host/inhibits", "10.100000:", "19.1:",
		  "host/inhibits line 14: earlier than the line before it" },
		{ "guest/begin/interrupts", NULL, NULL,
		  "guest/begin/interrupts is missing" },
		{ "guest/end/interrupts", "CPU0", "CPU0       CPU1",
		  "guest/end/interrupts line 2: IO-APIC is not a count" },
		{ "guest/end/interrupts", "CPU0", "0",
		  "guest/end/interrupts line 1: 0 is not a CPU" },
		{ "guest/end/interrupts", "LOC:       2760", "LOC:        600",
		  "guest/end/interrupts line 7: LOC CPU0: 600 is below 700 before" },
		{ "guest/end/interrupts", "LOC:       2760", "LOC:       276O",
		  "guest/end/interrupts line 7: 276O is not a count" },
		{ "guest/end/interrupts", "LOC:", "LOCAL",
		  "guest/end/interrupts line 7: LOCAL is not an interrupt" },
		{ "guest/end/interrupts", "LOC:", "LOX:",
		  "guest/begin/interrupts line 7: LOC is not in snapshot/guest/end/interrupts" },
		{ "guest/facts", "guest_idle", "guest_idel",
		  "guest/facts line 7: guest_idel is not a fact of a guest" },
		{ "guest/facts", "guest_idle=poll", "guest_idle",
		  "guest/facts line 7: guest_idle is not of the form key=value" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		struct proof_snapshot snapshot;
		char *says;

		snapshot_read(&snapshot, "intel-on");
		change(&snapshot, cases[i].file, cases[i].from, cases[i].to);
		assert_null(proof_make(&snapshot, &problem));
		says = xasprintf("snapshot/%s", cases[i].says);
		assert_string_equal(problem.text, says);
		free(says);
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
		const char *says = cases[i].says;
		struct proof_snapshot snapshot;
		json_t *proof;

		snapshot_read(&snapshot, "intel-on");
		change(&snapshot, cases[i].files[0], NULL, NULL);
		if (cases[i].files[1])
			change(&snapshot, cases[i].files[1], NULL, NULL);
		proof = proof_make(&snapshot, &problem);
		assert_non_null(proof);
		assert_int_equal(proof_judge(proof, "kvm-pi", false, &problem),
				 says ? -EINVAL : 0);
		assert_string_equal(problem.text, says ? says : "");
		json_decref(proof);
		proof_snapshot_free(&snapshot);
	}
}

/* What is set and cleared before, in and after the window 12.3 to 15.2 s. */
static void replay_of_inhibits(void **state)
{
	static const char head[] =
		"# tracer: nop\n#\n# entries-in-buffer/entries-written: 1/1   #P:1\n#\n";
	static const struct {
		const char *kernel, *events, *names;
		u64 changes;
	} cases[] = {
		{ "6.1.0", AT("11.0") "set reason=2, inhibits=0x4\n",
		  "ABSENT", 0 },
		/* the first event is late: what was before is not known */
		{ "6.1.0", AT("13.0") "cleared reason=7, inhibits=0x0\n",
		  NULL, 1 },
		{ "6.1.0", AT("11.0") "cleared reason=2, inhibits=0x0\n"
			   AT("16.0") "set reason=7, inhibits=0x80\n",
		  "none", 0 },
		{ "6.1.0", AT("11.0") "set reason=8, inhibits=0x100\n"
			   AT("12.400001") "cleared reason=8, inhibits=0x0\n"
			   AT("13.0") "set reason=7, inhibits=0x80\n",
		  "IRQWIN,PIT_REINJ", 2 },
		{ "6.6.1", AT("11.0") "set reason=9, inhibits=0x200\n",
		  "PIT_REINJ", 0 },
		{ "6.18.2", "q=1 " EVENT " x-1 " AT("11.0")
			    "set reason=12, inhibits=0x1002 HYPERV|PHYSICAL_ID_TOO_BIG\n",
		  "HYPERV,PHYSICAL_ID_TOO_BIG", 0 },
		/* neither its names nor its numbers */
		{ "5.14.0", AT("11.0") "set reason=5, inhibits=0x8000000000000020\n",
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

/* What CPUs lose to each other is no reason to refuse all, unless it is much. */
static void dropped_events(void **state)
{
	static const struct {
		const char *dropped;
		int ret;
	} cases[] = { { "0", 0 }, { "44", 0 }, { "45", -EINVAL } };
	char name[] = "hist";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = xasprintf("# trigger info: hist:keys=vcpu_id:vals=hitcount [active]\n"
				       "{ vcpu_id: 0 } hitcount: 44000\n"
				       "Totals:\n    Hits: 44000\n    Entries: 1\n    Dropped: %s\n",
				       cases[i].dropped);
		const struct proof_file file = { .path = name, .text = text };
		struct problem problem = { "" };
		struct proof_hist hist;

		assert_int_equal(proof_hist_read(&hist, &file, &problem), cases[i].ret);
		assert_true(!problem.text[0] == !cases[i].ret);
		proof_hist_free(&hist);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_reasons),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(files_not_there),
		cmocka_unit_test(replay_of_inhibits),
		cmocka_unit_test(histograms),
		cmocka_unit_test(dropped_events),
	};

	return cmocka_run_group_tests_name("proof files", tests, NULL, NULL);
}
