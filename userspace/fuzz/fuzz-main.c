// SPDX-License-Identifier: GPL-2.0
/* libFuzzer's way into the target of this program; FUZZ_NAME is its name. */

#include <stdlib.h>

#include "fuzz.h"

#define CALL(name)	CALL_(name)
#define CALL_(name)	fuzz_##name

/**
 * fuzz_fail - a promise was not kept
 * @file: source
 * @line: in it
 * @what: the promise
 */
void fuzz_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not kept: %s\n", file, line, what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	CALL(FUZZ_NAME)(data, len);
	return 0;
}
