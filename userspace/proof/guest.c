// SPDX-License-Identifier: GPL-2.0
/* What the guest saw: its /proc/interrupts at two moments. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/textline.h"
#include "proof/parts.h"

/*
 * Rows of /proc/interrupts that are no interrupts through a local APIC: NMIs and
 * what arrives as one, exceptions, counts of retries, polls and errors.
 */
static const char *const no_interrupts[] = {
	"NMI", "SPU", "PMI", "RTR", "MCE", "MCP", "ERR", "MIS", NULL
};

struct row {
	char *name;
	u64 *cpu;
	unsigned int line;
};

struct table {
	size_t nr_cpus;
	size_t nr;
	struct row *row;
};

static int read_header(struct table *table, const struct textline *line,
		       struct problem *problem)
{
	size_t i;

	for (i = 0; i < line->nr; i++)
		if (strncmp(line->word[i].value, "CPU", 3))
			return problem_set(problem, "%s line %u: %s is not a CPU",
					   line->file, line->number,
					   line->word[i].value);
	table->nr_cpus = line->nr;
	return 0;
}

static int table_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct table *table = data;
	char *name = line->word[0].value;
	const size_t len = strlen(name);
	struct row row = { .line = line->number };
	size_t i;

	if (!table->nr_cpus)
		return read_header(table, line, problem);
	if (len < 2 || name[len - 1] != ':')
		return problem_set(problem, "%s line %u: %s is not an interrupt",
				   line->file, line->number, name);
	name[len - 1] = 0;
	if (is_one_of(name, no_interrupts))
		return 0;
	if (line->nr <= table->nr_cpus)
		return problem_set(problem, "%s line %u: %s is not of %zu CPUs",
				   line->file, line->number, name, table->nr_cpus);
	row.cpu = xcalloc(table->nr_cpus, sizeof(*row.cpu));
	for (i = 0; i < table->nr_cpus; i++) {
		if (!parse_u64(line->word[i + 1].value, &row.cpu[i]) &&
		    row.cpu[i] <= UINT32_MAX)
			continue;
		free(row.cpu);
		return problem_set(problem, "%s line %u: %s is not a count",
				   line->file, line->number,
				   line->word[i + 1].value);
	}
	row.name = xstrdup(name);
	table->row = xrealloc(table->row, (table->nr + 1) * sizeof(row));
	table->row[table->nr++] = row;
	return 0;
}

static void table_free(struct table *table)
{
	while (table->nr) {
		free(table->row[--table->nr].name);
		free(table->row[table->nr].cpu);
	}
	free(table->row);
}

static int table_read(struct table *table, const struct proof_file *file,
		      struct problem *problem)
{
	int ret;

	memset(table, 0, sizeof(*table));
	ret = text_each_line(file->path, file->text, table_line, table, problem);
	if (!ret && !table->nr)
		ret = problem_set(problem, "%s: no interrupts in it", file->path);
	return ret;
}

static const struct row *find_row(const struct table *table, const char *name)
{
	size_t i;

	for (i = 0; i < table->nr; i++)
		if (!strcmp(table->row[i].name, name))
			return &table->row[i];
	return NULL;
}

static enum proof_kind kind_of(const char *name)
{
	if (!strcmp(name, "LOC"))
		return PROOF_TIMER;
	if (strspn(name, "0123456789") == strlen(name))
		return PROOF_DEVICE;
	return PROOF_IPI;
}

static int add_row(struct proof_interrupts *interrupts, const struct row *row,
		   const struct row *before, const char *path,
		   struct problem *problem)
{
	u64 *cpu = interrupts->cpu[kind_of(row->name)];
	size_t i;

	for (i = 0; i < interrupts->nr_cpus; i++) {
		const u64 old = before ? before->cpu[i] : 0;

		if (row->cpu[i] < old)
			return problem_set(problem,
				"%s line %u: %s CPU%zu: %" PRIu64 " is below %" PRIu64 " before",
				path, row->line, row->name, i, row->cpu[i], old);
		cpu[i] += row->cpu[i] - old;
	}
	return 0;
}

