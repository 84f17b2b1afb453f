/* SPDX-License-Identifier: GPL-2.0 */
/* Changes of the machine's state that survive nobody: journalled, put back. */
#ifndef RTLAT_TUNE_H
#define RTLAT_TUNE_H

#include "tune/journal.h"
#include "tune/sysroot.h"

/**
 * struct tune - the machine, its journal, and for whom
 * @machine: the machine
 * @file: the journal's place, open
 * @journal: the journal
 * @owner: process that the changes are made for; 0: nobody says
 * @kept: changes of the journal that were made for the same owner before
 */
struct tune {
	struct sysroot machine;
	struct journal_file file;
	struct journal journal;
	pid_t owner;
	size_t kept;
};

int tune_open(struct tune *tune, const char *path);
void tune_close(struct tune *tune);
int tune_restore(struct tune *tune, size_t keep);
int tune_make(struct tune *tune, struct changes *changes, bool (*stop)(void),
	      struct problem *problem);

void command_catch_signals(void);
bool command_stop_wanted(void);
int command_stop_status(void);
int command_run(char **argv);

#endif /* RTLAT_TUNE_H */
