// SPDX-License-Identifier: GPL-2.0
/* rtlat task: be a task of the run. */

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/options.h"
#include "rtlat.h"
#include "run/user-task.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	u32 *task = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (state->arg_num)
		argp_error(state, "too many arguments: %s", arg);
	*task = (u32)need_number(state, "TASK", arg, 0, RTLAT_ANY_TASK - 1);
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "[TASK]",
	.doc = "Be one task of the run that the module has started with task_kind=user:\n"
	       "TASK, or any that is free. The run begins when all its tasks are joined,\n"
	       "and this process ends with it. 'rtlat run' does this for all tasks.",
};

int cmd_task(int argc, char **argv)
{
	u32 task = RTLAT_ANY_TASK;
	struct rtlat_task_info info;
	int fd, ret;

	argp_parse(&argp, argc, argv, 0, NULL, &task);
	fd = user_task_join(task, &info);
	if (fd < 0)
		return RTLAT_EXIT_ERROR;
	fprintf(stderr, "rtlat: task %u: CPU %u, period %" PRIu64 " ns, execution %" PRIu64
		" ns\n", info.task, info.cpu, (u64)info.period_ns, (u64)info.exec_ns);
	ret = user_task_serve(fd, &info);
	close(fd);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
