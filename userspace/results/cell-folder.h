/* SPDX-License-Identifier: GPL-2.0 */
/* The folder of a cell: what is in it, and starting one. */
#ifndef RTLAT_CELL_FOLDER_H
#define RTLAT_CELL_FOLDER_H

#include "base/outdir.h"

/* What the module left behind, in the order of the contract. */
enum {
	CELL_STATUS, CELL_PARAMS, CELL_LEDGER, CELL_SUMMARY, CELL_HISTOGRAMS,
	CELL_OUTLIERS, CELL_TASKS, CELL_TASKSET, NR_CELL_TEXTS
};

extern const char *const cell_texts[NR_CELL_TEXTS];

int cell_folder_open(struct outdir *out, const char *path);

#endif /* RTLAT_CELL_FOLDER_H */
