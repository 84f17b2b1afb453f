// SPDX-License-Identifier: GPL-2.0
/* Results: reading cells and summaries from the disk. */

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/textline.h"
#include "proof/platform.h"
#include "proof/proof.h"
#include "results/results.h"
#include "results/validate.h"

/**
 * json_read - read a JSON file
 * @path: the file
 * @problem: receives file, line and reason
 *
 * Return: the value, or NULL.
 */
json_t *json_read(const char *path, struct problem *problem)
{
	json_error_t error;
	char *text;
	size_t len;
	json_t *json;

	text = read_text(path, &len);
	if (!text) {
		problem_set(problem, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		problem_set(problem, "%s line %d column %d: %s", path,
			    error.line, error.column, error.text);
	free(text);
	return json;
}

struct proof_reader {
	json_t *json;
};

static int proof_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct proof_reader *reader = data;
	size_t i;

	for (i = 0; i < line->nr; i++) {
		const struct textword *word = &line->word[i];
		uint64_t number;

		if (!word->key)
			return problem_set(problem,
				"%s line %u: %s is not of the form key=value",
				line->file, line->number, word->value);
		if (json_object_get(reader->json, word->key))
			return problem_set(problem, "%s line %u: %s= for a second time",
					   line->file, line->number, word->key);
		if (json_object_set_new(reader->json, word->key,
					!parse_u64(word->value, &number) &&
					number <= INT64_MAX ?
					json_integer((json_int_t)number) :
					json_string(word->value)))
			return problem_set(problem, "%s line %u: not UTF-8",
					   line->file, line->number);
	}
	return 0;
}

/**
 * proof_parse - the file proof as a JSON object
 * @file: its name, for messages
 * @text: lines of key=value words
 * @problem: receives what is wrong
 *
 * Return: the object, whole numbers as numbers; NULL when the text is bad.
 */
json_t *proof_parse(const char *file, const char *text,
		    struct problem *problem)
{
	struct proof_reader reader = { .json = json_object() };

	if (!text_each_line(file, text, proof_line, &reader, problem))
		return reader.json;
	json_decref(reader.json);
	return NULL;
}

/**
 * results_add_proof - a proof from a cell's folder, into its object
 * @cell: the cell
 * @folder: its folder
 * @file: the proof's name there
 * @problem: receives file, line and reason
 *
 * Return: 1 when it was there, 0 when not, or -EINVAL.
 */
int results_add_proof(json_t *cell, const char *folder, const char *file,
		      struct problem *problem)
{
	char *path = xasprintf("%s/%s", folder, file);
	char *where = xasprintf("%s: ", path);
	struct problem unread = { "" };
	char *text = read_lines(path, &unread);
	json_t *proof = NULL;
	int ret = 0;

	if (text)
		proof = proof_parse(path, text, problem);
	else if (errno != ENOENT)
		ret = problem_set(problem, "%s", unread.text);
	if (text)
		ret = proof && !texts_validate(proof, where, problem) ? 1 : -EINVAL;
	if (proof)
		json_object_update(json_object_get(cell, "proof"), proof);
	json_decref(proof);
	free(text);
	free(where);
	free(path);
	return ret;
}

/**
 * cell_read - read and check the summary.json of a cell
 * @path: the file, or the folder that holds it
 * @problem: receives file, line and reason
 *
 * Return: the object, or NULL.
 */
json_t *cell_read(const char *path, struct problem *problem)
{
	char *file = file_or_in_folder(path, "summary.json");
	struct problem one = { "" };
	json_t *cell = json_read(file, problem);

	if (cell && json_object_get(cell, "schema"))
		problem_set(&one, "all cells of a results folder, not one of them");
	if (cell && (one.text[0] || cell_validate(cell, &one))) {
		problem_set(problem, "%s: %s", file, one.text);
		json_decref(cell);
		cell = NULL;
	}
	free(file);
	return cell;
}

/* Only what 'rtlat import' put there, under a name that says so, was imported. */
static int check_import(const json_t *cell, const char *folder,
			const char *name, struct problem *problem)
{
	const char *machine = cell_imported(cell);
	char *start;
	bool named;

	if (!machine)
		return 0;
	start = xasprintf(RTLAT_IMPORTED "%s,", machine);
	named = !strncmp(name, start, strlen(start));
	free(start);
	return named ? 0 : problem_set(problem,
		"%s/summary.json: imported: %s: the folder's name does not begin with "
		RTLAT_IMPORTED "%s,", folder, machine, machine);
}

/**
 * results_cell - a cell of a results folder, with its proof
 * @results: the folder
 * @name: the cell's
 * @problem: receives file, line and reason
 *
 * Return: the object, or NULL.
 */
json_t *results_cell(const char *results, const char *name,
		     struct problem *problem)
{
	char *folder = xasprintf("%s/%s", results, name);
	char *path = xasprintf("%s/summary.json", folder);
	json_t *cell = cell_read(path, problem);
	int ret = -EINVAL;

	if (!cell)
		goto out;
	if (json_object_set_new(cell, "id", json_string(name)))
		problem_set(problem, "%s: its name is not UTF-8", folder);
	else if (!is_file_name(name))
		problem_set(problem, "%s: a control character in its name", folder);
	else if (!check_import(cell, folder, name, problem))
		ret = results_add_proof(cell, folder, "proof", problem);
	/* what its host proved comes first */
	if (!ret && cell_imported(cell))
		ret = results_add_proof(cell, folder, PROOF_INSIDE_FILE, problem);
	if (ret < 0) {
		json_decref(cell);
		cell = NULL;
	}
out:
	free(path);
	free(folder);
	return cell;
}

/* A folder is a cell when it has a summary.json or is named like one. */
static int is_cell(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool folder_is_cell(const char *results, const char *name)
{
	char *folder = xasprintf("%s/%s", results, name);
	char *path = xasprintf("%s/summary.json", folder);
	bool cell;

	cell = is_folder(folder) &&
	       (!access(path, F_OK) || strchr(name, '='));
	free(path);
	free(folder);
	return cell;
}

/**
 * results_cells - all cells of a results folder
 * @path: the folder
 * @problem: receives file, line and reason of the first bad cell
 *
 * Return: array of cells in the order of their names, or NULL.
 */
json_t *results_cells(const char *path, struct problem *problem)
{
	struct dirent **entries;
	json_t *cells = NULL;
	int nr, i;

	nr = scandir(path, &entries, is_cell, alphasort);
	if (nr < 0) {
		problem_set(problem, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	cells = json_array();
	for (i = 0; i < nr; i++) {
		json_t *cell;

		if (!problem->text[0] &&
		    folder_is_cell(path, entries[i]->d_name)) {
			cell = results_cell(path, entries[i]->d_name, problem);
			if (cell)
				json_array_append_new(cells, cell);
		}
		free(entries[i]);
	}
	free(entries);
	if (!problem->text[0] && !json_array_size(cells))
		problem_set(problem, "%s: no cells in it", path);
	if (!problem->text[0])
		return cells;
	json_decref(cells);
	return NULL;
}

/**
 * results_manifest_cell - what the manifest has of a cell
 * @cell: the cell
 *
 * Return: the object.
 */
json_t *results_manifest_cell(const json_t *cell)
{
	json_t *one = json_object();

	json_object_set(one, "id", json_object_get(cell, "id"));
	json_object_set(one, "environment", json_object_get(cell, "environment"));
	return one;
}

/**
 * summary_read - read and check a summary.json
 * @path: the file, or the results folder that holds it
 * @problem: receives file, line and reason
 *
 * Return: the object, or NULL.
 */
json_t *summary_read(const char *path, struct problem *problem)
{
	char *file = file_or_in_folder(path, "summary.json");
	struct problem one = { "" };
	json_t *summary;

	summary = json_read(file, problem);
	if (summary && summary_validate(summary, &one)) {
		problem_set(problem, "%s: %s", file, one.text);
		json_decref(summary);
		summary = NULL;
	}
	free(file);
	return summary;
}
