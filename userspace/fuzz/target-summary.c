// SPDX-License-Identifier: GPL-2.0
/* A summary.json of all cells, or of one: checked, compared, shown. */

#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "compare/show.h"
#include "fuzz.h"
#include "results/cell.h"
#include "results/results.h"
#include "results/sweep.h"

static void use_summary(const json_t *summary)
{
	json_t *groups = compare_groups(summary);
	struct problem problem = { "" };
	struct sweeps sweeps;
	char *text;

	compare_blocks(groups);
	if (json_array_size(groups)) {
		compare_print(groups, fuzz_sink());
		compare_print_lines(groups, fuzz_sink());
	}
	text = json_text(groups);
	free(text);
	json_decref(groups);
	fuzz_said(sweeps_make(&sweeps, summary, &problem), &problem);
	sweeps_free(&sweeps);
}

void fuzz_summary(const uint8_t *data, size_t len)
{
	const char *path = fuzz_file(data, len);
	struct problem problem = { "" };
	json_t *json;

	json = summary_read(path, &problem);
	fuzz_said(!json, &problem);
	if (json)
		use_summary(json);
	json_decref(json);
	problem.text[0] = 0;
	json = cell_read(path, &problem);
	fuzz_said(!json, &problem);
	if (json)
		show_print(json, fuzz_sink());
	json_decref(json);
}
