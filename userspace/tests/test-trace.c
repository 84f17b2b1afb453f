// SPDX-License-Identifier: GPL-2.0
/* Traces: golden ones, synthetic ones, and damaged ones. */

#include "test.h"

#include <errno.h>

#include "base/checksum.h"
#include "trace/check.h"
#include "trace/run.h"

static void golden_traces_agree(void **state)
{
	static const char *const names[] = { "timer", "queued", "ipi",
					     "taskset", "jobs" };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct output output;

		run_rtlat(&output, "report %s/%s", golden_dir(), names[i]);
		assert_non_null(strstr(output.text, "module and trace agree"));
		assert_int_equal(output.status, 0);
		free(output.text);
		run_rtlat(&output, "report --csv %s/%s/trace.dat", golden_dir(),
			  names[i]);
		assert_int_equal(output.status, 0);
		free(output.text);
		run_rtlat(&output, "report --json %s/%s/trace.dat", golden_dir(),
			  names[i]);
		assert_non_null(strstr(output.text, "\"agree\": true"));
		assert_int_equal(output.status, 0);
		free(output.text);
	}
}

static struct trace_run *load(const char *name)
{
	char *path = golden_path(name);
	struct problem problem = { "" };
	struct trace_run *run = trace_run_load(path, 0, &problem);

	assert_string_equal(problem.text, "");
	assert_non_null(run);
	free(path);
	return run;
}

static void sum_rule_of_queued_jobs(void **state)
{
	struct trace_run *run = load("queued/trace.dat");
	struct run_report report;

	(void)state;
	run_report_make(&report, run);
	assert_true(report.agree);
	assert_true(report.sum_checked > 0);
	assert_int_equal(report.sum_failed, 0);
	assert_true(report.figures->hist[RTLAT_THREAD_LATENCY][RTLAT_C_KEPT_QUEUED].n);
	run_report_free(&report);
	trace_run_free(run);
}

/* Change one sample of a good run: the report must not agree any more. */
static void disagree(void (*change)(struct trace_run *run), const char *says)
{
	struct trace_run *run = load("timer/trace.dat");
	struct run_report report;

	change(run);
	run_report_make(&report, run);
	assert_false(report.agree);
	if (!strstr(report.verdict.text, says))
		fail_msg("%s: not in: %s", says, report.verdict.text);
	run_report_free(&report);
	trace_run_free(run);
}

static struct sample *first(struct trace_run *run, unsigned int metric)
{
	size_t i;

	for (i = 0; i < run->nr; i++)
		if (run->samples[i].metric == metric)
			return &run->samples[i];
	fail();
	return NULL;
}

static void shorter_step(struct trace_run *run)
{
	first(run, RTLAT_CXS_OVERHEAD)->duration_ns--;
}

static void longer_maximum(struct trace_run *run)
{
	first(run, RTLAT_ARM_OVERHEAD)->duration_ns = 1000000;
}

static void other_class(struct trace_run *run)
{
	first(run, RTLAT_START_GAP)->flags ^= 1;
}

static void sample_twice(struct trace_run *run)
{
	struct sample *sample = first(run, RTLAT_START_GAP);
	size_t i = run->nr;

	while (i && run->samples[--i].metric != RTLAT_START_GAP)
		;
	run->samples[i] = *sample;
}

static void last_ones_gone(struct trace_run *run)
{
	run->nr -= 10;
}

static void changes_are_found(void **state)
{
	(void)state;
	disagree(shorter_step, "cxs_overhead");
	disagree(longer_maximum, "arm_overhead, kept: max");
	disagree(other_class, "start_gap, kept: n is");
	disagree(sample_twice, "twice");
	disagree(last_ones_gone, "the trace has");
}

static void lost_records_are_counted(void **state)
{
	struct trace_run *run = load("lost.dat");
	struct run_report report;
	unsigned int m;

	(void)state;
	run_report_make(&report, run);
	assert_true(report.agree);
	assert_non_null(strstr(report.verdict.text, "lost records"));
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		const u64 *line = run->module->ledger[m].line;

		assert_true(report.metric[m].traced + report.metric[m].lost <=
			    line[RTLAT_L_KEPT] + line[RTLAT_L_INTERRUPTED]);
	}
	assert_true(report.metric[RTLAT_EVENT_LATENCY].lost > 0);
	run_report_free(&report);
	trace_run_free(run);
}

