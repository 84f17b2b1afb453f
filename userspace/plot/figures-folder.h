/* SPDX-License-Identifier: GPL-2.0 */
/* The folder of the figures: what its files are called, and starting one. */
#ifndef RTLAT_FIGURES_FOLDER_H
#define RTLAT_FIGURES_FOLDER_H

#include "base/outdir.h"
#include "plot/plot.h"

#define FIGURES_TASKSETS	"task-sets.tsv"

char *figure_name(unsigned int number, enum plot_kind kind, unsigned int metric);
bool figure_is_file(const char *name);
int figures_folder_open(struct outdir *out, const char *path);

#endif /* RTLAT_FIGURES_FOLDER_H */
