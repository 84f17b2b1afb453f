// SPDX-License-Identifier: GPL-2.0
/* What a machine can tell of itself, and what is made of it. */

#include "test.h"

#include <errno.h>
#include <stdio.h>

#include "proof/platform.h"
#include "proof/proof.h"
#include "results/results.h"
#include "run/inside.h"

#define KVM	"40000000 40000001 4b4d564b 564b4d56 0000004d\n"
#define HYPERV	"40000000 4000000c 7263694d 666f736f 76482074\n"
#define VMWARE	"40000000 40000010 61774d56 4d566572 65726177\n"
#define TCG	"40000000 40000001 54474354 43544743 47435447\n"
#define BEHIND	"40000100 40000101 4b4d564b 564b4d56 0000004d\n"
#define FEATURES	"40000001 00000001 00000000 00000000 00000000\n"
#define UNPROVEN	"measured inside the VM (hypervisor "
#define PI		"claimed but not active: "

/* The snapshot of a VM, one of its files another one; NULL: not there. */
static json_t *vm(const char *file, const char *text, const char *says)
{
	struct proof_snapshot snapshot;
	struct problem problem = { "" };
	json_t *proof;
	size_t i;

	snapshot_read(&snapshot, "vm");
	for (i = 0; file && i < snapshot.nr; i++) {
		if (strcmp(snapshot.file[i].name, file))
			continue;
		if (!text)
			snapshot.file[i].name[0] = '-';
		free(snapshot.file[i].text);
		snapshot.file[i].text = xstrdup(text ? text : "");
		break;
	}
	assert_true(!file || i < snapshot.nr);
	proof = proof_inside_make(&snapshot, &problem);
	assert_string_equal(problem.text, says ? says : "");
	assert_int_equal(!proof, !!says);
	proof_snapshot_free(&snapshot);
	return proof;
}

static void value_is(const json_t *proof, const char *key, const char *value)
{
	const json_t *is = json_object_get(proof, key);
	char *text = json_is_integer(is) ?
		     xasprintf("%lld", (long long)json_integer_value(is)) :
		     xstrdup(json_text_of(proof, key));

	assert_string_equal(text, value);
	free(text);
}

static void judged(const json_t *proof, const char *platform,
		   enum proof_verdict verdict, const char *says)
{
	struct problem problem = { "" };

	assert_int_equal(proof_judge_inside(proof, platform, &problem), verdict);
	if (strncmp(problem.text, says, strlen(says)))
		assert_string_equal(problem.text, says);
	assert_int_equal(!*problem.text, verdict == PROOF_HOLDS);
}

static void values(void **state)
{
	static const char *const cases[][2] = {
		{ "proof_version", "2" }, { "proof_side", "inside" },
		{ "proof_machine", "web1" }, { "guest_kernel", "6.1.0-56-amd64" },
		{ "guest_cpus", "2" }, { "guest_hypervisor_flag", "2" },
		{ "guest_hypervisor", "KVMKVMKVM" },
		{ "guest_kvm_features",
		  "CLOCKSOURCE,NOP_IO_DELAY,STEAL_TIME,PV_EOI,PV_SEND_IPI,CLOCKSOURCE_STABLE_BIT" },
		{ "guest_x2apic", "1" }, { "guest_deadline_timer", "1" },
		{ "guest_clockevent", "lapic-deadline" },
		{ "guest_clocksource", "kvm-clock" }, { "guest_idle", "halt" },
		{ "guest_steal_ticks", "12" }, { "window_us", "2750000" },
		{ "guest_interrupts", "2910" }, { "guest_interrupts_cpus", "2608,302" },
		{ "guest_interrupts_timer", "2900" }, { "guest_interrupts_device", "3" },
		{ "guest_interrupts_ipi", "7" },
		/* nobody inside knows */
		{ "host_kernel", "unknown" }, { "host_vendor", "unknown" },
		{ "kvm_module", "unknown" }, { "enable_apicv", "unknown" },
		{ "avic", "unknown" }, { "inhibits", "unknown" }, { "state", "unknown" },
		{ "kvm_guests", "unknown" }, { "kvm_entry", "unknown" },
		{ "kvm_exit", "unknown" }, { "kvm_irq_injections", "unknown" },
		{ "kvm_apicv_accept_irq", "unknown" }, { "guest_cpu", "unknown" },
	};
	json_t *proof = vm(NULL, NULL, NULL);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		value_is(proof, cases[i][0], cases[i][1]);
	assert_null(json_object_get(proof, "native_hypervisor_flag"));
	json_decref(proof);
}

