/* SPDX-License-Identifier: GPL-2.0 */
/* Cells side by side. */
#ifndef RTLAT_COMPARE_H
#define RTLAT_COMPARE_H

#include <jansson.h>
#include <stdio.h>

#include "base/util.h"

/* What compare_posted() compares beside metrics, from the cells' proofs. */
#define COMPARE_ENTRIES	"VM entries for an interrupt"

const json_t *compare_row(const json_t *column, const char *metric);
bool compare_is_base(const json_t *cell);
json_t *compare_groups(const json_t *summary);
int compare_maxima(json_t *groups, const char *results, const char **missing,
		   struct problem *problem);
void compare_print(const json_t *groups, FILE *to);
json_t *compare_posted(const json_t *columns);
void compare_print_posted(const json_t *group, const char *kind, FILE *to);
json_t *compare_exits(const json_t *cell);
void compare_print_exits(const json_t *column, const char *kind, FILE *to);

size_t compare_blocks(const json_t *groups);
void compare_print_lines(const json_t *groups, FILE *to);

size_t compare_print_ktap(const json_t *summary, FILE *to);

char *compare_remark(const json_t *column);
json_t *group_words(const json_t *group);
void words_heading(json_t *words, FILE *to);
void print_clock(const json_t *group, FILE *to);

#endif /* RTLAT_COMPARE_H */
