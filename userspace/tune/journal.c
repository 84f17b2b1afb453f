// SPDX-License-Identifier: GPL-2.0
/*
 * The text of the journal. Pure. A line for each change, each begins with the
 * checksum of what follows: a value that was damaged must not be written into
 * the machine.
 *
 *	SUM rtlat-restore/1 boot=ID [owner=PID owner_start=TICKS]
 *	SUM file path=PATH found=VALUE set=VALUE [reads=VALUE]
 *	SUM affinity pid=PID start=TICKS name=NAME found=CPUS set=CPUS [reads=CPUS]
 *	SUM module name=NAME loaded=0|1 [was.PARAMETER=VALUE set.PARAMETER=VALUE ...]
 *	SUM end changes=N
 *
 * Modules that are loaded again with another one are lines "with", before it.
 * In values bytes other than printable ones, blanks and % are %XX.
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "base/cpulist.h"
#include "base/textline.h"
#include "tune/journal.h"

#define SUM_LEN	8

/**
 * journal_sealed - a line with its checksum
 * @line: the line, without newline
 *
 * Return: the line as it is in the file, newline included; free() it.
 */
char *journal_sealed(const char *line)
{
	return xasprintf("%08" PRIx32 " %s\n",
			 crc32_add(0, line, strlen(line)), line);
}

static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c > ' ' && c < 127 && c != '%')
			fputc(c, out);
		else
			fprintf(out, "%%%02x", c);
	}
}

static void put(FILE *out, const char *prefix, const char *key, const char *value)
{
	if (!value)
		return;
	fprintf(out, " %s%s=", prefix, key);
	put_text(out, value);
}

static void put_module(FILE *out, const struct change_module *module, bool last)
{
	size_t i;

	fputs(last ? "module" : "with", out);
	put(out, "", "name", module->name);
	put(out, "", "loaded", module->loaded ? "1" : "0");
	for (i = 0; i < module->nr; i++) {
		put(out, "was.", module->param[i].name, module->param[i].found);
		put(out, "set.", module->param[i].name, module->param[i].set);
	}
}

static void put_change(FILE *out, const struct change *change)
{
	if (change->kind == CHANGE_FILE) {
		fputs("file", out);
		put(out, "", "path", change->path);
	} else {
		fprintf(out, "affinity pid=%d start=%" PRIu64, (int)change->pid,
			change->start);
		put(out, "", "name", change->name);
	}
	put(out, "", "found", change->found);
	put(out, "", "set", change->set);
	put(out, "", "reads", change->reads);
}

struct builder {
	FILE *out;
	char *line;
	size_t len;
	char *text;
};

static FILE *begin(struct builder *builder)
{
	builder->out = open_memstream(&builder->line, &builder->len);
	if (!builder->out)
		abort();
	return builder->out;
}

static void end(struct builder *builder)
{
	char *sealed, *more;

	fclose(builder->out);
	sealed = journal_sealed(builder->line);
	more = xasprintf("%s%s", builder->text ? builder->text : "", sealed);
	free(builder->text);
	free(builder->line);
	free(sealed);
	builder->text = more;
	builder->line = NULL;
}

/**
 * journal_format - the journal as text
 * @journal: the journal
 *
 * Return: the text; free() it.
 */
char *journal_format(const struct journal *journal)
{
	struct builder builder = { .text = NULL };
	size_t i, j;

	fputs(JOURNAL_FORMAT, begin(&builder));
	put(builder.out, "", "boot", journal->boot);
	if (journal->owner)
		fprintf(builder.out, " owner=%d owner_start=%" PRIu64,
			(int)journal->owner, journal->owner_start);
	end(&builder);
	for (i = 0; i < journal->changes.nr; i++) {
		const struct change *change = &journal->changes.change[i];

		if (change->kind != CHANGE_MODULE) {
			put_change(begin(&builder), change);
			end(&builder);
			continue;
		}
		for (j = 0; j < change->nr; j++) {
			put_module(begin(&builder), &change->module[j],
				   j + 1 == change->nr);
			end(&builder);
		}
	}
	fprintf(begin(&builder), "end changes=%zu", journal->changes.nr);
	end(&builder);
	return builder.text;
}

