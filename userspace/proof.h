/* SPDX-License-Identifier: GPL-2.0 */
/* Proof of platform: made from snapshots of host and guest, and judged. Pure. */
#ifndef RTLAT_PROOF_H
#define RTLAT_PROOF_H

#include <jansson.h>

#include "../module/pure.h"
#include "util.h"

#define PROOF_VERSION	1

/**
 * struct proof_file - one file of a snapshot
 * @name: its path in the folder
 * @path: its path, for messages
 * @text: what is in it
 */
struct proof_file {
	char *name;
	char *path;
	char *text;
};

/**
 * struct proof_snapshot - what was copied on the host while a cell ran
 * @path: the folder, for messages
 * @nr: number of files
 * @file: the files
 */
struct proof_snapshot {
	char *path;
	size_t nr;
	struct proof_file *file;
};

void proof_snapshot_init(struct proof_snapshot *snapshot, const char *path);
void proof_snapshot_add(struct proof_snapshot *snapshot, const char *name,
			char *text);
int proof_snapshot_read(struct proof_snapshot *snapshot, const char *path,
			struct problem *problem);
void proof_snapshot_free(struct proof_snapshot *snapshot);
const struct proof_file *proof_file(const struct proof_snapshot *snapshot,
				    const char *name);

json_t *proof_make(const struct proof_snapshot *snapshot,
		   struct problem *problem);
char *proof_text(const json_t *proof);
int proof_judge(const json_t *proof, const char *platform, bool exitless,
		struct problem *problem);
int proof_judge_cell(json_t *cell, struct problem *problem);

#endif /* RTLAT_PROOF_H */
