// SPDX-License-Identifier: GPL-2.0
/* All that is done with a run out of a trace. */

#include <stdlib.h>

#include "fuzz.h"
#include "recount/recount.h"
#include "report/report.h"
#include "results/cell.h"

static void report_run(const struct trace_run *run, const char *file)
{
	const struct report_about about = { file, "of the traced machine", NULL };
	struct run_report report;
	json_t *json;
	char *text;

	run_report_make(&report, run);
	must(report.verdict.text[0]);
	report_print(&report, run, &about, fuzz_sink());
	report_csv(&report, fuzz_sink());
	json = report_json(&report, run, &about);
	text = json_text(json);
	free(text);
	json_decref(json);
	run_report_free(&report);
}

static void recount_run(const struct trace_run *run)
{
	static const struct recount_limits limits = {
		.percent = 1, .distance_ns = 1000,
	};
	struct problem problem = { "" };
	struct recount recount;
	int ret;

	ret = recount_make(&recount, run, &limits, &problem);
	fuzz_said(ret, &problem);
	if (!ret)
		recount_print(&recount, run, &limits, fuzz_sink());
	recount_free(&recount);
}

/**
 * fuzz_use_run - report and recount
 * @run: the run
 * @file: name of its trace
 */
void fuzz_use_run(const struct trace_run *run, const char *file)
{
	report_run(run, file);
	recount_run(run);
}
