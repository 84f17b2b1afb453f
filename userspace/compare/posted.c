// SPDX-License-Identifier: GPL-2.0
/* Do posted interrupts give back what virtualisation costs? Pure. */

#include <string.h>

#include "base/table.h"
#include "compare/compare.h"
#include "proof/platform.h"
#include "results/cell.h"

/* Where an interrupt's way shows, and the whole. */
static const unsigned int shown[] = {
	RTLAT_EVENT_LATENCY, RTLAT_RELEASE_LATENCY, RTLAT_THREAD_LATENCY,
	RTLAT_IPI_LATENCY,
};

/* What a column's platform was run with, but for posted interrupts. */
static const char *settings_of(const json_t *column)
{
	const char *name = json_text_of(column, "name");

	return name + strlen(json_text_of(column, "platform"));
}

/* A cell of another machine is beside nothing of this one. */
static bool is_own(const json_t *column)
{
	return !strcmp(json_text_of(column, "status"), "ok") &&
	       !cell_imported(column);
}

static const json_t *column_of(const json_t *columns, const char *platform,
			       const char *with)
{
	size_t i;

	for (i = 0; i < json_array_size(columns); i++) {
		const json_t *column = json_array_get(columns, i);

		if (!strcmp(json_text_of(column, "platform"), platform) &&
		    is_own(column) &&
		    (!with || !strcmp(settings_of(column), with)))
			return column;
	}
	return NULL;
}

static double mean_of(const json_t *column, const char *metric)
{
	const json_t *mean = json_object_get(compare_row(column, metric), "mean");

	return json_is_number(mean) ? json_number_value(mean) : -1;
}

/* Of what @kvm adds to @native, how much is gone; nothing, when it adds nothing. */
static json_t *given_back(double native, double kvm, double posted)
{
	return json_real_or_null(native >= 0 && kvm > native,
				 (kvm - posted) / (kvm - native));
}

/* Below 0: not known; nothing is compared with that. */
static void add_row(json_t *rows, const char *what, const char *with,
		    double native, double kvm, double posted)
{
	json_t *row;

	if (kvm < 0 || posted < 0)
		return;
	row = json_object();
	json_object_set_new(row, "what", json_string(what));
	json_object_set_new(row, "with", json_string(with));
	json_object_set_new(row, "native", json_real_or_null(native >= 0, native));
	json_object_set_new(row, "kvm", json_real_or_null(true, kvm));
	json_object_set_new(row, "kvm-pi", json_real_or_null(true, posted));
	json_object_set_new(row, "ratio", json_real_or_null(kvm > 0, posted / kvm));
	json_object_set_new(row, "given_back", given_back(native, kvm, posted));
	json_array_append_new(rows, row);
}

static double entries_of(const json_t *column)
{
	const json_t *entries = json_object_get(column, "entries_per_interrupt");

	return json_is_number(entries) ? json_number_value(entries) : -1;
}

static void add_pair(json_t *rows, const json_t *native, const json_t *kvm,
		     const json_t *posted)
{
	const char *with = settings_of(posted);
	size_t i;

	with += *with == ' ';
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		const char *metric = metric_name(shown[i]);

		add_row(rows, metric, with, mean_of(native, metric),
			mean_of(kvm, metric), mean_of(posted, metric));
	}
	add_row(rows, COMPARE_ENTRIES, with, -1, entries_of(kvm),
		entries_of(posted));
}

/**
 * compare_posted - each platform with posted interrupts beside the same without
 * @columns: of a group of compare_groups()
 *
 * Return: array of rows: what (a metric's mean in ns, or COMPARE_ENTRIES), with which
 * settings, on native, kvm and kvm-pi; ratio of kvm-pi to kvm; which part is given
 * back of what kvm adds to native, null when it adds nothing.
 */
json_t *compare_posted(const json_t *columns)
{
	const json_t *native = column_of(columns, platform_names[0], NULL);
	json_t *rows = json_array();
	size_t i;

	for (i = 0; i < json_array_size(columns); i++) {
		const json_t *posted = json_array_get(columns, i), *kvm;

		if (strcmp(json_text_of(posted, "platform"), "kvm-pi") ||
		    !is_own(posted))
			continue;
		kvm = column_of(columns, "kvm", settings_of(posted));
		if (kvm)
			add_pair(rows, native, kvm, posted);
	}
	return rows;
}

static void figure(struct table *table, const json_t *row, const char *key,
		   double times, const char *unit, int digits)
{
	const json_t *value = json_object_get(row, key);

	if (json_is_number(value))
		table_cell(table, "%.*f%s", digits,
			   times * json_number_value(value), unit);
	else
		table_cell(table, "-");
}

/**
 * compare_print_posted - say what posted interrupts give back
 * @group: of compare_groups(); nothing is printed where there is nothing to compare
 * @kind: of its IPIs, or NULL
 * @to: where
 */
void compare_print_posted(const json_t *group, const char *kind, FILE *to)
{
	const json_t *rows = json_object_get(group, "posted");
	struct table *table;
	size_t i;

	if (!json_array_size(rows))
		return;
	table = table_new("llrrrrr");
	table_cell(table, "mean");
	table_cell(table, "with");
	for (i = 0; i < NR_PLATFORMS; i++)
		table_cell(table, "%s", platform_names[i]);
	table_cell(table, "x kvm");
	table_cell(table, "given back");
	for (i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *what = json_text_of(row, "what");
		const char *with = json_text_of(row, "with");
		const int digits = strcmp(what, COMPARE_ENTRIES) ? 1 : 2;
		size_t p;

		table_cell(table, "%s", what);
		table_cell(table, "%s", *with ? with : kind ? "-" : "timer=local");
		for (p = 0; p < NR_PLATFORMS; p++)
			figure(table, row, platform_names[p], 1, "", digits);
		figure(table, row, "ratio", 1, "", 2);
		figure(table, row, "given_back", 100, " %", 0);
	}
	fprintf(to, "\nDo posted interrupts give it back?%s%s\n", kind ? " ipi_kind=" : "",
		kind ? kind : "");
	table_print(table, to);
	fprintf(to, "(given back: which part of what kvm adds to native is gone in kvm-pi%s)\n",
		kind ? "; VM entries: where IPIs go to, without own timers' exits" : "");
	table_free(table);
}
