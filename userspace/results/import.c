// SPDX-License-Identifier: GPL-2.0
/* Cells that were made elsewhere, into a folder of results. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outdir.h"
#include "proof/platform.h"
#include "proof/proof.h"
#include "results/cell-folder.h"
#include "results/change.h"
#include "results/cell.h"
#include "results/import.h"
#include "results/results.h"
#include "rtlat.h"
#include "run/debugfs.h"

/**
 * struct guest_cell - a cell on its way in
 * @from: its folder
 * @json: its object, as it will be in summary.json
 * @id: name of its folder in the results
 * @out: that folder, being made
 */
struct guest_cell {
	const char *from;
	json_t *json;
	char *id;
	struct outdir out;
};

/**
 * struct import - an import
 * @request: what was asked for
 * @summary: the results' summary.json, or NULL
 * @manifest: likewise
 * @cell: the cells
 * @change: of the results folder
 */
struct import {
	const struct import_request *request;
	json_t *summary;
	json_t *manifest;
	struct guest_cell *cell;
	struct results_change change;
};

/* A file of the results folder; without it @json stays NULL. */
static int read_optional(const char *results, const char *name,
			 json_t *(*read)(const char *path, struct problem *problem),
			 json_t **json, struct problem *problem)
{
	char *path = xasprintf("%s/%s", results, name);

	if (!access(path, F_OK) || errno != ENOENT)
		*json = read(path, problem);
	free(path);
	return problem->text[0] ? -EINVAL : 0;
}

static int read_results(struct import *import, struct problem *problem)
{
	const char *results = import->request->results;
	struct problem other = { "" };
	json_t *cell;

	cell = cell_read(results, &other);
	json_decref(cell);
	if (cell)
		return problem_set(problem,
				   "%s: a cell, and not a folder of results, which comes last",
				   results);
	if (read_optional(results, "summary.json", summary_read, &import->summary,
			  problem) ||
	    read_optional(results, "manifest.json", json_read, &import->manifest,
			  problem))
		return -EINVAL;
	if (import->manifest &&
	    !json_is_array(json_object_get(import->manifest, "cells")))
		return problem_set(problem, "%s/manifest.json: cells is not an array",
				   results);
	return 0;
}

/* A module of another ABI may have meant something else by the same names. */
static int check_abi(const struct guest_cell *cell, struct problem *problem)
{
	char *path = xasprintf("%s/status", cell->from);
	char *text = read_lines(path, problem);
	struct module_status status = { .abi = 0 };
	struct problem one = { "" };
	int ret = 0;

	if (!text)
		ret = -EINVAL;
	else if (status_parse(&status, text, &one))
		ret = problem_set(problem, "%s: %s", path, one.text);
	else if (status.abi != RTLAT_ABI)
		ret = problem_set(problem, "%s: abi=%" PRIu64 ", and this is rtlat of ABI "
				  RTLAT_ABI_STR, path, status.abi);
	free(text);
	free(path);
	return ret;
}

static int name_cell(struct guest_cell *cell, const char *name,
		     struct problem *problem)
{
	const json_t *proof = json_object_get(cell->json, "proof");
	const json_t *machine = json_object_get(proof, "proof_machine");
	size_t len = strlen(cell->from);
	char *path, *called = NULL;
	const char *last;

	if (name)
		called = xstrdup(name);
	else if (json_is_integer(machine))
		called = xasprintf("%lld", (long long)json_integer_value(machine));
	else if (json_is_string(machine))
		called = xstrdup(json_string_value(machine));
	while (len > 1 && cell->from[len - 1] == '/')
		len--;
	path = xstrndup(cell->from, len);
	last = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	if (!is_file_name(last))
		problem_set(problem, "%s: does not name a folder of its own",
			    cell->from);
	else if (!called || !strcmp(called, "unknown") || !machine_name_ok(called))
		problem_set(problem,
			    "%s: give --name, of letters, digits and ._-: the machine is called %s",
			    cell->from, called ? called : "nothing");
	else
		cell->id = xasprintf(RTLAT_IMPORTED "%s,%s", called, last);
	if (cell->id && (json_object_set_new(cell->json, "id", json_string(cell->id)) ||
			 json_object_set_new(cell->json, "imported",
					     json_string(called))))
		problem_set(problem, "%s: its name is not UTF-8", cell->from);
	free(path);
	free(called);
	return problem->text[0] ? -EINVAL : 0;
}

static int check_free(const struct import *import, const struct guest_cell *cell,
		      struct problem *problem)
{
	char *path = xasprintf("%s/%s", import->request->results, cell->id);
	const struct guest_cell *other;
	struct stat info;

