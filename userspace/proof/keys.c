// SPDX-License-Identifier: GPL-2.0
/* The keys of a proof, and which states of a guest they name. Pure. */

#include <string.h>

#include "proof/parts.h"

#define MADE(key, where, is) { key, where, PROOF_MADE, NULL, is }
#define FACT(key) { key, PROOF_GUEST, PROOF_FACT, key, PROOF_WORD }
#define VM(key, is) { key, PROOF_VM, PROOF_MADE, NULL, is }
#define MODULE(key, where) { key, where, PROOF_MODULE_PARAMETER, key, PROOF_WORD }
#define KVM(name) \
	{ "kvm_" name, PROOF_GUEST, PROOF_KVM_PARAMETER, name, PROOF_WORD }
#define COUNTER(name) \
	{ "kvm_" name, PROOF_GUEST, PROOF_COUNTER, name, PROOF_NUMBER_OR_WORD }

const struct proof_key proof_keys[] = {
	MADE("proof_version", PROOF_ALL, PROOF_NUMBER),
	MADE("proof_side", PROOF_INSIDE, PROOF_WORD),
	MADE("proof_machine", PROOF_INSIDE, PROOF_WORD),
	MADE("host_kernel", PROOF_ALL, PROOF_WORD),
	MADE("host_vendor", PROOF_ALL, PROOF_WORD),
	MADE("native_hypervisor_flag", PROOF_NATIVE, PROOF_NUMBER),
	MADE("native_clocksource", PROOF_NATIVE, PROOF_WORD),
	MADE("native_isolated_cpus", PROOF_NATIVE, PROOF_WORD),
	MADE("native_nohz_full_cpus", PROOF_NATIVE, PROOF_WORD),
	MADE("native_cpus", PROOF_NATIVE, PROOF_NUMBER),
	MADE("native_kvm_guests", PROOF_NATIVE, PROOF_NUMBER),
	MADE("claims", PROOF_GUEST, PROOF_WORD),
	MADE("ipi_targets", PROOF_GUEST, PROOF_WORD),
	MADE("state", PROOF_GUEST, PROOF_WORD),
	MADE("inhibits", PROOF_GUEST, PROOF_WORD),
	MADE("inhibit_changes", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("window_us", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_guests", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_module", PROOF_GUEST, PROOF_WORD),
	MADE("kvm_module_state", PROOF_GUEST, PROOF_WORD),
	MODULE("enable_apicv", PROOF_INTEL),
	MODULE("enable_ipiv", PROOF_INTEL),
	MODULE("preemption_timer", PROOF_INTEL),
	MODULE("ept", PROOF_INTEL),
	MODULE("avic", PROOF_AMD),
	MODULE("npt", PROOF_AMD),
	MODULE("vls", PROOF_AMD),
	MODULE("vgif", PROOF_AMD),
	MODULE("nested", PROOF_GUEST),
	KVM("lapic_timer_advance"),
	KVM("lapic_timer_advance_ns"),
	KVM("pi_inject_timer"),
	KVM("halt_poll_ns"),
	KVM("nx_huge_pages"),
	FACT("guest_kernel"),
	FACT("guest_cpus"),
	FACT("guest_cpu"),
	FACT("guest_clocksource"),
	FACT("guest_hypervisor_flag"),
	FACT("guest_x2apic"),
	FACT("guest_deadline_timer"),
	FACT("guest_idle"),
	FACT("guest_placed"),
	FACT("guest_memory"),
	VM("guest_hypervisor", PROOF_WORD),
	VM("guest_kvm_features", PROOF_WORD),
	VM("guest_clockevent", PROOF_WORD),
	VM("guest_steal_ticks", PROOF_NUMBER_OR_WORD),
	MADE("guest_interrupts", PROOF_GUEST, PROOF_NUMBER),
	MADE("guest_interrupts_most", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("guest_interrupts_cpus", PROOF_GUEST, PROOF_NUMBERS),
	MADE("guest_interrupts_timer", PROOF_GUEST, PROOF_NUMBER),
	MADE("guest_interrupts_timer_cpus", PROOF_GUEST, PROOF_NUMBERS),
	MADE("guest_interrupts_device", PROOF_GUEST, PROOF_NUMBER),
	MADE("guest_interrupts_ipi", PROOF_GUEST, PROOF_NUMBER),
	MADE("guest_interrupts_ipi_cpus", PROOF_GUEST, PROOF_NUMBERS),
	COUNTER("irq_injections"),
	COUNTER("exits"),
	COUNTER("irq_exits"),
	COUNTER("halt_exits"),
	COUNTER("irq_window_exits"),
	COUNTER("mmio_exits"),
	COUNTER("io_exits"),
	COUNTER("hypercalls"),
	COUNTER("nmi_injections"),
	COUNTER("halt_wakeup"),
	COUNTER("preemption_reported"),
	COUNTER("nested_run"),
	MADE("kvm_timer_advance_vcpus_ns", PROOF_GUEST, PROOF_NUMBERS),
	MADE("run_guest_interrupts", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("run_guest_interrupts_most", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("run_irq_injections", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("run_exits", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_entry", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_entry_vcpus", PROOF_GUEST, PROOF_NUMBERS),
	MADE("kvm_entry_interrupts", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_inj_virq", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_inj_virq_reinjected", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_apicv_accept_irq", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_eoi", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_eoi_vcpus", PROOF_GUEST, PROOF_NUMBERS),
	MADE("kvm_exit", PROOF_GUEST, PROOF_NUMBER_OR_WORD),
	MADE("kvm_asked_vcpus", PROOF_GUEST, PROOF_NUMBERS),
	MADE("kvm_timer_vcpus", PROOF_GUEST, PROOF_NUMBERS),
	{ NULL, 0, PROOF_MADE, NULL, PROOF_WORD },
};

/**
 * proof_where - which proofs a KVM module gives
 * @kvm_module: kvm_intel, kvm_amd; another one, or NULL: none
 *
 * Return: PROOF_INTEL, PROOF_AMD or 0.
 */
unsigned int proof_where(const char *kvm_module)
{
	if (kvm_module && !strcmp(kvm_module, "kvm_intel"))
		return PROOF_INTEL;
	if (kvm_module && !strcmp(kvm_module, "kvm_amd"))
		return PROOF_AMD;
	return 0;
}

/**
 * proof_switch - the parameter that switches posted interrupts
 * @where: PROOF_INTEL or PROOF_AMD
 *
 * Return: its name.
 */
const char *proof_switch(unsigned int where)
{
	return where == PROOF_INTEL ? "enable_apicv" : "avic";
}

/**
 * proof_state - what posted interrupts were, by switch and reasons
 * @active: value of the switch
 * @inhibits: reasons that kept them off: none, unknown, or names
 *
 * Return: on, off, inhibited or unknown.
 */
const char *proof_state(const char *active, const char *inhibits)
{
	if (!strcmp(active, "N"))
		return "off";
	if (strcmp(active, "Y") || !strcmp(inhibits, "unknown"))
		return "unknown";
	return strcmp(inhibits, "none") ? "inhibited" : "on";
}

/**
 * proof_interrupt_entries - VM entries that interrupts cost
 * @entries: all VM entries
 * @asked: exits that an instruction of the guest asked for
 * @eoi: ends of interrupts that KVM had to do for the guest
 *
 * A guest that writes a timer or a device leaves, whatever posts its
 * interrupts; that is no price of their delivery. An end of interrupt is.
 *
 * Return: @entries without what the guest asked for otherwise.
 */
u64 proof_interrupt_entries(u64 entries, u64 asked, u64 eoi)
{
	asked -= asked < eoi ? asked : eoi;
	return entries > asked ? entries - asked : 0;
}

/**
 * proof_set_number - a number of a proof
 * @values: the proof
 * @key: key
 * @number: its value
 */
void proof_set_number(json_t *values, const char *key, u64 number)
{
	json_object_set_new(values, key, json_integer((json_int_t)number));
}

/**
 * proof_set_word - a word of a proof
 * @values: the proof
 * @key: key
 * @word: its value
 */
void proof_set_word(json_t *values, const char *key, const char *word)
{
	u64 number;

	if (!parse_u64(word, &number) && number <= INT64_MAX)
		proof_set_number(values, key, number);
	else
		json_object_set_new(values, key, json_string(word));
}
