/* SPDX-License-Identifier: GPL-2.0 */
/* The trace events: rtlat:rtlat_sample or rtlat:rtlat_job, and rtlat:rtlat_run. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM rtlat

#if !defined(RTLAT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define RTLAT_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "cpu.h"

/*
 * Names in the print formats come from the ABI's lists. The "?" closes a list:
 * the kernel's macros want no comma there.
 */
#undef RTLAT_DEFINE
#define RTLAT_DEFINE(NAME, name, starts, ends) TRACE_DEFINE_ENUM(RTLAT_##NAME);
RTLAT_METRICS(RTLAT_DEFINE)
TRACE_DEFINE_ENUM(RTLAT_NR_METRICS);
#undef RTLAT_DEFINE
#define RTLAT_DEFINE(NAME, name) TRACE_DEFINE_ENUM(RTLAT_PHASE_##NAME);
RTLAT_PHASES(RTLAT_DEFINE)
TRACE_DEFINE_ENUM(RTLAT_NR_PHASES);
#undef RTLAT_DEFINE

#undef RTLAT_SYM
#define RTLAT_SYM(NAME, name, starts, ends) { RTLAT_##NAME, #name },
#undef RTLAT_PHASE_SYM
#define RTLAT_PHASE_SYM(NAME, name) { RTLAT_PHASE_##NAME, #name },
#undef RTLAT_FLAG_SYM
#define RTLAT_FLAG_SYM(NAME, name, bit) { 1U << (bit), #name },

/**
 * rtlat_sample - one sample
 * @cpu: CPU on which it was measured
 * @rec: sample and its number
 */
TRACE_EVENT(rtlat_sample,

	TP_PROTO(unsigned int cpu, const struct rtlat_record *rec),

	TP_ARGS(cpu, rec),

	TP_STRUCT__entry(
		__field(u64, seq)
		__field(u64, start_ns)
		__field(u64, duration_ns)
		__field(u32, job)
		__field(u32, task)
		__field(u32, flags)
		__field(u16, cpu)
		__field(u16, metric)
	),

	TP_fast_assign(
		__entry->seq = rec->seq;
		__entry->start_ns = rec->sample.start_ns;
		__entry->duration_ns = rec->sample.duration_ns;
		__entry->job = rec->sample.job;
		__entry->task = rec->sample.task;
		__entry->flags = rec->sample.flags;
		__entry->cpu = cpu;
		__entry->metric = rec->sample.metric;
	),

	TP_printk("metric=%s cpu=%u task=%u job=%u start_ns=%llu duration_ns=%llu nested=%u flags=%s seq=%llu",
		  __print_symbolic(__entry->metric,
				   RTLAT_METRICS(RTLAT_SYM)
				   { RTLAT_NR_METRICS, "?" }),
		  __entry->cpu, __entry->task, __entry->job,
		  __entry->start_ns, __entry->duration_ns,
		  __entry->flags & 0xff,
		  __print_flags(__entry->flags & ~0xff, "|",
				RTLAT_FLAGS(RTLAT_FLAG_SYM)
				{ 1U << 31, "?" }),
		  __entry->seq)
);

/* A job's durations are fields of their own, so that a filter can ask for them. */
#undef RTLAT_JOB_FIELD
#define RTLAT_JOB_FIELD(NAME, name, starts, ends) __field(s64, name)
#undef RTLAT_JOB_ASSIGN
#define RTLAT_JOB_ASSIGN(NAME, name, starts, ends) \
		__entry->name = rec->duration_ns[RTLAT_##NAME];
#undef RTLAT_JOB_FORMAT
#define RTLAT_JOB_FORMAT(NAME, name, starts, ends) " " #name "=%lld"
#undef RTLAT_JOB_ARG
#define RTLAT_JOB_ARG(NAME, name, starts, ends) __entry->name,

/**
 * rtlat_job - samples of one job, with trace_per=job
 * @cpu: CPU on which they were measured
 * @rec: the samples
 *
 * 276 bytes; nine of rtlat_sample have 432, and room in the buffer is taken and
 * given nine times.
 */
TRACE_EVENT(rtlat_job,

	TP_PROTO(unsigned int cpu, const struct rtlat_job_record *rec),

	TP_ARGS(cpu, rec),

	TP_STRUCT__entry(
		RTLAT_METRICS_OF_JOB(RTLAT_JOB_FIELD)
		__array(u64, start_ns, RTLAT_NR_JOB_METRICS)
		__array(u64, seq, RTLAT_NR_JOB_METRICS)
		__array(u32, flags, RTLAT_NR_JOB_METRICS)
		__field(u32, job)
		__field(u32, next_job)
		__field(u32, task)
		__field(u16, cpu)
		__field(u16, samples)
	),

	TP_fast_assign(
		RTLAT_METRICS_OF_JOB(RTLAT_JOB_ASSIGN)
		memcpy(__entry->start_ns, rec->start_ns, sizeof(rec->start_ns));
		memcpy(__entry->seq, rec->seq, sizeof(rec->seq));
		memcpy(__entry->flags, rec->flags, sizeof(rec->flags));
		__entry->job = rec->job;
		__entry->next_job = rec->next_job;
		__entry->task = rec->task;
		__entry->cpu = cpu;
		__entry->samples = rec->samples;
	),

	TP_printk("cpu=%u task=%u job=%u"
		  RTLAT_METRICS_OF_JOB(RTLAT_JOB_FORMAT)
		  " next_job=%u samples=0x%x start_ns=%s seq=%s flags=%s",
		  __entry->cpu, __entry->task, __entry->job,
		  RTLAT_METRICS_OF_JOB(RTLAT_JOB_ARG)
		  __entry->next_job, __entry->samples,
		  __print_array(__entry->start_ns, RTLAT_NR_JOB_METRICS, 8),
		  __print_array(__entry->seq, RTLAT_NR_JOB_METRICS, 8),
		  __print_array(__entry->flags, RTLAT_NR_JOB_METRICS, 4))
);

/**
 * rtlat_run - a line about the run, so that a trace explains itself
 * @run: number of the run
 * @phase: enum rtlat_phase, what the line is
 * @text: the line
 */
TRACE_EVENT(rtlat_run,

	TP_PROTO(u32 run, u16 phase, const char *text),

	TP_ARGS(run, phase, text),

	TP_STRUCT__entry(
		__field(u32, run)
		__field(u16, phase)
		__dynamic_array(char, text, strlen(text) + 1)
	),

	TP_fast_assign(
		__entry->run = run;
		__entry->phase = phase;
		memcpy(__get_str(text), text, strlen(text) + 1);
	),

	TP_printk("run=%u phase=%s %s", __entry->run,
		  __print_symbolic(__entry->phase,
				   RTLAT_PHASES(RTLAT_PHASE_SYM)
				   { RTLAT_NR_PHASES, "?" }),
		  __get_str(text))
);

#endif /* RTLAT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