/* One file another one, and one key that comes of it. */
static void facts(void **state)
{
	static const struct {
		const char *file, *text, *key, *value;
	} cases[] = {
		{ "inside/cpuid", HYPERV, "guest_hypervisor", "Microsoft_Hv" },
		{ "inside/cpuid", HYPERV, "guest_kvm_features", "absent" },
		{ "inside/cpuid", HYPERV BEHIND, "guest_hypervisor", "Microsoft_Hv,KVMKVMKVM" },
		{ "inside/cpuid", HYPERV FEATURES BEHIND, "guest_kvm_features", "unknown" },
		{ "inside/cpuid", VMWARE, "guest_hypervisor", "VMwareVMware" },
		{ "inside/cpuid", TCG, "guest_hypervisor", "TCGTCGTCGTCG" },
		{ "inside/cpuid", KVM "40000001 0 0 0 0\n", "guest_kvm_features", "none" },
		{ "inside/cpuid", KVM "40000001 00000300 0 0 0\n", "guest_kvm_features",
		  "bit8,PV_TLB_FLUSH" },
		{ "inside/cpuid", "40000000 0 4b4d564b 564b4d56 4d\n", "guest_hypervisor",
		  "KVMKVMKVM" },
		/* no signature, and a leaf that is another one again */
		{ "inside/cpuid", "40000000 40000001 0 0 0\n", "guest_hypervisor", "unknown" },
		{ "inside/cpuid", "40000000 7 756e6547 6c65746e 49656e69\n", "guest_hypervisor",
		  "unknown" },
		{ "inside/cpuid", NULL, "guest_hypervisor", "unknown" },
		{ "inside/routing", " physical flat.", "guest_x2apic", "0" },
		{ "inside/routing", ": cluster x2apic", "guest_x2apic", "1" },
		{ "inside/routing", NULL, "guest_x2apic", "unknown" },
		{ "inside/clockevent", "hpet\n", "guest_deadline_timer", "0" },
		{ "inside/clockevent", NULL, "guest_deadline_timer", "unknown" },
		{ "inside/cmdline", "quiet idle=poll ro\n", "guest_idle", "poll" },
		{ "inside/cmdline", NULL, "guest_idle", "unknown" },
		{ "inside/idle_driver", "haltpoll\n", "guest_idle", "haltpoll" },
		{ "inside/begin/stat", NULL, "guest_steal_ticks", "unknown" },
		{ "inside/hostname", NULL, "proof_machine", "unknown" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *proof = vm(cases[i].file, cases[i].text, NULL);

		value_is(proof, cases[i].key, cases[i].value);
		json_decref(proof);
	}
}

static void damaged(void **state)
{
	static const struct {
		const char *file, *text, *says;
	} cases[] = {
		{ "host/cpuinfo", NULL, "snapshot/host/cpuinfo is missing" },
		{ "inside/cpuid", "40000000 zz\n",
		  "snapshot/inside/cpuid line 1: zz is not a register" },
		{ "inside/cpuid", "40000000 1 2\n",
		  "snapshot/inside/cpuid line 1: nothing is not a register" },
		{ "inside/window", "begin=5 end=4\n",
		  "snapshot/inside/window: it ends before it begins" },
		{ "inside/hostname", "a b\n",
		  "snapshot/inside/hostname line 1: a: more than one word" },
		{ "inside/end/interrupts", NULL, "snapshot/inside/end/interrupts is missing" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		vm(cases[i].file, cases[i].text, cases[i].says);
}

static void hypervisors(void **state)
{
	static const struct {
		const char *cpuid, *platform;
		enum proof_verdict verdict;
		const char *says;
	} cases[] = {
		{ KVM, "kvm", PROOF_UNPROVEN, UNPROVEN "KVMKVMKVM)" },
		{ KVM, "kvm-pi", PROOF_UNPROVEN, UNPROVEN "KVMKVMKVM)" },
		{ KVM, "native", PROOF_FAILS,
		  "proof: the CPU has the hypervisor flag (KVMKVMKVM): this is a VM" },
		{ HYPERV, "kvm", PROOF_FAILS, "proof: the hypervisor is Microsoft_Hv, not KVM" },
		{ HYPERV, "kvm-pi", PROOF_FAILS, PI "the hypervisor is Microsoft_Hv, not KVM" },
		{ HYPERV BEHIND, "kvm", PROOF_UNPROVEN, UNPROVEN "Microsoft_Hv,KVMKVMKVM)" },
		{ VMWARE, "kvm", PROOF_FAILS, "proof: the hypervisor is VMwareVMware, not KVM" },
		{ TCG, "kvm", PROOF_FAILS, "proof: the hypervisor is TCGTCGTCGTCG, not KVM" },
		/* kvm=off of QEMU: a KVM that hides */
		{ "", "kvm", PROOF_UNPROVEN, UNPROVEN "unknown)" },
		{ "", "native", PROOF_FAILS,
		  "proof: the CPU has the hypervisor flag (unknown): this is a VM" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		json_t *proof = vm("inside/cpuid", cases[i].cpuid, NULL);

		judged(proof, cases[i].platform, cases[i].verdict, cases[i].says);
		json_decref(proof);
	}
}

static void bare_metal(void **state)
{
	struct proof_snapshot snapshot;
	struct problem problem = { "" };
	json_t *proof;

	(void)state;
	snapshot_read(&snapshot, "native");
	proof = proof_inside_make(&snapshot, &problem);
	proof_snapshot_free(&snapshot);
	assert_string_equal(problem.text, "");
	value_is(proof, "native_hypervisor_flag", "0");
	value_is(proof, "host_kernel", "6.12.48+deb12-amd64");
	judged(proof, "native", PROOF_HOLDS, "");
	judged(proof, "kvm", PROOF_FAILS, "proof: the CPU has no hypervisor flag: this is no VM");
	judged(proof, "kvm-pi", PROOF_FAILS, PI "the CPU has no hypervisor flag: this is no VM");
	json_object_set_new(proof, "native_kvm_guests", json_integer(1));
	judged(proof, "native", PROOF_FAILS, "proof: KVM guests ran beside it");
	json_object_set_new(proof, "native_kvm_guests", json_string(""));
	judged(proof, "native", PROOF_FAILS, "proof: native_kvm_guests is blank");
	json_decref(proof);
}

/* Whichever key is blanked or taken away: it fails, and is not merely unproven. */
static void no_key_may_be_missing(void **state)
{
	json_t *proof = vm(NULL, NULL, NULL), *value;
	const char *key;
	void *next;
	size_t nr = 0;

	(void)state;
	json_object_foreach_safe(proof, next, key, value) {
		json_t *other = json_copy(proof);
		struct problem problem = { "" };

		json_object_set_new(other, key, json_string(""));
		assert_int_equal(proof_judge_inside(other, "kvm", &problem), PROOF_FAILS);
		json_object_del(other, key);
		assert_int_equal(proof_judge_inside(other, "kvm", &problem), PROOF_FAILS);
		json_decref(other);
		nr++;
	}
	assert_true(nr > 60);
	json_object_set_new(proof, "guest_interrupts_timer", json_integer(5));
	judged(proof, "kvm", PROOF_FAILS,
	       "proof: guest_interrupts=2910, but its three kinds are 15 together");
	json_object_set_new(proof, "guest_interrupts", json_integer(0));
	judged(proof, "kvm", PROOF_FAILS, "proof: guest_interrupts=0");
	json_decref(proof);
}

static json_t *cell_of(const char *platform, const char *imported)
{
	json_t *cell = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "status", "ok",
				 "platform", platform, "kernel", "6.1.0-56-amd64",
				 "workload", json_object(), "metrics", json_object(),
				 "proof", vm(NULL, NULL, NULL));

	if (imported)
		json_object_set_new(cell, "imported", json_string(imported));
	return cell;
}

/* Unproven is for cells from elsewhere; a sweep's own have a host to prove them. */
static void only_imported_cells_can_be_unproven(void **state)
{
	static const char *const platforms[] = { "kvm", "kvm-pi" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(platforms); i++) {
		struct problem problem = { "" };
		json_t *cell = cell_of(platforms[i], "web1");

		assert_int_equal(proof_judge_cell(cell, &problem), 0);
		assert_true(json_is_false(json_object_get(cell, "proven")));
		assert_non_null(strstr(cell_unproven(cell), UNPROVEN));
		json_decref(cell);
		cell = cell_of(platforms[i], NULL);
		assert_int_equal(proof_judge_cell(cell, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, "kvm_module is neither"));
		assert_string_equal(json_text_of(cell, "status"), "fail");
		assert_null(json_object_get(cell, "unproven"));
		json_decref(cell);
	}
}

/* The proof of another run, or none, proves nothing; not even that it is unproven. */
static void proofs_of_others_fail(void **state)
{
	struct problem problem = { "" };
	json_t *cell = cell_of("kvm", "web1");

	(void)state;
	json_object_set_new(cell, "kernel", json_string("6.12.1"));
	assert_int_equal(proof_judge_cell(cell, &problem), -EINVAL);
	assert_string_equal(problem.text,
			    "proof: guest_kernel=6.1.0-56-amd64, but the cell is of 6.12.1");
	json_decref(cell);
	cell = cell_of("kvm", "web1");
	json_object_set_new(cell, "proof", json_object());
	problem.text[0] = 0;
	assert_int_equal(proof_judge_cell(cell, &problem), -EINVAL);
	assert_string_equal(problem.text, "proof: there is none");
	json_decref(cell);
}

/* The machine that the tests run on, whatever it is: read, and not found damaged. */
static void this_machine(void **state)
{
	struct inside inside = { .begin_ns = 0 };
	struct problem problem = { "" };
	char *text;
	json_t *proof;

	(void)state;
	inside_begin(&inside);
	inside_end(&inside);
	text = inside_proof(&inside, &problem);
	inside_free(&inside);
	assert_string_equal(problem.text, "");
	proof = proof_parse("inside", text, &problem);
	assert_non_null(proof);
	assert_int_equal(inside_is_vm(),
			 !!json_object_get(proof, "guest_hypervisor_flag"));
	assert_true(proof_is_inside(proof));
	json_decref(proof);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(facts),
		cmocka_unit_test(damaged),
		cmocka_unit_test(hypervisors),
		cmocka_unit_test(bare_metal),
		cmocka_unit_test(no_key_may_be_missing),
		cmocka_unit_test(only_imported_cells_can_be_unproven),
		cmocka_unit_test(proofs_of_others_fail),
		cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests_name("inside", tests, NULL, NULL);
}
