/* SPDX-License-Identifier: GPL-2.0 */
/* What a watched reader calls in place of the system, see Makefile. */
#ifndef RTLAT_FORK_WATCH_H
#define RTLAT_FORK_WATCH_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

pid_t watched_fork(void);
pid_t watched_waitpid(pid_t pid, int *status, int options);
_Noreturn void watched__exit(int status);
int watched_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit);

/* What the compiler put there: a counter and an address for each edge. */
extern uint8_t __start___sancov_cntrs[], __stop___sancov_cntrs[];
extern uintptr_t __start___sancov_pcs[];

#endif /* RTLAT_FORK_WATCH_H */
