// SPDX-License-Identifier: GPL-2.0
/* Cells, skip, collect, compare: from folders to tables. */

#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "compare/compare.h"
#include "proof/platform.h"
#include "proof/proof.h"
#include "results/cell.h"
#include "results/results.h"
#include "rtlat.h"

#define NATIVE	"platform=native,kernel=6.1"
#define KVM	"platform=kvm,kernel=6.1"
#define KVM_PI	"platform=kvm-pi,kernel=6.1"
#define DOCTOR(checks) "{\"schema\": \"rtlat-doctor/1\", \"checks\": " checks "}"

/* A golden cell as one of another platform, its times scaled. */
static void make_cell(const char *results, const char *id, const char *golden,
		      const char *platform, double scale)
{
	char *path = xasprintf("%s/%s/summary.json", golden_dir(), golden);
	char *name = xasprintf("%s/summary.json", id);
	struct problem problem = { "" };
	json_t *cell = json_read(path, &problem);
	json_t *metric, *stats, *value;
	const char *key;
	void *next;
	char *text;

	assert_non_null(cell);
	json_object_set_new(cell, "platform", json_string(platform));
	metric = json_object_get(json_object_get(cell, "metrics"), "event_latency");
	stats = json_object_get(metric, "kept");
	json_object_foreach_safe(stats, next, key, value)
		if (json_is_number(value) && strcmp(key, "n"))
			json_object_set_new(stats, key,
					    json_real(scale * json_number_value(value)));
	text = json_text(cell);
	write_file(results, name, text, strlen(text));
	write_proof(results, id, platform);
	free(text);
	json_decref(cell);
	free(name);
	free(path);
}

static char *make_results(void)
{
	char *results = temp_dir();
	struct output output;

	make_cell(results, NATIVE, "timer", "native", 1);
	make_cell(results, KVM, "timer", "kvm", 10);
	run_rtlat(&output, "skip --out %s/%s --platform kvm-pi %s --reason '%s' %s", results,
		  KVM_PI, "--clock instructions --insns-per-us 1000 --flavour 6.1 --vcpus 1",
		  "kvm_amd: avic=N", "mode=timer cpus=0 count=100");
	assert_string_equal(output.text, "");
	assert_int_equal(output.status, 0);
	free(output.text);
	return results;
}

static void drop(char *dir)
{
	remove_tree(dir);
	free(dir);
}

static json_t *collected(const char *results)
{
	struct problem problem = { "" };
	struct output output;
	json_t *summary;

	run_rtlat(&output, "collect %s --host emulated", results);
	assert_string_equal(output.text, "");
	assert_int_equal(output.status, 0);
	free(output.text);
	summary = summary_read(results, &problem);
	assert_string_equal(problem.text, "");
	assert_non_null(summary);
	return summary;
}

static void collect_joins_cells(void **state)
{
	char *results = make_results();
	json_t *summary = collected(results);
	const json_t *cells = json_object_get(summary, "cells");
	char *manifest = xasprintf("%s/manifest.json", results);
	const json_t *cell, *part;

	(void)state;
	assert_int_equal(json_array_size(cells), 3);
	cell = json_array_get(cells, 1);
	assert_string_equal(json_string_value(json_object_get(cell, "id")), KVM_PI);
	assert_string_equal(json_string_value(json_object_get(cell, "status")), "skip");
	cell = json_array_get(cells, 0);
	part = json_object_get(cell, "proof");
	assert_int_equal(json_integer_value(json_object_get(part, "kvm_irq_injections")),
			 2131);
	part = json_object_get(summary, "host");
	assert_string_equal(json_string_value(json_object_get(part, "kind")), "emulated");
	assert_int_equal(access(manifest, R_OK), 0);
	free(manifest);
	json_decref(summary);
	drop(results);
}

/* Whatever is wrong: one line that names it, exit 1, the old summary stays. */
static void collect_refuses(const char *file, const char *text, const char *says)
{
	char *results = make_results();
	char *path = xasprintf("%s/summary.json", results);
	char *before, *after;
	struct output output;

	json_decref(collected(results));
	before = read_text(path, NULL);
	write_file(results, file, text, strlen(text));
	run_rtlat(&output, "collect %s", results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, says));
	free(output.text);
	after = read_text(path, NULL);
	assert_string_equal(before, after);
	free(after);
	free(before);
	free(path);
	drop(results);
}

