// SPDX-License-Identifier: GPL-2.0
/* What the cells of a group have in common, in words. Pure. */

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "compare/compare.h"
#include "module/params.h"
#include "proof/platform.h"

static char *value_text(const json_t *value)
{
	if (json_is_string(value))
		return xstrdup(json_string_value(value));
	if (json_is_integer(value))
		return xasprintf("%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value))
		return xstrdup(json_is_true(value) ? "on" : "off");
	return NULL;
}

static void add_word(json_t *words, const char *name, const json_t *value)
{
	char *text = value_text(value);

	if (text)
		json_object_set_new(words, name, json_string(text));
	free(text);
}

/**
 * group_words - what the cells of a group have in common
 * @group: from compare_groups(), or a cell
 *
 * Return: object of strings, in the order in which they are shown.
 */
json_t *group_words(const json_t *group)
{
	static const char *const more[] = { "set", "load", "vcpus" };
	const json_t *workload = json_object_get(group, "workload");
	const json_t *params = json_object_get(group, "params");
	json_t *words = json_object();
	size_t i;

	add_word(words, "mode", json_object_get(workload, "mode"));
	for (i = 0; i < RTLAT_NR_PARAMS; i++)
		add_word(words, rtlat_params[i].name,
			 json_object_get(params, rtlat_params[i].name));
	for (i = 0; i < ARRAY_SIZE(more); i++)
		add_word(words, more[i], json_object_get(workload, more[i]));
	add_word(words, "kernel", json_object_get(group, "kernel_flavour"));
	add_word(words, "clock", json_object_get(group, "clock"));
	return words;
}

/* Words that say nothing when they are what they mostly are. */
static bool is_usual(const char *name, const char *value)
{
	static const unsigned int quiet[] = {
		RTLAT_P_cpus, RTLAT_P_count, RTLAT_P_duration_ms,
		RTLAT_P_period_percent, RTLAT_P_task_kind, RTLAT_P_policy,
		RTLAT_P_fault, RTLAT_P_fault_ns, RTLAT_P_fault_every,
		RTLAT_P_fault_clock_insns, RTLAT_P_fault_exit,
	};
	size_t i;

	if (!strcmp(name, "load"))
		return !strcmp(value, "off");
	for (i = 0; i < ARRAY_SIZE(quiet); i++)
		if (!strcmp(name, rtlat_params[quiet[i]].name))
			return !strcmp(value, rtlat_params[quiet[i]].def);
	return false;
}

/**
 * compare_remark - what must be said of a column beside its numbers
 * @column: of compare_groups()
 *
 * Return: why it has none, or why they are unproven; NULL: nothing; free() it.
 */
char *compare_remark(const json_t *column)
{
	const char *status = json_text_of(column, "status");

	if (strcmp(status, "ok"))
		return xasprintf("%s: %s", status, json_text_of(column, "reason"));
	return xstrdup(cell_unproven(column));
}

/**
 * words_heading - words as a heading
 * @words: from group_words()
 * @to: where
 */
void words_heading(json_t *words, FILE *to)
{
	/* these have a place of their own, or their kinds are in one table */
	static const char *const apart[] = {
		"kernel", "clock", "vcpus", "ipi_kind", "ipi_sender",
	};
	const char *vcpus = json_string_value(json_object_get(words, "vcpus"));
	const char *sep = "", *name;
	json_t *word;

	json_object_foreach(words, name, word) {
		size_t i;

		for (i = 0; i < ARRAY_SIZE(apart); i++)
			if (!strcmp(name, apart[i]))
				break;
		if (i < ARRAY_SIZE(apart) ||
		    is_usual(name, json_string_value(word)))
			continue;
		fprintf(to, "%s%s=%s", sep, name, json_string_value(word));
		sep = " ";
	}
	if (json_object_get(words, "kernel"))
		fprintf(to, ", kernel %s", json_text_of(words, "kernel"));
	if (vcpus)
		fprintf(to, ", %s CPU%s", vcpus, strcmp(vcpus, "1") ? "s" : "");
	fputc('\n', to);
}

/**
 * print_clock - say what the times are
 * @group: from compare_groups(), or a cell
 * @to: where
 */
void print_clock(const json_t *group, FILE *to)
{
	char *text = cell_clock_text(group);

	fprintf(to, "clock: %s\n", text);
	free(text);
}
