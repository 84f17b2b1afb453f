/* SPDX-License-Identifier: GPL-2.0 */
/* What rtlat's own code takes of each interval. */
#ifndef RTLAT_OWN_H
#define RTLAT_OWN_H

#include "cpu.h"

struct rtlat_run;

int rtlat_own_measure(u64 own_ps[RTLAT_NR_METRICS]);
void rtlat_own_add(struct rtlat_run *run, const u64 *own_ps, unsigned int of);

#endif /* RTLAT_OWN_H */
