// SPDX-License-Identifier: GPL-2.0
/* A results folder: what collect, compare, findings and figures read. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare/compare.h"
#include "findings/findings.h"
#include "fuzz.h"
#include "plot/plot.h"
#include "results/cell.h"
#include "results/results.h"
#include "rtlat.h"

/* Two cells, each with a summary.json of its own; they share the other files. */
static const char *const names[] = {
	"ledger", "summary", "histograms", "proof", "native", "kvm", NULL
};

#define NR_FILES	4
#define NR_PARTS	6

static char folder[64];

static void remove_folder(void)
{
	remove_tree(folder);
}

static void write_part(const char *cell, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s/%s", folder, cell, name);
	FILE *to;

	must(!make_parents(path));
	to = fopen(path, "w");
	must(to && fputs(text, to) >= 0 && !fclose(to));
	free(path);
}

static void write_cells(char **text)
{
	size_t cell, i;

	if (!*folder) {
		snprintf(folder, sizeof(folder), "%s/rtlat-fuzz-XXXXXX",
			 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
		must(mkdtemp(folder));
		atexit(remove_folder);
	}
	for (cell = NR_FILES; cell < NR_PARTS; cell++) {
		for (i = 0; i < NR_FILES; i++)
			write_part(names[cell], names[i], text[i]);
		write_part(names[cell], "summary.json", text[cell]);
	}
}

static void use_groups(const json_t *summary)
{
	json_t *groups = compare_groups(summary);
	struct problem problem = { "" };
	const char *missing;
	int ret;

	ret = compare_maxima(groups, folder, &missing, &problem);
	fuzz_said(ret, &problem);
	if (!ret)
		compare_print(groups, fuzz_sink());
	json_decref(groups);
}

static void use_sweep(const struct sweep *sweep)
{
	struct plot plot = { .name = NULL };
	struct plot_text text;
	json_t *findings;

	if (sweep_is_taskset(sweep)) {
		findings = findings_of(sweep);
		findings_print(findings, fuzz_sink());
		json_decref(findings);
		free(plot_tasksets(sweep));
	}
	for (plot.metric = 0; plot.metric < RTLAT_NR_METRICS; plot.metric++) {
		for (plot.kind = PLOT_AVERAGE; plot.kind <= PLOT_CDF; plot.kind++) {
			if (plot.kind != PLOT_CDF && !sweep_is_taskset(sweep))
				continue;
			if (plot_make(&text, sweep, &plot))
				plot_text_free(&text);
		}
	}
}

static void use_sweeps(const json_t *summary)
{
	struct problem problem = { "" };
	struct sweeps sweeps;
	size_t i;
	int ret;

	ret = sweeps_make(&sweeps, summary, &problem);
	fuzz_said(ret, &problem);
	if (!ret) {
		ret = sweeps_read(&sweeps, folder, &problem);
		fuzz_said(ret, &problem);
	}
	for (i = 0; i < sweeps.nr && !ret; i++)
		use_sweep(&sweeps.sweep[i]);
	sweeps_free(&sweeps);
}

void fuzz_results(const uint8_t *data, size_t len)
{
	struct problem problem = { "" };
	char *text[NR_PARTS];
	json_t *cells, *summary;

	fuzz_parts(data, len, names, text);
	write_cells(text);
	fuzz_free_parts(text, NR_PARTS);
	cells = results_cells(folder, &problem);
	fuzz_said(!cells, &problem);
	if (!cells)
		return;
	summary = json_object();
	json_object_set_new(summary, "schema", json_string(RTLAT_SCHEMA));
	json_object_set_new(summary, "cells", cells);
	must(!summary_validate(summary, &problem));
	use_groups(summary);
	use_sweeps(summary);
	json_decref(summary);
}
