/* SPDX-License-Identifier: GPL-2.0 */
/* The module, reached through debugfs. */
#ifndef RTLAT_DEBUGFS_H
#define RTLAT_DEBUGFS_H

#include "base/util.h"
#include "module/params.h"

/**
 * struct module_status - what the file status says
 * @text: all of it
 * @abi: as in the header
 * @state: idle, running or done
 * @end: why the run ended
 * @preempt: preemption model
 * @run: number of the run
 * @done: releases or IPIs finished
 * @total: asked for; 0: endless
 * @begin_ns: first instant of the run
 * @end_ns: last instant of the run
 * @stamp_cost_ps: cost of a clock read, ps
 * @own_ps: by metric, what rtlat's own code takes of it, ps; 0: not said
 * @sum_checked: jobs held against the sum rule
 * @sum_failed: those where it did not hold
 * @ledger_closes: 1 when every line closes
 * @missed: jobs that ended after their deadline
 * @overrun: releases that found the job before still running
 * @throttled: times a task was taken off the CPU for one of a lower class
 */
struct module_status {
	char *text;
	u64 abi;
	char state[16];
	char end[16];
	char preempt[16];
	u64 run;
	u64 done;
	u64 total;
	u64 begin_ns;
	u64 end_ns;
	u64 stamp_cost_ps;
	u64 own_ps[RTLAT_NR_METRICS];
	u64 sum_checked;
	u64 sum_failed;
	u64 ledger_closes;
	u64 missed;
	u64 overrun;
	u64 throttled;
};

int status_parse(struct module_status *status, const char *text,
		 struct problem *problem);
bool module_loaded(void);
int module_load(const char *path, const char *params);
int module_unload(void);
int module_file_abi(const char *path);
char *module_default_path(void);
char *module_read(const char *file);
int module_status_read(struct module_status *status);
int module_write(const char *file, const char *text);
int module_configure(const struct rtlat_config *config);
int module_check_abi(void);

int kmsg_open(void);
char *kmsg_read(int fd);
char *kmsg_last_error(int fd);

#endif /* RTLAT_DEBUGFS_H */
