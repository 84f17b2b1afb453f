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

#include "trace-check.h"
#include "trace-read.h"

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
	} u;
};

#define MSG_HEAD	offsetof(struct message, u)
#define RUN_HEAD	(offsetof(struct message, u.run.text) - MSG_HEAD)

enum {
	F_SEQ, F_START, F_DURATION, F_JOB, F_TASK, F_FLAGS, F_CPU, F_METRIC,
	NR_SAMPLE_FIELDS,
};

static const char *const sample_fields[NR_SAMPLE_FIELDS] = {
	"seq", "start_ns", "duration_ns", "job", "task", "flags", "cpu",
	"metric",
};

/* The child's side. */
struct reader {
	struct tracecmd_input *input;
	FILE *to;
	bool want_raw;
	struct raw_reader raw;
	struct tep_event *sample;
	struct tep_event *run;
	struct tep_format_field *fields[NR_SAMPLE_FIELDS];
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
	unsigned long long value[NR_SAMPLE_FIELDS];
	struct message message;
	int i;

	for (i = 0; i < NR_SAMPLE_FIELDS; i++)
		if (raw_number(reader->fields[i], record, &value[i]))
			return send_problem(reader, "damaged: a sample lacks a field");
	memset(&message, 0, sizeof(message));
	message.u.sample = (struct sample) {
		.seq = value[F_SEQ],
		.start_ns = value[F_START],
		.duration_ns = value[F_DURATION],
		.job = (u32)value[F_JOB],
		.task = (u32)value[F_TASK],
		.flags = (u32)value[F_FLAGS],
		.cpu = (u16)value[F_CPU],
		.metric = (u16)value[F_METRIC],
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
	if (kind == RAW_SAMPLE && raw_number(reader->fields[F_TASK], record, &task))
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
	for (i = 0; i < NR_SAMPLE_FIELDS; i++) {
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

static void child(const char *path, int to, bool want_raw)
{
	struct reader reader = { .to = fdopen(to, "w"), .want_raw = want_raw };
	int quiet = open("/dev/null", O_RDWR);
	struct message message;
	int ret = 0;

	if (!reader.to || quiet < 0)
		_exit(1);
	dup2(quiet, STDOUT_FILENO);
	dup2(quiet, STDERR_FILENO);
	set_limits(path);
	reader.input = tracecmd_open(path, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (reader.input) {
		ret = read_input(&reader);
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
	int pipes[2], status = 0, ret;
	FILE *from;
	pid_t pid;

	ret = trace_check(path, problem);
	if (ret)
		return ret;
	if (pipe2(pipes, O_CLOEXEC))
		return problem_set(problem, "pipe: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return problem_set(problem, "fork: %s", strerror(errno));
	if (!pid) {
		close(pipes[0]);
		child(path, pipes[1], sink->raw);
	}
	close(pipes[1]);
	from = fdopen(pipes[0], "r");
	ret = from ? receive(path, from, sink, problem) : -ENOMEM;
	if (from)
		fclose(from);
	if (ret)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!ret && status)
		ret = problem_set(problem,
				  "%s: damaged: libtracecmd failed on it", path);
	return ret;
}
