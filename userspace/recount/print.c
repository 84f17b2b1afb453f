// SPDX-License-Identifier: GPL-2.0
/* Both views of a run, as tables. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/table.h"
#include "recount/recount.h"

static const char recomputed[] =
	"(means; recomputed: between the kernel's events, and the mean distance of\n"
	" other jobs' stamps from them, half of all, in which those compared had no part;\n";

static void print_counts(const struct recount *recount, FILE *to)
{
	struct table *table = table_new("rlrrrl");
	static const char *const head[] = {
		"cpu", "count", "module", "recounted", "in doubt", "",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(head); i++)
		table_cell(table, "%s", head[i]);
	for (i = 0; i < recount->nr_rows; i++) {
		const struct recount_row *row = &recount->row[i];
		const struct range *range = &row->recounted;

		/* nothing was skipped: not worth a line */
		if (row->equal && !row->module && !range->high && i)
			continue;
		table_cell(table, "%u", row->cpu);
		table_cell(table, "%s %s", metric_name(row->metric), row->what);
		table_cell(table, "%" PRIu64, row->module);
		table_cell(table, "%" PRIu64, range->low);
		table_cell(table, "%" PRIu64, range->high - range->low);
		table_cell(table, "%s", row->equal ? "equal" : "DIFFERS");
	}
	table_print(table, to);
	table_free(table);
}

static void print_borders(const struct recount *recount,
			  const struct recount_limits *limits, FILE *to)
{
	struct table *table = table_new("lrrrrl");
	static const char *const head[] = {
		"rtlat's stamp behind the kernel's [ns]", "n", "min", "median",
		"max", "",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(head); i++)
		table_cell(table, "%s", head[i]);
	for (i = 0; i < NR_STAMPS; i++) {
		const struct recount_border *border = &recount->border[i];
		bool far = (u64)llabs(border->median) > limits->distance_ns;

		if (!border->n)
			continue;
		table_cell(table, "%s", recount_stamp_names[i]);
		table_cell(table, "%" PRIu64, border->n);
		table_cell(table, "%lld", (long long)border->min);
		table_cell(table, "%lld", (long long)border->median);
		table_cell(table, "%lld", (long long)border->max);
		table_cell(table, "%s", far ? "TOO FAR" : "");
	}
	fputc('\n', to);
	table_print(table, to);
	table_free(table);
}

static void print_intervals(const struct recount *recount, FILE *to)
{
	struct table *table = table_new("lrrrrrrrl");
	static const char *const head[] = {
		"interval [ns]", "n", "rtlat", "kernel's events", "recomputed",
		"difference", "%", "largest", "",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(head); i++)
		table_cell(table, "%s", head[i]);
	for (i = 0; i < NR_BETWEEN; i++) {
		const struct recount_interval *interval = &recount->interval[i];
		double off = interval->recomputed - interval->ours;

		if (!interval->n)
			continue;
		table_cell(table, "%s", recount_interval_names[i]);
		table_cell(table, "%" PRIu64, interval->n);
		table_cell(table, "%.1f", interval->ours);
		table_cell(table, "%.1f", interval->raw);
		table_cell(table, "%.1f", interval->recomputed);
		table_cell(table, "%+.1f", off);
		table_cell(table, "%+.2f", interval->ours > 0 ?
			   100 * off / interval->ours : 0);
		table_cell(table, "%+lld", (long long)interval->largest);
		table_cell(table, "%s", interval->within ? "" : "DIFFERS");
	}
	fputc('\n', to);
	table_print(table, to);
	table_free(table);
}

/**
 * recount_print - print both views
 * @recount: both views
 * @run: the run
 * @limits: what is allowed
 * @to: where
 */
void recount_print(const struct recount *recount, const struct trace_run *run,
		   const struct recount_limits *limits, FILE *to)
{
	fprintf(to, "run %u: %" PRIu64 " events of the kernel, %zu samples of rtlat\n\n",
		run->number, recount->events, run->nr);
	print_counts(recount, to);
	if (recount->jobs) {
		print_borders(recount, limits, to);
		print_intervals(recount, to);
		fputs(recomputed, to);
		fprintf(to, " allowed: %g %% of the mean, %" PRIu64
			" ns of distance)\n",
			limits->percent, limits->distance_ns);
	}
	fprintf(to, "\n%zu counts, %" PRIu64 " differ", recount->nr_rows,
		recount->counts_differ);
	if (recount->jobs)
		fprintf(to, "; %" PRIu64 " releases in both views, %" PRIu64
			" differences in their times",
			recount->jobs, recount->times_differ);
	fputc('\n', to);
	if (recount->remark)
		fputs(recount->remark, to);
}
