// SPDX-License-Identifier: GPL-2.0
/* rtlat tick: wake up periodically until interrupted. */

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "cmd/options.h"
#include "rtlat.h"

/* Next to nothing of a housekeeping CPU, and below what tasks' periods are. */
#define DEFAULT_INTERVAL_US	"100"

enum {
	OPT_INTERVAL = 0x100,
};

static const struct argp_option options[] = {
	{ "interval-us", OPT_INTERVAL, "US", 0,
	  "time between two wake-ups (default: " DEFAULT_INTERVAL_US ")", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	u64 *interval_us = state->input;

	switch (key) {
	case OPT_INTERVAL:
		*interval_us = need_number(state, "--interval-us", arg, 10, 1000000);
		return 0;
	case ARGP_KEY_ARG:
		refuse_argument("tick", arg);
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Wake up periodically until interrupted, on the CPU that it is started on\n"
	       "(taskset -c). A kernel moves a timer from a CPU with nohz_full= to a\n"
	       "housekeeping CPU only when that has a timer which is due before\n"
	       "(hrtimer_check_target() of kernel/time/hrtimer.c); a guest's timers are moved, and\n"
	       "then posted, as far as this is the one.",
};

/* At least so far ahead of now, in whole intervals of the first. */
static void advance(struct timespec *next, u64 interval_us)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	do {
		next->tv_nsec += (long)(interval_us % 1000000 * 1000);
		next->tv_sec += (time_t)(interval_us / 1000000) +
				next->tv_nsec / 1000000000;
		next->tv_nsec %= 1000000000;
	} while (next->tv_sec < now.tv_sec ||
		 (next->tv_sec == now.tv_sec && next->tv_nsec <= now.tv_nsec));
}

int cmd_tick(int argc, char **argv)
{
	struct timespec next;
	u64 interval_us;
	int ret;

	parse_u64(DEFAULT_INTERVAL_US, &interval_us);
	argp_parse(&argp, argc, argv, 0, NULL, &interval_us);
	catch_stop_signals();
	/* due when it is due: the slack of others is 50 us */
	prctl(PR_SET_TIMERSLACK, 1UL);
	clock_gettime(CLOCK_MONOTONIC, &next);
	while (!stop_wanted()) {
		advance(&next, interval_us);
		ret = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
		if (ret && ret != EINTR) {
			complain("cannot sleep: %s", strerror(ret));
			return RTLAT_EXIT_ERROR;
		}
	}
	return RTLAT_EXIT_OK;
}
