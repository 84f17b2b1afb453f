// SPDX-License-Identifier: GPL-2.0
/* What a trace says of a run, as JSON and CSV. */

#include <inttypes.h>
#include <stdlib.h>

#include "report/report.h"
#include "results/cell.h"
#include "stats/stats.h"
#include "trace/sumrule.h"

/**
 * report_rows - which lines of figures there are
 * @report: report
 * @rows: receives them
 *
 * Kept samples always, all samples where some were interrupted, and the parts
 * of a metric where there is more than one.
 *
 * Return: how many.
 */
unsigned int report_rows(const struct run_report *report,
			 struct report_row rows[MAX_REPORT_ROWS])
{
	const struct figures *figures = report->figures;
	unsigned int nr = 0, m, i;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const struct metric_part *part = metric_parts(m);

		if (!figures->ledger[m].applies)
			continue;
		rows[nr++] = (struct report_row) { m, "kept", CLASSES_KEPT };
		if (figures_count(figures, m, CLASSES_INTERRUPTED))
			rows[nr++] = (struct report_row) { m, "all", CLASSES_ALL };
		if (!part || !figures_count(figures, m, part[1].classes))
			continue;
		for (i = 0; i < METRIC_PARTS; i++)
			rows[nr++] = (struct report_row) { m, part[i].name,
							   part[i].classes };
	}
	return nr;
}

/**
 * report_csv - a report as comma separated values
 * @report: report
 * @to: where
 */
void report_csv(const struct run_report *report, FILE *to)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	struct report_row rows[MAX_REPORT_ROWS];
	unsigned int i, nr = report_rows(report, rows);

	fprintf(to, "metric,over,unit,n,min,mean,stddev,p50,p90,p99,p999,max,");
	fprintf(to, "kept,attempted,traced,lost\n");
	for (i = 0; i < nr; i++) {
		const struct ledger *ledger = &report->figures->ledger[rows[i].metric];
		const struct metric_report *metric = &report->metric[rows[i].metric];
		struct stats stats;

		figures_merge(report->figures, rows[i].metric, rows[i].classes,
			      hist);
		stats_of(&stats, hist);
		fprintf(to, "%s,%s,ns,%" PRIu64 ",", metric_name(rows[i].metric),
			rows[i].over, stats.n);
		if (stats.n)
			fprintf(to, "%" PRIu64 ",%.3f,", stats.min, stats.mean);
		else
			fprintf(to, ",,");
		if (stats.n > 1)
			fprintf(to, "%.3f", stats.stddev);
		if (stats.n)
			fprintf(to,
				",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
				",%" PRIu64 ",",
				stats.p50, stats.p90, stats.p99, stats.p999,
				stats.max);
		else
			fprintf(to, ",,,,,,");
		fprintf(to, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
			ledger->line[RTLAT_L_KEPT], ledger->attempted,
			metric->traced, metric->lost);
	}
	free(hist);
}

static json_t *integer(u64 value)
{
	return json_integer((json_int_t)value);
}

static json_t *flags_json(const struct metric_report *metric)
{
	json_t *json = json_object();
	size_t i;

	json_object_set_new(json, "nested", integer(metric->nested));
	for (i = 0; i < NR_FLAGS; i++) {
		int bit = __builtin_ctz(flag_names[i].bit);

		json_object_set_new(json, flag_names[i].name,
				    integer(metric->flagged[bit]));
	}
	return json;
}

static void add_trace_part(json_t *metrics, const struct run_report *report)
{
	unsigned int m, i;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const struct metric_report *metric = &report->metric[m];
		json_t *json = json_object_get(metrics, metric_name(m));
		json_t *top;

		if (!json)
			continue;
		top = json_array();
		for (i = 0; i < metric->nr_top; i++)
			json_array_append_new(top, sample_json(&metric->top[i]));
		json_object_set_new(json, "traced", integer(metric->traced));
		json_object_set_new(json, "lost", integer(metric->lost));
		json_object_set_new(json, "flags", flags_json(metric));
		json_object_set_new(json, "largest", top);
	}
}

/* Over the jobs that were checked. */
static json_t *mean_json(const struct run_report *report, u64 sum_ns)
{
	return json_real_or_null(report->sum_checked != 0,
				 (double)sum_ns / (double)report->sum_checked);
}

/**
 * report_json - a report as JSON
 * @report: report
 * @run: the run it is of
 * @about: where it comes from
 *
 * Return: the object.
 */
json_t *report_json(const struct run_report *report,
		    const struct trace_run *run,
		    const struct report_about *about)
{
	json_t *json = json_object();
	json_t *metrics = metrics_json(report->figures, NULL, NULL);
	json_t *sums = json_object();
	json_t *means = json_object();
	unsigned int i;

	add_trace_part(metrics, report);
	for (i = 0; report->sum_checked && i < NR_STEPS; i++)
		json_object_set_new(means, metric_name(step_metrics[i]),
				    mean_json(report, report->step_ns[i]));
	json_object_set_new(means, "thread_latency",
			    mean_json(report, report->whole_ns));
	json_object_set_new(sums, "unit", json_string("ns"));
	json_object_set_new(sums, "means", means);
	json_object_set_new(sums, "checked", integer(report->sum_checked));
	json_object_set_new(sums, "failed", integer(report->sum_failed));
	json_object_set_new(sums, "partial", integer(report->sum_partial));
	json_object_set_new(json, "file", json_string_or_null(about->file));
	json_object_set_new(json, "clock", json_string(about->clock));
	json_object_set_new(json, "unproven", json_string_or_null(about->unproven));
	json_object_set_new(json, "run", run->named ? integer(run->number) :
						      json_null());
	json_object_set_new(json, "complete",
			    json_boolean(run->begun && run->ended));
	json_object_set_new(json, "status", json_string_or_null(run->status));
	json_object_set_new(json, "sum_rule", sums);
	json_object_set_new(json, "agree", json_boolean(report->agree));
	json_object_set_new(json, "verdict", json_string_or_null(report->verdict.text));
	json_object_set_new(json, "metrics", metrics);
	return json;
}
