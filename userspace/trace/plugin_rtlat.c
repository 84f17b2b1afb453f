// SPDX-License-Identifier: GPL-2.0
/*
 * Plugin of libtraceevent: rtlat's samples as readable lines in trace-cmd
 * report, KernelShark and perf. The kernel's own print format needs no plugin,
 * but shows start_ns and duration_ns as bare numbers.
 */

#include <event-parse.h>
#include <string.h>
#include <trace-seq.h>

#include "base/util.h"
#include "module/pure.h"
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
		if (tep_get_field_val(seq, event, names[i], record, &v[i], 1))
			return -1;
	if (v[0] < RTLAT_NR_METRICS)
		trace_seq_printf(seq, "%-16s", metric_names[v[0]]);
	else
		trace_seq_printf(seq, "metric %-9llu", v[0]);
	trace_seq_printf(seq, " %9llu ns  cpu=%llu task=%llu job=%llu start=%llu.%09llu",
			 v[5], v[1], v[2], v[3], v[4] / 1000000000,
			 v[4] % 1000000000);
	if (v[6] & RTLAT_NESTED_MASK)
		trace_seq_printf(seq, " nested=%llu", v[6] & RTLAT_NESTED_MASK);
	for (i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (v[6] & flag_names[i].bit)
			trace_seq_printf(seq, " %s", flag_names[i].name);
	trace_seq_printf(seq, " seq=%llu", v[7]);
	return 0;
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	tep_register_event_handler(tep, -1, "rtlat", "rtlat_sample",
				   print_sample, NULL);
	return 0;
}

void TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	tep_unregister_event_handler(tep, -1, "rtlat", "rtlat_sample",
				     print_sample, NULL);
}
