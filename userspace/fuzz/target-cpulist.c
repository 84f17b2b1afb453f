// SPDX-License-Identifier: GPL-2.0
/* Lists of CPUs. */

#include <stdlib.h>
#include <string.h>

#include "base/cpulist.h"
#include "fuzz.h"

/* What is printed of a list is that list when it is read. */
static void check_text(const struct cpulist *list)
{
	char *text = cpulist_text(list);
	struct cpulist again;
	unsigned int i;

	must(!cpulist_parse(&again, text, NULL) && again.nr == list->nr);
	for (i = 0; i < list->nr; i++)
		must(again.cpu[i] == list->cpu[i] &&
		     cpulist_has(list, list->cpu[i]));
	cpulist_free(&again);
	free(text);
}

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
	if (!ret)
		check_text(&list);
	cpulist_free(&list);
	free(text);
}
