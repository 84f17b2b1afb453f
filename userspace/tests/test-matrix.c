// SPDX-License-Identifier: GPL-2.0
/* Matrix files: cells, their names, and every kind of bad input. */

#include "test.h"

#include <unistd.h>

#include "results/matrix.h"

static void parse(struct matrix *matrix, const char *text)
{
	struct problem problem = { "" };

	if (matrix_parse(matrix, "m", text, strlen(text), "6.1", &problem))
		fail_msg("%s", problem.text);
}

static void one_cell_and_its_defaults(void **state)
{
	struct matrix matrix;

	(void)state;
	parse(&matrix, "mode=timer count=5\n");
	assert_int_equal(matrix.nr, 1);
	assert_string_equal(matrix.cell[0]->id, "platform=native,kernel=6.1");
	assert_string_equal(matrix.cell[0]->params, "mode=timer count=5");
	assert_string_equal(matrix.cell[0]->own[MATRIX_PLATFORM], "native");
	assert_string_equal(matrix.cell[0]->own[MATRIX_CLOCK], "any");
	assert_string_equal(matrix.cell[0]->own[MATRIX_VCPUS], "1");
	assert_string_equal(matrix.cell[0]->own[MATRIX_SET], "-");
	assert_string_equal(matrix.cell[0]->own[MATRIX_LOAD], "off");
	assert_string_equal(matrix.cell[0]->own[MATRIX_TRACE], "off");
	assert_int_equal(matrix.cell[0]->config.count, 5);
	matrix_free(&matrix);
}

static void a_guest_has_settings(void **state)
{
	static const struct {
		const char *text, *reason;
	} bad[] = {
		{ "platform=kvm timer=later mode=timer count=5\n",
		  "m:1: timer=later: not one of local, posted" },
		{ "platform=kvm halt_poll_ns=1000000001 mode=timer count=5\n",
		  "m:1: halt_poll_ns=1000000001: not a number in the range 0..1000000000" },
		{ "platform=native|kvm timer=posted mode=timer count=5\n",
		  "m:1: timer=posted: contradicts platform=native, which has no guest" },
		{ "platform=kvm timer=posted guest_idle=halt mode=timer count=5\n",
		  "m:1: guest_idle=halt: contradicts timer=posted, which needs poll" },
		{ "platform=kvm timer=posted pi_inject_timer=off mode=timer count=5\n",
		  "m:1: pi_inject_timer=off: contradicts timer=posted, which needs on" },
		{ "platform=kvm mode=timer count=5\nplatform=kvm timer=local mode=timer count=5\n",
		  "m:2: platform=kvm mode=timer count=5: the cell is in line 1 already" },
	};
	struct problem problem;
	struct matrix matrix;
	size_t i;

	(void)state;
	parse(&matrix,
	      "platform=kvm|kvm-pi timer=local|posted halt_poll_ns=0|200000 mode=timer count=5\n");
	assert_int_equal(matrix.nr, 8);
	assert_string_equal(matrix.cell[3]->id,
			    "platform=kvm,kernel=6.1,timer=posted,halt_poll_ns=200000");
	assert_string_equal(matrix.cell[3]->setting[SETTING_TIMER], "posted");
	assert_string_equal(matrix.cell[3]->setting[SETTING_HALT_POLL_NS], "200000");
	assert_null(matrix.cell[3]->setting[SETTING_PV_EOI]);
	matrix_free(&matrix);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		problem.text[0] = 0;
		assert_int_not_equal(matrix_parse(&matrix, "m", bad[i].text,
						  strlen(bad[i].text), "6.1",
						  &problem), 0);
		assert_string_equal(problem.text, bad[i].reason);
		matrix_free(&matrix);
	}
}

