/* SPDX-License-Identifier: GPL-2.0 */
/* The journal of changes that are to be put back. */
#ifndef RTLAT_JOURNAL_H
#define RTLAT_JOURNAL_H

#include "tune/change.h"

#define JOURNAL_FORMAT	"rtlat-restore/1"
#define JOURNAL_DEFAULT	"/var/lib/rtlat/restore"

/**
 * struct journal - changes, and what they belong to
 * @boot: the kernel's boot id: after a reboot nothing of it holds
 * @owner: process that the changes were made for; 0: nobody said
 * @owner_start: when that started, ticks after boot
 * @changes: what was changed, the oldest first
 */
struct journal {
	char *boot;
	pid_t owner;
	uint64_t owner_start;
	struct changes changes;
};

char *journal_format(const struct journal *journal);
int journal_parse(struct journal *journal, const char *file, const char *text,
		  struct problem *problem);
char *journal_sealed(const char *line);
void journal_free(struct journal *journal);

/**
 * struct journal_file - the journal's place, ours as long as it is open
 * @path: the journal
 * @lock: descriptor of the lock beside it
 */
struct journal_file {
	char *path;
	int lock;
};

int journal_open(struct journal_file *file, const char *path);
void journal_close(struct journal_file *file);
int journal_read(const struct journal_file *file, struct journal *journal);
int journal_write(const struct journal_file *file,
		  const struct journal *journal);

#endif /* RTLAT_JOURNAL_H */
