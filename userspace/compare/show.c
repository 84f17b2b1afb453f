// SPDX-License-Identifier: GPL-2.0
/* The tables of rtlat show: all of one cell. Pure. */

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "compare/compare.h"
#include "compare/show.h"
#include "proof/platform.h"
#include "stats/figures.h"

static long long number_of(const json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

static void number_cell(struct table *table, const json_t *value)
{
	if (json_is_integer(value))
		table_cell(table, "%lld", (long long)json_integer_value(value));
	else if (json_is_number(value))
		table_cell(table, "%.1f", json_number_value(value));
	else
		table_cell(table, "-");
}

static void interval_cell(struct table *table, const json_t *ci, int digits)
{
	if (json_is_array(ci))
		table_cell(table, "%.*f..%.*f", digits,
			   json_number_value(json_array_get(ci, 0)), digits,
			   json_number_value(json_array_get(ci, 1)));
	else
		table_cell(table, "-");
}

static void stats_row(struct table *table, const char *name, const json_t *metric,
		      const char *over, bool corrected)
{
	static const char *const after[] = { "stddev", "p50", "p90", "p99" };
	const json_t *stats = json_object_get(metric, over);
	const json_t *ledger = json_object_get(metric, "ledger");
	const json_t *own = json_object_get(metric, "own_cost_ns");
	const json_t *mean = json_object_get(stats, "mean");
	size_t i;

	table_cell(table, "%s", name);
	table_cell(table, "%s", over);
	number_cell(table, json_object_get(stats, "n"));
	number_cell(table, json_object_get(stats, "min"));
	number_cell(table, mean);
	if (corrected && own && json_is_number(mean))
		table_cell(table, "%.1f", json_number_value(mean) -
					  json_number_value(own));
	else if (corrected)
		table_cell(table, "-");
	interval_cell(table, json_object_get(stats, "ci95_mean"), 1);
	for (i = 0; i < ARRAY_SIZE(after); i++)
		number_cell(table, json_object_get(stats, after[i]));
	interval_cell(table, json_object_get(stats, "ci95_p99"), 0);
	number_cell(table, json_object_get(stats, "p999"));
	number_cell(table, json_object_get(stats, "max"));
	table_cell(table, "%lld/%lld", number_of(ledger, "kept"),
		   number_of(ledger, "attempted"));
}

/* Kept samples always; the others where they are not the same. */
static void metric_rows(struct table *table, const char *name,
			const json_t *metric, bool corrected)
{
	const struct metric_part *part =
		metric_parts((unsigned int)metric_by_name(name));
	const long long kept = number_of(json_object_get(metric, "kept"), "n");
	unsigned int i;

	stats_row(table, name, metric, "kept", corrected);
	if (number_of(json_object_get(metric, "all"), "n") != kept)
		stats_row(table, name, metric, "all", corrected);
	if (!part || !number_of(json_object_get(metric, part[1].name), "n"))
		return;
	for (i = 0; i < METRIC_PARTS; i++)
		stats_row(table, name, metric, part[i].name, corrected);
}

/* Is it known what rtlat's own code takes? */
static bool knows_own(const json_t *metrics)
{
	unsigned int m;

	for (m = 0; m < RTLAT_NR_METRICS; m++)
		if (json_object_get(json_object_get(metrics, metric_name(m)),
				    "own_cost_ns"))
			return true;
	return false;
}

static void print_stats(const json_t *metrics, FILE *to)
{
	static const char *const names[] = {
		"metric [ns]", "over", "n", "min", "mean", "corrected", "95 % of mean",
		"stddev", "p50", "p90", "p99", "95 % of p99", "p99.9", "max",
		"kept/attempted",
	};
	const bool corrected = knows_own(metrics);
	struct table *table = table_new(corrected ? "llrrrrrrrrrrrrr" :
						    "llrrrrrrrrrrrr");
	unsigned int m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (corrected || strcmp(names[i], "corrected"))
			table_cell(table, "%s", names[i]);
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const json_t *metric = json_object_get(metrics, metric_name(m));

		if (metric)
			metric_rows(table, metric_name(m), metric, corrected);
	}
	table_print(table, to);
	if (corrected)
		fprintf(to, "(corrected: the mean less what rtlat's own code takes of it)\n");
	table_free(table);
}

/* Nested interrupts and flags, as flags_text() says them. */
static char *flags_of(const json_t *sample)
{
	const json_t *flags = json_object_get(sample, "flags");
	const long long nested = number_of(sample, "nested");
	char *text = nested ? xasprintf("nested=%lld", nested) : xstrdup("");
	size_t i;

	for (i = 0; i < json_array_size(flags); i++) {
		const char *flag = json_string_value(json_array_get(flags, i));
		char *more = xasprintf("%s%s%s", text, *text ? "," : "",
				       flag ? flag : "?");

		free(text);
		text = more;
	}
	return text;
}

static void print_largest(const json_t *metrics, FILE *to)
{
	static const char *const names[] = {
		"largest", "rank", "duration [ns]", "start [ns]", "CPU", "task",
		"job", "flags",
	};
	static const char *const keys[] = {
		"duration_ns", "start_ns", "cpu", "task", "job",
	};
	struct table *table = table_new("lrrrrrrl");
	unsigned int m;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		table_cell(table, "%s", names[i]);
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const json_t *metric = json_object_get(metrics, metric_name(m));
		const json_t *list = json_object_get(metric, "largest");

		for (i = 0; i < json_array_size(list); i++) {
			const json_t *sample = json_array_get(list, i);
			char *flags = flags_of(sample);

			table_cell(table, "%s", i ? "" : metric_name(m));
			table_cell(table, "%zu", i + 1);
			for (k = 0; k < ARRAY_SIZE(keys); k++)
				table_cell(table, "%lld",
					   number_of(sample, keys[k]));
			table_cell(table, "%s", *flags ? flags : "-");
			free(flags);
		}
	}
	table_print(table, to);
	table_free(table);
}

static void print_tasks(json_t *tasks, FILE *to)
{
	const char *sep = "", *name;
	const json_t *value;

	fprintf(to, "tasks: ");
	json_object_foreach(tasks, name, value) {
		if (!json_is_integer(value))
			continue;
		fprintf(to, "%s%s=%lld", sep, name,
			(long long)json_integer_value(value));
		sep = " ";
	}
	fprintf(to, "\n\n");
}

/**
 * show_print - print a cell as tables
 * @cell: a checked cell
 * @to: where
 */
void show_print(const json_t *cell, FILE *to)
{
	const char *reason = json_string_value(json_object_get(cell, "reason"));
	const json_t *metrics = json_object_get(cell, "metrics");
	json_t *tasks = json_object_get(cell, "tasks");
	json_t *words = group_words(cell);

	fprintf(to, "%s: %s%s%s\n", json_text_of(cell, "id"),
		json_text_of(cell, "status"), reason ? ": " : "",
		reason ? reason : "");
	if (cell_unproven(cell))
		fprintf(to, "unproven: %s\n", cell_unproven(cell));
	fprintf(to, "platform=%s ", json_text_of(cell, "platform"));
	words_heading(words, to);
	print_clock(cell, to);
	json_decref(words);
	if (!json_object_size(metrics))
		return;
	fputc('\n', to);
	if (json_is_object(tasks))
		print_tasks(tasks, to);
	print_stats(metrics, to);
	fputc('\n', to);
	print_largest(metrics, to);
}
