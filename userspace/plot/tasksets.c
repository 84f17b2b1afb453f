// SPDX-License-Identifier: GPL-2.0
/* Data file of the task sets: how far they were scaled. Pure. */

#include <stdio.h>
#include <stdlib.h>

#include "module/params.h"
#include "plot/plot.h"

#define PPM	1e6
#define PPB	1e9

/**
 * struct scales - the sets of one distribution and number of tasks
 * @sets: how many
 * @sum: of their scale factors
 * @min: the smallest
 * @utilisation: sum of their utilisations
 */
struct scales {
	unsigned int sets;
	double sum;
	double min;
	double utilisation;
};

static bool same_set(const json_t *a, const json_t *b)
{
	static const char *const keys[] = {
		"distribution", "tasks_per_cpu", "set", "seed",
	};
	size_t i;

	a = json_object_get(a, "workload");
	b = json_object_get(b, "workload");
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!json_equal(json_object_get(a, keys[i]),
				json_object_get(b, keys[i])))
			return false;
	return true;
}

/* Platforms and loads run the same set: it counts once. */
static bool seen_before(const json_t *cells, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (same_set(json_array_get(cells, i), json_array_get(cells, nr)))
			return true;
	return false;
}

static void gather(struct scales *scales, const struct sweep *sweep,
		   const struct sweep_spot *want)
{
	size_t i;

	memset(scales, 0, sizeof(*scales));
	for (i = 0; i < json_array_size(sweep->cells); i++) {
		const json_t *cell = json_array_get(sweep->cells, i);
		const json_t *tasks = json_object_get(cell, "tasks");
		const json_t *scale = json_object_get(tasks, "scale_ppm");
		const json_t *load = json_object_get(tasks, "utilisation_ppb");
		double value = json_number_value(scale) / PPM;
		struct sweep_spot spot;

		if (!json_is_number(scale) || !sweep_spot_of(&spot, cell) ||
		    !sweep_matches(&spot, want) || seen_before(sweep->cells, i))
			continue;
		if (!scales->sets || value < scales->min)
			scales->min = value;
		scales->sum += value;
		scales->utilisation += json_number_value(load) / PPB;
		scales->sets++;
	}
}

/**
 * plot_tasksets - by how much the task sets were scaled
 * @sweep: sweep of task sets
 *
 * Return: tab separated values, a line of headings first; NULL when no cell
 * tells. free() it.
 */
char *plot_tasksets(const struct sweep *sweep)
{
	struct sweep_spot want = sweep_any;
	bool any = false;
	char *text;
	size_t size;
	FILE *to;

	to = open_memstream(&text, &size);
	if (!to)
		return NULL;
	fputs("distribution\ttasks_per_cpu\tsets\tmean_scale\tmin_scale\tmean_utilisation\n",
	      to);
	for (want.distribution = 0; want.distribution < RTLAT_NR_DISTRIBUTIONS;
	     want.distribution++) {
		for (want.tasks_per_cpu = 1;
		     want.tasks_per_cpu <= RTLAT_MAX_TASKS; want.tasks_per_cpu++) {
			struct scales scales;

			gather(&scales, sweep, &want);
			if (!scales.sets)
				continue;
			fprintf(to, "%s\t%d\t%u\t%.6g\t%.6g\t%.6g\n",
				rtlat_distribution_names[want.distribution],
				want.tasks_per_cpu, scales.sets,
				scales.sum / scales.sets, scales.min,
				scales.utilisation / scales.sets);
			any = true;
		}
	}
	fclose(to);
	if (any)
		return text;
	free(text);
	return NULL;
}