static void axes_turn_the_last_one_fastest(void **state)
{
	static const char *const ids[] = {
		"platform=native,kernel=6.1,tasks_per_cpu=1,load=off",
		"platform=native,kernel=6.1,tasks_per_cpu=1,load=on",
		"platform=native,kernel=6.1,tasks_per_cpu=20,load=off",
		"platform=native,kernel=6.1,tasks_per_cpu=20,load=on",
		"platform=kvm,kernel=6.1,tasks_per_cpu=1,load=off",
		"platform=kvm,kernel=6.1,tasks_per_cpu=1,load=on",
		"platform=kvm,kernel=6.1,tasks_per_cpu=20,load=off",
		"platform=kvm,kernel=6.1,tasks_per_cpu=20,load=on",
	};
	struct matrix matrix;
	size_t i;

	(void)state;
	parse(&matrix, "# a comment\n\n\tmode=taskset platform=native|kvm  duration_ms=10\t"
	      "tasks_per_cpu=1|20 load=off|on # the rest\n");
	assert_int_equal(matrix.nr, ARRAY_SIZE(ids));
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		assert_string_equal(matrix.cell[i]->id, ids[i]);
		assert_int_equal(matrix.cell[i]->line, 3);
	}
	assert_string_equal(matrix.cell[3]->params,
			    "mode=taskset duration_ms=10 tasks_per_cpu=20");
	matrix_free(&matrix);
}

static void names_have_what_tells_cells_apart(void **state)
{
	struct matrix matrix;

	(void)state;
	parse(&matrix, "mode=timer arm=job|callback clock=any period_us=2000 count=10\n"
	      "mode=timer arm=callback clock=wall period_us=3000 count=10\n"
	      "mode=ipi clock=wall ipi_kind=self count=10\n"
	      "mode=ipi clock=any ipi_kind=self count=10\n");
	assert_int_equal(matrix.nr, 5);
	assert_string_equal(matrix.cell[0]->id,
			    "platform=native,kernel=6.1,mode=timer,arm=job,period_us=2000,clock=any");
	assert_string_equal(matrix.cell[1]->id,
			    "platform=native,kernel=6.1,mode=timer,arm=callback,period_us=2000,clock=any");
	assert_string_equal(matrix.cell[2]->id,
			    "platform=native,kernel=6.1,mode=timer,arm=callback,period_us=3000,clock=wall");
	/* nothing else tells these two apart */
	assert_string_equal(matrix.cell[3]->id,
			    "platform=native,kernel=6.1,mode=ipi,clock=wall");
	assert_string_equal(matrix.cell[4]->id,
			    "platform=native,kernel=6.1,mode=ipi,clock=any");
	matrix_free(&matrix);
}

static void a_set_has_a_seed(void **state)
{
	struct matrix matrix;

	(void)state;
	parse(&matrix, "mode=taskset set=1|7 duration_ms=10\n"
	      "mode=taskset set=1 seed=9 duration_ms=10\n");
	assert_int_equal(matrix.nr, 3);
	assert_int_equal(matrix.cell[1]->config.seed, 7);
	assert_string_equal(matrix.cell[1]->params,
			    "mode=taskset duration_ms=10 seed=7");
	assert_int_equal(matrix.cell[2]->config.seed, 9);
	assert_string_equal(matrix.cell[1]->id, "platform=native,kernel=6.1,set=7");
	matrix_free(&matrix);
}

