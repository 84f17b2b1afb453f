// SPDX-License-Identifier: GPL-2.0
/* The figures of a cell, from the files in its folder. */

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "stats/figures.h"

/**
 * figures_missing - is a cell's folder without its figures?
 * @results: the folder of the cells
 * @id: the cell's
 *
 * Return: true when its histograms are not there.
 */
bool figures_missing(const char *results, const char *id)
{
	char *path = xasprintf("%s/%s/histograms", results, id);
	bool missing = access(path, F_OK) && errno == ENOENT;

	free(path);
	return missing;
}

/**
 * figures_load - read and check a cell's figures
 * @results: the folder of the cells
 * @id: the cell's, which names its folder, as validate.c lets it through
 * @problem: receives file, line and reason
 *
 * Return: the figures, figures_free() them; NULL when they are bad.
 */
struct figures *figures_load(const char *results, const char *id,
			     struct problem *problem)
{
	static const char *const files[] = { "ledger", "summary", "histograms" };
	char *texts[ARRAY_SIZE(files)] = { NULL };
	struct figures *figures = figures_new();
	struct problem one = { "" };
	int ret = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files) && !ret; i++) {
		char *path = xasprintf("%s/%s/%s", results, id, files[i]);

		texts[i] = read_lines(path, problem);
		ret = texts[i] ? 0 : -EINVAL;
		free(path);
	}
	if (!ret && (figures_read(figures, texts[0], texts[1], texts[2], &one) ||
		     figures_check(figures, &one)))
		ret = problem_set(problem, "%s/%s: %s", results, id, one.text);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		free(texts[i]);
	if (!ret)
		return figures;
	figures_free(figures);
	return NULL;
}
