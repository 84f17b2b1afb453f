/* SPDX-License-Identifier: GPL-2.0 */
/* All of one cell. Pure. */
#ifndef RTLAT_SHOW_H
#define RTLAT_SHOW_H

#include <jansson.h>
#include <stdio.h>

void show_print(const json_t *cell, FILE *to);

#endif /* RTLAT_SHOW_H */
