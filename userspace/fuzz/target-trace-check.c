// SPDX-License-Identifier: GPL-2.0
/* The structure of a trace.dat. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "trace/check.h"

void fuzz_trace_check(const uint8_t *data, size_t len)
{
	/* no byte behind them: an access beyond the end is seen */
	char *bytes = xcalloc(1, len);
	struct problem problem = { "" };

	if (len)
		memcpy(bytes, data, len);
	fuzz_said(trace_check_bytes("t", bytes, len, &problem), &problem);
	free(bytes);
}