static void collect_names_bad_cells(void **state)
{
	(void)state;
	collect_refuses(KVM "/summary.json", "{\n\"id\":\n", "summary.json line 3");
	collect_refuses(KVM "/summary.json", "", KVM "/summary.json line 1");
	collect_refuses(KVM "/summary.json", "[]", "not a JSON object");
	collect_refuses(KVM "/summary.json", "{\"id\": 5}", "id has the wrong type");
	collect_refuses(KVM "/summary.json", "{\"id\": \"x\", \"platform\": \"xen\"}",
			"platform: xen is not known");
	collect_refuses(KVM "/proof", "a=1\nb\n", KVM "/proof line 2");
	collect_refuses(KVM "/proof", "a=1\nb=2\x1b\n",
			KVM "/proof: b: a control character in it");
	collect_refuses("platform=x/other", "", "platform=x/summary.json");
}

/* What doctor said before is not what it says now. */
static void collect_names_a_bad_doctor(void **state)
{
	static const char good[] =
		DOCTOR("[{\"id\": \"smt\", \"state\": \"fine\", \"severity\": \"note\"}]");
	char *results = make_results();
	char *path = xasprintf("%s/manifest.json", results), *text;
	struct output output;

	(void)state;
	collect_refuses("doctor.json", "", "doctor.json line 1");
	collect_refuses("doctor.json", "{\"schema\": ", "doctor.json line 1");
	collect_refuses("doctor.json", "[]", "doctor.json: schema is missing");
	collect_refuses("doctor.json", "{\"schema\": \"foo\", \"checks\": []}",
			"doctor.json: schema is foo, not rtlat-doctor/1");
	collect_refuses("doctor.json", DOCTOR("{}"),
			"doctor.json: checks is not a list");
	collect_refuses("doctor.json", DOCTOR("[1]"),
			"doctor.json: checks[0].id is not a name");
	collect_refuses("doctor.json/x", "", "doctor.json: Is a directory");
	write_file(results, "doctor.json", good, strlen(good));
	run_rtlat(&output, "collect %s", results);
	assert_string_equal(output.text, "");
	free(output.text);
	text = read_text(path, NULL);
	assert_non_null(strstr(text, "\"id\": \"smt\""));
	assert_null(strstr(text, "\"id\": \"tsc\""));
	free(text);
	free(path);
	drop(results);
}

/* A proof with a NUL in it is not its beginning. */
static void collect_reads_whole_proofs(void **state)
{
	static const char nul[] = "\nx=1\0y=2\n";
	char *results = make_results();
	char *path = xasprintf("%s/" KVM "/proof", results);
	char *text = read_text(path, NULL), *bytes;
	const size_t len = strlen(text);
	struct output output;

	(void)state;
	bytes = xcalloc(1, len + sizeof(nul));
	memcpy(bytes, text, len);
	memcpy(bytes + len, nul, sizeof(nul) - 1);
	write_file(results, KVM "/proof", bytes, len + sizeof(nul) - 1);
	run_rtlat(&output, "collect %s", results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, path));
	assert_non_null(strstr(output.text, ": a NUL byte: not a text"));
	free(output.text);
	free(bytes);
	free(text);
	free(path);
	drop(results);
}

