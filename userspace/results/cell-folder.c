// SPDX-License-Identifier: GPL-2.0
/* The folder of a cell: what is in it, and starting one. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proof/proof.h"
#include "results/cell-folder.h"
#include "results/results.h"

/* Names of the module's files, in a cell's folder as in debugfs. */
const char *const cell_texts[NR_CELL_TEXTS] = {
	"status", "params", "ledger", "summary", "histograms", "outliers",
	"tasks", "taskset",
};

/* The others, docs/interfaces.md; the last two are put there by whoever made the guest. */
static const char *const other_files[] = {
	"summary.json", "trace.dat", "proof", PROOF_INSIDE_FILE, "kernel.log",
	"guest.log", "cell", NULL
};

/**
 * struct seen - what a folder has
 * @summary: a summary.json
 * @others: files that come with one: any but a proof, which may be there before it
 */
struct seen {
	bool summary;
	bool others;
};

static bool is_cell_file(int dirfd, const char *name, void *data)
{
	struct seen *seen = data;
	bool known = is_one_of(name, other_files);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cell_texts); i++)
		known |= !strcmp(name, cell_texts[i]);
	if (!known || !is_file_at(dirfd, name))
		return false;
	if (!strcmp(name, "summary.json"))
		seen->summary = true;
	else if (strcmp(name, "proof"))
		seen->others = true;
	return true;
}

/*
 * By what every cell has, and not by cell_read(): one that another rtlat wrote, or
 * whose figures contradict each other, is still a cell.
 */
static int check_summary(const char *folder, struct problem *problem)
{
	static const char *const strings[] = { "id", "platform", "status" };
	char *path = xasprintf("%s/summary.json", folder);
	json_t *cell = json_read(path, problem);
	bool is_cell = json_is_object(json_object_get(cell, "workload"));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(strings); i++)
		is_cell &= json_is_string(json_object_get(cell, strings[i]));
	if (json_object_get(cell, "schema"))
		problem_set(problem, "summary.json is that of a results folder");
	else if (!is_cell)
		problem_set(problem, "summary.json is not that of a cell");
	json_decref(cell);
	free(path);
	return problem->text[0] ? -EINVAL : 0;
}

/* Only a cell's folder, or one with at most a proof in it. */
static int may_replace(const char *path, struct problem *problem)
{
	struct seen seen = { .summary = false };
	struct problem why = { "" };

	if (outdir_check(path, "a cell's folder", is_cell_file, &seen, problem))
		return -EINVAL;
	if (seen.summary)
		check_summary(path, &why);
	else if (seen.others)
		problem_set(&why, "files, and no summary.json");
	return !why.text[0] ? 0 :
	       problem_set(problem, "cannot write %s: not a cell's folder: %s", path, why.text);
}

/**
 * cell_folder_open - start a cell's folder
 * @out: receives it; outdir_close() it
 * @path: where it will be
 *
 * Return: 0, or -errno after a line that names the path.
 */
int cell_folder_open(struct outdir *out, const char *path)
{
	int ret = outdir_open(out, path, may_replace);

	out->keeps_proof = true;
	return ret;
}
