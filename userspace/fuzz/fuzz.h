/* SPDX-License-Identifier: GPL-2.0 */
/* Fuzz targets: one for each reader of files that others may have written. */
#ifndef RTLAT_FUZZ_H
#define RTLAT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/util.h"
#include "trace/report.h"

/*
 * Each is in a file of its own. What a reader promises, and a sanitizer cannot
 * know, is asked for with must().
 */
#define FUZZ_TARGETS(X) \
	X(cell) \
	X(cpulist) \
	X(doctor) \
	X(journal) \
	X(matrix) \
	X(params) \
	X(proof) \
	X(results) \
	X(run) \
	X(summary) \
	X(taskset) \
	X(trace) \
	X(trace_check)

#define FUZZ_DECLARE(name) void fuzz_##name(const uint8_t *data, size_t len);
FUZZ_TARGETS(FUZZ_DECLARE)
#undef FUZZ_DECLARE

_Noreturn void fuzz_fail(const char *file, int line, const char *what);

#define must(what) \
	do { \
		if (!(what)) \
			fuzz_fail(__FILE__, __LINE__, #what); \
	} while (0)

/* More parts of an input than any target has. */
#define FUZZ_MAX_PARTS	12

char *fuzz_text(const uint8_t *data, size_t len);
FILE *fuzz_sink(void);
const char *fuzz_file(const uint8_t *data, size_t len);
void fuzz_said(bool failed, const struct problem *problem);
void fuzz_parts(const uint8_t *data, size_t len, const char *const *names,
		char **texts);
void fuzz_free_parts(char **texts, size_t nr);

struct proof_snapshot;
struct trace_run;

void fuzz_snapshot(struct proof_snapshot *snapshot, const char *text);
void fuzz_use_run(const struct trace_run *run, const char *file);
enum trace_count fuzz_compare_report(const char *path, u32 wanted);

struct machine;

void fuzz_machine(struct machine *machine, const char *text);

/* What libFuzzer calls, and what it offers to be called. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Where a part of an input begins: a line of this and the part's name. */
#define FUZZ_PART	"=== "

#endif /* RTLAT_FUZZ_H */
