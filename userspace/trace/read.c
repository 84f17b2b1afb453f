// SPDX-License-Identifier: GPL-2.0
/*
 * Reading rtlat's events out of a trace.dat.
 *
 * libtracecmd reads in a child process that sends what it finds through a
 * pipe: a file that makes the library crash, hang or talk costs one line here.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace/check.h"
#include "trace/message.h"

static int dispatch(const char *path, const struct message *message,
		    const struct trace_sink *sink, struct problem *problem)
{
	switch (message->type) {
	case MSG_SAMPLE:
		return sink->sample(sink->data, &message->u.sample, problem);
	case MSG_RUN:
		return sink->run(sink->data, message->u.run.run,
				 message->u.run.phase, message->u.run.text,
				 problem);
	case MSG_MISSED:
		sink->missed(sink->data);
		return 0;
	case MSG_RAW:
		if (sink->raw)
			sink->raw(sink->data, &message->u.raw);
		return 0;
	case MSG_PROBLEM:
		return problem_set(problem, "%s: %.*s", path,
				   (int)sizeof(message->u.problem) - 1,
				   message->u.problem);
	}
	return problem_set(problem, "%s: damaged", path);
}

/* Messages up to MSG_END; what breaks off before it is not whole. */
static int receive(const char *path, FILE *from, const struct trace_sink *sink,
		   struct problem *problem)
{
	struct message message;
	int ret = 0;

	memset(&message, 0, sizeof(message));
	while (!ret) {
		if (fread(&message, MSG_HEAD, 1, from) != 1 ||
		    message.len > sizeof(message.u) ||
		    (message.len && fread(&message.u, message.len, 1, from) != 1))
			return problem_set(problem,
				"%s: damaged: libtracecmd cannot read it to its end",
				path);
		if (message.type == MSG_END)
			return 0;
		ret = dispatch(path, &message, sink, problem);
	}
	return ret;
}

/* Fork a child that reads for us; NULL: what it writes cannot be read. */
static FILE *child_start(const char *path, const struct trace_sink *sink,
			 bool open_pages, pid_t *pid, struct problem *problem)
{
	int pipes[2];
	FILE *from;

	if (pipe2(pipes, O_CLOEXEC)) {
		problem_set(problem, "pipe: %s", strerror(errno));
		return NULL;
	}
	fflush(NULL);
	*pid = fork();
	if (*pid < 0) {
		problem_set(problem, "fork: %s", strerror(errno));
		close(pipes[0]);
		close(pipes[1]);
		return NULL;
	}
	if (!*pid) {
		close(pipes[0]);
		trace_child(path, pipes[1], sink, open_pages);
	}
	close(pipes[1]);
	from = fdopen(pipes[0], "r");
	if (!from)
		problem_set(problem, "fdopen: %s", strerror(errno));
	return from;
}

/* Its exit status; after an error it need not finish. */
static int child_end(pid_t pid, FILE *from, bool failed)
{
	int status = 0;

	if (from)
		fclose(from);
	if (failed)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/**
 * trace_formats_read - how the records of a trace.dat are taken apart
 * @path: the trace.dat
 * @open_pages: open the pages, too: of format 7 they are uncompressed for it
 * @formats: receives it
 *
 * libtracecmd and libtraceevent read all of the file but its pages, in the
 * same child, and with the same limits, as for trace_read().
 *
 * Return: 0; -EINVAL: trace_read() knows what is wrong.
 */
int trace_formats_read(const char *path, bool open_pages,
		       struct trace_formats *formats)
{
	struct problem problem = { "" };
	struct message message;
	FILE *from;
	pid_t pid = -1;
	int ret = -EINVAL;

	from = child_start(path, NULL, open_pages, &pid, &problem);
	if (pid < 0)
		return ret;
	memset(&message, 0, sizeof(message));
	if (from && fread(&message, MSG_HEAD, 1, from) == 1 &&
	    message.type == MSG_FORMATS &&
	    fread(&message.u.formats, sizeof(message.u.formats), 1, from) == 1) {
		*formats = message.u.formats;
		if (fread(&message, MSG_HEAD, 1, from) == 1 &&
		    message.type == MSG_END)
			ret = 0;
	}
	return child_end(pid, from, ret) ? -EINVAL : ret;
}

/**
 * trace_read - read rtlat's events
 * @path: the trace.dat
 * @sink: receives them
 * @problem: receives what is wrong, in one line that names the file
 *
 * Return: 0 or -errno.
 */
int trace_read(const char *path, const struct trace_sink *sink,
	       struct problem *problem)
{
	pid_t pid = -1;
	FILE *from;
	int ret;

	ret = trace_check(path, problem);
	if (ret)
		return ret;
	from = child_start(path, sink, true, &pid, problem);
	if (pid < 0)
		return -EIO;
	ret = from ? receive(path, from, sink, problem) : -ENOMEM;
	if (child_end(pid, from, ret) && !ret)
		ret = problem_set(problem,
				  "%s: damaged: libtracecmd failed on it", path);
	return ret;
}
