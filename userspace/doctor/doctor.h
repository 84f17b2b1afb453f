/* SPDX-License-Identifier: GPL-2.0 */
/* What on a machine spoils real-time measurements. Pure, but for read.c. */
#ifndef RTLAT_DOCTOR_H
#define RTLAT_DOCTOR_H

#include <jansson.h>
#include <stdio.h>

#include "base/cpulist.h"

/* How long rtlat doctor counts SMIs when it is not told. */
#define DOCTOR_SMI_SECONDS	5

/**
 * struct fact - one file of the machine
 * @path: the file, as if the machine's root were /
 * @text: what is in it, without white space at its end; NULL: not read
 * @error: errno, when it was not
 */
struct fact {
	char *path;
	char *text;
	int error;
};

/**
 * struct machine - what was read of a machine
 * @cpus: CPUs that will measure
 * @others: CPUs that are online, too
 * @smi_seconds: for how long SMIs were counted; 0: not at all
 * @nr: number of facts
 * @fact: the facts
 */
struct machine {
	struct cpulist cpus;
	struct cpulist others;
	unsigned int smi_seconds;
	size_t nr;
	struct fact **fact;
};

/**
 * enum on - how many of the CPUs that measure are in a list of CPUs
 * @ON_UNKNOWN: there is no such list
 * @ON_NONE: none
 * @ON_SOME: some
 * @ON_ALL: all
 */
enum on {
	ON_UNKNOWN,
	ON_NONE,
	ON_SOME,
	ON_ALL,
};

#define DOCTOR_CPU	"/sys/devices/system/cpu/"
#define DOCTOR_ONLINE	DOCTOR_CPU "online"
#define DOCTOR_ISOLATED	DOCTOR_CPU "isolated"
/* Noted as its fact: how many SMIs there were while they were counted. */
#define DOCTOR_MSR	"/dev/cpu/%u/msr"
#define DOCTOR_MSRS	"/dev/cpu/{cpu}/msr"

void machine_add(struct machine *machine, const char *path, const char *text,
		 int error);
const struct fact *machine_fact(struct machine *machine, const char *path);
const struct fact *machine_cpu_fact(struct machine *machine, unsigned int cpu,
				    const char *file);
const struct fact *machine_next(struct machine *machine, const char *pattern,
				size_t *at);
char *machine_cpuinfo(struct machine *machine, const char *key);
bool machine_has_flag(struct machine *machine, const char *flag);
const char *machine_no_smis(struct machine *machine);
enum on machine_on(const struct machine *machine, const struct fact *fact);
int machine_choose_cpus(struct machine *machine, const char *wanted,
			struct problem *problem);
void machine_free(struct machine *machine);

int machine_read(struct machine *machine, const char *root, const char *cpus,
		 unsigned int smi_seconds, struct problem *problem);

/**
 * enum doctor_severity - what a finding does to a measurement
 * @DOCTOR_SPOILS: it is not the measurement that was meant
 * @DOCTOR_WIDENS: its times are larger, or vary more
 * @DOCTOR_NOTE: to be known and kept alike; not a finding that counts
 */
enum doctor_severity {
	DOCTOR_SPOILS,
	DOCTOR_WIDENS,
	DOCTOR_NOTE,
};

/**
 * enum doctor_state - what a check came to, the stronger one later
 * @DOCTOR_FINE: nothing was found
 * @DOCTOR_UNKNOWN: what decides could not be read
 * @DOCTOR_FOUND: something was
 */
enum doctor_state {
	DOCTOR_FINE,
	DOCTOR_UNKNOWN,
	DOCTOR_FOUND,
};

/**
 * struct answer - what a check came to
 * @state: the strongest so far
 * @denied: what decides may be read, but not by this user
 * @read: the files that made it so, with their values
 * @reason: why it is unknown
 * @list: what the {list} of the mending command stands for
 * @mend: another command than the check's own; empty: none mends it
 */
struct answer {
	enum doctor_state state;
	bool denied;
	json_t *read;
	char *reason;
	char *list;
	char *mend;
};

void answer_fine(struct answer *answer, const struct fact *fact);
void answer_fine_as(struct answer *answer, const struct fact *fact,
		    const char *value);
