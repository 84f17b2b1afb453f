// SPDX-License-Identifier: GPL-2.0
/* Many groups of cells: a line for each metric and group. Pure. */

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "compare/compare.h"
#include "proof/platform.h"
#include "stats/figures.h"

/**
 * struct point - a group and its words
 * @group: from compare_groups()
 * @words: from group_words()
 */
struct point {
	const json_t *group;
	json_t *words;
};

/**
 * struct sheet - what is printed
 * @points: the groups, in the order of their words
 * @nr: how many
 * @differ: names of the words that are not the same everywhere
 * @columns: names of the platforms
 */
struct sheet {
	struct point *points;
	size_t nr;
	json_t *differ;
	json_t *columns;
};

static const json_t *columns_of(const json_t *group)
{
	return json_object_get(group, "columns");
}

static const json_t *column_named(const json_t *group, const char *name)
{
	const json_t *columns = columns_of(group);
	size_t i;

	for (i = 0; i < json_array_size(columns); i++) {
		const json_t *column = json_array_get(columns, i);

		if (!strcmp(json_text_of(column, "name"), name))
			return column;
	}
	return NULL;
}

static bool has_name(const json_t *names, const char *name)
{
	size_t i;

	for (i = 0; i < json_array_size(names); i++)
		if (!strcmp(json_string_value(json_array_get(names, i)), name))
			return true;
	return false;
}

static void add_name(json_t *names, const char *name)
{
	if (!has_name(names, name))
		json_array_append_new(names, json_string(name));
}

/* Numbers by their value, the rest by its letters. */
static int by_words(const void *left, const void *right)
{
	const struct point *a = left, *b = right;
	const char *name;
	json_t *word;

	json_object_foreach(a->words, name, word) {
		const char *x = json_string_value(word);
		const char *y = json_text_of(b->words, name);
		uint64_t m, n;
		int order;

		if (!parse_u64(x, &m) && !parse_u64(y, &n))
			order = m < n ? -1 : m > n;
		else
			order = strcmp(x, y);
		if (order)
			return order;
	}
	return 0;
}

static void find_differences(struct sheet *sheet)
{
	const char *name;
	json_t *word;
	size_t i, j;

	for (i = 0; i < sheet->nr; i++) {
		json_object_foreach(sheet->points[i].words, name, word) {
			for (j = 0; j < sheet->nr; j++)
				if (!json_equal(word, json_object_get(sheet->points[j].words,
								      name)))
					add_name(sheet->differ, name);
		}
	}
}

static void find_columns(struct sheet *sheet)
{
	size_t p, i, j;

	for (p = 0; p < NR_PLATFORMS; p++) {
		for (i = 0; i < sheet->nr; i++) {
			const json_t *columns = columns_of(sheet->points[i].group);

			for (j = 0; j < json_array_size(columns); j++) {
				const json_t *column = json_array_get(columns, j);

				if (!strcmp(json_text_of(column, "platform"),
					    platform_names[p]) &&
				    json_array_size(json_object_get(column, "metrics")))
					add_name(sheet->columns,
						 json_text_of(column, "name"));
			}
		}
	}
}

static void sheet_make(struct sheet *sheet, const json_t *groups)
{
	size_t i;

	sheet->nr = json_array_size(groups);
	sheet->points = xcalloc(sheet->nr, sizeof(*sheet->points));
	sheet->differ = json_array();
	sheet->columns = json_array();
	for (i = 0; i < sheet->nr; i++) {
		sheet->points[i].group = json_array_get(groups, i);
		sheet->points[i].words = group_words(sheet->points[i].group);
	}
	find_differences(sheet);
	qsort(sheet->points, sheet->nr, sizeof(*sheet->points), by_words);
	find_columns(sheet);
}

static void sheet_free(struct sheet *sheet)
{
	size_t i;

	for (i = 0; i < sheet->nr; i++)
		json_decref(sheet->points[i].words);
	json_decref(sheet->columns);
	json_decref(sheet->differ);
	free(sheet->points);
}

static const char *name_at(const json_t *names, size_t i)
{
	return json_string_value(json_array_get(names, i));
}

static bool is_native(const char *column)
{
	return !strcmp(column, platform_names[0]);
}

static void print_heading(const struct sheet *sheet, FILE *to)
{
	json_t *common = json_copy(sheet->points[0].words);
	size_t i;

	for (i = 0; i < json_array_size(sheet->differ); i++)
		json_object_del(common, name_at(sheet->differ, i));
	fprintf(to, "== %zu points: ", sheet->nr);
	words_heading(common, to);
	if (!has_name(sheet->differ, "clock"))
		print_clock(sheet->points[0].group, to);
	json_decref(common);
}

static void number(struct table *table, const json_t *value, int digits)
{
	if (json_is_number(value))
		table_cell(table, "%.*f", digits, json_number_value(value));
	else
		table_cell(table, "-");
}

/* The numbers of a metric on a platform: as many columns as its heading. */
static void platform_cells(struct table *table, const char *name,
			   const json_t *row, bool equal)
{
	const json_t *ci = json_object_get(row, "ci95_mean");

	number(table, json_object_get(row, "mean"), 1);
	if (json_is_array(ci))
		table_cell(table, "%.1f",
			   (json_number_value(json_array_get(ci, 1)) -
			    json_number_value(json_array_get(ci, 0))) / 2);
	else
		table_cell(table, "-");
	number(table, json_object_get(row, "p99"), 0);
	number(table, json_object_get(row, equal ? "max_equal" : "max"), 0);
	if (!is_native(name))
		number(table, json_object_get(row, "ratio_mean"), 2);
}

