// SPDX-License-Identifier: GPL-2.0
/* Checks of KVM and of what QEMU needs. Pure. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpuinfo.h"
#include "doctor/doctor.h"

/* The bit of CapEff: memory may be locked whatever the limit is. */
#define CAP_IPC_LOCK_BIT	14

/* The KVM of one vendor. */
static const struct vendor {
	const char *module;
	const char *posting;
	const char *cpu_flag;
	const char *posting_key;
	const char *posting_flag;
} vendors[] = {
	{ "kvm_intel", "enable_apicv", "vmx", "vmx flags", "apicv" },
	{ "kvm_amd", "avic", "svm", "flags", "avic" },
};

static const struct fact *parameter(struct machine *machine,
				    const char *module, const char *name)
{
	char *path = xasprintf("/sys/module/%s/parameters/%s", module, name);
	const struct fact *fact = machine_fact(machine, path);

	free(path);
	return fact;
}

/* A module, or built in, that has this parameter is there. */
static const struct vendor *loaded(struct machine *machine)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vendors); i++) {
		const struct fact *fact = parameter(machine, vendors[i].module,
						    vendors[i].posting);

		if (fact->text || fact->error != ENOENT)
			return &vendors[i];
	}
	return NULL;
}

static bool is_off(const struct fact *fact)
{
	return fact->text && (!strcmp(fact->text, "N") || !strcmp(fact->text, "0"));
}

static void judge_not_loaded(struct machine *machine, struct answer *answer)
{
	const struct fact *cpuinfo = machine_fact(machine, "/proc/cpuinfo");
	size_t i;

	if (answer_no_text(answer, cpuinfo))
		return;
	for (i = 0; i < ARRAY_SIZE(vendors); i++) {
		char *mend;

		if (!machine_has_flag(machine, vendors[i].cpu_flag))
			continue;
		answer_found(answer, parameter(machine, vendors[i].module,
					       vendors[i].posting));
		mend = xasprintf("modprobe %s", vendors[i].module);
		answer_mend(answer, mend);
		free(mend);
		return;
	}
	answer_found_as(answer, cpuinfo, "flags: neither vmx nor svm");
	answer_mend(answer, "");
}

void judge_kvm(struct machine *machine, struct answer *answer)
{
	const struct vendor *vendor = loaded(machine);

	if (vendor)
		answer_good(answer, parameter(machine, vendor->module,
					      vendor->posting), true);
	else
		judge_not_loaded(machine, answer);
}

/* Off in a module that can be loaded anew with another value. */
static void mend_parameter(struct answer *answer, const struct vendor *vendor,
			   const char *name, int value)
{
	char *mend = xasprintf("modprobe -r %s && modprobe %s %s=%d",
			       vendor->module, vendor->module, name, value);

	answer_mend(answer, mend);
	free(mend);
}

void judge_posting(struct machine *machine, struct answer *answer)
{
	const struct vendor *vendor = loaded(machine);
	const struct fact *fact;
	char *flags;

	if (!vendor) {
		answer_unknown(answer, NULL, "neither kvm_intel nor kvm_amd is loaded");
		return;
	}
	fact = parameter(machine, vendor->module, vendor->posting);
	answer_good(answer, fact, !is_off(fact));
	flags = machine_cpuinfo(machine, vendor->posting_key);
	if (text_has_word(flags, vendor->posting_flag))
		mend_parameter(answer, vendor, vendor->posting, 1);
	else
		/* the CPU does not offer it */
		answer_mend(answer, "");
	free(flags);
}

void judge_nested(struct machine *machine, struct answer *answer)
{
	const struct vendor *vendor = loaded(machine);
	const struct fact *fact;

	if (!vendor) {
		answer_unknown(answer, NULL, "neither kvm_intel nor kvm_amd is loaded");
		return;
	}
	fact = parameter(machine, vendor->module, "nested");
	answer_good(answer, fact, is_off(fact));
	mend_parameter(answer, vendor, "nested", 0);
}

void judge_halt_poll(struct machine *machine, struct answer *answer)
{
	const struct fact *fact = parameter(machine, "kvm", "halt_poll_ns");

	answer_good(answer, fact, is_off(fact));
}

/* Whoever has a file of KVM open holds its module. */
void judge_vms(struct machine *machine, struct answer *answer)
{
	const struct vendor *vendor = loaded(machine);
	const struct fact *fact;
	char *path;

	if (!vendor) {
		answer_fine(answer, parameter(machine, vendors[0].module,
					      vendors[0].posting));
		return;
	}
	path = xasprintf("/sys/module/%s/refcnt", vendor->module);
	fact = machine_fact(machine, path);
	free(path);
	if (!fact->text && fact->error == ENOENT)
		answer_unknown(answer, NULL, "%s is built in: nobody counts who uses it",
			       vendor->module);
	else
		answer_good(answer, fact, is_off(fact));
}

void judge_huge_pages(struct machine *machine, struct answer *answer)
{
	static const char pattern[] =
		"/sys/kernel/mm/hugepages/hugepages-*/free_hugepages";
	const struct fact *fact, *some = NULL;
	size_t at = 0;

	while ((fact = machine_next(machine, pattern, &at)))
		if (fact->text && !is_off(fact))
			some = fact;
	if (some) {
		answer_fine(answer, some);
		return;
	}
	for (at = 0; (fact = machine_next(machine, pattern, &at));)
		answer_good(answer, fact, false);
	if (answer->state == DOCTOR_FINE)
		answer_unread(answer, machine_fact(machine, pattern));
}

/* What stands behind a key of a file's lines; NULL: no such line. */
static const char *behind(const struct fact *fact, const char *key)
{
	const char *line = fact->text ? strstr(fact->text, key) : NULL;

	if (!line)
		return NULL;
	line += strlen(key);
	return line + strspn(line, " \t");
}

void judge_memlock(struct machine *machine, struct answer *answer)
{
	const struct fact *limits = machine_fact(machine, "/proc/self/limits");
	const struct fact *status = machine_fact(machine, "/proc/self/status");
	const struct fact *meminfo = machine_fact(machine, "/proc/meminfo");
	const char *may = behind(status, "CapEff:");
	const char *limit = behind(limits, "Max locked memory");
	const char *total_kib = behind(meminfo, "MemTotal:");
	char *value;

	if (may && strtoull(may, NULL, 16) >> CAP_IPC_LOCK_BIT & 1) {
		answer_fine_as(answer, status, "CapEff: CAP_IPC_LOCK");
		return;
	}
	if (answer_no_text(answer, limits))
		return;
	if (!limit || !strcspn(limit, "\n ")) {
		answer_unknown(answer, limits, "%s: no limit of locked memory",
			       limits->path);
		return;
	}
	value = xasprintf("Max locked memory: %.*s",
			  (int)strcspn(limit, "\n "), limit);
	if (!strncmp(limit, "unlimited", 9) ||
	    (total_kib && strtoull(limit, NULL, 10) / 1024 >=
	     strtoull(total_kib, NULL, 10)))
		answer_fine_as(answer, limits, value);
	else
		answer_found_as(answer, limits, value);
	free(value);
}
