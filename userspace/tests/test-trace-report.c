// SPDX-License-Identifier: GPL-2.0
/*
 * The report that counts as it reads, held against that which libtracecmd reads
 * every sample for: text, CSV and JSON are the same to the letter, or the file
 * is left to libtracecmd.
 */

#include "test.h"

#include <stdio.h>

#include "base/checksum.h"
#include "fuzz/fuzz.h"
#include "made-trace.h"
#include "trace/report.h"
#include "trace/sumrule.h"

void fuzz_fail(const char *file, int line, const char *what)
{
	fail_msg("%s:%d: not kept: %s", file, line, what);
	abort();
}

static const char *const golden[] = {
	"timer/trace.dat", "queued/trace.dat", "ipi/trace.dat",
	"taskset/trace.dat", "jobs/trace.dat", "raw.dat", "lost.dat",
};

static void golden_traces(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		char *path = golden_path(golden[i]);

		assert_int_equal(fuzz_compare_report(path, 0), TRACE_COUNTED);
		assert_int_equal(fuzz_compare_report(path, 1), TRACE_COUNTED);
		assert_int_equal(fuzz_compare_report(path, 77), TRACE_NO_RUN);
		free(path);
	}
}

static void to_version_7(const char *from, const char *to, const char *how)
{
	static const char *const options = "--file-version 7 --compression";
	char *command = xasprintf("trace-cmd convert -i %s -o %s %s %s >/dev/null 2>&1",
				  from, to, options, how);

	assert_int_equal(system(command), 0);
	free(command);
}

/* As trace-cmd writes it: sections, plain and compressed. */
static void version_7(void **state)
{
	static const char *const how[] = { "none", "zstd" };
	char *dir = temp_dir(), *to = xasprintf("%s/7.dat", dir);
	size_t i, h;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		char *path = golden_path(golden[i]);

		for (h = 0; h < ARRAY_SIZE(how); h++) {
			to_version_7(path, to, how[h]);
			assert_int_equal(fuzz_compare_report(to, 0), TRACE_COUNTED);
			assert_int_equal(fuzz_compare_report(to, 77), TRACE_NO_RUN);
		}
		free(path);
	}
	remove_tree(dir);
	free(to);
	free(dir);
}

/* The option that says where the first buffer is: its bytes in the file. */
static char *buffer_option(char *data, size_t len, uint64_t **last)
{
	char *found = NULL, *at;
	uint64_t next;

	at = data + 18;
	at += strlen(at) + 1;
	at += strlen(at) + 1;
	memcpy(&next, at, 8);
	while (next) {
		uint16_t id;

		at = data + next + 16;
		for (;;) {
			uint32_t size;

			assert_true(at + 6 < data + len);
			memcpy(&id, at, 2);
			memcpy(&size, at + 2, 4);
			if (id == 3)
				found = at;
			at += 6;
			if (!id)
				break;
			at += size;
		}
		memcpy(&next, at, 8);
		*last = (uint64_t *)(void *)at;
	}
	assert_non_null(found);
	return found;
}

/* The buffer once more, as that of an instance. */
static void add_instance(const char *dir, const char *from, const char *name)
{
	struct {
		uint16_t id, flags;
		uint32_t name;
		uint64_t size;
	} __attribute__((packed)) section = { 0 };
	const uint16_t done = 0;
	const uint32_t done_size = 8;
	uint64_t *last = NULL;
	const uint64_t none = 0;
	char *data, *option, *text = NULL;
	uint32_t size;
	size_t len, all;
	FILE *to;

	data = read_text(from, &len);
	assert_non_null(data);
	option = buffer_option(data, len, &last);
	memcpy(last, &len, 8);
	memcpy(&size, option + 2, 4);
	to = open_memstream(&text, &all);
	assert_non_null(to);
	fwrite(data, 1, len, to);
	section.size = 6 + size + strlen(name) + 14;
	fwrite(&section, sizeof(section), 1, to);
	fwrite(option, 2, 1, to);
	size += (uint32_t)strlen(name);
	fwrite(&size, 4, 1, to);
	fwrite(option + 6, 8, 1, to);
	/* the name of the first buffer is empty */
	fwrite(name, strlen(name) + 1, 1, to);
	fwrite(option + 6 + 9, size - strlen(name) - 9, 1, to);
	fwrite(&done, 2, 1, to);
	fwrite(&done_size, 4, 1, to);
	fwrite(&none, 8, 1, to);
	assert_int_equal(fclose(to), 0);
	write_file(dir, "instance.dat", text, all);
	free(text);
	free(data);
}

