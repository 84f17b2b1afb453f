// SPDX-License-Identifier: GPL-2.0
/* Runs counted again: a golden one, and changed ones. */

#include "test.h"

#include "recount/recount.h"
#include "run/record-events.h"
#include "trace/run.h"

static const struct recount_limits limits = {
	.percent = 1,
	.distance_ns = 1000,
};

/* Three tasks, 12 releases each: tests/make-golden.sh. */
#define JOBS	36

static struct trace_run *load(void)
{
	char *path = golden_path("raw.dat");
	struct problem problem = { "" };
	struct trace_run *run = trace_run_load_raw(path, 0, &problem);

	assert_string_equal(problem.text, "");
	assert_non_null(run);
	free(path);
	return run;
}

static void golden_run_agrees(void **state)
{
	struct trace_run *run = load();
	struct problem problem = { "" };
	struct recount recount;
	const struct recount_row *expiries, *switches;
	unsigned int i;

	(void)state;
	assert_int_equal(recount_make(&recount, run, &limits, &problem), 0);
	assert_false(recount_differs(&recount));
	assert_int_equal(recount.jobs, JOBS);
	expiries = recount_row(&recount, RTLAT_EVENT_LATENCY, "attempted");
	assert_int_equal(expiries->recounted.low, JOBS);
	switches = recount_row(&recount, RTLAT_SCHED_OVERHEAD, "attempted");
	/* a job was preempted, and the switch back to it counts, too */
	assert_true(switches->recounted.low > JOBS);
	assert_int_equal(switches->recounted.low, switches->recounted.high);
	for (i = 0; i < NR_BETWEEN; i++)
		assert_true(recount.interval[i].n > 0);
	recount_free(&recount);
	trace_run_free(run);
}

static void command_agrees(void **state)
{
	struct output output;

	(void)state;
	run_rtlat(&output, "recount %s/raw.dat", golden_dir());
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text, "14 counts, 0 differ"));
	assert_non_null(strstr(output.text, "thread_latency up to the switch"));
	free(output.text);
	run_rtlat(&output, "recount --counts %s/raw.dat", golden_dir());
	assert_int_equal(output.status, 0);
	assert_null(strstr(output.text, "thread_latency up to the switch"));
	free(output.text);
	/* the kernel takes its stamp some hundred instructions apart */
	run_rtlat(&output, "recount --distance 10 %s/raw.dat", golden_dir());
	assert_int_equal(output.status, 2);
	assert_non_null(strstr(output.text, "TOO FAR"));
	free(output.text);
}

/* Change a good run: the views must differ, and only in what was changed. */
static void differ(void (*change)(struct trace_run *run), u64 counts,
		   bool times, const char *remark)
{
	struct trace_run *run = load();
	struct problem problem = { "" };
	struct recount recount;

	change(run);
	assert_int_equal(recount_make(&recount, run, &limits, &problem), 0);
	assert_true(recount_differs(&recount));
	assert_int_equal(recount.counts_differ, counts);
	assert_int_equal(!!recount.times_differ, times);
	if (remark)
		assert_non_null(strstr(recount.remark, remark));
	else
		assert_null(recount.remark);
	recount_free(&recount);
	trace_run_free(run);
}

/* The n-th event of a kind, from 0. */
static struct raw_event *nth(struct trace_run *run, enum raw_kind kind,
			     unsigned int flags, unsigned int n)
{
	size_t i;

	for (i = 0; i < run->nr_raw; i++)
		if (run->raw[i].kind == kind &&
		    (run->raw[i].flags & flags) == flags && !n--)
			return &run->raw[i];
	fail();
	return NULL;
}

static void remove_event(struct trace_run *run, struct raw_event *event)
{
	size_t behind = run->nr_raw - (size_t)(event - run->raw) - 1;

	memmove(event, event + 1, behind * sizeof(*event));
	run->nr_raw--;
}

