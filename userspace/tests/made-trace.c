// SPDX-License-Identifier: GPL-2.0
/* Traces made up in the tests: pages as the kernel's ring buffer has them. */

#include "test.h"

#include "made-trace.h"
#include "run/trace-write.h"

#define PAGE_HEAD	16U
#define SAMPLE_ID	1500U
#define RUN_ID		1501U
#define JOB_ID		1502U
#define OTHER_ID	99U
#define MAX_STREAMS	8U

enum { PADDING = 29, TIME_EXTEND = 30, TIME_STAMP = 31 };

static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

static const char header_event[] =
	"# compressed entry header\n\ttype_len    :    5 bits\n"
	"\ttime_delta  :   27 bits\n\tarray       :   32 bits\n\n"
	"\tpadding     : type == 29\n\ttime_extend : type == 30\n"
	"\ttime_stamp : type == 31\n\tdata max type_len  == 28\n";

#define COMMON \
	"format:\n" \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

static char sample_format[] =
	"name: rtlat_sample\nID: 1500\n" COMMON
	"\tfield:u64 seq;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:u64 start_ns;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:u64 duration_ns;\toffset:24;\tsize:8;\tsigned:0;\n"
	"\tfield:u32 job;\toffset:32;\tsize:4;\tsigned:0;\n"
	"\tfield:u32 task;\toffset:36;\tsize:4;\tsigned:0;\n"
	"\tfield:u32 flags;\toffset:40;\tsize:4;\tsigned:0;\n"
	"\tfield:u16 cpu;\toffset:44;\tsize:2;\tsigned:0;\n"
	"\tfield:u16 metric;\toffset:46;\tsize:2;\tsigned:0;\n\n"
	"print fmt: \"seq=%llu\", REC->seq\n";

static char job_format[] =
	"name: rtlat_job\nID: 1502\n" COMMON
#define RTLAT_X(NAME, name, starts, ends) \
	"\tfield:s64 " #name ";\toffset:        ;\tsize:8;\tsigned:1;\n"
	RTLAT_METRICS_OF_JOB(RTLAT_X)
#undef RTLAT_X
	"\tfield:u64 start_ns[9];\toffset:80;\tsize:72;\tsigned:0;\n"
	"\tfield:u64 seq[9];\toffset:152;\tsize:72;\tsigned:0;\n"
	"\tfield:u32 flags[9];\toffset:224;\tsize:36;\tsigned:0;\n"
	"\tfield:u32 job;\toffset:260;\tsize:4;\tsigned:0;\n"
	"\tfield:u32 next_job;\toffset:264;\tsize:4;\tsigned:0;\n"
	"\tfield:u32 task;\toffset:268;\tsize:4;\tsigned:0;\n"
	"\tfield:u16 cpu;\toffset:272;\tsize:2;\tsigned:0;\n"
	"\tfield:u16 samples;\toffset:274;\tsize:2;\tsigned:0;\n\n"
	"print fmt: \"job=%u\", REC->job\n";

static char run_format[] =
	"name: rtlat_run\nID: 1501\n" COMMON
	"\tfield:u32 run;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:u16 phase;\toffset:12;\tsize:2;\tsigned:0;\n"
	"\tfield:__data_loc char[] text;\toffset:16;\tsize:4;\tsigned:0;\n\n"
	"print fmt: \"run=%u\", REC->run\n";

static unsigned char *last_page(const struct made_stream *stream)
{
	return stream->bytes + (stream->nr - 1) * MADE_PAGE;
}

/**
 * made_page - begin a page
 * @stream: stream
 * @ts: its time
 */
void made_page(struct made_stream *stream, u64 ts)
{
	stream->bytes = xrealloc(stream->bytes, (stream->nr + 1) * MADE_PAGE);
	stream->nr++;
	memset(last_page(stream), 0, MADE_PAGE);
	memcpy(last_page(stream), &ts, 8);
	stream->used = 0;
	stream->ts = ts;
}

static void set_used(struct made_stream *stream)
{
	u64 head;

	memcpy(&head, last_page(stream) + 8, 8);
	head = (head & ~((1ULL << 27) - 1)) | stream->used;
	memcpy(last_page(stream) + 8, &head, 8);
}

