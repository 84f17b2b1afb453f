// SPDX-License-Identifier: GPL-2.0
/* Matrix files. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "results/matrix.h"
#include "run/run.h"

/* A cell's name becomes that of a folder. */
static void check_cell(const struct matrix *matrix, size_t nr)
{
	const struct matrix_cell *cell = matrix->cell[nr];
	int key;

	must(cell->id && *cell->id && strlen(cell->id) <= MATRIX_ID_MAX);
	must(!strchr(cell->id, '/') && cell->id[0] != '.');
	must(!nr || strcmp(cell->id, matrix->cell[nr - 1]->id));
	for (key = 0; key < MATRIX_NR_KEYS; key++)
		must(cell->own[key]);
	must(run_expected_ms(&cell->config));
}

void fuzz_matrix(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len);
	struct problem problem = { "" };
	struct matrix matrix;
	size_t i;
	int ret;

	ret = matrix_parse(&matrix, "m", text, len, "6.1", &problem);
	fuzz_said(ret, &problem);
	must(ret || matrix.nr);
	for (i = 0; !ret && i < matrix.nr; i++)
		check_cell(&matrix, i);
	matrix_free(&matrix);
	free(text);
}
