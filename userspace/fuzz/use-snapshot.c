// SPDX-License-Identifier: GPL-2.0
/* A snapshot for a proof as one text: its files, one behind the other. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proof/proof.h"

/**
 * fuzz_snapshot - take a snapshot apart
 * @snapshot: receives it; proof_snapshot_free() it
 * @text: lines "=== NAME", each before what is in this file
 *
 * What comes before the first mark is nobody's.
 */
void fuzz_snapshot(struct proof_snapshot *snapshot, const char *text)
{
	const size_t mark = strlen(FUZZ_PART);
	const char *name = NULL, *from = text, *at = text;
	size_t name_len = 0;

	proof_snapshot_init(snapshot, "snapshot");
	for (;;) {
		const size_t len = strcspn(at, "\n");
		const bool begins = len > mark && !strncmp(at, FUZZ_PART, mark);

		if ((begins || !*at) && name) {
			char *file = xstrndup(name, name_len);

			proof_snapshot_add(snapshot, file,
					   xstrndup(from, (size_t)(at - from)));
			free(file);
		}
		if (!*at)
			return;
		if (begins) {
			name = at + mark;
			name_len = len - mark;
			from = at + len + (at[len] == '\n');
		}
		at += len + (at[len] == '\n');
	}
}
