/* SPDX-License-Identifier: GPL-2.0 */
/* One measured interval, and how it is shown. Pure. */
#ifndef RTLAT_SAMPLE_H
#define RTLAT_SAMPLE_H

#include <jansson.h>

#include "module/record.h"

/**
 * struct sample - one measured interval
 * @seq: number on this CPU and metric; only known to the trace
 * @start_ns: start of the interval
 * @duration_ns: its length
 * @job: job number
 * @task: task number
 * @flags: RTLAT_FLAGS
 * @cpu: where it was measured
 * @metric: enum rtlat_metric
 */
struct sample {
	u64 seq;
	u64 start_ns;
	u64 duration_ns;
	u32 job;
	u32 task;
	u32 flags;
	u16 cpu;
	u16 metric;
};

enum {
#define RTLAT_X(NAME, name, bit) RTLAT_FLAG_INDEX_##NAME,
	RTLAT_FLAGS(RTLAT_X)
#undef RTLAT_X
	NR_FLAGS
};

/**
 * struct flag_name - a flag of a sample
 * @bit: its bit
 * @name: its name
 */
struct flag_name {
	u32 bit;
	const char *name;
};

extern const struct flag_name flag_names[NR_FLAGS];

/**
 * sample_record - a sample as the module has it while it waits to be traced
 * @sample: sample
 *
 * Return: the record.
 */
static inline struct rtlat_record sample_record(const struct sample *sample)
{
	return (struct rtlat_record) {
		.sample = { .start_ns = sample->start_ns, .duration_ns = sample->duration_ns,
			    .flags = sample->flags, .task = sample->task, .job = sample->job,
			    .metric = sample->metric },
		.seq = sample->seq,
	};
}

char *flags_text(u32 flags);
json_t *sample_json(const struct sample *sample);

#endif /* RTLAT_SAMPLE_H */
