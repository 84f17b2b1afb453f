// SPDX-License-Identifier: GPL-2.0
/* The writer of trace.dat: made-up pages of two CPUs, read by libtracecmd. */

#include "test.h"

#include <stdio.h>

#include "../trace-run.h"
#include "../trace-write.h"

#define PAGE		4096U
#define NR_SAMPLES	20

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

static char run_format[] =
	"name: rtlat_run\nID: 1501\n" COMMON
	"\tfield:u32 run;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\tfield:u16 phase;\toffset:12;\tsize:2;\tsigned:0;\n"
	"\tfield:__data_loc char[] text;\toffset:16;\tsize:4;\tsigned:0;\n\n"
	"print fmt: \"run=%u\", REC->run\n";

/* A ring buffer page in the making; the time stamp is its number of bytes. */
struct page {
	unsigned char bytes[PAGE];
	size_t len;
};

static void put_event(struct page *page, const void *data, uint32_t len)
{
	uint32_t head = 0U | 1U << 5;	/* length in the array, 1 ns later */
	uint32_t with_len = len + 4;

	assert_int_equal(len % 4, 0);
	assert_true(page->len + 8 + len <= PAGE);
	memcpy(page->bytes + page->len, &head, 4);
	memcpy(page->bytes + page->len + 4, &with_len, 4);
	memcpy(page->bytes + page->len + 8, data, len);
	page->len += 8 + len;
}

static void page_start(struct page *page, uint64_t ns)
{
	memset(page, 0, sizeof(*page));
	memcpy(page->bytes, &ns, 8);
	page->len = 16;
}

static void page_end(struct page *page)
{
	uint64_t commit = page->len - 16;

	memcpy(page->bytes + 8, &commit, 8);
}

static void put_sample(struct page *page, uint16_t cpu, uint64_t seq,
		       uint64_t duration_ns)
{
	unsigned char event[48] = { 0 };
	uint16_t id = 1500, metric = RTLAT_IPI_LATENCY;

	memcpy(event, &id, 2);
	memcpy(event + 8, &seq, 8);
	memcpy(event + 24, &duration_ns, 8);
	memcpy(event + 44, &cpu, 2);
	memcpy(event + 46, &metric, 2);
	put_event(page, event, sizeof(event));
}

static void put_run(struct page *page, uint16_t phase, const char *text)
{
	unsigned char event[600] = { 0 };
	uint32_t run = 9, len = (uint32_t)strlen(text) + 1;
	uint32_t location = len << 16 | 20;
	uint16_t id = 1501;

	assert_true(20 + len < sizeof(event));
	memcpy(event, &id, 2);
	memcpy(event + 8, &run, 4);
	memcpy(event + 12, &phase, 2);
	memcpy(event + 16, &location, 4);
	memcpy(event + 20, text, len);
	put_event(page, event, (20 + len + 3) / 4 * 4);
}

/* Two CPUs with samples of 100, 101, ... ns; CPU 1 lacks number @hole. */
static void write_trace(const char *dir, uint64_t hole, const char *name)
{
	char *formats[2] = { sample_format, run_format };
	char system_name[] = "rtlat", stats[] = "entries: 0\n";
	struct trace_system system = { system_name, formats, 2 };
	char *cpustats[3] = { stats, stats, stats };
	const uint64_t sizes[] = { PAGE, PAGE, 0 };
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
		.nr_cpus = 3,
		.page_size = PAGE,
		.cpu_size = sizes,
	};
	struct page pages[2];
	uint64_t i;
	size_t len;
	char *file;
	void *head;

	page_start(&pages[0], 1000);
	page_start(&pages[1], 2000);
	put_run(&pages[0], RTLAT_PHASE_BEGIN, "abi=" RTLAT_ABI_STR " state=running run=9");
	for (i = 0; i < NR_SAMPLES; i++) {
		put_sample(&pages[0], 0, i, 100 + i);
		if (i != hole)
			put_sample(&pages[1], 1, i, 200 + i);
	}
	page_end(&pages[0]);
	page_end(&pages[1]);
	head = trace_head(&parts, &len);
	assert_int_equal(len % PAGE, 0);
	file = xcalloc(1, len + 2 * PAGE);
	memcpy(file, head, len);
	memcpy(file + len, pages[0].bytes, PAGE);
	memcpy(file + len + PAGE, pages[1].bytes, PAGE);
	write_file(dir, name, file, len + 2 * PAGE);
	free(file);
	free(head);
}

static void read_back(uint64_t hole, uint64_t traced, uint64_t lost)
{
	char *dir = temp_dir();
	char *path = xasprintf("%s/made.dat", dir);
	struct problem problem = { "" };
	const struct metric_report *metric;
	struct run_report report;
	struct trace_run *run;

	write_trace(dir, hole, "made.dat");
	run = trace_run_load(path, 0, &problem);
	assert_string_equal(problem.text, "");
	assert_non_null(run);
	assert_int_equal(run->number, 9);
	assert_true(run->begun);
	assert_false(run->ended);
	run_report_make(&report, run);
	metric = &report.metric[RTLAT_IPI_LATENCY];
	assert_int_equal(metric->traced, traced);
	assert_int_equal(metric->lost, lost);
	assert_int_equal(metric->top[0]->duration_ns, 219);
	assert_int_equal(metric->top[9]->duration_ns, hole == 15 ? 209 : 210);
	assert_int_equal(metric->top[0]->cpu, 1);
	/* without the run's end there is nothing to agree with */
	assert_false(report.agree);
	run_report_free(&report);
	trace_run_free(run);
	remove_tree(dir);
	free(path);
	free(dir);
}

static void two_cpus(void **state)
{
	(void)state;
	read_back(UINT64_MAX, 2 * NR_SAMPLES, 0);
}

static void a_gap_is_a_lost_record(void **state)
{
	(void)state;
	read_back(15, 2 * NR_SAMPLES - 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cpus),
		cmocka_unit_test(a_gap_is_a_lost_record),
	};

	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
