// SPDX-License-Identifier: GPL-2.0
/* Checks of the CPUs: clock, speed, sleep, threads. Pure. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpuinfo.h"
#include "doctor/doctor.h"

/* A C-state that takes longer to leave than this is deep, us. */
#define DEEP_US		2

void judge_hypervisor(struct machine *machine, struct answer *answer)
{
	const struct fact *fact = machine_fact(machine, "/proc/cpuinfo");

	if (answer_no_text(answer, fact))
		return;
	if (machine_has_flag(machine, "hypervisor"))
		answer_found_as(answer, fact, "flags: hypervisor");
	else
		answer_fine_as(answer, fact, "flags: no hypervisor");
}

void judge_tsc(struct machine *machine, struct answer *answer)
{
	const struct fact *fact = machine_fact(machine, "/proc/cpuinfo");
	bool constant = machine_has_flag(machine, "constant_tsc");
	bool nonstop = machine_has_flag(machine, "nonstop_tsc");

	if (answer_no_text(answer, fact))
		return;
	if (!constant)
		answer_found_as(answer, fact, "flags: no constant_tsc");
	if (!nonstop)
		answer_found_as(answer, fact, "flags: no nonstop_tsc");
	if (constant && nonstop)
		answer_fine_as(answer, fact, "flags: constant_tsc nonstop_tsc");
}

void judge_clocksource(struct machine *machine, struct answer *answer)
{
	static const char dir[] = "/sys/devices/system/clocksource/clocksource0/";
	char *path = xasprintf("%scurrent_clocksource", dir);
	const struct fact *fact = machine_fact(machine, path);

	free(path);
	path = xasprintf("%savailable_clocksource", dir);
	answer_good(answer, fact, fact->text && !strcmp(fact->text, "tsc"));
	if (!text_has_word(machine_fact(machine, path)->text, "tsc"))
		answer_mend(answer, "boot with clocksource=tsc tsc=reliable");
	free(path);
}

static void judge_count(struct machine *machine, struct answer *answer,
			const struct fact *fact)
{
	char *value;

	if (!fact->text && fact->error == ENOENT)
		answer_unknown(answer, fact, "%s: %s: modprobe msr", fact->path,
			       strerror(fact->error));
	if (answer_no_text(answer, fact))
		return;
	value = xasprintf("MSR 0x34: %s more in %u s", fact->text,
			  machine->smi_seconds);
	if (strcmp(fact->text, "0"))
		answer_found_as(answer, fact, value);
	else
		answer_fine_as(answer, fact, value);
	free(value);
}

void judge_smi(struct machine *machine, struct answer *answer)
{
	const char *no = machine_no_smis(machine);
	unsigned int i;

	if (!no && !machine->smi_seconds)
		no = "not counted";
	if (no) {
		answer_unknown(answer, NULL, "%s", no);
		return;
	}
	for (i = 0; i < machine->cpus.nr; i++) {
		char *path = xasprintf(DOCTOR_MSR, machine->cpus.cpu[i]);

		judge_count(machine, answer, machine_fact(machine, path));
		free(path);
	}
}

void judge_governor(struct machine *machine, struct answer *answer)
{
	unsigned int i;

	for (i = 0; i < machine->cpus.nr; i++) {
		const struct fact *fact =
			machine_cpu_fact(machine, machine->cpus.cpu[i],
					 "cpufreq/scaling_governor");

		answer_good(answer, fact,
			    fact->text && !strcmp(fact->text, "performance"));
	}
}

/* The two say the opposite: turbo is off when this is 1, boost when it is 0. */
void judge_turbo(struct machine *machine, struct answer *answer)
{
	const struct fact *intel =
		machine_fact(machine, DOCTOR_CPU "intel_pstate/no_turbo");
	const struct fact *boost =
		machine_fact(machine, DOCTOR_CPU "cpufreq/boost");

	if (intel->text)
		answer_good(answer, intel, !strcmp(intel->text, "1"));
	if (boost->text)
		answer_good(answer, boost, !strcmp(boost->text, "0"));
	if (!intel->text && !boost->text)
		answer_unread(answer, intel->error == ENOENT ? boost : intel);
	if (boost->text && strcmp(boost->text, "0"))
		answer_mend(answer, "echo 0 >" DOCTOR_CPU "cpufreq/boost");
}

