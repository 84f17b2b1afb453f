// SPDX-License-Identifier: GPL-2.0
/* From a trace's events to its runs. */

#include <inttypes.h>
#include <stdlib.h>

#include "run/debugfs.h"
#include "trace/run.h"

static struct trace_run *run_new(void)
{
	struct trace_run *run = xcalloc(1, sizeof(*run));

	run->module = figures_new();
	run->params = xstrdup("");
	run->ledger = xstrdup("");
	return run;
}

/**
 * trace_run_free - free a run
 * @run: the run, or NULL
 */
void trace_run_free(struct trace_run *run)
{
	if (!run)
		return;
	figures_free(run->module);
	free(run->samples);
	free(run->raw);
	free(run->status);
	free(run->params);
	free(run->ledger);
	free(run);
}

/* A complete run is better than one that is not, then a later one is. */
static void finish(struct trace_loader *loader)
{
	struct trace_run *now = loader->now;
	struct trace_run *best = loader->best;
	const size_t from = loader->from;

	loader->now = NULL;
	loader->from = loader->at;
	if (!now)
		return;
	if ((loader->wanted && (!now->named || now->number != loader->wanted)) ||
	    (!now->nr && !now->ended) ||
	    (best && best->ended && !now->ended)) {
		trace_run_free(now);
		return;
	}
	trace_run_free(best);
	loader->best = now;
	loader->best_from = from;
	loader->best_to = loader->at;
}

static struct trace_run *current(struct trace_loader *loader)
{
	if (!loader->now)
		loader->now = run_new();
	return loader->now;
}

static int add_sample(void *data, const struct sample *sample,
		      struct problem *problem)
{
	struct trace_run *run = current(data);

	if (sample->metric >= RTLAT_NR_METRICS)
		return problem_set(problem,
			"damaged: a sample of metric %u, there are %d",
			sample->metric, RTLAT_NR_METRICS);
	if (run->nr == run->room) {
		run->room = run->room ? 2 * run->room : 4096;
		run->samples = xrealloc(run->samples,
					run->room * sizeof(*run->samples));
	}
	run->samples[run->nr++] = *sample;
	return 0;
}

static int check_status(const char *text, struct problem *problem)
{
	struct module_status status;
	int ret = status_parse(&status, text, problem);

	if (!ret && status.abi != RTLAT_ABI)
		ret = problem_set(problem,
				  "recorded with ABI %" PRIu64 ", this rtlat has ABI %d",
				  status.abi, RTLAT_ABI);
	return ret;
}

static void add_line(char **lines, const char *text)
{
	char *more = xasprintf("%s%s\n", *lines, text);

	free(*lines);
	*lines = more;
}

static void add_figures(struct trace_run *run, unsigned int phase,
			const char *text)
{
	struct textline line = {
		.file = phase == RTLAT_PHASE_LEDGER ? "the trace's ledger" :
						      "the trace's summary",
		.number = 1,
	};

	textline_parse(&line, text, strcspn(text, "\n"));
	if (phase == RTLAT_PHASE_LEDGER)
		figures_ledger_line(run->module, &line, &run->module_problem);
	else
		figures_summary_line(run->module, &line, &run->module_problem);
	textline_free(&line);
}

