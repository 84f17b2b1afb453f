// SPDX-License-Identifier: GPL-2.0
/* Histograms of trace events, as tracefs prints them. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/textline.h"
#include "proof/parts.h"

/* One in so many events may be lost: what is judged by them is far apart. */
#define MOST_DROPPED	1000

struct reader {
	struct proof_hist *hist;
	bool hex[PROOF_HIST_KEYS];
	bool triggered;
	bool totals;
	u64 hits;
	u64 entries;
	u64 dropped;
	bool has_hits, has_entries, has_dropped;
};

static int bad(const struct textline *line, const char *why,
	       struct problem *problem)
{
	return problem_set(problem, "%s line %u: %s", line->file, line->number,
			   why);
}

/* "# trigger info: hist:keys=exit_reason:vals=hitcount:sort=...:size=2048 [active]" */
static int read_trigger(struct reader *reader, const struct textline *line,
			struct problem *problem)
{
	struct proof_hist *hist = reader->hist;
	const char *keys = textline_get(line, "hist:keys");
	char *list, *key, *end;

	if (reader->triggered)
		return bad(line, "a second histogram", problem);
	if (!keys)
		return bad(line, "hist:keys= is missing", problem);
	if (strcmp(line->word[line->nr - 1].value, "[active]"))
		return bad(line, "the histogram is not active", problem);
	reader->triggered = true;
	list = xstrndup(keys, strcspn(keys, ":"));
	for (key = list; key; key = end) {
		end = strchr(key, ',');
		if (end)
			*end++ = 0;
		if (hist->nr_keys == PROOF_HIST_KEYS || !*key) {
			free(list);
			return bad(line, "its keys are not one or two fields",
				   problem);
		}
		reader->hex[hist->nr_keys] = !!strstr(key, ".hex");
		hist->key[hist->nr_keys++] = xstrndup(key, strcspn(key, "."));
	}
	free(list);
	return 0;
}

static int read_number(const char *text, bool hex, u64 *number)
{
	char *end;

	if (!hex)
		return parse_u64(text, number);
	if (!*text || strspn(text, "0123456789abcdef") != strlen(text) ||
	    strlen(text) > 16)
		return -EINVAL;
	*number = strtoull(text, &end, 16);
	return 0;
}

/* "{ exit_reason:         48 } hitcount:       1234" */
static int read_row(struct reader *reader, const struct textline *line,
		    struct problem *problem)
{
	struct proof_hist *hist = reader->hist;
	struct proof_hist_row row = { .line = line->number };
	size_t at = 1, key;

	if (line->nr != 2 * hist->nr_keys + 4)
		return bad(line, "not a row of the histogram's keys", problem);
	for (key = 0; key < hist->nr_keys; key++, at += 2) {
		const char *name = line->word[at].value;
		char *value = line->word[at + 1].value;
		const size_t len = strlen(hist->key[key]);

		if (strncmp(name, hist->key[key], len) || strcmp(name + len, ":"))
			return bad(line, "not a row of the histogram's keys",
				   problem);
		value[strcspn(value, ",")] = 0;
		if (read_number(value, reader->hex[key], &row.value[key]))
			return problem_set(problem, "%s line %u: %s %s is not a number",
					   line->file, line->number, name, value);
	}
	if (strcmp(line->word[at].value, "}") ||
	    strcmp(line->word[at + 1].value, "hitcount:") ||
	    parse_u64(line->word[at + 2].value, &row.count) ||
	    row.count > INT64_MAX / 65536)
		return bad(line, "no hitcount in it", problem);
	hist->row = xrealloc(hist->row, (hist->nr + 1) * sizeof(row));
	hist->row[hist->nr++] = row;
	return 0;
}

static int read_total(struct reader *reader, const struct textline *line,
		      struct problem *problem)
{
	const char *name = line->word[0].value;
	u64 number;

	if (line->nr != 2 || parse_u64(line->word[1].value, &number))
		return bad(line, "not a total", problem);
	if (!strcmp(name, "Hits:")) {
		reader->has_hits = true;
		reader->hits = number;
	} else if (!strcmp(name, "Entries:")) {
		reader->has_entries = true;
		reader->entries = number;
	} else if (!strcmp(name, "Dropped:")) {
		reader->has_dropped = true;
		reader->dropped = number;
	} else {
		return bad(line, "not a total", problem);
	}
	return 0;
}

static int hist_line(const struct textline *line, void *data,
		     struct problem *problem)
{
	struct reader *reader = data;
	const char *first = line->word[0].value;

	if (!strcmp(first, "#")) {
		if (line->nr > 3 && !strcmp(line->word[1].value, "trigger"))
			return read_trigger(reader, line, problem);
		return 0;
	}
	if (!reader->triggered)
		return bad(line, "no line '# trigger info' before it", problem);
	if (!strcmp(first, "Totals:")) {
		reader->totals = true;
		return 0;
	}
	if (reader->totals)
		return read_total(reader, line, problem);
	return read_row(reader, line, problem);
}

