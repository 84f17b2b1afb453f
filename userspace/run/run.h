/* SPDX-License-Identifier: GPL-2.0 */
/* One run of the module, and its cell. */
#ifndef RTLAT_RUN_H
#define RTLAT_RUN_H

#include "results/cell.h"
#include "run/record-events.h"

/**
 * struct run_request - what to run
 * @config: the module's parameters, checked
 * @about: what is known of the platform
 * @out: folder of the cell, or NULL
 * @module: file to load, or NULL
 * @taskset: text that the module's file taskset must have, or NULL
 * @trace: keep trace.dat
 * @events: what else to record into it
 * @buffer_kib: trace buffer of each CPU, KiB; 0: as the run needs
 * @timeout_s: seconds; 0: made from the run's length
 */
struct run_request {
	const struct rtlat_config *config;
	const struct cell_about *about;
	const char *out;
	const char *module;
	char *taskset;
	bool trace;
	struct record_events events;
	u64 buffer_kib;
	u64 timeout_s;
};

int run_cell(const struct run_request *request);

u64 run_expected_ms(const struct rtlat_config *config);
u64 run_poll_ms(const struct rtlat_config *config, const char *clock,
		u64 elapsed_ms);

#endif /* RTLAT_RUN_H */
