// SPDX-License-Identifier: GPL-2.0
/* What a guest left for, for each interrupt that it received. Pure. */

#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "proof/parts.h"
#include "proof/platform.h"
#include "results/cell.h"

/* So many are printed; the others are in the JSON. */
#define EXITS_SHOWN	4

static int by_number(const void *left, const void *right)
{
	const json_t *a = json_object_get(*(json_t *const *)left, "per_interrupt");
	const json_t *b = json_object_get(*(json_t *const *)right, "per_interrupt");
	const double difference = json_number_value(b) - json_number_value(a);

	return difference < 0 ? -1 : difference > 0;
}

/**
 * compare_exits - exits by reason, while KVM's events were counted
 * @cell: with the proof of a guest
 *
 * Return: array of {"reason", "per_interrupt"}, the most frequent first; empty when
 * they or the interrupts are not known.
 */
json_t *compare_exits(const json_t *cell)
{
	json_t *proof = json_object_get(cell, "proof");
	const json_int_t received =
		json_integer_value(json_object_get(proof, "guest_interrupts"));
	json_t *found = json_array(), **row, *sorted = json_array();
	const char *key;
	json_t *value;
	double each;
	size_t i, nr;

	json_object_foreach(proof, key, value) {
		if (strncmp(key, PROOF_EXIT, strlen(PROOF_EXIT)) ||
		    !json_is_integer(value) || received <= 0)
			continue;
		each = (double)json_integer_value(value) / (double)received;
		json_array_append_new(found, json_pack("{s:s,s:o}", "reason",
						       key + strlen(PROOF_EXIT),
						       "per_interrupt",
						       json_real_or_null(true, each)));
	}
	nr = json_array_size(found);
	row = xcalloc(nr + 1, sizeof(json_t *));
	for (i = 0; i < nr; i++)
		row[i] = json_array_get(found, i);
	qsort(row, nr, sizeof(json_t *), by_number);
	for (i = 0; i < nr; i++)
		json_array_append(sorted, row[i]);
	free(row);
	json_decref(found);
	return sorted;
}

/**
 * compare_print_exits - a line: what interrupts of this guest cost
 * @column: with "entries_per_interrupt" and "exits"
 * @kind: of its IPIs, or NULL
 * @to: where; nothing, when it is not known
 */
void compare_print_exits(const json_t *column, const char *kind, FILE *to)
{
	const json_t *entries = json_object_get(column, "entries_per_interrupt");
	const json_t *exits = json_object_get(column, "exits");
	size_t i;

	if (!json_is_number(entries) || !json_array_size(exits))
		return;
	fprintf(to, "%s%s%s: %.2f VM entries for an interrupt; exits for each received:",
		json_text_of(column, "name"), kind ? " " : "", kind ? kind : "",
		json_number_value(entries));
	for (i = 0; i < json_array_size(exits) && i < EXITS_SHOWN; i++) {
		const json_t *exit = json_array_get(exits, i);

		fprintf(to, "%s %.2f %s", i ? "," : "",
			json_number_value(json_object_get(exit, "per_interrupt")),
			json_text_of(exit, "reason"));
	}
	fputc('\n', to);
}
