// SPDX-License-Identifier: GPL-2.0
/* The folder of the figures: what its files are called, and starting one. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot/figures-folder.h"

/**
 * figure_name - what the files of a figure are called
 * @number: its number in the paper; not looked at for distributions, which have none
 * @kind: what is shown
 * @metric: of which metric
 *
 * Return: the name without ending; free() it.
 */
char *figure_name(unsigned int number, enum plot_kind kind, unsigned int metric)
{
	if (kind == PLOT_CDF)
		return xasprintf("cdf-%s", metric_name(metric));
	return xasprintf("figure-%02u-%s-%s", number, metric_name(metric),
			 kind == PLOT_WORST ? "worst" : "average");
}

/**
 * figure_is_file - is this the name of a file of a figure, or of the task sets?
 * @name: the name
 *
 * Return: true when it is; figures of any number are: another rtlat may have others.
 */
bool figure_is_file(const char *name)
{
	static const char *const endings[] = { ".tsv", ".svg", ".png", NULL };
	const char *ending = strrchr(name, '.');
	unsigned int number = 0, metric;
	bool found = false;
	int kind;

	if (!strcmp(name, FIGURES_TASKSETS))
		return true;
	if (!ending || !is_one_of(ending, endings))
		return false;
	if (sscanf(name, "figure-%2u-", &number) != 1)
		number = 0;
	for (metric = 0; metric < RTLAT_NR_METRICS; metric++) {
		for (kind = PLOT_AVERAGE; kind <= PLOT_CDF; kind++) {
			char *one = figure_name(number, kind, metric);

			found |= strlen(one) == (size_t)(ending - name) &&
				 !strncmp(one, name, strlen(one));
			free(one);
		}
	}
	return found;
}

static bool is_figure(int dirfd, const char *name, void *data)
{
	(void)data;
	return figure_is_file(name) && is_file_at(dirfd, name);
}

struct looked_at {
	const char *path;
	struct problem *problem;
};

/*
 * Where there are several sweeps, each has a folder that is named by what tells it
 * from the others.
 */
static bool is_figure_or_sweep(int dirfd, const char *name, void *data)
{
	const struct looked_at *at = data;
	struct stat info;
	char *below;
	int ret;

	if (is_figure(dirfd, name, NULL))
		return true;
	if (!strchr(name, '=') || fstatat(dirfd, name, &info, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISDIR(info.st_mode))
		return false;
	below = xasprintf("%s/%s", at->path, name);
	ret = outdir_check(below, "a folder of figures", is_figure, NULL, at->problem);
	free(below);
	return !ret;
}

/* Only figures are replaced by figures. */
static int may_replace(const char *path, struct problem *problem)
{
	struct looked_at at = { path, problem };

	return outdir_check(path, "a folder of figures", is_figure_or_sweep, &at, problem);
}

/**
 * figures_folder_open - start a folder of figures
 * @out: receives it; outdir_close() it
 * @path: where it will be
 *
 * Return: 0, or -errno after a line that names the path.
 */
int figures_folder_open(struct outdir *out, const char *path)
{
	return outdir_open(out, path, may_replace);
}