static void other_run_is_refused(void **state)
{
	struct output output;

	(void)state;
	run_rtlat(&output, "report --run 77 %s/timer/trace.dat", golden_dir());
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "no run 77"));
	assert_int_equal(count_lines(output.text), 1);
	free(output.text);
}

static char *golden_bytes(const char *name, size_t *len)
{
	char *path = golden_path(name);
	char *data = read_text(path, len);

	assert_non_null(data);
	free(path);
	return data;
}

static void every_truncation_is_found(void **state)
{
	size_t len, cut;
	char *data = golden_bytes("timer/trace.dat", &len);

	(void)state;
	/* without the seal alone the file is still whole */
	for (cut = 0; cut < len - SEAL_LEN; cut++) {
		struct problem problem = { "" };

		assert_true(trace_check_bytes("t", data, cut, &problem) < 0);
		assert_null(strchr(problem.text, '\n'));
		assert_true(problem.text[0]);
	}
	free(data);
}

static void every_flip_is_found(void **state)
{
	size_t len, i;
	char *data = golden_bytes("timer/trace.dat", &len);
	u64 seed = 5;

	(void)state;
	for (i = 0; i < 300; i++) {
		size_t at = random_u64(&seed) % (len - SEAL_LEN);
		char bit = (char)(1 << random_u64(&seed) % 8);
		struct problem problem = { "" };

		data[at] ^= bit;
		assert_true(trace_check_bytes("t", data, len, &problem) < 0);
		data[at] ^= bit;
	}
	free(data);
}

/* One line, exit 1 or an honest report; never a signal. */
static void refuse(const char *dir, const char *data, size_t len)
{
	struct output output;

	write_file(dir, "bad.dat", data, len);
	run_rtlat(&output, "report %s/bad.dat", dir);
	assert_true(output.status == 1 || output.status == 0);
	if (output.status && !strstr(output.text, "clock:"))
		assert_int_equal(count_lines(output.text), 1);
	free(output.text);
}

static void foreign_files_are_refused(void **state)
{
	static const char *const bytes[] = {
		"", "x", "\x17\x08\x44", "\x17\x08\x44tracing", "\177ELF....",
		"PERFILE2hhhhhhhhhhh", "{\"schema\": 1}",
	};
	char *dir = temp_dir();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bytes); i++) {
		struct output output;

		write_file(dir, "bad.dat", bytes[i], strlen(bytes[i]));
		run_rtlat(&output, "report %s/bad.dat", dir);
		assert_int_equal(output.status, 1);
		assert_int_equal(count_lines(output.text), 1);
		assert_non_null(strstr(output.text, "bad.dat"));
		free(output.text);
	}
	run_rtlat((struct output[]) { { 0, NULL } }, "report %s", dir);
	remove_tree(dir);
	free(dir);
}

/* Without the seal, as trace-cmd writes it: only the library stands there. */
static void flips_without_a_seal(void **state)
{
	const char *rounds = getenv("RTLAT_FLIPS");
	u64 nr = 150, seed = 11, i;
	char *dir = temp_dir();
	size_t len;
	char *data = golden_bytes("timer/trace.dat", &len);

	(void)state;
	if (rounds)
		parse_u64(rounds, &nr);
	len -= SEAL_LEN;
	for (i = 0; i < nr; i++) {
		/* every other flip in the head, where sizes and formats are */
		size_t range = i & 1 ? 16384 : len;
		size_t at = random_u64(&seed) % range;
		char bit = (char)(1 << random_u64(&seed) % 8);

		data[at] ^= bit;
		refuse(dir, data, len);
		data[at] ^= bit;
	}
	free(data);
	remove_tree(dir);
	free(dir);
}

