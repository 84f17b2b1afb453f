// SPDX-License-Identifier: GPL-2.0
/* What a check of the machine comes to. Pure. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"

/* What was read is kept for the strongest state alone. */
static bool rise(struct answer *answer, enum doctor_state state)
{
	if (state < answer->state)
		return false;
	if (state > answer->state)
		json_array_clear(answer->read);
	answer->state = state;
	return true;
}

static void note(struct answer *answer, const struct fact *fact,
		 const char *value)
{
	json_t *read;

	if (!fact)
		return;
	read = json_object();
	json_object_set_new(read, "file", json_string(fact->path));
	/* a file of many lines is shown by what was found in it, or the first */
	if (fact->text)
		json_object_set_new(read, "value",
				    json_stringn(value, strcspn(value, "\n")));
	else
		json_object_set_new(read, "error",
				    json_string(strerror(fact->error)));
	json_array_append_new(answer->read, read);
}

/**
 * answer_fine_as - a file that says that nothing is wrong
 * @answer: answer
 * @fact: the file
 * @value: what of it is shown
 */
void answer_fine_as(struct answer *answer, const struct fact *fact,
		    const char *value)
{
	if (rise(answer, DOCTOR_FINE))
		note(answer, fact, value);
}

/**
 * answer_fine - a file that says that nothing is wrong
 * @answer: answer
 * @fact: the file
 */
void answer_fine(struct answer *answer, const struct fact *fact)
{
	answer_fine_as(answer, fact, fact->text);
}

/**
 * answer_found_as - a file in which something was found
 * @answer: answer
 * @fact: the file
 * @value: what of it is shown
 */
void answer_found_as(struct answer *answer, const struct fact *fact,
		     const char *value)
{
	if (rise(answer, DOCTOR_FOUND))
		note(answer, fact, value);
}

/**
 * answer_found - a file in which something was found
 * @answer: answer
 * @fact: the file
 */
void answer_found(struct answer *answer, const struct fact *fact)
{
	answer_found_as(answer, fact, fact->text);
}

/**
 * answer_unknown - what decides is not to be had
 * @answer: answer
 * @fact: a file that was read, or NULL
 * @fmt: printf format of the reason
 */
void answer_unknown(struct answer *answer, const struct fact *fact,
		    const char *fmt, ...)
{
	va_list args;

	if (!rise(answer, DOCTOR_UNKNOWN))
		return;
	/* the first one is the cause */
	if (!answer->reason) {
		va_start(args, fmt);
		if (vasprintf(&answer->reason, fmt, args) < 0)
			answer->reason = NULL;
		va_end(args);
	}
	/* only now: an argument may be what strerror() said, and this calls it, too */
	note(answer, fact, fact ? fact->text : NULL);
}

/**
 * answer_unread - a file that decides and could not be read
 * @answer: answer
 * @fact: the file
 */
void answer_unread(struct answer *answer, const struct fact *fact)
{
	if (fact->error == EACCES || fact->error == EPERM)
		answer->denied = true;
	answer_unknown(answer, fact, "%s: %s", fact->path,
		       strerror(fact->error));
}

/**
 * answer_no_text - could a file that decides not be read?
 * @answer: becomes unknown then
 * @fact: the file
 *
 * Return: true when it could not.
 */
bool answer_no_text(struct answer *answer, const struct fact *fact)
{
	if (fact->text)
		return false;
	answer_unread(answer, fact);
	return true;
}

/**
 * answer_good - a file that decides
 * @answer: answer
 * @fact: the file
 * @good: nothing is wrong with its value, if it has one
 */
void answer_good(struct answer *answer, const struct fact *fact, bool good)
{
	if (answer_no_text(answer, fact))
		return;
	if (good)
		answer_fine(answer, fact);
	else
		answer_found(answer, fact);
}

/**
 * answer_good_or_absent - a file of something that a kernel need not have
 * @answer: answer
 * @fact: the file; when it does not exist all is well
 * @good: nothing is wrong with its value, if it has one
 */
void answer_good_or_absent(struct answer *answer, const struct fact *fact,
			   bool good)
{
	if (!fact->text && fact->error == ENOENT)
		answer_fine(answer, fact);
	else
		answer_good(answer, fact, good);
}

/**
 * answer_cpus - a file with CPUs in it decides
 * @answer: answer
 * @machine: machine
 * @fact: the file
 * @wanted: all CPUs that measure have to be in it; else: none of them
 */
void answer_cpus(struct answer *answer, const struct machine *machine,
		 const struct fact *fact, bool wanted)
{
	enum on on = machine_on(machine, fact);

	if (answer_no_text(answer, fact))
		return;
	if (on == ON_UNKNOWN)
		answer_unknown(answer, fact, "%s: %s: not a list of CPUs",
			       fact->path, fact->text);
	else
		answer_good(answer, fact, on == (wanted ? ON_ALL : ON_NONE));
}

/**
 * answer_list - one more that the mending command has to name
 * @answer: answer
 * @number: its number
 */
void answer_list(struct answer *answer, unsigned long number)
{
	char *longer = answer->list ?
		       xasprintf("%s,%lu", answer->list, number) :
		       xasprintf("%lu", number);

	free(answer->list);
	answer->list = longer;
}

/**
 * answer_mend - another command than the check's own mends it
 * @answer: answer
 * @mend: the command; empty: none does
 */
void answer_mend(struct answer *answer, const char *mend)
{
	free(answer->mend);
	answer->mend = xstrdup(mend);
}
