// SPDX-License-Identifier: GPL-2.0
/* The report that counts as it reads, held against that of every sample. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "report/report.h"
#include "results/cell.h"
#include "trace/run.h"

/* All that is ever shown of a report: text, CSV and JSON. */
static char *all_of(const struct run_report *report, const struct trace_run *run)
{
	const struct report_about about = { "t", "of the traced machine", NULL };
	char *text = NULL, *json_said, *all;
	FILE *to;
	json_t *json;
	size_t len;

	to = open_memstream(&text, &len);
	if (!to) {
		must(!"memory");
		return NULL;
	}
	report_print(report, run, &about, to);
	report_csv(report, to);
	must(!fclose(to));
	json = report_json(report, run, &about);
	json_said = json_text(json);
	all = xasprintf("%s%s%s", text, json_said, run->params);
	json_decref(json);
	free(json_said);
	free(text);
	return all;
}

/**
 * fuzz_compare_report - is the report that counts what it has to be?
 * @path: a trace.dat
 * @wanted: number of the run, or 0
 *
 * What it leaves to libtracecmd is right by definition.
 *
 * Return: what it said.
 */
enum trace_count fuzz_compare_report(const char *path, u32 wanted)
{
	struct run_report report, slow_report;
	struct problem problem = { "" };
	struct trace_run *run = NULL, *slow;
	enum trace_count ret = trace_report_count(path, wanted, &run, &report);
	char *all, *slow_all;

	if (ret == TRACE_UNCOUNTED)
		return ret;
	slow = trace_run_load(path, wanted, &problem);
	must(!slow == (ret == TRACE_NO_RUN));
	if (!slow) {
		if (!strstr(problem.text, wanted ? ": no run" : ": no samples")) {
			fprintf(stderr, "said: %s\n", problem.text);
			must(!"both find no run");
		}
		return ret;
	}
	must(run->nr == slow->nr);
	must(run->missed == slow->missed);
	run_report_judge(&report, run);
	run_report_make(&slow_report, slow);
	all = all_of(&report, run);
	slow_all = all_of(&slow_report, slow);
	if (strcmp(all, slow_all)) {
		fprintf(stderr, "counted:\n%s\nof all samples:\n%s\n", all, slow_all);
		must(!"the reports are the same");
	}
	free(all);
	free(slow_all);
	run_report_free(&report);
	run_report_free(&slow_report);
	trace_run_free(run);
	trace_run_free(slow);
	return ret;
}