static void instances(void **state)
{
	static const char *const how[] = { "none", "zstd" };
	char *dir = temp_dir(), *to = xasprintf("%s/7.dat", dir);
	char *both = xasprintf("%s/instance.dat", dir);
	size_t i, h;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		char *path = golden_path(golden[i]);

		for (h = 0; h < ARRAY_SIZE(how); h++) {
			to_version_7(path, to, how[h]);
			add_instance(dir, to, "again");
			assert_int_equal(fuzz_compare_report(both, 0), TRACE_COUNTED);
			assert_int_equal(fuzz_compare_report(both, 77), TRACE_NO_RUN);
		}
		free(path);
	}
	remove_tree(dir);
	free(both);
	free(to);
	free(dir);
}

static u64 rounds(u64 usual)
{
	const char *text = getenv("RTLAT_FLIPS");
	u64 nr = usual;

	if (text)
		parse_u64(text, &nr);
	return nr;
}

/* Bits of goldens, without the seal that would tell. */
static void damaged(void **state)
{
	const u64 nr = rounds(40);
	char *dir = temp_dir(), *bad = xasprintf("%s/bad.dat", dir);
	u64 seed = 3, i, nr_by[3] = { 0 };
	size_t g;

	(void)state;
	for (g = 0; g < 5; g++) {
		char *path = golden_path(golden[g]), *data;
		size_t len;

		data = read_text(path, &len);
		assert_non_null(data);
		len -= SEAL_LEN;
		for (i = 0; i < nr; i++) {
			/* one in eight in the head */
			const size_t from = i % 8 ? 8192 : 0;
			const size_t at = from + random_u64(&seed) % (len - from);
			const char bit = (char)(1 << random_u64(&seed) % 8);

			data[at] ^= bit;
			write_file(dir, "bad.dat", data, i % 16 == 15 ? at : len);
			data[at] ^= bit;
			nr_by[fuzz_compare_report(bad, 0)]++;
		}
		free(data);
		free(path);
	}
	assert_true(nr_by[TRACE_COUNTED] > nr);
	assert_true(nr_by[TRACE_UNCOUNTED] > nr / 4);
	remove_tree(dir);
	free(bad);
	free(dir);
}

/* A seal that does not fit: libtracecmd's reader says so. */
static void broken_seal(void **state)
{
	char *dir = temp_dir(), *bad = xasprintf("%s/bad.dat", dir);
	char *path = golden_path(golden[0]), *data;
	struct problem problem = { "" };
	struct run_report report = { NULL };
	size_t len, at;

	(void)state;
	data = read_text(path, &len);
	assert_non_null(data);
	for (at = 5; at < len; at += 997) {
		data[at] ^= 16;
		write_file(dir, "bad.dat", data, len);
		data[at] ^= 16;
		assert_int_equal(fuzz_compare_report(bad, 0), TRACE_UNCOUNTED);
		problem.text[0] = 0;
		assert_null(trace_report(bad, 0, &report, &problem));
		assert_non_null(strstr(problem.text, "bad.dat"));
	}
	free(data);
	remove_tree(dir);
	free(path);
	free(bad);
	free(dir);
}

#define NR_STREAMS		3
#define NR_TASKS	3

/* A run, or several, in the making; what is wild is rarely counted exactly. */
struct scene {
	struct made_stream streams[NR_STREAMS];
	u64 seed;
	u64 ts;
	u64 seq[NR_STREAMS][RTLAT_NR_METRICS];
	u32 job[NR_STREAMS][NR_TASKS];
	u32 run;
	bool wild;
	bool jobs;
	struct rtlat_job_record job_record;
};

static bool chance(struct scene *scene, unsigned int in)
{
	return random_u64(&scene->seed) % in == 0;
}

static u64 below(struct scene *scene, u64 end)
{
	return random_u64(&scene->seed) % end;
}

static struct made_stream *any_stream(struct scene *scene)
{
	return &scene->streams[below(scene, NR_STREAMS)];
}

static void go_on(struct scene *scene)
{
	static const u64 steps[] = { 0, 0, 1, 5, 300, 70000, 1U << 28 };

	scene->ts += steps[below(scene, ARRAY_SIZE(steps))];
}

