/* SPDX-License-Identifier: GPL-2.0 */
/* Matrix files: cells as data. Pure. */
#ifndef RTLAT_MATRIX_H
#define RTLAT_MATRIX_H

#include "base/util.h"
#include "module/params.h"
#include "proof/settings.h"

/* Longest name of a cell: a folder's, with room for one that is being made. */
#define MATRIX_ID_MAX	200
/* More cells than any sweep ends; a line of many axes is a slip sooner. */
#define MATRIX_CELLS_MAX	20000

/* Keys of the matrix itself, beside the module's parameters. */
enum matrix_key {
	MATRIX_PLATFORM,
	MATRIX_CLOCK,
	MATRIX_VCPUS,
	MATRIX_SET,
	MATRIX_LOAD,
	MATRIX_TRACE,
	MATRIX_NR_KEYS
};

/**
 * struct matrix_word - a key and the value that it has in a cell
 * @key: key
 * @value: value, as written
 */
struct matrix_word {
	char *key;
	char *value;
};

/**
 * struct matrix_cell - one cell
 * @id: name of its folder
 * @line: line of the file that it comes from
 * @nr: number of words
 * @word: the words of its line, one value each
 * @own: values of the matrix's own keys, defaults put in place
 * @setting: how its guest is run; NULL: not given
 * @params: the module's parameters as NAME=VALUE words
 * @config: the same, read
 */
struct matrix_cell {
	char *id;
	unsigned int line;
	size_t nr;
	struct matrix_word *word;
	const char *own[MATRIX_NR_KEYS];
	const char *setting[NR_SETTINGS];
	char *params;
	struct rtlat_config config;
};

/**
 * struct matrix - the cells of a file
 * @file: its name, for messages
 * @nr: number of cells
 * @cell: the cells, in the order of the file
 */
struct matrix {
	const char *file;
	size_t nr;
	struct matrix_cell **cell;
};

extern const char *const matrix_clocks[];

int matrix_parse(struct matrix *matrix, const char *file, const char *text,
		 size_t len, const char *kernel, struct problem *problem);
void matrix_free(struct matrix *matrix);
int matrix_name(struct matrix *matrix, const char *kernel,
		struct problem *problem);

#endif /* RTLAT_MATRIX_H */
