// SPDX-License-Identifier: GPL-2.0
/* The journal of changes that are to be put back. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "tune/journal.h"

#define SUM	9	/* the checksum of a line and the blank behind it */

/* No change of an input would ever fit the checksums: they are made anew. */
static char *summed(const char *text)
{
	char *all = xstrdup("");

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = xstrndup(text + (len > SUM ? SUM : 0),
				      len > SUM ? len - SUM : len);
		char *sealed = journal_sealed(line);
		char *more = xasprintf("%s%s", all, sealed);

		free(sealed);
		free(line);
		free(all);
		all = more;
		text += len + (text[len] == '\n');
	}
	return all;
}

static void check(const struct change *change)
{
	struct problem problem = { "" };
	size_t i, j;

	must(change->kind == CHANGE_MODULE || (change->found && change->set));
	must(change->kind != CHANGE_FILE ||
	     !change_path_check(change->path, &problem));
	must(change->kind != CHANGE_AFFINITY || change->pid > 0);
	must(change->kind != CHANGE_MODULE || change->nr);
	for (i = 0; i < change->nr; i++) {
		must(!change_module_check(change->module[i].name, &problem));
		for (j = 1; j < change->module[i].nr; j++)
			must(strcmp(change->module[i].param[j - 1].name,
				    change->module[i].param[j].name) < 0);
	}
}

/* What was read is written so that it is read as the same. */
static void read_one(const char *text)
{
	struct problem problem = { "" };
	struct journal journal, again;
	char *first, *second;
	size_t i;
	int ret;

	ret = journal_parse(&journal, "j", text, &problem);
	fuzz_said(ret, &problem);
	must(!ret || !strncmp(problem.text, "j:", 2));
	if (!ret) {
		for (i = 0; i < journal.changes.nr; i++)
			check(&journal.changes.change[i]);
		first = journal_format(&journal);
		must(!journal_parse(&again, "j", first, &problem));
		second = journal_format(&again);
		must(!strcmp(first, second));
		journal_free(&again);
		free(second);
		free(first);
	}
	journal_free(&journal);
}

void fuzz_journal(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), *good = summed(text);

	read_one(text);
	read_one(good);
	free(good);
	free(text);
}
