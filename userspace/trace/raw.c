// SPDX-License-Identifier: GPL-2.0
/* The kernel's own events that a recount is made from: how they are read. */

#include <errno.h>
#include <string.h>
#include <trace-cmd.h>

#include "trace/field.h"
#include "trace/raw.h"

/* As in every trace record's common_flags, and an hrtimer's mode. */
#define TRACE_HARDIRQ	0x08
#define TRACE_NMI	0x40
#define MODE_REL	0x01
/* prev_state of a task that waits interruptibly, as rtlat's do between jobs. */
#define STATE_MASK	0xff
#define STATE_SLEEPS	0x01

const struct raw_name raw_names[NR_RAW_EVENTS] = {
#define RTLAT_X(NAME, system, event) { system, event },
	RAW_EVENTS(RTLAT_X)
#undef RTLAT_X
};

/* The fields that are read, by kind. */
static const char *const fields[NR_RAW_EVENTS][RAW_MAX_FIELDS] = {
	[RAW_SWITCH] = { "prev_state", "next_pid" },
	[RAW_WAKING] = { "pid" },
	[RAW_TIMER_START] = { "hrtimer", "function", "expires", "mode" },
	[RAW_EXPIRE_ENTRY] = { "hrtimer", "function" },
	[RAW_EXPIRE_EXIT] = { "hrtimer" },
};

/**
 * raw_find - find the events in a trace's formats
 * @reader: receives them
 * @tep: the formats
 *
 * Return: NULL, or what is wrong.
 */
const char *raw_find(struct raw_reader *reader, struct tep_handle *tep)
{
	unsigned int kind, i;

	memset(reader, 0, sizeof(*reader));
	reader->tep = tep;
	for (kind = 0; kind < NR_RAW_EVENTS; kind++) {
		struct tep_event *event;

		event = tep_find_event_by_name(tep, raw_names[kind].system,
					       raw_names[kind].event);
		reader->event[kind] = event;
		for (i = 0; event && i < RAW_MAX_FIELDS; i++) {
			if (!fields[kind][i])
				break;
			reader->field[kind][i] =
				tep_find_field(event, fields[kind][i]);
			if (!reader->field[kind][i])
				return "an event of the kernel lacks a field that is needed";
		}
	}
	return NULL;
}

/**
 * raw_common - what every event has: when, where, who
 * @reader: reader
 * @record: its record
 * @event: receives it, and zeroes
 */
void raw_common(const struct raw_reader *reader, struct tep_record *record,
		struct raw_event *event)
{
	int flags = tep_data_flags(reader->tep, record);

	memset(event, 0, sizeof(*event));
	event->ns = record->ts;
	event->cpu = (u16)record->cpu;
	event->pid = (u32)tep_data_pid(reader->tep, record);
	if (flags & (TRACE_HARDIRQ | TRACE_NMI))
		event->flags |= RAW_F_IRQ;
}

static bool is_release(const struct raw_reader *reader, u64 function)
{
	const char *name = tep_find_function(reader->tep, function);

	return name && !strcmp(name, RAW_RELEASE_FUNCTION) &&
	       tep_find_function_address(reader->tep, function) == function;
}

static void set_timer(const struct raw_reader *reader, struct raw_event *event,
		      const unsigned long long value[RAW_MAX_FIELDS])
{
	event->timer = value[0];
	if (event->kind == RAW_EXPIRE_EXIT)
		return;
	if (is_release(reader, value[1]))
		event->flags |= RAW_F_RELEASE;
	if (event->kind == RAW_EXPIRE_ENTRY)
		return;
	event->expires_ns = value[2];
	if (!(value[3] & MODE_REL))
		event->flags |= RAW_F_ABSOLUTE;
}

/**
 * raw_decode - take one record apart
 * @reader: reader
 * @record: the record
 * @id: number of its event
 * @event: receives it
 *
 * Return: 1; 0: it is none of those that are read; -1: it is damaged.
 */
int raw_decode(const struct raw_reader *reader, struct tep_record *record,
	       int id, struct raw_event *event)
{
	unsigned long long value[RAW_MAX_FIELDS] = { 0 };
	unsigned int kind, i;

	for (kind = 0; kind < NR_RAW_EVENTS; kind++)
		if (reader->event[kind] && reader->event[kind]->id == id)
			break;
	if (kind == NR_RAW_EVENTS)
		return 0;
	raw_common(reader, record, event);
	event->kind = (u8)kind;
	for (i = 0; i < RAW_MAX_FIELDS; i++) {
		struct tep_format_field *field = reader->field[kind][i];

		if (!field)
			break;
		if (field_number(field, record, &value[i]))
			return -1;
	}
	switch (kind) {
	case RAW_SWITCH:
		if ((value[0] & STATE_MASK) == STATE_SLEEPS)
			event->flags |= RAW_F_SLEEPS;
		event->to = (u32)value[1];
		break;
	case RAW_WAKING:
		event->to = (u32)value[0];
		break;
	case RAW_TIMER_START:
	case RAW_EXPIRE_ENTRY:
	case RAW_EXPIRE_EXIT:
		set_timer(reader, event, value);
		break;
	}
	return 1;
}
