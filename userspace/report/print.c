// SPDX-License-Identifier: GPL-2.0
/* What a trace says of a run, as tables. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/table.h"
#include "report/report.h"
#include "stats/stats.h"
#include "trace/sumrule.h"

static void headings(struct table *table, const char *const *names, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		table_cell(table, "%s", names[i]);
}

static void figures_row(struct table *table, const struct run_report *report,
			const struct report_row *row, struct rtlat_hist *hist)
{
	const struct ledger *ledger = &report->figures->ledger[row->metric];
	const struct metric_report *metric = &report->metric[row->metric];
	struct stats stats;

	figures_merge(report->figures, row->metric, row->classes, hist);
	stats_of(&stats, hist);
	table_cell(table, "%s", metric_name(row->metric));
	table_cell(table, "%s", row->over);
	table_cell(table, "%" PRIu64, stats.n);
	if (stats.n) {
		table_cell(table, "%" PRIu64, stats.min);
		table_cell(table, "%.1f", stats.mean);
		if (stats.n > 1)
			table_cell(table, "%.1f", stats.stddev);
		else
			table_cell(table, "-");
		table_cell(table, "%" PRIu64, stats.p50);
		table_cell(table, "%" PRIu64, stats.p90);
		table_cell(table, "%" PRIu64, stats.p99);
		table_cell(table, "%" PRIu64, stats.p999);
		table_cell(table, "%" PRIu64, stats.max);
	} else {
		int i;

		for (i = 0; i < 8; i++)
			table_cell(table, "-");
	}
	table_cell(table, "%" PRIu64 "/%" PRIu64, ledger->line[RTLAT_L_KEPT],
		   ledger->attempted);
	table_cell(table, "%" PRIu64, metric->lost);
}

static void print_figures(const struct run_report *report, FILE *to)
{
	static const char *const names[] = {
		"metric [ns]", "over", "n", "min", "mean", "stddev", "p50",
		"p90", "p99", "p99.9", "max", "kept/attempted", "lost",
	};
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	struct table *table = table_new("llrrrrrrrrrrr");
	struct report_row rows[MAX_REPORT_ROWS];
	unsigned int i, nr = report_rows(report, rows);

	headings(table, names, ARRAY_SIZE(names));
	for (i = 0; i < nr; i++)
		figures_row(table, report, &rows[i], hist);
	table_print(table, to);
	table_free(table);
	free(hist);
}

static void print_flags(const struct run_report *report, FILE *to)
{
	struct table *table = table_new("lrrrrrrrrrr");
	unsigned int m;
	size_t i;

	_Static_assert(NR_FLAGS == 8, "a column for each flag");
	table_cell(table, "samples flagged");
	table_cell(table, "traced");
	table_cell(table, "nested");
	for (i = 0; i < NR_FLAGS; i++)
		table_cell(table, "%s", flag_names[i].name);
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const struct metric_report *metric = &report->metric[m];

		if (!report->figures->ledger[m].applies)
			continue;
		table_cell(table, "%s", metric_name(m));
		table_cell(table, "%" PRIu64, metric->traced);
		table_cell(table, "%" PRIu64, metric->nested);
		for (i = 0; i < NR_FLAGS; i++)
			table_cell(table, "%" PRIu64,
				   metric->flagged[__builtin_ctz(flag_names[i].bit)]);
	}
	table_print(table, to);
	table_free(table);
}

static void print_largest(const struct run_report *report, FILE *to)
{
	static const char *const names[] = {
		"largest", "duration [ns]", "start [ns]", "CPU", "task", "job",
		"flags",
	};
	struct table *table = table_new("lrrrrrl");
	unsigned int m, i;

	headings(table, names, ARRAY_SIZE(names));
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		for (i = 0; i < report->metric[m].nr_top; i++) {
			const struct sample *sample = &report->metric[m].top[i];
			char *flags = flags_text(sample->flags);

			table_cell(table, "%s", i ? "" : metric_name(m));
			table_cell(table, "%" PRIu64, sample->duration_ns);
			table_cell(table, "%" PRIu64, sample->start_ns);
			table_cell(table, "%u", sample->cpu);
			table_cell(table, "%u", sample->task);
			table_cell(table, "%u", sample->job);
			table_cell(table, "%s", flags);
			free(flags);
		}
	}
	table_print(table, to);
	table_free(table);
}

static void step_row(struct table *table, const char *name, u64 sum_ns,
		     const struct run_report *report)
{
	table_cell(table, "%s", name);
	table_cell(table, "%.1f", (double)sum_ns / (double)report->sum_checked);
	table_cell(table, "%.1f %%",
		   100.0 * (double)sum_ns / (double)report->whole_ns);
}

/* Over the jobs that were checked: the same ones in every line. */
static void print_steps(const struct run_report *report, FILE *to)
{
	struct table *table;
	unsigned int i;
	u64 sum_ns = 0;

	if (!report->metric[RTLAT_THREAD_LATENCY].traced)
		return;
	table = table_new("lrr");
	table_cell(table, "step of thread_latency");
	table_cell(table, "mean [ns]");
	table_cell(table, "share");
	for (i = 0; report->sum_checked && i < NR_STEPS; i++) {
		step_row(table, metric_name(step_metrics[i]),
			 report->step_ns[i], report);
		sum_ns += report->step_ns[i];
	}
	if (report->sum_checked) {
		step_row(table, "sum of steps", sum_ns, report);
		step_row(table, "thread_latency", report->whole_ns, report);
		table_print(table, to);
	}
	fprintf(to, "job by job (n=%" PRIu64 ", those that did not queue): %" PRIu64
		" differ, %" PRIu64 " more lack a step%s%s\n\n",
		report->sum_checked, report->sum_failed, report->sum_partial,
		report->sum_failed ? "; " : "", report->sum_first);
	table_free(table);
}

/**
 * report_print - print a report
 * @report: report
 * @run: the run it is of
 * @about: where it comes from
 * @to: where
 */
void report_print(const struct run_report *report, const struct trace_run *run,
		  const struct report_about *about, FILE *to)
{
	fprintf(to, "%s: ", about->file);
	if (run->named)
		fprintf(to, "run %u", run->number);
	else
		fprintf(to, "a run without a number");
	fprintf(to, "%s%s\n", run->begun ? "" : ", its begin is missing",
		run->ended ? "" : ", its end is missing");
	if (about->unproven)
		fprintf(to, "unproven: %s\n", about->unproven);
	fprintf(to, "clock: %s\n\n", about->clock);
	print_figures(report, to);
	fputc('\n', to);
	print_steps(report, to);
	print_flags(report, to);
	fputc('\n', to);
	print_largest(report, to);
	fprintf(to, "\n%s\n", report->verdict.text);
}
