// SPDX-License-Identifier: GPL-2.0
/* Lists of CPUs. */

#include <stdlib.h>
#include <string.h>

#include "../cpulist.h"
#include "fuzz.h"

void fuzz_cpulist(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len);
	struct problem problem = { "" };
	struct cpulist list;
	unsigned int i;
	int ret;

	ret = cpulist_parse(&list, text, &problem);
	fuzz_said(ret, &problem);
	must(ret || list.nr);
	for (i = 0; !ret && i < list.nr; i++)
		must(list.cpu[i] < CPULIST_MAX &&
		     (!i || list.cpu[i] > list.cpu[i - 1]));
	cpulist_free(&list);
	free(text);
}
