// SPDX-License-Identifier: GPL-2.0
/* The tables of rtlat compare. Pure. */

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "compare/compare.h"
#include "proof/platform.h"

static const json_t *column_at(const json_t *group, size_t i)
{
	return json_array_get(json_object_get(group, "columns"), i);
}

static size_t nr_columns(const json_t *group)
{
	return json_array_size(json_object_get(group, "columns"));
}

static void number_cell(struct table *table, const json_t *value,
			const char *mark)
{
	if (json_is_integer(value))
		table_cell(table, "%s%lld", mark,
			   (long long)json_integer_value(value));
	else if (json_is_number(value))
		table_cell(table, "%s%.1f", mark, json_number_value(value));
	else
		table_cell(table, "-");
}

/* How far the ends of an interval are from its middle. */
static void interval_cell(struct table *table, const json_t *ci)
{
	if (json_is_array(ci))
		table_cell(table, "%.1f",
			   (json_number_value(json_array_get(ci, 1)) -
			    json_number_value(json_array_get(ci, 0))) / 2);
	else
		table_cell(table, "-");
}

static void ratio_cell(struct table *table, const json_t *value)
{
	if (json_is_number(value))
		table_cell(table, "%.2f", json_number_value(value));
	else
		table_cell(table, "-");
}

static void signed_cell(struct table *table, double value)
{
	table_cell(table, "%+.1f", value);
}

static void print_heading(const json_t *group, FILE *to)
{
	json_t *words = group_words(group);

	fprintf(to, "== ");
	words_heading(words, to);
	print_clock(group, to);
	json_decref(words);
}

/**
 * struct shown - columns that not every table has
 * @equal: maxima at equal n: where they differ from those that there are
 * @corrected: means less what rtlat's own code takes of them: where that is known
 */
struct shown {
	bool equal;
	bool corrected;
};

static void metric_row(struct table *table, const char *metric,
		       const char *label, const json_t *column,
		       struct shown shown)
{
	const json_t *row = compare_row(column, metric);

	if (!row)
		return;
	table_cell(table, "%s", label);
	table_cell(table, "%s", json_text_of(column, "name"));
	number_cell(table, json_object_get(row, "mean"), "");
	if (shown.corrected)
		number_cell(table, json_object_get(row, "corrected_mean"), "");
	interval_cell(table, json_object_get(row, "ci95_mean"));
	number_cell(table, json_object_get(row, "p50"), "");
	number_cell(table, json_object_get(row, "p99"), "");
	number_cell(table, json_object_get(row, "max"), "");
	if (shown.equal)
		number_cell(table, json_object_get(row, "max_equal"), "");
	ratio_cell(table, json_object_get(row, "ratio_mean"));
	ratio_cell(table, json_object_get(row, "ratio_p50"));
	number_cell(table, json_object_get(row, "n"), "");
	table_cell(table, "%lld/%lld",
		   (long long)json_integer_value(json_object_get(row, "kept")),
		   (long long)json_integer_value(json_object_get(row,
							"attempted")));
}

/* Names of all metrics that any column has, in the columns' order. */
static json_t *all_metrics(const json_t *group)
{
	json_t *names = json_array();
	size_t i, j, k;

	for (i = 0; i < nr_columns(group); i++) {
		const json_t *rows = json_object_get(column_at(group, i), "metrics");

		for (j = 0; j < json_array_size(rows); j++) {
			const char *name = json_text_of(json_array_get(rows, j), "metric");

			for (k = 0; k < json_array_size(names); k++)
				if (!strcmp(json_string_value(json_array_get(names, k)),
					    name))
					break;
			if (k == json_array_size(names))
				json_array_append_new(names, json_string(name));
		}
	}
	return names;
}

static void metric_rows(struct table *table, const json_t *group,
			const char *kind, struct shown shown)
{
	json_t *names = all_metrics(group);
	size_t i, j;

	for (i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		const char *label = kind ? kind : name;

		for (j = 0; j < nr_columns(group); j++) {
			metric_row(table, name, label, column_at(group, j),
				   shown);
			if (compare_row(column_at(group, j), name))
				label = "";
		}
	}
	json_decref(names);
}

static bool is_shown(struct shown shown, const char *heading)
{
	return (shown.equal || strcmp(heading, "max at equal n")) &&
	       (shown.corrected || strcmp(heading, "corrected"));
}

static struct table *metric_table(const char *what, struct shown shown)
{
	static const char *const heading[] = {
		"platform", "mean", "corrected", "+-", "p50", "p99", "max",
		"max at equal n", "x mean", "x p50", "n", "kept/attempted",
	};
	char align[ARRAY_SIZE(heading) + 2] = "ll";
	struct table *table;
	size_t i, nr = 0;

	for (i = 0; i < ARRAY_SIZE(heading); i++)
		nr += is_shown(shown, heading[i]);
	memset(align + 2, 'r', nr - 1);
	table = table_new(align);
	table_cell(table, "%s [ns]", what);
	for (i = 0; i < ARRAY_SIZE(heading); i++)
		if (is_shown(shown, heading[i]))
			table_cell(table, "%s", heading[i]);
	return table;
}

