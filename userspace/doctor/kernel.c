// SPDX-License-Identifier: GPL-2.0
/* Checks of the kernel: preemption, throttling, memory, modules. Pure. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpuinfo.h"
#include "doctor/doctor.h"

/* A file of debugfs that decides; the kernel has it, if it has debugfs. */
static void judge_debugfs(struct answer *answer, const struct fact *fact,
			  bool good)
{
	if (!fact->text && fact->error == ENOENT)
		answer_unknown(answer, fact,
			       "%s: %s: mount -t debugfs none /sys/kernel/debug",
			       fact->path, strerror(fact->error));
	else
		answer_good(answer, fact, good);
}

/* PREEMPT_DYNAMIC: the model in use stands in parentheses. */
static void judge_dynamic(struct machine *machine, struct answer *answer)
{
	const struct fact *model =
		machine_fact(machine, "/sys/kernel/debug/sched/preempt");
	const struct fact *cmdline = machine_fact(machine, "/proc/cmdline");

	if (!model->text && text_has_word(cmdline->text, "preempt=full"))
		answer_fine_as(answer, cmdline, "preempt=full");
	else
		/* lazy delays the preemption of ordinary tasks only */
		judge_debugfs(answer, model, model->text &&
			      (strstr(model->text, "(full)") ||
			       strstr(model->text, "(lazy)")));
}

void judge_preempt(struct machine *machine, struct answer *answer)
{
	const struct fact *version = machine_fact(machine, "/proc/version");

	if (answer_no_text(answer, version))
		return;
	if (text_has_word(version->text, "PREEMPT_RT") ||
	    text_has_word(version->text, "PREEMPT")) {
		answer_fine(answer, version);
	} else if (text_has_word(version->text, "PREEMPT_DYNAMIC")) {
		judge_dynamic(machine, answer);
	} else {
		answer_found(answer, version);
		answer_mend(answer, "boot a kernel with PREEMPT_DYNAMIC and preempt=full");
	}
}

/* -1, or as much as the period: no limit. */
void judge_throttle(struct machine *machine, struct answer *answer)
{
	const struct fact *runtime =
		machine_fact(machine, "/proc/sys/kernel/sched_rt_runtime_us");
	const struct fact *period =
		machine_fact(machine, "/proc/sys/kernel/sched_rt_period_us");

	answer_good(answer, runtime, runtime->text &&
		    (!strcmp(runtime->text, "-1") ||
		     (period->text && !strcmp(runtime->text, period->text))));
}

/* Kernels before 6.12 have none: then its folder is not where others are. */
void judge_fair_server(struct machine *machine, struct answer *answer)
{
	const struct fact *features =
		machine_fact(machine, "/sys/kernel/debug/sched/features");
	unsigned int i;

	for (i = 0; i < machine->cpus.nr; i++) {
		char *path = xasprintf("/sys/kernel/debug/sched/fair_server/cpu%u/runtime",
				       machine->cpus.cpu[i]);
		const struct fact *fact = machine_fact(machine, path);

		free(path);
		if (features->text)
			answer_good_or_absent(answer, fact, fact->text &&
					      !strcmp(fact->text, "0"));
		else
			judge_debugfs(answer, fact->text ? fact : features,
				      fact->text && !strcmp(fact->text, "0"));
	}
}

void judge_thp(struct machine *machine, struct answer *answer)
{
	const struct fact *fact =
		machine_fact(machine, "/sys/kernel/mm/transparent_hugepage/enabled");

	answer_good_or_absent(answer, fact,
			      fact->text && !strstr(fact->text, "[always]"));
}

static void judge_zero(struct machine *machine, struct answer *answer,
		       const char *path)
{
	const struct fact *fact = machine_fact(machine, path);

	answer_good_or_absent(answer, fact,
			      fact->text && !strcmp(fact->text, "0"));
}

void judge_ksm(struct machine *machine, struct answer *answer)
{
	const struct fact *fact = machine_fact(machine, "/sys/kernel/mm/ksm/run");

	/* 2: stopped, and what was merged is not any more */
	answer_good_or_absent(answer, fact,
			      fact->text && strcmp(fact->text, "1"));
}

void judge_numa(struct machine *machine, struct answer *answer)
{
	judge_zero(machine, answer, "/proc/sys/kernel/numa_balancing");
}

void judge_mitigations(struct machine *machine, struct answer *answer)
{
	static const char pattern[] = DOCTOR_CPU "vulnerabilities/*";
	const struct fact *fact;
	bool any = false;
	size_t at = 0;

	while ((fact = machine_next(machine, pattern, &at))) {
		answer_good(answer, fact, fact->text &&
			    !strstr(fact->text, "Mitigation"));
		any = true;
	}
	if (!any)
		answer_unread(answer, machine_fact(machine, pattern));
}

void judge_modules(struct machine *machine, struct answer *answer)
{
	const struct fact *modules = machine_fact(machine, "/proc/modules");
	const struct fact *disabled =
		machine_fact(machine, "/proc/sys/kernel/modules_disabled");

	/* a kernel without CONFIG_MODULES has neither */
	if (!modules->text && modules->error == ENOENT)
		answer_found(answer, modules);
	else
		answer_good(answer, disabled,
			    disabled->text && !strcmp(disabled->text, "0"));
}

/* Then it was not refused. */
static bool rtlat_is_loaded(struct machine *machine, struct answer *answer)
{
	const struct fact *loaded =
		machine_fact(machine, "/sys/module/rtlat/refcnt");

	if (loaded->text)
		answer_fine(answer, loaded);
	return loaded->text;
}

void judge_lockdown(struct machine *machine, struct answer *answer)
{
	const struct fact *lockdown =
		machine_fact(machine, "/sys/kernel/security/lockdown");
	const struct fact *lsm = machine_fact(machine, "/sys/kernel/security/lsm");

	if (rtlat_is_loaded(machine, answer))
		return;
	if (!lockdown->text && lsm->text && !strstr(lsm->text, "lockdown"))
		answer_fine(answer, lsm);
	else
		answer_good(answer, lockdown, lockdown->text &&
			    strstr(lockdown->text, "[none]"));
}

void judge_signatures(struct machine *machine, struct answer *answer)
{
	const struct fact *fact =
		machine_fact(machine, "/sys/module/module/parameters/sig_enforce");

	if (!rtlat_is_loaded(machine, answer))
		answer_good_or_absent(answer, fact, fact->text &&
				      !strcmp(fact->text, "N"));
}

void judge_secure_boot(struct machine *machine, struct answer *answer)
{
	static const char pattern[] = "/sys/firmware/efi/efivars/SecureBoot-*";
	const struct fact *efi =
		machine_fact(machine, "/sys/firmware/efi/fw_platform_size");
	const struct fact *fact;
	bool any = false;
	size_t at = 0;

	if (!efi->text && efi->error == ENOENT) {
		answer_fine(answer, efi);
		return;
	}
	while ((fact = machine_next(machine, pattern, &at))) {
		answer_good(answer, fact, fact->text && !strcmp(fact->text, "0"));
		any = true;
	}
	if (!any)
		answer_unread(answer, machine_fact(machine, pattern));
}