/* Put a text in place of another; what follows in the file stays where it is. */
static void swap_text(char *data, size_t len, const char *event, const char *old,
		      const char *new)
{
	char *format = memmem(data, len, event, strlen(event));
	char *at, *quote;

	assert_non_null(format);
	at = strstr(format, old);
	quote = strstr(format, "print fmt: \"");
	assert_true(at && quote && at < quote && strlen(new) >= strlen(old));
	/* the words of the print format give way */
	quote += strlen("print fmt: \"") + strlen(new) - strlen(old);
	memmove(at + strlen(new), at + strlen(old),
		(size_t)(quote - at) - strlen(new));
	memcpy(at, new, strlen(new));
}

/* Formats that place a field outside the record: never a figure made of it. */
static void fields_outside_of_records(void **state)
{
	static const char timer[] = "timer/trace.dat";
	static const char jobs[] = "jobs/trace.dat";
	static const struct {
		const char *file, *event, *old, *new, *says;
	} cases[] = {
		{ timer, "name: rtlat_sample", "offset:40;", "offset:99;",
		  "a sample lacks a field" },
		{ timer, "name: rtlat_sample", "offset:40;", "offset:4294967288;",
		  "a sample lacks a field" },
		{ timer, "name: rtlat_sample", "offset:40;", "offset:2147483646;",
		  "a sample lacks a field" },
		{ timer, "name: rtlat_run", "offset:12;", "offset:4294967288;",
		  "an rtlat_run event lacks a field" },
		{ jobs, "name: rtlat_job", "offset:224;", "offset:999;", "a job lacks a field" },
		{ jobs, "name: rtlat_job", "offset:224;", "offset:4294967280;",
		  "a job lacks a field" },
		{ jobs, "name: rtlat_job", "offset:72;", "offset:276;", "a job lacks a field" },
		{ jobs, "name: rtlat_job", "offset:274;", "offset:236;",
		  "of a metric that it cannot have" },
	};
	char *dir = temp_dir();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct output output;
		size_t len;
		char *data = golden_bytes(cases[i].file, &len);

		swap_text(data, len, cases[i].event, cases[i].old, cases[i].new);
		write_file(dir, "bad.dat", data, len - SEAL_LEN);
		run_rtlat(&output, "report %s/bad.dat", dir);
		if (!strstr(output.text, cases[i].says))
			fail_msg("%s: not in: %s", cases[i].says, output.text);
		assert_int_equal(output.status, 1);
		assert_int_equal(count_lines(output.text), 1);
		free(output.text);
		free(data);
	}
	remove_tree(dir);
	free(dir);
}

/* A page that says it is fuller than it is: found before the library reads it. */
static void pages_too_full(void **state)
{
	struct problem problem = { "" };
	uint32_t used = 4096 - 16 + 1;
	size_t len;
	char *data = golden_bytes("timer/trace.dat", &len);

	(void)state;
	len -= SEAL_LEN;
	memcpy(data + len - 4096 + 8, &used, sizeof(used));
	assert_int_equal(trace_check_bytes("t", data, len, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "holds 4081 bytes of 4080"));
	used--;
	memcpy(data + len - 4096 + 8, &used, sizeof(used));
	problem.text[0] = 0;
	assert_int_equal(trace_check_bytes("t", data, len, &problem), 0);
	free(data);
}

/* libtraceevent divides by zero when the print format of an event does. */
static void crash_of_the_library(void **state)
{
	struct output output;

	(void)state;
	run_rtlat(&output, "report %s/../../fuzz/corpus/trace/division-by-zero",
		  golden_dir());
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text,
			       "division-by-zero: damaged: libtracecmd cannot read it"));
	free(output.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_traces_agree),
		cmocka_unit_test(sum_rule_of_queued_jobs),
		cmocka_unit_test(changes_are_found),
		cmocka_unit_test(lost_records_are_counted),
		cmocka_unit_test(other_run_is_refused),
		cmocka_unit_test(every_truncation_is_found),
		cmocka_unit_test(every_flip_is_found),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(flips_without_a_seal),
		cmocka_unit_test(fields_outside_of_records),
		cmocka_unit_test(pages_too_full),
		cmocka_unit_test(crash_of_the_library),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