/* What the lines have said so far. */
struct reader {
	struct journal *journal;
	bool begun;
	bool ended;
	bool with;		/* the last change waits for its last module */
};

static int damaged(const struct textline *line, const char *what,
		   struct problem *problem)
{
	return problem_set(problem, "%s:%u: %s; it is left as it is",
			   line->file, line->number, what);
}

/* A value without its %XX; NULL for one that cannot be. */
static char *plain(const char *value)
{
	char *text = xcalloc(1, strlen(value) + 1);
	size_t len = 0;

	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		unsigned int byte;

		if (c != '%') {
			text[len++] = (char)c;
			continue;
		}
		if (!isxdigit((unsigned char)value[1]) ||
		    !isxdigit((unsigned char)value[2]) ||
		    sscanf(value + 1, "%2x", &byte) != 1 || !byte ||
		    byte == '\n') {
			free(text);
			return NULL;
		}
		text[len++] = (char)byte;
		value += 2;
	}
	return text;
}

static int need(const struct textline *line, const char *key, char **text,
		struct problem *problem)
{
	const char *value = textline_get(line, key);
	char *what;

	*text = value ? plain(value) : NULL;
	if (*text)
		return 0;
	what = xasprintf("%s= is missing or damaged", key);
	damaged(line, what, problem);
	free(what);
	return -EINVAL;
}

static int need_u64(const struct textline *line, const char *key, uint64_t max,
		    uint64_t *number, struct problem *problem)
{
	const char *value = textline_get(line, key);

	if (value && !parse_u64(value, number) && *number <= max)
		return 0;
	return damaged(line, "a number is missing or damaged", problem);
}

static int read_head(struct reader *reader, const struct textline *line,
		     struct problem *problem)
{
	struct journal *journal = reader->journal;
	uint64_t owner;

	if (reader->begun || strcmp(line->word[0].value, JOURNAL_FORMAT))
		return damaged(line, "not a line of a journal of " JOURNAL_FORMAT,
			       problem);
	reader->begun = true;
	if (need(line, "boot", &journal->boot, problem))
		return -EINVAL;
	if (!textline_get(line, "owner"))
		return 0;
	if (need_u64(line, "owner", INT_MAX, &owner, problem) ||
	    need_u64(line, "owner_start", UINT64_MAX, &journal->owner_start,
		     problem))
		return -EINVAL;
	journal->owner = (pid_t)owner;
	return 0;
}

static int read_value(struct reader *reader, const struct textline *line,
		      enum change_kind kind, struct problem *problem)
{
	struct change *change = changes_add(&reader->journal->changes, kind);
	struct problem why = { "" };
	struct cpulist list;
	uint64_t pid;

	if (need(line, "found", &change->found, problem) ||
	    need(line, "set", &change->set, problem) ||
	    (textline_get(line, "reads") &&
	     need(line, "reads", &change->reads, problem)))
		return -EINVAL;
	if (kind == CHANGE_FILE) {
		if (need(line, "path", &change->path, problem))
			return -EINVAL;
		if (change_path_check(change->path, &why))
			return damaged(line, why.text, problem);
		return 0;
	}
	if (need(line, "name", &change->name, problem) ||
	    need_u64(line, "pid", INT_MAX, &pid, problem) ||
	    need_u64(line, "start", UINT64_MAX, &change->start, problem))
		return -EINVAL;
	change->pid = (pid_t)pid;
	if (!pid)
		return damaged(line, "pid=0 is no process", problem);
	if (cpulist_parse(&list, change->found, &why))
		return damaged(line, why.text, problem);
	cpulist_free(&list);
	return 0;
}

static int read_param(struct change_module *module, const struct textline *line,
		      const struct textword *word, struct problem *problem)
{
	struct problem why = { "" };
	struct change_param *param;
	char **value;

	if (strncmp(word->key, "was.", 4) && strncmp(word->key, "set.", 4))
		return damaged(line, "not a key of a module", problem);
	if (change_param_check(word->key + 4, &why))
		return damaged(line, why.text, problem);
	param = change_add_param(module, word->key + 4);
	value = word->key[0] == 'w' ? &param->found : &param->set;
	if (*value)
		return damaged(line, "a parameter is there twice", problem);
	*value = plain(word->value);
	return *value ? 0 : damaged(line, "a value is damaged", problem);
}

