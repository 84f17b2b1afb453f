// SPDX-License-Identifier: GPL-2.0
/* rtlat report: figures of a trace.dat. */

#include <inttypes.h>
#include <stdlib.h>

#include "cmd/options.h"
#include "proof/platform.h"
#include "report/report.h"
#include "results/cell.h"
#include "results/results.h"
#include "rtlat.h"
#include "trace/report.h"
#include "trace/run.h"

struct arguments {
	const char *path;
	bool json;
	bool csv;
	u32 run;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON instead of tables", 0 },
	{ "csv", 'c', NULL, 0, "print comma separated values instead of tables", 0 },
	{ "run", 'r', "N", 0, "run N of the trace (default: the last complete one)",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'j':
		args->json = true;
		return 0;
	case 'c':
		args->csv = true;
		return 0;
	case 'r':
		args->run = (u32)need_number(state, "--run", arg, 1, UINT32_MAX);
		return 0;
	case ARGP_KEY_END:
		if (args->json && args->csv)
			argp_error(state, "--json and --csv contradict each other");
		return 0;
	}
	return one_argument(key, arg, state, &args->path, NULL);
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[TRACE.DAT|CELL]",
	.doc = "Print the figures of a run from its trace, and hold them against the\n"
	       "module's own.\n"
	       "\vThe module's figures come from the trace, or, for a cell's folder, from its\n"
	       "files. Needs neither root nor the module.\n\n"
	       "Exit status: 0 they agree, or the trace lost records and says so; 1 they do\n"
	       "not agree, or the file cannot be read.",
};

/* In a cell's folder the module's figures are files of their own. */
static int use_cell_files(const char *dir, struct trace_run *run,
			  struct problem *problem)
{
	static const char *const names[] = { "ledger", "summary" };
	char *texts[2] = { NULL, NULL };
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++) {
		char *path = xasprintf("%s/%s", dir, names[i]);

		texts[i] = read_lines(path, problem);
		ret = texts[i] ? 0 : -EINVAL;
		free(path);
	}
	if (!ret) {
		figures_free(run->module);
		run->module = figures_new();
		run->module_problem.text[0] = 0;
		figures_read(run->module, texts[0], texts[1], NULL,
			     &run->module_problem);
	}
	free(texts[0]);
	free(texts[1]);
	return ret;
}

/* What its times are; and why its platform is unproven, or NULL. */
static char *cell_clock(const char *dir, char **unproven, struct problem *problem)
{
	json_t *cell = cell_read(dir, problem);
	char *text;

	if (!cell)
		return NULL;
	text = cell_clock_text(cell);
	*unproven = xstrdup(cell_unproven(cell));
	json_decref(cell);
	return text;
}

static int show(const struct arguments *args, const struct trace_run *run,
		const struct run_report *report, const struct report_about *about)
{
	if (args->json) {
		json_t *json = report_json(report, run, about);
		char *text = json_text(json);

		fputs(text, stdout);
		free(text);
		json_decref(json);
	} else if (args->csv) {
		report_csv(report, stdout);
	} else {
		report_print(report, run, about, stdout);
	}
	if (!report->agree)
		complain("%s: %s", about->file, report->verdict.text);
	return report->agree ? RTLAT_EXIT_OK : RTLAT_EXIT_ERROR;
}

int cmd_report(int argc, char **argv)
{
	struct arguments args = { .path = NULL };
	struct report_about about = { NULL, NULL, NULL };
	struct problem problem = { "" };
	struct run_report report = { .figures = NULL };
	struct trace_run *run = NULL;
	char *file = NULL, *clock = NULL, *unproven = NULL;
	int ret = RTLAT_EXIT_ERROR;
	bool cell;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!args.path)
		args.path = "trace.dat";
	cell = is_folder(args.path);
	file = file_or_in_folder(args.path, "trace.dat");
	if (cell) {
		clock = cell_clock(args.path, &unproven, &problem);
		if (!clock)
			goto out;
	} else {
		clock = xstrdup("of the traced machine, not told by a trace; times in ns");
	}
	run = trace_report(file, args.run, &report, &problem);
	if (!run || (cell && use_cell_files(args.path, run, &problem)))
		goto out;
	about.file = file;
	about.clock = clock;
	about.unproven = unproven;
	run_report_judge(&report, run);
	ret = show(&args, run, &report, &about);
out:
	if (problem.text[0])
		complain("%s", problem.text);
	run_report_free(&report);
	trace_run_free(run);
	free(unproven);
	free(clock);
	free(file);
	return ret;
}
