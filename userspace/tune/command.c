// SPDX-License-Identifier: GPL-2.0
/* A command that is run, and signals that are passed on to it. */

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tune/tune.h"

static atomic_int stopped_by;
static atomic_int command_pid;

/* A Ctrl-C of the terminal goes to the command by itself. */
static void pass_on(int signal, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)context;
	stopped_by = signal;
	if (command_pid > 0 && info->si_code <= 0)
		kill(command_pid, signal);
	errno = saved;
}

/**
 * command_catch_signals - note SIGINT, SIGTERM and SIGHUP, pass them on
 */
void command_catch_signals(void)
{
	struct sigaction action = {
		.sa_sigaction = pass_on,
		.sa_flags = SA_SIGINFO | SA_RESTART,
	};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/**
 * command_stop_wanted - has a signal come?
 *
 * Return: true when one has.
 */
bool command_stop_wanted(void)
{
	return stopped_by != 0;
}

/**
 * command_stop_status - exit status of what was ended by the signal
 *
 * Return: 128 and its number.
 */
int command_stop_status(void)
{
	return 128 + stopped_by;
}

static _Noreturn void begin(pid_t parent, char **argv, const sigset_t *mask)
{
	/* whoever would put the machine back is gone: do not go on in it */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	complain("%s: %s", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/**
 * command_run - run a command to its end
 * @argv: the command
 *
 * Return: its exit status, 128 and the signal that ended it, 127 or 126 when
 * it could not be run.
 */
int command_run(char **argv)
{
	pid_t parent = getpid(), pid;
	sigset_t all, mask;
	int status;

	/* a signal finds either no command or one that it can be passed on to */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask);
	pid = fork();
	if (!pid)
		begin(parent, argv, &mask);
	command_pid = pid;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (pid < 0) {
		complain("cannot run %s: %s", argv[0], strerror(errno));
		return 126;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	command_pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}