/**
 * trace_loader_run - a line about a run
 * @loader: loader
 * @number: number of the run
 * @phase: what the line is
 * @text: the line
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int trace_loader_run(struct trace_loader *loader, u32 number, unsigned int phase,
		     const char *text, struct problem *problem)
{
	struct trace_run *run = loader->now;

	if (phase == RTLAT_PHASE_BEGIN ||
	    (run && run->named && run->number != number))
		finish(loader);
	run = current(loader);
	run->number = number;
	run->named = true;
	switch (phase) {
	case RTLAT_PHASE_BEGIN:
	case RTLAT_PHASE_END:
		if (check_status(text, problem))
			return -EINVAL;
		free(run->status);
		run->status = xstrdup(text);
		run->begun |= phase == RTLAT_PHASE_BEGIN;
		if (phase != RTLAT_PHASE_END)
			return 0;
		run->ended = true;
		finish(loader);
		return 0;
	case RTLAT_PHASE_PARAM:
		add_line(&run->params, text);
		return 0;
	case RTLAT_PHASE_LEDGER:
		add_line(&run->ledger, text);
		add_figures(run, phase, text);
		return 0;
	case RTLAT_PHASE_SUMMARY:
		add_figures(run, phase, text);
		return 0;
	}
	return problem_set(problem, "damaged: an rtlat_run event of phase %u",
			   phase);
}

/**
 * trace_loader_missed - the ring buffer lost records
 * @loader: loader
 */
void trace_loader_missed(struct trace_loader *loader)
{
	current(loader)->missed = true;
}

/**
 * trace_loader_end - the trace is over
 * @loader: loader
 * @nr: samples that were left out of the run in the making
 */
void trace_loader_end(struct trace_loader *loader, size_t nr)
{
	if (nr)
		current(loader)->nr += nr;
	finish(loader);
}

static int add_run(void *data, u32 number, unsigned int phase,
		   const char *text, struct problem *problem)
{
	return trace_loader_run(data, number, phase, text, problem);
}

static void note_missed(void *data)
{
	trace_loader_missed(data);
}

/* What is recorded outside a run is of no use to a recount. */
static void add_raw(void *data, const struct raw_event *event)
{
	struct trace_run *run = ((struct trace_loader *)data)->now;

	if (!run || !run->begun)
		return;
	if (run->nr_raw == run->room_raw) {
		run->room_raw = run->room_raw ? 2 * run->room_raw : 4096;
		run->raw = xrealloc(run->raw,
				    run->room_raw * sizeof(*run->raw));
	}
	run->raw[run->nr_raw++] = *event;
}

/**
 * trace_run_missing - say that a trace has no such run
 * @path: the trace.dat
 * @wanted: number of the run; 0: the last complete one
 * @problem: receives it
 */
void trace_run_missing(const char *path, u32 wanted, struct problem *problem)
{
	if (wanted)
		problem_set(problem, "%s: no run %u in it", path, wanted);
	else
		problem_set(problem, "%s: no samples of rtlat in it", path);
}

static struct trace_run *load(const char *path, u32 wanted, bool raw,
			      struct problem *problem)
{
	struct trace_loader loader = { .wanted = wanted };
	struct trace_sink sink = {
		.sample = add_sample,
		.run = add_run,
		.missed = note_missed,
		.raw = raw ? add_raw : NULL,
		.data = &loader,
	};
	struct problem inner = { "" };

	if (trace_read(path, &sink, &inner)) {
		if (strstr(inner.text, path))
			problem_set(problem, "%s", inner.text);
		else
			problem_set(problem, "%s: %s", path, inner.text);
		trace_run_free(loader.now);
		trace_run_free(loader.best);
		return NULL;
	}
	trace_loader_end(&loader, 0);
	if (!loader.best)
		trace_run_missing(path, wanted, problem);
	return loader.best;
}

/**
 * trace_run_load - one run of a trace
 * @path: the trace.dat
 * @wanted: number of the run; 0: the last complete one
 * @problem: receives what is wrong, in one line that names the file
 *
 * Return: the run, or NULL.
 */
struct trace_run *trace_run_load(const char *path, u32 wanted,
				 struct problem *problem)
{
	return load(path, wanted, false, problem);
}

/**
 * trace_run_load_raw - one run of a trace, with the kernel's own events
 * @path: the trace.dat
 * @wanted: number of the run; 0: the last complete one
 * @problem: receives what is wrong, in one line that names the file
 *
 * Return: the run, or NULL.
 */
struct trace_run *trace_run_load_raw(const char *path, u32 wanted,
				     struct problem *problem)
{
	return load(path, wanted, true, problem);
}