void answer_found(struct answer *answer, const struct fact *fact);
void answer_found_as(struct answer *answer, const struct fact *fact,
		     const char *value);
void answer_unread(struct answer *answer, const struct fact *fact);
__attribute__((format(printf, 3, 4)))
void answer_unknown(struct answer *answer, const struct fact *fact,
		    const char *fmt, ...);
bool answer_no_text(struct answer *answer, const struct fact *fact);
void answer_good(struct answer *answer, const struct fact *fact, bool good);
void answer_good_or_absent(struct answer *answer, const struct fact *fact,
			   bool good);
void answer_cpus(struct answer *answer, const struct machine *machine,
		 const struct fact *fact, bool wanted);
void answer_list(struct answer *answer, unsigned long number);
void answer_mend(struct answer *answer, const char *mend);

/**
 * struct doctor_check - one thing that is looked at
 * @id: its name
 * @severity: what it does when it is found
 * @reads: the files, with blanks between them; {cpu}: each CPU that measures
 * @why: why it matters
 * @mend: what mends it, NULL when nothing does; {cpus}: the CPUs that measure as
 *	a list, {cpu..}: as bash expands them, {others}: the other ones that are
 *	online, {list}: what was found
 * @judge: looks at the facts
 */
struct doctor_check {
	const char *id;
	enum doctor_severity severity;
	const char *reads;
	const char *why;
	const char *mend;
	void (*judge)(struct machine *machine, struct answer *answer);
};

/* The table; a check without id ends it. */
extern const struct doctor_check doctor_checks[];

/* Of what rtlat doctor --json prints. */
#define DOCTOR_SCHEMA	"rtlat-doctor/1"

json_t *doctor_examine(struct machine *machine);
int doctor_validate(const json_t *all, struct problem *problem);
char *doctor_fill(const char *mend, const struct machine *machine,
		  const char *list);
unsigned int doctor_count(const json_t *checks, const char *state,
			  const char *severity);
bool doctor_denied(const json_t *checks);
void doctor_print(const json_t *checks, const struct machine *machine, FILE *to);
void doctor_list(FILE *to);

/* The checks: each looks at the facts that its row of the table names. */
void judge_hypervisor(struct machine *machine, struct answer *answer);
void judge_tsc(struct machine *machine, struct answer *answer);
void judge_clocksource(struct machine *machine, struct answer *answer);
void judge_smi(struct machine *machine, struct answer *answer);
void judge_governor(struct machine *machine, struct answer *answer);
void judge_turbo(struct machine *machine, struct answer *answer);
void judge_idle(struct machine *machine, struct answer *answer);
void judge_smt(struct machine *machine, struct answer *answer);

void judge_isolation(struct machine *machine, struct answer *answer);
void judge_nohz(struct machine *machine, struct answer *answer);
void judge_rcu(struct machine *machine, struct answer *answer);
void judge_irqs(struct machine *machine, struct answer *answer);
void judge_irqbalance(struct machine *machine, struct answer *answer);
void judge_watchdog(struct machine *machine, struct answer *answer);
void judge_nmi_watchdog(struct machine *machine, struct answer *answer);

void judge_preempt(struct machine *machine, struct answer *answer);
void judge_throttle(struct machine *machine, struct answer *answer);
void judge_fair_server(struct machine *machine, struct answer *answer);
void judge_thp(struct machine *machine, struct answer *answer);
void judge_ksm(struct machine *machine, struct answer *answer);
void judge_numa(struct machine *machine, struct answer *answer);
void judge_mitigations(struct machine *machine, struct answer *answer);
void judge_modules(struct machine *machine, struct answer *answer);
void judge_lockdown(struct machine *machine, struct answer *answer);
void judge_signatures(struct machine *machine, struct answer *answer);
void judge_secure_boot(struct machine *machine, struct answer *answer);

void judge_kvm(struct machine *machine, struct answer *answer);
void judge_posting(struct machine *machine, struct answer *answer);
void judge_nested(struct machine *machine, struct answer *answer);
void judge_halt_poll(struct machine *machine, struct answer *answer);
void judge_vms(struct machine *machine, struct answer *answer);
void judge_huge_pages(struct machine *machine, struct answer *answer);
void judge_memlock(struct machine *machine, struct answer *answer);

#endif /* RTLAT_DOCTOR_H */
