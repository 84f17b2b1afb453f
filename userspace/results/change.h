/* SPDX-License-Identifier: GPL-2.0 */
/* A results folder being changed: by one at a time, all of its files or none. */
#ifndef RTLAT_CHANGE_H
#define RTLAT_CHANGE_H

#include <jansson.h>

#include "base/replace.h"

/**
 * struct results_change - change under way
 * @results: the folder
 * @lock: the folder, locked
 * @file: its new files, beside the old ones
 * @nr: how many
 */
struct results_change {
	const char *results;
	int lock;
	struct new_file file[2];
	size_t nr;
};

int results_change_begin(struct results_change *change, const char *results);
int results_change_write(struct results_change *change, const char *name,
			 const json_t *json);
int results_change_stopped(const struct results_change *change);
int results_change_commit(struct results_change *change);
void results_change_end(struct results_change *change);

#endif /* RTLAT_CHANGE_H */
