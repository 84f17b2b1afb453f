// SPDX-License-Identifier: GPL-2.0
/* Cells of other machines in a folder of results, and what shows them. */

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "proof/platform.h"
#include "proof/proof.h"
#include "results/cell.h"
#include "results/results.h"

#define OWN		"platform=kvm,kernel=6.1"
#define NATIVE		"platform=native,kernel=6.1"
#define UNPROVEN	"measured inside the VM (hypervisor KVMKVMKVM)"

static void put(const char *dir, const char *cell, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", cell, name);

	write_file(dir, path, text, strlen(text));
	free(path);
}

/* A golden cell as one of another platform, with its files. */
static void make_cell(const char *dir, const char *id, const char *platform)
{
	static const char *const files[] = { "status", "ledger", "summary", "histograms" };
	char *path = golden_path("timer/summary.json");
	struct problem problem = { "" };
	json_t *cell = json_read(path, &problem);
	char *text;
	size_t i;

	json_object_set_new(cell, "platform", json_string(platform));
	text = json_text(cell);
	put(dir, id, "summary.json", text);
	free(text);
	json_decref(cell);
	free(path);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		char *name = xasprintf("timer/%s", files[i]);

		path = golden_path(name);
		text = read_text(path, NULL);
		put(dir, id, files[i], text);
		free(text);
		free(path);
		free(name);
	}
}

/* What `rtlat run` left there of a snapshot, on the kernel of the golden cell. */
static void write_inside(const char *dir, const char *id, const char *snapshot_name)
{
	static const char *const kernel_keys[] = { "host_kernel", "guest_kernel" };
	char *path = golden_path("timer/summary.json");
	struct proof_snapshot snapshot;
	struct problem problem = { "" };
	json_t *cell = json_read(path, &problem), *proof;
	char *text;
	size_t i;

	snapshot_read(&snapshot, snapshot_name);
	proof = proof_inside_make(&snapshot, &problem);
	assert_string_equal(problem.text, "");
	for (i = 0; i < ARRAY_SIZE(kernel_keys); i++)
		if (json_object_get(proof, kernel_keys[i]))
			json_object_set(proof, kernel_keys[i],
					json_object_get(cell, "kernel"));
	text = proof_text(proof);
	put(dir, id, "inside", text);
	free(text);
	json_decref(proof);
	json_decref(cell);
	free(path);
	proof_snapshot_free(&snapshot);
}

/* D/results with a native and a KVM cell, D/mine of a VM, collected. */
static char *made(void)
{
	char *dir = temp_dir();
	struct output output;

	make_cell(dir, "results/" NATIVE, "native");
	write_proof(dir, "results/" NATIVE, "native");
	make_cell(dir, "results/" OWN, "kvm");
	write_proof(dir, "results/" OWN, "kvm");
	run_rtlat(&output, "collect %s/results --host emulated", dir);
	assert_string_equal(output.text, "");
	free(output.text);
	make_cell(dir, "mine", "kvm");
	write_inside(dir, "mine", "vm");
	return dir;
}

static void drop(char *dir)
{
	remove_tree(dir);
	free(dir);
}

/* Each @ in the arguments is the folder. */
static char *command_of(const char *arguments, const char *dir)
{
	char *text = xstrdup("");

	while (*arguments) {
		const size_t len = strcspn(arguments, "@");
		char *more = xasprintf("%s%.*s%s", text, (int)len, arguments,
				       arguments[len] ? dir : "");

		free(text);
		text = more;
		arguments += len + !!arguments[len];
	}
	return text;
}

static void says(int status, const char *words, const char *arguments,
		 const char *dir)
{
	char *command = command_of(arguments, dir);
	struct output output;

	run_rtlat(&output, "%s", command);
	if (!strstr(output.text, words))
		assert_string_equal(output.text, words);
	assert_int_equal(output.status, status);
	if (status && strstr(arguments, "import "))
		assert_int_equal(count_lines(output.text), 1);
	free(output.text);
	free(command);
}

static char *file_of(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *text = read_text(path, NULL);

	free(path);
	return text;
}

static json_t *cell_named(json_t *summary, const char *id)
{
	json_t *cells = json_object_get(summary, "cells"), *cell;
	size_t i;

	json_array_foreach(cells, i, cell)
		if (!strcmp(json_text_of(cell, "id"), id))
			return cell;
	fail_msg("no %s", id);
	return NULL;
}