static void bad_files(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "m: no cells" },
		{ "# nothing\n\n", "m: no cells" },
		{ "mode=timer count=5\nmode=ipi count=5",
		  "m:2: the line has no newline: the file is cut" },
		{ "# cut in a comment", "m:1: the line has no newline" },
		{ "mode=timer\n", "m:1: count=0: the cell would never end" },
		{ "\ncount=5\n", "m:2: mode= is missing" },
		{ "mode=timer count\n", "m:1: count: not of the form key=value" },
		{ "=5\n", "m:1: =5: not of the form key=value" },
		{ "mode=timer count=5 colour=red\n", "m:1: colour: no such key" },
		{ "mode=timer cuont=5\n", "m:1: cuont: no such key; did you mean count?" },
		{ "mode=timer count=5 count=6\n", "m:1: count: the key is twice" },
		{ "mode=timer count=5 load=on load=off\n", "m:1: load: the key is twice" },
		{ "mode=timer count=\n", "m:1: count: the value is missing" },
		{ "mode=timer count=5|\n", "m:1: count: a value is missing" },
		{ "mode=timer count=5||6\n", "m:1: count: a value is missing" },
		{ "mode=timer count=|6\n", "m:1: count: a value is missing" },
		{ "mode=timer count=5|6|5\n", "m:1: count=5: twice in the line" },
		{ "mode=sun count=5\n", "m:1: mode=sun: not one of idle|timer" },
		{ "mode=timer count=-5\n", "m:1: count=-5: out of range" },
		{ "mode=timer count=many\n", "m:1: count=many: not a number" },
		{ "mode=timer count=99999999999999999999\n", "m:1: count=9999" },
		{ "mode=timer count=5 period_us=1000|0\n", "m:1: period_us=0: out of range" },
		{ "mode=timer count=5 platform=xen\n",
		  "m:1: platform=xen: not one of native, kvm, kvm-pi" },
		{ "mode=timer count=5 clock=sun\n",
		  "m:1: clock=sun: not one of any, instructions, wall" },
		{ "mode=timer count=5 vcpus=0\n",
		  "m:1: vcpus=0: not a number in the range 1..8192" },
		{ "mode=timer count=5 vcpus=x\n", "m:1: vcpus=x: not a number" },
		{ "mode=timer count=5 load=maybe\n", "m:1: load=maybe: not one of off, on" },
		{ "mode=timer count=5 trace=1\n", "m:1: trace=1: not one of off, on" },
		{ "mode=taskset count=5 set=0\n", "m:1: set=0: not a number in the range" },
		{ "mode=timer count=5 set=1\n", "m:1: set=1: contradicts mode=timer" },
		{ "mode=timer count=5 probes=off\n",
		  "m:1: probes=off: there would be nothing to write down" },
		{ "mode=timer count=5 interval_us=5\n",
		  "m:1: interval_us=5: contradicts mode=timer" },
		{ "mode=timer count=5 duration_ms=5\n",
		  "m:1: duration_ms=5: contradicts count=5" },
		{ "mode=timer count=5 tasks=3 period_us=1,2\n",
		  "m:1: period_us=1,2: 2 numbers for tasks=3" },
		{ "mode=timer count=5 clock=instructions vcpus=2\n",
		  "m:1: vcpus=2: contradicts clock=instructions" },
		{ "mode=timer count=5 cpus=$(reboot)\n", "m:1: cpus=$(reboot): a value is of" },
		{ "mode=timer count=5 cpus=../x\n", "m:1: cpus=../x: a value is of" },
		{ "mode=timer count=5\r\n", "m:1: count=5?: a value is of" },
		{ "mode=timer count=5\nmode=ipi count=5\n\nmode=timer count=5\n",
		  "m:4: platform=native mode=timer count=5: the cell is in line 1 already" },
		/* the same, however it is written */
		{ "mode=timer count=5 arm=job\ncount=05 mode=timer platform=native\n",
		  "m:2: platform=native count=05 mode=timer: the cell is in line 1 already" },
		{ "mode=taskset count=5 set=2\nmode=taskset count=5|6 set=1|2\n",
		  "m:2: platform=native mode=taskset count=5 seed=2: the cell is in line 1" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		struct matrix matrix;
		int ret;

		ret = matrix_parse(&matrix, "m", cases[i].text,
				   strlen(cases[i].text), "6.1", &problem);
		if (ret != -EINVAL || !strstr(problem.text, cases[i].says))
			fail_msg("%zu: %d, said: %s", i, ret, problem.text);
		assert_null(strchr(problem.text, '\n'));
		matrix_free(&matrix);
	}
}

