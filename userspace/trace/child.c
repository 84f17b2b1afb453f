// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a trace.dat with libtracecmd, in a child process: what it finds it sends
 * through a pipe.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <trace-cmd.h>
#include <unistd.h>

#include "trace/field.h"
#include "trace/message.h"

/*
 * More than any good file needs, by a factor of a hundred: 100 MiB take half a
 * second and less than 4 MiB of memory. A damaged one can make the library go
 * round in circles, or ask for all the memory there is.
 */
#define MAX_CPU_SECONDS		30
#define MAX_CPU_SECONDS_PER_MIB	10
#define MAX_DATA_BYTES		(1UL << 30)

static const char *const sample_fields[TRACE_NR_FIELDS] = {
#define RTLAT_X(NAME, name, bytes) #name,
	TRACE_SAMPLE_FIELDS(RTLAT_X)
#undef RTLAT_X
};

static const char *const job_fields[TRACE_NR_JOB_FIELDS] = {
#define RTLAT_X(NAME, name, bytes) #name,
	TRACE_JOB_FIELDS(RTLAT_X)
#undef RTLAT_X
};

static const char *const job_metrics[RTLAT_NR_JOB_METRICS] = {
#define RTLAT_X(NAME, name, starts, ends) #name,
	RTLAT_METRICS_OF_JOB(RTLAT_X)
#undef RTLAT_X
};

/* The child's side; an event that the file does not have is NULL. */
struct reader {
	struct tracecmd_input *input;
	FILE *to;
	bool want_raw;
	struct raw_reader raw;
	struct tep_event *sample;
	struct tep_event *job;
	struct tep_event *run;
	struct tep_format_field *fields[TRACE_NR_FIELDS];
	struct tep_format_field *job_fields[TRACE_NR_JOB_FIELDS];
	struct tep_format_field *job_ns[RTLAT_NR_JOB_METRICS];
	struct tep_format_field *run_fields[2];
};

static int send_message(struct reader *reader, struct message *message,
			u32 type, size_t len)
{
	message->type = type;
	message->len = (u32)len;
	return fwrite(message, MSG_HEAD + len, 1, reader->to) == 1 ? 0 : -EPIPE;
}

static int send_problem(struct reader *reader, const char *text)
{
	struct message message;

	memset(&message, 0, sizeof(message));
	snprintf(message.u.problem, sizeof(message.u.problem), "%s", text);
	return send_message(reader, &message, MSG_PROBLEM,
			    sizeof(message.u.problem));
}

/* Who wrote a record of rtlat's, and when. */
static int send_writer(struct reader *reader, struct tep_record *record,
		       enum raw_kind kind, u32 task)
{
	struct message message;

	if (!reader->want_raw)
		return 0;
	memset(&message, 0, sizeof(message));
	raw_common(&reader->raw, record, &message.u.raw);
	message.u.raw.kind = (u8)kind;
	message.u.raw.to = task;
	return send_message(reader, &message, MSG_RAW, sizeof(message.u.raw));
}

/* A sample, and who wrote it: of each one, also where a record has several. */
static int send_one(struct reader *reader, struct tep_record *record,
		    const struct sample *sample)
{
	struct message message;
	int ret;

	memset(&message, 0, sizeof(message));
	message.u.sample = *sample;
	ret = send_message(reader, &message, MSG_SAMPLE, sizeof(message.u.sample));
	return ret ? ret : send_writer(reader, record, RAW_SAMPLE, sample->task);
}