static void is_unproven(const char *dir, const char *id)
{
	char *results = xasprintf("%s/results", dir);
	struct problem problem = { "" };
	json_t *summary = summary_read(results, &problem), *cell;

	assert_string_equal(problem.text, "");
	assert_int_equal(json_array_size(json_object_get(summary, "cells")), 3);
	assert_string_equal(json_text_of(json_object_get(summary, "host"), "kind"),
			    "emulated");
	cell = cell_named(summary, id);
	assert_string_equal(json_text_of(cell, "status"), "ok");
	assert_true(json_is_false(json_object_get(cell, "proven")));
	assert_non_null(strstr(cell_unproven(cell), UNPROVEN));
	assert_string_equal(json_text_of(json_object_get(cell, "proof"), "guest_hypervisor"),
			    "KVMKVMKVM");
	assert_true(json_object_size(json_object_get(cell, "metrics")) > 0);
	cell = cell_named(summary, OWN);
	assert_true(json_is_true(json_object_get(cell, "proven")));
	json_decref(summary);
	free(results);
}

static void a_vms_cell_is_shown_as_unproven(void **state)
{
	char *dir = made(), *before, *after;

	(void)state;
	says(0, "results/vm=web1,mine: unproven: " UNPROVEN, "import @/mine @/results", dir);
	is_unproven(dir, "vm=web1,mine");
	/* collecting again comes to the same */
	before = file_of(dir, "results/summary.json");
	says(0, "", "collect @/results --host emulated", dir);
	after = file_of(dir, "results/summary.json");
	assert_string_equal(before, after);
	free(before);
	free(after);
	says(0, "\n                  kvm vm=web1 unproven ", "compare @/results", dir);
	says(0, "kvm vm=web1 unproven: " UNPROVEN, "compare @/results", dir);
	says(0, "\"unproven\": \"" UNPROVEN, "compare --json @/results", dir);
	says(0, "\nunproven: " UNPROVEN, "show @/results/vm=web1,mine", dir);
	drop(dir);
}

static void where_points_are_pooled_it_is_left_out(void **state)
{
	char *dir = made();

	(void)state;
	says(0, "unproven", "import @/mine @/results", dir);
	says(0, "left out: 1 imported cell, proven or not", "figures @/results", dir);
	says(1, "left out: 1 imported cell, proven or not", "findings @/results", dir);
	drop(dir);
}

/* A native cell of another machine is proven, and no base of anybody's ratios. */
static void anothers_native_is_no_base(void **state)
{
	char *dir = made();

	(void)state;
	make_cell(dir, "metal", "native");
	write_inside(dir, "metal", "native");
	says(1, "metal: give --name, of letters, digits and ._-: the machine is called unknown",
	     "import @/metal @/results", dir);
	says(0, "results/vm=metal,metal: its proof holds",
	     "import --name metal @/metal @/results", dir);
	says(0, "native vm=metal ", "compare @/results", dir);
	says(0, "native vm=metal  - native", "compare @/results", dir);
	says(0, "", "collect @/results --host emulated", dir);
	drop(dir);
}

