/* SPDX-License-Identifier: GPL-2.0 */
/* Tables of text with aligned columns. */
#ifndef RTLAT_TABLE_H
#define RTLAT_TABLE_H

#include <stdio.h>

#include "base/util.h"

struct table;

struct table *table_new(const char *columns);
__attribute__((format(printf, 2, 3)))
void table_cell(struct table *table, const char *fmt, ...);
void table_end_row(struct table *table);
size_t table_rows(const struct table *table);
void table_print(const struct table *table, FILE *to);
void table_free(struct table *table);

#endif /* RTLAT_TABLE_H */
