/* SPDX-License-Identifier: GPL-2.0 */
/* Where samples go: ledger, histograms, trace. */
#ifndef RTLAT_ACCOUNT_H
#define RTLAT_ACCOUNT_H

#include "cpu.h"

void rtlat_account(struct rtlat_cpu *cpu, const struct rtlat_sample *sample);
void rtlat_account_all(struct rtlat_cpu *cpu, const struct rtlat_sample *samples,
		       unsigned int n);
void rtlat_account_line(struct rtlat_cpu *cpu, u32 metrics,
			enum rtlat_line line, u64 n);
void rtlat_account_flush(struct rtlat_cpu *cpu);

#endif /* RTLAT_ACCOUNT_H */
