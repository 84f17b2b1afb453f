// SPDX-License-Identifier: GPL-2.0
/* Runs counted again: a golden one, changed ones, and made-up ones. */

#include "test.h"

#include "../record-events.h"
#include "../recount.h"
#include "../trace-run.h"

static const struct recount_limits limits = {
	.percent = 1,
	.distance_ns = 1000,
};

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

static const struct recount_row *row(const struct recount *recount,
				     unsigned int metric, const char *what)
{
	size_t i;

	for (i = 0; i < recount->nr_rows; i++)
		if (recount->row[i].metric == metric &&
		    !strcmp(recount->row[i].what, what))
			return &recount->row[i];
	fail_msg("none of metric %u, %s", metric, what);
	return NULL;
}

static void golden_run_agrees(void **state)
{
	struct trace_run *run = load();
	struct problem problem = { "" };
	struct recount recount;
	const struct recount_row *switches;
	unsigned int i;

	(void)state;
	assert_int_equal(recount_make(&recount, run, &limits, &problem), 0);
	assert_false(recount_differs(&recount));
	assert_int_equal(recount.jobs, 24);
	assert_int_equal(row(&recount, RTLAT_EVENT_LATENCY,
			     "attempted")->recounted.low, 24);
	switches = row(&recount, RTLAT_SCHED_OVERHEAD, "attempted");
	/* a job was preempted, and the switch back to it counts, too */
	assert_true(switches->recounted.low > 24);
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
	change_ledger(run, "sched_overhead", " attempted=", "23");
}

static void release_doubled(struct trace_run *run)
{
	change_ledger(run, "event_latency", " attempted=", "25");
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

/* Every other job, so that it is no distance. */
static void some_callbacks_early(struct trace_run *run)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < run->nr; i++)
		if (run->samples[i].metric == RTLAT_RELEASE_LATENCY &&
		    ++n % 3 == 0)
			run->samples[i].duration_ns -= 200;
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
	differ(some_callbacks_early, 0, true, NULL);
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

/*
 * Made-up runs. One task of 10 us to 4 us of CPU time on CPU 0: timer 100,
 * thread 7; first expiry at 10000 ns.
 */
#define TIMER	100
#define THREAD	7
#define PERIOD	10000

static void put(struct trace_run *run, enum raw_kind kind, u64 ns, u32 pid,
		u32 to, unsigned int flags)
{
	const bool timer = kind == RAW_TIMER_START ||
			   kind == RAW_EXPIRE_ENTRY || kind == RAW_EXPIRE_EXIT;

	run->raw = xrealloc(run->raw, (run->nr_raw + 1) * sizeof(*run->raw));
	run->raw[run->nr_raw++] = (struct raw_event) {
		.ns = ns,
		.timer = timer ? TIMER : 0,
		.pid = pid,
		.to = to,
		.kind = (u8)kind,
		.flags = (u8)(flags | (timer ? RAW_F_RELEASE : 0)),
	};
}

static void put_start(struct trace_run *run, u64 ns, u32 pid, u64 expires_ns)
{
	put(run, RAW_TIMER_START, ns, pid, 0, pid == THREAD ? 0 : RAW_F_IRQ);
	run->raw[run->nr_raw - 1].expires_ns = expires_ns;
}

/* An expiry that wakes the thread, which then gets the CPU, if it is asleep. */
static void put_release(struct trace_run *run, u64 ns, u32 current)
{
	put(run, RAW_TIMER_ENTRY, ns, current, 0, RAW_F_IRQ);
	put(run, RAW_EXPIRE_ENTRY, ns, current, 0, RAW_F_IRQ);
	if (current != THREAD)
		put(run, RAW_WAKING, ns, current, THREAD, RAW_F_IRQ);
	put(run, RAW_EXPIRE_EXIT, ns, current, 0, RAW_F_IRQ);
	if (!current)
		put(run, RAW_SWITCH, ns + 100, 0, THREAD, 0);
}

static void put_sleep(struct trace_run *run, u64 ns)
{
	put(run, RAW_SWITCH, ns, THREAD, 0, RAW_F_SLEEPS);
}

static struct trace_run *made(const char *params, const char *end)
{
	struct trace_run *run = xcalloc(1, sizeof(*run));

	run->module = figures_new();
	run->begun = true;
	run->ended = true;
	run->number = 1;
	run->status = xasprintf("abi=%d state=done cpus=0 end=%s", RTLAT_ABI,
				end);
	run->params = xasprintf("mode=timer\nperiod_us=10\nexec_us=4\n%s",
				params);
	run->ledger = xstrdup("");
	return run;
}

