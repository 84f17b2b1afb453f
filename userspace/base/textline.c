// SPDX-License-Identifier: GPL-2.0
/* The text format of rtlat's debugfs files: lines of key=value words. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/textline.h"

/**
 * textline_parse - cut a line into words
 * @line: receives the words; textline_free() it
 * @text: the line
 * @len: bytes of it, newline excluded
 */
void textline_parse(struct textline *line, const char *text, size_t len)
{
	size_t room = 0;
	char *next;

	line->buf = xstrndup(text, len);
	line->nr = 0;
	line->word = NULL;
	next = line->buf;
	for (;;) {
		struct textword *word;
		char *equal;

		next += strspn(next, " \t");
		if (!*next)
			break;
		if (line->nr == room) {
			room = room ? 2 * room : 16;
			line->word = xrealloc(line->word,
					      room * sizeof(*line->word));
		}
		word = &line->word[line->nr++];
		word->key = NULL;
		word->value = next;
		next += strcspn(next, " \t");
		if (*next)
			*next++ = 0;
		equal = strchr(word->value, '=');
		if (equal) {
			*equal = 0;
			word->key = word->value;
			word->value = equal + 1;
		}
	}
}

/**
 * textline_free - free what textline_parse() made
 * @line: the line
 */
void textline_free(struct textline *line)
{
	free(line->word);
	free(line->buf);
	line->word = NULL;
	line->buf = NULL;
	line->nr = 0;
}

/**
 * textline_get - value of a key
 * @line: the line
 * @key: the key
 *
 * Return: the value, or NULL when the line has no such key.
 */
const char *textline_get(const struct textline *line, const char *key)
{
	size_t i;

	for (i = 0; i < line->nr; i++)
		if (line->word[i].key && !strcmp(line->word[i].key, key))
			return line->word[i].value;
	return NULL;
}

/**
 * textline_need - value of a key that must be there
 * @line: the line
 * @key: the key
 * @value: receives the value
 * @problem: receives what is missing
 *
 * Return: 0 or -EINVAL.
 */
int textline_need(const struct textline *line, const char *key,
		  const char **value, struct problem *problem)
{
	*value = textline_get(line, key);
	if (*value)
		return 0;
	return problem_set(problem, "%s line %u: %s= is missing", line->file,
			   line->number, key);
}

/**
 * textline_u64 - number of a key that must be there
 * @line: the line
 * @key: the key
 * @value: receives the number
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int textline_u64(const struct textline *line, const char *key, u64 *value,
		 struct problem *problem)
{
	const char *text;
	int ret;

	ret = textline_need(line, key, &text, problem);
	if (ret)
		return ret;
	if (!parse_u64(text, value))
		return 0;
	return problem_set(problem, "%s line %u: %s=%s is not a number",
			   line->file, line->number, key, text);
}

/**
 * textline_max - number of a key that must be there, and not be too large
 * @line: the line
 * @key: the key
 * @max: largest
 * @value: receives the number
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int textline_max(const struct textline *line, const char *key, u64 max,
		 u64 *value, struct problem *problem)
{
	int ret;

	ret = textline_u64(line, key, value, problem);
	if (ret || *value <= max)
		return ret;
	return problem_set(problem, "%s line %u: %s=%" PRIu64 " is above %" PRIu64,
			   line->file, line->number, key, *value, max);
}

/**
 * text_each_line - take a text apart line by line
 * @file: its name, for messages
 * @text: the text
 * @fn: called for every line that is not empty, until it does not return 0
 * @data: for @fn
 * @problem: for @fn
 *
 * Return: what @fn returned last, 0 for an empty text.
 */
int text_each_line(const char *file, const char *text, textline_fn fn,
		   void *data, struct problem *problem)
{
	struct textline line = { .file = file };
	int ret = 0;

	while (*text && !ret) {
		size_t len = strcspn(text, "\n");

		line.number++;
		textline_parse(&line, text, len);
		if (line.nr)
			ret = fn(&line, data, problem);
		textline_free(&line);
		text += len + (text[len] == '\n');
	}
	return ret;
}
