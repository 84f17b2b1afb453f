// SPDX-License-Identifier: GPL-2.0
/* What was read of a machine. Pure. */

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpuinfo.h"
#include "doctor/doctor.h"

/* Values are shown and go into JSON: plain characters only. */
static char *clean_copy(const char *text)
{
	size_t len = text ? strlen(text) : 0;
	char *copy = xstrdup(text), *at;

	while (len && isspace((unsigned char)copy[len - 1]))
		copy[--len] = 0;
	for (at = copy; at && *at; at++)
		if (!isprint((unsigned char)*at) && *at != '\n' && *at != '\t')
			*at = '?';
	return copy;
}

/* A name from a folder may hold any character: it is known as it is shown. */
static struct fact *find(const struct machine *machine, const char *path)
{
	char *clean = clean_copy(path);
	struct fact *fact = NULL;
	size_t i;

	for (i = 0; i < machine->nr && !fact; i++)
		if (!strcmp(machine->fact[i]->path, clean))
			fact = machine->fact[i];
	free(clean);
	return fact;
}

/**
 * machine_add - note what a file held
 * @machine: machine
 * @path: the file
 * @text: what was in it, NULL when it could not be read
 * @error: errno in that case
 *
 * What was known of the file is forgotten.
 */
void machine_add(struct machine *machine, const char *path, const char *text,
		 int error)
{
	struct fact *fact = find(machine, path);

	if (!fact) {
		fact = xcalloc(1, sizeof(*fact));
		fact->path = clean_copy(path);
		machine->fact = xrealloc(machine->fact, (machine->nr + 1) *
					 sizeof(*machine->fact));
		machine->fact[machine->nr++] = fact;
	}
	free(fact->text);
	fact->text = clean_copy(text);
	fact->error = text ? 0 : error;
}

/**
 * machine_fact - what is known of a file
 * @machine: machine
 * @path: the file
 *
 * Return: the fact; of a file that was not looked for, that it is not there.
 */
const struct fact *machine_fact(struct machine *machine, const char *path)
{
	if (!find(machine, path))
		machine_add(machine, path, NULL, ENOENT);
	return find(machine, path);
}

/**
 * machine_cpu_fact - what is known of a file that each CPU has
 * @machine: machine
 * @cpu: CPU
 * @file: below the CPU's folder
 *
 * Return: the fact.
 */
const struct fact *machine_cpu_fact(struct machine *machine, unsigned int cpu,
				    const char *file)
{
	char *path = xasprintf(DOCTOR_CPU "cpu%u/%s", cpu, file);
	const struct fact *fact = machine_fact(machine, path);

	free(path);
	return fact;
}

/**
 * machine_next - the next file of a pattern
 * @machine: machine
 * @pattern: as for the shell; also found is that nothing could be
 * @at: where to go on; 0 at first
 *
 * Return: the fact, NULL when there are no more.
 */
const struct fact *machine_next(struct machine *machine, const char *pattern,
				size_t *at)
{
	while (*at < machine->nr) {
		const struct fact *fact = machine->fact[(*at)++];

		if (!fnmatch(pattern, fact->path, FNM_PATHNAME))
			return fact;
	}
	return NULL;
}

/**
 * machine_cpuinfo - a line of /proc/cpuinfo
 * @machine: machine
 * @key: what stands before the colon
 *
 * Return: the first CPU's, or NULL; free() it.
 */
char *machine_cpuinfo(struct machine *machine, const char *key)
{
	return cpuinfo_field(machine_fact(machine, "/proc/cpuinfo")->text, key);
}

/**
 * machine_has_flag - is a flag in /proc/cpuinfo?
 * @machine: machine
 * @flag: the flag
 *
 * Return: true when it is; false also when that cannot be read.
 */
bool machine_has_flag(struct machine *machine, const char *flag)
{
	char *flags = machine_cpuinfo(machine, "flags");
	bool has = text_has_word(flags, flag);

	free(flags);
	return has;
}

/**
 * machine_no_smis - why SMIs cannot be counted
 * @machine: machine
 *
 * Return: the reason; NULL when they can.
 */
const char *machine_no_smis(struct machine *machine)
{
	char *vendor = machine_cpuinfo(machine, "vendor_id");
	bool intel = vendor && !strcmp(vendor, "GenuineIntel");

	free(vendor);
	if (!machine_fact(machine, "/proc/cpuinfo")->text)
		return "whose CPU it is cannot be read";
	if (!intel)
		return "only Intel's CPUs count them in a register (MSR 0x34)";
	if (machine_has_flag(machine, "hypervisor"))
		return "a virtual machine does not see those of the machine below";
	return NULL;
}

