/* SPDX-License-Identifier: GPL-2.0 */
/* Reading rtlat's events out of a trace.dat. */
#ifndef RTLAT_TRACE_READ_H
#define RTLAT_TRACE_READ_H

#include "raw.h"
#include "sample.h"
#include "util.h"

/**
 * struct trace_sink - what to do with the events, in the order of their time
 * @sample: called for each sample
 * @run: called for each rtlat:rtlat_run event
 * @missed: called when the ring buffer says that it lost records
 * @raw: called for each of the kernel's own events, and once more for each of
 *	rtlat's; NULL: they are not read
 * @data: for the callbacks
 *
 * The callbacks return 0, or -errno to end the reading.
 */
struct trace_sink {
	int (*sample)(void *data, const struct sample *sample,
		      struct problem *problem);
	int (*run)(void *data, u32 run, unsigned int phase, const char *text,
		   struct problem *problem);
	void (*missed)(void *data);
	void (*raw)(void *data, const struct raw_event *event);
	void *data;
};

int trace_read(const char *path, const struct trace_sink *sink,
	       struct problem *problem);

#endif /* RTLAT_TRACE_READ_H */
