// SPDX-License-Identifier: GPL-2.0
/* Running gnuplot. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plot/gnuplot.h"

/* gnuplot takes no more: $ARG1 to $ARG9 */
#define MAX_ARGS	9

/* What a program said and how it ended; it sees no standard input. */
static int run(int dirfd, const char *const *argv, char **said, int *status)
{
	posix_spawn_file_actions_t actions;
	/* the interface takes strings that it does not change as not constant */
	char *args[MAX_ARGS + 5];
	int ends[2], ret;
	size_t i;
	pid_t pid;

	*said = NULL;
	for (i = 0; i < ARRAY_SIZE(args) - 1 && argv[i]; i++)
		args[i] = xstrdup(argv[i]);
	args[i] = NULL;
	if (pipe2(ends, O_CLOEXEC)) {
		ret = -errno;
		goto out;
	}
	posix_spawn_file_actions_init(&actions);
	if (dirfd >= 0)
		posix_spawn_file_actions_addfchdir_np(&actions, dirfd);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	ret = -posix_spawnp(&pid, args[0], &actions, NULL, args, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (!ret) {
		*said = read_fd_text(ends[0], NULL);
		while (waitpid(pid, status, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
out:
	for (i = 0; args[i]; i++)
		free(args[i]);
	return ret;
}

/**
 * gnuplot_find - is gnuplot there?
 * @problem: receives what to do when it is not
 *
 * Return: 0 or -EINVAL.
 */
int gnuplot_find(struct problem *problem)
{
	static const char *const argv[] = { "gnuplot", "--version", NULL };
	int ret, status = 0;
	char *said;

	ret = run(-1, argv, &said, &status);
	free(said);
	if (ret)
		return problem_set(problem,
			"cannot run gnuplot: %s (Debian package: gnuplot-nox)",
			strerror(-ret));
	if (status)
		return problem_set(problem, "gnuplot --version fails");
	return 0;
}

/**
 * gnuplot_scripts - where the gnuplot scripts are
 * @dir: where they were said to be, or NULL: beside the program, or where they
 *	are installed
 * @problem: receives where they were looked for
 *
 * Return: absolute path of the folder, free() it; or NULL.
 */
char *gnuplot_scripts(const char *dir, struct problem *problem)
{
	char *self = realpath("/proc/self/exe", NULL);
	char *beside, *found;

	if (dir) {
		found = realpath(dir, NULL);
		if (!found)
			problem_set(problem, "--scripts %s: %s", dir,
				    strerror(errno));
		free(self);
		return found;
	}
	if (self)
		*strrchr(self, '/') = 0;
	beside = xasprintf("%s/gnuplot", self ? self : "");
	found = realpath(beside, NULL);
	if (!found)
		found = realpath(RTLAT_DATADIR "/gnuplot", NULL);
	if (!found)
		problem_set(problem,
			    "no gnuplot scripts in %s or " RTLAT_DATADIR "/gnuplot",
			    beside);
	free(beside);
	free(self);
	return found;
}

/**
 * gnuplot_run - draw with a script
 * @dirfd: folder to draw in
 * @script: path of the script
 * @args: its arguments, at most nine; NULL ends them
 * @problem: receives what gnuplot said
 *
 * Return: 0 or -EINVAL.
 */
int gnuplot_run(int dirfd, const char *script, const char *const *args,
		struct problem *problem)
{
	const char *argv[MAX_ARGS + 5] = { "gnuplot", "-d", "-c", script };
	int ret, status = 0;
	char *said, *line;
	size_t i;

	for (i = 0; i < MAX_ARGS && args[i]; i++)
		argv[4 + i] = args[i];
	ret = run(dirfd, argv, &said, &status);
	if (ret) {
		problem_set(problem, "cannot run gnuplot: %s", strerror(-ret));
	} else if (status) {
		line = said ? said + strspn(said, "\n\r\t ^") : NULL;
		ret = problem_set(problem, "gnuplot: %.*s",
				  line ? (int)strcspn(line, "\n") : 0,
				  line ? line : "");
	}
	free(said);
	return ret ? -EINVAL : 0;
}
