/* SPDX-License-Identifier: GPL-2.0 */
/* How a guest is run: the axes of a platform. Pure. */
#ifndef RTLAT_SETTINGS_H
#define RTLAT_SETTINGS_H

#include <jansson.h>

#include "base/util.h"
#include "module/params.h"

/**
 * struct keyword - a word and what it may be
 * @name: its name
 * @values: ended by NULL; NULL: a number
 * @min: the smallest, of a number
 * @max: the largest
 * @def: what it is when it is not given; "-": what the machine has
 */
struct keyword {
	const char *name;
	const char *const *values;
	u64 min, max;
	const char *def;
};

enum setting {
	SETTING_TIMER,
	SETTING_GUEST_IDLE,
	SETTING_CPU_PM,
	SETTING_PI_INJECT_TIMER,
	SETTING_ENABLE_IPIV,
	SETTING_PREEMPTION_TIMER,
	SETTING_HALT_POLL_NS,
	SETTING_LAPIC_TIMER_ADVANCE,
	SETTING_CLOCKSOURCE,
	SETTING_PV_IPI,
	SETTING_PV_EOI,
	NR_SETTINGS
};

/* docs/matrix.md says what each does, ci/settings.sh does it. */
extern const struct keyword settings[NR_SETTINGS];

/**
 * struct setting_value - a setting and what it is
 * @setting: which
 * @value: its value
 */
struct setting_value {
	enum setting setting;
	const char *value;
};

#define NR_SETTINGS_POSTED	4

/* What timer=posted is made of: exitless timers, see docs/hardware.md. */
extern const struct setting_value settings_posted[NR_SETTINGS_POSTED];

int keyword_check(const struct keyword *word, const char *value,
		  struct problem *problem);
int settings_set(const char *value[NR_SETTINGS], const char *word,
		 struct problem *problem);
int settings_check(const char *const value[NR_SETTINGS], const char *platform,
		   struct problem *problem);
json_t *settings_json(const char *const value[NR_SETTINGS]);
int settings_validate(const json_t *cell, struct problem *problem);
char *settings_label(const json_t *cell);

#endif /* RTLAT_SETTINGS_H */
