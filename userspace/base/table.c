// SPDX-License-Identifier: GPL-2.0
/* Tables of text with aligned columns. */

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

/*
 * The columns' letters: l flushes left, r right. Cells are kept row by row; a
 * short row is filled up with empty ones.
 */
struct table {
	char *columns;
	size_t nr_columns;
	size_t nr;
	size_t room;
	char **cell;
	size_t *width;
};

/**
 * table_new - empty table
 * @columns: one letter for each column: l or r
 *
 * Return: the table; table_free() it.
 */
struct table *table_new(const char *columns)
{
	struct table *table = xcalloc(1, sizeof(*table));

	table->columns = xstrdup(columns);
	table->nr_columns = strlen(columns);
	table->width = xcalloc(table->nr_columns, sizeof(*table->width));
	return table;
}

/**
 * table_cell - add the next cell
 * @table: table
 * @fmt: printf format of its text
 */
void table_cell(struct table *table, const char *fmt, ...)
{
	size_t column = table->nr % table->nr_columns;
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0) {
		text = xstrdup("");
		len = 0;
	}
	if (table->nr == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->cell = xrealloc(table->cell,
				       table->room * sizeof(*table->cell));
	}
	table->cell[table->nr++] = text;
	if ((size_t)len > table->width[column])
		table->width[column] = (size_t)len;
}

/**
 * table_end_row - fill the row up with empty cells
 * @table: table
 */
void table_end_row(struct table *table)
{
	while (table->nr % table->nr_columns)
		table_cell(table, "%s", "");
}

/**
 * table_rows - number of rows begun
 * @table: table
 *
 * Return: rows, heading included.
 */
size_t table_rows(const struct table *table)
{
	return (table->nr + table->nr_columns - 1) / table->nr_columns;
}

/**
 * table_print - print all rows
 * @table: table
 * @to: where
 */
void table_print(const struct table *table, FILE *to)
{
	size_t i;

	for (i = 0; i < table->nr; i++) {
		size_t column = i % table->nr_columns;
		bool last = column == table->nr_columns - 1;
		int width = (int)table->width[column];

		if (column)
			fputs("  ", to);
		if (table->columns[column] == 'r')
			fprintf(to, "%*s", width, table->cell[i]);
		else
			fprintf(to, "%-*s", last ? 0 : width, table->cell[i]);
		if (last)
			fputc('\n', to);
	}
}

/**
 * table_free - free a table
 * @table: table
 */
void table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < table->nr; i++)
		free(table->cell[i]);
	free(table->cell);
	free(table->width);
	free(table->columns);
	free(table);
}
