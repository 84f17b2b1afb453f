// SPDX-License-Identifier: GPL-2.0
/* A folder of results: prepared beside its place, put there when complete. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outdir.h"

/**
 * outdir_check - does all that lies in a folder belong there?
 * @path: the folder; there may be none
 * @kind: what it ought to be, for the message
 * @belongs: does this entry of the open folder?
 * @data: for @belongs
 * @problem: receives the first one that does not
 *
 * Return: 0 or -EINVAL.
 */
int outdir_check(const char *path, const char *kind,
		 bool (*belongs)(int dirfd, const char *name, void *data), void *data,
		 struct problem *problem)
{
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	dir = opendir(path);
	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return problem_set(problem, "cannot write %s: %s", path, strerror(errno));
	while (!ret && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") ||
		    belongs(dirfd(dir), name, data))
			continue;
		ret = problem_set(problem, "cannot write %s: not %s: %s is in it", path,
				  kind, name);
	}
	closedir(dir);
	return ret;
}

/* A link is somebody's way to a folder: it would be lost, not the folder replaced. */
static int check_no_link(const char *path, struct problem *problem)
{
	char to[PATH_MAX];
	ssize_t len = readlink(path, to, sizeof(to));

	return len < 0 ? 0 :
	       problem_set(problem, "cannot write %s: not a folder, but a link to %.*s", path,
			   (int)len, to);
}

/*
 * Its process is gone, and nobody holds it locked: the numbers of processes of
 * another container say nothing here.
 */
static bool is_left_behind(int dirfd, const char *name, const char *stem)
{
	const size_t len = strlen(stem);
	bool unused = false;
	uint64_t pid;
	int fd;

	if (strncmp(name, stem, len) || parse_u64(name + len, &pid) || pid > INT_MAX ||
	    process_alive((pid_t)pid))
		return false;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		unused = !flock(fd, LOCK_EX | LOCK_NB);
		close(fd);
	}
	return unused;
}

/* What killed processes left of a folder of this name. */
static void remove_left_behind(const struct outdir *out)
{
	const size_t above = strlen(out->path) - strlen(out->name);
	char *parent = xasprintf("%.*s.", (int)above, out->path);
	char *stem = xasprintf(".%s.new.", out->name);
	DIR *dir = opendir(parent);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *path = xasprintf("%s/%s", parent, entry->d_name);

		if (is_left_behind(dirfd(dir), entry->d_name, stem))
			remove_tree(path);
		free(path);
	}
	if (dir)
		closedir(dir);
	free(stem);
	free(parent);
}

/**
 * outdir_open - start a folder
 * @out: receives it; outdir_close() it
 * @path: where it will be
 * @may_replace: returns 0 when what lies there may be replaced
 *
 * Return: 0, or -errno after a line that names the path.
 */
int outdir_open(struct outdir *out, const char *path,
		int (*may_replace)(const char *path, struct problem *problem))
{
	struct problem problem = { "" };
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
	ret = check_no_link(out->path, &problem);
	if (!ret)
		ret = may_replace(out->path, &problem);
	if (ret) {
		complain("%s", problem.text);
		return ret;
	}
	out->temp = xasprintf("%.*s.%s.new.%d",
			      slash ? (int)(slash + 1 - out->path) : 0,
			      out->path, out->name, (int)getpid());
	remove_left_behind(out);
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
	} else {
		flock(out->fd, LOCK_EX | LOCK_NB);	/* for is_left_behind() */
	}
	return ret;
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
static int keep_proof(struct outdir *out)
{
	int ret = 0;
	char *cell = xasprintf("%s/summary.json", out->path);
	char *proof = xasprintf("%s/proof", out->path);

	if (access(cell, F_OK)) {
		struct problem problem = { "" };
		char *text = read_lines(proof, &problem);

		if (text) {
			ret = outdir_write(out, "proof", text);
		} else if (errno != ENOENT) {
			complain("%s", problem.text);
			ret = -EINVAL;
		}
		free(text);
	}
	free(proof);
	free(cell);
	return ret;
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
	int ret = out->keeps_proof ? keep_proof(out) : 0;

	if (ret) {
		free(old);
		return ret;
	}
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
