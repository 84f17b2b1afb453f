// SPDX-License-Identifier: GPL-2.0
/* Why a guest left: the names that KVM's trace events have for it. Pure. */

#include <asm/kvm.h>
#include <asm/svm.h>
#include <asm/vmx.h>
#include <inttypes.h>
#include <string.h>

#include "proof/parts.h"

struct reason {
	long long number;
	const char *name;
};

static const struct reason vmx_reasons[] = { VMX_EXIT_REASONS, { 0, NULL } };
static const struct reason svm_reasons[] = { SVM_EXIT_REASONS, { 0, NULL } };

/*
 * What only an instruction of the guest causes, and no interrupt: the ways in
 * which it writes its timer, sends IPIs, reaches devices and memory. A guest
 * that halts is not among them: an interrupt has to bring it back.
 */
static const unsigned int vmx_asked[] = {
	EXIT_REASON_CPUID, EXIT_REASON_VMCALL, EXIT_REASON_CR_ACCESS,
	EXIT_REASON_DR_ACCESS, EXIT_REASON_IO_INSTRUCTION, EXIT_REASON_MSR_READ,
	EXIT_REASON_MSR_WRITE, EXIT_REASON_APIC_ACCESS, EXIT_REASON_APIC_WRITE,
	EXIT_REASON_EPT_VIOLATION, EXIT_REASON_EPT_MISCONFIG,
};

static const unsigned int svm_asked[] = {
	SVM_EXIT_CPUID, SVM_EXIT_VMMCALL, SVM_EXIT_READ_CR0, SVM_EXIT_WRITE_CR0,
	SVM_EXIT_READ_CR3, SVM_EXIT_WRITE_CR3, SVM_EXIT_READ_CR4,
	SVM_EXIT_WRITE_CR4, SVM_EXIT_IOIO, SVM_EXIT_MSR, SVM_EXIT_NPF,
};

/* The high bits of VMX say what else happened; SVM has none. */
static u64 reason_mask(unsigned int where)
{
	return where == PROOF_INTEL ? 0xffff : UINT32_MAX;
}

/**
 * proof_exit_name - name of a reason
 * @where: PROOF_INTEL or PROOF_AMD
 * @reason: field exit_reason of the event kvm_exit
 *
 * Return: the kernel's name, _ for a space, or reason_NUMBER; free() it.
 */
char *proof_exit_name(unsigned int where, u64 reason)
{
	const struct reason *one = where == PROOF_INTEL ? vmx_reasons : svm_reasons;
	const u64 mask = reason_mask(where);
	char *name, *at;

	for (; one->name; one++)
		if (((u64)one->number & mask) == (reason & mask))
			break;
	if (!one->name)
		return xasprintf("reason_%" PRIu64, reason);
	name = reason & ~mask ?
	       xasprintf("%s.0x%" PRIx64, one->name, reason & ~mask) :
	       xstrdup(one->name);
	for (at = name; *at; at++)
		if (*at == ' ')
			*at = '_';
	return name;
}

/**
 * proof_exit_asked - did an instruction of the guest ask for it?
 * @where: PROOF_INTEL or PROOF_AMD
 * @name: of proof_exit_name()
 *
 * Return: true when nothing but an instruction can be the cause.
 */
bool proof_exit_asked(unsigned int where, const char *name)
{
	const unsigned int *asked = where == PROOF_INTEL ? vmx_asked : svm_asked;
	size_t nr = where == PROOF_INTEL ? ARRAY_SIZE(vmx_asked) :
					   ARRAY_SIZE(svm_asked);
	bool found = false;
	char *one;

	while (nr-- && !found) {
		one = proof_exit_name(where, asked[nr]);
		found = !strcmp(one, name);
		free(one);
	}
	return found;
}
