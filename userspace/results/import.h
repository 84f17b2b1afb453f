/* SPDX-License-Identifier: GPL-2.0 */
/* Cells that were made elsewhere, into a folder of results. */
#ifndef RTLAT_IMPORT_H
#define RTLAT_IMPORT_H

#include <stddef.h>

#include "base/util.h"

/**
 * struct import_request - what to import
 * @results: the folder of results
 * @cell: folders of cells
 * @nr: how many
 * @name: of the machine that they are from; NULL: as it was called there
 * @replace: those that were imported before are replaced
 */
struct import_request {
	const char *results;
	char **cell;
	size_t nr;
	const char *name;
	bool replace;
};

int import_cells(const struct import_request *request);

#endif /* RTLAT_IMPORT_H */
