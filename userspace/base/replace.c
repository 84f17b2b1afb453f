// SPDX-License-Identifier: GPL-2.0
/* Files that are replaced: written beside their place, put there when complete. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/replace.h"

/* @ret, after a line that says why when it is an error. */
static int say(const char *path, int ret, const char *why)
{
	if (ret)
		complain("cannot write %s: %s; it is left as it was", path,
			 why ? why : strerror(-ret));
	return ret;
}

/* Returns NULL, with errno, after a line that says why. */
static char *no_place(const char *path, int error, const char *why)
{
	errno = -say(path, -error, why);
	return NULL;
}

/**
 * file_place - where a file goes that is to be put in the place of another
 * @path: what it is called; a link is followed
 * @old: receives what is there; without anything its mode is 0
 *
 * What is renamed over a device or a FIFO takes its place: only files are replaced.
 *
 * Return: the place, free() it; NULL, with errno, after a line that names the file.
 */
char *file_place(const char *path, struct stat *old)
{
	struct stat link;
	char *place;

	if (stat(path, old)) {
		memset(old, 0, sizeof(*old));
		if (errno != ENOENT)
			return no_place(path, errno, NULL);
		if (!lstat(path, &link))
			return no_place(path, ENOENT, "a link to nothing");
		return xstrdup(path);
	}
	if (!S_ISREG(old->st_mode))
		return no_place(path, EINVAL, S_ISDIR(old->st_mode) ? "a folder" :
				"not a file, but a device, pipe or socket");
	place = realpath(path, NULL);
	return place ? place : no_place(path, errno, NULL);
}

/* Who may read the old one may read the new one, and nobody else. */
static int keep_access(int fd, const struct stat *old)
{
	struct stat now;

	if (!old->st_mode)
		return 0;
	if (fstat(fd, &now))
		return -errno;
	if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) && errno != EPERM)
		return -errno;
	return fchmod(fd, old->st_mode & ALLPERMS) ? -errno : 0;
}

/**
 * new_file_write - write a file beside its place
 * @file: receives it; new_file_close() it, also after an error
 * @path: where it will be; a link is followed
 * @data: its bytes
 * @len: how many
 *
 * Return: 0, or -errno after a line that names the file; then it is as it was.
 */
int new_file_write(struct new_file *file, const char *path, const void *data, size_t len)
{
	struct stat old;
	int fd, ret;

	memset(file, 0, sizeof(*file));
	file->path = xstrdup(path);
	file->place = file_place(path, &old);
	if (!file->place)
		return -errno;
	file->temp = xasprintf("%s.new.%d", file->place, (int)getpid());
	unlink(file->temp);	/* of a process that died */
	fd = open(file->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  old.st_mode ? 0600 : 0644);
	if (fd < 0) {
		ret = -errno;
		free(file->temp);
		file->temp = NULL;
		return say(path, ret, NULL);
	}
	ret = write_all(fd, data, len);
	if (!ret)
		ret = keep_access(fd, &old);
	if (!ret && fsync(fd) && errno != EINVAL)
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	return say(path, ret, NULL);
}

/**
 * new_file_commit - put the file into its place
 * @file: the file
 *
 * Return: 0, or -errno after a line that names the file; then it is as it was.
 */
int new_file_commit(struct new_file *file)
{
	if (rename(file->temp, file->place))
		return say(file->path, -errno, NULL);
	free(file->temp);
	file->temp = NULL;
	return 0;
}

/**
 * new_file_close - let go of a file; one that was not committed disappears
 * @file: the file, or zeroes
 */
void new_file_close(struct new_file *file)
{
	if (file->temp)
		unlink(file->temp);
	free(file->temp);
	free(file->place);
	free(file->path);
	memset(file, 0, sizeof(*file));
}

/**
 * replace_file - write a file so that there is always the old or the new one
 * @path: the file
 * @data: its new bytes
 * @len: how many
 *
 * Return: 0, or -errno after a line that names the file; then the file is as
 * it was.
 */
int replace_file(const char *path, const void *data, size_t len)
{
	struct new_file file;
	int ret = new_file_write(&file, path, data, len);

	if (!ret)
		ret = new_file_commit(&file);
	new_file_close(&file);
	return ret;
}
