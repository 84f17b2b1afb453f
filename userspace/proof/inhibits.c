// SPDX-License-Identifier: GPL-2.0
/* What kept posted interrupts off, by the trace of KVM's inhibit reasons. Pure. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/textline.h"
#include "proof/parts.h"

#define EVENT	"kvm_apicv_inhibit_changed:"

/*
 * enum kvm_apicv_inhibit is no uapi, and its numbers change between kernels.
 * From 6.11 on the event names the reasons itself; these are of kernels that
 * do not. Of others the number of the bit is all that can be said.
 */
static const struct {
	unsigned int from[2], to[2];
	const char *names[16];
} tables[] = {
	{ { 5, 18 }, { 5, 19 },
	  { "DISABLE", "HYPERV", "NESTED", "IRQWIN", "PIT_REINJ", "X2APIC",
	    "BLOCKIRQ", "ABSENT", "SEV" } },
	{ { 6, 1 }, { 6, 2 },
	  { "DISABLE", "HYPERV", "ABSENT", "BLOCKIRQ", "APIC_ID_MODIFIED",
	    "APIC_BASE_MODIFIED", "NESTED", "IRQWIN", "PIT_REINJ", "SEV" } },
	{ { 6, 3 }, { 6, 10 },
	  { "DISABLE", "HYPERV", "ABSENT", "BLOCKIRQ", "PHYSICAL_ID_ALIASED",
	    "APIC_ID_MODIFIED", "APIC_BASE_MODIFIED", "NESTED", "IRQWIN",
	    "PIT_REINJ", "SEV", "LOGICAL_ID_ALIASED" } },
};

#define NR_BITS	64

struct reader {
	struct proof_inhibits *inhibits;
	const char *kernel;
	const u64 *window_ns;
	u64 now;		/* the reasons after the last event */
	u64 last_ns;
	bool counted, began, known;
	char *name[NR_BITS];	/* as the events say */
};

static int bad(const struct textline *line, const char *why,
	       struct problem *problem)
{
	return problem_set(problem, "%s line %u: %s", line->file, line->number,
			   why);
}

/* Seconds with a fraction of up to nine digits, as ns. */
static int parse_seconds(const char *text, u64 *ns)
{
	const size_t whole = strspn(text, "0123456789");
	const size_t part = text[whole] == '.' ?
			    strspn(text + whole + 1, "0123456789") : 0;
	char digits[32];
	u64 number;

	if (!whole || whole > 9 || part > 9 ||
	    text[whole + (text[whole] == '.') + part])
		return -EINVAL;
	snprintf(digits, sizeof(digits), "%.*s%.*s%.*s", (int)whole, text,
		 (int)part, text + whole + (part ? 1 : 0), (int)(9 - part),
		 "000000000");
	if (parse_u64(digits, &number))
		return -EINVAL;
	*ns = number;
	return 0;
}

static int window_line(const struct textline *line, void *data,
		       struct problem *problem)
{
	static const char *const keys[] = { "begin", "end" };
	u64 *ns = data;
	size_t i, k;

	for (i = 0; i < line->nr; i++) {
		const struct textword *word = &line->word[i];

		for (k = 0; k < ARRAY_SIZE(keys); k++)
			if (word->key && !strcmp(word->key, keys[k]))
				break;
		if (k == ARRAY_SIZE(keys))
			return bad(line, "not begin=SECONDS end=SECONDS", problem);
		if (ns[k] != UINT64_MAX || parse_seconds(word->value, &ns[k]))
			return problem_set(problem,
				"%s line %u: %s=%s is not a time in seconds, or not the only one",
				line->file, line->number, keys[k], word->value);
	}
	return 0;
}

/**
 * proof_window_read - when the cell began and ended
 * @file: line of begin=SECONDS end=SECONDS
 * @window_ns: receives both
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_window_read(const struct proof_file *file, u64 *window_ns,
		      struct problem *problem)
{
	u64 ns[2] = { UINT64_MAX, UINT64_MAX };
	int ret;

	ret = text_each_line(file->path, file->text, window_line, ns, problem);
	if (ret)
		return ret;
	if (ns[0] == UINT64_MAX || ns[1] == UINT64_MAX)
		return problem_set(problem, "%s: begin= or end= is missing",
				   file->path);
	if (ns[0] > ns[1])
		return problem_set(problem, "%s: it ends before it begins",
				   file->path);
	window_ns[0] = ns[0];
	window_ns[1] = ns[1];
	return 0;
}

/* "# entries-in-buffer/entries-written: 3/3   #P:4" */
static int read_header(struct reader *reader, const struct textline *line,
		       struct problem *problem)
{
	u64 kept, written;
	char *slash;

	if (line->nr < 3 ||
	    strcmp(line->word[1].value, "entries-in-buffer/entries-written:"))
		return 0;
	slash = strchr(line->word[2].value, '/');
	if (slash)
		*slash = 0;
	if (!slash || parse_u64(line->word[2].value, &kept) ||
	    parse_u64(slash + 1, &written))
		return bad(line, "not the number of entries", problem);
	if (kept != written)
		return problem_set(problem,
			"%s line %u: events were lost: %" PRIu64 " of %" PRIu64 " are left",
			line->file, line->number, kept, written);
	reader->counted = true;
	return 0;
}

