// SPDX-License-Identifier: GPL-2.0
/*
 * Is the report of a trace.dat the one that libtracecmd's records make?
 *
 * usage: compare-report TRACE.DAT
 */

#include <stdio.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

void fuzz_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "compare-report: %s:%d: not kept: %s\n", file, line, what);
	exit(1);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: compare-report TRACE.DAT\n");
		return 1;
	}
	if (fuzz_compare_report(argv[1], 0) == TRACE_COUNTED)
		return 0;
	fprintf(stderr, "compare-report: %s: not counted, but left to libtracecmd\n", argv[1]);
	return 1;
}
