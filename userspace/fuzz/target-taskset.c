// SPDX-License-Identifier: GPL-2.0
/* Task-set files. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "run/taskset-file.h"

void fuzz_taskset(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), *again;
	struct problem problem = { "" };
	struct rtlat_taskset set;
	int ret;

	ret = taskset_parse(&set, "t", text, len, &problem);
	fuzz_said(ret, &problem);
	if (!ret) {
		ret = taskset_check_seed(&set, "t", text, &problem);
		fuzz_said(ret, &problem);
	}
	if (!ret) {
		again = taskset_text(&set);
		must(!strcmp(again, text));
		free(again);
	}
	taskset_free(&set);
	free(text);
}
