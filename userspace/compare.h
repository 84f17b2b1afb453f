/* SPDX-License-Identifier: GPL-2.0 */
/* Cells side by side. Pure. */
#ifndef RTLAT_COMPARE_H
#define RTLAT_COMPARE_H

#include <jansson.h>
#include <stdio.h>

json_t *compare_groups(const json_t *summary);
void compare_print(const json_t *groups, FILE *to);

#endif /* RTLAT_COMPARE_H */
