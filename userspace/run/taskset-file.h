/* SPDX-License-Identifier: GPL-2.0 */
/* Task sets as text: what rtlat_taskset_format() writes, read back. Pure. */
#ifndef RTLAT_TASKSET_FILE_H
#define RTLAT_TASKSET_FILE_H

#include "base/util.h"
#include "module/params.h"
#include "module/taskset.h"

/* Placing the tasks takes their number squared: about a second with these. */
#define TASKSET_MAX_CPUS	1024U

void taskset_default(struct rtlat_taskset *set);
int taskset_word(struct rtlat_taskset *set, const char *key, const char *value,
		 struct problem *problem);
void taskset_alloc(struct rtlat_taskset *set);
void taskset_make(struct rtlat_taskset *set);
void taskset_free(struct rtlat_taskset *set);
char *taskset_text(const struct rtlat_taskset *set);
int taskset_parse(struct rtlat_taskset *set, const char *file, const char *text,
		  size_t len, struct problem *problem);
int taskset_check_seed(const struct rtlat_taskset *set, const char *file,
		       const char *text, struct problem *problem);
char *taskset_load(struct rtlat_taskset *set, const char *file);

#endif /* RTLAT_TASKSET_FILE_H */
