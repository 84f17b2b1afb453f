/* SPDX-License-Identifier: GPL-2.0 */
/* What the child that reads a trace.dat sends of it through a pipe. */
#ifndef RTLAT_TRACE_MESSAGE_H
#define RTLAT_TRACE_MESSAGE_H

#include "trace/read.h"

enum message_type {
	MSG_SAMPLE = 1,
	MSG_RUN,
	MSG_MISSED,
	MSG_PROBLEM,
	MSG_RAW,
	MSG_FORMATS,
	MSG_END,
};

struct message {
	u32 type;
	u32 len;
	union {
		struct sample sample;
		struct {
			u32 run;
			u32 phase;
			char text[RTLAT_LINE_MAX * 4];
		} run;
		char problem[RTLAT_LINE_MAX];
		struct raw_event raw;
		struct trace_formats formats;
	} u;
};

#define MSG_HEAD	offsetof(struct message, u)
#define RUN_HEAD	(offsetof(struct message, u.run.text) - MSG_HEAD)

_Noreturn void trace_child(const char *path, int to, const struct trace_sink *sink,
			   bool open_pages);

#endif /* RTLAT_TRACE_MESSAGE_H */
