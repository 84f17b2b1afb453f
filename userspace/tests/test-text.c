// SPDX-License-Identifier: GPL-2.0
/* Text formats: lines, status, ledger, summary, histograms, parameters, proof. */

#include "test.h"

#include "base/suggest.h"
#include "base/textline.h"
#include "module/params.h"
#include "results/results.h"
#include "run/debugfs.h"
#include "run/run.h"
#include "stats/figures.h"

#define LEDGER(attempted, kept) \
	"cpu=0 metric=event_latency attempted=" attempted " kept=" kept \
	" interrupted=0 coalesced=0 no_start=0 skipped=0 overrun=0 migrated=0" \
	" nonmonotonic=0 no_ipi=0 cancelled=0 closes=1\n"
#define MOMENTS(n, sum, squares, min, max) \
	"cpu=0 metric=event_latency class=kept n=" n " sum=" sum " sumsq_hi=0" \
	" sumsq_lo=" squares " min=" min " max=" max \
	" max_start_ns=7 max_task=0 max_job=1 max_flags=0\n"
#define SUMMARY(n) MOMENTS(n, "30", "500", "10", "20")
/* 2^63 - 1, and one more */
#define MOST	"9223372036854775807"
#define MORE	"9223372036854775808"
#define HISTOGRAM "cpu=0 metric=event_latency class=kept 10:1 20:1\n"

static void words_of_a_line(void **state)
{
	struct textline line = { .file = "test" };

	(void)state;
	textline_parse(&line, "a=1  b= bare\tc=x=y", 18);
	assert_int_equal(line.nr, 4);
	assert_string_equal(textline_get(&line, "a"), "1");
	assert_string_equal(textline_get(&line, "b"), "");
	assert_string_equal(textline_get(&line, "c"), "x=y");
	assert_null(textline_get(&line, "bare"));
	assert_string_equal(line.word[2].value, "bare");
	textline_free(&line);
	textline_parse(&line, "", 0);
	assert_int_equal(line.nr, 0);
	textline_free(&line);
}

