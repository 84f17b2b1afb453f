// SPDX-License-Identifier: GPL-2.0
/* Machines for the tests of rtlat doctor: from tests/doctor, in memory or as a tree. */

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>

#include "made-machine.h"

/* Every other machine is told by what differs from this one. */
#define BASE	"intel-server"

static char *machine_text(const char *name)
{
	char *path = xasprintf("%s/../doctor/%s", golden_dir(), name);
	char *text = read_text(path, NULL);

	assert_non_null(text);
	free(path);
	return text;
}

/* All of it but the choice of CPUs. */
static void fill(struct machine *machine, const char *name, const char *more)
{
	char *base = machine_text(BASE), *text = machine_text(name);

	memset(machine, 0, sizeof(*machine));
	machine->smi_seconds = DOCTOR_SMI_SECONDS;
	fuzz_machine(machine, base);
	if (strcmp(name, BASE))
		fuzz_machine(machine, text);
	fuzz_machine(machine, more);
	free(text);
	free(base);
}

/**
 * make_machine - a machine of tests/doctor
 * @machine: receives it; machine_free() it
 * @name: file there
 * @more: lines of the same form, which differ from it
 */
void make_machine(struct machine *machine, const char *name, const char *more)
{
	fill(machine, name, more);
	assert_int_equal(machine_choose_cpus(machine, NULL, NULL), 0);
}

/* As the kernel has it where that is no text. */
static void write_fact(const char *root, const struct fact *fact)
{
	const char *path = fact->path + 1;
	char data[0x34 + 8] = "";
	int32_t us = atoi(fact->text);
	char *text;

	if (!strcmp(fact->path, "/dev/cpu_dma_latency")) {
		write_file(root, path, &us, sizeof(us));
	} else if (!fnmatch("/dev/cpu/*/msr", fact->path, FNM_PATHNAME)) {
		write_file(root, path, data, sizeof(data));
	} else if (strstr(path, "/SecureBoot-")) {
		data[0] = 6;
		data[4] = (char)us;
		write_file(root, path, data, 5);
	} else {
		text = xasprintf("%s\n", fact->text);
		write_file(root, path, text, strlen(text));
		free(text);
	}
}

/**
 * make_root - a machine of tests/doctor as a tree of files
 * @name: file there
 * @more: lines of the same form, which differ from it
 *
 * Return: its root; remove_tree() and free() it.
 */
char *make_root(const char *name, const char *more)
{
	struct machine machine;
	char *root = temp_dir();
	size_t i;

	fill(&machine, name, more);
	for (i = 0; i < machine.nr; i++)
		if (machine.fact[i]->text)
			write_fact(root, machine.fact[i]);
	machine_free(&machine);
	return root;
}

/**
 * check_of - one check; fails the test when it is not there
 * @checks: all checks
 * @id: its name
 *
 * Return: its object.
 */
const json_t *check_of(const json_t *checks, const char *id)
{
	size_t i;

	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);

		if (!strcmp(json_string_value(json_object_get(check, "id")), id))
			return check;
	}
	fail_msg("no check %s", id);
	return NULL;
}

/**
 * ids_of - the checks that came to a state
 * @checks: all checks
 * @state: the state
 *
 * Return: their names with a blank between them; free() it.
 */
char *ids_of(const json_t *checks, const char *state)
{
	char *all = xstrdup("");
	size_t i;

	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		char *longer;

		if (strcmp(json_string_value(json_object_get(check, "state")),
			   state))
			continue;
		longer = xasprintf("%s%s%s", all, *all ? " " : "",
				   json_string_value(json_object_get(check, "id")));
		free(all);
		all = longer;
	}
	return all;
}
