// SPDX-License-Identifier: GPL-2.0
/* The text of rtlat findings. Pure. */

#include <string.h>

#include "base/table.h"
#include "findings/findings.h"
#include "proof/platform.h"

/* As many columns as the rows of one finding have together. */
#define MAX_COLUMNS	24

/* The keys of all rows, in the order in which they come up first. */
static size_t columns_of(const json_t *rows, const char *keys[MAX_COLUMNS])
{
	size_t nr = 0, i, j;
	const char *key;
	json_t *value;

	for (i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);

		json_object_foreach(row, key, value) {
			for (j = 0; j < nr && strcmp(keys[j], key); j++)
				;
			/* what they come to stands behind them */
			if (j == nr && nr < MAX_COLUMNS && strcmp(key, "why") &&
			    strcmp(key, "verdict"))
				keys[nr++] = key;
		}
	}
	return nr;
}

static void value_cell(struct table *table, const json_t *value)
{
	if (json_is_string(value))
		table_cell(table, "%s", json_string_value(value));
	else if (json_is_integer(value))
		table_cell(table, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		table_cell(table, "%.5g", json_real_value(value));
	else
		table_cell(table, "-");
}

static void print_rows(const json_t *rows, FILE *to)
{
	const char *keys[MAX_COLUMNS];
	char letters[MAX_COLUMNS + 2] = "";
	struct table *table;
	size_t nr, i, j;

	nr = columns_of(rows, keys);
	if (!nr)
		return;
	for (j = 0; j < nr; j++)
		letters[j] = json_is_string(json_object_get(json_array_get(rows, 0),
							    keys[j])) ? 'l' : 'r';
	letters[nr] = 'l';
	table = table_new(letters);
	for (j = 0; j < nr; j++)
		table_cell(table, "%s", keys[j]);
	table_cell(table, "verdict");
	for (i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		for (j = 0; j < nr; j++)
			value_cell(table, json_object_get(row, keys[j]));
		if (json_object_get(row, "verdict"))
			table_cell(table, "%s: %s",
				   json_text_of(row, "verdict"),
				   json_text_of(row, "why"));
		else
			table_cell(table, "-");
	}
	table_print(table, to);
	table_free(table);
}

/**
 * findings_print - findings as text
 * @findings: what findings_of() returned
 * @to: where
 */
void findings_print(const json_t *findings, FILE *to)
{
	const json_t *list = json_object_get(findings, "findings");
	const json_int_t cells =
		json_integer_value(json_object_get(findings, "cells"));
	size_t i;

	fprintf(to, "== %lld cell%s, %s\n%s; times in ns\n",
		(long long)cells, cells == 1 ? "" : "s",
		json_text_of(findings, "about"), json_text_of(findings, "clock"));
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *finding = json_array_get(list, i);

		fprintf(to, "\n%s: %s", json_text_of(finding, "finding"),
			json_text_of(finding, "verdict"));
		if (json_is_string(json_object_get(finding, "why")))
			fprintf(to, " (%s)", json_text_of(finding, "why"));
		fprintf(to, "\n(%s)\n", json_text_of(finding, "limit"));
		print_rows(json_object_get(finding, "figures"), to);
	}
	fprintf(to, "\n%u hold, %u do not hold, %u not to be said\n",
		findings_count(findings, VERDICT_HOLDS),
		findings_count(findings, VERDICT_FAILS),
		findings_count(findings, VERDICT_OPEN));
}