/* The module's side: lines of the ledger. */
static void ledger(struct trace_run *run, const char *metric, u64 attempted,
		   u64 skipped)
{
	char *more = xasprintf("%scpu=0 metric=%s attempted=%u kept=%u interrupted=0 skipped=%u\n",
			       run->ledger, metric, (unsigned int)attempted,
			       (unsigned int)(attempted - skipped),
			       (unsigned int)skipped);

	free(run->ledger);
	run->ledger = more;
}

static void expect(struct trace_run *run, unsigned int metric,
		   const char *what, u64 low, u64 high)
{
	const struct recount_limits counts = { .counts_only = true };
	struct problem problem = { "" };
	const struct recount_row *found;
	struct recount recount;

	if (recount_make(&recount, run, &counts, &problem))
		fail_msg("%s", problem.text);
	found = row(&recount, metric, what);
	assert_int_equal(found->recounted.low, low);
	assert_int_equal(found->recounted.high, high);
	assert_int_equal(found->equal,
			 found->module >= low && found->module <= high);
	recount_free(&recount);
	trace_run_free(run);
}

/* Two jobs; the first loses the CPU at @out_ns and has it back at once. */
static struct trace_run *preempted(u64 out_ns, bool writes_behind)
{
	struct trace_run *run = made("count=2\narm=callback\n", "complete");

	put_start(run, 100, THREAD, PERIOD);
	put_release(run, PERIOD + 500, 0);
	put_start(run, PERIOD + 550, 0, 2 * PERIOD);
	if (!writes_behind)
		put(run, RAW_SAMPLE, PERIOD + 4600, THREAD, 0, 0);
	put(run, RAW_SWITCH, PERIOD + out_ns, THREAD, 9, 0);
	put(run, RAW_SWITCH, PERIOD + out_ns + 50, 9, THREAD, 0);
	if (writes_behind)
		put(run, RAW_SAMPLE, PERIOD + out_ns + 60, THREAD, 0, 0);
	put_sleep(run, PERIOD + 7000);
	put_release(run, 2 * PERIOD + 500, 0);
	put_sleep(run, 2 * PERIOD + 6000);
	ledger(run, "sched_overhead", 3, 0);
	ledger(run, "event_latency", 2, 0);
	return run;
}

static void switches_back(void **state)
{
	(void)state;
	/* its CPU time was not consumed: the job was not done */
	expect(preempted(2000, false), RTLAT_SCHED_OVERHEAD, "attempted", 3, 3);
	/* it was, but it had not written its samples down */
	expect(preempted(5000, true), RTLAT_SCHED_OVERHEAD, "attempted", 3, 3);
	/* nothing tells */
	expect(preempted(5000, false), RTLAT_SCHED_OVERHEAD, "attempted", 2, 3);
}

static void switches_without_a_job(void **state)
{
	struct trace_run *run = made("count=1\narm=job\n", "complete");

	(void)state;
	/* told to go, and to stop: no job */
	put(run, RAW_SWITCH, 50, 0, THREAD, 0);
	put_start(run, 100, THREAD, PERIOD);
	put_sleep(run, 200);
	put_release(run, PERIOD + 500, 0);
	put(run, RAW_SAMPLE, PERIOD + 5000, THREAD, 0, 0);
	put_sleep(run, PERIOD + 6000);
	put(run, RAW_SWITCH, 3 * PERIOD, 0, THREAD, 0);
	ledger(run, "sched_overhead", 1, 0);
	ledger(run, "arm_overhead", 0, 0);
	expect(run, RTLAT_SCHED_OVERHEAD, "attempted", 1, 1);
}

/* arm=job: the first job lasts until @end_ns, then nothing is programmed. */
static struct trace_run *late(const char *params, const char *end, u64 end_ns)
{
	struct trace_run *run = made(params, end);

	put_start(run, 100, THREAD, PERIOD);
	put_release(run, PERIOD + 500, 0);
	put(run, RAW_SAMPLE, end_ns - 100, THREAD, 0, 0);
	put_sleep(run, end_ns);
	ledger(run, "event_latency", 4, 3);
	ledger(run, "arm_overhead", 0, 0);
	return run;
}

