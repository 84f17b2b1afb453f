// SPDX-License-Identifier: GPL-2.0
/* Samples of a job that are traced together. Pure, see pure.h. */

#include "record.h"

/**
 * rtlat_job_record_init - begin with a record
 * @job: receives one without samples
 */
void rtlat_job_record_init(struct rtlat_job_record *job)
{
	memset(job, 0, sizeof(*job));
	/* RTLAT_NO_SAMPLE */
	memset(job->duration_ns, 0xff, sizeof(job->duration_ns));
}

/**
 * rtlat_job_record_add - put one more sample into the record, if it goes with the others
 * @job: the record
 * @record: the sample, of a metric that jobs have
 *
 * It does not when it is of another task or another job, or when there is one of
 * its metric already. Switches back to a job are not with its other samples, so
 * that the steps in a record are those of its release. The first one always goes.
 *
 * Return: whether it is in the record now.
 */
bool rtlat_job_record_add(struct rtlat_job_record *job,
			  const struct rtlat_record *record)
{
	const struct rtlat_sample *sample = &record->sample;
	const u32 metric = sample->metric, arm = 1U << RTLAT_ARM_OVERHEAD;
	const bool resumed = sample->flags & RTLAT_F_RESUMED;

	if (!job->samples) {
		job->task = sample->task;
		job->resumed = resumed;
	} else if (job->task != sample->task || job->resumed != resumed ||
		   job->samples & 1U << metric) {
		return false;
	}
	if (metric == RTLAT_ARM_OVERHEAD) {
		job->next_job = sample->job;
		/* where no other sample follows, that is the number there is */
		if (!job->samples)
			job->job = sample->job;
	} else if (!(job->samples & ~arm)) {
		job->job = sample->job;
	} else if (job->job != sample->job) {
		return false;
	}
	job->samples |= 1U << metric;
	job->duration_ns[metric] = (s64)sample->duration_ns;
	job->start_ns[metric] = sample->start_ns;
	job->seq[metric] = record->seq;
	job->flags[metric] = sample->flags;
	return true;
}
