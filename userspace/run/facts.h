/* SPDX-License-Identifier: GPL-2.0 */
/* Facts about the machine that a result depends on. */
#ifndef RTLAT_FACTS_H
#define RTLAT_FACTS_H

#include <jansson.h>

#include "base/util.h"

json_t *facts_collect(void);
uint64_t facts_steal_ticks(void);
uint64_t facts_available_kib(void);

#endif /* RTLAT_FACTS_H */
