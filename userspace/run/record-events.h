/* SPDX-License-Identifier: GPL-2.0 */
/* Events of the kernel that are recorded beside rtlat's own. */
#ifndef RTLAT_RECORD_EVENTS_H
#define RTLAT_RECORD_EVENTS_H

#include "base/util.h"
#include "run/trace-write.h"

struct tracefs_instance;

/**
 * struct record_events - events to record
 * @nr: how many
 * @name: SYSTEM:EVENT of each
 */
struct record_events {
	size_t nr;
	char **name;
};

int record_events_add(struct record_events *events, const char *name);
void record_events_add_raw(struct record_events *events);
void record_events_free(struct record_events *events);
int record_events_enable(const struct record_events *events,
			 struct tracefs_instance *instance);
struct trace_system *record_events_formats(const struct record_events *events,
					   uint32_t *nr);
char *record_events_symbols(const struct record_events *events);

#endif /* RTLAT_RECORD_EVENTS_H */