static int send_sample(struct reader *reader, struct tep_record *record)
{
	unsigned long long value[TRACE_NR_FIELDS];
	struct sample sample;
	int i;

	for (i = 0; i < TRACE_NR_FIELDS; i++)
		if (field_number(reader->fields[i], record, &value[i]))
			return send_problem(reader, "damaged: a sample lacks a field");
	sample = (struct sample) {
		.seq = value[TRACE_F_SEQ],
		.start_ns = value[TRACE_F_START],
		.duration_ns = value[TRACE_F_DURATION],
		.job = (u32)value[TRACE_F_JOB],
		.task = (u32)value[TRACE_F_TASK],
		.flags = (u32)value[TRACE_F_FLAGS],
		.cpu = (u16)value[TRACE_F_CPU],
		.metric = (u16)value[TRACE_F_METRIC],
	};
	return send_one(reader, record, &sample);
}

/* One number of an array with one for each metric of a job. */
static int job_number(const struct reader *reader, struct tep_record *record,
		      enum trace_job_field which, unsigned int metric,
		      unsigned long long *value)
{
	return field_element(reader->job_fields[which], record, RTLAT_NR_JOB_METRICS,
			     metric, value);
}

static int send_run(struct reader *reader, struct tep_record *record)
{
	unsigned long long run, phase;
	struct message message;
	const char *text;
	int len;

	text = tep_get_field_raw(NULL, reader->run, "text", record, &len, 0);
	if (!text || len < 0 || text < (const char *)record->data ||
	    len > record->size ||
	    text + len > (const char *)record->data + record->size ||
	    field_number(reader->run_fields[0], record, &run) ||
	    field_number(reader->run_fields[1], record, &phase))
		return send_problem(reader, "damaged: an rtlat_run event lacks a field");
	memset(&message, 0, sizeof(message));
	message.u.run.run = (u32)run;
	message.u.run.phase = (u32)phase;
	snprintf(message.u.run.text, sizeof(message.u.run.text), "%.*s", len,
		 text);
	return send_message(reader, &message, MSG_RUN,
			    RUN_HEAD + strlen(message.u.run.text) + 1);
}

/* What a recount wants to know of a record. */
static int send_raw(struct reader *reader, struct tep_record *record, int id)
{
	struct message message;
	int found;

	if (!reader->want_raw)
		return 0;
	memset(&message, 0, sizeof(message));
	found = raw_decode(&reader->raw, record, id, &message.u.raw);
	if (found < 0)
		return send_problem(reader, "damaged: an event of the kernel lacks a field");
	return found ? send_message(reader, &message, MSG_RAW,
				    sizeof(message.u.raw)) : 0;
}

static int send_job(struct reader *reader, struct tep_record *record)
{
	unsigned long long value[TRACE_NR_JOB_FIELDS], ns, start, seq, flags;
	struct sample sample;
	unsigned int i;

	for (i = TRACE_J_JOB; i < TRACE_NR_JOB_FIELDS; i++)
		if (field_number(reader->job_fields[i], record, &value[i]))
			return send_problem(reader, "damaged: a job lacks a field");
	if (value[TRACE_J_SAMPLES] >> RTLAT_NR_JOB_METRICS)
		return send_problem(reader,
				    "damaged: a job with a sample of a metric that it cannot have");
	for (i = 0; i < RTLAT_NR_JOB_METRICS; i++) {
		if (!(value[TRACE_J_SAMPLES] & 1U << i))
			continue;
		if (field_number(reader->job_ns[i], record, &ns) ||
		    job_number(reader, record, TRACE_J_START, i, &start) ||
		    job_number(reader, record, TRACE_J_SEQ, i, &seq) ||
		    job_number(reader, record, TRACE_J_FLAGS, i, &flags))
			return send_problem(reader, "damaged: a job lacks a field");
		sample = (struct sample) {
			.seq = seq,
			.start_ns = start,
			.duration_ns = ns,
			.job = (u32)value[i == RTLAT_ARM_OVERHEAD ?
					  TRACE_J_NEXT_JOB : TRACE_J_JOB],
			.task = (u32)value[TRACE_J_TASK],
			.flags = (u32)flags,
			.cpu = (u16)value[TRACE_J_CPU],
			.metric = (u16)i,
		};
		if (send_one(reader, record, &sample))
			return -EPIPE;
	}
	return 0;
}