/* "A|B": the names of the bits, in their order */
static int take_names(struct reader *reader, const struct textline *line,
		      u64 mask, char *names, struct problem *problem)
{
	unsigned int bit = 0;
	char *next;

	for (; names; names = next) {
		next = strchr(names, '|');
		if (next)
			*next++ = 0;
		while (bit < NR_BITS && !(mask >> bit & 1))
			bit++;
		if (!*names || bit == NR_BITS)
			return bad(line, "the names do not go with inhibits=",
				   problem);
		free(reader->name[bit]);
		reader->name[bit++] = xstrdup(names);
	}
	if (bit < NR_BITS && mask >> bit)
		return bad(line, "the names do not go with inhibits=", problem);
	return 0;
}

static int parse_mask(const char *text, u64 *mask)
{
	const size_t len = strlen(text);

	/* 0 is printed as 0x0 */
	if (len < 3 || len > 18 || text[0] != '0' || text[1] != 'x' ||
	    strspn(text + 2, "0123456789abcdef") != len - 2)
		return -EINVAL;
	*mask = strtoull(text + 2, NULL, 16);
	return 0;
}

static void count_event(struct reader *reader, u64 ns, u64 mask)
{
	struct proof_inhibits *inhibits = reader->inhibits;

	if (ns > reader->window_ns[1])
		return;
	if (ns > reader->window_ns[0]) {
		if (!reader->began) {
			reader->began = true;
			inhibits->mask |= reader->now;
		}
		inhibits->mask |= mask;
		inhibits->changes++;
	} else {
		reader->known = true;
	}
	reader->now = mask;
}

/* "  qemu-77  [002] .....  12.345678: EVENT set reason=2, inhibits=0x4 ABSENT" */
static int trace_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct reader *reader = data;
	size_t at = line->nr;
	const char *mask_text;
	u64 ns, mask;
	char *time;
	int ret;

	if (!strcmp(line->word[0].value, "#"))
		return read_header(reader, line, problem);
	/* a task's name can be anything */
	while (at && strcmp(line->word[at - 1].value, EVENT))
		at--;
	if (at < 2 || line->nr < at + 3)
		return bad(line, "no event kvm_apicv_inhibit_changed", problem);
	time = line->word[at - 2].value;
	if (*time && time[strlen(time) - 1] == ':')
		time[strlen(time) - 1] = 0;
	if (parse_seconds(time, &ns))
		return problem_set(problem, "%s line %u: %s is not a time in seconds",
				   line->file, line->number, time);
	if (ns < reader->last_ns)
		return bad(line, "earlier than the line before it", problem);
	reader->last_ns = ns;
	mask_text = line->word[at + 2].value;
	if (!line->word[at + 2].key ||
	    strcmp(line->word[at + 2].key, "inhibits") ||
	    parse_mask(mask_text, &mask))
		return bad(line, "inhibits=0x... is missing", problem);
	if (line->nr > at + 3) {
		ret = take_names(reader, line, mask, line->word[at + 3].value,
				 problem);
		if (ret)
			return ret;
	}
	count_event(reader, ns, mask);
	return 0;
}

/* The name that the kernel has for a bit when its events do not say it. */
static const char *table_name(const char *kernel, unsigned int bit)
{
	unsigned int major, minor;
	size_t i;

	if (bit >= ARRAY_SIZE(tables[0].names) ||
	    sscanf(kernel, "%u.%u", &major, &minor) != 2)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		if (major == tables[i].from[0] && minor >= tables[i].from[1] &&
		    minor <= tables[i].to[1])
			return tables[i].names[bit];
	return NULL;
}

static char *names_of(const struct reader *reader, u64 mask)
{
	char *names = xstrdup(""), *longer;
	unsigned int bit;

	for (bit = 0; bit < NR_BITS; bit++) {
		const char *name = reader->name[bit];
		char number[16];

		if (!(mask >> bit & 1))
			continue;
		if (!name)
			name = table_name(reader->kernel, bit);
		if (!name) {
			snprintf(number, sizeof(number), "bit%u", bit);
			name = number;
		}
		longer = xasprintf("%s%s%s", names, *names ? "," : "", name);
		free(names);
		names = longer;
	}
	if (*names)
		return names;
	free(names);
	return xstrdup("none");
}

/**
 * proof_inhibits_read - replay what kept posted interrupts off
 * @inhibits: receives it; free() its names
 * @trace: the file trace, with events since before the VM was made
 * @kernel: uname -r, for the names
 * @window_ns: when the cell began and ended
 * @problem: receives file, line and reason
 *
 * KVM reports a first reason whenever it makes a VM: a trace without an event
 * before the window does not go back to there, and nothing is known.
 *
 * Return: 0 or -EINVAL.
 */
int proof_inhibits_read(struct proof_inhibits *inhibits,
			const struct proof_file *trace, const char *kernel,
			const u64 *window_ns, struct problem *problem)
{
	struct reader reader = {
		.inhibits = inhibits, .kernel = kernel, .window_ns = window_ns,
	};
	unsigned int bit;
	int ret;

	memset(inhibits, 0, sizeof(*inhibits));
	ret = text_each_line(trace->path, trace->text, trace_line, &reader,
			     problem);
	if (!ret && !reader.counted)
		ret = problem_set(problem, "%s: no line of entries-in-buffer",
				  trace->path);
	if (!ret) {
		if (!reader.began)
			inhibits->mask |= reader.now;
		inhibits->known = reader.known;
		inhibits->names = names_of(&reader, inhibits->mask);
	}
	for (bit = 0; bit < NR_BITS; bit++)
		free(reader.name[bit]);
	return ret;
}
