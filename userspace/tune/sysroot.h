/* SPDX-License-Identifier: GPL-2.0 */
/* The machine whose state is changed: its files, processes and modules. */
#ifndef RTLAT_SYSROOT_H
#define RTLAT_SYSROOT_H

#include <errno.h>
#include <stdio.h>

#include "tune/change.h"

/**
 * struct sysroot - where its files are, and what may be done to it
 * @root: folder that its /sys, /proc are below; "" for the real ones
 * @say: where lines go on what was done
 * @lock: descriptor that programs which are run keep open; -1: none
 * @reload_kvm: KVM may be unloaded and loaded again
 */
struct sysroot {
	const char *root;
	FILE *say;
	int lock;
	bool reload_kvm;
};

/* This machine is not able to: a reason, and no error of who asked. */
#define cannot(problem, ...) \
	(problem_set(problem, __VA_ARGS__), -EOPNOTSUPP)

char *sysroot_path(const struct sysroot *machine, const char *path);
char *sysroot_read(const struct sysroot *machine, const char *path);
int sysroot_write(const struct sysroot *machine, const char *path,
		  const char *value);
bool sysroot_has(const struct sysroot *machine, const char *path);
int sysroot_run(const struct sysroot *machine, char *const *argv, char **why);
int sysroot_process(const struct sysroot *machine, pid_t pid, uint64_t *start,
		    char **name);
char *affinity_read(pid_t pid);
int affinity_write(pid_t pid, const char *cpus);

char *kvm_users(const struct sysroot *machine, const char *module);

int modules_plan(const struct sysroot *machine, struct change *change,
		 struct problem *problem);
int modules_make(const struct sysroot *machine, struct change *change,
		 struct problem *problem);
int modules_undo(const struct sysroot *machine, struct change *change,
		 struct problem *problem);

int change_plan(const struct sysroot *machine, struct change *change,
		bool *made, struct problem *problem);
int change_make(const struct sysroot *machine, struct change *change,
		struct problem *problem);
int change_undo(const struct sysroot *machine, struct change *change,
		struct problem *problem);

#endif /* RTLAT_SYSROOT_H */
