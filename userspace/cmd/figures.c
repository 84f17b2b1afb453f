// SPDX-License-Identifier: GPL-2.0
/* rtlat figures: data files and pictures of a results folder. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/outdir.h"
#include "cmd/options.h"
#include "plot/figures-folder.h"
#include "plot/gnuplot.h"
#include "plot/plot.h"
#include "results/results.h"
#include "rtlat.h"

/* The paper's figures, by its numbers, and thread latency drawn likewise. */
static const struct {
	unsigned int number;
	enum plot_kind kind;
	unsigned int metric;
} numbered[] = {
	{ 4, PLOT_AVERAGE, RTLAT_SCHED_OVERHEAD },
	{ 5, PLOT_WORST, RTLAT_SCHED_OVERHEAD },
	{ 6, PLOT_AVERAGE, RTLAT_CXS_OVERHEAD },
	{ 7, PLOT_WORST, RTLAT_CXS_OVERHEAD },
	{ 8, PLOT_AVERAGE, RTLAT_EVENT_LATENCY },
	{ 9, PLOT_WORST, RTLAT_EVENT_LATENCY },
	{ 10, PLOT_AVERAGE, RTLAT_RELEASE_OVERHEAD },
	{ 11, PLOT_WORST, RTLAT_RELEASE_OVERHEAD },
	{ 12, PLOT_AVERAGE, RTLAT_THREAD_LATENCY },
	{ 13, PLOT_WORST, RTLAT_THREAD_LATENCY },
};

struct arguments {
	const char *results;
	const char *out;
	const char *scripts;
};

enum {
	OPT_SCRIPTS = 0x100,
};

static const struct argp_option options[] = {
	{ "out", 'o', "DIR", 0,
	  "folder of the figures; replaced when complete (default: RESULTS/figures)",
	  0 },
	{ "scripts", OPT_SCRIPTS, "DIR", 0,
	  "folder of the gnuplot scripts (default: those that come with rtlat)", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'o':
		args->out = arg;
		return 0;
	case OPT_SCRIPTS:
		args->scripts = arg;
		return 0;
	}
	return one_argument(key, arg, state, &args->results, "RESULTS");
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RESULTS",
	.doc = "Draw the cells of a results folder, as SVG and PNG with the data file beside\n"
	       "them: average and worst case of the paper's metrics and of thread_latency\n"
	       "against tasks per processor, and the distribution of every metric.\n"
	       "\vNeeds gnuplot. When something is wrong, the figures that were there before stay.",
};

/**
 * struct drawing - figures being drawn
 * @out: folder that they go to
 * @scripts: folder of the gnuplot scripts
 * @sweep: whose
 * @dir: folder in @out, with a slash behind it; or ""
 * @tasksets: file of the task sets; or ""
 * @nr: figures drawn
 */
struct drawing {
	struct outdir *out;
	const char *scripts;
	const struct sweep *sweep;
	char *dir;
	const char *tasksets;
	unsigned int nr;
};

static int draw(struct drawing *drawing, const struct plot *plot,
		struct problem *problem)
{
	const bool cdf = plot->kind == PLOT_CDF;
	struct plot_text text;
	char *base, *data, *script;
	int ret = -EINVAL;

	if (stop_wanted())
		return problem_set(problem, "interrupted");
	if (!plot_make(&text, drawing->sweep, plot))
		return 0;
	base = xasprintf("%s%s", drawing->dir, plot->name);
	data = xasprintf("%s.tsv", base);
	script = xasprintf("%s/%s.gp", drawing->scripts,
			   cdf ? "distribution" : "points");
	if (!outdir_write(drawing->out, data, text.data)) {
		const char *const args[] = {
			base, text.title, text.subtitle, text.axis, text.lines,
			text.style, plot->kind == PLOT_WORST ? "worst" : "average",
			drawing->tasksets, NULL
		};

		ret = gnuplot_run(drawing->out->fd, script, args, problem);
		drawing->nr++;
	}
	free(script);
	free(data);
	free(base);
	plot_text_free(&text);
	return ret;
}

