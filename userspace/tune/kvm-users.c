// SPDX-License-Identifier: GPL-2.0
/* Who uses KVM: processes with /dev/kvm, a VM or a vCPU open. */

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tune/sysroot.h"

#define DEBUGFS_KVM	"/sys/kernel/debug/kvm"

static bool is_kvm(const char *target)
{
	return !strcmp(target, "/dev/kvm") ||
	       !strncmp(target, "anon_inode:kvm-", 15);
}

static bool has_kvm_open(const struct sysroot *machine, const char *pid)
{
	char *dir = xasprintf("%s/proc/%s/fd", machine->root, pid);
	struct dirent *entry;
	bool found = false;
	DIR *fds = opendir(dir);

	while (fds && !found && (entry = readdir(fds))) {
		char target[64];
		ssize_t len;

		len = readlinkat(dirfd(fds), entry->d_name, target,
				 sizeof(target) - 1);
		if (len <= 0)
			continue;
		target[len] = 0;
		found = is_kvm(target);
	}
	if (fds)
		closedir(fds);
	free(dir);
	return found;
}

static char *describe(const struct sysroot *machine, const char *pid)
{
	char *name = NULL, *text;
	uint64_t start;

	sysroot_process(machine, (pid_t)atoi(pid), &start, &name);
	text = xasprintf("%s (pid %s)", name ? name : "a process", pid);
	free(name);
	return text;
}

/* The first process in this folder of numbers for which @uses() is true. */
static char *first_user(const struct sysroot *machine, const char *folder,
			bool (*uses)(const struct sysroot *machine,
				     const char *pid))
{
	char *dir = sysroot_path(machine, folder), *text = NULL;
	struct dirent *entry;
	DIR *list = opendir(dir);

	while (list && !text && (entry = readdir(list))) {
		char pid[16] = "";
		size_t len = strspn(entry->d_name, "0123456789");

		if (!len || len >= sizeof(pid))
			continue;
		memcpy(pid, entry->d_name, len);
		if (!uses || (!entry->d_name[len] && uses(machine, pid)))
			text = describe(machine, pid);
	}
	if (list)
		closedir(list);
	free(dir);
	return text;
}

/* References to a module that are not those of the modules that hold it. */
static long references(const struct sysroot *machine, const char *module)
{
	char *path = xasprintf("/sys/module/%s/refcnt", module);
	char *value = sysroot_read(machine, path), *dir;
	long nr = value ? atol(value) : 0;
	struct dirent *entry;
	DIR *holders;

	dir = xasprintf("%s/sys/module/%s/holders", machine->root, module);
	holders = opendir(dir);
	while (holders && (entry = readdir(holders)))
		nr -= entry->d_name[0] != '.';
	if (holders)
		closedir(holders);
	free(dir);
	free(value);
	free(path);
	return nr;
}

/**
 * kvm_users - does anybody use KVM?
 * @machine: the machine
 * @module: one of KVM's modules
 *
 * Return: who, as text; NULL when nobody does; free() it.
 */
char *kvm_users(const struct sysroot *machine, const char *module)
{
	char *who = first_user(machine, "/proc", has_kvm_open);
	long nr;

	/* a folder PID-FD for each VM */
	if (!who)
		who = first_user(machine, DEBUGFS_KVM, NULL);
	nr = references(machine, module);
	if (!who && nr > 0)
		who = xasprintf("somebody who is not to be seen (reference count %ld)",
				nr);
	return who;
}