/* What a proof must say of a cell, and what becomes of one that does not. */
static void collect_judges_proofs(void **state)
{
	static const struct {
		const char *id, *platform, *proof_of, *says;
	} cases[] = {
		{ NATIVE, "native", NULL, "proof: there is none" },
		{ NATIVE, "native", "kvm",
		  "proof: native_hypervisor_flag is missing" },
		{ KVM, "kvm", "kvm-pi", "proof: enable_apicv=Y, not N" },
		{ KVM_PI, "kvm-pi", "kvm",
		  "claimed but not active: enable_apicv=N" },
		{ KVM_PI, "kvm-pi", "kvm-pi", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *results = make_results();
		const char *says = cases[i].says;
		char *path = xasprintf("%s/%s/proof", results, cases[i].id);
		struct problem problem = { "" };
		struct output output;
		json_t *summary, *cell = NULL;
		size_t at;

		make_cell(results, cases[i].id, "timer", cases[i].platform, 1);
		if (cases[i].proof_of)
			write_proof(results, cases[i].id, cases[i].proof_of);
		else
			assert_int_equal(unlink(path), 0);
		run_rtlat(&output, "collect %s", results);
		assert_int_equal(output.status, !!says);
		assert_int_equal(count_lines(output.text), !!says);
		summary = summary_read(results, &problem);
		assert_string_equal(problem.text, "");
		json_array_foreach(json_object_get(summary, "cells"), at, cell)
			if (!strcmp(json_text_of(cell, "id"), cases[i].id))
				break;
		assert_string_equal(json_text_of(cell, "status"),
				    says ? "fail" : "ok");
		if (says) {
			assert_string_equal(json_text_of(cell, "reason"), says);
			assert_non_null(strstr(output.text, says));
			assert_non_null(strstr(output.text, cases[i].id));
			assert_int_equal(json_object_size(json_object_get(cell,
									  "metrics")), 0);
		}
		free(output.text);
		json_decref(summary);
		free(path);
		drop(results);
	}
}

/* timer=posted is a claim of its own, whatever the proof says of itself. */
static void posted_timers_are_exitless(void **state)
{
	json_t *workload = json_pack("{s:s}", "timer", "posted");
	json_t *cell = json_pack("{s:s, s:s, s:o, s:o}", "status", "ok",
				 "platform", "kvm-pi", "workload", workload,
				 "metrics", json_object());
	struct proof_snapshot snapshot;
	struct problem problem = { "" };

	(void)state;
	snapshot_read(&snapshot, "intel-local");
	json_object_set_new(cell, "proof", proof_make(&snapshot, &problem));
	proof_snapshot_free(&snapshot);
	assert_int_equal(proof_judge_cell(cell, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "claimed but not active: exitless: "));
	json_object_set_new(cell, "status", json_string("ok"));
	json_object_set_new(workload, "timer", json_string("local"));
	problem.text[0] = 0;
	assert_int_equal(proof_judge_cell(cell, &problem), 0);
	json_decref(cell);
}

static void collect_checks_the_ledger(void **state)
{
	char *results = make_results();
	char *path = xasprintf("%s/" KVM "/summary.json", results);
	struct problem problem = { "" };
	json_t *cell = json_read(path, &problem);
	json_t *metric = json_object_get(json_object_get(cell, "metrics"),
					 "cxs_overhead");
	struct output output;
	char *text;

	(void)state;
	json_object_set_new(json_object_get(metric, "ledger"), "attempted",
			    json_integer(101));
	text = json_text(cell);
	write_file(results, KVM "/summary.json", text, strlen(text));
	run_rtlat(&output, "collect %s", results);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "does not close"));
	free(output.text);
	free(text);
	json_decref(cell);
	free(path);
	drop(results);
}

static void collect_of_nothing_fails(void **state)
{
	char *results = temp_dir();
	struct output output;

	(void)state;
	run_rtlat(&output, "collect %s", results);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "no cells"));
	free(output.text);
	run_rtlat(&output, "collect %s/missing", results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	free(output.text);
	drop(results);
}

static void compare_shows_platforms(void **state)
{
	char *results = make_results();
	json_t *summary = collected(results);
	json_t *groups = compare_groups(summary);
	struct output output;

	(void)state;
	assert_int_equal(json_array_size(groups), 1);
	run_rtlat(&output, "compare %s", results);
	assert_int_equal(output.status, 0);
	assert_non_null(strstr(output.text,
			       "clock: instructions (1000 = 1 us emulated)"));
	assert_non_null(strstr(output.text, "kvm-pi: skip: kvm_amd: avic=N"));
	assert_non_null(strstr(output.text, "10.00"));
	assert_non_null(strstr(output.text, "sum of steps"));
	assert_non_null(strstr(output.text, "[ns]"));
	assert_non_null(strstr(output.text, "100/100"));
	free(output.text);
	run_rtlat(&output, "compare --json %s/summary.json 2>/dev/null", results);
	assert_int_equal(output.status, 0);
	assert_int_equal(output.text[0], '[');
	free(output.text);
	json_decref(groups);
	json_decref(summary);
	drop(results);
}

static void compare_keeps_workloads_apart(void **state)
{
	char *results = make_results();
	json_t *summary, *groups;

	(void)state;
	make_cell(results, "platform=native,ipi", "ipi", "native", 1);
	summary = collected(results);
	groups = compare_groups(summary);
	assert_int_equal(json_array_size(groups), 2);
	json_decref(groups);
	json_decref(summary);
	drop(results);
}

