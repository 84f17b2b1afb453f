// SPDX-License-Identifier: GPL-2.0
/* Matrix files: lines read, axes expanded, cells checked. Pure. */

#include <stdlib.h>

#include "base/suggest.h"
#include "base/textline.h"
#include "proof/platform.h"
#include "results/matrix.h"

const char *const matrix_clocks[] = { "any", "instructions", "wall", NULL };
static const char *const switches[] = { "off", "on", NULL };

static const struct keyword own_keys[MATRIX_NR_KEYS] = {
	[MATRIX_PLATFORM] = { "platform", platform_names, 0, 0, "native" },
	[MATRIX_CLOCK] = { "clock", matrix_clocks, 0, 0, "any" },
	[MATRIX_VCPUS] = { "vcpus", NULL, 1, 8192, "1" },
	[MATRIX_SET] = { "set", NULL, 1, 1000000, "-" },
	[MATRIX_LOAD] = { "load", switches, 0, 0, "off" },
	[MATRIX_TRACE] = { "trace", switches, 0, 0, "off" },
};

/* What a line is while its axes are turned. */
struct axes {
	struct matrix *matrix;
	const struct textline *line;
	char ***value;		/* of each word, ended by NULL */
	size_t *at;
	struct problem *problem;
};

__attribute__((format(printf, 3, 4)))
static int bad_line(const struct textline *line, struct problem *problem,
		    const char *fmt, ...)
{
	char *reason;
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = vasprintf(&reason, fmt, args);
	va_end(args);
	if (ret < 0)
		return -ENOMEM;
	problem_set(problem, "%s:%u: %s", line->file, line->number, reason);
	free(reason);
	return -EINVAL;
}

static int key_of(const struct keyword *keys, size_t nr, const char *name)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(keys[i].name, name))
			return (int)i;
	return -1;
}

static int check_own(const struct keyword *key, const char *value,
		     const struct axes *axes)
{
	struct problem why = { "" };

	if (!keyword_check(key, value, &why))
		return 0;
	return bad_line(axes->line, axes->problem, "%s", why.text);
}

static int set_param(struct matrix_cell *cell, const char *name,
		     const char *value, const struct axes *axes)
{
	struct problem why = { "" };
	const char *near;
	char *more;
	int ret;

	ret = config_set(&cell->config, name, value, &why);
	if (ret == -ENOENT) {
		near = suggest_param(name);
		return bad_line(axes->line, axes->problem,
				"%s: no such key%s%s%s", name,
				near ? "; did you mean " :
				" (a parameter of 'rtlat params', or one of docs/matrix.md)",
				near ? near : "", near ? "?" : "");
	}
	if (ret)
		return bad_line(axes->line, axes->problem, "%s", why.text);
	more = xasprintf("%s%s%s=%s", cell->params, *cell->params ? " " : "",
			 name, value);
	free(cell->params);
	cell->params = more;
	return 0;
}

/* What no key shows when it is looked at alone. */
static int check_cell(struct matrix_cell *cell, const struct axes *axes)
{
	const bool set = strcmp(cell->own[MATRIX_SET], own_keys[MATRIX_SET].def);
	struct problem why = { "" };

	if (set && cell->config.mode != RTLAT_MODE_TASKSET)
		return bad_line(axes->line, axes->problem,
				"set=%s: contradicts mode=%s",
				cell->own[MATRIX_SET],
				rtlat_mode_names[cell->config.mode]);
	/* a set of its own has numbers of its own */
	if (set && !(cell->config.given & (1U << RTLAT_P_seed)) &&
	    set_param(cell, rtlat_params[RTLAT_P_seed].name,
		      cell->own[MATRIX_SET], axes))
		return -EINVAL;
	if (config_finish(&cell->config, &why))
		return bad_line(axes->line, axes->problem, "%s", why.text);
	if (settings_check(cell->setting, cell->own[MATRIX_PLATFORM], &why))
		return bad_line(axes->line, axes->problem, "%s", why.text);
	if (!cell->config.count && !cell->config.duration_ms)
		return bad_line(axes->line, axes->problem,
				"count=0: the cell would never end");
	if (!strcmp(cell->own[MATRIX_CLOCK], "instructions") &&
	    strcmp(cell->own[MATRIX_VCPUS], "1"))
		return bad_line(axes->line, axes->problem,
				"vcpus=%s: contradicts clock=instructions, which has one CPU",
				cell->own[MATRIX_VCPUS]);
	rtlat_config_resolve(&cell->config);
	return 0;
}

static void free_cell(struct matrix_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->nr; i++) {
		free(cell->word[i].key);
		free(cell->word[i].value);
	}
	free(cell->word);
	free(cell->params);
	free(cell->id);
	free(cell);
}

static int set_word(struct matrix_cell *cell, const struct matrix_word *word,
		    const struct axes *axes)
{
	int key = key_of(own_keys, MATRIX_NR_KEYS, word->key);

	if (key >= 0) {
		cell->own[key] = word->value;
		return check_own(&own_keys[key], word->value, axes);
	}
	key = key_of(settings, NR_SETTINGS, word->key);
	if (key >= 0) {
		cell->setting[key] = word->value;
		return check_own(&settings[key], word->value, axes);
	}
	return set_param(cell, word->key, word->value, axes);
}