static void put_word(struct made_stream *stream, u32 word)
{
	assert_true(PAGE_HEAD + stream->used + 4 <= MADE_PAGE);
	memcpy(last_page(stream) + PAGE_HEAD + stream->used, &word, 4);
	stream->used += 4;
}

/* Room for @len bytes, and the time since the record before. */
static u32 go_on(struct made_stream *stream, u64 ts, u32 len)
{
	u64 delta;

	if (!stream->nr || PAGE_HEAD + stream->used + len + 16 > MADE_PAGE)
		made_page(stream, ts);
	delta = ts - stream->ts;
	if (delta >> 27) {
		put_word(stream, (u32)(delta << 5) | TIME_EXTEND);
		put_word(stream, (u32)(delta >> 27));
		delta = 0;
	}
	stream->ts = ts;
	return (u32)delta << 5;
}

static void put_event(struct made_stream *stream, u64 ts, const void *data, u32 len)
{
	const u32 delta = go_on(stream, ts, len);

	assert_int_equal(len % 4, 0);
	if (len > 112) {
		put_word(stream, delta);
		put_word(stream, len + 4);
	} else {
		put_word(stream, delta | len / 4);
	}
	memcpy(last_page(stream) + PAGE_HEAD + stream->used, data, len);
	stream->used += len;
	set_used(stream);
}

/**
 * made_missed - a page before which the ring buffer lost records
 * @stream: stream
 * @stored: their number is behind the records, if the page does not get full
 * @missed: their number
 *
 * To be called before anything is on the page, and again after the last record.
 */
void made_missed(struct made_stream *stream, bool stored, u64 missed)
{
	u64 head;

	memcpy(&head, last_page(stream) + 8, 8);
	head |= 1ULL << 31;
	if (stored && PAGE_HEAD + stream->used + 8 <= MADE_PAGE) {
		head |= 1ULL << 30;
		memcpy(last_page(stream) + PAGE_HEAD + stream->used, &missed, 8);
	}
	memcpy(last_page(stream) + 8, &head, 8);
}

/**
 * made_sample - one sample
 * @stream: stream
 * @ts: time of the record
 * @sample: the sample
 */
void made_sample(struct made_stream *stream, u64 ts, const struct sample *sample)
{
	unsigned char event[48] = { 0 };
	const u16 id = SAMPLE_ID;

	memcpy(event, &id, 2);
	memcpy(event + 8, &sample->seq, 8);
	memcpy(event + 16, &sample->start_ns, 8);
	memcpy(event + 24, &sample->duration_ns, 8);
	memcpy(event + 32, &sample->job, 4);
	memcpy(event + 36, &sample->task, 4);
	memcpy(event + 40, &sample->flags, 4);
	memcpy(event + 44, &sample->cpu, 2);
	memcpy(event + 46, &sample->metric, 2);
	put_event(stream, ts, event, sizeof(event));
}

/**
 * made_job - samples of one job, in one record
 * @stream: stream
 * @ts: time of the record
 * @cpu: their CPU
 * @job: the samples
 */
void made_job(struct made_stream *stream, u64 ts, u16 cpu,
	      const struct rtlat_job_record *job)
{
	unsigned char event[276] = { 0 };
	const u16 id = JOB_ID;

	memcpy(event, &id, 2);
	memcpy(event + 8, job->duration_ns, sizeof(job->duration_ns));
	memcpy(event + 80, job->start_ns, sizeof(job->start_ns));
	memcpy(event + 152, job->seq, sizeof(job->seq));
	memcpy(event + 224, job->flags, sizeof(job->flags));
	memcpy(event + 260, &job->job, 4);
	memcpy(event + 264, &job->next_job, 4);
	memcpy(event + 268, &job->task, 4);
	memcpy(event + 272, &cpu, 2);
	memcpy(event + 274, &job->samples, 2);
	put_event(stream, ts, event, sizeof(event));
}

