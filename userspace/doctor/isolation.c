// SPDX-License-Identifier: GPL-2.0
/* Checks of what else runs on the CPUs that measure. Pure. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"

/* isolcpus= when booting, or an isolated partition of cpusets since then. */
void judge_isolation(struct machine *machine, struct answer *answer)
{
	const struct fact *boot = machine_fact(machine, DOCTOR_ISOLATED);
	const struct fact *cpuset =
		machine_fact(machine, "/sys/fs/cgroup/cpuset.cpus.isolated");

	answer_cpus(answer, machine, machine_on(machine, cpuset) == ON_ALL ?
		    cpuset : boot, true);
}

void judge_nohz(struct machine *machine, struct answer *answer)
{
	const struct fact *fact = machine_fact(machine, DOCTOR_CPU "nohz_full");

	/* a kernel without CONFIG_NO_HZ_FULL has no such file */
	if (!fact->text && fact->error == ENOENT)
		answer_found(answer, fact);
	else
		answer_cpus(answer, machine, fact, true);
}

/* The last rcu_nocbs= of a command line, without the key; free() it. */
static char *nocbs_of(const char *cmdline)
{
	static const char key[] = "rcu_nocbs=";
	char *copy = xstrdup(cmdline), *save = NULL, *word, *value = NULL;

	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		if (strncmp(word, key, sizeof(key) - 1))
			continue;
		free(value);
		value = xstrdup(word + sizeof(key) - 1);
	}
	free(copy);
	return value;
}

/* CPUs of nohz_full= are freed of callbacks, too. */
void judge_rcu(struct machine *machine, struct answer *answer)
{
	const struct fact *nohz = machine_fact(machine, DOCTOR_CPU "nohz_full");
	const struct fact *cmdline = machine_fact(machine, "/proc/cmdline");
	struct fact list = { cmdline->path, NULL, 0 };

	if (machine_on(machine, nohz) == ON_ALL) {
		answer_fine(answer, nohz);
		return;
	}
	if (answer_no_text(answer, cmdline))
		return;
	list.text = nocbs_of(cmdline->text);
	if (!list.text)
		answer_found_as(answer, cmdline, "no rcu_nocbs=");
	else if (!strcmp(list.text, "all"))
		answer_fine_as(answer, cmdline, "rcu_nocbs=all");
	else
		answer_cpus(answer, machine, &list, true);
	free(list.text);
}

/* An interrupt without a handler never comes. */
static bool has_handler(struct machine *machine, unsigned int irq)
{
	char *path = xasprintf("/sys/kernel/irq/%u/actions", irq);
	const struct fact *fact = machine_fact(machine, path);

	free(path);
	return !fact->text || *fact->text;
}

void judge_irqs(struct machine *machine, struct answer *answer)
{
	static const char pattern[] = "/proc/irq/*/effective_affinity_list";
	const struct fact *fact;
	bool any = false;
	size_t at = 0;

	while ((fact = machine_next(machine, pattern, &at))) {
		unsigned int irq = 0;

		any = true;
		if (sscanf(fact->path, "/proc/irq/%u/", &irq) == 1 &&
		    !has_handler(machine, irq))
			continue;
		answer_cpus(answer, machine, fact, false);
		if (machine_on(machine, fact) >= ON_SOME)
			answer_list(answer, irq);
	}
	if (!any)
		answer_unread(answer, machine_fact(machine, pattern));
}

void judge_irqbalance(struct machine *machine, struct answer *answer)
{
	struct fact none = { NULL, NULL, 0 };
	char path[] = "/proc/[0-9]*/comm";
	const struct fact *fact;
	unsigned int nr = 0;
	size_t at = 0;

	while ((fact = machine_next(machine, path, &at))) {
		nr += !!fact->text;
		if (fact->text && !strcmp(fact->text, "irqbalance"))
			answer_found(answer, fact);
	}
	if (!nr) {
		answer_unknown(answer, NULL, "no process can be seen in /proc");
		return;
	}
	none.path = path;
	none.text = xasprintf("none of %u processes", nr);
	answer_fine(answer, &none);
	free(none.text);
}

/* A watchdog may be on, but not on CPUs that measure. */
static void judge_dog(struct machine *machine, struct answer *answer,
		      const char *path)
{
	const struct fact *on = machine_fact(machine, path);
	const struct fact *mask =
		machine_fact(machine, "/proc/sys/kernel/watchdog_cpumask");

	if (on->text && strcmp(on->text, "0") &&
	    machine_on(machine, mask) == ON_NONE)
		answer_fine(answer, mask);
	else
		answer_good_or_absent(answer, on,
				      on->text && !strcmp(on->text, "0"));
}

void judge_watchdog(struct machine *machine, struct answer *answer)
{
	judge_dog(machine, answer, "/proc/sys/kernel/watchdog");
}

void judge_nmi_watchdog(struct machine *machine, struct answer *answer)
{
	judge_dog(machine, answer, "/proc/sys/kernel/nmi_watchdog");
}
