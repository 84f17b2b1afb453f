/* SPDX-License-Identifier: GPL-2.0 */
/* The platforms a cell can be of. Pure. */
#ifndef RTLAT_PLATFORM_H
#define RTLAT_PLATFORM_H

#include <jansson.h>
#include <stdbool.h>

/* In the order in which they are shown; NULL ends the list. */
extern const char *const platform_names[];

#define NR_PLATFORMS	3

/* As long as the kernel lets a machine's name be. */
#define MACHINE_NAME_MAX	64

bool cell_is_posted(const json_t *cell);
bool machine_name_ok(const char *name);
const char *cell_imported(const json_t *cell);
const char *cell_unproven(const json_t *cell);
char *cell_clock_text(const json_t *cell);
char *platform_label(unsigned int platform, bool posted);
int platform_by_name(const char *name);
char *cell_key(const json_t *cell, const char *const *but);
const char *json_text_of(const json_t *object, const char *key);

#endif /* RTLAT_PLATFORM_H */