static void compare_of_no_summary_fails(void **state)
{
	char *results = temp_dir();
	struct output output;

	(void)state;
	write_file(results, "summary.json", "{\"schema\": \"other/1\"}", 21);
	run_rtlat(&output, "compare %s", results);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "schema is other/1"));
	free(output.text);
	drop(results);
}

static void skip_replaces_only_cells(void **state)
{
	char *results = make_results();
	struct output output;
	char *text, *path;

	(void)state;
	write_file(results, "mine/file", "precious", 8);
	run_rtlat(&output, "skip --out %s/mine --reason x mode=timer", results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	free(output.text);
	path = xasprintf("%s/mine/file", results);
	text = read_text(path, NULL);
	assert_string_equal(text, "precious");
	free(text);
	free(path);
	run_rtlat(&output, "skip --out %s/" KVM " --fail --reason lost mode=timer",
		  results);
	assert_int_equal(output.status, 0);
	free(output.text);
	path = xasprintf("%s/" KVM "/proof", results);
	assert_int_not_equal(access(path, F_OK), 0);
	free(path);
	run_rtlat(&output, "collect %s", results);
	assert_int_equal(output.status, 0);
	free(output.text);
	run_rtlat(&output, "skip --out %s --reason x mode=timer", results);
	assert_int_equal(output.status, 1);
	assert_int_equal(count_lines(output.text), 1);
	assert_non_null(strstr(output.text, "not a cell's folder: "));
	free(output.text);
	path = xasprintf("%s/" NATIVE "/summary.json", results);
	assert_int_equal(access(path, F_OK), 0);
	free(path);
	run_rtlat(&output, "skip --out /proc/nowhere/x --reason x mode=timer");
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "/proc/nowhere/x"));
	free(output.text);
	drop(results);
}

static void command_line(void **state)
{
	static const struct {
		const char *arguments;
		int status;
		const char *says;
	} cases[] = {
		{ "--version", 0, "(ABI " RTLAT_ABI_STR ")" },
		{ "--help", 0, "collect" },
		{ "bla", 1, "bla: no such command" },
		{ "", 1, "no command" },
		{ "run mode=timer period_us=0", 1, "period_us=0" },
		{ "run --clock instructions mode=timer", 1, "--insns-per-us" },
		{ "run --platform xen mode=timer", 1, "--platform xen" },
		{ "run --timeout 0 mode=timer", 1, "--timeout 0" },
		{ "run --trace mode=timer", 1, "--trace" },
		{ "skip --out /tmp/x mode=timer", 1, "--reason" },
		{ "skip --out /tmp/x --reason 'a\nb' mode=timer", 1,
		  "--reason a?b: a control character in it" },
		{ "skip --out '/tmp/x\ry' --reason x mode=timer", 1,
		  "--out /tmp/x?y: a control character in it" },
		{ "skip --out /tmp/x --flavour 6.1/.. --reason x mode=timer", 1,
		  "--flavour 6.1/..: cannot be part of a folder's name" },
		{ "skip --out /tmp/x --kernel '6.1\t' --reason x mode=timer", 1,
		  "--kernel 6.1?: a control character in it" },
		{ "params", 0, "period_us" },
		{ "params --markdown", 0, "| `period_us` |" },
		{ "report /nonexistent", 1, "/nonexistent" },
		{ "compare /nonexistent", 1, "/nonexistent" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct output output;

		run_rtlat(&output, "%s", cases[i].arguments);
		assert_int_equal(output.status, cases[i].status);
		assert_non_null(strstr(output.text, cases[i].says));
		if (cases[i].status)
			assert_int_equal(count_lines(output.text), 1);
		free(output.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(collect_joins_cells),
		cmocka_unit_test(collect_names_bad_cells),
		cmocka_unit_test(collect_reads_whole_proofs),
		cmocka_unit_test(collect_names_a_bad_doctor),
		cmocka_unit_test(collect_judges_proofs),
		cmocka_unit_test(posted_timers_are_exitless),
		cmocka_unit_test(collect_checks_the_ledger),
		cmocka_unit_test(collect_of_nothing_fails),
		cmocka_unit_test(compare_shows_platforms),
		cmocka_unit_test(compare_keeps_workloads_apart),
		cmocka_unit_test(compare_of_no_summary_fails),
		cmocka_unit_test(skip_replaces_only_cells),
		cmocka_unit_test(command_line),
	};

	return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