/* What is wrong stands at the end, behind a path of any length. */
static void a_long_problem_keeps_both_ends(void **state)
{
	struct problem problem = { "" }, wide = { "" };
	char path[3001];
	json_t *json;
	size_t i;

	(void)state;
	memset(path, 'd', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	problem_set(&problem, "/first/%s: what is wrong", path);
	assert_int_equal(strncmp(problem.text, "/first/ddd", 10), 0);
	assert_non_null(strstr(problem.text, "dd ... dd"));
	assert_string_equal(problem.text + strlen(problem.text) - 15, ": what is wrong");
	/* no character is cut in two */
	for (i = 0; i + 1 < sizeof(path); i++)
		path[i] = "\xe2\x82\xac"[i % 3];
	problem_set(&wide, "%s", path);
	assert_true(strlen(wide.text) > 1000);
	json = json_string(wide.text);
	assert_non_null(json);
	json_decref(json);
}

static void numbers(void **state)
{
	uint64_t value;

	(void)state;
	assert_int_equal(parse_u64("0", &value), 0);
	assert_int_equal(parse_u64("18446744073709551615", &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(parse_u64("18446744073709551616", &value), -ERANGE);
	assert_int_equal(parse_u64("", &value), -EINVAL);
	assert_int_equal(parse_u64("-1", &value), -EINVAL);
	assert_int_equal(parse_u64("1x", &value), -EINVAL);
	assert_int_equal(parse_u64(" 1", &value), -EINVAL);
}

static void status_in_lines_and_in_one(void **state)
{
	struct module_status status;
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(status_parse(&status, "abi=1\nstate=done\nend=complete\nrun=3\n",
				      &problem), 0);
	assert_int_equal(status.run, 3);
	assert_string_equal(status.end, "complete");
	assert_int_equal(status_parse(&status, "abi=1 state=running done=7", &problem), 0);
	assert_int_equal(status.done, 7);
	assert_int_equal(status_parse(&status, "state=done", &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "abi="));
}

static void status_says_what_own_code_takes(void **state)
{
	static const char *const bad[] = {
		"event_latency", "event_latency:", "event_latency:x", ":1", "",
		"nothing:1", "event_latency:1,", "none,event_latency:1",
	};
	static const char good[] =
		"abi=1\nstate=done\nown_cost_ps=event_latency:35000,start_gap:87500\n";
	static const char none[] = "abi=1\nstate=done\nown_cost_ps=none\n";
	struct module_status status;
	struct problem problem = { "" };
	size_t i;

	(void)state;
	assert_int_equal(status_parse(&status, good, &problem), 0);
	assert_int_equal(status.own_ps[RTLAT_EVENT_LATENCY], 35000);
	assert_int_equal(status.own_ps[RTLAT_START_GAP], 87500);
	assert_int_equal(status.own_ps[RTLAT_WAKE_GAP], 0);
	assert_int_equal(status_parse(&status, none, &problem), 0);
	assert_int_equal(status.own_ps[RTLAT_EVENT_LATENCY], 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		char *text = xasprintf("abi=1 state=done own_cost_ps=%s", bad[i]);

		problem.text[0] = 0;
		assert_int_equal(status_parse(&status, text, &problem), -EINVAL);
		assert_non_null(strstr(problem.text, "own_cost_ps="));
		free(text);
	}
}

static int read_figures(const char *ledger, const char *summary,
			const char *histograms, struct problem *problem)
{
	struct figures *figures = figures_new();
	int ret;

	problem->text[0] = 0;
	ret = figures_read(figures, ledger, summary, histograms, problem);
	if (!ret)
		ret = figures_check(figures, problem);
	figures_free(figures);
	return ret;
}

static void figures_that_agree(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(read_figures(LEDGER("2", "2"), SUMMARY("2"), HISTOGRAM,
				      &problem), 0);
}

static void figures_that_do_not(void **state)
{
	static const struct {
		const char *ledger, *summary, *histograms, *says;
	} cases[] = {
		{ LEDGER("3", "2"), SUMMARY("2"), HISTOGRAM, "does not close" },
		{ LEDGER("1", "1"), SUMMARY("2"), HISTOGRAM, "ledger says kept 1" },
		{ LEDGER("2", "2"), SUMMARY("2"),
		  "cpu=0 metric=event_latency class=kept 10:1\n", "holds 1 samples" },
		{ LEDGER("0", "0"), "", "", "no samples" },
		{ "", "", "", "no samples" },
		{ LEDGER("2", "x"), SUMMARY("2"), HISTOGRAM, "kept=x" },
		{ "cpu=0 metric=foo attempted=1\n", "", "", "metric=foo" },
		{ "cpu=0 attempted=1\n", "", "", "metric= is missing" },
		{ LEDGER("2", "2"), SUMMARY("2"),
		  "cpu=0 metric=event_latency class=kept 99999:2\n", "99999:2" },
		{ LEDGER("2", "2"), SUMMARY("2"),
		  "cpu=0 metric=event_latency class=foo 1:2\n", "class=foo" },
		/* numbers that no samples have */
		{ LEDGER("2", "2"), MOMENTS("2", "30", "500", "16", "20"), HISTOGRAM,
		  "event_latency, kept: no 2 samples have this min, max, sum" },
		{ LEDGER("2", "2"), MOMENTS("2", "30", "500", "10", "14"), HISTOGRAM,
		  "event_latency, kept: no 2 samples have this min, max, sum" },
		{ LEDGER("2", "2"), MOMENTS("2", "30", "449", "10", "20"), HISTOGRAM,
		  "event_latency, kept: no 2 samples have this min, max, sum" },
		{ LEDGER("2", "2"), MOMENTS("0", "30", "500", "10", "20"), HISTOGRAM,
		  "summary has 0" },
		{ LEDGER("2", "2"), MOMENTS("2", "30", "501", "10", "20"), HISTOGRAM,
		  "event_latency, kept: no 2 samples have this min, max, sum" },
		/* samples that are not where the histogram has them */
		{ LEDGER("2", "2"), SUMMARY("2"),
		  "cpu=0 metric=event_latency class=kept 10:1 21:1\n",
		  "the histogram is not from the summary's min 10 to its max 20" },
		{ LEDGER("2", "2"), SUMMARY("2"),
		  "cpu=0 metric=event_latency class=kept 9:1 20:1\n",
		  "the histogram is not from the summary's min 10 to its max 20" },
		{ LEDGER("2", "2"), SUMMARY("2"),
		  "cpu=0 metric=event_latency class=kept 20:2\n",
		  "the histogram is not from the summary's min 10 to its max 20" },
		/* numbers that the results cannot hold */
		{ LEDGER(MORE, MORE), "", "", "ledger line 1: attempted=" MORE " is above" },
		{ LEDGER(MOST, MOST) LEDGER("1", "1"), "", "",
		  "ledger line 2: the lines sum to more than " MOST },
		{ LEDGER("2", "2"), SUMMARY(MOST) SUMMARY("2"), "",
		  "summary line 2: the lines sum to more than" },
		{ LEDGER("2", "2"), SUMMARY("2"),
		  "cpu=0 metric=event_latency class=kept 10:1 10:" MOST "\n",
		  "histograms line 1: the lines sum to more than" },
	};
	struct problem problem;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(read_figures(cases[i].ledger, cases[i].summary,
					 cases[i].histograms, &problem) < 0);
		if (!strstr(problem.text, cases[i].says))
			fail_msg("%s: not in: %s", cases[i].says, problem.text);
	}
}

/* A file with a NUL in it is not what is before it. */
static void figures_behind_a_nul(void **state)
{
	static const char more[] = HISTOGRAM "\0" HISTOGRAM;
	static const char *const files[] = { "ledger", "summary", "histograms" };
	static const char *const texts[] = { LEDGER("2", "2"), SUMMARY("2"), HISTOGRAM };
	char *results = temp_dir(), *folder = xasprintf("%s/cell", results);
	char *says = xasprintf("%s/histograms line 2: a NUL byte: not a text", folder);
	struct problem problem = { "" };
	struct figures *figures;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++)
		write_file(folder, files[i], texts[i], strlen(texts[i]));
	figures = figures_load(results, "cell", &problem);
	assert_non_null(figures);
	figures_free(figures);
	write_file(folder, "histograms", more, sizeof(more) - 1);
	assert_null(figures_load(results, "cell", &problem));
	assert_string_equal(problem.text, says);
	remove_tree(results);
	free(says);
	free(folder);
	free(results);
}

static void bad_parameters(void **state)
{
	static const struct {
		const char *words[3], *says;
	} cases[] = {
		{ { "mode=foo" }, "mode=foo" },
		{ { "mode=timer", "period_us=0" }, "period_us=0" },
		{ { "mode=timer", "period_us=-1" }, "period_us=-1" },
		{ { "mode=timer", "periodus=5" }, "did you mean period_us?" },
		{ { "mode=timer", "xyzzy=5" }, "rtlat params lists them" },
		{ { "mode=timer", "period_us" }, "NAME=VALUE" },
		{ { "mode=timer", "interval_us=100" }, "contradicts mode=timer" },
		{ { "mode=timer", "tasks=3", "period_us=1000,2000" }, "tasks=3" },
		{ { "mode=timer", "exec_us=1000" }, "exec_us=1000" },
		{ { "mode=ipi", "ipi_kind=self", "ipi_sender=1" }, "ipi_sender=1" },
		{ { "count=5" }, "mode= is missing" },
		{ { "mode=timer", "tasks=99999999999999999999" },
		  "tasks=99999999999999999999: out of range; range 1..64 tasks" },
		{ { "mode=taskset", "seed=1000000000000000000" },
		  "seed=1000000000000000000: out of range; range 0..999999999999999999" },
		{ { "mode=timer", "cpus=3-1" }, "cpus=3-1: not a list of CPUs like 0,2-3" },
		{ { "mode=timer", "cpus=0-99999" }, "range 0..8191" },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct problem problem = { "" };
		struct rtlat_config config;
		int ret = 0;

		rtlat_config_default(&config);
		for (j = 0; j < 3 && cases[i].words[j] && !ret; j++)
			ret = config_word(&config, cases[i].words[j], &problem);
		if (!ret)
			ret = config_finish(&config, &problem);
		assert_int_equal(ret, -EINVAL);
		assert_non_null(strstr(problem.text, cases[i].says));
		assert_null(strchr(problem.text, '\n'));
	}
}

static void good_parameters_and_time(void **state)
{
	struct problem problem = { "" };
	struct rtlat_config config;

	(void)state;
	rtlat_config_default(&config);
	assert_int_equal(config_word(&config, "mode=timer", &problem), 0);
	assert_int_equal(config_word(&config, "tasks=2", &problem), 0);
	assert_int_equal(config_word(&config, "period_us=1000,5000", &problem), 0);
	assert_int_equal(run_expected_ms(&config), 0);
	assert_int_equal(config_word(&config, "count=200", &problem), 0);
	assert_int_equal(config_finish(&config, &problem), 0);
	assert_int_equal(run_expected_ms(&config), 1000);
	assert_int_equal(run_poll_ms(&config, "instructions", 0), 1050);
	assert_int_equal(run_poll_ms(&config, "hardware", 0), 50);
	assert_true(run_poll_ms(&config, "instructions", 5000) >= 50);
	rtlat_config_default(&config);
	assert_int_equal(config_word(&config, "mode=taskset", &problem), 0);
	assert_int_equal(config_word(&config, "period_percent=10", &problem), 0);
	assert_int_equal(config_word(&config, "count=20", &problem), 0);
	assert_int_equal(run_expected_ms(&config), 200);
	assert_int_equal(config_word(&config, "count=", &problem), 0);
	assert_int_equal(config_word(&config, "duration_ms=777", &problem), 0);
	assert_int_equal(run_expected_ms(&config), 777);
}

static void proofs(void **state)
{
	struct problem problem = { "" };
	json_t *proof;

	(void)state;
	proof = proof_parse("proof", "enable_apicv=N\nentries=12\n", &problem);
	assert_non_null(proof);
	assert_int_equal(json_integer_value(json_object_get(proof, "entries")), 12);
	assert_string_equal(json_string_value(json_object_get(proof, "enable_apicv")), "N");
	json_decref(proof);
	assert_null(proof_parse("proof", "a=1\nnonsense\n", &problem));
	assert_string_equal(problem.text,
			    "proof line 2: nonsense is not of the form key=value");
	problem.text[0] = 0;
	assert_null(proof_parse("proof", "a=1\nb=\xff\n", &problem));
	assert_string_equal(problem.text, "proof line 2: not UTF-8");
	problem.text[0] = 0;
	assert_null(proof_parse("proof", "\xff=b\n", &problem));
	assert_string_equal(problem.text, "proof line 1: not UTF-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_a_line),
		cmocka_unit_test(a_long_problem_keeps_both_ends),
		cmocka_unit_test(numbers),
		cmocka_unit_test(status_in_lines_and_in_one),
		cmocka_unit_test(status_says_what_own_code_takes),
		cmocka_unit_test(figures_that_agree),
		cmocka_unit_test(figures_that_do_not),
		cmocka_unit_test(figures_behind_a_nul),
		cmocka_unit_test(bad_parameters),
		cmocka_unit_test(good_parameters_and_time),
		cmocka_unit_test(proofs),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
