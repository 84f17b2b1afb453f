// SPDX-License-Identifier: GPL-2.0
/* trace.dat, all the way to the report and the recount. */

#include <string.h>

#include "fuzz.h"
#include "trace/run.h"

void fuzz_trace(const uint8_t *data, size_t len)
{
	const char *path = fuzz_file(data, len);
	struct problem problem = { "" };
	struct trace_run *run;

	fuzz_compare_report(path, 0);
	run = trace_run_load_raw(path, 0, &problem);
	fuzz_said(!run, &problem);
	if (!run) {
		must(strstr(problem.text, path));
		return;
	}
	fuzz_use_run(run, path);
	trace_run_free(run);
}
