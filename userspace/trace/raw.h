/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own events that a recount is made from. */
#ifndef RTLAT_RAW_H
#define RTLAT_RAW_H

#include "module/pure.h"

struct tep_event;
struct tep_format_field;
struct tep_handle;
struct tep_record;

/**
 * RAW_EVENTS - what is recorded, and read again
 * @X: called for each as X(NAME, system, event)
 */
#define RAW_EVENTS(X)							\
	X(SWITCH, "sched", "sched_switch")				\
	X(WAKING, "sched", "sched_waking")				\
	X(TIMER_ENTRY, "irq_vectors", "local_timer_entry")		\
	X(TIMER_START, "timer", "hrtimer_start")			\
	X(EXPIRE_ENTRY, "timer", "hrtimer_expire_entry")		\
	X(EXPIRE_EXIT, "timer", "hrtimer_expire_exit")			\
	X(RESCHEDULE_ENTRY, "irq_vectors", "reschedule_entry")		\
	X(CALL_SINGLE_ENTRY, "irq_vectors", "call_function_single_entry") \
	X(CALL_MANY_ENTRY, "irq_vectors", "call_function_entry")	\
	X(IRQ_WORK_ENTRY, "irq_vectors", "irq_work_entry")

/* Those, and after them what is known of rtlat's own events: who wrote them. */
enum raw_kind {
#define RTLAT_X(NAME, system, event) RAW_##NAME,
	RAW_EVENTS(RTLAT_X)
#undef RTLAT_X
	NR_RAW_EVENTS,
	RAW_SAMPLE = NR_RAW_EVENTS,
	RAW_RUN,
};

/* Flags of an event. */
enum {
	RAW_F_IRQ = 1,		/* happened in an interrupt */
	RAW_F_RELEASE = 2,	/* timer: its function is that of rtlat's releases */
	RAW_F_ABSOLUTE = 4,	/* timer: started for a point in time */
	RAW_F_SLEEPS = 8,	/* switch: who leaves waits for a wake-up */
};

/**
 * struct raw_event - one event
 * @ns: when, on the trace clock
 * @timer: hrtimer: which one
 * @expires_ns: hrtimer_start: programmed expiry
 * @pid: who ran
 * @to: sched_switch: who runs next; sched_waking: who is woken; rtlat_sample:
 *	its task
 * @cpu: where
 * @kind: enum raw_kind
 * @flags: RAW_F_*
 */
struct raw_event {
	u64 ns;
	u64 timer;
	u64 expires_ns;
	u32 pid;
	u32 to;
	u16 cpu;
	u8 kind;
	u8 flags;
};

/**
 * struct raw_name - a kernel event that is recorded
 * @system: its system
 * @event: its name
 */
struct raw_name {
	const char *system;
	const char *event;
};

#define RAW_RELEASE_FUNCTION	"rtlat_release_fn"
#define RAW_MAX_FIELDS		4

/**
 * struct raw_reader - how to take events apart
 * @tep: the trace's formats
 * @event: by kind, NULL: not in this trace
 * @field: the fields of each
 */
struct raw_reader {
	struct tep_handle *tep;
	struct tep_event *event[NR_RAW_EVENTS];
	struct tep_format_field *field[NR_RAW_EVENTS][RAW_MAX_FIELDS];
};

extern const struct raw_name raw_names[NR_RAW_EVENTS];

const char *raw_find(struct raw_reader *reader, struct tep_handle *tep);
void raw_common(const struct raw_reader *reader, struct tep_record *record,
		struct raw_event *event);
int raw_decode(const struct raw_reader *reader, struct tep_record *record,
	       int id, struct raw_event *event);

#endif /* RTLAT_RAW_H */