/**
 * proof_hist_read - read a file hist of tracefs
 * @hist: receives it; proof_hist_free() it, whatever is returned
 * @file: the file
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_hist_read(struct proof_hist *hist, const struct proof_file *file,
		    struct problem *problem)
{
	struct reader reader = { .hist = hist };
	int ret;

	memset(hist, 0, sizeof(*hist));
	ret = text_each_line(file->path, file->text, hist_line, &reader, problem);
	if (ret)
		return ret;
	if (!reader.has_hits || !reader.has_entries || !reader.has_dropped)
		return problem_set(problem, "%s: no totals at its end", file->path);
	/*
	 * A CPU that meets another one at a key's first event gives up its own
	 * after 2,048 looks (kernel/trace/tracing_map.c); where that one is not
	 * run meanwhile, as on a busy emulator, it comes to that.
	 */
	if (reader.dropped > reader.hits / MOST_DROPPED)
		return problem_set(problem,
				   "%s: %" PRIu64 " events dropped beside %" PRIu64
				   ": over 1 in %d", file->path,
				   reader.dropped, reader.hits, MOST_DROPPED);
	if (reader.entries != hist->nr)
		return problem_set(problem, "%s: %zu rows, but Entries: %" PRIu64,
				   file->path, hist->nr, reader.entries);
	/* events go on while the file is read, and the total is read last */
	if (proof_hist_total(hist) > reader.hits)
		return problem_set(problem, "%s: its rows are more than Hits: %" PRIu64,
				   file->path, reader.hits);
	return 0;
}

/**
 * proof_hist_free - free what proof_hist_read() made
 * @hist: the histogram
 */
void proof_hist_free(struct proof_hist *hist)
{
	while (hist->nr_keys)
		free(hist->key[--hist->nr_keys]);
	free(hist->row);
	hist->row = NULL;
	hist->nr = 0;
}

static struct proof_hist_row *find_row(const struct proof_hist *hist,
				       const struct proof_hist_row *like)
{
	size_t i;

	for (i = 0; i < hist->nr; i++)
		if (!memcmp(hist->row[i].value, like->value, sizeof(like->value)))
			return &hist->row[i];
	return NULL;
}

static int subtract(struct proof_hist *hist, const struct proof_hist *before,
		    const char *path, const char *before_path,
		    struct problem *problem)
{
	size_t i;

	if (hist->nr_keys != before->nr_keys ||
	    strcmp(hist->key[0], before->key[0]) ||
	    (hist->nr_keys > 1 && strcmp(hist->key[1], before->key[1])))
		return problem_set(problem, "%s: not of the keys of %s", path,
				   before_path);
	for (i = 0; i < before->nr; i++) {
		const struct proof_hist_row *old = &before->row[i];
		struct proof_hist_row *row = find_row(hist, old);

		if (!row)
			return problem_set(problem, "%s line %u: not in %s",
					   before_path, old->line, path);
		if (row->count < old->count)
			return problem_set(problem,
				"%s line %u: hitcount %" PRIu64 " is below the %" PRIu64 " before",
				path, row->line, row->count, old->count);
		row->count -= old->count;
	}
	return 0;
}

/**
 * proof_hist_window - by how much a histogram grew
 * @hist: receives it; proof_hist_free() it, whatever is returned
 * @begin: at the beginning
 * @end: at the end
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_hist_window(struct proof_hist *hist, const struct proof_file *begin,
		      const struct proof_file *end, struct problem *problem)
{
	struct proof_hist before;
	int ret;

	ret = proof_hist_read(hist, end, problem);
	if (ret)
		return ret;
	ret = proof_hist_read(&before, begin, problem);
	if (!ret)
		ret = subtract(hist, &before, end->path, begin->path, problem);
	proof_hist_free(&before);
	return ret;
}

/**
 * proof_hist_total - all events of a histogram
 * @hist: the histogram
 *
 * Return: how many.
 */
u64 proof_hist_total(const struct proof_hist *hist)
{
	u64 total = 0;
	size_t i;

	for (i = 0; i < hist->nr; i++)
		total += hist->row[i].count;
	return total;
}

/**
 * proof_hist_key - which of its keys is a field?
 * @hist: the histogram
 * @name: the field
 *
 * Return: its number, or -1.
 */
int proof_hist_key(const struct proof_hist *hist, const char *name)
{
	size_t i;

	for (i = 0; i < hist->nr_keys; i++)
		if (!strcmp(hist->key[i], name))
			return (int)i;
	return -1;
}

/**
 * proof_hist_of - events with one value of a key
 * @hist: the histogram
 * @key: of proof_hist_key()
 * @value: the value
 *
 * Return: how many.
 */
u64 proof_hist_of(const struct proof_hist *hist, size_t key, u64 value)
{
	u64 total = 0;
	size_t i;

	for (i = 0; i < hist->nr; i++)
		if (hist->row[i].value[key] == value)
			total += hist->row[i].count;
	return total;
}
