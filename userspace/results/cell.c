// SPDX-License-Identifier: GPL-2.0
/* A cell of the results and its JSON object. Pure. */

#include <stdlib.h>

#include "proof/platform.h"
#include "results/cell.h"
#include "rtlat.h"

/* Digits that a double keeps; values are rounded to 3 decimals before. */
#define REAL_DIGITS	15

/**
 * cell_about_check - are the words those of the results' schema?
 * @about: what was given; pointers may be NULL
 * @problem: receives the first that is wrong
 *
 * Return: 0 or -EINVAL.
 */
int cell_about_check(const struct cell_about *about, struct problem *problem)
{
	static const char *const clocks[] = { "instructions", "hardware", "none",
					      NULL };

	if (!is_one_of(about->platform, platform_names))
		return problem_set(problem,
				   "--platform %s: not one of native|kvm|kvm-pi",
				   about->platform);
	if (!is_one_of(about->clock, clocks))
		return problem_set(problem,
				   "--clock %s: not one of instructions|hardware|none",
				   about->clock);
	if (!strcmp(about->clock, "instructions") && !about->insns_per_us)
		return problem_set(problem,
				   "--clock instructions: --insns-per-us is missing; range 1..%d",
				   RTLAT_MAX_INSNS_PER_US);
	if (strcmp(about->clock, "instructions") && about->insns_per_us)
		return problem_set(problem,
				   "--insns-per-us: only with --clock instructions, not with %s",
				   about->clock);
	if (about->flavour && !is_file_name(about->flavour))
		return problem_set(problem,
				   "--flavour %s: cannot be part of a folder's name",
				   about->flavour);
	if (about->kernel && !is_plain(about->kernel))
		return problem_set(problem, "--kernel %s: a control character in it",
				   about->kernel);
	return settings_check(about->setting, about->platform, problem);
}

/**
 * cell_flavour - which of the supported kernels a release is
 * @kernel: uname -r
 *
 * Return: 6.1, 6.1-rt, 6.12, 6.12-rt or other; free() it.
 */
char *cell_flavour(const char *kernel)
{
	bool rt = !!strstr(kernel, "-rt");

	if (!strncmp(kernel, "6.1.", 4))
		return xasprintf("6.1%s", rt ? "-rt" : "");
	if (!strncmp(kernel, "6.12.", 5))
		return xasprintf("6.12%s", rt ? "-rt" : "");
	return xstrdup("other");
}

/**
 * json_text - text of a JSON value as rtlat writes it
 * @json: object or array
 *
 * Return: the text, newline at its end; free() it.
 */
char *json_text(const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2) |
				      JSON_REAL_PRECISION(REAL_DIGITS));
	char *line;

	if (!text) {
		complain("out of memory");
		exit(RTLAT_EXIT_ERROR);
	}
	line = xasprintf("%s\n", text);
	free(text);
	return line;
}

/* Every parameter that can be given in the mode, as number or text. */
static json_t *params_json(const struct rtlat_config *config)
{
	json_t *json = json_object();
	char value[RTLAT_LINE_MAX];
	unsigned int i;
	u64 number;

	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		if (!(rtlat_params[i].modes & (1U << config->mode)))
			continue;
		rtlat_config_value(config, i, value, sizeof(value));
		json_object_set_new(json, rtlat_params[i].name,
				    rtlat_params[i].kind == RTLAT_KIND_NUM &&
				    !parse_u64(value, &number) ?
				    json_u64_or_null(true, number) :
				    json_string_or_null(value));
	}
	return json;
}

static json_t *workload_json(const struct cell_about *about,
			     const struct rtlat_config *config,
			     const struct cell_outcome *outcome)
{
	const char *timer = about->setting[SETTING_TIMER];
	bool ipi = config->mode == RTLAT_MODE_IPI;
	bool tasks = rtlat_config_tasks(config);
	bool set = config->mode == RTLAT_MODE_TASKSET;
	json_t *json = json_object();

	json_object_set_new(json, "mode",
			    json_string(rtlat_mode_names[config->mode]));
	json_object_set_new(json, "timer",
			    json_string(timer ? timer : settings[SETTING_TIMER].def));
	json_object_set_new(json, "ipi_kind",
			    json_string_or_null(ipi ?
						rtlat_ipi_kind_names[config->ipi_kind] :
						NULL));
	/* the sender of IPIs is a kernel thread under SCHED_FIFO, the default */
	json_object_set_new(json, "policy",
			    json_string(rtlat_policy_names[config->policy]));
	json_object_set_new(json, "task_kind",
			    json_string(rtlat_task_kind_names[config->task_kind]));
	json_object_set_new(json, "tasks_per_cpu",
			    json_u64_or_null(tasks, set ? config->tasks_per_cpu :
							 config->tasks));
	json_object_set_new(json, "distribution",
			    json_string_or_null(set ?
						rtlat_distribution_names[config->distribution] :
						NULL));
	json_object_set_new(json, "set",
			    json_u64_or_null(set && about->has_set, about->set));
	json_object_set_new(json, "seed", json_u64_or_null(set, config->seed));
	json_object_set_new(json, "load", json_boolean(about->load));
	json_object_set_new(json, "vcpus",
			    json_u64_or_null(about->vcpus != 0, about->vcpus));
	json_object_set_new(json, "arm",
			    json_string_or_null(tasks ? rtlat_arm_names[config->arm] : NULL));
	json_object_set_new(json, "duration_s", outcome->figures ?
			    json_real((double)(outcome->duration_ns / 1000) / 1e6) :
			    json_null());
	return json;
}

/**
 * cell_json - the object that a cell is in summary.json
 * @id: name of its folder
 * @about: what is known of it
 * @config: its parameters
 * @outcome: how it went
 *
 * Return: the object.
 */
json_t *cell_json(const char *id, const struct cell_about *about,
		  const struct rtlat_config *config,
		  const struct cell_outcome *outcome)
{
	struct rtlat_config resolved = *config;
	json_t *json = json_object();
	char *flavour = about->flavour ? xstrdup(about->flavour) :
			cell_flavour(about->kernel ? about->kernel : "");

	rtlat_config_resolve(&resolved);
	json_object_set_new(json, "id", json_string_or_null(id));
	json_object_set_new(json, "platform", json_string(about->platform));
	json_object_set_new(json, "status", json_string(outcome->status));
	json_object_set_new(json, "reason", json_string_or_null(outcome->reason));
	json_object_set_new(json, "kernel", json_string_or_null(about->kernel));
	json_object_set_new(json, "kernel_flavour", json_string_or_null(flavour));
	json_object_set_new(json, "clock", json_string(about->clock));
	json_object_set_new(json, "instructions_per_us",
			    json_u64_or_null(about->insns_per_us != 0,
					     about->insns_per_us));
	json_object_set_new(json, "stamp_cost_ns",
			    json_real_or_null(!!outcome->figures,
					      (double)outcome->stamp_cost_ps / 1000));
	json_object_set_new(json, "workload",
			    workload_json(about, &resolved, outcome));
	json_object_set_new(json, "settings", settings_json(about->setting));
	json_object_set_new(json, "params", params_json(&resolved));
	json_object_set_new(json, "tasks", tasks_json(outcome->tasks));
	json_object_set_new(json, "checks", outcome->checks ?
			    outcome->checks : json_object());
	json_object_set_new(json, "environment", outcome->environment ?
			    outcome->environment : json_object());
	json_object_set_new(json, "proof", json_object());
	json_object_set_new(json, "metrics",
			    metrics_json(outcome->figures, outcome->outliers,
					 outcome->own_ps));
	free(flavour);
	return json;
}
