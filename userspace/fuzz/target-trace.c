// SPDX-License-Identifier: GPL-2.0
/* trace.dat, all the way to the report and the recount. */

#include <stdlib.h>
#include <string.h>

#include "../cell.h"
#include "../recount.h"
#include "../report.h"
#include "../trace-run.h"
#include "fuzz.h"

static void report_run(const struct trace_run *run,
		       const struct report_about *about)
{
	struct run_report report;
	json_t *json;
	char *text;

	run_report_make(&report, run);
	must(report.verdict.text[0]);
	report_print(&report, run, about, fuzz_sink());
	report_csv(&report, fuzz_sink());
	json = report_json(&report, run, about);
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

void fuzz_trace(const uint8_t *data, size_t len)
{
	struct report_about about = { .clock = "of the traced machine" };
	struct problem problem = { "" };
	struct trace_run *run;

	about.file = fuzz_file(data, len);
	run = trace_run_load_raw(about.file, 0, &problem);
	fuzz_said(!run, &problem);
	if (!run) {
		must(strstr(problem.text, about.file));
		return;
	}
	report_run(run, &about);
	recount_run(run);
	trace_run_free(run);
}
