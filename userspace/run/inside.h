/* SPDX-License-Identifier: GPL-2.0 */
/* What this machine tells of itself while a cell runs on it. */
#ifndef RTLAT_INSIDE_H
#define RTLAT_INSIDE_H

#include "proof/proof.h"

/**
 * struct inside - copies of this machine's files, before and after a run
 * @snapshot: the copies
 * @begin_ns: when the first were made, CLOCK_MONOTONIC
 */
struct inside {
	struct proof_snapshot snapshot;
	u64 begin_ns;
};

bool inside_is_vm(void);
void inside_begin(struct inside *inside);
void inside_end(struct inside *inside);
char *inside_proof(const struct inside *inside, struct problem *problem);
void inside_free(struct inside *inside);

#endif /* RTLAT_INSIDE_H */
