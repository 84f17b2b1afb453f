// SPDX-License-Identifier: GPL-2.0
/* A machine from a text: lines of a path, a blank and what is in the file. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "doctor/doctor.h"

/**
 * fuzz_machine - note the files of a text
 * @machine: receives them
 * @text: lines; lines of one path that follow each other are lines of one
 *	file, else the later one counts; "!path error" is a file that cannot be
 *	read, "#" begins a comment
 */
void fuzz_machine(struct machine *machine, const char *text)
{
	char *copy = xstrdup(text), *save = NULL, *line, *before = NULL;

	for (line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *blank = strchr(line, ' '), *value, *longer;

		if (*line != '/' && *line != '!')
			continue;
		if (blank)
			*blank = 0;
		value = blank ? blank + 1 : line + strlen(line);
		if (*line == '!') {
			machine_add(machine, line + 1, NULL,
				    blank ? atoi(value) : ENOENT);
		} else if (before && !strcmp(before, line)) {
			const char *had = machine_fact(machine, line)->text;

			longer = xasprintf("%s\n%s", had ? had : "", value);
			machine_add(machine, line, longer, 0);
			free(longer);
		} else {
			machine_add(machine, line, value, 0);
		}
		before = line;
	}
	free(copy);
}