/* Puts another number for key= into the first ledger line of a metric. */
static void change_ledger(struct trace_run *run, const char *metric,
			  const char *key, const char *number)
{
	char *line = strstr(run->ledger, metric), *at, *text;

	assert_non_null(line);
	at = strstr(line, key);
	assert_non_null(at);
	at += strlen(key);
	*at = 0;
	text = xasprintf("%s%s%s", run->ledger, number,
			 at + 1 + strcspn(at + 1, " "));
	free(run->ledger);
	run->ledger = text;
}

static void switch_dropped(struct trace_run *run)
{
	change_ledger(run, "sched_overhead", " attempted=", "35");
}

static void release_doubled(struct trace_run *run)
{
	change_ledger(run, "event_latency", " attempted=", "37");
}

static void skipped_made_up(struct trace_run *run)
{
	change_ledger(run, "wake_gap", " skipped=", "1");
}

/* The first switch behind a release. */
static void switch_unseen(struct trace_run *run)
{
	struct raw_event *event = nth(run, RAW_EXPIRE_ENTRY, RAW_F_RELEASE, 3);

	while (event->kind != RAW_SWITCH)
		event++;
	remove_event(run, event);
}

static void expiry_moved(struct trace_run *run)
{
	nth(run, RAW_TIMER_START, RAW_F_RELEASE, 7)->expires_ns += 5;
}

static void all_callbacks_early(struct trace_run *run)
{
	size_t i;

	for (i = 0; i < run->nr_raw; i++)
		if (run->raw[i].kind == RAW_EXPIRE_ENTRY)
			run->raw[i].ns -= 5000;
}

/*
 * Of three jobs: of the half that tells the distance and of the other one, each with
 * as many jobs, one has more of them, so that it is not taken for the distance.
 */
static void some_callbacks_late(struct trace_run *run)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < run->nr && n < 3; i++) {
		if (run->samples[i].metric != RTLAT_RELEASE_LATENCY)
			continue;
		run->samples[i].duration_ns += 2000;
		n++;
	}
}

static void changes_are_found(void **state)
{
	(void)state;
	differ(switch_dropped, 1, false, NULL);
	differ(release_doubled, 1, false, NULL);
	differ(skipped_made_up, 1, false, NULL);
	differ(switch_unseen, 2, false, NULL);
	differ(expiry_moved, 0, false, "not on its schedule");
	differ(all_callbacks_early, 0, true, NULL);
	differ(some_callbacks_late, 0, true, NULL);
}

static void refuse(void (*change)(struct trace_run *run), const char *says)
{
	struct trace_run *run = load();
	struct problem problem = { "" };
	struct recount recount;

	change(run);
	assert_true(recount_make(&recount, run, &limits, &problem) < 0);
	if (!strstr(problem.text, says))
		fail_msg("%s: not in: %s", says, problem.text);
	recount_free(&recount);
	trace_run_free(run);
}

static void no_raw(struct trace_run *run)
{
	run->nr_raw = 0;
}

static void lost(struct trace_run *run)
{
	run->missed = true;
}

static void cut(struct trace_run *run)
{
	run->ended = false;
}

static void no_symbols(struct trace_run *run)
{
	size_t i;

	for (i = 0; i < run->nr_raw; i++)
		run->raw[i].flags &= (u8)~RAW_F_RELEASE;
}

static void no_switches(struct trace_run *run)
{
	size_t i;

	for (i = 0; i < run->nr_raw; i++)
		if (run->raw[i].kind == RAW_SWITCH)
			run->raw[i].kind = RAW_IRQ_WORK_ENTRY;
}

static void other_thread(struct trace_run *run)
{
	size_t i;

	/* within an expiry */
	for (i = 1; i < run->nr_raw; i++)
		if (run->raw[i].kind == RAW_WAKING &&
		    run->raw[i - 1].kind == RAW_EXPIRE_ENTRY &&
		    run->raw[i - 1].flags & RAW_F_RELEASE)
			run->raw[i].to += (u32)i;
}

static void nobody_writes(struct trace_run *run)
{
	size_t i;

	for (i = 0; i < run->nr_raw; i++)
		if (run->raw[i].kind == RAW_SAMPLE)
			run->raw[i].pid = 1;
}

