// SPDX-License-Identifier: GPL-2.0
/* Runs counted again: made-up ones, event by event. */

#include "test.h"

#include "recount/recount.h"
#include "trace/run.h"

static const struct recount_limits counts_only = { .counts_only = true };

/*
 * One task of 10 us to 4 us of CPU time on CPU 0: timer 100,
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
	struct problem problem = { "" };
	const struct recount_row *found;
	struct recount recount;

	if (recount_make(&recount, run, &counts_only, &problem))
		fail_msg("%s", problem.text);
	found = recount_row(&recount, metric, what);
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

	free(run->params);
	run->params = xstrdup("mode=ipi\nipi_kind=self\ncount=2\n");
	run->module->ledger[RTLAT_IPI_LATENCY].applies = true;
	/* it waits for the first round's instant */
	put_round(run, 10, RAW_F_ABSOLUTE);
	put(run, RAW_IRQ_WORK_ENTRY, 90, 0, 0, RAW_F_IRQ);
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
	run->raw[4].kind = RAW_RESCHEDULE_ENTRY;
	assert_int_equal(recount_make(&recount, run, &counts_only, &problem), 0);
	assert_int_equal(recount.counts_differ, 0);
	assert_non_null(strstr(recount.remark, "irq_vectors:irq_work_entry"));
	assert_true(recount_differs(&recount));
	recount_free(&recount);
	trace_run_free(run);
}

static void put_sample(struct trace_run *run, enum rtlat_metric metric, u32 job,
		       u64 duration_ns)
{
	run->samples = xrealloc(run->samples,
				(run->nr + 1) * sizeof(*run->samples));
	run->samples[run->nr++] = (struct sample) {
		.start_ns = (job + 1) * PERIOD,
		.duration_ns = duration_ns,
		.job = job,
		.metric = (u16)metric,
	};
}

/*
 * Between the kernel's stamps and rtlat's lie 400 ns, and 300 ns in each job of four:
 * a rhythm that a schedule has.
 */
static void rhythm_of_jobs(void **state)
{
	const struct recount_limits limits = {
		.percent = 1,
		.distance_ns = 1000,
	};
	struct trace_run *run = made("count=400\narm=callback\n", "complete");
	struct problem problem = { "" };
	struct recount recount;
	u32 job;

	(void)state;
	put_start(run, 100, THREAD, PERIOD);
	for (job = 0; job < 400; job++) {
		const u64 expiry = (job + 1) * PERIOD;
		const u64 behind = job % 4 ? 400 : 300;

		put_release(run, expiry + 500, 0);
		if (job < 399)
			put_start(run, expiry + 650, 0, expiry + PERIOD);
		put(run, RAW_SAMPLE, expiry + 5000, THREAD, 0, 0);
		put_sleep(run, expiry + 7000);
		put_sample(run, RTLAT_EVENT_LATENCY, job, 500 + behind);
		put_sample(run, RTLAT_RELEASE_LATENCY, job, 510 + behind);
	}
	ledger(run, "event_latency", 400, 0);
	if (recount_make(&recount, run, &limits, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(recount.border[STAMP_ISR].min, 300);
	assert_int_equal(recount.border[STAMP_ISR].max, 400);
	assert_in_range(recount.interval[BETWEEN_EVENT].n, 180, 220);
	assert_int_equal(recount.times_differ, 0);
	recount_free(&recount);
	/* one that is longer in the samples alone is seen, in whichever half it is */
	run->samples[0].duration_ns += 50000;
	if (recount_make(&recount, run, &limits, &problem))
		fail_msg("%s", problem.text);
	assert_false(recount.interval[BETWEEN_EVENT].within);
	assert_true(recount.interval[BETWEEN_RELEASE].within);
	recount_free(&recount);
	trace_run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(switches_back),
		cmocka_unit_test(switches_without_a_job),
		cmocka_unit_test(expiries_at_the_end),
		cmocka_unit_test(cancelled_is_attempted),
		cmocka_unit_test(rounds_of_a_sender),
		cmocka_unit_test(rhythm_of_jobs),
	};

	return cmocka_run_group_tests_name("recount-made", tests, NULL, NULL);
}
