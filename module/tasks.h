/* SPDX-License-Identifier: GPL-2.0 */
/* Task sets of a run. */
#ifndef RTLAT_TASKS_H
#define RTLAT_TASKS_H

#include "params.h"
#include "taskset.h"

struct rtlat_taskset *rtlat_tasks_draw(const struct rtlat_config *cfg,
				       u32 nr_cpus);
void rtlat_tasks_undraw(struct rtlat_taskset *set);

#endif /* RTLAT_TASKS_H */