static void binary_and_too_much(void **state)
{
	struct problem problem = { "" };
	struct matrix matrix;
	char *text;

	(void)state;
	assert_int_equal(matrix_parse(&matrix, "m", "mode=timer\0count=5\n", 19,
				      "6.1", &problem), -EINVAL);
	assert_string_equal(problem.text, "m:1: a NUL byte: not a text");
	matrix_free(&matrix);
	/* 10 values on each of 5 axes */
#define TEN "1|2|3|4|5|6|7|8|9|10"
	text = xasprintf("mode=taskset duration_ms=%s tasks_per_cpu=%s seed=%s prio=%s %s=%s\n",
			 TEN, TEN, TEN, TEN, "period_percent", TEN);
	problem.text[0] = 0;
	assert_int_equal(matrix_parse(&matrix, "m", text, strlen(text), "6.1",
				      &problem), -EINVAL);
	assert_string_equal(problem.text, "m:1: more than 20000 cells");
	matrix_free(&matrix);
	free(text);
	/* each value is fine, a name with all of them is not */
#define FIVE "1000,2000,3000,4000,5000"
	text = xasprintf("mode=timer count=5 tasks=20 cpus=%0120d|0 period_us=%s,%s,%s,%s|9000\n",
			 1, FIVE, FIVE, FIVE, FIVE);
	problem.text[0] = 0;
	assert_int_equal(matrix_parse(&matrix, "m", text, strlen(text), "6.1",
				      &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "m:1: platform=native,"));
	assert_non_null(strstr(problem.text, "name of more than 200 characters"));
	matrix_free(&matrix);
	free(text);
}

static void the_command(void **state)
{
	static const char text[] =
		"mode=timer count=5 platform=native|kvm\n"
		"mode=ipi count=5 vcpus=2 trace=on\n"
		"mode=ipi count=5 platform=kvm-pi timer=posted clock=wall pv_ipi=off\n";
	struct output output;
	char *dir = temp_dir();

	(void)state;
	write_file(dir, "good", text, sizeof(text) - 1);
	write_file(dir, "bad", "mode=timer count=5\nnonsense\n", 28);
	run_rtlat(&output, "matrix %s/good --kernel 6.1", dir);
	assert_int_equal(output.status, 0);
	assert_string_equal(output.text,
			    "platform=native,kernel=6.1,mode=timer\tnative\tany\t1\t-\toff\toff\tmode=timer count=5\t5\t-\n"
			    "platform=kvm,kernel=6.1,mode=timer\tkvm\tany\t1\t-\toff\toff\tmode=timer count=5\t5\t-\n"
			    "platform=native,kernel=6.1,mode=ipi\tnative\tany\t2\t-\toff\ton\tmode=ipi count=5\t5\t-\n"
			    "platform=kvm-pi,kernel=6.1,mode=ipi\tkvm-pi\twall\t1\t-\toff\toff\tmode=ipi count=5\t5\ttimer=posted pv_ipi=off\n");
	free(output.text);
	run_rtlat(&output, "matrix --kernel=x --clock=instructions --platform=native %s/good", dir);
	assert_int_equal(output.status, 0);
	assert_string_equal(output.text,
			    "platform=native,kernel=x,mode=timer\tnative\tany\t1\t-\toff\toff\tmode=timer count=5\t5\t-\n");
	free(output.text);
	run_rtlat(&output, "matrix %s/bad", dir);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "bad:2: nonsense: not of the form key=value\n"));
	assert_int_equal(count_lines(output.text), 1);
	free(output.text);
	run_rtlat(&output, "matrix %s/absent", dir);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "absent: No such file"));
	free(output.text);
	run_rtlat(&output, "matrix --platform xen %s/good", dir);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.text, "--platform xen: not one of"));
	free(output.text);
	run_rtlat(&output, "matrix --clock any %s/good", dir);
	assert_int_equal(output.status, 1);
	free(output.text);
	run_rtlat(&output, "matrix --kernel a/b %s/good", dir);
	assert_int_equal(output.status, 1);
	free(output.text);
	run_rtlat(&output, "matrix");
	assert_int_equal(output.status, 1);
	free(output.text);
	remove_tree(dir);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cell_and_its_defaults),
		cmocka_unit_test(axes_turn_the_last_one_fastest),
		cmocka_unit_test(a_guest_has_settings),
		cmocka_unit_test(names_have_what_tells_cells_apart),
		cmocka_unit_test(a_set_has_a_seed),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(binary_and_too_much),
		cmocka_unit_test(the_command),
	};

	return cmocka_run_group_tests_name("matrix", tests, NULL, NULL);
}
