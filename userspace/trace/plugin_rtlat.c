// SPDX-License-Identifier: GPL-2.0
/*
 * Plugin of libtraceevent: rtlat's samples and jobs as readable lines in trace-cmd
 * report, KernelShark and perf. The kernel's own print format needs no plugin,
 * but shows start_ns and duration_ns as bare numbers, and of a job the flags, too.
 */

#include <event-parse.h>
#include <string.h>
#include <trace-seq.h>

#include "base/util.h"
#include "module/record.h"
#include "trace/field.h"
#include "trace/plugin.h"

static const char *const metric_names[] = {
#define RTLAT_X(NAME, name, starts, ends) #name,
	RTLAT_METRICS(RTLAT_X)
#undef RTLAT_X
};

static const struct {
	unsigned long long bit;
	const char *name;
} flag_names[] = {
#define RTLAT_X(NAME, name, bit) { 1ULL << (bit), #name },
	RTLAT_FLAGS(RTLAT_X)
#undef RTLAT_X
};

/* " nested=2 from_idle" */
static void print_flags(struct trace_seq *seq, unsigned long long flags)
{
	size_t i;

	if (flags & RTLAT_NESTED_MASK)
		trace_seq_printf(seq, " nested=%llu", flags & RTLAT_NESTED_MASK);
	for (i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (flags & flag_names[i].bit)
			trace_seq_printf(seq, " %s", flag_names[i].name);
}

/* A number of a record by the name of its field. */
static int number(struct tep_event *event, struct tep_record *record, const char *name,
		  unsigned long long *value)
{
	const struct tep_format_field *field = tep_find_field(event, name);

	return field ? field_number(field, record, value) : -1;
}

/* One of those that a job has for each metric. */
static int job_number(struct tep_event *event, struct tep_record *record, const char *name,
		      unsigned int metric, unsigned long long *value)
{
	const struct tep_format_field *field = tep_find_field(event, name);

	return field ? field_element(field, record, RTLAT_NR_JOB_METRICS, metric, value) : -1;
}

static int print_sample(struct trace_seq *seq, struct tep_record *record,
			struct tep_event *event, void *context)
{
	static const char *const names[] = {
		"metric", "cpu", "task", "job", "start_ns", "duration_ns",
		"flags", "seq",
	};
	unsigned long long v[ARRAY_SIZE(names)];
	size_t i;

	(void)context;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (number(event, record, names[i], &v[i]))
			return -1;
	if (v[0] < RTLAT_NR_METRICS)
		trace_seq_printf(seq, "%-16s", metric_names[v[0]]);
	else
		trace_seq_printf(seq, "metric %-9llu", v[0]);
	trace_seq_printf(seq, " %9llu ns  cpu=%llu task=%llu job=%llu start=%llu.%09llu",
			 v[5], v[1], v[2], v[3], v[4] / 1000000000,
			 v[4] % 1000000000);
	print_flags(seq, v[6]);
	trace_seq_printf(seq, " seq=%llu", v[7]);
	return 0;
}

/* All durations in a line, each with what its flags say. */
static int print_job(struct trace_seq *seq, struct tep_record *record,
		     struct tep_event *event, void *context)
{
	unsigned long long cpu, task, job, samples, value, flags;
	unsigned int i;

	(void)context;
	if (number(event, record, "cpu", &cpu) ||
	    number(event, record, "task", &task) ||
	    number(event, record, "job", &job) ||
	    number(event, record, "samples", &samples))
		return -1;
	trace_seq_printf(seq, "cpu=%llu task=%llu job=%llu", cpu, task, job);
	for (i = 0; i < RTLAT_NR_JOB_METRICS; i++) {
		if (!(samples & 1U << i))
			continue;
		if (number(event, record, metric_names[i], &value) ||
		    job_number(event, record, "flags", i, &flags))
			return -1;
		trace_seq_printf(seq, "  %s %llu ns", metric_names[i], value);
		print_flags(seq, flags);
	}
	if (!(samples & 1U << RTLAT_RELEASE_LATENCY))
		return 0;
	if (job_number(event, record, "start_ns", RTLAT_RELEASE_LATENCY, &value))
		return -1;
	trace_seq_printf(seq, "  expiry=%llu.%09llu", value / 1000000000,
			 value % 1000000000);
	return 0;
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	tep_register_event_handler(tep, -1, "rtlat", "rtlat_sample",
				   print_sample, NULL);
	tep_register_event_handler(tep, -1, "rtlat", "rtlat_job", print_job, NULL);
	return 0;
}

void TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	tep_unregister_event_handler(tep, -1, "rtlat", "rtlat_sample",
				     print_sample, NULL);
	tep_unregister_event_handler(tep, -1, "rtlat", "rtlat_job", print_job, NULL);
}
