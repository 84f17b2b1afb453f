/* SPDX-License-Identifier: GPL-2.0 */
/* Proof of platform: made from snapshots of host and guest, and judged. Pure. */
#ifndef RTLAT_PROOF_H
#define RTLAT_PROOF_H

#include <jansson.h>

#include "base/util.h"
#include "module/pure.h"

#define PROOF_VERSION	2

/* Of a cell that was made elsewhere: what the machine told of itself. */
#define PROOF_INSIDE_FILE	"inside"

/* What CPUID calls KVM. */
#define PROOF_KVM_SIGNATURE	"KVMKVMKVM"

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

json_t *proof_inside_make(const struct proof_snapshot *snapshot,
			  struct problem *problem);

/**
 * enum proof_verdict - what a proof that was taken inside shows of a claim
 * @PROOF_HOLDS: it is so
 * @PROOF_UNPROVEN: nothing against it, but what decides is not to be seen there
 * @PROOF_FAILS: it is not so, or the proof is damaged
 */
enum proof_verdict {
	PROOF_HOLDS,
	PROOF_UNPROVEN,
	PROOF_FAILS,
};

enum proof_verdict proof_judge_inside(const json_t *proof, const char *platform,
				      struct problem *problem);
json_t *proof_entries_json(const json_t *proof);
bool proof_is_inside(const json_t *proof);
int proof_check_settings(const json_t *given, bool posted, const json_t *proof,
			 struct problem *problem);
int proof_judge_cell(json_t *cell, struct problem *problem);

#endif /* RTLAT_PROOF_H */
