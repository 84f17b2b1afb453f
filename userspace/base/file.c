// SPDX-License-Identifier: GPL-2.0
/* Files: read whole and written whole; folders made and removed. */

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"

/**
 * is_folder - is there one of this name?
 * @path: name; a link is followed
 */
bool is_folder(const char *path)
{
	struct stat info;

	return !stat(path, &info) && S_ISDIR(info.st_mode);
}

/**
 * is_file_at - is there a file of this name, and not something else?
 * @dirfd: folder
 * @name: name in it; a link is not followed
 */
bool is_file_at(int dirfd, const char *name)
{
	struct stat info;

	return !fstatat(dirfd, name, &info, AT_SYMLINK_NOFOLLOW) &&
	       S_ISREG(info.st_mode);
}

/**
 * file_or_in_folder - a file that may be named by the folder that holds it
 * @path: the file, or the folder
 * @name: what it is called there
 *
 * Return: the file's path; free() it.
 */
char *file_or_in_folder(const char *path, const char *name)
{
	return is_folder(path) ? xasprintf("%s/%s", path, name) : xstrdup(path);
}

/**
 * read_fd_text - everything that can still be read from a descriptor
 * @fd: file, pipe or debugfs file
 * @len: receives the number of bytes; may be NULL
 *
 * Return: the bytes with a NUL behind them, or NULL with errno set.
 */
char *read_fd_text(int fd, size_t *len)
{
	size_t have = 0, room = 4096;
	char *text = xcalloc(1, room + 1);

	for (;;) {
		ssize_t got = read(fd, text + have, room - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(text);
			return NULL;
		}
		if (!got)
			break;
		have += (size_t)got;
		if (have == room) {
			room *= 2;
			text = xrealloc(text, room + 1);
		}
	}
	text[have] = 0;
	if (len)
		*len = have;
	return text;
}

/**
 * read_text - a whole file
 * @path: file
 * @len: receives the number of bytes; may be NULL
 *
 * Return: the bytes with a NUL behind them, or NULL with errno set.
 */
char *read_text(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int saved;
	char *text;

	if (fd < 0)
		return NULL;
	text = read_fd_text(fd, len);
	saved = errno;
	close(fd);
	errno = saved;
	return text;
}

/**
 * read_lines - a whole file of lines of text
 * @path: file
 * @problem: receives file and reason
 *
 * A text with a NUL in it would be taken for its beginning.
 *
 * Return: the text, or NULL with errno set.
 */
char *read_lines(const char *path, struct problem *problem)
{
	unsigned int line = 1;
	size_t len, i;
	char *text = read_text(path, &len);

	if (!text) {
		problem_set(problem, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	for (i = 0; text[i]; i++)
		line += text[i] == '\n';
	if (i == len)
		return text;
	free(text);
	problem_set(problem, "%s line %u: a NUL byte: not a text", path, line);
	errno = EILSEQ;
	return NULL;
}

/**
 * read_word - a small file without the white space at its end
 * @path: file
 *
 * Return: the text, or NULL with errno set.
 */
char *read_word(const char *path)
{
	size_t len;
	char *text = read_text(path, &len);

	while (text && len && strchr(" \t\n", text[len - 1]))
		text[--len] = 0;
	return text;
}

/**
 * write_all - write, however many calls it takes
 * @fd: descriptor
 * @data: bytes
 * @len: how many
 *
 * Return: 0 or -errno.
 */
int write_all(int fd, const void *data, size_t len)
{
	const char *next = data;

	while (len) {
		ssize_t put = write(fd, next, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put ? -errno : -EIO;
		next += put;
		len -= (size_t)put;
	}
	return 0;
}

/**
 * write_text_at - write one file of a folder
 * @dirfd: the folder
 * @dir: its path, for the message
 * @name: the file
 * @data: its bytes
 * @len: how many
 *
 * Return: 0, or -errno after a line that names the file.
 */
int write_text_at(int dirfd, const char *dir, const char *name,
		  const void *data, size_t len)
{
	int fd, ret;

	fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) {
		ret = -errno;
		goto out;
	}
	ret = write_all(fd, data, len);
	if (close(fd) && !ret)
		ret = -errno;
out:
	if (ret)
		complain("cannot write %s/%s: %s", dir, name, strerror(-ret));
	return ret;
}

/**
 * make_parents - make the folders above a path
 * @path: the path; itself not made
 *
 * Return: 0 or -errno.
 */
int make_parents(const char *path)
{
	char *copy = xstrdup(path);
	int ret = 0;
	char *slash;

	for (slash = strchr(copy + 1, '/'); slash && !ret;
	     slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(copy, 0755) && errno != EEXIST)
			ret = -errno;
		*slash = '/';
	}
	free(copy);
	return ret;
}

static int remove_one(const char *path, const struct stat *info, int type,
		      struct FTW *ftw)
{
	(void)info;
	(void)type;
	(void)ftw;
	return remove(path);
}

/**
 * remove_tree - remove a folder and what is in it
 * @path: the folder; symbolic links are not followed
 *
 * Return: 0 or -errno.
 */
int remove_tree(const char *path)
{
	return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) ? -errno : 0;
}