	for (other = import->cell; other < cell; other++)
		if (!strcmp(other->id, cell->id))
			problem_set(problem, "%s and %s would both be %s",
				    other->from, cell->from, cell->id);
	if (!import->request->replace && !lstat(path, &info))
		problem_set(problem, "%s: is there already; --replace replaces it",
			    path);
	free(path);
	return problem->text[0] ? -EINVAL : 0;
}

/* The cell, with a proof that does not contradict it. */
static int read_cell(const struct import *import, struct guest_cell *cell,
		     struct problem *problem)
{
	struct problem why = { "" };
	int ret;

	if (!is_folder(cell->from))
		return problem_set(problem, "%s: not a cell's folder", cell->from);
	cell->json = cell_read(cell->from, problem);
	if (!cell->json)
		return -EINVAL;
	if (strcmp(json_text_of(cell->json, "status"), "ok"))
		return problem_set(problem, "%s: nothing to import: %s: %s",
				   cell->from, json_text_of(cell->json, "status"),
				   json_text_of(cell->json, "reason"));
	if (cell_imported(cell->json))
		return problem_set(problem, "%s: was imported itself, from %s",
				   cell->from, cell_imported(cell->json));
	if (check_abi(cell, problem))
		return -EINVAL;
	json_object_set_new(cell->json, "proof", json_object());
	ret = results_add_proof(cell->json, cell->from, "proof", problem);
	if (!ret)
		ret = results_add_proof(cell->json, cell->from, PROOF_INSIDE_FILE,
					problem);
	if (ret < 0)
		return ret;
	if (!ret)
		return problem_set(problem,
			"%s: neither a file %s nor proof in it: not made by this 'rtlat run'",
			cell->from, PROOF_INSIDE_FILE);
	if (name_cell(cell, import->request->name, problem) ||
	    check_free(import, cell, problem))
		return -EINVAL;
	if (proof_judge_cell(cell->json, &why))
		return problem_set(problem, "%s: %s", cell->from, why.text);
	return 0;
}

/* Stops when it is asked to; whoever wants the copies says so. */
static int copy_file(const char *from, const struct outdir *out,
		     const char *name)
{
	char buffer[65536];
	int in, to = -1, ret = 0;
	ssize_t got = 0;

	in = open(from, O_RDONLY | O_CLOEXEC);
	if (in >= 0)
		to = openat(out->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0644);
	if (to < 0)
		ret = -errno;
	while (!ret && (got = read(in, buffer, sizeof(buffer))) != 0) {
		if (stop_wanted())
			ret = -EINTR;
		else if (got > 0)
			ret = write_all(to, buffer, (size_t)got);
		else if (errno != EINTR)
			ret = -errno;
	}
	if (to >= 0 && close(to) && !ret)
		ret = -errno;
	if (in >= 0)
		close(in);
	if (ret && !stop_wanted())
		complain("cannot copy %s: %s", from, strerror(-ret));
	return ret;
}

/* A cell has only files; its object is written as it is here. */
static int copy_files(const struct guest_cell *cell)
{
	DIR *dir = opendir(cell->from);
	struct dirent *entry;
	int ret = dir ? 0 : -errno;

	if (ret)
		complain("cannot read %s: %s", cell->from, strerror(-ret));
	while (!ret && (entry = readdir(dir))) {
		char *path = xasprintf("%s/%s", cell->from, entry->d_name);
		struct stat info;

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "summary.json")) {
			free(path);
			continue;
		}
		if (lstat(path, &info) || !S_ISREG(info.st_mode)) {
			complain("%s: not a file, and a cell has only files", path);
			ret = -EINVAL;
		} else {
			ret = copy_file(path, &cell->out, entry->d_name);
		}
		free(path);
	}
	if (dir)
		closedir(dir);
	return ret;
}

static int stage(const struct import *import, struct guest_cell *cell)
{
	char *path = xasprintf("%s/%s", import->request->results, cell->id);
	json_t *json = json_copy(cell->json);
	char *text;
	int ret;

	/* what proves it is read from its file, each time */
	json_object_set_new(json, "proof", json_object());
	text = json_text(json);
	json_decref(json);
	ret = cell_folder_open(&cell->out, path);
	cell->out.keeps_proof = false;
	if (!ret)
		ret = copy_files(cell);
	if (!ret)
		ret = outdir_write(&cell->out, "summary.json", text);
	free(text);
	free(path);
	return ret;
}

