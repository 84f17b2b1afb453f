// SPDX-License-Identifier: GPL-2.0
/* From the stamps of one release to its samples. Pure, see pure.h. */

#include "intervals.h"

/**
 * rtlat_interval - judge one interval
 * @sample: in: metric, task, job and flags; out: the rest
 * @from: start
 * @to: end
 * @overlap: RTLAT_SEQ_* of interrupts seen in the interval that the difference
 *	of the two stamps' own counts does not hold
 */
void rtlat_interval(struct rtlat_sample *sample, const struct rtlat_stamp *from,
		    const struct rtlat_stamp *to, u64 overlap)
{
	u64 seq = to->seq - from->seq + overlap;
	u32 nested = (u32)seq;

	sample->start_ns = from->ns;
	sample->duration_ns = 0;
	if (from->ns == RTLAT_UNSEEN || to->ns == RTLAT_UNSEEN) {
		sample->line = RTLAT_L_NO_START;
		return;
	}
	if (to->ns < from->ns) {
		sample->line = RTLAT_L_NONMONOTONIC;
		return;
	}
	sample->duration_ns = to->ns - from->ns;
	if (seq >> 32)
		sample->flags |= RTLAT_F_NMI;
	sample->flags |= nested < RTLAT_NESTED_MASK ? nested : RTLAT_NESTED_MASK;
	sample->line = nested ? RTLAT_L_INTERRUPTED : RTLAT_L_KEPT;
}

static struct rtlat_sample *rtlat_sample_init(struct rtlat_sample *sample,
					      const struct rtlat_release *rel,
					      enum rtlat_metric metric, u32 flags)
{
	sample->metric = metric;
	sample->task = rel->task;
	sample->job = rel->job;
	sample->flags = rel->flags & flags;
	return sample;
}

/*
 * An interval that starts at the programmed expiry. The count of interrupts at
 * the expiry is not known, nobody ran then; @overlap stands in for the stretch
 * from there to the interrupt's entry.
 */
static void rtlat_from_expiry(struct rtlat_sample *sample,
			      const struct rtlat_release *rel,
			      const struct rtlat_stamp *to)
{
	const bool isr_seen = rel->isr.ns != RTLAT_UNSEEN;
	struct rtlat_stamp expiry = {
		.ns = rel->expiry_ns,
		.seq = isr_seen ? rel->isr.seq : rel->cb_in.seq,
	};

	rtlat_interval(sample, &expiry, to, rel->overlap);
	if (rel->migrated_timer)
		sample->line = RTLAT_L_MIGRATED;
	else if (isr_seen && rel->isr.ns < rel->expiry_ns)
		/* Served late by an interrupt that ran already. */
		sample->line = RTLAT_L_COALESCED;
}

/**
 * rtlat_intervals_timer - event_latency and release_latency
 * @rel: release with everything up to @cb_in
 * @out: receives the samples
 *
 * Of their own because a release that finds its job still running has these
 * two and no others.
 *
 * Return: number of samples, 2.
 */
unsigned int rtlat_intervals_timer(const struct rtlat_release *rel,
				   struct rtlat_sample *out)
{
	rtlat_from_expiry(rtlat_sample_init(&out[0], rel, RTLAT_EVENT_LATENCY,
					    RTLAT_F_USER), rel, &rel->isr);
	rtlat_from_expiry(rtlat_sample_init(&out[1], rel, RTLAT_RELEASE_LATENCY,
					    RTLAT_F_USER), rel, &rel->cb_in);
	return 2;
}

/**
 * rtlat_intervals_switch - sched_overhead and cxs_overhead of a switch
 * @rel: release with @sched, @swtch and @cxs
 * @out: receives the samples
 *
 * Return: number of samples: 2, or 0 when no switch was seen (none was
 * attempted then).
 */
unsigned int rtlat_intervals_switch(const struct rtlat_release *rel,
				    struct rtlat_sample *out)
{
	const u32 flags = RTLAT_F_USER | RTLAT_F_FROM_IDLE | RTLAT_F_RESUMED |
			  RTLAT_F_BLOCKED;

	if (rel->swtch.ns == RTLAT_UNSEEN)
		return 0;
	rtlat_interval(rtlat_sample_init(&out[0], rel, RTLAT_SCHED_OVERHEAD,
					 flags), &rel->sched, &rel->swtch, 0);
	rtlat_interval(rtlat_sample_init(&out[1], rel, RTLAT_CXS_OVERHEAD,
					 flags), &rel->swtch, &rel->cxs, 0);
	return 2;
}

/**
 * rtlat_intervals_job - all samples of a release whose job started
 * @rel: complete release
 * @out: room for RTLAT_RELEASE_SAMPLES
 *
 * Return: number of samples.
 */
unsigned int rtlat_intervals_job(const struct rtlat_release *rel,
				 struct rtlat_sample *out)
{
	const u32 flags = RTLAT_F_USER | RTLAT_F_FROM_IDLE | RTLAT_F_QUEUED;
	unsigned int n = rtlat_intervals_timer(rel, out);
	unsigned int first = n;
	unsigned int i;

	rtlat_interval(rtlat_sample_init(&out[n++], rel, RTLAT_RELEASE_OVERHEAD,
					 RTLAT_F_USER),
		       &rel->cb_in, &rel->cb_out, 0);
	rtlat_interval(rtlat_sample_init(&out[n++], rel, RTLAT_WAKE_GAP, flags),
		       &rel->cb_out, &rel->sched, 0);
	rtlat_interval(rtlat_sample_init(&out[n++], rel, RTLAT_START_GAP,
					 flags & ~RTLAT_F_QUEUED),
		       &rel->cxs, &rel->start, 0);
	rtlat_from_expiry(rtlat_sample_init(&out[n++], rel,
					    RTLAT_THREAD_LATENCY, flags),
			  rel, &rel->start);
	if (rel->migrated_timer)
		out[first].line = RTLAT_L_MIGRATED;
	if (rel->migrated_timer || rel->migrated_job)
		for (i = first + 1; i < n; i++)
			out[i].line = RTLAT_L_MIGRATED;
	return n + rtlat_intervals_switch(rel, &out[n]);
}

/**
 * rtlat_intervals_sum - do the steps sum to the whole
 * @samples: samples of one release
 * @n: how many
 *
 * Return: 1 they do, 0 they do not, -1 not to be said: a step is missing or
 * the job queued.
 */
int rtlat_intervals_sum(const struct rtlat_sample *samples, unsigned int n)
{
	const u32 steps = 1U << RTLAT_RELEASE_LATENCY |
			  1U << RTLAT_RELEASE_OVERHEAD | 1U << RTLAT_WAKE_GAP |
			  1U << RTLAT_SCHED_OVERHEAD | 1U << RTLAT_CXS_OVERHEAD |
			  1U << RTLAT_START_GAP;
	const u32 whole = 1U << RTLAT_THREAD_LATENCY;
	u64 step_sum_ns = 0, whole_ns = 0;
	u32 seen = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		u32 bit = 1U << samples[i].metric;

		if (samples[i].line != RTLAT_L_KEPT &&
		    samples[i].line != RTLAT_L_INTERRUPTED)
			continue;
		if (samples[i].flags & RTLAT_F_QUEUED)
			return -1;
		seen |= bit;
		if (bit & steps)
			step_sum_ns += samples[i].duration_ns;
		else if (bit & whole)
			whole_ns = samples[i].duration_ns;
	}
	if ((seen & (steps | whole)) != (steps | whole))
		return -1;
	return step_sum_ns == whole_ns;
}
