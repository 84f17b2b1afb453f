// SPDX-License-Identifier: GPL-2.0
/*
 * Reading rtlat's events out of a trace.dat.
 *
 * libtracecmd reads in a child process that sends what it finds through a
 * pipe: a file that makes the library crash, hang or talk costs one line here.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <trace-cmd.h>
#include <unistd.h>

#include "trace/check.h"
#include "trace/read.h"

/*
 * More than any good file needs, by a factor of a hundred: 100 MiB take half a
 * second and less than 4 MiB of memory. A damaged one can make the library go
 * round in circles, or ask for all the memory there is.
 */
#define MAX_CPU_SECONDS		30
#define MAX_CPU_SECONDS_PER_MIB	10
#define MAX_DATA_BYTES		(1UL << 30)

enum message_type {
	MSG_SAMPLE = 1,
	MSG_RUN,
	MSG_MISSED,
	MSG_PROBLEM,
	MSG_RAW,
	MSG_FORMATS,
	MSG_END,
};

struct message {
	u32 type;
	u32 len;
	union {
		struct sample sample;
		struct {
			u32 run;
			u32 phase;
			char text[RTLAT_LINE_MAX * 4];
		} run;
		char problem[RTLAT_LINE_MAX];
		struct raw_event raw;
		struct trace_formats formats;
	} u;
};

#define MSG_HEAD	offsetof(struct message, u)
#define RUN_HEAD	(offsetof(struct message, u.run.text) - MSG_HEAD)

static const char *const sample_fields[TRACE_NR_FIELDS] = {
#define RTLAT_X(NAME, name, bytes) #name,
	TRACE_SAMPLE_FIELDS(RTLAT_X)
#undef RTLAT_X
};

/* The child's side. */
struct reader {
	struct tracecmd_input *input;
	FILE *to;
	bool want_raw;
	struct raw_reader raw;
	struct tep_event *sample;
	struct tep_event *run;
	struct tep_format_field *fields[TRACE_NR_FIELDS];
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

static int send_sample(struct reader *reader, struct tep_record *record)
{
	unsigned long long value[TRACE_NR_FIELDS];
	struct message message;
	int i;

	for (i = 0; i < TRACE_NR_FIELDS; i++)
		if (raw_number(reader->fields[i], record, &value[i]))
			return send_problem(reader, "damaged: a sample lacks a field");
	memset(&message, 0, sizeof(message));
	message.u.sample = (struct sample) {
		.seq = value[TRACE_F_SEQ],
		.start_ns = value[TRACE_F_START],
		.duration_ns = value[TRACE_F_DURATION],
		.job = (u32)value[TRACE_F_JOB],
		.task = (u32)value[TRACE_F_TASK],
		.flags = (u32)value[TRACE_F_FLAGS],
		.cpu = (u16)value[TRACE_F_CPU],
		.metric = (u16)value[TRACE_F_METRIC],
	};
	return send_message(reader, &message, MSG_SAMPLE,
			    sizeof(message.u.sample));
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
	    raw_number(reader->run_fields[0], record, &run) ||
	    raw_number(reader->run_fields[1], record, &phase))
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

/* Who wrote a record of rtlat's, and when. */
static int send_writer(struct reader *reader, struct tep_record *record,
		       enum raw_kind kind)
{
	unsigned long long task = 0;
	struct message message;