/* In the place of the one with this id, or where its id is in the order. */
static void put_cell(json_t *cells, const char *id, json_t *value)
{
	size_t i;

	for (i = 0; i < json_array_size(cells); i++) {
		const char *other = json_text_of(json_array_get(cells, i), "id");
		const int order = strcoll(other, id);

		if (!strcmp(other, id))
			json_array_remove(cells, i);
		if (order >= 0)
			break;
	}
	json_array_insert_new(cells, i, value);
}

/* As 'rtlat collect' would have it; what else is there stays as it is. */
static int write_summary(struct import *import)
{
	const struct import_request *request = import->request;
	json_t *manifest = json_object_get(import->manifest, "cells");
	json_t *cells = json_object_get(import->summary, "cells");
	int ret = 0;
	size_t i;

	for (i = 0; i < request->nr; i++) {
		const struct guest_cell *cell = &import->cell[i];

		if (manifest)
			put_cell(manifest, cell->id,
				 results_manifest_cell(cell->json));
		if (cells)
			put_cell(cells, cell->id, json_incref(cell->json));
	}
	if (manifest)
		ret = results_change_write(&import->change, "manifest.json", import->manifest);
	if (!ret && cells)
		ret = results_change_write(&import->change, "summary.json", import->summary);
	return ret;
}

/* Times of different clocks are never held against each other. */
static void say_clock(const struct import *import, const json_t *cell)
{
	const json_t *cells = json_object_get(import->summary, "cells");
	const char *clock = json_text_of(cell, "clock");
	const char *other = NULL;
	size_t i;

	for (i = 0; i < json_array_size(cells); i++) {
		const json_t *one = json_array_get(cells, i);

		if (cell_imported(one))
			continue;
		other = json_text_of(one, "clock");
		if (!strcmp(other, clock))
			return;
	}
	if (other)
		printf("  clock: %s; the cells of %s have %s and are not compared with it\n",
		       clock, import->request->results, other);
}

static void say(const struct import *import)
{
	const struct import_request *request = import->request;
	size_t i;

	for (i = 0; i < request->nr; i++) {
		const json_t *cell = import->cell[i].json;
		const char *unproven = cell_unproven(cell);

		printf("%s/%s: %s%s\n", request->results, import->cell[i].id,
		       unproven ? "unproven: " : "its proof holds",
		       unproven ? unproven : "");
		say_clock(import, cell);
	}
	if (!import->summary)
		printf("%s has no summary.json yet: rtlat collect makes it\n",
		       request->results);
}

/* All that can be written is written before the first of it takes its place. */
static int put_in_place(struct import *import)
{
	const size_t nr = import->request->nr;
	int ret = 0;
	size_t i;

	for (i = 0; i < nr && !ret; i++)
		ret = stage(import, &import->cell[i]);
	if (!ret)
		ret = write_summary(import);
	if (!ret || stop_wanted())
		ret = results_change_stopped(&import->change);
	for (i = 0; i < nr && !ret; i++)
		ret = outdir_commit(&import->cell[i].out);
	if (!ret)
		ret = results_change_commit(&import->change);
	return ret;
}

static int run_import(struct import *import)
{
	const struct import_request *request = import->request;
	struct problem problem = { "" };
	int ret;
	size_t i;

	if (!is_folder(request->results)) {
		complain("%s: not a folder of results, which comes last", request->results);
		return -EINVAL;
	}
	ret = results_change_begin(&import->change, request->results);
	if (ret)
		return ret;
	ret = read_results(import, &problem);
	for (i = 0; i < request->nr && !ret; i++) {
		import->cell[i].from = request->cell[i];
		ret = read_cell(import, &import->cell[i], &problem);
	}
	if (ret) {
		complain("%s", problem.text);
		return ret;
	}
	ret = put_in_place(import);
	if (!ret)
		say(import);
	return ret;
}

/**
 * import_cells - put cells that were made elsewhere into a folder of results
 * @request: which, and where
 *
 * Nothing is changed before all of them are known to be good, and copied; nor when
 * the program is asked to end before that. Others who would change the results wait.
 *
 * Return: 0, or a negative number after a line that says why.
 */
int import_cells(const struct import_request *request)
{
	struct import import = { .request = request, .change.lock = -1 };
	size_t i;
	int ret;

	catch_stop_signals();
	import.cell = xcalloc(request->nr, sizeof(*import.cell));
	for (i = 0; i < request->nr; i++)
		import.cell[i].out.fd = -1;
	ret = run_import(&import);
	for (i = 0; i < request->nr; i++) {
		outdir_close(&import.cell[i].out);
		json_decref(import.cell[i].json);
		free(import.cell[i].id);
	}
	free(import.cell);
	results_change_end(&import.change);
	json_decref(import.manifest);
	json_decref(import.summary);
	return ret;
}
