// SPDX-License-Identifier: GPL-2.0
/* The journal on the disk: locked, written whole or not at all. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tune/journal.h"

/* A modprobe whose rtlat was killed still ends: until then it holds the lock. */
#define ORPHAN_WAIT_MS	30000
#define POLL_MS		50

static pid_t holder(int lock)
{
	char text[32];
	ssize_t len = pread(lock, text, sizeof(text) - 1, 0);

	if (len <= 0)
		return 0;
	text[len] = 0;
	return (pid_t)atoi(text);
}

static int take_lock(int lock, const char *path)
{
	unsigned int waited_ms;

	for (waited_ms = 0; flock(lock, LOCK_EX | LOCK_NB); waited_ms += POLL_MS) {
		pid_t pid = holder(lock);

		if (errno != EWOULDBLOCK) {
			complain("cannot lock %s.lock: %s", path, strerror(errno));
			return -EIO;
		}
		if (process_alive(pid) || waited_ms >= ORPHAN_WAIT_MS) {
			complain("%s: process %d is at work with it", path,
				 (int)pid);
			return -EBUSY;
		}
		usleep(POLL_MS * 1000);
	}
	return 0;
}

/**
 * journal_open - make a journal ours, whether or not there is one
 * @file: receives the place; journal_close() it, also after an error
 * @path: the journal
 *
 * Return: 0, or -errno after a line.
 */
int journal_open(struct journal_file *file, const char *path)
{
	char *lock = xasprintf("%s.lock", path);
	char pid[32];
	int ret;

	file->path = xstrdup(path);
	file->lock = -1;
	ret = make_parents(path);
	if (!ret) {
		file->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		ret = file->lock < 0 ? -errno : 0;
	}
	if (ret)
		complain("cannot write %s: %s", lock, strerror(-ret));
	else
		ret = take_lock(file->lock, path);
	if (!ret) {
		/* who it is, for others' messages: the lock does not need it */
		int len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());

		if (ftruncate(file->lock, 0) ||
		    pwrite(file->lock, pid, (size_t)len, 0) != len)
			ret = 0;
	}
	free(lock);
	return ret;
}

/**
 * journal_close - leave a journal to others
 * @file: the place
 */
void journal_close(struct journal_file *file)
{
	if (file->lock >= 0)
		close(file->lock);
	free(file->path);
	file->lock = -1;
	file->path = NULL;
}

/**
 * journal_read - read the journal
 * @file: its place
 * @journal: receives it; journal_free() it, also after an error
 *
 * Return: 0, -ENOENT when there is none, or -errno after a line.
 */
int journal_read(const struct journal_file *file, struct journal *journal)
{
	struct problem problem = { "" };
	size_t len;
	char *text;
	int ret;

	memset(journal, 0, sizeof(*journal));
	text = read_text(file->path, &len);
	if (!text) {
		ret = -errno;
		if (ret != -ENOENT)
			complain("cannot read %s: %s", file->path,
				 strerror(-ret));
		return ret;
	}
	if (strlen(text) != len)
		ret = problem_set(&problem, "%s: not a text; it is left as it is",
				  file->path);
	else
		ret = journal_parse(journal, file->path, text, &problem);
	if (ret)
		complain("%s", problem.text);
	free(text);
	return ret;
}

static int sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? xstrndup(path, (size_t)(slash + 1 - path)) :
			    xstrdup(".");
	int fd, ret = 0;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		ret = -errno;
	if (fd >= 0)
		close(fd);
	free(dir);
	return ret;
}

static int write_beside(const char *temp, const char *path, const char *text)
{
	int fd, ret;

	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, text, strlen(text));
	if (!ret && fsync(fd))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(temp, path))
		ret = -errno;
	if (ret)
		unlink(temp);
	return ret;
}

/**
 * journal_write - have the journal on the disk, or none when it is empty
 * @file: its place
 * @journal: the journal
 *
 * Return: 0, or -errno after a line; then the file is as it was.
 */
int journal_write(const struct journal_file *file, const struct journal *journal)
{
	/* one name, so that the one of a killed process does not stay */
	char *temp = xasprintf("%s.new", file->path);
	char *text;
	int ret = 0;

	if (journal->changes.nr) {
		text = journal_format(journal);
		ret = write_beside(temp, file->path, text);
		free(text);
	} else {
		unlink(temp);
		if (unlink(file->path) && errno != ENOENT)
			ret = -errno;
	}
	if (!ret)
		ret = sync_folder(file->path);
	if (ret)
		complain("cannot write %s: %s", file->path, strerror(-ret));
	free(temp);
	return ret;
}
