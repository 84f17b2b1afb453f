/* SPDX-License-Identifier: GPL-2.0 */
/* Reading rtlat's events out of a trace.dat. */
#ifndef RTLAT_TRACE_READ_H
#define RTLAT_TRACE_READ_H

#include "base/util.h"
#include "module/record.h"
#include "trace/raw.h"
#include "trace/sample.h"

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

/**
 * struct trace_field - where a number is in a record
 * @offset: bytes from the record's beginning
 * @size: bytes
 */
struct trace_field {
	u32 offset;
	u32 size;
};

/* The fields of rtlat_sample: X(NAME, name, bytes) */
#define TRACE_SAMPLE_FIELDS(X)	\
	X(SEQ, seq, 8)			\
	X(START, start_ns, 8)		\
	X(DURATION, duration_ns, 8)	\
	X(JOB, job, 4)			\
	X(TASK, task, 4)		\
	X(FLAGS, flags, 4)		\
	X(CPU, cpu, 2)			\
	X(METRIC, metric, 2)

enum trace_sample_field {
#define RTLAT_X(NAME, name, bytes) TRACE_F_##NAME,
	TRACE_SAMPLE_FIELDS(RTLAT_X)
#undef RTLAT_X
	TRACE_NR_FIELDS
};

/* Those of rtlat_job beside its durations, which have names of metrics */
#define TRACE_JOB_FIELDS(X)	\
	X(START, start_ns, 8 * RTLAT_NR_JOB_METRICS)	\
	X(SEQ, seq, 8 * RTLAT_NR_JOB_METRICS)		\
	X(FLAGS, flags, 4 * RTLAT_NR_JOB_METRICS)	\
	X(JOB, job, 4)			\
	X(NEXT_JOB, next_job, 4)	\
	X(TASK, task, 4)		\
	X(CPU, cpu, 2)			\
	X(SAMPLES, samples, 2)

enum trace_job_field {
#define RTLAT_X(NAME, name, bytes) TRACE_J_##NAME,
	TRACE_JOB_FIELDS(RTLAT_X)
#undef RTLAT_X
	TRACE_NR_JOB_FIELDS
};

/* The number of an event that the file does not have. */
#define TRACE_NO_EVENT	(-1)

/**
 * struct trace_formats - how a file's records are taken apart
 * @sample_id: number of the event rtlat_sample, or TRACE_NO_EVENT
 * @job_id: number of the event rtlat_job, or TRACE_NO_EVENT
 * @run_id: number of the event rtlat_run
 * @sample: fields of rtlat_sample
 * @job: fields of rtlat_job
 * @job_ns: its durations, by metric
 * @run: fields of rtlat_run: the run's number, its phase, where its text is
 * @nr_instances: buffers beside the first
 * @plain: the pages are those of a 64-bit kernel, a record begins with the
 *	16-bit number of its event, and the text is an ordinary dynamic array
 */
struct trace_formats {
	s64 sample_id;
	s64 job_id;
	s64 run_id;
	struct trace_field sample[TRACE_NR_FIELDS];
	struct trace_field job[TRACE_NR_JOB_FIELDS];
	struct trace_field job_ns[RTLAT_NR_JOB_METRICS];
	struct trace_field run[3];
	u32 nr_instances;
	u32 plain;
};

int trace_formats_read(const char *path, bool open_pages,
		       struct trace_formats *formats);
int trace_read(const char *path, const struct trace_sink *sink,
	       struct problem *problem);

#endif /* RTLAT_TRACE_READ_H */