static int draw_numbered(struct drawing *drawing, struct problem *problem)
{
	char *tasksets = plot_tasksets(drawing->sweep);
	char *name = xasprintf("%s" FIGURES_TASKSETS, drawing->dir);
	int ret = 0;
	size_t i;

	if (tasksets) {
		drawing->tasksets = name;
		ret = outdir_write(drawing->out, name, tasksets);
	}
	for (i = 0; i < ARRAY_SIZE(numbered) && !ret; i++) {
		struct plot plot = {
			.kind = numbered[i].kind,
			.metric = numbered[i].metric,
		};

		plot.name = figure_name(numbered[i].number, plot.kind, plot.metric);
		ret = draw(drawing, &plot, problem);
		free(plot.name);
	}
	drawing->tasksets = "";
	free(name);
	free(tasksets);
	return ret;
}

static int draw_sweep(struct drawing *drawing, struct problem *problem)
{
	unsigned int m;
	int ret = 0;

	if (*drawing->sweep->name &&
	    mkdirat(drawing->out->fd, drawing->sweep->name, 0755))
		return problem_set(problem, "cannot make %s/%s: %s",
				   drawing->out->path, drawing->sweep->name,
				   strerror(errno));
	drawing->dir = xasprintf("%s%s", drawing->sweep->name,
				 *drawing->sweep->name ? "/" : "");
	if (sweep_is_taskset(drawing->sweep))
		ret = draw_numbered(drawing, problem);
	for (m = 0; m < RTLAT_NR_METRICS && !ret; m++) {
		struct plot plot = { .kind = PLOT_CDF, .metric = m };

		plot.name = figure_name(0, plot.kind, m);
		ret = draw(drawing, &plot, problem);
		free(plot.name);
	}
	free(drawing->dir);
	return ret;
}

/* What a reader of the folder would miss. */
static void say_left_out(const struct sweeps *sweeps)
{
	char *imported = sweeps_left_out(sweeps);
	bool tasksets = false;
	size_t i;

	for (i = 0; i < sweeps->nr; i++)
		tasksets |= sweep_is_taskset(&sweeps->sweep[i]);
	if (!tasksets)
		printf("left out: figures 4 to 13: no cell is of mode=taskset\n");
	if (sweeps->not_ok)
		printf("left out: %u cell%s not ok\n", sweeps->not_ok,
		       sweeps->not_ok == 1 ? ", which is" : "s, which are");
	if (imported)
		printf("%s\n", imported);
	free(imported);
}

static int draw_all(const struct sweeps *sweeps, const char *path,
		    const char *scripts, struct problem *problem)
{
	struct outdir out;
	struct drawing drawing = {
		.out = &out, .scripts = scripts, .tasksets = "",
	};
	int ret;
	size_t i;

	ret = figures_folder_open(&out, path);
	for (i = 0; i < sweeps->nr && !ret; i++) {
		drawing.sweep = &sweeps->sweep[i];
		ret = draw_sweep(&drawing, problem);
	}
	if (!ret)
		ret = outdir_commit(&out);
	if (!ret) {
		printf("%s: %u figures\n", path, drawing.nr);
		say_left_out(sweeps);
	}
	outdir_close(&out);
	return ret;
}

int cmd_figures(int argc, char **argv)
{
	struct arguments args = { NULL, NULL, NULL };
	struct problem problem = { "" };
	struct sweeps sweeps = { .nr = 0 };
	char *out = NULL, *scripts = NULL;
	json_t *summary;
	int ret = -EINVAL;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	catch_stop_signals();
	summary = summary_read(args.results, &problem);
	if (!summary || gnuplot_find(&problem))
		goto out;
	scripts = gnuplot_scripts(args.scripts, &problem);
	if (!scripts || sweeps_make(&sweeps, summary, &problem) ||
	    sweeps_read(&sweeps, args.results, &problem))
		goto out;
	out = args.out ? xstrdup(args.out) :
			 xasprintf("%s/figures", args.results);
	ret = draw_all(&sweeps, out, scripts, &problem);
out:
	if (problem.text[0])
		complain("%s", problem.text);
	free(out);
	sweeps_free(&sweeps);
	free(scripts);
	json_decref(summary);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
