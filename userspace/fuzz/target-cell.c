// SPDX-License-Identifier: GPL-2.0
/* What the module leaves behind of a run, and the cell that becomes of it. */

#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "fuzz.h"
#include "results/cell.h"
#include "results/results.h"
#include "run/debugfs.h"

enum {
	PART_STATUS, PART_LEDGER, PART_SUMMARY, PART_HISTOGRAMS, PART_OUTLIERS,
	PART_TASKS, PART_TASKSET, PART_PROOF, NR_PARTS
};

static const char *const names[] = {
	"status", "ledger", "summary", "histograms", "outliers", "tasks",
	"taskset", "proof", NULL
};

/* Statistics of a cell take a thousand times as long as reading it. */
#define ONE_IN	16

struct run {
	struct module_status status;
	struct figures *figures;
	struct outliers outliers;
	struct task_totals tasks;
	struct problem problem;		/* the first one */
};

static int note(struct run *run, int ret, struct problem *problem)
{
	fuzz_said(ret, problem);
	if (ret)
		problem_set(&run->problem, "%s", problem->text);
	problem->text[0] = 0;
	return ret;
}

static void read_parts(struct run *run, char **text)
{
	struct problem problem = { "" };
	json_t *proof;

	note(run, status_parse(&run->status, text[PART_STATUS], &problem),
	     &problem);
	note(run, figures_read(run->figures, text[PART_LEDGER],
			       text[PART_SUMMARY], text[PART_HISTOGRAMS],
			       &problem), &problem);
	note(run, figures_check(run->figures, &problem), &problem);
	if (!note(run, outliers_read(&run->outliers, text[PART_OUTLIERS],
				     &problem), &problem))
		note(run, outliers_check(&run->outliers, run->figures,
					 &problem), &problem);
	if (!note(run, tasks_read(&run->tasks, text[PART_TASKS], &problem),
		  &problem)) {
		/* IPIs have no tasks, and only task sets a set */
		if (*text[PART_TASKS])
			note(run, tasks_check(&run->tasks, run->figures,
					      &problem), &problem);
		if (*text[PART_TASKSET])
			note(run, tasks_read_scale(&run->tasks,
						   text[PART_TASKSET],
						   &problem), &problem);
	}
	proof = proof_parse("proof", text[PART_PROOF], &problem);
	note(run, !proof, &problem);
	json_decref(proof);
}

/* Good or bad, the cell that is written can be read again. */
static void make_cell(const struct run *run)
{
	static const struct cell_about about = {
		.platform = "native", .clock = "hardware",
		.kernel = "6.1.0",
	};
	const bool failed = run->problem.text[0];
	struct cell_outcome outcome = {
		.status = failed ? "fail" : "ok",
		.reason = failed ? run->problem.text : NULL,
		.figures = run->figures,
		.outliers = &run->outliers,
		.tasks = &run->tasks,
		.stamp_cost_ps = run->status.stamp_cost_ps,
		.own_ps = run->status.own_ps,
		.duration_ns = run->status.end_ns - run->status.begin_ns,
	};
	struct problem problem = { "" };
	struct rtlat_config config;
	json_t *cell, *again;
	char *text;

	rtlat_config_default(&config);
	config.mode = RTLAT_MODE_TASKSET;
	cell = cell_json("c", &about, &config, &outcome);
	text = json_text(cell);
	again = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	must(again);
	if (cell_validate(again, &problem)) {
		fprintf(stderr, "%s\n", problem.text);
		must(!"a cell that cannot be read again");
	}
	json_decref(again);
	json_decref(cell);
	free(text);
}

void fuzz_cell(const uint8_t *data, size_t len)
{
	char *text[NR_PARTS];
	struct run *run = xcalloc(1, sizeof(*run));

	fuzz_parts(data, len, names, text);
	run->figures = figures_new();
	read_parts(run, text);
	if (!run->problem.text[0] ||
	    crc32_add(0, (const char *)data, len) % ONE_IN == 0)
		make_cell(run);
	figures_free(run->figures);
	free(run);
	fuzz_free_parts(text, NR_PARTS);
}
