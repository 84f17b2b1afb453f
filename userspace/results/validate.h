/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of a cell's check. Pure. */
#ifndef RTLAT_VALIDATE_H
#define RTLAT_VALIDATE_H

#include <jansson.h>

#include "base/util.h"

bool is_measure(const json_t *value);
int metric_validate(const char *name, const json_t *metric, bool ok,
		    struct problem *problem);
int texts_validate(json_t *object, const char *where, struct problem *problem);

#endif /* RTLAT_VALIDATE_H */
