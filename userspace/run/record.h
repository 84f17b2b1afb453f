/* SPDX-License-Identifier: GPL-2.0 */
/* Recording rtlat's trace events in a tracefs instance of our own. */
#ifndef RTLAT_RUN_RECORD_H
#define RTLAT_RUN_RECORD_H

#include "base/util.h"
#include "module/params.h"
#include "run/record-events.h"

struct recorder;

/**
 * struct record_loss - what a recording lost, over all CPUs
 * @overrun: records overwritten before they were read
 * @dropped: records that found no room
 * @bytes: ring buffer pages that were saved
 */
struct record_loss {
	u64 overrun;
	u64 dropped;
	u64 bytes;
};

struct recorder *recorder_start(const char *path, u64 buffer_kib,
				const struct record_events *events);
int recorder_drain(struct recorder *recorder);
int recorder_stop(struct recorder *recorder, struct record_loss *loss);
void recorder_free(struct recorder *recorder);
u64 record_need_kib(const struct rtlat_config *config,
		    const struct record_events *events);
u64 record_limit_kib(void);

#endif /* RTLAT_RUN_RECORD_H */
