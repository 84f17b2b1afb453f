/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parameters: from text to struct rtlat_config, with everything that can be
 * said without asking the machine. Pure, see pure.h.
 */
#ifndef RTLAT_PARAMS_H
#define RTLAT_PARAMS_H

#include "pure.h"

#define RTLAT_CPUS_LEN	128	/* longest CPU list, NUL included */

/* Modes in which a parameter may be given. */
#define M_TIMER	(1U << RTLAT_MODE_TIMER)
#define M_IPI	(1U << RTLAT_MODE_IPI)
#define M_TASKSET	(1U << RTLAT_MODE_TASKSET)
#define M_TASKS	(M_TIMER | M_TASKSET)
#define M_ALL	(~0U)

enum rtlat_param {
#define RTLAT_PARAM_ENUM(name, LIST, modes, def, help) RTLAT_P_##name,
#define RTLAT_PARAM_NUM(name, unit, modes, def, min, max, help) RTLAT_P_##name,
#define RTLAT_PARAM_LIST(name, unit, modes, def, min, max, help) RTLAT_P_##name,
#define RTLAT_PARAM_CPUS(name, modes, help) RTLAT_P_##name,
#include "params-expand.h"
	RTLAT_NR_PARAMS
};

enum rtlat_param_kind {
	RTLAT_KIND_ENUM,
	RTLAT_KIND_NUM,
	RTLAT_KIND_LIST,
	RTLAT_KIND_CPUS,
};

/**
 * struct rtlat_param_desc - one row of the parameter table
 * @name: name
 * @kind: which member of the configuration it sets
 * @unit: unit of a number, "-" for the rest
 * @modes: bit mask of enum rtlat_mode in which it may be given
 * @def: default, as text
 * @min: smallest number
 * @max: largest number
 * @values: names of an enum's values
 * @nr_values: how many
 * @help: what it does
 * @offset: of its member in struct rtlat_config
 */
struct rtlat_param_desc {
	const char *name;
	enum rtlat_param_kind kind;
	const char *unit;
	u32 modes;
	const char *def;
	u64 min;
	u64 max;
	const char *const *values;
	u32 nr_values;
	const char *help;
	size_t offset;
};

/**
 * struct rtlat_list - a number per task
 * @n: how many were given; 1 holds for every task
 * @v: the numbers
 */
struct rtlat_list {
	u32 n;
	u32 v[RTLAT_MAX_TASKS];
};

/**
 * struct rtlat_config - the parameters of a run
 * @given: bit per enum rtlat_param: set by the user, not the default
 *
 * The other members are the rows of params.def.
 */
struct rtlat_config {
	u32 given;
#define RTLAT_PARAM_ENUM(name, LIST, modes, def, help) u64 name;
#define RTLAT_PARAM_NUM(name, unit, modes, def, min, max, help) u64 name;
#define RTLAT_PARAM_LIST(name, unit, modes, def, min, max, help) \
	struct rtlat_list name;
#define RTLAT_PARAM_CPUS(name, modes, help) char name[RTLAT_CPUS_LEN];
#include "params-expand.h"
};

extern const struct rtlat_param_desc rtlat_params[RTLAT_NR_PARAMS];
extern const char *const rtlat_mode_names[RTLAT_NR_MODES];
extern const char *const rtlat_arm_names[RTLAT_NR_ARMS];
extern const char *const rtlat_ipi_kind_names[RTLAT_NR_IPI_KINDS];
extern const char *const rtlat_task_kind_names[RTLAT_NR_TASK_KINDS];
extern const char *const rtlat_policy_names[RTLAT_NR_POLICIES];
extern const char *const rtlat_distribution_names[RTLAT_NR_DISTRIBUTIONS];
extern const char *const rtlat_probes_names[RTLAT_NR_PROBES];
extern const char *const rtlat_trace_per_names[RTLAT_NR_TRACE_PERS];
extern const char *const rtlat_fault_names[RTLAT_NR_FAULTS];

void rtlat_config_default(struct rtlat_config *cfg);
int rtlat_config_set(struct rtlat_config *cfg, const char *name,
		     const char *value, char *err, size_t err_size);
enum rtlat_arm rtlat_config_arm(const struct rtlat_config *cfg);
void rtlat_config_resolve(struct rtlat_config *cfg);
int rtlat_config_check(const struct rtlat_config *cfg, char *err,
		       size_t err_size);
int rtlat_config_value(const struct rtlat_config *cfg, unsigned int param,
		       char *buf, size_t size);
int rtlat_config_format(const struct rtlat_config *cfg, unsigned int param,
			char *buf, size_t size);

/**
 * rtlat_config_tasks - does the mode have tasks that are released
 * @cfg: configuration
 *
 * Return: mode=timer or mode=taskset.
 */
static inline bool rtlat_config_tasks(const struct rtlat_config *cfg)
{
	return M_TASKS & (1U << cfg->mode);
}

/**
 * rtlat_list_get - the number that holds for a task
 * @list: list of the configuration
 * @task: task on its CPU, from 0
 *
 * Return: the task's own number, or the one given for all.
 */
static inline u32 rtlat_list_get(const struct rtlat_list *list, u32 task)
{
	return list->v[list->n > 1 ? task : 0];
}

#endif /* RTLAT_PARAMS_H */
