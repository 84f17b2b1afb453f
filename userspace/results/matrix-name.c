// SPDX-License-Identifier: GPL-2.0
/* Names of a matrix's cells: short, and each only once. Pure. */

#include <stdlib.h>

#include "results/matrix.h"

/* A cell beside the text that cells are compared by. */
struct named {
	struct matrix_cell *cell;
	size_t nr;
	char *text;
};

static int by_text(const void *a, const void *b)
{
	const struct named *left = a, *right = b;
	int order = strcmp(left->text, right->text);

	if (order)
		return order;
	return left->nr < right->nr ? -1 : left->nr > right->nr;
}

/* All that a cell's run depends on, defaults included. */
static char *whole_text(const struct matrix_cell *cell)
{
	char *text = xstrdup(""), *more, value[RTLAT_LINE_MAX];
	unsigned int i;

	for (i = 0; i < MATRIX_NR_KEYS; i++) {
		more = xasprintf("%s %s", text, cell->own[i]);
		free(text);
		text = more;
	}
	for (i = 0; i < NR_SETTINGS; i++) {
		more = xasprintf("%s %s", text, cell->setting[i] ?
				 cell->setting[i] : settings[i].def);
		free(text);
		text = more;
	}
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		rtlat_config_value(&cell->config, i, value, sizeof(value));
		more = xasprintf("%s %s", text, value);
		free(text);
		text = more;
	}
	return text;
}

/* No two cells may be the same, however they are written. */
static int check_twice(const struct matrix *matrix, struct problem *problem)
{
	struct named *list = xcalloc(matrix->nr, sizeof(*list));
	const struct named *first = NULL, *again = NULL;
	size_t i;

	for (i = 0; i < matrix->nr; i++) {
		list[i].cell = matrix->cell[i];
		list[i].nr = i;
		list[i].text = whole_text(matrix->cell[i]);
	}
	qsort(list, matrix->nr, sizeof(*list), by_text);
	for (i = 1; i < matrix->nr; i++) {
		if (strcmp(list[i - 1].text, list[i].text))
			continue;
		if (again && again->nr < list[i].nr)
			continue;
		first = &list[i - 1];
		again = &list[i];
	}
	if (again)
		problem_set(problem,
			    "%s:%u: platform=%s %s: the cell is in line %u already",
			    matrix->file, again->cell->line,
			    again->cell->own[MATRIX_PLATFORM],
			    again->cell->params, first->cell->line);
	for (i = 0; i < matrix->nr; i++)
		free(list[i].text);
	free(list);
	return again ? -EINVAL : 0;
}

static const char *value_of(const struct matrix_cell *cell, const char *key)
{
	size_t i;

	for (i = 0; i < cell->nr; i++)
		if (!strcmp(cell->word[i].key, key))
			return cell->word[i].value;
	return "";
}

/* Does the key tell cells apart that have the same name so far? */
static bool divides(const struct named *list, size_t nr, const char *key)
{
	size_t i;

	for (i = 1; i < nr; i++)
		if (!strcmp(list[i - 1].text, list[i].text) &&
		    strcmp(value_of(list[i - 1].cell, key),
			   value_of(list[i].cell, key)))
			return true;
	return false;
}

static void add_key(struct named *list, size_t nr, const char *key)
{
	size_t i;

	qsort(list, nr, sizeof(*list), by_text);
	if (!divides(list, nr, key))
		return;
	for (i = 0; i < nr; i++) {
		const char *value = value_of(list[i].cell, key);
		char *more;

		if (!*value)
			continue;
		more = xasprintf("%s,%s=%s", list[i].text, key, value);
		free(list[i].text);
		list[i].text = more;
	}
}

/* How a cell is run, and not what: only what nothing else tells apart. */
static bool is_about_running(const char *key)
{
	static const char *const keys[] = { "clock", "vcpus", "trace", NULL };

	return is_one_of(key, keys);
}

/* Is this the first place of the file in which the key stands? */
static bool is_first(const struct matrix *matrix, size_t cell, size_t word)
{
	const char *key = matrix->cell[cell]->word[word].key;
	size_t i;

	/* the cells of a line have the same keys */
	for (i = 0; i < cell; i++)
		if (matrix->cell[i]->line == matrix->cell[cell]->line ||
		    *value_of(matrix->cell[i], key))
			return false;
	return true;
}

static void add_keys(const struct matrix *matrix, struct named *list,
		     bool about_running)
{
	size_t i, j;

	for (i = 0; i < matrix->nr; i++) {
		for (j = 0; j < matrix->cell[i]->nr; j++) {
			const char *key = matrix->cell[i]->word[j].key;

			if (strcmp(key, "platform") &&
			    is_about_running(key) == about_running &&
			    is_first(matrix, i, j))
				add_key(list, matrix->nr, key);
		}
	}
}

/**
 * matrix_name - name the cells
 * @matrix: the cells
 * @kernel: kernel flavour, part of the names
 * @problem: receives file, line and reason when a cell is there twice
 *
 * A name has platform and kernel, then the keys that tell the cells apart: in
 * the order in which keys first stand in the file (clock, vcpus and trace behind
 * all others), each whose value differs between cells that have all keys
 * before it alike.
 *
 * Return: 0 or -EINVAL.
 */
int matrix_name(struct matrix *matrix, const char *kernel,
		struct problem *problem)
{
	struct named *list;
	size_t i;
	int ret;

	ret = check_twice(matrix, problem);
	if (ret)
		return ret;
	list = xcalloc(matrix->nr, sizeof(*list));
	for (i = 0; i < matrix->nr; i++) {
		list[i].cell = matrix->cell[i];
		list[i].nr = i;
		list[i].text = xasprintf("platform=%s,kernel=%s",
					 matrix->cell[i]->own[MATRIX_PLATFORM],
					 kernel);
	}
	add_keys(matrix, list, false);
	add_keys(matrix, list, true);
	for (i = 0; i < matrix->nr; i++) {
		list[i].cell->id = list[i].text;
		if (!ret && strlen(list[i].text) > MATRIX_ID_MAX)
			ret = problem_set(problem,
					  "%s:%u: %s: a cell's name of more than %d characters",
					  matrix->file, list[i].cell->line,
					  list[i].text, MATRIX_ID_MAX);
	}
	free(list);
	return ret;
}
