// SPDX-License-Identifier: GPL-2.0
/* What on a machine spoils a measurement: all checks. Pure. */

#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "proof/platform.h"

static const char *const severity_names[] = {
	[DOCTOR_SPOILS] = "spoils",
	[DOCTOR_WIDENS] = "widens",
	[DOCTOR_NOTE] = "note",
	NULL
};

static const char *const state_names[] = {
	[DOCTOR_FINE] = "fine",
	[DOCTOR_UNKNOWN] = "unknown",
	[DOCTOR_FOUND] = "found",
	NULL
};

/* 0,2-3 as bash expands it: {0,{2..3}}; one number as it is. */
static char *braces(const char *list)
{
	bool several = strchr(list, ',');
	char *all = xstrdup(""), *copy = xstrdup(list), *save = NULL, *one;

	for (one = strtok_r(copy, ",", &save); one;
	     one = strtok_r(NULL, ",", &save)) {
		char *dash = strchr(one, '-'), *longer;

		if (dash)
			*dash = 0;
		longer = dash ?
			 xasprintf("%s%s{%s..%s}", all, *all ? "," : "", one,
				   dash + 1) :
			 xasprintf("%s%s%s", all, *all ? "," : "", one);
		free(all);
		all = longer;
	}
	free(copy);
	if (several) {
		copy = xasprintf("{%s}", all);
		free(all);
		all = copy;
	}
	return all;
}

/* What a placeholder stands for; NULL: it is none. */
static char *stands_for(const char *at, size_t len,
			const struct machine *machine, const char *list)
{
	const char *const names[] = { "{cpus}", "{cpu..}", "{others}", "{list}" };
	char *cpus, *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == len && !memcmp(at, names[i], len))
			break;
	switch (i) {
	case 0:
		return cpulist_text(&machine->cpus);
	case 1:
		cpus = cpulist_text(&machine->cpus);
		text = braces(cpus);
		free(cpus);
		return text;
	case 2:
		/* someone has to keep house */
		return machine->others.nr ? cpulist_text(&machine->others) :
		       xstrdup("0");
	case 3:
		return braces(list ? list : "");
	}
	return NULL;
}

/**
 * doctor_fill - a command with its placeholders filled in
 * @mend: the command
 * @machine: machine
 * @list: what {list} stands for; NULL: nothing
 *
 * Return: the text; free() it.
 */
char *doctor_fill(const char *mend, const struct machine *machine,
		  const char *list)
{
	char *all = xstrdup(""), *longer, *word;

	while (*mend) {
		size_t len = 1;
		const char *end;

		word = NULL;
		end = *mend == '{' ? strchr(mend, '}') : NULL;
		if (end)
			word = stands_for(mend, (size_t)(end - mend) + 1,
					  machine, list);
		if (word)
			len = (size_t)(end - mend) + 1;
		else
			word = xstrndup(mend, 1);
		longer = xasprintf("%s%s", all, word);
		free(word);
		free(all);
		all = longer;
		mend += len;
	}
	return all;
}

static json_t *mend_json(const struct doctor_check *check,
			 const struct machine *machine,
			 const struct answer *answer)
{
	const char *mend = answer->mend ? answer->mend : check->mend;
	json_t *json;
	char *text;

	if (answer->state != DOCTOR_FOUND || !mend || !*mend)
		return json_null();
	text = doctor_fill(mend, machine, answer->list);
	json = json_string(text);
	free(text);
	return json;
}

static json_t *check_json(const struct doctor_check *check,
			  struct machine *machine)
{
	struct answer answer = { .read = json_array() };
	json_t *json = json_object();

	check->judge(machine, &answer);
	json_object_set_new(json, "id", json_string(check->id));
	json_object_set_new(json, "state",
			    json_string(state_names[answer.state]));
	json_object_set_new(json, "severity",
			    json_string(severity_names[check->severity]));
	json_object_set_new(json, "read", answer.read);
	json_object_set_new(json, "why", json_string(check->why));
	json_object_set_new(json, "reason", answer.state == DOCTOR_UNKNOWN ?
			    json_string(answer.reason) : json_null());
	json_object_set_new(json, "denied",
			    json_boolean(answer.state == DOCTOR_UNKNOWN &&
					 answer.denied));
	json_object_set_new(json, "mend", mend_json(check, machine, &answer));
	free(answer.reason);
	free(answer.list);
	free(answer.mend);
	return json;
}

/**
 * doctor_examine - make all checks
 * @machine: machine
 *
 * Return: a list, one object for each check, in the order of the table.
 */
json_t *doctor_examine(struct machine *machine)
{
	const struct doctor_check *check;
	json_t *list = json_array();

	for (check = doctor_checks; check->id; check++)
		json_array_append_new(list, check_json(check, machine));
	return list;
}

/**
 * doctor_validate - is an object what rtlat doctor --json printed?
 * @all: the object
 * @problem: receives the first thing that is not
 *
 * Return: 0 or -EINVAL.
 */
int doctor_validate(const json_t *all, struct problem *problem)
{
	const char *schema = json_string_value(json_object_get(all, "schema"));
	const json_t *checks = json_object_get(all, "checks");
	size_t i;

	if (!schema || strcmp(schema, DOCTOR_SCHEMA))
		return problem_set(problem, "schema is %s, not " DOCTOR_SCHEMA,
				   schema ? schema : "missing");
	if (!json_array_size(checks))
		return problem_set(problem, "checks is not a list with checks in it");
	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);

		if (!json_string_length(json_object_get(check, "id")))
			return problem_set(problem, "checks[%zu].id is not a name", i);
		if (!is_one_of(json_text_of(check, "state"), state_names))
			return problem_set(problem, "checks[%zu].state is not known", i);
		if (!is_one_of(json_text_of(check, "severity"), severity_names))
			return problem_set(problem, "checks[%zu].severity is not known",
					   i);
	}
	return 0;
}

/**
 * doctor_count - how many checks came to something
 * @checks: what doctor_examine() returned
 * @state: to what
 * @severity: those of this one only; NULL: all
 *
 * Return: the number.
 */
unsigned int doctor_count(const json_t *checks, const char *state,
			  const char *severity)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);

		nr += !strcmp(json_text_of(check, "state"), state) &&
		      (!severity ||
		       !strcmp(json_text_of(check, "severity"), severity));
	}
	return nr;
}

/**
 * doctor_denied - was something not to be read by this user?
 * @checks: what doctor_examine() returned
 *
 * Return: true when a check that counts came to nothing for that.
 */
bool doctor_denied(const json_t *checks)
{
	size_t i;

	for (i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);

		if (json_is_true(json_object_get(check, "denied")) &&
		    strcmp(json_text_of(check, "severity"),
			   severity_names[DOCTOR_NOTE]))
			return true;
	}
	return false;
}

/**
 * doctor_list - print the table
 * @to: where
 */
void doctor_list(FILE *to)
{
	const struct doctor_check *check;

	for (check = doctor_checks; check->id; check++)
		fprintf(to, "%s%-6s  %s: %s\n        reads %s\n        mend: %s\n",
			check == doctor_checks ? "" : "\n",
			severity_names[check->severity], check->id, check->why,
			check->reads,
			check->mend ? check->mend : "no command mends it");
}
