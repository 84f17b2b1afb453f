// SPDX-License-Identifier: GPL-2.0
/* Was a guest run as its cell says? Each of its settings, by its proof. Pure. */

#include <errno.h>
#include <string.h>

#include "proof/parts.h"
#include "proof/platform.h"
#include "proof/settings.h"

/* How a setting's value is held against that of the proof's key. */
enum shown_as {
	AS_IT_IS,
	AS_SWITCH,	/* of the kernel: Y or N, 1 or 0 */
	AS_ADVANCE,	/* ns, of which 0 is off and -1 means as KVM finds best */
	AS_FEATURE,	/* of QEMU's -cpu, where the last one counts */
	AS_NO_EXITS,	/* on: the guest does not leave for it */
};

/*
 * A setting of several keys is shown by those that the kernel has; one whose keys are
 * all absent is not shown.
 */
static const struct shown {
	enum setting setting;
	const char *key;
	enum shown_as as;
	const char *name;
} shown[] = {
	{ SETTING_GUEST_IDLE, "guest_idle", AS_IT_IS, NULL },
	{ SETTING_CPU_PM, "kvm_halt_exits", AS_NO_EXITS, NULL },
	{ SETTING_PI_INJECT_TIMER, "kvm_pi_inject_timer", AS_SWITCH, NULL },
	{ SETTING_ENABLE_IPIV, "enable_ipiv", AS_SWITCH, NULL },
	{ SETTING_PREEMPTION_TIMER, "preemption_timer", AS_SWITCH, NULL },
	{ SETTING_HALT_POLL_NS, "kvm_halt_poll_ns", AS_IT_IS, NULL },
	{ SETTING_LAPIC_TIMER_ADVANCE, "kvm_lapic_timer_advance", AS_SWITCH, NULL },
	{ SETTING_LAPIC_TIMER_ADVANCE, "kvm_lapic_timer_advance_ns", AS_ADVANCE, NULL },
	{ SETTING_CLOCKSOURCE, "guest_clocksource", AS_IT_IS, NULL },
	{ SETTING_PV_IPI, "guest_cpu", AS_FEATURE, "kvm-pv-ipi=" },
	{ SETTING_PV_EOI, "guest_cpu", AS_FEATURE, "kvm-pv-eoi=" },
};

static bool is_on(const char *value)
{
	return !strcmp(value, "Y") || !strcmp(value, "1");
}

/* What follows the last of that name in "A=B,C=D". */
static const char *feature(const char *cpu, const char *name)
{
	const char *found = NULL;

	for (; (cpu = strstr(cpu, name)); cpu += strlen(name))
		found = cpu + strlen(name);
	return found ? found : "";
}

static bool shows(const struct shown *how, const char *value, const char *proof)
{
	const bool on = !strcmp(value, "on");

	switch (how->as) {
	case AS_IT_IS:
		return !strcmp(proof, value);
	case AS_SWITCH:
		return on ? is_on(proof) : !strcmp(proof, "N") || !strcmp(proof, "0");
	case AS_ADVANCE:
		return on == !!strcmp(proof, "0");
	case AS_FEATURE:
		proof = feature(proof, how->name);
		return !strncmp(proof, value, strlen(value)) &&
		       strchr(",", proof[strlen(value)]);
	case AS_NO_EXITS:
		return !on || !strcmp(proof, "0");
	}
	return false;
}

/* A value of the proof as text; "-" when it is not there. */
static const char *value_of(const json_t *proof, const char *key, char *room,
			    size_t len)
{
	const json_t *value = json_object_get(proof, key);

	if (!json_is_integer(value))
		return json_text_of(proof, key);
	snprintf(room, len, "%lld", (long long)json_integer_value(value));
	return room;
}

static int check(const json_t *proof, enum setting setting, const char *value,
		 struct problem *problem)
{
	bool found = false;
	char room[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		const char *is;

		if (shown[i].setting != setting)
			continue;
		is = value_of(proof, shown[i].key, room, sizeof(room));
		if (!strcmp(is, "-") || !strcmp(is, "absent"))
			continue;
		found = true;
		if (!shows(&shown[i], value, is))
			return problem_set(problem, "proof: %s=%s was asked for, but %s=%s",
					   settings[setting].name, value,
					   shown[i].key, is);
	}
	return found ? 0 : problem_set(problem,
				       "proof: %s=%s was asked for, and nothing shows it",
				       settings[setting].name, value);
}

/**
 * proof_check_settings - was the guest run as was asked for?
 * @given: object of the settings that were given
 * @posted: its timer was to be posted
 * @proof: what the host has seen of it
 * @problem: receives the first setting that the proof does not show
 *
 * Return: 0 or -EINVAL.
 */
int proof_check_settings(const json_t *given, bool posted, const json_t *proof,
			 struct problem *problem)
{
	size_t i;

	for (i = 0; i < NR_SETTINGS; i++) {
		const json_t *value = json_object_get(given, settings[i].name);

		if (json_is_string(value) &&
		    check(proof, i, json_string_value(value), problem))
			return -EINVAL;
	}
	if (!posted)
		return 0;
	for (i = 0; i < NR_SETTINGS_POSTED; i++) {
		const struct setting_value *needed = &settings_posted[i];

		/* Intel's alone */
		if (needed->setting == SETTING_PREEMPTION_TIMER &&
		    !json_object_get(proof, "preemption_timer"))
			continue;
		if (check(proof, needed->setting, needed->value, problem))
			return -EINVAL;
	}
	if (!strcmp(json_text_of(proof, "guest_placed"), "none"))
		return problem_set(problem,
				   "proof: timer=posted was asked for, but guest_placed=none");
	return 0;
}
