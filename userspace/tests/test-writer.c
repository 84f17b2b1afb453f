// SPDX-License-Identifier: GPL-2.0
/* The writer of trace.dat: made-up pages of two CPUs, read by libtracecmd. */

#include "test.h"

#include "made-trace.h"
#include "trace/run.h"

#define NR_SAMPLES	20

static void put_sample(struct made_stream *stream, u64 ts, u16 cpu, u64 seq, u64 duration_ns)
{
	const struct sample sample = {
		.seq = seq, .duration_ns = duration_ns, .cpu = cpu,
		.metric = RTLAT_IPI_LATENCY,
	};

	made_sample(stream, ts, &sample);
}

/* Two CPUs with samples of 100, 101, ... ns; CPU 1 lacks number @hole. */
static void write_trace(const char *dir, uint64_t hole, const char *name)
{
	struct made_stream streams[3] = { 0 };
	uint64_t i;
	size_t len;
	char *file;

	made_line(&streams[0], 1000, 9, RTLAT_PHASE_BEGIN,
		  "abi=" RTLAT_ABI_STR " state=running run=9");
	for (i = 0; i < NR_SAMPLES; i++) {
		put_sample(&streams[0], 1001 + i, 0, i, 100 + i);
		if (i != hole)
			put_sample(&streams[1], 2001 + i, 1, i, 200 + i);
	}
	file = made_trace(streams, 3, &len);
	write_file(dir, name, file, len);
	free(file);
	made_free(streams, 3);
}

static void read_back(uint64_t hole, uint64_t traced, uint64_t lost)
{
	char *dir = temp_dir();
	char *path = xasprintf("%s/made.dat", dir);
	struct problem problem = { "" };
	const struct metric_report *metric;
	struct run_report report;
	struct trace_run *run;

	write_trace(dir, hole, "made.dat");
	run = trace_run_load(path, 0, &problem);
	assert_string_equal(problem.text, "");
	assert_non_null(run);
	assert_int_equal(run->number, 9);
	assert_true(run->begun);
	assert_false(run->ended);
	run_report_make(&report, run);
	metric = &report.metric[RTLAT_IPI_LATENCY];
	assert_int_equal(metric->traced, traced);
	assert_int_equal(metric->lost, lost);
	assert_int_equal(metric->top[0].duration_ns, 219);
	assert_int_equal(metric->top[9].duration_ns, hole == 15 ? 209 : 210);
	assert_int_equal(metric->top[0].cpu, 1);
	/* without the run's end there is nothing to agree with */
	assert_false(report.agree);
	run_report_free(&report);
	trace_run_free(run);
	remove_tree(dir);
	free(path);
	free(dir);
}

static void two_cpus(void **state)
{
	(void)state;
	read_back(UINT64_MAX, 2 * NR_SAMPLES, 0);
}

static void a_gap_is_a_lost_record(void **state)
{
	(void)state;
	read_back(15, 2 * NR_SAMPLES - 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cpus),
		cmocka_unit_test(a_gap_is_a_lost_record),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
