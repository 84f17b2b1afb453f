/* SPDX-License-Identifier: GPL-2.0 */
/* The ledger of one metric on one CPU. Pure, see pure.h. */
#ifndef RTLAT_LEDGER_H
#define RTLAT_LEDGER_H

#include "pure.h"

/**
 * struct rtlat_ledger - what became of every attempt to take a sample
 * @attempted: attempts, counted where they are made and never as a sum of @line
 * @line: outcomes, by enum rtlat_line
 */
struct rtlat_ledger {
	u64 attempted;
	u64 line[RTLAT_NR_LINES];
};

extern const char *const rtlat_metric_names[RTLAT_NR_METRICS];
extern const char *const rtlat_line_names[RTLAT_NR_LINES];
extern const char *const rtlat_class_names[RTLAT_NR_CLASSES];

bool rtlat_ledger_closes(const struct rtlat_ledger *ledger);

#endif /* RTLAT_LEDGER_H */
