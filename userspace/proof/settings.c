// SPDX-License-Identifier: GPL-2.0
/* How a guest is run: the axes of a platform. Pure. */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proof/platform.h"
#include "proof/settings.h"

static const char *const timers[] = { "local", "posted", NULL };
static const char *const idles[] = { "halt", "poll", NULL };
static const char *const switches[] = { "off", "on", NULL };
static const char *const clocksources[] = { "tsc", "kvm-clock", NULL };

const struct keyword settings[NR_SETTINGS] = {
	[SETTING_TIMER] = { "timer", timers, 0, 0, "local" },
	[SETTING_GUEST_IDLE] = { "guest_idle", idles, 0, 0, "halt" },
	[SETTING_CPU_PM] = { "cpu_pm", switches, 0, 0, "off" },
	[SETTING_PI_INJECT_TIMER] = { "pi_inject_timer", switches, 0, 0, "-" },
	[SETTING_ENABLE_IPIV] = { "enable_ipiv", switches, 0, 0, "-" },
	[SETTING_PREEMPTION_TIMER] = { "preemption_timer", switches, 0, 0, "-" },
	[SETTING_HALT_POLL_NS] = { "halt_poll_ns", NULL, 0, 1000000000, "-" },
	[SETTING_LAPIC_TIMER_ADVANCE] = { "lapic_timer_advance", switches, 0, 0, "-" },
	[SETTING_CLOCKSOURCE] = { "guest_clocksource", clocksources, 0, 0, "tsc" },
	[SETTING_PV_IPI] = { "pv_ipi", switches, 0, 0, "-" },
	[SETTING_PV_EOI] = { "pv_eoi", switches, 0, 0, "-" },
};

const struct setting_value settings_posted[NR_SETTINGS_POSTED] = {
	{ SETTING_PI_INJECT_TIMER, "on" },
	{ SETTING_CPU_PM, "on" },
	{ SETTING_GUEST_IDLE, "poll" },
	{ SETTING_PREEMPTION_TIMER, "off" },
};

/**
 * keyword_check - may a word be this?
 * @word: word
 * @value: what it was given as
 * @problem: receives the reason
 *
 * Return: 0 or -EINVAL.
 */
int keyword_check(const struct keyword *word, const char *value,
		  struct problem *problem)
{
	char *list;
	u64 number;
	size_t i;

	if (!word->values) {
		if (!parse_u64(value, &number) && number >= word->min &&
		    number <= word->max)
			return 0;
		return problem_set(problem,
				   "%s=%s: not a number in the range %" PRIu64 "..%" PRIu64,
				   word->name, value, word->min, word->max);
	}
	if (is_one_of(value, word->values))
		return 0;
	list = xstrdup(word->values[0]);
	for (i = 1; word->values[i]; i++) {
		char *more = xasprintf("%s, %s", list, word->values[i]);

		free(list);
		list = more;
	}
	problem_set(problem, "%s=%s: not one of %s", word->name, value, list);
	free(list);
	return -EINVAL;
}

/**
 * settings_set - take a setting
 * @value: values by enum setting; NULL: not given
 * @word: NAME=VALUE; stays where it is
 * @problem: receives the reason
 *
 * Return: 0 or -EINVAL.
 */
int settings_set(const char *value[NR_SETTINGS], const char *word,
		 struct problem *problem)
{
	const char *equals = strchr(word, '=');
	size_t i;

	for (i = 0; i < NR_SETTINGS && equals; i++) {
		const size_t len = strlen(settings[i].name);

		if (len != (size_t)(equals - word) ||
		    strncmp(settings[i].name, word, len))
			continue;
		if (value[i])
			return problem_set(problem, "%s: given twice",
					   settings[i].name);
		value[i] = equals + 1;
		return keyword_check(&settings[i], equals + 1, problem);
	}
	return problem_set(problem, "%s: no such setting of a guest (docs/matrix.md has them)",
			   word);
}

/**
 * settings_check - what no setting shows when it is looked at alone
 * @value: values by enum setting; NULL: not given
 * @platform: the platform that it is for
 * @problem: receives the reason
 *
 * Return: 0 or -EINVAL.
 */
int settings_check(const char *const value[NR_SETTINGS], const char *platform,
		   struct problem *problem)
{
	size_t i;

	for (i = 0; i < NR_SETTINGS; i++)
		if (value[i] && strcmp(value[i], settings[i].def) &&
		    !strcmp(platform, "native"))
			return problem_set(problem,
					   "%s=%s: contradicts platform=native, which has no guest",
					   settings[i].name, value[i]);
	if (!value[SETTING_TIMER] || strcmp(value[SETTING_TIMER], "posted"))
		return 0;
	for (i = 0; i < NR_SETTINGS_POSTED; i++) {
		const char *given = value[settings_posted[i].setting];

		if (given && strcmp(given, settings_posted[i].value))
			return problem_set(problem,
					   "%s=%s: contradicts timer=posted, which needs %s",
					   settings[settings_posted[i].setting].name,
					   given, settings_posted[i].value);
	}
	return 0;
}

/**
 * settings_json - settings that were given, but for the timer
 * @value: values by enum setting; NULL: not given
 *
 * Return: object of strings; that a timer is posted is in the cell's workload.
 */
json_t *settings_json(const char *const value[NR_SETTINGS])
{
	json_t *json = json_object();
	size_t i;

	for (i = 0; i < NR_SETTINGS; i++)
		if (i != SETTING_TIMER && value[i] &&
		    strcmp(value[i], settings[i].def))
			json_object_set_new(json, settings[i].name,
					    json_string(value[i]));
	return json;
}

/**
 * settings_validate - are they settings that a cell can have?
 * @cell: a cell of summary.json
 * @problem: receives the first that is wrong
 *
 * Return: 0 or -EINVAL; a cell without any is fine.
 */
int settings_validate(const json_t *cell, struct problem *problem)
{
	json_t *given = json_object_get(cell, "settings");
	const char *name;
	json_t *value;
	size_t i;

	if (given && !json_is_object(given))
		return problem_set(problem, "settings: not an object");
	json_object_foreach(given, name, value) {
		for (i = 0; i < NR_SETTINGS; i++)
			if (!strcmp(name, settings[i].name))
				break;
		if (i == NR_SETTINGS || !json_is_string(value))
			return problem_set(problem, "settings.%s: %s", name,
					   i == NR_SETTINGS ? "no such setting" :
					   "not a string");
		if (keyword_check(&settings[i], json_string_value(value),
				  problem))
			return -EINVAL;
	}
	return 0;
}

/**
 * settings_label - what a platform is called where cells are side by side
 * @cell: a checked cell
 *
 * Return: the platform, the settings that it was given, and of a cell that was
 * imported from where, and whether it is unproven; free() it.
 */
char *settings_label(const json_t *cell)
{
	const int platform = platform_by_name(json_text_of(cell, "platform"));
	const json_t *given = json_object_get(cell, "settings");
	char *label = platform_label((unsigned int)platform,
				     cell_is_posted(cell));
	size_t i;

	for (i = 0; i < NR_SETTINGS; i++) {
		const json_t *value = json_object_get(given, settings[i].name);
		char *more;

		if (!json_is_string(value))
			continue;
		more = xasprintf("%s %s=%s", label, settings[i].name,
				 json_string_value(value));
		free(label);
		label = more;
	}
	if (cell_imported(cell)) {
		char *more = xasprintf("%s vm=%s%s", label, cell_imported(cell),
				       cell_unproven(cell) ? " unproven" : "");

		free(label);
		label = more;
	}
	return label;
}