	if (!reader->want_raw)
		return 0;
	memset(&message, 0, sizeof(message));
	raw_common(&reader->raw, record, &message.u.raw);
	if (kind == RAW_SAMPLE && raw_number(reader->fields[TRACE_F_TASK], record, &task))
		return send_problem(reader, "damaged: a sample lacks a field");
	message.u.raw.kind = (u8)kind;
	message.u.raw.to = (u32)task;
	return send_message(reader, &message, MSG_RAW, sizeof(message.u.raw));
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
	if (id == reader->sample->id) {
		ret = send_sample(reader, record);
		return ret ? ret : send_writer(reader, record, RAW_SAMPLE);
	}
	if (reader->run && id == reader->run->id) {
		ret = send_run(reader, record);
		return ret ? ret : send_writer(reader, record, RAW_RUN);
	}
	return send_raw(reader, record, id);
}

static const char *find_fields(struct reader *reader)
{
	struct tep_handle *tep = tracecmd_get_tep(reader->input);
	int i;

	reader->sample = tep_find_event_by_name(tep, "rtlat", "rtlat_sample");
	reader->run = tep_find_event_by_name(tep, "rtlat", "rtlat_run");
	if (!reader->sample || !reader->run)
		return "no events of rtlat in it";
	for (i = 0; i < TRACE_NR_FIELDS; i++) {
		reader->fields[i] = tep_find_field(reader->sample,
						   sample_fields[i]);
		if (!reader->fields[i])
			return "rtlat_sample lacks a field: recorded with another ABI?";
	}
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

static struct trace_field where(const struct tep_format_field *field)
{
	/* what a hostile file says it is: the reader looks again */
	return (struct trace_field) { (u32)field->offset, (u32)field->size };
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
	int i;

	if (why)
		return send_problem(reader, why);
	memset(&message, 0, sizeof(message));
	text = tep_find_field(reader->run, "text");
	if (!text)
		return send_problem(reader, "rtlat_run lacks a field: recorded with another ABI?");
	message.u.formats.sample_id = reader->sample->id;
	message.u.formats.run_id = reader->run->id;
	for (i = 0; i < TRACE_NR_FIELDS; i++)
		message.u.formats.sample[i] = where(reader->fields[i]);
	for (i = 0; i < 2; i++)
		message.u.formats.run[i] = where(reader->run_fields[i]);
	message.u.formats.run[2] = where(text);
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

/*
 * @sink: for whom everything is read; NULL: only the formats are
 * @open_pages: the first page of each stream is opened in any case
 */
static void child(const char *path, int to, const struct trace_sink *sink,
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

static int dispatch(const char *path, const struct message *message,
		    const struct trace_sink *sink, struct problem *problem)
{
	switch (message->type) {
	case MSG_SAMPLE:
		return sink->sample(sink->data, &message->u.sample, problem);
	case MSG_RUN:
		return sink->run(sink->data, message->u.run.run,
				 message->u.run.phase, message->u.run.text,
				 problem);
	case MSG_MISSED:
		sink->missed(sink->data);
		return 0;
	case MSG_RAW:
		if (sink->raw)
			sink->raw(sink->data, &message->u.raw);
		return 0;
	case MSG_PROBLEM:
		return problem_set(problem, "%s: %.*s", path,
				   (int)sizeof(message->u.problem) - 1,
				   message->u.problem);
	}
	return problem_set(problem, "%s: damaged", path);
}

/* Messages up to MSG_END; what breaks off before it is not whole. */
static int receive(const char *path, FILE *from, const struct trace_sink *sink,
		   struct problem *problem)
{
	struct message message;
	int ret = 0;

	memset(&message, 0, sizeof(message));
	while (!ret) {
		if (fread(&message, MSG_HEAD, 1, from) != 1 ||
		    message.len > sizeof(message.u) ||
		    (message.len && fread(&message.u, message.len, 1, from) != 1))
			return problem_set(problem,
				"%s: damaged: libtracecmd cannot read it to its end",
				path);
		if (message.type == MSG_END)
			return 0;
		ret = dispatch(path, &message, sink, problem);
	}
	return ret;
}

/* Fork a child that reads for us; NULL: what it writes cannot be read. */
static FILE *child_start(const char *path, const struct trace_sink *sink,
			 bool open_pages, pid_t *pid, struct problem *problem)
{
	int pipes[2];
	FILE *from;

	if (pipe2(pipes, O_CLOEXEC)) {
		problem_set(problem, "pipe: %s", strerror(errno));
		return NULL;
	}
	fflush(NULL);
	*pid = fork();
	if (*pid < 0) {
		problem_set(problem, "fork: %s", strerror(errno));
		close(pipes[0]);
		close(pipes[1]);
		return NULL;
	}
	if (!*pid) {
		close(pipes[0]);
		child(path, pipes[1], sink, open_pages);
	}
	close(pipes[1]);
	from = fdopen(pipes[0], "r");
	if (!from)
		problem_set(problem, "fdopen: %s", strerror(errno));
	return from;
}

/* Its exit status; after an error it need not finish. */
static int child_end(pid_t pid, FILE *from, bool failed)
{
	int status = 0;

	if (from)
		fclose(from);
	if (failed)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/**
 * trace_formats_read - how the records of a trace.dat are taken apart
 * @path: the trace.dat
 * @open_pages: open the pages, too: of format 7 they are uncompressed for it
 * @formats: receives it
 *
 * libtracecmd and libtraceevent read all of the file but its pages, in the
 * same child, and with the same limits, as for trace_read().
 *
 * Return: 0; -EINVAL: trace_read() knows what is wrong.
 */
int trace_formats_read(const char *path, bool open_pages,
		       struct trace_formats *formats)
{
	struct problem problem = { "" };
	struct message message;
	FILE *from;
	pid_t pid = -1;
	int ret = -EINVAL;

	from = child_start(path, NULL, open_pages, &pid, &problem);
	if (pid < 0)
		return ret;
	memset(&message, 0, sizeof(message));
	if (from && fread(&message, MSG_HEAD, 1, from) == 1 &&
	    message.type == MSG_FORMATS &&
	    fread(&message.u.formats, sizeof(message.u.formats), 1, from) == 1) {
		*formats = message.u.formats;
		if (fread(&message, MSG_HEAD, 1, from) == 1 &&
		    message.type == MSG_END)
			ret = 0;
	}
	return child_end(pid, from, ret) ? -EINVAL : ret;
}

/**
 * trace_read - read rtlat's events
 * @path: the trace.dat
 * @sink: receives them
 * @problem: receives what is wrong, in one line that names the file
 *
 * Return: 0 or -errno.
 */
int trace_read(const char *path, const struct trace_sink *sink,
	       struct problem *problem)
{
	pid_t pid = -1;
	FILE *from;
	int ret;

	ret = trace_check(path, problem);
	if (ret)
		return ret;
	from = child_start(path, sink, true, &pid, problem);
	if (pid < 0)
		return -EIO;
	ret = from ? receive(path, from, sink, problem) : -ENOMEM;
	if (child_end(pid, from, ret) && !ret)
		ret = problem_set(problem,
				  "%s: damaged: libtracecmd failed on it", path);
	return ret;
}
