// SPDX-License-Identifier: GPL-2.0
/* The machine's files, programs and processes. */

#include <ctype.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cpulist.h"
#include "tune/sysroot.h"

/**
 * sysroot_path - where a file of the machine is
 * @machine: the machine
 * @path: the file, as the machine has it
 *
 * Return: the path; free() it.
 */
char *sysroot_path(const struct sysroot *machine, const char *path)
{
	return xasprintf("%s%s", machine->root, path);
}

/**
 * sysroot_read - value of a file
 * @machine: the machine
 * @path: the file
 *
 * Return: the value, or NULL with errno set; EINVAL when it has several lines.
 */
char *sysroot_read(const struct sysroot *machine, const char *path)
{
	char *full = sysroot_path(machine, path);
	char *text = read_word(full), *value = NULL;

	if (text && strchr(text, '\n'))
		errno = EINVAL;
	else if (text)
		value = value_chosen(text);
	free(text);
	free(full);
	return value;
}

/**
 * sysroot_write - write a value to a file
 * @machine: the machine
 * @path: the file; it must be there
 * @value: the value, without newline
 *
 * Return: 0 or -errno.
 */
int sysroot_write(const struct sysroot *machine, const char *path,
		  const char *value)
{
	char *full = sysroot_path(machine, path);
	char *line = xasprintf("%s\n", value);
	int fd, ret = 0;

	/* truncating means nothing in sysfs, and is right for a plain file */
	fd = open(full, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
	} else {
		/* one call: the kernel takes each as a whole value */
		ssize_t put = write(fd, line, strlen(line));

		if (put != (ssize_t)strlen(line))
			ret = put < 0 ? -errno : -EIO;
		if (close(fd) && !ret)
			ret = -errno;
	}
	free(line);
	free(full);
	return ret;
}

/**
 * sysroot_has - is there such a file or folder?
 * @machine: the machine
 * @path: the file
 *
 * Return: true when there is.
 */
bool sysroot_has(const struct sysroot *machine, const char *path)
{
	char *full = sysroot_path(machine, path);
	bool has = !access(full, F_OK);

	free(full);
	return has;
}

static _Noreturn void run_child(const struct sysroot *machine, int say,
				char *const *argv)
{
	const char *path = getenv("PATH");
	char *more;

	/* a Ctrl-C is for rtlat, which then puts back what this one does */
	setpgid(0, 0);
	if (machine->lock >= 0)
		fcntl(machine->lock, F_SETFD, 0);
	dup2(say, STDOUT_FILENO);
	dup2(say, STDERR_FILENO);
	more = xasprintf("%s%s/usr/sbin:/sbin", path ? path : "",
			 path && *path ? ":" : "");
	setenv("PATH", more, 1);
	/* its messages are shown as they are */
	setenv("LC_ALL", "C", 1);
	execvp(argv[0], argv);
	dprintf(say, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* The last line that is not empty. */
static char *last_line(char *text)
{
	char *newline;
	size_t len;

	for (len = strlen(text); len && isspace((unsigned char)text[len - 1]); len--)
		text[len - 1] = 0;
	newline = strrchr(text, '\n');
	return xstrdup(newline ? newline + 1 : text);
}

/**
 * sysroot_run - run a program to its end
 * @machine: the machine
 * @argv: the program and its arguments; found by PATH
 * @why: receives the last line it said, when it failed; free() it
 *
 * Return: 0; -EIO when it failed.
 */
int sysroot_run(const struct sysroot *machine, char *const *argv, char **why)
{
	int ends[2], status = 0;
	char *text;
	pid_t pid;

	*why = NULL;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	pid = fork();
	if (!pid)
		run_child(machine, ends[1], argv);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -EAGAIN;
	}
	text = read_fd_text(ends[0], NULL);
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		*why = text && *text ? last_line(text) :
		       xasprintf("%s failed", argv[0]);
	free(text);
	return status ? -EIO : 0;
}

/**
 * sysroot_process - which process is it that has this number now?
 * @machine: the machine
 * @pid: the number
 * @start: receives when it started, ticks after boot
 * @name: receives its name; free() it; may be NULL
 *
 * Return: 0, -ESRCH when there is none.
 */
int sysroot_process(const struct sysroot *machine, pid_t pid, uint64_t *start,
		    char **name)
{
	char *path = xasprintf("%s/proc/%d/stat", machine->root, (int)pid);
	char *text = read_word(path), *open, *close, *at;
	unsigned long long ticks;
	unsigned int word = 2;
	int ret = -ESRCH;

	free(path);
	open = text ? strchr(text, '(') : NULL;
	close = open ? strrchr(open, ')') : NULL;
	/* the 22nd word; names may hold blanks and brackets */
	for (at = close; at && word < 22; word++) {
		at = strchr(at + 1, ' ');
		if (word == 2 && at != close + 1)
			at = NULL;
	}
	if (at && sscanf(at, " %llu", &ticks) == 1) {
		*start = ticks;
		if (name)
			*name = xstrndup(open + 1, (size_t)(close - open - 1));
		ret = 0;
	}
	free(text);
	return ret;
}

/**
 * affinity_read - CPUs that a process may run on
 * @pid: the process, or thread
 *
 * Return: a list of CPUs, or NULL with errno set; free() it.
 */
char *affinity_read(pid_t pid)
{
	struct cpulist list = { .nr = 0 };
	cpu_set_t *set = CPU_ALLOC(CPULIST_MAX);
	size_t size = CPU_ALLOC_SIZE(CPULIST_MAX);
	char *text = NULL;
	unsigned int i;

	CPU_ZERO_S(size, set);
	if (!sched_getaffinity(pid, size, set)) {
		list.cpu = xcalloc(CPULIST_MAX, sizeof(*list.cpu));
		for (i = 0; i < CPULIST_MAX; i++)
			if (CPU_ISSET_S(i, size, set))
				list.cpu[list.nr++] = i;
		text = cpulist_text(&list);
		cpulist_free(&list);
	}
	CPU_FREE(set);
	return text;
}

/**
 * affinity_write - let a process run on these CPUs only
 * @pid: the process, or thread
 * @cpus: list of CPUs
 *
 * Return: 0 or -errno.
 */
int affinity_write(pid_t pid, const char *cpus)
{
	size_t size = CPU_ALLOC_SIZE(CPULIST_MAX);
	struct problem problem = { "" };
	struct cpulist list;
	cpu_set_t *set;
	unsigned int i;
	int ret;

	ret = cpulist_parse(&list, cpus, &problem);
	if (ret)
		return ret;
	set = CPU_ALLOC(CPULIST_MAX);
	CPU_ZERO_S(size, set);
	for (i = 0; i < list.nr; i++)
		CPU_SET_S(list.cpu[i], size, set);
	cpulist_free(&list);
	if (sched_setaffinity(pid, size, set))
		ret = -errno;
	CPU_FREE(set);
	return ret;
}
