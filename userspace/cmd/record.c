// SPDX-License-Identifier: GPL-2.0
/* rtlat record: rtlat's trace events into a trace.dat. */

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmd/options.h"
#include "rtlat.h"
#include "run/record.h"

#define DRAIN_MS	100

struct arguments {
	const char *output;
	u64 buffer_kib;
	struct record_events events;
	char **command;
};

enum {
	OPT_RAW = 0x100,
	OPT_EVENT,
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "file to write (default: trace.dat)", 0 },
	{ "buffer-kib", 'b', "KIB", 0,
	  "trace buffer of each CPU (default: 8192, at most a quarter of the memory)",
	  0 },
	{ "raw", OPT_RAW, NULL, 0,
	  "the kernel's own events, too, from which 'rtlat recount' counts again; that costs time inside the intervals",
	  0 },
	{ "event", OPT_EVENT, "SYSTEM:EVENT", 0,
	  "that event, too; may be repeated", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'o':
		args->output = arg;
		return 0;
	case 'b':
		args->buffer_kib = need_number(state, "--buffer-kib", arg, 4,
					       16777216);
		return 0;
	case OPT_RAW:
		record_events_add_raw(&args->events);
		return 0;
	case OPT_EVENT:
		if (record_events_add(&args->events, arg))
			exit(RTLAT_EXIT_ERROR);
		return 0;
	case ARGP_KEY_ARG:
		args->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[-- COMMAND [ARGUMENT...]]",
	.doc = "Record the trace events of rtlat while COMMAND runs, or until interrupted.\n"
	       "\vThe events go to a tracefs instance of their own, which is removed in the\n"
	       "end. Records that are lost are counted and said.",
};

static pid_t start_command(char **command)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	execvp(command[0], command);
	complain("cannot run %s: %s", command[0], strerror(errno));
	_exit(127);
}

/* Until the command ends, or somebody asks us to. */
static int record_while(struct recorder *recorder, char **command)
{
	pid_t pid = command ? start_command(command) : 0;
	bool told = false;
	int status = 0, ret = 0;

	if (pid < 0) {
		complain("cannot start %s: %s", command[0], strerror(errno));
		return -EIO;
	}
	for (;;) {
		struct timespec pause = { 0, DRAIN_MS * 1000000L };

		nanosleep(&pause, NULL);
		if (!ret)
			ret = recorder_drain(recorder);
		if (!pid && (stop_wanted() || ret))
			break;
		if (pid && waitpid(pid, &status, WNOHANG) == pid)
			break;
		if (pid && !told && (stop_wanted() || ret)) {
			kill(pid, SIGTERM);
			told = true;
		}
	}
	if (!ret && pid && (!WIFEXITED(status) || WEXITSTATUS(status))) {
		complain("%s ended with %s %d", command[0],
			 WIFEXITED(status) ? "status" : "signal",
			 WIFEXITED(status) ? WEXITSTATUS(status) :
			 WTERMSIG(status));
		ret = 1;
	}
	return ret;
}

int cmd_record(int argc, char **argv)
{
	struct arguments args = { .output = "trace.dat" };
	struct record_loss loss;
	struct recorder *recorder;
	int ret, saved;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &args);
	if (!args.buffer_kib) {
		args.buffer_kib = record_limit_kib();
		if (args.buffer_kib > 8192)
			args.buffer_kib = 8192;
	}
	catch_stop_signals();
	recorder = recorder_start(args.output, args.buffer_kib, &args.events);
	if (!recorder) {
		record_events_free(&args.events);
		return RTLAT_EXIT_ERROR;
	}
	ret = record_while(recorder, args.command);
	if (ret >= 0) {
		saved = recorder_stop(recorder, &loss);
		if (!saved)
			fprintf(stderr, "rtlat: %s: %" PRIu64 " KiB of trace, %" PRIu64
				" records lost (overrun %" PRIu64 ", dropped %" PRIu64 ")\n",
				args.output, loss.bytes / 1024,
				loss.overrun + loss.dropped, loss.overrun,
				loss.dropped);
		if (saved)
			ret = saved;
	}
	recorder_free(recorder);
	record_events_free(&args.events);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
