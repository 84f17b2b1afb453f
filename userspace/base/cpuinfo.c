// SPDX-License-Identifier: GPL-2.0
/* The text of /proc/cpuinfo. Pure. */

#include <string.h>

#include "base/cpuinfo.h"

/**
 * cpuinfo_field - what the first CPU says of something
 * @cpuinfo: the text; NULL: none
 * @key: what stands before the colon
 *
 * Return: the value, NULL when there is no such line; free() it.
 */
char *cpuinfo_field(const char *cpuinfo, const char *key)
{
	size_t len = strlen(key);
	const char *line = cpuinfo;

	while (line && *line) {
		if (!strncmp(line, key, len) && strchr("\t :", line[len])) {
			const char *value = strchr(line, ':');

			if (!value)
				return NULL;
			value += 1 + strspn(value + 1, " \t");
			return xstrndup(value, strcspn(value, "\n"));
		}
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return NULL;
}

/**
 * text_has_word - is a word in a text?
 * @text: words with a blank between them; NULL: none
 * @word: the word
 *
 * Return: true when it is, as a whole word.
 */
bool text_has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	const char *at = text;

	while (at && (at = strstr(at, word))) {
		if ((at == text || at[-1] == ' ') &&
		    (at[len] == ' ' || !at[len]))
			return true;
		at += len;
	}
	return false;
}
