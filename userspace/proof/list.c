// SPDX-License-Identifier: GPL-2.0
/* Values with one number for each CPU, "1,2,3": made and read. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "proof/parts.h"

/**
 * proof_set_list - one number for each CPU
 * @values: the proof
 * @key: key
 * @number: the numbers
 * @nr: how many; none: "absent"
 */
void proof_set_list(json_t *values, const char *key, const u64 *number, size_t nr)
{
	char *list = xstrdup(nr ? "" : "absent"), *longer;
	size_t i;

	for (i = 0; i < nr; i++) {
		longer = xasprintf("%s%s%" PRIu64, list, i ? "," : "", number[i]);
		free(list);
		list = longer;
	}
	proof_set_word(values, key, list);
	free(list);
}

/* The first number of a list; @text goes on to the next one, or to NULL. */
static bool next_number(const char **text, u64 *number)
{
	const size_t len = strcspn(*text, ",");
	char *one = xstrndup(*text, len);
	const bool good = !parse_u64(one, number) && *number < INT64_MAX / 65536;

	free(one);
	*text = (*text)[len] ? *text + len + 1 : NULL;
	return good;
}

/**
 * proof_list_sum - what a list comes to
 * @value: the list; one number is a list, too
 * @nr: receives how many they are
 * @sum: receives their sum
 *
 * Return: false when it is none.
 */
bool proof_list_sum(const json_t *value, u64 *nr, u64 *sum)
{
	const char *text = json_string_value(value);
	u64 number;

	*nr = 1;
	*sum = (u64)json_integer_value(value);
	if (json_is_integer(value))
		return json_integer_value(value) >= 0;
	*nr = 0;
	*sum = 0;
	while (text) {
		if (!next_number(&text, &number))
			return false;
		(*nr)++;
		*sum += number;
	}
	return *nr > 0;
}

/**
 * proof_list_at - the number of one CPU
 * @value: the list
 * @cpu: the CPU
 * @number: receives it
 *
 * Return: false when there is none.
 */
bool proof_list_at(const json_t *value, u64 cpu, u64 *number)
{
	const char *text = json_string_value(value);

	*number = (u64)json_integer_value(value);
	if (json_is_integer(value))
		return !cpu && json_integer_value(value) >= 0;
	while (text) {
		if (!next_number(&text, number))
			return false;
		if (!cpu--)
			return true;
	}
	return false;
}
