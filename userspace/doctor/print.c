// SPDX-License-Identifier: GPL-2.0
/* What the checks of a machine came to, as text. Pure. */

#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "proof/platform.h"

/* Files of one finding that are shown; JSON has all. */
#define MAX_FILES	3

static void print_files(const json_t *read, FILE *to)
{
	const size_t nr = json_array_size(read);
	size_t i;

	for (i = 0; i < nr && i < MAX_FILES; i++) {
		const json_t *file = json_array_get(read, i);
		const char *value = json_string_value(json_object_get(file, "value"));

		if (value)
			fprintf(to, "        %s: %s\n", json_text_of(file, "file"),
				*value ? value : "(empty)");
		else
			fprintf(to, "        %s: %s\n", json_text_of(file, "file"),
				json_text_of(file, "error"));
	}
	if (nr > MAX_FILES)
		fprintf(to, "        and %zu more\n", nr - MAX_FILES);
}

static void print_found(const json_t *check, FILE *to)
{
	const char *mend = json_string_value(json_object_get(check, "mend"));

	fprintf(to, "%-6s  %s: %s\n", json_text_of(check, "severity"),
		json_text_of(check, "id"), json_text_of(check, "why"));
	print_files(json_object_get(check, "read"), to);
	fprintf(to, "        mend: %s\n", mend ? mend : "no command mends it");
}

static bool is(const json_t *check, const char *key, const char *value)
{
	return !strcmp(json_text_of(check, key), value);
}

static void print_severity(const json_t *checks, const char *severity, FILE *to)
{
	size_t i;

	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);

		if (is(check, "state", "found") && is(check, "severity", severity))
			print_found(check, to);
	}
}

static void print_rest(const json_t *checks, FILE *to)
{
	const char *before = "fine:   ";
	size_t i;

	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);

		if (is(check, "state", "unknown"))
			fprintf(to, "unknown %s: %s\n", json_text_of(check, "id"),
				json_text_of(check, "reason"));
	}
	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);

		if (!is(check, "state", "fine"))
			continue;
		fprintf(to, "%s%s", before, json_text_of(check, "id"));
		before = " ";
	}
	if (*before == ' ')
		fputc('\n', to);
}

/**
 * doctor_print - what the checks came to: what is worst first
 * @checks: what doctor_examine() returned
 * @machine: machine
 * @to: where
 */
void doctor_print(const json_t *checks, const struct machine *machine, FILE *to)
{
	char *cpus = cpulist_text(&machine->cpus);

	fprintf(to, "for measurements on CPUs %s\n", cpus);
	print_severity(checks, "spoils", to);
	print_severity(checks, "widens", to);
	print_severity(checks, "note", to);
	print_rest(checks, to);
	fprintf(to, "%u spoil, %u widen, %u to note, %u unknown, %u fine\n",
		doctor_count(checks, "found", "spoils"),
		doctor_count(checks, "found", "widens"),
		doctor_count(checks, "found", "note"),
		doctor_count(checks, "unknown", NULL),
		doctor_count(checks, "fine", NULL));
	free(cpus);
}
