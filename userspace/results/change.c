// SPDX-License-Identifier: GPL-2.0
/* A results folder being changed: by one at a time, all of its files or none. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "results/cell.h"
#include "results/change.h"

/**
 * results_change_begin - wait until a results folder is ours alone to change
 * @change: receives it; results_change_end() it, also after an error
 * @results: the folder; stays the caller's
 *
 * What is in it is to be read after this. The lock is on the folder itself: it
 * needs no file, and ends with the process, however that ends. Readers need none.
 *
 * Return: 0, or -errno after a line that names the folder.
 */
int results_change_begin(struct results_change *change, const char *results)
{
	int ret;

	memset(change, 0, sizeof(*change));
	change->results = results;
	change->lock = open(results, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (change->lock < 0) {
		ret = -errno;
		complain("cannot read %s: %s", results, strerror(-ret));
		return ret;
	}
	while (flock(change->lock, LOCK_EX)) {
		ret = -errno;
		if (ret != -EINTR) {
			complain("cannot lock %s: %s", results, strerror(-ret));
			return ret;
		}
		ret = results_change_stopped(change);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * results_change_write - write a new file beside the old one
 * @change: the change
 * @name: the file
 * @json: what it will be
 *
 * Return: 0, or -errno after a line that names the file.
 */
int results_change_write(struct results_change *change, const char *name,
			 const json_t *json)
{
	char *path = xasprintf("%s/%s", change->results, name);
	char *text = json_text(json);
	int ret;

	ret = new_file_write(&change->file[change->nr++], path, text, strlen(text));
	free(text);
	free(path);
	return ret;
}

/**
 * results_change_stopped - shall there be no change, after all?
 * @change: the change, not yet committed
 *
 * Return: 0, or -EINTR after a line when the program was asked to end.
 */
int results_change_stopped(const struct results_change *change)
{
	if (!stop_wanted())
		return 0;
	complain("interrupted; %s is left as it was", change->results);
	return -EINTR;
}

/**
 * results_change_commit - put the new files into their places
 * @change: the change
 *
 * Return: 0, or -errno after a line that names the file.
 */
int results_change_commit(struct results_change *change)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < change->nr && !ret; i++)
		ret = new_file_commit(&change->file[i]);
	return ret;
}

/**
 * results_change_end - leave the folder to others; what was not committed disappears
 * @change: the change
 */
void results_change_end(struct results_change *change)
{
	size_t i;

	for (i = 0; i < change->nr; i++)
		new_file_close(&change->file[i]);
	if (change->lock >= 0)
		close(change->lock);
	change->lock = -1;
	change->nr = 0;
}
