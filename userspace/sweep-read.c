// SPDX-License-Identifier: GPL-2.0
/* The figures of the cells of a results folder. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "sweep.h"

static char *read_file(const char *results, const char *id, const char *name,
		       struct problem *problem)
{
	char *path = xasprintf("%s/%s/%s", results, id, name);
	char *text = read_text(path, NULL);

	if (!text)
		problem_set(problem, "cannot read %s: %s", path, strerror(errno));
	free(path);
	return text;
}

static int read_cell(struct sweep *sweep, const json_t *cell,
		     const char *results, struct problem *problem)
{
	const char *id = json_text_of(cell, "id");
	char *ledger = read_file(results, id, "ledger", problem);
	char *summary = read_file(results, id, "summary", problem);
	char *histograms = read_file(results, id, "histograms", problem);
	struct figures *figures = figures_new();
	struct problem one = { "" };
	int ret = -EINVAL;

	if (ledger && summary && histograms &&
	    !figures_read(figures, ledger, summary, histograms, &one))
		ret = sweep_add(sweep, cell, figures, &one);
	if (one.text[0])
		problem_set(problem, "%s/%s: %s", results, id, one.text);
	figures_free(figures);
	free(histograms);
	free(summary);
	free(ledger);
	return ret;
}

/**
 * sweeps_read - read the points of sweeps from the cells' files
 * @sweeps: sweeps without points
 * @results: the folder that holds the cells' folders
 * @problem: receives file, line and reason of the first bad cell
 *
 * Return: 0 or -EINVAL.
 */
int sweeps_read(struct sweeps *sweeps, const char *results,
		struct problem *problem)
{
	size_t s, i;

	for (s = 0; s < sweeps->nr; s++) {
		struct sweep *sweep = &sweeps->sweep[s];

		for (i = 0; i < json_array_size(sweep->cells); i++) {
			const json_t *cell = json_array_get(sweep->cells, i);
			const char *id = json_text_of(cell, "id");

			if (strchr(id, '/'))
				return problem_set(problem,
					"%s/summary.json: %s does not name a cell's folder",
					results, id);
			if (read_cell(sweep, cell, results, problem))
				return -EINVAL;
		}
	}
	return 0;
}
