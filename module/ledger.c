// SPDX-License-Identifier: GPL-2.0
/* The ledger of one metric on one CPU. Pure, see pure.h. */

#include "ledger.h"

#define RTLAT_X(NAME, name, ...) #name,
const char *const rtlat_metric_names[RTLAT_NR_METRICS] = {
	RTLAT_METRICS(RTLAT_X)
};

const char *const rtlat_line_names[RTLAT_NR_LINES] = { RTLAT_LINES(RTLAT_X) };

#undef RTLAT_X
#define RTLAT_X(NAME, name) #name,
const char *const rtlat_class_names[RTLAT_NR_CLASSES] = {
	RTLAT_CLASSES(RTLAT_X)
};

#undef RTLAT_X

/**
 * rtlat_ledger_closes - is every attempt accounted for, and nothing else
 * @ledger: ledger of a finished run
 *
 * Return: true when attempted equals the sum of the lines.
 */
bool rtlat_ledger_closes(const struct rtlat_ledger *ledger)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < RTLAT_NR_LINES; i++)
		sum += ledger->line[i];
	return sum == ledger->attempted;
}
