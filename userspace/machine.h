/* SPDX-License-Identifier: GPL-2.0 */
/* The machine whose state is changed: its files, processes and modules. */
#ifndef RTLAT_MACHINE_H
#define RTLAT_MACHINE_H

#include <errno.h>
#include <stdio.h>

#include "change.h"

/**
 * struct machine - where its files are, and what may be done to it
 * @root: folder that its /sys, /proc are below; "" for the real ones
 * @say: where lines go on what was done
 * @lock: descriptor that programs which are run keep open; -1: none
 * @reload_kvm: KVM may be unloaded and loaded again
 */
struct machine {
	const char *root;
	FILE *say;
	int lock;
	bool reload_kvm;
};

/* This machine is not able to: a reason, and no error of who asked. */
#define cannot(problem, ...) \
	(problem_set(problem, __VA_ARGS__), -EOPNOTSUPP)

char *machine_path(const struct machine *machine, const char *path);
char *machine_read(const struct machine *machine, const char *path);
int machine_write(const struct machine *machine, const char *path,
		  const char *value);
bool machine_has(const struct machine *machine, const char *path);
int machine_run(const struct machine *machine, char *const *argv, char **why);
int machine_process(const struct machine *machine, pid_t pid, uint64_t *start,
		    char **name);
char *affinity_read(pid_t pid);
int affinity_write(pid_t pid, const char *cpus);

char *kvm_users(const struct machine *machine, const char *module);

int modules_plan(const struct machine *machine, struct change *change,
		 struct problem *problem);
int modules_make(const struct machine *machine, struct change *change,
		 struct problem *problem);
int modules_undo(const struct machine *machine, struct change *change,
		 struct problem *problem);

int change_plan(const struct machine *machine, struct change *change,
		bool *made, struct problem *problem);
int change_make(const struct machine *machine, struct change *change,
		struct problem *problem);
int change_undo(const struct machine *machine, struct change *change,
		struct problem *problem);

#endif /* RTLAT_MACHINE_H */
