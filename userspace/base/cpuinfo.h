/* SPDX-License-Identifier: GPL-2.0 */
/* The text of /proc/cpuinfo. Pure. */
#ifndef RTLAT_CPUINFO_H
#define RTLAT_CPUINFO_H

#include "base/util.h"

char *cpuinfo_field(const char *cpuinfo, const char *key);
bool text_has_word(const char *text, const char *word);

#endif /* RTLAT_CPUINFO_H */
