// SPDX-License-Identifier: GPL-2.0
/* One measured interval, and how it is shown. Pure. */

#include <stdlib.h>

#include "base/util.h"
#include "trace/sample.h"

const struct flag_name flag_names[NR_FLAGS] = {
#define RTLAT_X(NAME, name, bit) { 1U << (bit), #name },
	RTLAT_FLAGS(RTLAT_X)
#undef RTLAT_X
};

/**
 * flags_text - flags of a sample in words
 * @flags: flags
 *
 * Return: "nested=2,from_idle", "-" when there are none; free() it.
 */
char *flags_text(u32 flags)
{
	u32 nested = flags & RTLAT_NESTED_MASK;
	char *text = nested ? xasprintf("nested=%u", nested) : xstrdup("");
	size_t i;

	for (i = 0; i < NR_FLAGS; i++) {
		char *more;

		if (!(flags & flag_names[i].bit))
			continue;
		more = xasprintf("%s%s%s", text, *text ? "," : "",
				 flag_names[i].name);
		free(text);
		text = more;
	}
	if (*text)
		return text;
	free(text);
	return xstrdup("-");
}

/**
 * sample_json - a sample in a list of the largest
 * @sample: sample
 *
 * Return: the object.
 */
json_t *sample_json(const struct sample *sample)
{
	json_t *json = json_object(), *flags = json_array();
	size_t i;

	for (i = 0; i < NR_FLAGS; i++)
		if (sample->flags & flag_names[i].bit)
			json_array_append_new(flags,
					      json_string(flag_names[i].name));
	json_object_set_new(json, "duration_ns",
			    json_integer((json_int_t)sample->duration_ns));
	json_object_set_new(json, "start_ns",
			    json_integer((json_int_t)sample->start_ns));
	json_object_set_new(json, "cpu", json_integer(sample->cpu));
	json_object_set_new(json, "task", json_integer(sample->task));
	json_object_set_new(json, "job", json_integer(sample->job));
	json_object_set_new(json, "nested",
			    json_integer(sample->flags & RTLAT_NESTED_MASK));
	json_object_set_new(json, "flags", flags);
	return json;
}