static int on_record(struct tracecmd_input *input, struct tep_record *record,
		     int cpu, void *data)
{
	struct tep_handle *tep = tracecmd_get_tep(input);
	struct reader *reader = data;
	struct message message;
	int id, ret;

	(void)cpu;
	if (record->missed_events) {
		memset(&message, 0, sizeof(message));
		if (send_message(reader, &message, MSG_MISSED, 0))
			return -EPIPE;
	}
	id = tep_data_type(tep, record);
	if (reader->sample && id == reader->sample->id)
		return send_sample(reader, record);
	if (reader->job && id == reader->job->id)
		return send_job(reader, record);
	if (id == reader->run->id) {
		ret = send_run(reader, record);
		return ret ? ret : send_writer(reader, record, RAW_RUN, 0);
	}
	return send_raw(reader, record, id);
}

/* 0; -1: one is not there */
static int find_all(struct tep_event *event, const char *const *names, int nr,
		    struct tep_format_field **fields)
{
	int i;

	for (i = 0; event && i < nr; i++) {
		fields[i] = tep_find_field(event, names[i]);
		if (!fields[i])
			return -1;
	}
	return 0;
}

static const char *find_fields(struct reader *reader)
{
	struct tep_handle *tep = tracecmd_get_tep(reader->input);

	reader->sample = tep_find_event_by_name(tep, "rtlat", "rtlat_sample");
	reader->job = tep_find_event_by_name(tep, "rtlat", "rtlat_job");
	reader->run = tep_find_event_by_name(tep, "rtlat", "rtlat_run");
	if ((!reader->sample && !reader->job) || !reader->run)
		return "no events of rtlat in it";
	if (find_all(reader->sample, sample_fields, TRACE_NR_FIELDS, reader->fields))
		return "rtlat_sample lacks a field: recorded with another ABI?";
	if (find_all(reader->job, job_fields, TRACE_NR_JOB_FIELDS, reader->job_fields) ||
	    find_all(reader->job, job_metrics, RTLAT_NR_JOB_METRICS, reader->job_ns))
		return "rtlat_job lacks a field: recorded with another ABI?";
	reader->run_fields[0] = tep_find_field(reader->run, "run");
	reader->run_fields[1] = tep_find_field(reader->run, "phase");
	if (!reader->run_fields[0] || !reader->run_fields[1])
		return "rtlat_run lacks a field: recorded with another ABI?";
	return reader->want_raw ? raw_find(&reader->raw, tep) : NULL;
}

static int read_input(struct reader *reader)
{
	const char *why = find_fields(reader);
	int i, nr, ret;

	if (why)
		return send_problem(reader, why);
	ret = tracecmd_iterate_events(reader->input, NULL, 0, on_record, reader);
	nr = tracecmd_buffer_instances(reader->input);
	for (i = 0; i < nr && !ret; i++) {
		struct tracecmd_input *input;

		input = tracecmd_buffer_instance_handle(reader->input, i);
		if (!input)
			return send_problem(reader, "damaged: an instance cannot be read");
		ret = tracecmd_iterate_events(input, NULL, 0, on_record, reader);
		tracecmd_close(input);
	}
	return ret;
}

/* Where they are; nothing of an event that is not there. */
static void where(struct trace_field *to, struct tep_format_field *const *fields, int nr)
{
	int i;

	/* what a hostile file says it is: the reader looks again */
	for (i = 0; i < nr; i++)
		if (fields[i])
			to[i] = (struct trace_field) { (u32)fields[i]->offset,
						       (u32)fields[i]->size };
}

static s64 id_of(const struct tep_event *event)
{
	return event ? event->id : TRACE_NO_EVENT;
}

