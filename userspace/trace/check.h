/* SPDX-License-Identifier: GPL-2.0 */
/* Is a file a whole trace.dat? Asked before a library reads it. */
#ifndef RTLAT_TRACE_CHECK_H
#define RTLAT_TRACE_CHECK_H

#include "base/util.h"
#include "trace/layout.h"

size_t trace_sealed(const char *data, size_t len);
int trace_check_layout(struct trace_layout *layout, const char *data, size_t len);
int trace_check(const char *path, struct problem *problem);
int trace_check_bytes(const char *name, const char *data, size_t len,
		      struct problem *problem);

#endif /* RTLAT_TRACE_CHECK_H */
