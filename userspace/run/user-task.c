// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that are tasks of a run: they wait for their releases through
 * /dev/rtlat and consume CPU time in an address space of their own.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "run/debugfs.h"
#include "run/user-task.h"

#define DEVICE	"/dev/" RTLAT_DEVICE

static const char *join_error(int error)
{
	switch (error) {
	case ESRCH:
		return "no run waits for tasks (task_kind=user, started?)";
	case ENOENT:
		return "the run has no such task, or it is joined already";
	}
	return strerror(error);
}

/**
 * user_task_join - become a task of the run that waits for tasks
 * @task: its number, or RTLAT_ANY_TASK
 * @info: receives what the task is
 *
 * The calling process is pinned, gets the task's scheduling policy, and its
 * memory is locked: a job must not wait for a page.
 *
 * Return: file descriptor for user_task_serve(); else -errno after a line that
 * says why.
 */
int user_task_join(u32 task, struct rtlat_task_info *info)
{
	int fd, ret;

	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		complain("%s: %s%s", DEVICE, strerror(errno),
			 errno == ENOENT ? " (is the module loaded?)" : "");
		return ret;
	}
	if (mlockall(MCL_CURRENT | MCL_FUTURE)) {
		ret = -errno;
		complain("cannot lock the memory: %s", strerror(errno));
		goto err;
	}
	memset(info, 0, sizeof(*info));
	info->task = task;
	if (ioctl(fd, RTLAT_IOC_JOIN, info)) {
		ret = -errno;
		complain("cannot join the run: %s", join_error(errno));
		goto err;
	}
	return fd;
err:
	close(fd);
	return ret;
}

static u64 cpu_time_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

/**
 * user_task_serve - do the task's jobs until the run is over
 * @fd: of user_task_join()
 * @info: what the task is
 *
 * Return: 0 when the run is over; else -errno after a line that says why.
 */
int user_task_serve(int fd, const struct rtlat_task_info *info)
{
	struct rtlat_job_info job;

	while (!ioctl(fd, RTLAT_IOC_WAIT, &job)) {
		u64 from_ns = cpu_time_ns();
		u64 consumed_ns = job.consumed_ns;

		while (consumed_ns + cpu_time_ns() - from_ns < info->exec_ns)
			;
	}
	if (errno == ESHUTDOWN)
		return 0;
	complain("task %u: %s", info->task, strerror(errno));
	return -errno;
}

/* Says on @say that it has joined, and is a task from then on. */
static _Noreturn void be_task(pid_t parent, int say)
{
	struct rtlat_task_info info;
	int fd;

	say = child_begin(parent, "rtlat-task", say);
	fd = user_task_join(RTLAT_ANY_TASK, &info);
	if (fd < 0 || write_all(say, "", 1))
		_exit(1);
	close(say);
	_exit(user_task_serve(fd, &info) ? 1 : 0);
}

/* How many tasks the run has: a line each in the module's file tasks. */
static int count_tasks(unsigned int *nr)
{
	char *text = module_read("tasks");
	const char *at;

	if (!text)
		return -EIO;
	*nr = 0;
	for (at = text; (at = strchr(at, '\n')); at++)
		(*nr)++;
	free(text);
	return 0;
}

/**
 * user_tasks_start - a process for each task of the run that waits for them
 * @tasks: receives what user_tasks_end() needs, also after an error
 *
 * Return: 0 when all have joined, so that the run has begun; else -errno after
 * a line that says why.
 */
int user_tasks_start(struct user_tasks *tasks)
{
	const pid_t parent = getpid();
	unsigned int i, nr, joined = 0;
	int pipes[2];
	int ret;

	ret = count_tasks(&nr);
	if (ret)
		return ret;
	tasks->pid = xcalloc(nr, sizeof(*tasks->pid));
	tasks->nr = nr;
	if (pipe(pipes)) {
		ret = -errno;
		complain("no pipe: %s", strerror(errno));
		return ret;
	}
	fflush(NULL);
	for (i = 0; i < nr && !ret; i++) {
		tasks->pid[i] = fork();
		if (!tasks->pid[i])
			be_task(parent, pipes[1]);
		if (tasks->pid[i] < 0) {
			ret = -errno;
			tasks->pid[i] = 0;
			complain("no process for a task: %s", strerror(-ret));
		}
	}
	close(pipes[1]);
	while (!ret && joined < nr) {
		char byte;
		ssize_t got = read(pipes[0], &byte, 1);

		if (got == 1)
			joined++;
		else if (!got)
			ret = -ECHILD;
		else if (errno != EINTR || stop_wanted())
			ret = -errno;
	}
	close(pipes[0]);
	return ret;
}

/**
 * user_tasks_end - wait for the processes of a run that is over
 * @tasks: of user_tasks_start(), or all zero
 *
 * One that has not joined, or does not end, is killed.
 */
void user_tasks_end(struct user_tasks *tasks)
{
	unsigned int i, tries;

	for (i = 0; i < tasks->nr; i++) {
		pid_t pid = tasks->pid[i];

		for (tries = 0; pid && tries < 100; tries++) {
			if (waitpid(pid, NULL, WNOHANG)) {
				pid = 0;
				break;
			}
			sleep_ms(20);
		}
		if (!pid)
			continue;
		kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(tasks->pid);
	memset(tasks, 0, sizeof(*tasks));
}
