// SPDX-License-Identifier: GPL-2.0
/* Child processes that work for this one until it ends. */

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/child.h"

/**
 * child_begin - what a child process does first
 * @parent: the process that forked it; the child ends when that one has
 * @name: its name in the list of processes
 * @say: pipe to the parent; besides the standard ones no other file stays open
 *
 * Return: the pipe, perhaps by another number.
 */
int child_begin(pid_t parent, const char *name, int say)
{
	/* gone with the parent, however that ends; Ctrl-C is the parent's */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_NAME, name);
	/* the parent's trace buffers must not stay open here */
	if (dup2(say, STDERR_FILENO + 1) >= 0) {
		say = STDERR_FILENO + 1;
		close_range(STDERR_FILENO + 2, ~0U, 0);
	}
	return say;
}
