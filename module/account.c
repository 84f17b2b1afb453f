// SPDX-License-Identifier: GPL-2.0
/*
 * Where samples go: ledger and histograms at once, the trace later.
 *
 * Samples are judged in interrupt, scheduler and task context; a trace record
 * written there would lie inside somebody's interval. So records wait in a
 * ring until a job that has nothing left to measure writes them.
 */

#include <linux/irqflags.h>

#include "account.h"
#include "run.h"
#include "trace.h"

/* Interrupts off, or nobody else writes. */
static __always_inline void rtlat_enter(struct rtlat_cpu *cpu,
					const struct rtlat_sample *sample)
{
	u64 seq;
	u32 in;

	cpu->ledger[sample->metric].line[sample->line]++;
	if (sample->line != RTLAT_L_KEPT && sample->line != RTLAT_L_INTERRUPTED)
		return;
	seq = cpu->sample_seq[sample->metric]++;
	rtlat_hist_add(cpu->hist[sample->metric][rtlat_class_of(sample->flags)],
		       sample->duration_ns, sample->start_ns, sample->task,
		       sample->job, sample->flags);
	rtlat_largest_add(&cpu->largest[sample->metric], sample);
	if (!trace_rtlat_sample_enabled() && !trace_rtlat_job_enabled())
		return;
	in = cpu->ring_in;
	/* pairs with the release in rtlat_account_flush(): the slot is free */
	if (in - smp_load_acquire(&cpu->ring_out) == RTLAT_RING) {
		cpu->ring_lost++;
		return;
	}
	cpu->ring[in % RTLAT_RING].sample = *sample;
	cpu->ring[in % RTLAT_RING].seq = seq;
	/* the record is whole before it can be taken out */
	smp_store_release(&cpu->ring_in, in + 1);
}

/**
 * rtlat_account - enter one outcome
 * @cpu: CPU to which it belongs
 * @sample: outcome
 *
 * Any context of that CPU but NMI, or of another one that is the only writer.
 */
void rtlat_account(struct rtlat_cpu *cpu, const struct rtlat_sample *sample)
{
	unsigned long flags;

	local_irq_save(flags);
	rtlat_enter(cpu, sample);
	local_irq_restore(flags);
}

/**
 * rtlat_account_all - enter the outcomes of a job
 * @cpu: CPU to which they belong
 * @samples: outcomes
 * @n: how many
 *
 * As rtlat_account(): a job's own thread calls it, and, with interrupts off, who
 * ends the job of a process that has died. Where they are on they are let in
 * between two outcomes: all of them together would be in the way of another
 * task's release.
 */
void rtlat_account_all(struct rtlat_cpu *cpu, const struct rtlat_sample *samples,
		       unsigned int n)
{
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < n; i++) {
		local_irq_save(flags);
		rtlat_enter(cpu, &samples[i]);
		local_irq_restore(flags);
	}
}

/**
 * rtlat_account_line - enter outcomes that are no samples
 * @cpu: CPU to which they belong
 * @metrics: bit mask of the metrics that get one
 * @line: outcome
 * @n: how many
 *
 * Context as rtlat_account().
 */
void rtlat_account_line(struct rtlat_cpu *cpu, u32 metrics,
			enum rtlat_line line, u64 n)
{
	unsigned long flags;
	unsigned int m;

	local_irq_save(flags);
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		if (metrics & (1U << m))
			cpu->ledger[m].line[line] += n;
	local_irq_restore(flags);
}

/* As many as go together, from @out on; returns which is the next one. */
static u32 rtlat_trace_job(const struct rtlat_cpu *cpu, u32 out, u32 in)
{
	struct rtlat_job_record job rtlat_uninitialized;

	rtlat_job_record_init(&job);
	while (out != in && rtlat_job_record_add(&job, &cpu->ring[out % RTLAT_RING]))
		out++;
	trace_rtlat_job(cpu->id, &job);
	return out;
}

/**
 * rtlat_account_flush - write waiting records into the trace
 * @cpu: CPU
 *
 * Process context. One at a time: a task that preempts another one here leaves
 * the rest to it.
 */
void rtlat_account_flush(struct rtlat_cpu *cpu)
{
	const bool jobs = cpu->run->cfg.trace_per == RTLAT_TRACE_PER_JOB;
	u32 out, in;

	if (cpu->ring_out == READ_ONCE(cpu->ring_in))
		return;
	if (test_and_set_bit_lock(0, &cpu->flushing))
		return;
	out = cpu->ring_out;
	/* pairs with the release in rtlat_enter(): the record is whole */
	while (out != (in = smp_load_acquire(&cpu->ring_in))) {
		if (jobs)
			out = rtlat_trace_job(cpu, out, in);
		else
			trace_rtlat_sample(cpu->id, &cpu->ring[out++ % RTLAT_RING]);
		/* the record was read before its slot is given back */
		smp_store_release(&cpu->ring_out, out);
	}
	clear_bit_unlock(0, &cpu->flushing);
}
