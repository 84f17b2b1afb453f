/* SPDX-License-Identifier: GPL-2.0 */
/* A machine that is a folder, for the tests of tune and restore. */
#ifndef RTLAT_MADE_SYSROOT_H
#define RTLAT_MADE_SYSROOT_H

#include "test.h"

#define GOVERNOR	"/sys/devices/system/cpu/cpufreq/policy0/scaling_governor"
#define THROTTLING	"/proc/sys/kernel/sched_rt_runtime_us"
#define HUGE_PAGES	"/sys/kernel/mm/transparent_hugepage/enabled"
#define POLL		"/sys/module/kvm/parameters/halt_poll_ns"
#define ADVANCE		"/sys/module/kvm/parameters/lapic_timer_advance"
#define APICV		"/sys/module/kvm_intel/parameters/enable_apicv"
#define IPIV		"/sys/module/kvm_intel/parameters/enable_ipiv"
#define NESTED		"/sys/module/kvm_intel/parameters/nested"
#define JOURNAL		"/var/lib/rtlat/restore"

extern char *made_root;

int made_setup(void **state);
int made_teardown(void **state);
void made_put(const char *path, const char *text);
void made_want(const char *path, const char *text);
bool made_has(const char *path);
void made_run(const char *words, int status, const char *lines);
void made_says(const char *words, int status, const char *part);

#endif /* RTLAT_MADE_SYSROOT_H */
