/* SPDX-License-Identifier: GPL-2.0 */
/* Recording rtlat's trace events in an instance of our own. */
#ifndef RTLAT_RECORD_H
#define RTLAT_RECORD_H

#include "../module/params.h"
#include "util.h"

struct recorder;

/**
 * struct record_loss - what a recording lost, over all CPUs
 * @overrun: records overwritten before they were read
 * @dropped: records that found no room
 * @entries: records written to the file, as far as the kernel counts them
 */
struct record_loss {
	u64 overrun;
	u64 dropped;
	u64 entries;
};

struct recorder *recorder_start(const char *spool_dir, u64 buffer_kib);
int recorder_drain(struct recorder *recorder);
int recorder_stop(struct recorder *recorder, const char *path,
		  struct record_loss *loss);
void recorder_free(struct recorder *recorder);
u64 record_buffer_kib(const struct rtlat_config *config);

#endif /* RTLAT_RECORD_H */
