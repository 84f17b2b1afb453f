// SPDX-License-Identifier: GPL-2.0
/*
 * Runs out of traces, changed: the report and the recount of what no library
 * stands in front of. An input is a list of changes to a golden run.
 */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "recount/recount.h"
#include "report/report.h"
#include "trace/raw.h"
#include "trace/run.h"

/* The first byte chooses. */
static const char *const golden[] = {
	"raw.dat", "timer/trace.dat", "taskset/trace.dat", "ipi/trace.dat",
};

/* One change: what, where, and the value; little endian. */
#define CHANGE_LEN	12
/* The value is added to what is there. */
#define CHANGE_ADD	0x80

enum {
	SET_SAMPLE, SET_EVENT, DROP_SAMPLE, DROP_EVENT, DOUBLE_SAMPLE,
	DOUBLE_EVENT, SET_TEXT, SET_LEDGER, NR_CHANGES
};

struct change {
	uint8_t what;
	uint8_t field;
	uint16_t index;
	uint64_t value;
};

static const struct trace_run *original(size_t nr)
{
	static struct trace_run *run[ARRAY_SIZE(golden)];
	const char *dir = getenv("RTLAT_GOLDEN");
	struct problem problem = { "" };
	char *path;

	must(dir);
	if (!run[nr]) {
		path = xasprintf("%s/%s", dir, golden[nr]);
		run[nr] = trace_run_load_raw(path, 0, &problem);
		must(run[nr]);
		free(path);
	}
	return run[nr];
}

static void *copy_of(const void *from, size_t nr, size_t size, size_t more)
{
	void *copy = xcalloc(nr + more, size);

	if (nr)
		memcpy(copy, from, nr * size);
	return copy;
}

/* @more: room for further samples and events */
static struct trace_run *copy_run(const struct trace_run *from, size_t more)
{
	struct trace_run *run = xcalloc(1, sizeof(*run));

	*run = *from;
	run->samples = copy_of(from->samples, from->nr, sizeof(*run->samples),
			       more);
	run->raw = copy_of(from->raw, from->nr_raw, sizeof(*run->raw), more);
	run->status = xstrdup(from->status);
	run->params = xstrdup(from->params);
	run->ledger = xstrdup(from->ledger);
	run->module = figures_new();
	memcpy(run->module, from->module, sizeof(*run->module));
	return run;
}

static uint64_t changed(uint64_t old, const struct change *change)
{
	return change->what & CHANGE_ADD ? old + change->value : change->value;
}

static void set_sample(struct sample *sample, const struct change *change)
{
	switch (change->field % 7) {
	case 0:
		sample->seq = changed(sample->seq, change);
		break;
	case 1:
		sample->start_ns = changed(sample->start_ns, change);
		break;
	case 2:
		sample->duration_ns = changed(sample->duration_ns, change);
		break;
	case 3:
		sample->job = (u32)changed(sample->job, change);
		break;
	case 4:
		sample->task = (u32)changed(sample->task, change);
		break;
	case 5:
		sample->flags = (u32)changed(sample->flags, change);
		break;
	case 6:
		sample->cpu = (u16)change->value;
		/* others are refused when the trace is read */
		sample->metric = (u16)((change->value >> 16) % RTLAT_NR_METRICS);
		break;
	}
}

static void set_event(struct raw_event *event, const struct change *change)
{
	switch (change->field % 6) {
	case 0:
		event->ns = changed(event->ns, change);
		break;
	case 1:
		event->timer = changed(event->timer, change);
		break;
	case 2:
		event->expires_ns = changed(event->expires_ns, change);
		break;
	case 3:
		event->pid = (u32)change->value;
		event->to = (u32)(change->value >> 32);
		break;
	case 4:
		event->cpu = (u16)change->value;
		break;
	case 5:
		event->kind = (u8)(change->value % (RAW_RUN + 1));
		event->flags = (u8)(change->value >> 8);
		break;
	}
}

/* A letter of a text, but not its end. */
static void set_text(char *text, const struct change *change)
{
	const size_t len = text ? strlen(text) : 0;

	if (len && (char)change->value)
		text[change->index % len] = (char)change->value;
}

/* A record out of a list, or once more at its end. */
static void drop(void *list, size_t *nr, size_t size, size_t at)
{
	char *from = (char *)list + at * size;

	memmove(from, from + size, (*nr - at - 1) * size);
	--*nr;
}

static void twice(void *list, size_t *nr, size_t size, size_t at)
{
	memcpy((char *)list + *nr * size, (char *)list + at * size, size);
	++*nr;
}

static void apply(struct trace_run *run, const struct change *change)
{
	char *const texts[] = { run->params, run->status, run->ledger };
	const size_t sample = run->nr ? change->index % run->nr : 0;
	const size_t event = run->nr_raw ? change->index % run->nr_raw : 0;
	struct ledger *ledger;

	switch ((change->what & ~CHANGE_ADD) % NR_CHANGES) {
	case SET_SAMPLE:
		if (run->nr)
			set_sample(&run->samples[sample], change);
		break;
	case SET_EVENT:
		if (run->nr_raw)
			set_event(&run->raw[event], change);
		break;
	case DROP_SAMPLE:
		if (run->nr)
			drop(run->samples, &run->nr, sizeof(*run->samples), sample);
		break;
	case DROP_EVENT:
		if (run->nr_raw)
			drop(run->raw, &run->nr_raw, sizeof(*run->raw), event);
		break;
	case DOUBLE_SAMPLE:
		if (run->nr)
			twice(run->samples, &run->nr, sizeof(*run->samples), sample);
		break;
	case DOUBLE_EVENT:
		if (run->nr_raw)
			twice(run->raw, &run->nr_raw, sizeof(*run->raw), event);
		break;
	case SET_TEXT:
		set_text(texts[change->field % ARRAY_SIZE(texts)], change);
		break;
	case SET_LEDGER:
		ledger = &run->module->ledger[change->field % RTLAT_NR_METRICS];
		ledger->line[change->index % RTLAT_NR_LINES] =
			change->value & INT64_MAX;
		break;
	}
}

static void change_run(struct trace_run *run, const uint8_t *data, size_t len)
{
	struct change change;

	for (; len >= CHANGE_LEN; data += CHANGE_LEN, len -= CHANGE_LEN) {
		change.what = data[0];
		change.field = data[1];
		memcpy(&change.index, data + 2, sizeof(change.index));
		memcpy(&change.value, data + 4, sizeof(change.value));
		apply(run, &change);
	}
}

void fuzz_run(const uint8_t *data, size_t len)
{
	struct trace_run *run;

	if (!len)
		return;
	run = copy_run(original(*data % ARRAY_SIZE(golden)), len / CHANGE_LEN);
	change_run(run, data + 1, len - 1);
	fuzz_use_run(run, "t");
	trace_run_free(run);
}
