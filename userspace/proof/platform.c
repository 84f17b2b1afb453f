// SPDX-License-Identifier: GPL-2.0
/* The platforms a cell can be of, and what cells have in common. Pure. */

#include <errno.h>
#include <string.h>

#include "base/util.h"
#include "proof/platform.h"

const char *const platform_names[NR_PLATFORMS + 1] = {
	"native", "kvm", "kvm-pi", NULL
};

/**
 * json_text_of - a string of an object
 * @object: object, or NULL
 * @key: its key
 *
 * Return: the string, "-" when there is none.
 */
const char *json_text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "-";
}

/**
 * cell_is_posted - does the guest's timer fire on another CPU?
 * @cell: cell
 *
 * Return: true for timer=posted.
 */
bool cell_is_posted(const json_t *cell)
{
	const json_t *workload = json_object_get(cell, "workload");

	return !strcmp(json_text_of(workload, "timer"), "posted");
}

/**
 * machine_name_ok - can a cell be imported under the name of this machine?
 * @name: the name
 *
 * It becomes a part of a folder's name and of headings.
 *
 * Return: true when it is of letters, digits, dots, hyphens and underscores.
 */
bool machine_name_ok(const char *name)
{
	static const char may[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const size_t len = strlen(name);

	return len && len <= MACHINE_NAME_MAX && strspn(name, may) == len;
}

/**
 * cell_imported - was a cell made elsewhere?
 * @cell: cell, or a column of it
 *
 * Return: the name of the machine that it was imported under, or NULL.
 */
const char *cell_imported(const json_t *cell)
{
	return json_string_value(json_object_get(cell, "imported"));
}

/**
 * cell_unproven - is a cell's platform unproven?
 * @cell: cell that was judged, or a column of it
 *
 * Return: why, or NULL.
 */
const char *cell_unproven(const json_t *cell)
{
	return json_string_value(json_object_get(cell, "unproven"));
}

/**
 * cell_clock_text - what a cell's times are
 * @cell: cell, or a group of them
 *
 * Return: the text; free() it.
 */
char *cell_clock_text(const json_t *cell)
{
	const char *clock = json_text_of(cell, "clock");

	if (!strcmp(clock, "instructions"))
		return xasprintf("instructions (%lld = 1 us emulated); times in emulated ns",
				 (long long)json_integer_value(json_object_get(cell,
							       "instructions_per_us")));
	if (!strcmp(clock, "none"))
		return xstrdup("none: function only, times mean nothing; shown in ns");
	return xasprintf("%s; all times in ns", clock);
}

/**
 * platform_label - what a platform is called where they are side by side
 * @platform: index into platform_names
 * @posted: its timer fires on another CPU
 *
 * Return: the text; free() it.
 */
char *platform_label(unsigned int platform, bool posted)
{
	return xasprintf("%s%s", platform_names[platform],
			 posted ? " timer=posted" : "");
}

/**
 * platform_by_name - platform with a name
 * @name: the name
 *
 * Return: index into platform_names, or -ENOENT.
 */
int platform_by_name(const char *name)
{
	int i;

	for (i = 0; platform_names[i]; i++)
		if (!strcmp(name, platform_names[i]))
			return i;
	return -ENOENT;
}

/**
 * cell_key - what a cell is, but for its platform, as text that can be compared
 * @cell: cell
 * @but: words of workload and params to leave out; NULL ends the list
 *
 * Return: the text; free() it.
 */
char *cell_key(const json_t *cell, const char *const *but)
{
	static const char *const same[] = {
		"kernel_flavour", "clock", "instructions_per_us",
	};
	json_t *workload = json_copy(json_object_get(cell, "workload"));
	json_t *params = json_copy(json_object_get(cell, "params"));
	json_t *key = json_object();
	char *text;
	size_t i;

	if (!params)
		params = json_object();
	for (; *but; but++) {
		json_object_del(workload, *but);
		json_object_del(params, *but);
	}
	for (i = 0; i < ARRAY_SIZE(same); i++)
		json_object_set(key, same[i], json_object_get(cell, same[i]));
	json_object_set_new(key, "workload", workload);
	json_object_set_new(key, "params", params);
	text = json_dumps(key, JSON_SORT_KEYS | JSON_COMPACT);
	json_decref(key);
	return text;
}
