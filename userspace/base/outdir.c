// SPDX-License-Identifier: GPL-2.0
/* A folder of results: prepared beside its place, put there when complete. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outdir.h"

static bool holds_folder(DIR *dir, const char *name)
{
	struct stat st;

	return !fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) &&
	       S_ISDIR(st.st_mode);
}

/*
 * Only a cell's folder, or one with at most a proof in it, is replaced. A folder
 * of results has a summary.json, too: it is told by the cells' folders in it.
 */
static int check_replaceable(const char *path)
{
	bool cell = false, foreign = false;
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	dir = opendir(path);
	if (!dir) {
		if (errno == ENOENT)
			return 0;
		complain("cannot write %s: %s", path, strerror(errno));
		return -EINVAL;
	}
	while (!ret && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		if (holds_folder(dir, name)) {
			complain("cannot write %s: not a cell's folder: has the folder %s",
				 path, name);
			ret = -EEXIST;
		} else if (!strcmp(name, "summary.json")) {
			cell = true;
		} else if (name[0] != '.' && strcmp(name, "proof")) {
			foreign = true;
		}
	}
	closedir(dir);
	if (ret || cell || !foreign)
		return ret;
	complain("cannot write %s: not a cell's folder: files, and no summary.json",
		 path);
	return -EEXIST;
}

static bool is_figure(const char *name)
{
	static const char *const starts[] = { "figure-", "cdf-", "task-sets." };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/*
 * Only figures are replaced by figures. Where there are several sweeps, each
 * has a folder that is named by what tells it from the others.
 */
static int check_figures(const char *path)
{
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	dir = opendir(path);
	if (!dir && errno == ENOENT)
		return 0;
	if (!dir) {
		complain("cannot write %s: %s", path, strerror(errno));
		return -EINVAL;
	}
	while (!ret && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") || is_figure(name))
			continue;
		if (strchr(name, '=') && holds_folder(dir, name)) {
			char *below = xasprintf("%s/%s", path, name);

			ret = check_figures(below);
			free(below);
			continue;
		}
		complain("cannot write %s: not a folder of figures: %s is in it",
			 path, name);
		ret = -EEXIST;
	}
	closedir(dir);
	return ret;
}

static int open_checked(struct outdir *out, const char *path,
			int (*check)(const char *path))
{
	size_t len = strlen(path);
	const char *slash;
	int ret;

	memset(out, 0, sizeof(*out));
	out->fd = -1;
	while (len > 1 && path[len - 1] == '/')
		len--;
	out->path = xstrndup(path, len);
	slash = strrchr(out->path, '/');
	out->name = xstrdup(slash ? slash + 1 : out->path);
	if (!*out->name || !strcmp(out->name, ".") || !strcmp(out->name, "..")) {
		complain("--out %s: does not name a folder of its own", path);
		return -EINVAL;
	}
	ret = check(out->path);
	if (ret)
		return ret;
	out->temp = xasprintf("%.*s.%s.new.%d",
			      slash ? (int)(slash + 1 - out->path) : 0,
			      out->path, out->name, (int)getpid());
	ret = make_parents(out->temp);
	if (!ret)
		remove_tree(out->temp);	/* of a process that died */
	if (!ret && mkdir(out->temp, 0755))
		ret = -errno;
	if (ret) {
		complain("cannot write %s: %s", out->path, strerror(-ret));
		free(out->temp);
		out->temp = NULL;
		return ret;
	}
	out->fd = open(out->temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->fd < 0) {
		ret = -errno;
		complain("cannot open %s: %s", out->temp, strerror(-ret));
	}
	return ret;
}

/**
 * outdir_open - start a cell's folder
 * @out: receives it; outdir_close() it
 * @path: where it will be
 *
 * Return: 0, or -errno after a line that names the path.
 */
int outdir_open(struct outdir *out, const char *path)
{
	int ret = open_checked(out, path, check_replaceable);

	out->keeps_proof = true;
	return ret;
}

/**
 * outdir_open_figures - start a folder of figures
 * @out: receives it; outdir_close() it
 * @path: where it will be
 *
 * Return: 0, or -errno after a line that names the path.
 */
int outdir_open_figures(struct outdir *out, const char *path)
{
	return open_checked(out, path, check_figures);
}

/**
 * outdir_write - write one file of the folder
 * @out: the folder
 * @name: the file
 * @text: what is in it
 *
 * Return: 0, or -errno after a line that names the file.
 */
int outdir_write(struct outdir *out, const char *name, const char *text)
{
	return write_text_at(out->fd, out->path, name, text, strlen(text));
}

/* A proof that was there before any result belongs to the new one. */
static void keep_proof(struct outdir *out)
{
	char *cell = xasprintf("%s/summary.json", out->path);
	char *proof = xasprintf("%s/proof", out->path);

	if (access(cell, F_OK)) {
		char *text = read_text(proof, NULL);

		if (text)
			outdir_write(out, "proof", text);
		free(text);
	}
	free(proof);
	free(cell);
}

/**
 * outdir_commit - put the folder into its place
 * @out: the folder
 *
 * What was there before stays until the new folder can take its place.
 *
 * Return: 0, or -errno after a line that names the path.
 */
int outdir_commit(struct outdir *out)
{
	char *old = xasprintf("%s.old", out->temp);
	int ret = 0;

	if (out->keeps_proof)
		keep_proof(out);
	if (!renameat2(AT_FDCWD, out->temp, AT_FDCWD, out->path,
		       RENAME_EXCHANGE)) {
		remove_tree(out->temp);	/* the folder that was there before */
		goto done;
	}
	if (rename(out->path, old) && errno != ENOENT) {
		ret = -errno;
		goto out;
	}
	if (rename(out->temp, out->path)) {
		ret = -errno;
		rename(old, out->path);
		goto out;
	}
	remove_tree(old);
done:
	free(out->temp);
	out->temp = NULL;
out:
	if (ret)
		complain("cannot write %s: %s", out->path, strerror(-ret));
	free(old);
	return ret;
}

/**
 * outdir_close - let go of a folder; one that was not committed disappears
 * @out: the folder
 */
void outdir_close(struct outdir *out)
{
	if (out->fd >= 0)
		close(out->fd);
	if (out->temp)
		remove_tree(out->temp);
	free(out->temp);
	free(out->path);
	free(out->name);
}