/* What is gathered of a job is written down; a run has such records, or samples. */
static void end_job(struct scene *scene, struct made_stream *stream, u16 cpu)
{
	struct rtlat_job_record *job = &scene->job_record;

	if (!job->samples)
		return;
	/* damaged */
	if (scene->wild && chance(scene, 200))
		job->samples |= 1U << RTLAT_NR_JOB_METRICS;
	made_job(stream, scene->ts, cpu, job);
	rtlat_job_record_init(job);
	go_on(scene);
}

static void gather(struct scene *scene, struct made_stream *stream,
		   const struct sample *sample)
{
	const struct rtlat_record record = sample_record(sample);

	if (rtlat_job_record_add(&scene->job_record, &record))
		return;
	end_job(scene, stream, sample->cpu);
	assert_true(rtlat_job_record_add(&scene->job_record, &record));
}

static void emit(struct scene *scene, u16 cpu, u32 task, u32 job, u16 metric, u64 ns,
		 u32 flags)
{
	/* some are written by another CPU than the one they are of */
	struct made_stream *stream = chance(scene, scene->wild ? 8 : 400) ?
				     any_stream(scene) : &scene->streams[cpu];
	struct sample sample = {
		.seq = scene->seq[cpu][metric]++, .start_ns = scene->ts,
		.duration_ns = ns, .job = job, .task = task, .flags = flags,
		.cpu = cpu, .metric = metric,
	};

	if (chance(scene, 40))
		return;
	if (scene->wild && chance(scene, 50))
		sample.seq = below(scene, sample.seq + 1);
	if (scene->jobs) {
		gather(scene, stream, &sample);
		return;
	}
	made_sample(stream, scene->ts, &sample);
	go_on(scene);
}

static void one_job(struct scene *scene)
{
	const u16 cpu = (u16)below(scene, NR_STREAMS);
	const u32 task = (u32)below(scene, NR_TASKS);
	const u32 job = scene->job[cpu][task]++;
	u32 flags = (u32)below(scene, 3) | (chance(scene, 9) ? RTLAT_F_QUEUED : 0) |
		    (chance(scene, 9) ? RTLAT_F_RESUMED : 0) |
		    (chance(scene, 9) ? RTLAT_F_NMI : 0);
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < NR_STEPS; i++) {
		const u64 ns = below(scene, chance(scene, 30) ? 1ULL << 41 : 400);

		sum += ns;
		emit(scene, cpu, task, job, (u16)step_metrics[i], ns, flags & ~RTLAT_F_QUEUED);
		if (scene->wild && chance(scene, 60))
			emit(scene, cpu, task, job, (u16)step_metrics[i], ns, flags);
	}
	emit(scene, cpu, task, job, RTLAT_THREAD_LATENCY, sum + chance(scene, 25), flags);
	if (chance(scene, 3))
		emit(scene, cpu, task, job, RTLAT_EVENT_LATENCY, below(scene, 4), flags);
	if (chance(scene, 3))
		emit(scene, cpu, task, job + 1, RTLAT_ARM_OVERHEAD, below(scene, 9),
		     flags & ~RTLAT_F_QUEUED);
	end_job(scene, chance(scene, 400) ? any_stream(scene) : &scene->streams[cpu], cpu);
	if (scene->wild && chance(scene, 30))
		scene->job[cpu][task] -= (u32)below(scene, job + 1);
}

/* One that closes. */
static char *ledger_line(void)
{
	char *text = xstrdup("cpu=0 metric=wake_gap attempted=50");
	unsigned int i;

	for (i = 0; i < RTLAT_NR_LINES; i++) {
		char *more = xasprintf("%s %s=%d", text, line_name(i),
				       i == RTLAT_L_KEPT ? 50 : 0);

		free(text);
		text = more;
	}
	return text;
}

static void one_line(struct scene *scene)
{
	static const char status[] = "abi=" RTLAT_ABI_STR " state=running run=1";
	struct made_stream *stream = any_stream(scene);
	char *ledger;

	switch (below(scene, scene->wild ? 5 : 12)) {
	case 0:
		made_line(stream, scene->ts, ++scene->run, RTLAT_PHASE_BEGIN, status);
		break;
	case 1:
		made_line(stream, scene->ts, scene->run, RTLAT_PHASE_END, status);
		break;
	case 2:
		made_line(stream, scene->ts, scene->run + chance(scene, 5),
			  RTLAT_PHASE_PARAM, "a=b");
		break;
	case 3:
		ledger = ledger_line();
		made_line(stream, scene->ts, scene->run, RTLAT_PHASE_LEDGER, ledger);
		free(ledger);
		break;
	}
	go_on(scene);
}

