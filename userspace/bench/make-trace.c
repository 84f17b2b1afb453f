// SPDX-License-Identifier: GPL-2.0
/*
 * A large trace.dat out of a small one: what rtlat report is measured with.
 *
 * usage: make-trace TRACE.DAT OUT MIB [STREAMS [SEED]]
 *
 * The jobs of a recorded run are repeated, on as many CPUs as there are to be
 * streams, until the pages make MIB. No two are the same: times, numbers and
 * jobs go on and durations vary, the same way each time for one seed. The lines
 * that end the run are those of its new samples, so that module and trace agree.
 */

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/checksum.h"
#include "module/ledger.h"
#include "run/trace-write.h"
#include "stats/figures.h"
#include "trace/run.h"
#include "trace/sumrule.h"

#define PAGE_LEN	4096U
#define PAGE_HEAD	16U
#define MAX_STREAMS	64U
#define BATCH		256U	/* pages that are written at a time */

/* Bytes of a record of rtlat_sample and of rtlat_job; the head of one above 112 is longer. */
#define SAMPLE_LEN	48U
#define JOB_LEN		276U

#define PERIOD_NS	1000000U
#define RECORD_NS	640U	/* from one record of a job to the next */

/* The samples of one job, as recorded. */
struct job {
	const struct sample *sample;
	unsigned int nr;
};

struct output {
	int fd;
	u32 crc;
	u64 len;
	unsigned char page[BATCH][PAGE_LEN];
	unsigned int nr;	/* pages that are full */
	u32 used;		/* bytes of the one that is being filled */
	u64 ts;
};

struct maker {
	struct trace_run *run;
	struct trace_formats formats;
	struct job *job;
	size_t nr_jobs;
	u64 seed;
	u64 jobs;
	bool together;		/* a record holds the samples of a job */
	struct rtlat_hist (*hist)[RTLAT_NR_METRICS][RTLAT_NR_CLASSES];
	u32 streams;
	struct output out;
};

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "make-trace: %s\n", what);
	exit(1);
}

