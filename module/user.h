/* SPDX-License-Identifier: GPL-2.0 */
/* Tasks that are processes. */
#ifndef RTLAT_USER_H
#define RTLAT_USER_H

#include "cpu.h"

int rtlat_user_attach(struct rtlat_run *run, struct rtlat_user *user, u32 id);
struct task_struct *rtlat_user_detach(struct rtlat_task *task);
struct task_struct *rtlat_user_leave(struct rtlat_user *user,
				     void (*left)(struct rtlat_task *task));

int rtlat_user_init(void);
void rtlat_user_exit(void);

#endif /* RTLAT_USER_H */