/* Is the event's number where it is in every kernel of today? */
static bool plain_records(struct tep_handle *tep)
{
	unsigned char bytes[64] = { 0x34, 0x12 };
	struct tep_record record = { .data = bytes, .size = sizeof(bytes) };

	return tep_get_header_page_size(tep) == 8 &&
	       tep_get_header_timestamp_size(tep) == 8 &&
	       !tep_is_old_format(tep) && tep_data_type(tep, &record) == 0x1234;
}

/* Only what is needed to take the records apart elsewhere. */
static int send_formats(struct reader *reader)
{
	struct tep_handle *tep = tracecmd_get_tep(reader->input);
	const char *why = find_fields(reader);
	struct tep_format_field *text;
	struct message message;

	if (why)
		return send_problem(reader, why);
	memset(&message, 0, sizeof(message));
	text = tep_find_field(reader->run, "text");
	if (!text)
		return send_problem(reader, "rtlat_run lacks a field: recorded with another ABI?");
	message.u.formats.sample_id = id_of(reader->sample);
	message.u.formats.job_id = id_of(reader->job);
	message.u.formats.run_id = id_of(reader->run);
	where(message.u.formats.sample, reader->fields, TRACE_NR_FIELDS);
	where(message.u.formats.job, reader->job_fields, TRACE_NR_JOB_FIELDS);
	where(message.u.formats.job_ns, reader->job_ns, RTLAT_NR_JOB_METRICS);
	where(message.u.formats.run, reader->run_fields, 2);
	where(&message.u.formats.run[2], &text, 1);
	message.u.formats.nr_instances =
		(u32)tracecmd_buffer_instances(reader->input);
	message.u.formats.plain = plain_records(tep) &&
				  text->flags & TEP_FIELD_IS_DYNAMIC &&
				  !(text->flags & TEP_FIELD_IS_RELATIVE);
	return send_message(reader, &message, MSG_FORMATS,
			    sizeof(message.u.formats));
}

static void limit_to(__rlimit_resource_t resource, rlim_t max)
{
	struct rlimit limit = { max, max };

	setrlimit(resource, &limit);
}

static void set_limits(const char *path)
{
	rlim_t seconds = MAX_CPU_SECONDS;
	struct stat info;

	if (!stat(path, &info))
		seconds += (rlim_t)(info.st_size >> 20) * MAX_CPU_SECONDS_PER_MIB;
	limit_to(RLIMIT_CPU, seconds);
	limit_to(RLIMIT_DATA, MAX_DATA_BYTES);
	limit_to(RLIMIT_CORE, 0);
}

/**
 * trace_child - the child's whole life
 * @path: the trace.dat
 * @to: where to send what is in it, as struct message
 * @sink: for whom everything is read; NULL: only the formats are
 * @open_pages: the first page of each stream is opened in any case
 *
 * What is wrong with the file is a message, too; who ends without MSG_END has
 * failed.
 */
void trace_child(const char *path, int to, const struct trace_sink *sink,
		 bool open_pages)
{
	struct reader reader = { .to = fdopen(to, "w"),
				 .want_raw = sink && sink->raw };
	int quiet = open("/dev/null", O_RDWR);
	struct message message;
	int ret = 0;

	if (!reader.to || quiet < 0)
		_exit(1);
	dup2(quiet, STDOUT_FILENO);
	dup2(quiet, STDERR_FILENO);
	set_limits(path);
	reader.input = sink || open_pages ?
		tracecmd_open(path, TRACECMD_FL_LOAD_NO_PLUGINS) :
		tracecmd_open_head(path, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (reader.input) {
		ret = sink ? read_input(&reader) : send_formats(&reader);
		tracecmd_close(reader.input);
	} else {
		send_problem(&reader, "damaged, or not a trace.dat that libtracecmd can read");
	}
	memset(&message, 0, sizeof(message));
	if (ret || send_message(&reader, &message, MSG_END, 0) ||
	    fclose(reader.to))
		_exit(1);
	_exit(0);
}