static void what_is_refused_changes_nothing(void **state)
{
	static const struct {
		const char *file, *text, *arguments, *says;
	} cases[] = {
		{ NULL, NULL, "import @/mine", "mine: no cell before it; CELL... RESULTS" },
		{ NULL, NULL, "import @/nothing @/results", "nothing: not a cell's folder" },
		{ NULL, NULL, "import @/results @/results", "not one of them" },
		{ NULL, NULL, "import @/results/" OWN " @/mine",
		  "mine: a cell, and not a folder of results, which comes last" },
		{ NULL, NULL, "import @/mine @/nothing", "not a folder of results" },
		{ NULL, NULL, "import --name a/b @/mine @/results", "--name a/b: not 1 to 64" },
		{ NULL, NULL, "import @/mine @/mine/ @/results", "would both be vm=web1,mine" },
		{ "status", "abi=2 state=done\n", "import @/mine @/results",
		  "mine/status: abi=2, and this is rtlat of ABI " },
		{ "status", "x\n", "import @/mine @/results",
		  "mine/status: status: abi= is missing" },
		{ "summary.json", "{\"schema\": \"rtlat-results/2\"}", "import @/mine @/results",
		  "mine/summary.json" },
		{ "summary.json", "{\n", "import @/mine @/results", "summary.json line 2" },
		{ "inside", "proof_version=1 x\n", "import @/mine @/results",
		  "mine/inside line 1: x is not" },
		{ "inside", "proof_version=2\n", "import --name a @/mine @/results",
		  "mine: proof: kvm_module is neither" },
		{ "proof", "proof_version=2\n", "import --name a @/mine @/results",
		  "mine: proof: kvm_module is neither" },
		{ "sub/file", "x", "import @/mine @/results", "mine/sub: not a file" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *dir = made();
		char *before = file_of(dir, "results/summary.json"), *after;

		if (cases[i].file)
			put(dir, "mine", cases[i].file, cases[i].text);
		says(1, cases[i].says, cases[i].arguments, dir);
		after = file_of(dir, "results/summary.json");
		assert_string_equal(before, after);
		assert_null(file_of(dir, "results/vm=web1,mine/summary.json"));
		free(after);
		free(before);
		drop(dir);
	}
}

static void contradictions_are_refused(void **state)
{
	char *dir = made();

	(void)state;
	make_cell(dir, "mine", "native");
	says(1, "mine: proof: the CPU has the hypervisor flag (KVMKVMKVM): this is a VM",
	     "import @/mine @/results", dir);
	make_cell(dir, "mine", "kvm");
	write_inside(dir, "mine", "native");
	says(1, "mine: proof: the CPU has no hypervisor flag: this is no VM",
	     "import --name a @/mine @/results", dir);
	make_cell(dir, "mine", "kvm-pi");
	says(1, "mine: claimed but not active: the CPU has no hypervisor flag",
	     "import --name a @/mine @/results", dir);
	drop(dir);
}

static void replaced_only_when_asked(void **state)
{
	char *dir = made(), *text;

	(void)state;
	says(0, "unproven", "import @/mine @/results", dir);
	make_cell(dir, "mine", "kvm-pi");
	says(1, "vm=web1,mine: is there already; --replace", "import @/mine @/results", dir);
	says(0, "unproven", "import --replace @/mine @/results", dir);
	is_unproven(dir, "vm=web1,mine");
	says(0, "kvm-pi vm=web1 unproven: ", "compare @/results", dir);
	text = file_of(dir, "results/vm=web1,mine/inside");
	assert_non_null(text);
	free(text);
	says(1, "vm=web1,mine: was imported itself, from web1",
	     "import @/results/vm=web1,mine @/results", dir);
	drop(dir);
}

/* Times of two clocks are in two tables, and that is said. */
static void another_clock_is_said(void **state)
{
	char *dir = made(), *text;
	char *path = xasprintf("%s/mine", dir);
	struct problem problem = { "" };
	json_t *cell;

	(void)state;
	cell = cell_read(path, &problem);
	json_object_set_new(cell, "clock", json_string("hardware"));
	json_object_set_new(cell, "instructions_per_us", json_null());
	text = json_text(cell);
	put(dir, "mine", "summary.json", text);
	says(0, "clock: hardware; the cells of ", "import @/mine @/results", dir);
	says(0, "clock: hardware; all times in ns", "compare @/results", dir);
	free(text);
	json_decref(cell);
	free(path);
	drop(dir);
}

/* What is imported is judged by each collect, and its mark is not enough. */
static void a_mark_alone_proves_nothing(void **state)
{
	char *dir = made(), *text, *at;

	(void)state;
	says(0, "unproven", "import @/mine @/results", dir);
	text = file_of(dir, "results/vm=web1,mine/inside");
	at = strstr(text, "guest_idle=");
	memmove(at + 11, at + 15, strlen(at + 15) + 1);
	put(dir, "results/vm=web1,mine", "inside", text);
	says(1, "vm=web1,mine: proof: guest_idle is blank", "collect @/results", dir);
	free(text);
	/* a cell of the sweep's that says it was imported */
	text = file_of(dir, "results/vm=web1,mine/summary.json");
	put(dir, "results/" OWN, "summary.json", text);
	says(1, "imported: web1: the folder's name does not begin with vm=web1,",
	     "collect @/results", dir);
	free(text);
	/* a cell of the sweep's with what only it itself says of it */
	make_cell(dir, "results/" OWN, "kvm");
	write_inside(dir, "results/" OWN, "vm");
	text = file_of(dir, "results/" OWN "/inside");
	put(dir, "results/" OWN, "proof", text);
	says(1, OWN ": proof: kvm_module is neither kvm_intel nor kvm_amd",
	     "collect @/results", dir);
	free(text);
	drop(dir);
}

static void unproven_needs_a_reason_and_an_import(void **state)
{
	static const struct {
		const char *proven, *unproven, *imported, *says;
	} cases[] = {
		{ "true", NULL, NULL, NULL },
		{ "false", "\"x\"", "\"web1\"", NULL },
		{ "true", NULL, "\"web1\"", NULL },
		{ "1", NULL, NULL, "proven has the wrong type" },
		{ "false", NULL, "\"web1\"", "proven and unproven contradict each other" },
		{ "true", "\"x\"", "\"web1\"", "proven and unproven contradict each other" },
		{ "false", "\"x\"", NULL, "unproven, but not imported" },
		{ "false", "\"\"", "\"web1\"", "unproven is not a reason" },
		{ "true", NULL, "\"a b\"", "imported is not a name" },
		{ "true", NULL, "3", "imported is not a name" },
	};
	char *path = golden_path("timer/summary.json");
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *const values[] = { cases[i].proven, cases[i].unproven,
					       cases[i].imported };
		static const char *const keys[] = { "proven", "unproven", "imported" };
		const char *why = cases[i].says;
		struct problem problem = { "" };
		json_t *cell = json_read(path, &problem);

		for (j = 0; j < ARRAY_SIZE(keys); j++)
			if (values[j])
				json_object_set_new(cell, keys[j],
						    json_loads(values[j], JSON_DECODE_ANY, NULL));
		cell_validate(cell, &problem);
		assert_string_equal(problem.text, why ? why : "");
		json_decref(cell);
	}
	free(path);
}

