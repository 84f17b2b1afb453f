/* SPDX-License-Identifier: GPL-2.0 */
/* Lines of the debugfs files and of rtlat_run trace events. Pure, see pure.h. */
#ifndef RTLAT_TEXT_H
#define RTLAT_TEXT_H

#include "hist.h"
#include "ledger.h"

int rtlat_text_ledger(char *buf, size_t size, unsigned int cpu,
		      enum rtlat_metric metric,
		      const struct rtlat_ledger *ledger);
int rtlat_text_summary(char *buf, size_t size, unsigned int cpu,
		       enum rtlat_metric metric, enum rtlat_class class,
		       const struct rtlat_hist *hist);
size_t rtlat_text_printable(const char *text);

#endif /* RTLAT_TEXT_H */
