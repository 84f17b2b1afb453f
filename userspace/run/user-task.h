/* SPDX-License-Identifier: GPL-2.0 */
/* Processes that are tasks of a run. */
#ifndef RTLAT_USER_TASK_H
#define RTLAT_USER_TASK_H

#include <sys/types.h>

#include "module/pure.h"

/**
 * struct user_tasks - the processes of a run
 * @pid: processes
 * @nr: how many
 */
struct user_tasks {
	pid_t *pid;
	unsigned int nr;
};

int user_task_join(u32 task, struct rtlat_task_info *info);
int user_task_serve(int fd, const struct rtlat_task_info *info);
int user_tasks_start(struct user_tasks *tasks);
void user_tasks_end(struct user_tasks *tasks);

#endif /* RTLAT_USER_TASK_H */
