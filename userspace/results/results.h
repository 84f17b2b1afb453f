/* SPDX-License-Identifier: GPL-2.0 */
/* Results: reading and checking cells and summaries. */
#ifndef RTLAT_RESULTS_H
#define RTLAT_RESULTS_H

#include <jansson.h>

#include "base/util.h"

/* What the names of imported cells begin with; then the machine's. */
#define RTLAT_IMPORTED	"vm="

int cell_validate(json_t *cell, struct problem *problem);
int summary_validate(const json_t *summary, struct problem *problem);
json_t *json_read(const char *path, struct problem *problem);
json_t *results_cell(const char *results, const char *name,
		     struct problem *problem);
int results_add_proof(json_t *cell, const char *folder, const char *file,
		      struct problem *problem);
json_t *results_cells(const char *path, struct problem *problem);
json_t *results_manifest_cell(const json_t *cell);
json_t *cell_read(const char *path, struct problem *problem);
json_t *summary_read(const char *path, struct problem *problem);
json_t *proof_parse(const char *file, const char *text,
		    struct problem *problem);

#endif /* RTLAT_RESULTS_H */
