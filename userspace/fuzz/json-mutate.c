// SPDX-License-Identifier: GPL-2.0
/*
 * Changes to inputs with JSON in them that leave it JSON: bytes changed at
 * random hardly ever get past the parser. A value is a line that begins with
 * '{'. Every other input is changed as libFuzzer does it.
 */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Where in a value: the container and its entry. */
struct place {
	json_t *in;
	const char *key;	/* of an object, else */
	size_t index;		/* of an array */
	json_t *value;
};

struct places {
	size_t nr;
	size_t room;
	struct place *place;
};

static void add_places(struct places *places, json_t *in);

static void add_place(struct places *places, json_t *in, const char *key,
		      size_t index, json_t *value)
{
	if (places->nr == places->room) {
		places->room = places->room ? 2 * places->room : 64;
		places->place = xrealloc(places->place, places->room *
						sizeof(*places->place));
	}
	places->place[places->nr++] = (struct place) { in, key, index, value };
	add_places(places, value);
}

static void add_places(struct places *places, json_t *in)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(in, key, value) {
		add_place(places, in, key, 0, value);
	}
	json_array_foreach(in, i, value) {
		add_place(places, in, NULL, i, value);
	}
}

/* Nothing else in this program needs chance. */
static size_t pick(unsigned int *seed, size_t below)
{
	return (size_t)rand_r(seed) % below;
}

static json_t *odd_value(unsigned int *seed)
{
	static const char *const texts[] = {
		"null", "true", "false", "0", "1", "-1", "2", "1000",
		"9223372036854775807", "-9223372036854775808", "4294967296",
		"1e308", "-1e308", "1e-308", "0.5", "\"\"", "\"-\"", "\"..\"",
		"\"a/b\"", "\"\\n\"", "\"\\u0000\"", "\"native\"", "\"kvm\"",
		"\"ok\"", "\"fail\"", "\"posted\"", "\"none\"", "\"taskset\"",
		"\"ipi\"", "[]", "{}", "[[]]", "[1,2]", "[2,1]",
	};

	return json_loads(texts[pick(seed, ARRAY_SIZE(texts))],
			  JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static void put(const struct place *place, json_t *value)
{
	char *key;

	if (!place->key) {
		json_array_set_new(place->in, place->index, value);
		return;
	}
	/* the key may be freed with the value */
	key = xstrdup(place->key);
	json_object_set_new(place->in, key, value);
	free(key);
}

static void change(json_t *json, unsigned int *seed)
{
	struct places places = { 0 };
	const struct place *place, *other;
	json_t *value;

	add_places(&places, json);
	if (!places.nr)
		return;
	place = &places.place[pick(seed, places.nr)];
	other = &places.place[pick(seed, places.nr)];
	switch (pick(seed, 6)) {
	case 0:
		if (place->key)
			json_object_del(place->in, place->key);
		else
			json_array_remove(place->in, place->index);
		break;
	case 1:
		put(place, json_deep_copy(other->value));
		break;
	case 2:
		if (json_is_array(place->in))
			json_array_append_new(place->in,
					      json_deep_copy(place->value));
		else
			put(place, odd_value(seed));
		break;
	case 3:
		if (!json_is_integer(place->value))
			break;
		value = json_integer((json_int_t)
			((uint64_t)json_integer_value(place->value) + pick(seed, 3) - 1));
		put(place, value);
		break;
	default:
		put(place, odd_value(seed));
		break;
	}
	free(places.place);
}

/* One of the lines that begin with '{'; its length, 0: there is none. */
static size_t find_line(const uint8_t *data, size_t size, unsigned int *seed,
			size_t *at)
{
	size_t i, nr = 0, len = 0;

	for (i = 0; i < size; i++) {
		const uint8_t *end;

		if (data[i] != '{' || (i && data[i - 1] != '\n'))
			continue;
		if (pick(seed, ++nr))
			continue;
		end = memchr(data + i, '\n', size - i);
		len = (size_t)((end ? end : data + size) - (data + i));
		*at = i;
	}
	return len;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	size_t at = 0, len = find_line(data, size, &seed, &at), new_len, times;
	json_t *json = NULL;
	char *text;

	if (len && pick(&seed, 4))
		json = json_loadb((const char *)data + at, len, JSON_ALLOW_NUL,
				  NULL);
	if (!json)
		return LLVMFuzzerMutate(data, size, max_size);
	for (times = 1 + pick(&seed, 3); times; times--)
		change(json, &seed);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	new_len = text ? strlen(text) : 0;
	if (!text || size - len + new_len > max_size) {
		free(text);
		return LLVMFuzzerMutate(data, size, max_size);
	}
	memmove(data + at + new_len, data + at + len, size - at - len);
	memcpy(data + at, text, new_len);
	free(text);
	return size - len + new_len;
}
