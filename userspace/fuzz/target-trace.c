// SPDX-License-Identifier: GPL-2.0
/* trace.dat, all the way to the report. */

#include <stdlib.h>
#include <string.h>

#include "../cell.h"
#include "../report.h"
#include "../trace-run.h"
#include "fuzz.h"

void fuzz_trace(const uint8_t *data, size_t len)
{
	struct report_about about = { .clock = "of the traced machine" };
	struct problem problem = { "" };
	struct run_report report;
	struct trace_run *run;
	json_t *json;
	char *text;

	about.file = fuzz_file(data, len);
	run = trace_run_load(about.file, 0, &problem);
	fuzz_said(!run, &problem);
	if (!run) {
		must(strstr(problem.text, about.file));
		return;
	}
	run_report_make(&report, run);
	must(report.verdict.text[0]);
	report_print(&report, run, &about, fuzz_sink());
	report_csv(&report, fuzz_sink());
	json = report_json(&report, run, &about);
	text = json_text(json);
	free(text);
	json_decref(json);
	run_report_free(&report);
	trace_run_free(run);
}