/* Of a list that the kernel gives; empty when it cannot be read. */
static void list_of(struct machine *machine, const char *path,
		    struct cpulist *list)
{
	const struct fact *fact = machine_fact(machine, path);
	struct cpulist none = { 0, NULL };

	if (!fact->text || cpulist_parse(list, fact->text, NULL))
		*list = none;
}

static int check_online(const struct machine *machine,
			const struct cpulist *online, struct problem *problem)
{
	unsigned int i;

	for (i = 0; i < machine->cpus.nr; i++) {
		char *text;

		if (cpulist_has(online, machine->cpus.cpu[i]))
			continue;
		text = cpulist_text(online);
		problem_set(problem, "CPU %u is not online (online: %s)",
			    machine->cpus.cpu[i], text);
		free(text);
		return -EINVAL;
	}
	return 0;
}

/* The isolated ones; without any, all but the first. */
static void choose_by_itself(struct machine *machine,
			     const struct cpulist *online)
{
	struct cpulist isolated;
	unsigned int i;

	list_of(machine, DOCTOR_ISOLATED, &isolated);
	for (i = 0; i < online->nr; i++)
		if (cpulist_has(&isolated, online->cpu[i]))
			cpulist_add(&machine->cpus, online->cpu[i]);
	cpulist_free(&isolated);
	if (machine->cpus.nr)
		return;
	for (i = online->nr > 1; i < online->nr; i++)
		cpulist_add(&machine->cpus, online->cpu[i]);
}

/**
 * machine_choose_cpus - which CPUs will measure?
 * @machine: receives them; its lists of CPUs that are online and isolated are
 *	known
 * @wanted: those, NULL: the isolated ones, or all but the first
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int machine_choose_cpus(struct machine *machine, const char *wanted,
			struct problem *problem)
{
	const struct fact *fact = machine_fact(machine, DOCTOR_ONLINE);
	struct cpulist online;
	unsigned int i;
	int ret = 0;

	if (!fact->text)
		return problem_set(problem, "cannot read %s: %s", fact->path,
				   strerror(fact->error));
	if (cpulist_parse(&online, fact->text, NULL))
		return problem_set(problem, "%s: %s: not a list of CPUs",
				   fact->path, fact->text);
	if (!wanted)
		choose_by_itself(machine, &online);
	else
		ret = cpulist_parse(&machine->cpus, wanted, problem);
	if (!ret)
		ret = check_online(machine, &online, problem);
	for (i = 0; !ret && i < online.nr; i++)
		if (!cpulist_has(&machine->cpus, online.cpu[i]))
			cpulist_add(&machine->others, online.cpu[i]);
	cpulist_free(&online);
	return ret;
}

/* "(null)": what some kernels print for no CPU at all. */
static bool parse_list(const char *text, struct cpulist *list)
{
	list->nr = 0;
	list->cpu = NULL;
	if (!*text || !strcmp(text, "(null)"))
		return true;
	return !cpulist_parse(list, text, NULL);
}

/**
 * machine_on - how many of the CPUs that measure are in a list?
 * @machine: machine
 * @fact: a file with a list of CPUs
 *
 * Return: all, some, none; unknown when it could not be read.
 */
enum on machine_on(const struct machine *machine, const struct fact *fact)
{
	unsigned int i, nr = 0;
	struct cpulist list;

	if (!fact->text || !parse_list(fact->text, &list))
		return ON_UNKNOWN;
	for (i = 0; i < machine->cpus.nr; i++)
		nr += cpulist_has(&list, machine->cpus.cpu[i]);
	cpulist_free(&list);
	if (!nr)
		return ON_NONE;
	return nr < machine->cpus.nr ? ON_SOME : ON_ALL;
}

/**
 * machine_free - free what is known of a machine
 * @machine: machine
 */
void machine_free(struct machine *machine)
{
	size_t i;

	for (i = 0; i < machine->nr; i++) {
		free(machine->fact[i]->path);
		free(machine->fact[i]->text);
		free(machine->fact[i]);
	}
	free(machine->fact);
	cpulist_free(&machine->cpus);
	cpulist_free(&machine->others);
}