static int read_module(struct reader *reader, const struct textline *line,
		       bool last, struct problem *problem)
{
	struct changes *changes = &reader->journal->changes;
	struct problem why = { "" };
	struct change_module *module;
	struct change *change;
	uint64_t loaded;
	char *name;
	size_t i;

	if (need(line, "name", &name, problem))
		return -EINVAL;
	change = reader->with ? &changes->change[changes->nr - 1] :
				changes_add(changes, CHANGE_MODULE);
	module = change_add_module(change, name);
	reader->with = !last;
	free(name);
	if (change_module_check(module->name, &why))
		return damaged(line, why.text, problem);
	for (i = 0; i + 1 < change->nr; i++)
		if (!strcmp(change->module[i].name, module->name))
			return damaged(line, "a module is there twice", problem);
	if (need_u64(line, "loaded", 1, &loaded, problem))
		return -EINVAL;
	module->loaded = loaded;
	for (i = 1; i < line->nr; i++) {
		if (!line->word[i].key)
			return damaged(line, "a word is no key=value", problem);
		if (!strcmp(line->word[i].key, "name") ||
		    !strcmp(line->word[i].key, "loaded"))
			continue;
		if (read_param(module, line, &line->word[i], problem))
			return -EINVAL;
	}
	return 0;
}

static int read_line(struct reader *reader, const struct textline *line,
		     struct problem *problem)
{
	const char *kind = line->word[0].value;
	uint64_t nr;

	if (!reader->begun || line->word[0].key)
		return read_head(reader, line, problem);
	if (reader->ended)
		return damaged(line, "comes behind the end", problem);
	if (!strcmp(kind, "module") || !strcmp(kind, "with"))
		return read_module(reader, line, !strcmp(kind, "module"),
				   problem);
	if (reader->with)
		return damaged(line, "comes between the modules of a change",
			       problem);
	if (!strcmp(kind, "file"))
		return read_value(reader, line, CHANGE_FILE, problem);
	if (!strcmp(kind, "affinity"))
		return read_value(reader, line, CHANGE_AFFINITY, problem);
	if (strcmp(kind, "end"))
		return read_head(reader, line, problem);
	reader->ended = true;
	if (need_u64(line, "changes", UINT64_MAX, &nr, problem))
		return -EINVAL;
	if (nr != reader->journal->changes.nr)
		return damaged(line, "changes are missing before it", problem);
	return 0;
}

/* One line with its checksum, @len bytes. */
static int check_line(struct reader *reader, struct textline *line,
		      const char *text, size_t len, struct problem *problem)
{
	char *copy = xstrndup(text, len), *sealed = NULL;
	int ret;

	line->number++;
	if (strlen(copy) == len && len > SUM_LEN && copy[SUM_LEN] == ' ')
		sealed = journal_sealed(copy + SUM_LEN + 1);
	if (!sealed || strncmp(sealed, copy, SUM_LEN)) {
		ret = damaged(line, "does not fit its checksum", problem);
	} else {
		textline_parse(line, copy + SUM_LEN + 1, len - SUM_LEN - 1);
		ret = line->nr ? read_line(reader, line, problem) :
				 damaged(line, "is empty", problem);
		textline_free(line);
	}
	free(sealed);
	free(copy);
	return ret;
}

/**
 * journal_parse - read a journal
 * @journal: receives it; journal_free() it, also after an error
 * @file: name of the file, for messages
 * @text: its text
 * @problem: receives file, line and what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int journal_parse(struct journal *journal, const char *file, const char *text,
		  struct problem *problem)
{
	struct reader reader = { .journal = journal };
	struct textline line = { .file = file };
	int ret = 0;

	memset(journal, 0, sizeof(*journal));
	while (*text && !ret) {
		size_t len = strcspn(text, "\n");

		ret = check_line(&reader, &line, text, len, problem);
		text += len + (text[len] == '\n');
	}
	if (ret || reader.ended)
		return ret;
	line.number++;
	return damaged(&line, "its end is missing", problem);
}

/**
 * journal_free - free what a journal holds
 * @journal: the journal
 */
void journal_free(struct journal *journal)
{
	free(journal->boot);
	changes_free(&journal->changes);
	memset(journal, 0, sizeof(*journal));
}
