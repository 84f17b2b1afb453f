/* SPDX-License-Identifier: GPL-2.0 */
/* What is traced: single samples, or those of a job together. Pure, see pure.h. */
#ifndef RTLAT_RECORD_H
#define RTLAT_RECORD_H

#include "intervals.h"

/* What a job can have a sample of: all metrics up to those of IPIs. */
#define RTLAT_NR_JOB_METRICS	RTLAT_IPI_LATENCY
/* The duration of a metric of which the record has no sample. */
#define RTLAT_NO_SAMPLE		((s64)-1)

/**
 * struct rtlat_record - a sample waiting to be traced
 * @sample: sample
 * @seq: its number on this CPU and metric
 */
struct rtlat_record {
	struct rtlat_sample sample;
	u64 seq;
};

/**
 * struct rtlat_job_record - samples of one job that are traced together
 * @task: task number
 * @job: job number
 * @next_job: that of the release to which arm_overhead belongs: the job arms it
 * @samples: bit per enum rtlat_metric: there is a sample of it
 * @resumed: they are of a switch back to the job; it is in their flags, too
 * @duration_ns: by metric; RTLAT_NO_SAMPLE where there is none
 * @start_ns: by metric, as the next two
 * @seq: number of the sample on its CPU and metric
 * @flags: RTLAT_F_* and the number of nested interrupts
 */
struct rtlat_job_record {
	u32 task;
	u32 job;
	u32 next_job;
	u16 samples;
	bool resumed;
	s64 duration_ns[RTLAT_NR_JOB_METRICS];
	u64 start_ns[RTLAT_NR_JOB_METRICS];
	u64 seq[RTLAT_NR_JOB_METRICS];
	u32 flags[RTLAT_NR_JOB_METRICS];
};

void rtlat_job_record_init(struct rtlat_job_record *job);
bool rtlat_job_record_add(struct rtlat_job_record *job,
			  const struct rtlat_record *record);

#endif /* RTLAT_RECORD_H */