/* What the rows of a group have. */
static struct shown shown_of(const json_t *group)
{
	struct shown shown = { };
	size_t i, j;

	for (i = 0; i < nr_columns(group); i++) {
		const json_t *rows = json_object_get(column_at(group, i), "metrics");

		for (j = 0; j < json_array_size(rows); j++) {
			const json_t *row = json_array_get(rows, j);

			if (json_is_number(json_object_get(row, "max_equal")) &&
			    !json_equal(json_object_get(row, "n_equal"),
					json_object_get(row, "n")))
				shown.equal = true;
			if (json_object_get(row, "corrected_mean"))
				shown.corrected = true;
		}
	}
	return shown;
}

static void print_legend(const char *of, struct shown shown, FILE *to)
{
	fprintf(to, "(kept samples%s; +-: 95 %% confidence interval of the mean;\n",
		of);
	if (shown.corrected)
		fprintf(to, " corrected: the mean less what rtlat's own code takes of it;\n");
	fprintf(to, " x: ratio to native%s)\n",
		shown.equal ? "; max at equal n: expected of the smallest n" : "");
}

static void print_metrics(const json_t *group, FILE *to)
{
	const struct shown shown = shown_of(group);
	struct table *table = metric_table("metric", shown);

	metric_rows(table, group, NULL, shown);
	if (table_rows(table) > 1) {
		table_print(table, to);
		print_legend("; thread_latency, wake_gap: of unqueued jobs",
			     shown, to);
	}
	table_free(table);
}

static void print_remarks(const json_t *group, const char *kind, FILE *to)
{
	size_t i;

	for (i = 0; i < nr_columns(group); i++) {
		const json_t *column = column_at(group, i);
		char *remark = compare_remark(column);

		if (remark)
			fprintf(to, "%s%s%s: %s\n", json_text_of(column, "name"),
				kind ? " " : "", kind ? kind : "", remark);
		free(remark);
	}
	for (i = 0; i < nr_columns(group); i++)
		compare_print_exits(column_at(group, i), kind, to);
}

static const json_t *step_mean(const json_t *steps, size_t i)
{
	return json_object_get(json_array_get(json_object_get(steps, "steps"), i),
			       "mean");
}

static void step_row(struct table *table, const json_t *group, size_t step,
		     const char *key)
{
	const json_t *base = NULL;
	size_t i;

	for (i = 0; i < nr_columns(group); i++) {
		const json_t *column = column_at(group, i);
		const json_t *steps = json_object_get(column, "steps");
		const json_t *mean;

		if (!steps)
			continue;
		mean = key ? json_object_get(steps, key) : step_mean(steps, step);
		number_cell(table, mean, "");
		if (compare_is_base(column))
			base = mean;
		else if (json_is_number(base) && json_is_number(mean))
			signed_cell(table, json_number_value(mean) -
					   json_number_value(base));
		else
			table_cell(table, "-");
	}
}

static void step_heading(struct table *table, const json_t *group)
{
	size_t i;

	table_cell(table, "step, mean [ns]");
	for (i = 0; i < nr_columns(group); i++) {
		const json_t *column = column_at(group, i);

		if (!json_object_get(column, "steps"))
			continue;
		table_cell(table, "%s", json_text_of(column, "name"));
		if (!compare_is_base(column))
			table_cell(table, "- native");
	}
}

/* Steps that not every job has: the release that came with an interrupt of another. */
static void print_uneven(const json_t *steps, FILE *to)
{
	const json_t *list = json_object_get(steps, "steps");
	json_int_t least = -1, most = -1;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		json_int_t n = json_integer_value(json_object_get(json_array_get(list, i),
								  "n"));

		least = least < 0 || n < least ? n : least;
		most = n > most ? n : most;
	}
	if (least != most)
		fprintf(to, "; steps are of %lld to %lld jobs, so their sum is of no one set",
			(long long)least, (long long)most);
}

static void print_sums(const json_t *group, FILE *to)
{
	size_t i;

	for (i = 0; i < nr_columns(group); i++) {
		const json_t *column = column_at(group, i);
		const json_t *steps = json_object_get(column, "steps");
		const json_t *checked = json_object_get(steps, "jobs_checked");
		const json_t *failed = json_object_get(steps, "jobs_failed");
		double rest;

		if (!steps)
			continue;
		rest = json_number_value(json_object_get(steps, "thread_latency")) -
		       json_number_value(json_object_get(steps, "sum"));
		if (rest > -0.05 && rest < 0.05)	/* what rounding leaves */
			rest = 0;
		fprintf(to, "%s: n=%lld; thread_latency - sum of steps = %+.1f ns",
			json_text_of(column, "name"),
			(long long)json_integer_value(json_object_get(steps, "n")),
			rest);
		if (json_is_integer(checked))
			fprintf(to, "; job by job: %lld checked, %lld differ",
				(long long)json_integer_value(checked),
				(long long)json_integer_value(failed));
		if (json_is_true(json_object_get(steps, "queued")))
			fprintf(to, "; jobs queued: wake_gap and the whole leave these out");
		print_uneven(steps, to);
		fputc('\n', to);
	}
}