static u64 draw(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Numbers that follow each other make sequences that have nothing in common. */
static u64 mix(u64 value)
{
	value = (value + 1) * 0x9e3779b97f4a7c15;
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	return (value ^ value >> 27) | 1;
}

/* A quarter more at most; now and then much more, as in any trace. */
static u64 vary(u64 ns, u64 *seed)
{
	const u64 random = draw(seed);

	ns += ns * (random & 255) / 1024;
	if (!(random >> 8 & 1023))
		ns += ns * (random >> 18 & 15);
	if (!(random >> 24 & 65535))
		ns += ns * (random >> 40 & 255);
	return ns;
}

static void put_bytes(struct maker *maker, const void *bytes, size_t len)
{
	struct output *out = &maker->out;

	if (write_all(out->fd, bytes, len))
		fail("cannot write");
	out->crc = crc32_add(out->crc, bytes, len);
	out->len += len;
}

static void page_done(struct maker *maker, bool flush)
{
	struct output *out = &maker->out;
	const u64 used = out->used;

	if (used) {
		memcpy(out->page[out->nr] + 8, &used, 8);
		out->used = 0;
		out->nr++;
	}
	if (out->nr == BATCH || (flush && out->nr)) {
		put_bytes(maker, out->page, out->nr * (size_t)PAGE_LEN);
		out->nr = 0;
	}
}

/* As the kernel's ring buffer does: a record on a new page has the page's time. */
static void put_record(struct maker *maker, u64 ts, const void *record, u32 len)
{
	struct output *out = &maker->out;
	const u32 size = len > 112 ? len + 8 : len + 4;
	u32 head, word = len + 4;
	unsigned char *at;

	if (PAGE_HEAD + out->used + size > PAGE_LEN ||
	    ts - out->ts >= 1U << 27)
		page_done(maker, false);
	at = out->page[out->nr];
	if (!out->used) {
		memset(at, 0, PAGE_LEN);
		memcpy(at, &ts, 8);
		out->ts = ts;
	}
	at += PAGE_HEAD + out->used;
	head = (u32)(ts - out->ts) << 5 | (len > 112 ? 0 : len / 4);
	memcpy(at, &head, 4);
	if (len > 112)
		memcpy(at + 4, &word, 4);
	memcpy(at + size - len, record, len);
	out->used += size;
	out->ts = ts;
}

static void put_field(unsigned char *record, const struct trace_field *field, u64 value)
{
	memcpy(record + field->offset, &value, field->size);
}

static void put_common(unsigned char *record, s64 id, u32 pid)
{
	const u16 type = (u16)id;

	memcpy(record, &type, 2);
	memcpy(record + 4, &pid, 4);
}

static void count_sample(struct maker *maker, const struct sample *sample)
{
	rtlat_hist_add(&maker->hist[sample->cpu][sample->metric][rtlat_class_of(sample->flags)],
		       sample->duration_ns, sample->start_ns, sample->task,
		       sample->job, sample->flags);
}

static void put_sample(struct maker *maker, u64 ts, const struct sample *sample)
{
	const struct trace_field *field = maker->formats.sample;
	unsigned char record[SAMPLE_LEN] = { 0 };

	put_common(record, maker->formats.sample_id, 83U + sample->cpu);
	put_field(record, &field[TRACE_F_SEQ], sample->seq);
	put_field(record, &field[TRACE_F_START], sample->start_ns);
	put_field(record, &field[TRACE_F_DURATION], sample->duration_ns);
	put_field(record, &field[TRACE_F_JOB], sample->job);
	put_field(record, &field[TRACE_F_TASK], sample->task);
	put_field(record, &field[TRACE_F_FLAGS], sample->flags);
	put_field(record, &field[TRACE_F_CPU], sample->cpu);
	put_field(record, &field[TRACE_F_METRIC], sample->metric);
	put_record(maker, ts, record, sizeof(record));
}

static void put_job_record(struct maker *maker, u64 ts, u32 cpu,
			   const struct rtlat_job_record *job)
{
	const struct trace_field *field = maker->formats.job;
	unsigned char record[JOB_LEN] = { 0 };
	unsigned int i;

	put_common(record, maker->formats.job_id, 83U + cpu);
	for (i = 0; i < RTLAT_NR_JOB_METRICS; i++)
		put_field(record, &maker->formats.job_ns[i], (u64)job->duration_ns[i]);
	memcpy(record + field[TRACE_J_START].offset, job->start_ns, sizeof(job->start_ns));
	memcpy(record + field[TRACE_J_SEQ].offset, job->seq, sizeof(job->seq));
	memcpy(record + field[TRACE_J_FLAGS].offset, job->flags, sizeof(job->flags));
	put_field(record, &field[TRACE_J_JOB], job->job);
	put_field(record, &field[TRACE_J_NEXT_JOB], job->next_job);
	put_field(record, &field[TRACE_J_TASK], job->task);
	put_field(record, &field[TRACE_J_CPU], cpu);
	put_field(record, &field[TRACE_J_SAMPLES], job->samples);
	put_record(maker, ts, record, sizeof(record));
}

static void add_to_job(struct rtlat_job_record *job, const struct sample *sample)
{
	const struct rtlat_record record = sample_record(sample);

	if (!rtlat_job_record_add(job, &record))
		fail("a job's samples do not go into one record");
}

static void put_line(struct maker *maker, u64 *ts, enum rtlat_phase phase,
		     const char *text)
{
	const struct trace_field *field = maker->formats.run;
	const u32 end = field[2].offset + 4, len = (u32)strlen(text) + 1;
	unsigned char record[RTLAT_LINE_MAX + 64] = { 0 };

	if (end + len > sizeof(record))
		fail("a line is too long");
	put_common(record, maker->formats.run_id, 24);
	put_field(record, &field[0], maker->run->number);
	put_field(record, &field[1], phase);
	put_field(record, &field[2], len << 16 | end);
	memcpy(record + end, text, len);
	put_record(maker, *ts, record, (end + len + 3) / 4 * 4);
	*ts += 8000;
}

/* The whole of a job is what its steps now sum to. */
static void put_job(struct maker *maker, u32 cpu, u64 number, u64 *seq)
{
	const struct job *job = &maker->job[number % maker->nr_jobs];
	const u64 shift = (number + 1) * PERIOD_NS;
	const u32 first = job->sample[0].job;
	const u64 start = maker->run->samples[0].start_ns;
	u64 seed = mix(maker->seed + number * MAX_STREAMS + cpu);
	u64 duration[RTLAT_NR_METRICS] = { 0 };
	struct rtlat_job_record together;
	unsigned int i;

	rtlat_job_record_init(&together);
	for (i = 0; i < job->nr; i++)
		duration[job->sample[i].metric] = vary(job->sample[i].duration_ns, &seed);
	duration[RTLAT_THREAD_LATENCY] = 0;
	for (i = 0; i < NR_STEPS; i++)
		duration[RTLAT_THREAD_LATENCY] += duration[step_metrics[i]];
	for (i = 0; i < job->nr; i++) {
		struct sample sample = job->sample[i];

		sample.seq = seq[sample.metric]++;
		sample.start_ns += start + shift - job->sample[0].start_ns;
		sample.duration_ns = duration[sample.metric];
		sample.job += (u32)number - first;
		sample.cpu = (u16)cpu;
		if (draw(&seed) % 200 == 0)
			sample.flags |= 1;
		count_sample(maker, &sample);
		if (maker->together)
			add_to_job(&together, &sample);
		else
			put_sample(maker, start + shift + 8000 +
				   i * (RECORD_NS + draw(&seed) % 64), &sample);
	}
	if (maker->together)
		put_job_record(maker, start + shift + 8000 + draw(&seed) % 64, cpu, &together);
}

/* A text in which "key=..." has another value. */
static char *with(char *text, const char *key, u64 value)
{
	char *name = xasprintf(" %s=", key), *at = strstr(text, name), *made;

	if (!at)
		fail("the status lacks a key");
	at += strlen(name);
	made = xasprintf("%.*s%" PRIu64 "%s", (int)(at - text), text, value,
			 at + strcspn(at, " "));
	free(name);
	free(text);
	return made;
}

static u64 count(struct maker *maker, u32 cpu, unsigned int m, bool interrupted)
{
	u64 n = 0;
	unsigned int c;

	for (c = 0; c < RTLAT_NR_CLASSES; c++)
		if (interrupted == !!(1U << c & CLASSES_INTERRUPTED))
			n += maker->hist[cpu][m][c].n;
	return n;
}

static void put_ledger(struct maker *maker, u64 *ts, u32 cpu, unsigned int m)
{
	const u64 kept = count(maker, cpu, m, false), interrupted = count(maker, cpu, m, true);
	char *text = xasprintf("cpu=%u metric=%s attempted=%" PRIu64, cpu, metric_name(m),
			       kept + interrupted);
	unsigned int i;

	for (i = 0; i < RTLAT_NR_LINES; i++) {
		char *more = xasprintf("%s %s=%" PRIu64, text, line_name(i),
				       i == RTLAT_L_KEPT ? kept :
				       i == RTLAT_L_INTERRUPTED ? interrupted : 0);

		free(text);
		text = more;
	}
	put_line(maker, ts, RTLAT_PHASE_LEDGER, text);
	free(text);
}

static void put_summary(struct maker *maker, u64 *ts, u32 cpu, unsigned int m)
{
	unsigned int c;

	for (c = 0; c < RTLAT_NR_CLASSES; c++) {
		const struct rtlat_hist *hist = &maker->hist[cpu][m][c];
		char *text;

		if (!hist->n)
			continue;
		text = xasprintf("cpu=%u metric=%s class=%s n=%" PRIu64 " sum=%" PRIu64
				 " sumsq_hi=%" PRIu64 " sumsq_lo=%" PRIu64 " min=%" PRIu64
				 " max=%" PRIu64 " max_start_ns=%" PRIu64
				 " max_task=%u max_job=%u max_flags=%u",
				 cpu, metric_name(m), class_name(c), hist->n, hist->sum,
				 (u64)(hist->sumsq >> 64), (u64)hist->sumsq, hist->min,
				 hist->max, hist->max_start_ns, hist->max_task,
				 hist->max_job, hist->max_flags);
		put_line(maker, ts, RTLAT_PHASE_SUMMARY, text);
		free(text);
	}
}

static void put_end(struct maker *maker)
{
	u64 ts = maker->run->samples[0].start_ns + (maker->jobs + 2) * PERIOD_NS;
	const u64 done = maker->jobs * maker->streams;
	char *status = xstrdup(maker->run->status);
	unsigned int m;
	u32 cpu;

	for (cpu = 0; cpu < maker->streams; cpu++)
		for (m = 0; m < RTLAT_NR_METRICS; m++)
			if (count(maker, cpu, m, false) + count(maker, cpu, m, true))
				put_ledger(maker, &ts, cpu, m);
	for (cpu = 0; cpu < maker->streams; cpu++)
		for (m = 0; m < RTLAT_NR_METRICS; m++)
			put_summary(maker, &ts, cpu, m);
	status = with(status, "end_ns", ts);
	status = with(status, "done", done);
	status = with(status, "total", done);
	status = with(status, "sum_checked", done);
	put_line(maker, &ts, RTLAT_PHASE_END, status);
	free(status);
}

static void put_begin(struct maker *maker)
{
	u64 ts = maker->run->samples[0].start_ns - 5000000;
	char *status = xstrdup(maker->run->status);
	char *params = xstrdup(maker->run->params), *line, *rest = NULL;

	status = with(status, "done", 0);
	status = with(status, "sum_checked", 0);
	put_line(maker, &ts, RTLAT_PHASE_BEGIN, status);
	for (line = strtok_r(params, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		put_line(maker, &ts, RTLAT_PHASE_PARAM, line);
	free(params);
	free(status);
}

static u64 put_stream(struct maker *maker, u32 cpu)
{
	u64 seq[RTLAT_NR_METRICS] = { 0 }, number;
	const u64 before = maker->out.len;

	if (!cpu)
		put_begin(maker);
	for (number = 0; number < maker->jobs; number++)
		put_job(maker, cpu, number, seq);
	page_done(maker, true);
	return maker->out.len - before;
}

/* Whole jobs, each with its samples one behind the other. */
static void find_jobs(struct maker *maker)
{
	const struct trace_run *run = maker->run;
	size_t i, first = 0;

	maker->job = xcalloc(run->nr, sizeof(*maker->job));
	for (i = 1; i <= run->nr; i++) {
		struct job job = { &run->samples[first], (unsigned int)(i - first) };
		unsigned int seen = 0, n;

		/* event_latency is the first of a job */
		if (i < run->nr && run->samples[i].metric != RTLAT_EVENT_LATENCY)
			continue;
		first = i;
		for (n = 0; n < job.nr; n++)
			seen |= 1U << job.sample[n].metric;
		if (__builtin_popcount(seen) == (int)job.nr && job.nr >= NR_STEPS + 2 &&
		    seen & 1U << RTLAT_THREAD_LATENCY)
			maker->job[maker->nr_jobs++] = job;
	}
	if (!maker->nr_jobs)
		fail("no whole job in it");
}

/* What is between the magic and the pages, taken apart. */
struct head {
	const char *at;
	char *text[3];	/* header_page, header_event, command lines */
	struct trace_parts parts;
};

static u64 number(struct head *head, size_t len)
{
	u64 value = 0;

	memcpy(&value, head->at, len);
	head->at += len;
	return value;
}

static char *sized(struct head *head)
{
	const u64 len = number(head, 8);

	head->at += len;
	return xstrndup(head->at - len, len);
}

static void formats(struct head *head, struct trace_system *system)
{
	uint32_t i;

	system->nr = (uint32_t)number(head, 4);
	system->format = xcalloc(system->nr + 1UL, sizeof(*system->format));
	for (i = 0; i < system->nr; i++)
		system->format[i] = sized(head);
}

/* trace_check() has looked at it: every size is within the file. */
static void take_head(struct head *head, const char *data)
{
	struct trace_parts *parts = &head->parts;
	uint32_t i, symbols;

	head->at = data + 18 + strlen("header_page") + 1;
	parts->header_page = sized(head);
	head->at += strlen("header_event") + 1;
	parts->header_event = sized(head);
	formats(head, &parts->ftrace);
	parts->nr_systems = (uint32_t)number(head, 4);
	parts->system = xcalloc(parts->nr_systems + 1UL, sizeof(*parts->system));
	for (i = 0; i < parts->nr_systems; i++) {
		parts->system[i].name = xstrdup(head->at);
		head->at += strlen(head->at) + 1;
		formats(head, &parts->system[i]);
	}
	symbols = (uint32_t)number(head, 4);
	parts->symbols = xstrndup(head->at, symbols);
	head->at += symbols;
	head->at += number(head, 4);
	parts->cmdlines = sized(head);
}

static void put_all(struct maker *maker, struct head *head, const char *path)
{
	char stats[] = "entries: 0\noverrun: 0\ncommit overrun: 0\n";
	char *cpustats[MAX_STREAMS], seal[SEAL_LEN];
	uint64_t sizes[MAX_STREAMS] = { 0 };
	struct trace_parts *parts = &head->parts;
	void *bytes;
	size_t len;
	u32 cpu;

	for (cpu = 0; cpu < maker->streams; cpu++)
		cpustats[cpu] = stats;
	parts->clock = "mono";
	parts->uname = "Linux";
	parts->cpustats = cpustats;
	parts->nr_cpus = maker->streams;
	parts->page_size = PAGE_LEN;
	parts->cpu_size = sizes;
	bytes = trace_head(parts, &len);
	free(bytes);
	maker->out.fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (maker->out.fd < 0 || lseek(maker->out.fd, (off_t)len, SEEK_SET) < 0)
		fail("cannot write");
	for (cpu = 0; cpu < maker->streams; cpu++)
		sizes[cpu] = put_stream(maker, cpu);
	/* what ends the run follows the last stream: only then is it all known */
	sizes[cpu - 1] -= maker->out.len;
	put_end(maker);
	page_done(maker, true);
	sizes[cpu - 1] += maker->out.len;
	bytes = trace_head(parts, &len);
	seal_make(seal, crc32_join(crc32_add(0, bytes, len), maker->out.crc, maker->out.len));
	if (write_all(maker->out.fd, seal, SEAL_LEN) ||
	    pwrite(maker->out.fd, bytes, len, 0) != (ssize_t)len || close(maker->out.fd))
		fail("cannot write");
	free(bytes);
}

int main(int argc, char **argv)
{
	static struct maker maker;
	struct problem problem = { "" };
	struct head head = { NULL };
	u64 mib, streams = 2, seed = 1;
	unsigned int n = 0;
	size_t len, i;
	char *data;

	if (argc < 4 || argc > 6 || parse_u64(argv[3], &mib) || !mib ||
	    (argc > 4 && parse_u64(argv[4], &streams)) || !streams ||
	    streams > MAX_STREAMS || (argc > 5 && parse_u64(argv[5], &seed)))
		fail("usage: make-trace TRACE.DAT OUT MIB [STREAMS [SEED]]");
	data = read_text(argv[1], &len);
	maker.run = trace_run_load(argv[1], 0, &problem);
	if (!data || !maker.run) {
		fail(problem.text[0] ? problem.text : argv[1]);
		return 1;
	}
	if (data[10] != '6' || trace_formats_read(argv[1], false, &maker.formats))
		fail("not a trace.dat of version 6");
	maker.together = strstr(maker.run->params, "trace_per=job");
	take_head(&head, data);
	find_jobs(&maker);
	maker.streams = (u32)streams;
	maker.seed = seed;
	maker.hist = xcalloc(streams, sizeof(*maker.hist));
	for (i = 0; i < maker.nr_jobs; i++)
		n += maker.job[i].nr;
	maker.jobs = (mib << 20) / streams / PAGE_LEN;
	if (maker.together)
		maker.jobs *= (PAGE_LEN - PAGE_HEAD) / (JOB_LEN + 8);
	else
		maker.jobs = maker.jobs * ((PAGE_LEN - PAGE_HEAD) / (SAMPLE_LEN + 4)) *
			     maker.nr_jobs / n;
	put_all(&maker, &head, argv[2]);
	printf("%" PRIu64 " samples in %" PRIu64 " bytes of %" PRIu64 " streams\n",
	       maker.jobs * n / maker.nr_jobs * streams, maker.out.len, streams);
	return 0;
}