static void heading_cells(struct table *table, const char *name, bool equal)
{
	table_cell(table, "%s mean", name);
	table_cell(table, "+-");
	table_cell(table, "p99");
	table_cell(table, equal ? "max at n" : "max");
	if (!is_native(name))
		table_cell(table, "x mean");
}

/* Is the maximum at equal n known wherever there is the metric? */
static bool know_equal(const struct sheet *sheet, const char *metric)
{
	size_t i, j;

	for (i = 0; i < sheet->nr; i++) {
		const json_t *columns = columns_of(sheet->points[i].group);

		for (j = 0; j < json_array_size(columns); j++) {
			const json_t *row = compare_row(json_array_get(columns, j), metric);

			if (json_is_number(json_object_get(row, "max")) &&
			    !json_is_number(json_object_get(row, "max_equal")))
				return false;
		}
	}
	return true;
}

static bool has_metric(const json_t *group, const char *metric)
{
	const json_t *columns = columns_of(group);
	size_t i;

	for (i = 0; i < json_array_size(columns); i++)
		if (compare_row(json_array_get(columns, i), metric))
			return true;
	return false;
}

static const json_t *smallest_n(const json_t *group, const char *metric)
{
	const json_t *columns = columns_of(group), *smallest = NULL;
	size_t i;

	for (i = 0; i < json_array_size(columns); i++) {
		const json_t *n = json_object_get(compare_row(json_array_get(columns, i),
							 metric), "n");

		if (n && (!smallest || json_integer_value(n) <
				       json_integer_value(smallest)))
			smallest = n;
	}
	return smallest;
}

static struct table *new_table(const struct sheet *sheet, bool equal)
{
	size_t words = json_array_size(sheet->differ), i, nr = words + 1;
	struct table *table;
	char *letters;

	for (i = 0; i < json_array_size(sheet->columns); i++)
		nr += is_native(name_at(sheet->columns, i)) ? 4 : 5;
	letters = xcalloc(nr + 1, 1);
	memset(letters, 'r', nr);
	memset(letters, 'l', words);
	table = table_new(letters);
	free(letters);
	for (i = 0; i < words; i++)
		table_cell(table, "%s", name_at(sheet->differ, i));
	table_cell(table, "n");
	for (i = 0; i < json_array_size(sheet->columns); i++)
		heading_cells(table, name_at(sheet->columns, i), equal);
	return table;
}

static void print_metric(const struct sheet *sheet, const char *metric, FILE *to)
{
	const bool equal = know_equal(sheet, metric);
	struct table *table = new_table(sheet, equal);
	size_t i, j;

	for (i = 0; i < sheet->nr; i++) {
		const struct point *point = &sheet->points[i];

		if (!has_metric(point->group, metric))
			continue;
		for (j = 0; j < json_array_size(sheet->differ); j++)
			table_cell(table, "%s", json_text_of(point->words,
							     name_at(sheet->differ, j)));
		number(table, smallest_n(point->group, metric), 0);
		for (j = 0; j < json_array_size(sheet->columns); j++) {
			const char *name = name_at(sheet->columns, j);

			platform_cells(table, name,
				       compare_row(column_named(point->group, name),
						   metric), equal);
		}
	}
	if (table_rows(table) > 1) {
		fprintf(to, "\n%s [ns]\n", metric);
		table_print(table, to);
	}
	table_free(table);
}

/* Cells without figures or unproven, those of one platform and reason together. */
static void print_remarks(const struct sheet *sheet, FILE *to)
{
	json_t *lines = json_object(), *count;
	const char *line;
	size_t i, j;

	for (i = 0; i < sheet->nr; i++) {
		const json_t *columns = columns_of(sheet->points[i].group);

		for (j = 0; j < json_array_size(columns); j++) {
			const json_t *column = json_array_get(columns, j);
			char *remark = compare_remark(column);
			char *text;

			if (!remark)
				continue;
			text = xasprintf("%s: %s", json_text_of(column, "name"),
					 remark);
			count = json_object_get(lines, text);
			json_object_set_new(lines, text,
					    json_integer(json_integer_value(count) + 1));
			free(text);
			free(remark);
		}
	}
	if (json_object_size(lines))
		fputc('\n', to);
	json_object_foreach(lines, line, count) {
		fprintf(to, "%s (%lld of %zu points)\n", line,
			(long long)json_integer_value(count), sheet->nr);
	}
	json_decref(lines);
}

/**
 * compare_print_lines - print the groups as one table for each metric
 * @groups: from compare_groups(), at least one
 * @to: where
 */
void compare_print_lines(const json_t *groups, FILE *to)
{
	struct sheet sheet;
	unsigned int m;

	sheet_make(&sheet, groups);
	print_heading(&sheet, to);
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		print_metric(&sheet, metric_name(m), to);
	fprintf(to, "\n(kept samples; thread_latency, wake_gap: of unqueued jobs;\n");
	fprintf(to, " n: of the platform with fewest; max at n: expected of n samples;\n");
	fprintf(to, " +-: 95 %% confidence interval of the mean; x: ratio to native)\n");
	print_remarks(&sheet, to);
	sheet_free(&sheet);
}