static void one_oddity(struct scene *scene)
{
	struct made_stream *stream = any_stream(scene);

	switch (below(scene, 5)) {
	case 0:
		made_other(stream, scene->ts, 4 * (u32)(1 + below(scene, 100)));
		break;
	case 1:
		if (stream->nr)
			made_padding(stream, 0);
		break;
	case 2:
		made_page(stream, scene->ts);
		break;
	case 3:
		made_page(stream, scene->ts);
		made_missed(stream, false, 0);
		break;
	case 4:
		if (stream->nr && scene->ts >= stream->ts)
			made_stamp(stream, scene->ts);
		break;
	}
}

static void play(struct scene *scene, u64 seed, bool wild)
{
	unsigned int i, nr;

	memset(scene, 0, sizeof(*scene));
	scene->seed = seed * 0x9e3779b97f4a7c15 | 1;
	scene->wild = wild;
	scene->jobs = chance(scene, 2);
	rtlat_job_record_init(&scene->job_record);
	scene->ts = 1000;
	nr = (unsigned int)below(scene, 150);
	for (i = 0; i < nr; i++) {
		const u64 what = below(scene, 40);

		if (what < 2)
			one_line(scene);
		else if (what < 3)
			one_oddity(scene);
		else
			one_job(scene);
	}
	for (i = 0; i < NR_STREAMS; i++)
		if (scene->streams[i].nr && chance(scene, 9))
			made_missed(&scene->streams[i], true, below(scene, 2));
}

static void made_up(void **state)
{
	const u64 nr = rounds(60);
	char *dir = temp_dir(), *path = xasprintf("%s/made.dat", dir);
	char *seven = xasprintf("%s/7.dat", dir);
	u64 i, nr_by[2][3] = { 0 };

	(void)state;
	for (i = 0; i < nr; i++) {
		const bool wild = i & 1;
		struct scene scene;
		size_t len;
		char *file;
		u32 run;

		play(&scene, i + 1, wild);
		file = made_trace(scene.streams, NR_STREAMS, &len);
		write_file(dir, "made.dat", file, len);
		for (run = 0; run < 3; run++)
			nr_by[wild][fuzz_compare_report(path, run)]++;
		if (i % 8 == 0) {
			to_version_7(path, seven, i % 16 ? "none" : "zstd");
			fuzz_compare_report(seven, 0);
			fuzz_compare_report(seven, 1);
		}
		free(file);
		made_free(scene.streams, NR_STREAMS);
	}
	for (i = 0; i < 2; i++)
		print_message("%s: %d counted, %d without the run, %d left to libtracecmd\n",
			      i ? "wild" : "made up", (int)nr_by[i][0],
			      (int)nr_by[i][1], (int)nr_by[i][2]);
	/* most of what could be recorded is counted, and some of what could not */
	assert_true(nr_by[0][TRACE_COUNTED] > nr / 4);
	assert_true(nr_by[1][TRACE_COUNTED] > 0);
	assert_true(nr_by[1][TRACE_UNCOUNTED] > 0);
	remove_tree(dir);
	free(seven);
	free(path);
	free(dir);
}

/* Three ways to the same CRC; 123456789 is the check of every catalogue. */
static void checksums(void **state)
{
	unsigned char bytes[1000];
	u64 seed = 9;
	size_t i;

	(void)state;
	assert_int_equal(crc32_add(0, "123456789", 9), 0xcbf43926);
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)random_u64(&seed);
	for (i = 0; i <= sizeof(bytes); i++) {
		uint32_t slow = 0, joined;
		size_t n;

		for (n = 0; n < i; n++)
			slow = crc32_add(slow, &bytes[n], 1);
		assert_int_equal(crc32_add(0, bytes, i), slow);
		n = (size_t)(random_u64(&seed) % (i + 1));
		joined = crc32_join(crc32_add(0, bytes, n), crc32_add(0, bytes + n, i - n), i - n);
		assert_int_equal(joined, slow);
		assert_int_equal(crc32_add(crc32_add(0, bytes, n), bytes + n, i - n), slow);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checksums),
		cmocka_unit_test(golden_traces),
		cmocka_unit_test(version_7),
		cmocka_unit_test(instances),
		cmocka_unit_test(damaged),
		cmocka_unit_test(broken_seal),
		cmocka_unit_test(made_up),
	};

	return cmocka_run_group_tests_name("trace-report", tests, NULL, NULL);
}
