// SPDX-License-Identifier: GPL-2.0
/* Snapshots for a proof: a folder of copies, read into memory. */

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proof/proof.h"

/**
 * proof_snapshot_init - a snapshot without files
 * @snapshot: the snapshot; proof_snapshot_free() it
 * @path: the folder, for messages
 */
void proof_snapshot_init(struct proof_snapshot *snapshot, const char *path)
{
	snapshot->path = xstrdup(path);
	snapshot->nr = 0;
	snapshot->file = NULL;
}

/**
 * proof_snapshot_add - one more file
 * @snapshot: the snapshot
 * @name: the file's path in the folder
 * @text: what is in it; taken over
 */
void proof_snapshot_add(struct proof_snapshot *snapshot, const char *name,
			char *text)
{
	struct proof_file *file;

	snapshot->file = xrealloc(snapshot->file,
				  (snapshot->nr + 1) * sizeof(*file));
	file = &snapshot->file[snapshot->nr++];
	file->name = xstrdup(name);
	file->path = xasprintf("%s/%s", snapshot->path, name);
	file->text = text;
}

/**
 * proof_snapshot_free - free a snapshot
 * @snapshot: the snapshot
 */
void proof_snapshot_free(struct proof_snapshot *snapshot)
{
	while (snapshot->nr) {
		struct proof_file *file = &snapshot->file[--snapshot->nr];

		free(file->name);
		free(file->path);
		free(file->text);
	}
	free(snapshot->file);
	free(snapshot->path);
	snapshot->file = NULL;
	snapshot->path = NULL;
}

/**
 * proof_file - a file of a snapshot
 * @snapshot: the snapshot
 * @name: its path in the folder
 *
 * Return: the file, or NULL.
 */
const struct proof_file *proof_file(const struct proof_snapshot *snapshot,
				    const char *name)
{
	size_t i;

	for (i = 0; i < snapshot->nr; i++)
		if (!strcmp(snapshot->file[i].name, name))
			return &snapshot->file[i];
	return NULL;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int read_folder(struct proof_snapshot *snapshot, const char *below,
		       struct problem *problem);

static int read_one(struct proof_snapshot *snapshot, const char *name,
		    struct problem *problem)
{
	char *path = xasprintf("%s/%s", snapshot->path, name);
	struct stat info;
	char *text;
	int ret = 0;

	if (lstat(path, &info)) {
		ret = problem_set(problem, "cannot read %s: %s", path,
				  strerror(errno));
	} else if (S_ISDIR(info.st_mode)) {
		ret = read_folder(snapshot, name, problem);
	} else if (!S_ISREG(info.st_mode)) {
		ret = problem_set(problem, "%s: not a file, and not a folder", path);
	} else {
		text = read_lines(path, problem);
		if (text)
			proof_snapshot_add(snapshot, name, text);
		ret = text ? 0 : -EINVAL;
	}
	free(path);
	return ret;
}

static int read_folder(struct proof_snapshot *snapshot, const char *below,
		       struct problem *problem)
{
	char *path = xasprintf("%s/%s", snapshot->path, below);
	struct dirent **entries;
	int nr, i, ret = 0;

	nr = scandir(path, &entries, not_hidden, alphasort);
	if (nr < 0) {
		ret = problem_set(problem, "cannot read %s: %s", path,
				  strerror(errno));
		free(path);
		return ret;
	}
	for (i = 0; i < nr; i++) {
		char *name = *below ? xasprintf("%s/%s", below, entries[i]->d_name) :
				      xstrdup(entries[i]->d_name);

		if (!ret)
			ret = read_one(snapshot, name, problem);
		free(name);
		free(entries[i]);
	}
	free(entries);
	free(path);
	return ret;
}

/**
 * proof_snapshot_read - read a folder
 * @snapshot: receives it; proof_snapshot_free() it, whatever is returned
 * @path: the folder
 * @problem: receives what cannot be read
 *
 * Return: 0 or -EINVAL.
 */
int proof_snapshot_read(struct proof_snapshot *snapshot, const char *path,
			struct problem *problem)
{
	proof_snapshot_init(snapshot, path);
	return read_folder(snapshot, "", problem);
}
