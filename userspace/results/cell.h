/* SPDX-License-Identifier: GPL-2.0 */
/* A cell of the results and its JSON object. Pure. */
#ifndef RTLAT_CELL_H
#define RTLAT_CELL_H

#include <jansson.h>

#include "module/params.h"
#include "proof/settings.h"
#include "results/outliers.h"
#include "stats/figures.h"
#include "stats/task-lines.h"

/**
 * struct cell_about - what whoever started the platform knows about a cell
 * @platform: native, kvm, kvm-pi
 * @clock: instructions, hardware, none
 * @insns_per_us: instructions to the emulated microsecond; 0: not known
 * @flavour: 6.1, 6.1-rt, ..., other; NULL: made from @kernel
 * @setting: how its guest is run; NULL: not given
 * @kernel: uname -r; NULL when the cell did not run
 * @vcpus: CPUs of the machine that the cell ran on; 0: not known
 * @set: number of the task set at this point of a sweep
 * @has_set: it has one
 * @load: background load is on
 */
struct cell_about {
	const char *platform;
	const char *clock;
	u64 insns_per_us;
	const char *flavour;
	const char *setting[NR_SETTINGS];
	const char *kernel;
	u64 vcpus;
	u64 set;
	bool has_set;
	bool load;
};

/**
 * struct cell_outcome - how a cell went
 * @status: ok, skip, fail
 * @reason: why, NULL when it is ok
 * @figures: numbers, or NULL
 * @outliers: the largest samples, or NULL
 * @tasks: what became of the jobs, or NULL
 * @checks: "checks" object, or NULL; stolen
 * @environment: "environment" object, or NULL; stolen
 * @stamp_cost_ps: cost of a clock read, ps; only valid with @figures
 * @own_ps: by metric, what rtlat's own code takes of it, ps; 0: not known
 * @duration_ns: length of the run; only valid with @figures
 */
struct cell_outcome {
	const char *status;
	const char *reason;
	const struct figures *figures;
	const struct outliers *outliers;
	const struct task_totals *tasks;
	json_t *checks;
	json_t *environment;
	u64 stamp_cost_ps;
	const u64 *own_ps;
	u64 duration_ns;
};

int cell_about_check(const struct cell_about *about, struct problem *problem);
char *cell_flavour(const char *kernel);
json_t *cell_json(const char *id, const struct cell_about *about,
		  const struct rtlat_config *config,
		  const struct cell_outcome *outcome);
json_t *metrics_json(const struct figures *figures,
		     const struct outliers *outliers, const u64 *own_ps);
char *json_text(const json_t *json);
json_t *json_string_or_null(const char *text);
json_t *json_real_or_null(bool valid, double value);
json_t *json_u64_or_null(bool valid, u64 value);

#endif /* RTLAT_CELL_H */