/**
 * proof_interrupts_window - interrupts between two moments
 * @interrupts: receives them; proof_interrupts_free() it, whatever is returned
 * @begin: /proc/interrupts at the beginning
 * @end: at the end
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_interrupts_window(struct proof_interrupts *interrupts,
			    const struct proof_file *begin,
			    const struct proof_file *end,
			    struct problem *problem)
{
	struct table old, new = { .nr = 0 };
	unsigned int kind;
	size_t i;
	int ret;

	memset(interrupts, 0, sizeof(*interrupts));
	ret = table_read(&old, begin, problem);
	if (!ret)
		ret = table_read(&new, end, problem);
	if (!ret && old.nr_cpus != new.nr_cpus)
		ret = problem_set(problem, "%s: %zu CPUs, at the beginning %zu",
				  end->path, new.nr_cpus, old.nr_cpus);
	for (i = 0; i < old.nr && !ret; i++)
		if (!find_row(&new, old.row[i].name))
			ret = problem_set(problem, "%s line %u: %s is not in %s",
					  begin->path, old.row[i].line,
					  old.row[i].name, end->path);
	if (ret)
		goto out;
	interrupts->nr_cpus = new.nr_cpus;
	for (kind = 0; kind < PROOF_NR_KINDS; kind++)
		interrupts->cpu[kind] = xcalloc(new.nr_cpus, sizeof(u64));
	for (i = 0; i < new.nr && !ret; i++)
		ret = add_row(interrupts, &new.row[i],
			      find_row(&old, new.row[i].name), end->path, problem);
out:
	table_free(&old);
	table_free(&new);
	return ret;
}

/**
 * proof_interrupts_free - free what proof_interrupts_window() made
 * @interrupts: the interrupts
 */
void proof_interrupts_free(struct proof_interrupts *interrupts)
{
	unsigned int kind;

	for (kind = 0; kind < PROOF_NR_KINDS; kind++) {
		free(interrupts->cpu[kind]);
		interrupts->cpu[kind] = NULL;
	}
}

static u64 total_of(const struct proof_interrupts *interrupts,
		    enum proof_kind kind)
{
	u64 total = 0;
	size_t i;

	for (i = 0; i < interrupts->nr_cpus; i++)
		total += interrupts->cpu[kind][i];
	return total;
}

/**
 * proof_interrupts_total - all interrupts
 * @interrupts: the interrupts
 *
 * Return: how many.
 */
u64 proof_interrupts_total(const struct proof_interrupts *interrupts)
{
	u64 total = 0;
	unsigned int kind;

	for (kind = 0; kind < PROOF_NR_KINDS; kind++)
		total += total_of(interrupts, kind);
	return total;
}

static void set_keys(const struct proof_interrupts *interrupts, json_t *values)
{
	u64 *all = xcalloc(interrupts->nr_cpus, sizeof(*all));
	unsigned int kind;
	size_t i;

	for (kind = 0; kind < PROOF_NR_KINDS; kind++)
		for (i = 0; i < interrupts->nr_cpus; i++)
			all[i] += interrupts->cpu[kind][i];
	proof_set_number(values, "guest_interrupts",
			 proof_interrupts_total(interrupts));
	proof_set_list(values, "guest_interrupts_cpus", all, interrupts->nr_cpus);
	proof_set_number(values, "guest_interrupts_timer",
			 total_of(interrupts, PROOF_TIMER));
	proof_set_list(values, "guest_interrupts_timer_cpus",
		       interrupts->cpu[PROOF_TIMER], interrupts->nr_cpus);
	proof_set_number(values, "guest_interrupts_device",
			 total_of(interrupts, PROOF_DEVICE));
	proof_set_number(values, "guest_interrupts_ipi",
			 total_of(interrupts, PROOF_IPI));
	proof_set_list(values, "guest_interrupts_ipi_cpus",
		       interrupts->cpu[PROOF_IPI], interrupts->nr_cpus);
	free(all);
}

/**
 * proof_interrupt_keys - what was received between two copies of /proc/interrupts
 * @snapshot: the snapshot
 * @begin_name: the copy at the beginning
 * @end_name: that at the end
 * @values: receives the keys; none, when there is neither copy
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_interrupt_keys(const struct proof_snapshot *snapshot,
			 const char *begin_name, const char *end_name,
			 json_t *values, struct problem *problem)
{
	const struct proof_file *begin = proof_file(snapshot, begin_name);
	const struct proof_file *end = proof_file(snapshot, end_name);
	struct proof_interrupts interrupts;
	int ret;

	if (!begin && !end)
		return 0;
	if (!begin || !end)
		return proof_missing(snapshot, begin ? end_name : begin_name,
				     problem);
	ret = proof_interrupts_window(&interrupts, begin, end, problem);
	if (!ret)
		set_keys(&interrupts, values);
	proof_interrupts_free(&interrupts);
	return ret;
}