/* Each metric's field where its number says. */
static void place_metrics(void)
{
	char *at = job_format, number[9];
	unsigned int i;

	for (i = 0; i < RTLAT_NR_JOB_METRICS && (at = strstr(at, "offset:  ")); i++) {
		snprintf(number, sizeof(number), "%08u", 8 + 8 * i);
		memcpy(at + strlen("offset:"), number, 8);
	}
}

/**
 * made_line - one line about the run
 * @stream: stream
 * @ts: time of the record
 * @run: number of the run
 * @phase: enum rtlat_phase
 * @text: the line
 */
void made_line(struct made_stream *stream, u64 ts, u32 run, u16 phase, const char *text)
{
	unsigned char event[600] = { 0 };
	const u32 len = (u32)strlen(text) + 1, location = len << 16 | 20;
	const u16 id = RUN_ID;

	assert_true(20 + len < sizeof(event));
	memcpy(event, &id, 2);
	memcpy(event + 8, &run, 4);
	memcpy(event + 12, &phase, 2);
	memcpy(event + 16, &location, 4);
	memcpy(event + 20, text, len);
	put_event(stream, ts, event, (20 + len + 3) / 4 * 4);
}

/**
 * made_other - an event that is not rtlat's
 * @stream: stream
 * @ts: time of the record
 * @len: its bytes, a multiple of 4, at most 512
 */
void made_other(struct made_stream *stream, u64 ts, u32 len)
{
	unsigned char event[512] = { OTHER_ID };

	put_event(stream, ts, event, len);
}

/**
 * made_padding - a record that the kernel took back
 * @stream: stream
 * @delta: time since the record before, ns
 */
void made_padding(struct made_stream *stream, u32 delta)
{
	go_on(stream, stream->ts, 64);
	put_word(stream, delta << 5 | PADDING);
	put_word(stream, 12);
	put_word(stream, 0);
	put_word(stream, 0);
	stream->ts += delta;
	set_used(stream);
}

/**
 * made_stamp - an absolute time stamp
 * @stream: stream
 * @ts: the time
 */
void made_stamp(struct made_stream *stream, u64 ts)
{
	go_on(stream, stream->ts, 64);
	put_word(stream, (u32)(ts << 5) | TIME_STAMP);
	put_word(stream, (u32)(ts >> 27));
	stream->ts = ts;
	set_used(stream);
}

/**
 * made_trace - a trace.dat
 * @streams: by CPU; one without pages is empty
 * @nr: CPUs
 * @len: receives its bytes
 *
 * Return: the file; free() it.
 */
char *made_trace(const struct made_stream *streams, unsigned int nr, size_t *len)
{
	char *formats[3] = { sample_format, job_format, run_format };
	char system_name[] = "rtlat", stats[] = "entries: 0\n";
	struct trace_system system = { system_name, formats, ARRAY_SIZE(formats) };
	char *cpustats[MAX_STREAMS] = { NULL };
	uint64_t sizes[MAX_STREAMS];
	struct trace_parts parts = {
		.header_page = header_page,
		.header_event = header_event,
		.system = &system,
		.nr_systems = 1,
		.symbols = "",
		.cmdlines = "1 init\n",
		.clock = "mono",
		.uname = "Linux",
		.cpustats = cpustats,
		.nr_cpus = nr,
		.page_size = MADE_PAGE,
		.cpu_size = sizes,
	};
	unsigned int i;
	char *file;

	assert_true(nr <= MAX_STREAMS);
	place_metrics();
	for (i = 0; i < nr; i++) {
		cpustats[i] = stats;
		sizes[i] = streams[i].nr * MADE_PAGE;
	}
	file = trace_head(&parts, len);
	assert_int_equal(*len % MADE_PAGE, 0);
	for (i = 0; i < nr; i++) {
		file = xrealloc(file, *len + sizes[i] + 1);
		if (sizes[i])
			memcpy(file + *len, streams[i].bytes, sizes[i]);
		*len += sizes[i];
	}
	return file;
}

/**
 * made_free - free the streams' pages
 * @streams: streams
 * @nr: how many
 */
void made_free(struct made_stream *streams, unsigned int nr)
{
	while (nr--)
		free(streams[nr].bytes);
}