static void one_for_all(struct trace_run *run)
{
	size_t i;

	for (i = 0; i < run->nr_raw; i++)
		run->raw[i].to = run->raw[i].kind == RAW_SAMPLE ? 0 :
				 run->raw[i].to;
}

static void task_too_many(struct trace_run *run)
{
	size_t i;

	for (i = 0; i < run->nr_raw; i++)
		if (run->raw[i].kind == RAW_SAMPLE)
			run->raw[i].to += 2;
}

static void replace(char **text, const char *with)
{
	free(*text);
	*text = xstrdup(with);
}

static void other_params(struct trace_run *run)
{
	replace(&run->params, "mode=timer\nnonsense=1\n");
}

static void no_cpus(struct trace_run *run)
{
	replace(&run->status, "abi=2 state=done end=complete");
}

static void no_ledger(struct trace_run *run)
{
	replace(&run->ledger, "");
}

static void bad_ledger(struct trace_run *run)
{
	change_ledger(run, "event_latency", " kept=", "many");
}

static void what_cannot_be_said(void **state)
{
	(void)state;
	refuse(no_raw, "--raw");
	refuse(lost, "lost records");
	refuse(cut, "end is not in the trace");
	refuse(no_symbols, RAW_RELEASE_FUNCTION);
	refuse(no_switches, "sched:sched_switch");
	refuse(other_thread, "wakes two threads");
	refuse(nobody_writes, "has written no samples");
	refuse(one_for_all, "two threads seem to be task 0");
	refuse(task_too_many, "the run has 3");
	refuse(other_params, "nonsense");
	refuse(no_cpus, "cpus= is missing");
	refuse(no_ledger, "no line");
	refuse(bad_ledger, "kept=many");
}

static void bad_files_are_refused(void **state)
{
	static const struct {
		const char *file;
		const char *says;
	} files[] = {
		{ "timer", "no events of the kernel in this run" },
		{ "lost.dat", "not in the trace" },
		{ "timer/summary.json", "not a trace.dat" },
		{ "nowhere", "cannot read" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		struct output output;

		run_rtlat(&output, "recount %s/%s", golden_dir(),
			  files[i].file);
		assert_int_equal(output.status, 1);
		assert_int_equal(count_lines(output.text), 1);
		if (!strstr(output.text, files[i].says))
			fail_msg("%s: %s", files[i].file, output.text);
		free(output.text);
	}
}

/* Without the seal, so that only the library and we stand there. */
static void flips(void **state)
{
	char *path = golden_path("raw.dat"), *dir = temp_dir();
	u64 seed = 3, i;
	size_t len;
	char *data = read_text(path, &len);

	(void)state;
	assert_non_null(data);
	len -= 64;
	for (i = 0; i < 150; i++) {
		size_t at = random_u64(&seed) % len;
		char bit = (char)(1 << random_u64(&seed) % 8);
		struct output output;

		data[at] ^= bit;
		write_file(dir, "bad.dat", data, len);
		run_rtlat(&output, "recount %s/bad.dat", dir);
		assert_in_range(output.status, 0, 2);
		if (output.status == 1)
			assert_int_equal(count_lines(output.text), 1);
		free(output.text);
		data[at] ^= bit;
	}
	remove_tree(dir);
	free(dir);
	free(data);
	free(path);
}

static void events_to_record(void **state)
{
	static const char *const bad[] = {
		"", ":", "sched", "sched:", ":sched_switch", "a:b:c", "sched/*:x",
	};
	struct record_events events = { 0, NULL };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(record_events_add(&events, bad[i]) < 0);
	assert_int_equal(events.nr, 0);
	assert_int_equal(record_events_add(&events, "sched:sched_switch"), 0);
	record_events_add_raw(&events);
	/* each once */
	assert_int_equal(events.nr, NR_RAW_EVENTS);
	record_events_free(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_run_agrees),
		cmocka_unit_test(command_agrees),
		cmocka_unit_test(changes_are_found),
		cmocka_unit_test(what_cannot_be_said),
		cmocka_unit_test(bad_files_are_refused),
		cmocka_unit_test(flips),
		cmocka_unit_test(events_to_record),
	};

	return cmocka_run_group_tests_name("recount", tests, NULL, NULL);
}