/* The cell that the axes point at now. */
static int add_cell(const struct axes *axes)
{
	struct matrix_cell *cell = xcalloc(1, sizeof(*cell));
	struct matrix *matrix = axes->matrix;
	const struct textline *line = axes->line;
	size_t i;
	int key;

	matrix->cell = xrealloc(matrix->cell, (matrix->nr + 1) *
					      sizeof(*matrix->cell));
	matrix->cell[matrix->nr++] = cell;
	cell->line = line->number;
	cell->params = xstrdup("");
	cell->word = xcalloc(line->nr, sizeof(*cell->word));
	cell->nr = line->nr;
	rtlat_config_default(&cell->config);
	for (key = 0; key < MATRIX_NR_KEYS; key++)
		cell->own[key] = own_keys[key].def;
	for (i = 0; i < line->nr; i++) {
		struct matrix_word *word = &cell->word[i];
		int ret;

		word->key = xstrdup(line->word[i].key);
		word->value = xstrdup(axes->value[i][axes->at[i]]);
		ret = set_word(cell, word, axes);
		if (ret)
			return ret;
	}
	return check_cell(cell, axes);
}

/* Every combination of the line's values, the last axis turning fastest. */
static int turn(struct axes *axes)
{
	size_t i;
	int ret;

	for (;;) {
		if (axes->matrix->nr == MATRIX_CELLS_MAX)
			return bad_line(axes->line, axes->problem,
					"more than %d cells", MATRIX_CELLS_MAX);
		ret = add_cell(axes);
		if (ret)
			return ret;
		for (i = axes->line->nr; i > 0; i--) {
			if (axes->value[i - 1][++axes->at[i - 1]])
				break;
			axes->at[i - 1] = 0;
		}
		if (!i)
			return 0;
	}
}

/* The values of an axis, between '|'; cuts @text. */
static int split_axis(const struct textline *line, const char *key, char *text,
		      char ***values, struct problem *problem)
{
	size_t nr = 0, i;
	char *at = text, *next;

	do {
		next = strchr(at, '|');
		if (next)
			*next++ = 0;
		if (!*at)
			return bad_line(line, problem, "%s: %s value is missing",
					key, nr || next ? "a" : "the");
		for (i = 0; i < nr; i++)
			if (!strcmp((*values)[i], at))
				return bad_line(line, problem, "%s=%s: twice in the line",
						key, at);
		*values = xrealloc(*values, (nr + 2) * sizeof(**values));
		(*values)[nr++] = at;
		(*values)[nr] = NULL;
		at = next;
	} while (at);
	return 0;
}

/* Values become folders' names and words of a shell's command. */
static int check_word(const struct textline *line, size_t nr,
		      struct problem *problem)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:+-_|";
	const struct textword *word = &line->word[nr];
	size_t i;

	if (!word->key || !*word->key)
		return bad_line(line, problem, "%s%s: not of the form key=value",
				word->key ? "=" : "", word->value);
	for (i = 0; i < nr; i++)
		if (!strcmp(line->word[i].key, word->key))
			return bad_line(line, problem, "%s: the key is twice in the line",
					word->key);
	if (word->value[strspn(word->value, allowed)])
		return bad_line(line, problem,
				"%s=%s: a value is of letters, digits and . , : + - _",
				word->key, word->value);
	return 0;
}

static int parse_line(struct matrix *matrix, const struct textline *line,
		      struct problem *problem)
{
	struct axes axes = {
		.matrix = matrix,
		.line = line,
		.value = xcalloc(line->nr, sizeof(*axes.value)),
		.at = xcalloc(line->nr, sizeof(*axes.at)),
		.problem = problem,
	};
	int ret = 0;
	size_t i;

	for (i = 0; i < line->nr && !ret; i++)
		ret = check_word(line, i, problem);
	for (i = 0; i < line->nr && !ret; i++)
		ret = split_axis(line, line->word[i].key, line->word[i].value,
				 &axes.value[i], problem);
	if (!ret)
		ret = turn(&axes);
	for (i = 0; i < line->nr; i++)
		free(axes.value[i]);
	free(axes.value);
	free(axes.at);
	return ret;
}

/* Length of a line without its comment: a '#' that begins a word. */
static size_t without_comment(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] == '#' &&
		    (!i || text[i - 1] == ' ' || text[i - 1] == '\t'))
			return i;
	return len;
}

/**
 * matrix_parse - read a matrix file
 * @matrix: receives the cells; matrix_free() it, on errors too
 * @file: the file's name, for messages
 * @text: what is in it
 * @len: bytes of it
 * @kernel: kernel flavour, part of the cells' names
 * @problem: receives file, line and reason of the first error
 *
 * Return: 0 or -EINVAL.
 */
int matrix_parse(struct matrix *matrix, const char *file, const char *text,
		 size_t len, const char *kernel, struct problem *problem)
{
	struct textline line = { .file = file };
	const char *end = text + len;
	int ret = 0;

	memset(matrix, 0, sizeof(*matrix));
	matrix->file = file;
	while (text < end && !ret) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((newline ? newline : end) - text);

		line.number++;
		if (memchr(text, 0, size))
			return bad_line(&line, problem, "a NUL byte: not a text");
		if (!newline)
			return bad_line(&line, problem,
					"the line has no newline: the file is cut");
		textline_parse(&line, text, without_comment(text, size));
		if (line.nr)
			ret = parse_line(matrix, &line, problem);
		textline_free(&line);
		text += size + 1;
	}
	if (ret)
		return ret;
	if (!matrix->nr)
		return problem_set(problem, "%s: no cells in it", file);
	return matrix_name(matrix, kernel, problem);
}

/**
 * matrix_free - free what matrix_parse() made
 * @matrix: the matrix
 */
void matrix_free(struct matrix *matrix)
{
	size_t i;

	for (i = 0; i < matrix->nr; i++)
		free_cell(matrix->cell[i]);
	free(matrix->cell);
	matrix->cell = NULL;
	matrix->nr = 0;
}
