/* SPDX-License-Identifier: GPL-2.0 */
/* Child processes that work for this one until it ends. */
#ifndef RTLAT_CHILD_H
#define RTLAT_CHILD_H

#include <sys/types.h>

int child_begin(pid_t parent, const char *name, int say);

#endif /* RTLAT_CHILD_H */