/* A limit in us; -1: there is none. "n/a" is how the kernel writes 0. */
static long long limit_us(const struct fact *fact, bool zero_is_none)
{
	uint64_t us;

	if (!fact->text)
		return -1;
	if (!strcmp(fact->text, "n/a"))
		return 0;
	if (parse_u64(fact->text, &us) || us > INT32_MAX ||
	    (!us && zero_is_none))
		return -1;
	return (long long)us;
}

static bool is_shallow(long long us)
{
	return us >= 0 && us <= DEEP_US;
}

/* A state of a CPU, by its file latency. */
static void judge_state(struct machine *machine, struct answer *answer,
			const struct fact *fact)
{
	const char *slash = strrchr(fact->path, '/');
	const struct fact *disable;
	uint64_t us;
	char *path;

	if (answer_no_text(answer, fact))
		return;
	path = xasprintf("%.*s/disable", (int)(slash - fact->path), fact->path);
	disable = machine_fact(machine, path);
	free(path);
	if (parse_u64(fact->text, &us))
		answer_unknown(answer, fact, "%s: %s: not a number", fact->path,
			       fact->text);
	else if (us <= DEEP_US)
		answer_fine(answer, fact);
	else
		answer_good(answer, disable->text ? disable : fact,
			    disable->text && strcmp(disable->text, "0"));
}

static void judge_cpu_idle(struct machine *machine, struct answer *answer,
			   unsigned int cpu)
{
	const struct fact *limit =
		machine_cpu_fact(machine, cpu, "power/pm_qos_resume_latency_us");
	char *pattern = xasprintf(DOCTOR_CPU "cpu%u/cpuidle/state*/latency", cpu);
	const struct fact *fact;
	bool any = false;
	size_t at = 0;

	if (is_shallow(limit_us(limit, true))) {
		answer_fine(answer, limit);
		free(pattern);
		return;
	}
	while ((fact = machine_next(machine, pattern, &at))) {
		judge_state(machine, answer, fact);
		any = true;
	}
	if (!any)
		answer_unread(answer, machine_fact(machine, pattern));
	free(pattern);
}

void judge_idle(struct machine *machine, struct answer *answer)
{
	const struct fact *driver =
		machine_fact(machine, DOCTOR_CPU "cpuidle/current_driver");
	const struct fact *global = machine_fact(machine, "/dev/cpu_dma_latency");
	unsigned int i;

	if (driver->text && !strcmp(driver->text, "none")) {
		answer_fine(answer, driver);
		return;
	}
	if (is_shallow(limit_us(global, false))) {
		answer_fine(answer, global);
		return;
	}
	for (i = 0; i < machine->cpus.nr; i++)
		judge_cpu_idle(machine, answer, machine->cpus.cpu[i]);
}

/* Can a sibling be switched off without losing a CPU that is needed? */
static bool is_spare(const struct machine *machine, unsigned int cpu)
{
	return cpu && !cpulist_has(&machine->cpus, cpu);
}

/* By number, so that one that two CPUs name is there once. */
static void mend_smt(struct machine *machine, const struct cpulist *siblings,
		     unsigned int cpu, struct cpulist *spare, bool *all_spare)
{
	unsigned int i;

	for (i = 0; i < siblings->nr; i++) {
		if (siblings->cpu[i] == cpu)
			continue;
		if (!is_spare(machine, siblings->cpu[i]))
			*all_spare = false;
		else if (!cpulist_has(spare, siblings->cpu[i]))
			cpulist_add(spare, siblings->cpu[i]);
	}
}

void judge_smt(struct machine *machine, struct answer *answer)
{
	struct cpulist siblings, spare = { 0, NULL };
	bool all_spare = true;
	unsigned int i;

	for (i = 0; i < machine->cpus.nr; i++) {
		const struct fact *fact =
			machine_cpu_fact(machine, machine->cpus.cpu[i],
					 "topology/thread_siblings_list");

		if (answer_no_text(answer, fact))
			continue;
		if (cpulist_parse(&siblings, fact->text, NULL)) {
			answer_unknown(answer, fact, "%s: %s: not a list of CPUs",
				       fact->path, fact->text);
			continue;
		}
		answer_good(answer, fact, siblings.nr < 2);
		mend_smt(machine, &siblings, machine->cpus.cpu[i], &spare,
			 &all_spare);
		cpulist_free(&siblings);
	}
	for (i = 0; i < spare.nr; i++)
		answer_list(answer, spare.cpu[i]);
	if (!all_spare)
		answer_mend(answer, "echo off >" DOCTOR_CPU
			    "smt/control (and measure on one thread of a core)");
	cpulist_free(&spare);
}