static void expiries_at_the_end(void **state)
{
	(void)state;
	/* four were asked for, and the time of the last one had come */
	expect(late("count=4\narm=job\n", "complete", 4 * PERIOD + 10),
	       RTLAT_EVENT_LATENCY, "attempted", 4, 4);
	expect(late("count=4\narm=job\n", "complete", 4 * PERIOD + 10),
	       RTLAT_EVENT_LATENCY, "skipped", 3, 3);
	/* it had not: they are missing */
	expect(late("count=4\narm=job\n", "complete", 4 * PERIOD - 10),
	       RTLAT_EVENT_LATENCY, "attempted", 1, 3);
	expect(late("duration_ms=1\narm=job\n", "complete", 101 * PERIOD),
	       RTLAT_EVENT_LATENCY, "attempted", 100, 100);
	/* stopped: whether the job still looked at the time is not known */
	expect(late("arm=job\n", "stopped", 3 * PERIOD + 10),
	       RTLAT_EVENT_LATENCY, "attempted", 1, 3);
}

static void cancelled_is_attempted(void **state)
{
	struct trace_run *run = late("arm=job\n", "stopped", PERIOD + 6000);

	(void)state;
	put_start(run, PERIOD + 5950, THREAD, 3 * PERIOD);
	expect(run, RTLAT_EVENT_LATENCY, "attempted", 3, 3);
	run = late("arm=job\n", "stopped", PERIOD + 6000);
	put_start(run, PERIOD + 5950, THREAD, 3 * PERIOD);
	expect(run, RTLAT_EVENT_LATENCY, "skipped", 1, 1);
	run = late("arm=job\n", "stopped", PERIOD + 6000);
	put_start(run, PERIOD + 5950, THREAD, 3 * PERIOD);
	expect(run, RTLAT_ARM_OVERHEAD, "attempted", 1, 1);
}

/* A round of an IPI sender: it sleeps, and its timer wakes it. */
static void put_round(struct trace_run *run, u64 ns, unsigned int flags)
{
	put(run, RAW_TIMER_START, ns, THREAD, 0, 0);
	run->raw[run->nr_raw - 1].flags = (u8)flags;
	put(run, RAW_EXPIRE_ENTRY, ns + 10, 0, 0, RAW_F_IRQ);
	put(run, RAW_WAKING, ns + 20, 0, THREAD, RAW_F_IRQ);
	put(run, RAW_EXPIRE_EXIT, ns + 30, 0, 0, RAW_F_IRQ);
}

static struct trace_run *sender(const char *end)
{
	struct trace_run *run = made("", end);
	size_t i;

	replace(&run->params, "mode=ipi\nipi_kind=self\ncount=2\n");
	run->module->ledger[RTLAT_IPI_LATENCY].applies = true;
	put(run, RAW_IRQ_WORK_ENTRY, 10, 0, 0, RAW_F_IRQ);
	put_round(run, 100, RAW_F_ABSOLUTE);
	put(run, RAW_SAMPLE, 150, THREAD, 0, 0);
	put(run, RAW_IRQ_WORK_ENTRY, 180, 0, 0, RAW_F_IRQ);
	put_round(run, 200, RAW_F_ABSOLUTE);
	/* it looks whether the IPI has arrived: no round */
	put_round(run, 300, 0);
	put(run, RAW_SAMPLE, 400, THREAD, 0, 0);
	for (i = 0; i < run->nr_raw; i++)
		run->raw[i].flags &= (u8)~RAW_F_RELEASE;
	ledger(run, "ipi_latency", 2, 0);
	return run;
}

static void rounds_of_a_sender(void **state)
{
	struct trace_run *run;
	struct problem problem = { "" };
	struct recount recount;

	(void)state;
	expect(sender("complete"), RTLAT_IPI_LATENCY, "attempted", 2, 2);
	expect(sender("stopped"), RTLAT_IPI_LATENCY, "attempted", 2, 3);
	/* more have arrived than the vector was entered */
	run = sender("complete");
	nth(run, RAW_IRQ_WORK_ENTRY, 0, 0)->kind = RAW_RESCHEDULE_ENTRY;
	assert_int_equal(recount_make(&recount, run, &limits, &problem), 0);
	assert_int_equal(recount.counts_differ, 0);
	assert_non_null(strstr(recount.remark, "irq_vectors:irq_work_entry"));
	assert_true(recount_differs(&recount));
	recount_free(&recount);
	trace_run_free(run);
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
		cmocka_unit_test(switches_back),
		cmocka_unit_test(switches_without_a_job),
		cmocka_unit_test(expiries_at_the_end),
		cmocka_unit_test(cancelled_is_attempted),
		cmocka_unit_test(rounds_of_a_sender),
		cmocka_unit_test(events_to_record),
	};

	return cmocka_run_group_tests_name("recount", tests, NULL, NULL);
}
