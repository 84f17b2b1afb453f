// SPDX-License-Identifier: GPL-2.0
/* A guest that was not run as its cell says is found by its proof. */

#include "test.h"

#include "proof/proof.h"

static const struct {
	const char *setting;
	const char *value;
	const char *key;
	const char *good;
	const char *bad;
} cases[] = {
	{ "guest_idle", "poll", "guest_idle", "poll", "halt" },
	{ "cpu_pm", "on", "kvm_halt_exits", "0", "850" },
	{ "pi_inject_timer", "on", "kvm_pi_inject_timer", "1", "0" },
	{ "pi_inject_timer", "off", "kvm_pi_inject_timer", "0", "-1" },
	{ "enable_ipiv", "on", "enable_ipiv", "Y", "N" },
	{ "enable_ipiv", "off", "enable_ipiv", "N", "Y" },
	{ "preemption_timer", "off", "preemption_timer", "N", "Y" },
	{ "preemption_timer", "on", "preemption_timer", "Y", "absent" },
	{ "halt_poll_ns", "0", "kvm_halt_poll_ns", "0", "200000" },
	{ "lapic_timer_advance", "off", "kvm_lapic_timer_advance_ns", "0", "-1" },
	{ "lapic_timer_advance", "on", "kvm_lapic_timer_advance_ns", "-1", "0" },
	{ "lapic_timer_advance", "on", "kvm_lapic_timer_advance", "Y", "N" },
	{ "lapic_timer_advance", "off", "kvm_lapic_timer_advance", "N", "absent" },
	{ "guest_clocksource", "kvm-clock", "guest_clocksource", "kvm-clock", "tsc" },
	{ "pv_ipi", "off", "guest_cpu", "host,kvm-pv-ipi=off", "host" },
	{ "pv_eoi", "on", "guest_cpu", "host,kvm-pv-eoi=off,kvm-pv-eoi=on",
	  "host,kvm-pv-eoi=on,kvm-pv-eoi=off" },
	{ "pv_eoi", "on", "guest_cpu", "host,kvm-pv-eoi=on,x", "host,kvm-pv-eoi=only" },
};

static void put(json_t *proof, const char *key, const char *value)
{
	char *end;
	const long long number = strtoll(value, &end, 10);

	json_object_set_new(proof, key, *end ? json_string(value) :
					       json_integer(number));
}

static int checked(const char *key, const char *value, size_t i,
		   struct problem *problem)
{
	json_t *given = json_pack("{s:s}", cases[i].setting, cases[i].value);
	json_t *proof = json_object();
	int ret;

	if (key)
		put(proof, key, value);
	problem->text[0] = '\0';
	ret = proof_check_settings(given, false, proof, problem);
	json_decref(given);
	json_decref(proof);
	return ret;
}

static void each_setting(void **state)
{
	struct problem problem;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(checked(cases[i].key, cases[i].good, i, &problem), 0);
		assert_string_equal(problem.text, "");
		assert_int_not_equal(checked(cases[i].key, cases[i].bad, i, &problem), 0);
		assert_non_null(strstr(problem.text, cases[i].setting));
		assert_int_not_equal(checked(NULL, "", i, &problem), 0);
		assert_non_null(strstr(problem.text, "nothing shows it"));
	}
}

/* The guest, its timer and where it is: a cell of timer=posted, and its control. */
static int posted(bool intel, const char *key, const char *value,
		  struct problem *problem)
{
	json_t *proof = json_pack("{s:s,s:i,s:i,s:s}", "guest_idle", "poll",
				  "kvm_halt_exits", 0, "kvm_pi_inject_timer", 1,
				  "guest_placed", "1");
	int ret;

	if (intel)
		put(proof, "preemption_timer", "N");
	if (key)
		put(proof, key, value);
	problem->text[0] = '\0';
	ret = proof_check_settings(NULL, true, proof, problem);
	json_decref(proof);
	return ret;
}

static void posted_timer(void **state)
{
	static const char *const wrong[][2] = {
		{ "guest_idle", "halt" }, { "kvm_halt_exits", "3" },
		{ "kvm_pi_inject_timer", "0" }, { "preemption_timer", "Y" },
		{ "guest_placed", "none" },
	};
	struct problem problem;
	size_t i;

	(void)state;
	assert_int_equal(posted(false, NULL, "", &problem), 0);
	assert_int_equal(posted(true, NULL, "", &problem), 0);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_not_equal(posted(true, wrong[i][0], wrong[i][1], &problem), 0);
		assert_non_null(strstr(problem.text, wrong[i][0]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_setting),
		cmocka_unit_test(posted_timer),
	};

	return cmocka_run_group_tests_name("proof-settings", tests, NULL, NULL);
}
