/* SPDX-License-Identifier: GPL-2.0 */
/* The text format of rtlat's debugfs files: lines of key=value words. Pure. */
#ifndef RTLAT_TEXTLINE_H
#define RTLAT_TEXTLINE_H

#include "base/util.h"
#include "module/pure.h"

/**
 * struct textword - one word of a line
 * @key: what is before the first '=', NULL when there is none
 * @value: what is behind it, or the whole word
 */
struct textword {
	char *key;
	char *value;
};

/**
 * struct textline - one line, taken apart
 * @buf: the line, cut into words
 * @nr: number of words
 * @word: the words
 * @file: name of the file, for messages
 * @number: number of the line, from 1
 */
struct textline {
	char *buf;
	size_t nr;
	struct textword *word;
	const char *file;
	unsigned int number;
};

typedef int (*textline_fn)(const struct textline *line, void *data,
			   struct problem *problem);

void textline_parse(struct textline *line, const char *text, size_t len);
void textline_free(struct textline *line);
const char *textline_get(const struct textline *line, const char *key);
int textline_need(const struct textline *line, const char *key,
		  const char **value, struct problem *problem);
int textline_u64(const struct textline *line, const char *key, u64 *value,
		 struct problem *problem);
int textline_max(const struct textline *line, const char *key, u64 max,
		 u64 *value, struct problem *problem);
int text_each_line(const char *file, const char *text, textline_fn fn,
		   void *data, struct problem *problem);

#endif /* RTLAT_TEXTLINE_H */