static void print_steps(const json_t *group, FILE *to)
{
	char letters[64] = "l";
	const json_t *first = NULL;
	struct table *table;
	size_t i, nr = 0;

	for (i = 0; i < nr_columns(group); i++) {
		const json_t *column = column_at(group, i);
		const json_t *steps = json_object_get(column, "steps");

		if (!steps)
			continue;
		if (!first)
			first = json_object_get(steps, "steps");
		nr += compare_is_base(column) ? 1 : 2;
	}
	if (!first || nr + 2 > sizeof(letters))
		return;
	memset(letters + 1, 'r', nr);
	letters[nr + 1] = 0;
	table = table_new(letters);
	step_heading(table, group);
	for (i = 0; i < json_array_size(first); i++) {
		table_cell(table, "%s", json_text_of(json_array_get(first, i), "metric"));
		step_row(table, group, i, NULL);
	}
	table_cell(table, "sum of steps");
	step_row(table, group, 0, "sum");
	table_cell(table, "thread_latency");
	step_row(table, group, 0, "thread_latency");
	fprintf(to, "\nWhat each step of thread_latency costs:\n");
	table_print(table, to);
	print_sums(group, to);
	table_free(table);
}

static bool is_ipi(const json_t *group)
{
	return !strcmp(json_text_of(json_object_get(group, "workload"), "mode"), "ipi");
}

/* Do two groups of IPI cells differ only in the kind? */
static bool same_but_kind(const json_t *left, const json_t *right)
{
	json_t *a = json_deep_copy(left), *b = json_deep_copy(right);
	json_t *both[2] = { a, b };
	size_t i;
	bool same;

	for (i = 0; i < 2; i++) {
		json_object_del(both[i], "columns");
		json_object_del(both[i], "posted");
		json_object_del(json_object_get(both[i], "workload"), "ipi_kind");
		json_object_del(json_object_get(both[i], "params"), "ipi_kind");
	}
	same = json_equal(a, b);
	json_decref(a);
	json_decref(b);
	return same;
}

static const char *kind_of(const json_t *group)
{
	return json_text_of(json_object_get(group, "workload"), "ipi_kind");
}

/* Is there a group before that has the same table? */
static bool is_repeated(const json_t *groups, size_t at)
{
	const json_t *group = json_array_get(groups, at);
	size_t i;

	for (i = 0; is_ipi(group) && i < at; i++)
		if (is_ipi(json_array_get(groups, i)) &&
		    same_but_kind(json_array_get(groups, i), group))
			return true;
	return false;
}

/* The next group of the same table from @at on, or the number of groups. */
static size_t next_kind(const json_t *groups, const json_t *group, size_t at)
{
	for (; at < json_array_size(groups); at++)
		if (is_ipi(json_array_get(groups, at)) &&
		    same_but_kind(group, json_array_get(groups, at)))
			break;
	return at;
}

/* All kinds in one table. */
static void print_ipi(const json_t *groups, size_t first, FILE *to)
{
	const json_t *group = json_array_get(groups, first), *other;
	struct table *table;
	struct shown shown = { };
	size_t i;

	for (i = first; (other = json_array_get(groups, i));
	     i = next_kind(groups, group, i + 1)) {
		const struct shown one = shown_of(other);

		shown.equal |= one.equal;
		shown.corrected |= one.corrected;
	}
	print_heading(group, to);
	table = metric_table("ipi_latency of kind", shown);
	for (i = first; (other = json_array_get(groups, i));
	     i = next_kind(groups, group, i + 1))
		metric_rows(table, other, kind_of(other), shown);
	if (table_rows(table) > 1) {
		table_print(table, to);
		print_legend("", shown, to);
	}
	table_free(table);
	for (i = first; (other = json_array_get(groups, i));
	     i = next_kind(groups, group, i + 1))
		print_remarks(other, kind_of(other), to);
	for (i = first; (other = json_array_get(groups, i));
	     i = next_kind(groups, group, i + 1))
		compare_print_posted(other, kind_of(other), to);
}

/**
 * compare_blocks - how many blocks compare_print() prints
 * @groups: from compare_groups()
 *
 * Return: their number.
 */
size_t compare_blocks(const json_t *groups)
{
	size_t i, nr = 0;

	for (i = 0; i < json_array_size(groups); i++)
		nr += !is_repeated(groups, i);
	return nr;
}

/**
 * compare_print - print the groups as tables
 * @groups: from compare_groups()
 * @to: where
 */
void compare_print(const json_t *groups, FILE *to)
{
	size_t i;

	for (i = 0; i < json_array_size(groups); i++) {
		const json_t *group = json_array_get(groups, i);

		if (is_repeated(groups, i))
			continue;
		if (i)
			fputc('\n', to);
		if (is_ipi(group)) {
			print_ipi(groups, i, to);
			continue;
		}
		print_heading(group, to);
		print_metrics(group, to);
		print_remarks(group, NULL, to);
		print_steps(group, to);
		compare_print_posted(group, NULL, to);
	}
}