/* How many cells the summary has, and the manifest. */
static void has_cells(const char *dir, size_t nr)
{
	static const char *const files[] = { "summary.json", "manifest.json" };
	struct problem problem = { "" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		char *path = xasprintf("%s/results/%s", dir, files[i]);
		json_t *json = json_read(path, &problem);

		assert_string_equal(problem.text, "");
		assert_int_equal(json_array_size(json_object_get(json, "cells")), nr);
		json_decref(json);
		free(path);
	}
}

/* Each on its own, in the background. */
#define IMPORT_12 \
	"--version >/dev/null; for i in $(seq 12); do " \
	"\"$RTLAT\" import --name m$i @/mine @/results & done;"

static void many_at_once_lose_nothing(void **state)
{
	char *dir = made();

	(void)state;
	says(0, "", IMPORT_12 " \"$RTLAT\" collect @/results & wait", dir);
	has_cells(dir, 14);
	drop(dir);
}

static void left_as_it_was(const char *command, const char *why)
{
	char *dir = made();
	char *results = xasprintf("%s/results", dir);
	char *before = folder_text(results), *after;

	says(1, why, command, dir);
	after = folder_text(results);
	assert_string_equal(before, after);
	free(after);
	free(before);
	free(results);
	drop(dir);
}

/* Room for every file but summary.json: it alone has more than 51,200 bytes. */
#define SMALL	"--version >/dev/null; trap '' XFSZ; ulimit -f 100; RTLAT_GIT=x \"$RTLAT\" "

static void without_room_nothing_changes(void **state)
{
	(void)state;
	left_as_it_was(SMALL "import @/mine @/results",
		       "results/summary.json: File too large; it is left as it was\n");
	left_as_it_was(SMALL "collect @/results",
		       "results/summary.json: File too large; it is left as it was\n");
}

/* Told to end when @until, with what it said and its status. */
#define TOLD_TO_END(command, until) \
	"--version >/dev/null; \"$RTLAT\" " command " & " \
	"for i in $(seq 3000); do " until " && break; sleep 0.01; done; kill $!; wait $!"

static void when_interrupted_nothing_changes(void **state)
{
	(void)state;
	/* a file that takes long to copy */
	left_as_it_was("--version >/dev/null; truncate -s 20G @/mine/trace.dat; : "
		       TOLD_TO_END("import @/mine @/results",
				   "[ -e @/results/.vm=web1,mine.new.$!/trace.dat ]"),
		       "rtlat: interrupted; ");
}

static void who_waits_can_be_interrupted(void **state)
{
	static const char *const commands[] = {
		TOLD_TO_END("import @/mine @/results", "grep -q -- \"->.* $! \" /proc/locks"),
		TOLD_TO_END("collect @/results", "grep -q -- \"->.* $! \" /proc/locks"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		char *dir = made();
		char *results = xasprintf("%s/results", dir);
		int lock = open(results, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		assert_int_equal(flock(lock, LOCK_EX), 0);
		says(1, "rtlat: interrupted; ", commands[i], dir);
		/* readers do not wait */
		says(0, "event_latency", "compare @/results", dir);
		close(lock);
		has_cells(dir, 2);
		free(results);
		drop(dir);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vms_cell_is_shown_as_unproven),
		cmocka_unit_test(where_points_are_pooled_it_is_left_out),
		cmocka_unit_test(anothers_native_is_no_base),
		cmocka_unit_test(what_is_refused_changes_nothing),
		cmocka_unit_test(contradictions_are_refused),
		cmocka_unit_test(replaced_only_when_asked),
		cmocka_unit_test(another_clock_is_said),
		cmocka_unit_test(a_mark_alone_proves_nothing),
		cmocka_unit_test(unproven_needs_a_reason_and_an_import),
		cmocka_unit_test(many_at_once_lose_nothing),
		cmocka_unit_test(without_room_nothing_changes),
		cmocka_unit_test(when_interrupted_nothing_changes),
		cmocka_unit_test(who_waits_can_be_interrupted),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
