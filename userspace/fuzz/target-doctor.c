// SPDX-License-Identifier: GPL-2.0
/* Files of a machine, whatever is in them. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "fuzz.h"
#include "proof/platform.h"

/* So many CPUs show all that more would. */
#define MAX_CPUS	16

/* A reader finds what was found and where, or why nothing is known. */
static void check_one(const json_t *check, const struct doctor_check *row)
{
	const char *state = json_text_of(check, "state");
	const json_t *read = json_object_get(check, "read");
	size_t i;

	must(!strcmp(json_text_of(check, "id"), row->id));
	must(strcmp(state, "found") || json_array_size(read));
	must(!strcmp(state, "unknown") ==
	     json_is_string(json_object_get(check, "reason")));
	must(!strcmp(state, "found") ||
	     json_is_null(json_object_get(check, "mend")));
	for (i = 0; i < json_array_size(read); i++) {
		const json_t *file = json_array_get(read, i);

		must(json_is_string(json_object_get(file, "file")));
		must(json_is_string(json_object_get(file, "value")) !=
		     json_is_string(json_object_get(file, "error")));
	}
}

void fuzz_doctor(const uint8_t *data, size_t len)
{
	struct machine machine = { .smi_seconds = len & 1 };
	char *text = fuzz_text(data, len);
	struct problem problem = { "" };
	const struct doctor_check *row;
	json_t *checks;
	size_t i = 0;
	int ret;

	fuzz_machine(&machine, text);
	ret = machine_choose_cpus(&machine, NULL, &problem);
	fuzz_said(ret, &problem);
	if (!ret && machine.cpus.nr <= MAX_CPUS) {
		checks = doctor_examine(&machine);
		for (row = doctor_checks; row->id; row++)
			check_one(json_array_get(checks, i++), row);
		must(json_array_size(checks) == i);
		doctor_print(checks, &machine, fuzz_sink());
		doctor_denied(checks);
		json_decref(checks);
	}
	machine_free(&machine);
	free(text);
}
