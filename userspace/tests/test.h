/* SPDX-License-Identifier: GPL-2.0 */
/* What the unit tests share. */
#ifndef RTLAT_TEST_H
#define RTLAT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/util.h"

/**
 * struct output - what a command said, and how it ended
 * @status: exit status, 128 + signal when it was killed
 * @text: standard output and error
 */
struct output {
	int status;
	char *text;
};

const char *golden_dir(void);
char *golden_path(const char *name);
char *temp_dir(void);
__attribute__((format(printf, 2, 3)))
void run_rtlat(struct output *output, const char *fmt, ...);
void write_file(const char *dir, const char *name, const void *data, size_t len);
char *folder_text(const char *dir);
unsigned int count_lines(const char *text);
uint64_t random_u64(uint64_t *state);

struct proof_snapshot;
void snapshot_read(struct proof_snapshot *snapshot, const char *name);
void write_proof(const char *results, const char *id, const char *platform);

struct recount;
const struct recount_row *recount_row(const struct recount *recount,
				      unsigned int metric, const char *what);

#endif /* RTLAT_TEST_H */
