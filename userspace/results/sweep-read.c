// SPDX-License-Identifier: GPL-2.0
/* The figures of the cells of a results folder. */

#include <errno.h>

#include "proof/platform.h"
#include "results/sweep.h"

static int read_cell(struct sweep *sweep, const json_t *cell,
		     const char *results, struct problem *problem)
{
	const char *id = json_text_of(cell, "id");
	struct figures *figures = figures_load(results, id, problem);
	struct problem one = { "" };
	int ret;

	if (!figures)
		return -EINVAL;
	ret = sweep_add(sweep, cell, figures, &one);
	if (ret)
		problem_set(problem, "%s/%s: %s", results, id, one.text);
	figures_free(figures);
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

			if (read_cell(sweep, cell, results, problem))
				return -EINVAL;
		}
	}
	return 0;
}
