// SPDX-License-Identifier: GPL-2.0
/* The cells of a matrix as KTAP, a line each: for kselftest's tools and CI. Pure. */

#include <string.h>

#include "compare/compare.h"
#include "proof/platform.h"

/* A # begins a directive there. */
static void put_plain(const char *text, FILE *to)
{
	for (; *text; text++)
		fputc(*text == '#' ? ' ' : *text, to);
}

/**
 * compare_print_ktap - print what became of each cell
 * @summary: all cells, as validate.c lets them through
 * @to: where
 *
 * Format: Documentation/dev-tools/ktap.rst.
 *
 * Return: how many have failed.
 */
size_t compare_print_ktap(const json_t *summary, FILE *to)
{
	const json_t *cells = json_object_get(summary, "cells"), *cell;
	size_t i, failed = 0;

	fprintf(to, "KTAP version 1\n1..%zu\n", json_array_size(cells));
	json_array_foreach(cells, i, cell) {
		const char *status = json_text_of(cell, "status");
		const bool skip = !strcmp(status, "skip");
		const bool ok = skip || !strcmp(status, "ok");

		if (!ok) {
			fputs("# ", to);
			put_plain(json_text_of(cell, "reason"), to);
			fputc('\n', to);
			failed++;
		}
		fprintf(to, "%sok %zu ", ok ? "" : "not ", i + 1);
		put_plain(json_text_of(cell, "id"), to);
		if (skip) {
			fputs(" # SKIP ", to);
			put_plain(json_text_of(cell, "reason"), to);
		}
		fputc('\n', to);
	}
	return failed;
}
