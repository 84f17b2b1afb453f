// SPDX-License-Identifier: GPL-2.0
/* How long a run takes, and how often to look at it. Pure. */

#include "module/taskset.h"
#include "run/run.h"

/**
 * run_expected_ms - how long a run takes when nothing is late
 * @config: its parameters
 *
 * Return: milliseconds, rounded up; 0: it runs until it is stopped.
 */
u64 run_expected_ms(const struct rtlat_config *config)
{
	u64 period_us = config->interval_us;
	u32 i;

	if (config->duration_ms)
		return config->duration_ms;
	if (config->mode == RTLAT_MODE_TASKSET)
		period_us = RTLAT_PERIOD_MAX_US * config->period_percent / 100;
	if (config->mode == RTLAT_MODE_TIMER) {
		period_us = 0;
		for (i = 0; i < config->tasks; i++)
			if (rtlat_list_get(&config->period_us, i) > period_us)
				period_us = rtlat_list_get(&config->period_us, i);
	}
	return (config->count * period_us + 999) / 1000;
}

/**
 * run_poll_ms - how long to sleep before looking at the run again
 * @config: its parameters
 * @clock: of the cell
 * @elapsed_ms: since the start
 *
 * Where instructions are the clock, looking costs time that the run then
 * shows: there the whole run is slept through first.
 *
 * Return: milliseconds, at least 50.
 */
u64 run_poll_ms(const struct rtlat_config *config, const char *clock,
		u64 elapsed_ms)
{
	u64 expected_ms = run_expected_ms(config);
	u64 left_ms = expected_ms > elapsed_ms ? expected_ms - elapsed_ms : 0;
	u64 poll_ms = expected_ms / 50;

	if (!strcmp(clock, "instructions") && left_ms)
		return left_ms + 50;
	if (!expected_ms || poll_ms > 1000)
		poll_ms = 1000;
	if (left_ms && left_ms < poll_ms)
		poll_ms = left_ms;
	return poll_ms < 50 ? 50 : poll_ms;
}
