// SPDX-License-Identifier: GPL-2.0
/* Parameters: table, parsing, ranges and contradictions. Pure, see pure.h. */

#include "params.h"

#define RTLAT_X(NAME, name) #name,
const char *const rtlat_mode_names[RTLAT_NR_MODES] = { RTLAT_MODES(RTLAT_X) };
const char *const rtlat_arm_names[RTLAT_NR_ARMS] = { RTLAT_ARMS(RTLAT_X) };
const char *const rtlat_ipi_kind_names[RTLAT_NR_IPI_KINDS] = {
	RTLAT_IPI_KINDS(RTLAT_X)
};

const char *const rtlat_task_kind_names[RTLAT_NR_TASK_KINDS] = {
	RTLAT_TASK_KINDS(RTLAT_X)
};

const char *const rtlat_policy_names[RTLAT_NR_POLICIES] = {
	RTLAT_POLICIES(RTLAT_X)
};

const char *const rtlat_distribution_names[RTLAT_NR_DISTRIBUTIONS] = {
	RTLAT_DISTRIBUTIONS(RTLAT_X)
};

const char *const rtlat_probes_names[RTLAT_NR_PROBES] = {
	RTLAT_PROBES(RTLAT_X)
};

const char *const rtlat_trace_per_names[RTLAT_NR_TRACE_PERS] = {
	RTLAT_TRACE_PERS(RTLAT_X)
};

const char *const rtlat_fault_names[RTLAT_NR_FAULTS] = {
	RTLAT_FAULTS(RTLAT_X)
};

#undef RTLAT_X

/* The enum lists by the name that params.def uses. */
#define RTLAT_NAMES_RTLAT_MODES		rtlat_mode_names, RTLAT_NR_MODES
#define RTLAT_NAMES_RTLAT_ARMS		rtlat_arm_names, RTLAT_NR_ARMS
#define RTLAT_NAMES_RTLAT_IPI_KINDS	rtlat_ipi_kind_names, RTLAT_NR_IPI_KINDS
#define RTLAT_NAMES_RTLAT_TASK_KINDS	rtlat_task_kind_names, RTLAT_NR_TASK_KINDS
#define RTLAT_NAMES_RTLAT_POLICIES	rtlat_policy_names, RTLAT_NR_POLICIES
#define RTLAT_NAMES_RTLAT_DISTRIBUTIONS	rtlat_distribution_names, RTLAT_NR_DISTRIBUTIONS
#define RTLAT_NAMES_RTLAT_PROBES	rtlat_probes_names, RTLAT_NR_PROBES
#define RTLAT_NAMES_RTLAT_TRACE_PERS	rtlat_trace_per_names, RTLAT_NR_TRACE_PERS
#define RTLAT_NAMES_RTLAT_FAULTS	rtlat_fault_names, RTLAT_NR_FAULTS
#define RTLAT_NAMES(...)		RTLAT_NAMES_(__VA_ARGS__)
#define RTLAT_NAMES_(names, nr)		.values = (names), .nr_values = (nr)

#define RTLAT_ROW(_name, _kind, _unit, _modes, _def, _help, ...)	\
	[RTLAT_P_##_name] = {						\
		.name = #_name, .kind = _kind, .unit = _unit,		\
		.modes = _modes, .def = _def, .help = _help,		\
		.offset = offsetof(struct rtlat_config, _name),		\
		__VA_ARGS__						\
	},

const struct rtlat_param_desc rtlat_params[RTLAT_NR_PARAMS] = {
#define RTLAT_PARAM_ENUM(name, LIST, modes, def, help)			\
	RTLAT_ROW(name, RTLAT_KIND_ENUM, "-", modes, #def, help,	\
		  RTLAT_NAMES(RTLAT_NAMES_##LIST))
#define RTLAT_PARAM_NUM(name, unit, modes, def, _min, _max, help)	\
	RTLAT_ROW(name, RTLAT_KIND_NUM, unit, modes, #def, help,	\
		  .min = _min, .max = _max)
#define RTLAT_PARAM_LIST(name, unit, modes, def, _min, _max, help)	\
	RTLAT_ROW(name, RTLAT_KIND_LIST, unit, modes, #def, help,	\
		  .min = _min, .max = _max)
#define RTLAT_PARAM_CPUS(name, modes, help)				\
	RTLAT_ROW(name, RTLAT_KIND_CPUS, "-", modes, "", help, .min = 0)
#include "params-expand.h"
};

static void *rtlat_config_at(struct rtlat_config *cfg, unsigned int param)
{
	return (char *)cfg + rtlat_params[param].offset;
}

static const void *rtlat_config_peek(const struct rtlat_config *cfg,
				     unsigned int param)
{
	return (const char *)cfg + rtlat_params[param].offset;
}

/* Beyond the range of every parameter. */
#define RTLAT_NUM_TOO_LARGE	1000000000000000000LL

/* A decimal number with a sign, and nothing else. */
static bool rtlat_parse_num(const char *text, size_t len, s64 *num)
{
	bool minus = len && *text == '-';
	s64 value = 0;
	size_t i = minus ? 1 : 0;

	if (i >= len)
		return false;
	for (; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value < RTLAT_NUM_TOO_LARGE / 10 ? value * 10 + (text[i] - '0') :
							   RTLAT_NUM_TOO_LARGE;
	}
	*num = minus ? -value : value;
	return true;
}

static int rtlat_bad_num(const struct rtlat_param_desc *desc, const char *value,
			 const char *what, char *err, size_t err_size)
{
	const bool counted = strcmp(desc->unit, "-");

	scnprintf(err, err_size, "%s=%s: %s; range %llu..%llu%s%s", desc->name,
		  value, what, (unsigned long long)desc->min,
		  (unsigned long long)desc->max, counted ? " " : "",
		  counted ? desc->unit : "");
	return -EINVAL;
}

/* The number of @len characters at @at, a part of @value, within its range. */
static int rtlat_take_num(const struct rtlat_param_desc *desc,
			  const char *value, const char *at, size_t len,
			  u64 *num, char *err, size_t err_size)
{
	s64 taken;

	if (!rtlat_parse_num(at, len, &taken))
		return rtlat_bad_num(desc, value, "not a number", err, err_size);
	if (taken < (s64)desc->min || taken > (s64)desc->max)
		return rtlat_bad_num(desc, value, "out of range", err, err_size);
	*num = taken;
	return 0;
}

static int rtlat_set_list(const struct rtlat_param_desc *desc,
			  const char *value, struct rtlat_list *list,
			  char *err, size_t err_size)
{
	const char *at = value;

	list->n = 0;
	for (;;) {
		const char *end = strchr(at, ',');
		size_t len = end ? (size_t)(end - at) : strlen(at);
		u64 num;
		int ret;

		ret = rtlat_take_num(desc, value, at, len, &num, err, err_size);
		if (ret)
			return ret;
		if (list->n == RTLAT_MAX_TASKS)
			return rtlat_bad_num(desc, value, "too many numbers",
					     err, err_size);
		list->v[list->n++] = num;
		if (!end)
			return 0;
		at = end + 1;
	}
}

static int rtlat_set_enum(const struct rtlat_param_desc *desc,
			  const char *value, u64 *to, char *err, size_t err_size)
{
	int len;
	u32 i;

	for (i = 0; i < desc->nr_values; i++) {
		if (!strcmp(value, desc->values[i])) {
			*to = i;
			return 0;
		}
	}
	len = scnprintf(err, err_size, "%s=%s: not one of ", desc->name, value);
	for (i = 0; i < desc->nr_values; i++)
		len += scnprintf(err + len, err_size - len, "%s%s", i ? "|" : "",
				 desc->values[i]);
	return -EINVAL;
}

static int rtlat_set_one(struct rtlat_config *cfg, unsigned int param,
			 const char *value, char *err, size_t err_size)
{
	const struct rtlat_param_desc *desc = &rtlat_params[param];
	void *to = rtlat_config_at(cfg, param);
	struct rtlat_list list = { 0 };
	int ret;

	switch (desc->kind) {
	case RTLAT_KIND_ENUM:
		return rtlat_set_enum(desc, value, to, err, err_size);
	case RTLAT_KIND_CPUS:
		if (strlen(value) >= RTLAT_CPUS_LEN || strpbrk(value, " \t\n")) {
			scnprintf(err, err_size,
				  "%s=%s: not a CPU list of at most %d characters",
				  desc->name, value, RTLAT_CPUS_LEN - 1);
			return -EINVAL;
		}
		memset(to, 0, RTLAT_CPUS_LEN);
		memcpy(to, value, strlen(value));
		return 0;
	case RTLAT_KIND_NUM:
		return rtlat_take_num(desc, value, value, strlen(value), to,
				      err, err_size);
	case RTLAT_KIND_LIST:
		ret = rtlat_set_list(desc, value, &list, err, err_size);
		if (!ret)
			*(struct rtlat_list *)to = list;
		return ret;
	}
	return -EINVAL;
}

/**
 * rtlat_config_default - every parameter at its default, none given
 * @cfg: configuration to fill
 */
void rtlat_config_default(struct rtlat_config *cfg)
{
	unsigned int i;
	char err[8];

	memset(cfg, 0, sizeof(*cfg));
	for (i = 0; i < RTLAT_NR_PARAMS; i++)
		rtlat_set_one(cfg, i, rtlat_params[i].def, err, sizeof(err));
}

/**
 * rtlat_config_set - set one parameter from text
 * @cfg: configuration; unchanged on error
 * @name: parameter
 * @value: text; empty: back to the default
 * @err: receives one line naming parameter, value and range on error
 * @err_size: its size
 *
 * Return: 0, -ENOENT for an unknown name, -EINVAL for a bad value.
 */
int rtlat_config_set(struct rtlat_config *cfg, const char *name,
		     const char *value, char *err, size_t err_size)
{
	unsigned int i;
	int ret;

	/* documented short form */
	if (!strcmp(name, "tasks") &&
	    (!strcmp(value, rtlat_task_kind_names[RTLAT_TASK_USER]) ||
	     !strcmp(value, rtlat_task_kind_names[RTLAT_TASK_KTHREAD])))
		name = rtlat_params[RTLAT_P_task_kind].name;
	for (i = 0; i < RTLAT_NR_PARAMS; i++)
		if (!strcmp(rtlat_params[i].name, name))
			break;
	if (i == RTLAT_NR_PARAMS) {
		scnprintf(err, err_size, "%s: no such parameter", name);
		return -ENOENT;
	}
	if (!*value) {
		cfg->given &= ~(1U << i);
		return rtlat_set_one(cfg, i, rtlat_params[i].def, err, err_size);
	}
	ret = rtlat_set_one(cfg, i, value, err, err_size);
	if (!ret)
		cfg->given |= 1U << i;
	return ret;
}

/**
 * rtlat_config_arm - who arms the next release
 * @cfg: configuration
 *
 * Return: what was given; else a task set is strictly periodic, and mode=timer
 * has its default.
 */
enum rtlat_arm rtlat_config_arm(const struct rtlat_config *cfg)
{
	if (cfg->mode == RTLAT_MODE_TASKSET &&
	    !(cfg->given & (1U << RTLAT_P_arm)))
		return RTLAT_ARM_CALLBACK;
	return cfg->arm;
}

/**
 * rtlat_config_resolve - put defaults that depend on other parameters in place
 * @cfg: configuration of a run that is about to start
 */
void rtlat_config_resolve(struct rtlat_config *cfg)
{
	cfg->arm = rtlat_config_arm(cfg);
}

/* One number for all tasks, or exactly one for each. */
static int rtlat_check_list_len(const struct rtlat_config *cfg,
				unsigned int param, char *err, size_t err_size)
{
	const struct rtlat_list *list = rtlat_config_peek(cfg, param);
	char value[RTLAT_LINE_MAX / 2];

	if (list->n == 1 || list->n == cfg->tasks)
		return 0;
	rtlat_config_value(cfg, param, value, sizeof(value));
	scnprintf(err, err_size,
		  "%s=%s: %u numbers for tasks=%llu; give 1 or %llu",
		  rtlat_params[param].name, value, list->n,
		  (unsigned long long)cfg->tasks,
		  (unsigned long long)cfg->tasks);
	return -EINVAL;
}

/* Without probes nothing is measured, a job's CPU time neither. */
static int rtlat_check_bare(const struct rtlat_config *cfg, char *err,
			    size_t err_size)
{
	static const u8 measured[] = {
		RTLAT_P_task_kind, RTLAT_P_exec_us, RTLAT_P_fault,
		RTLAT_P_fault_exit, RTLAT_P_fault_clock_insns,
	};
	char value[RTLAT_LINE_MAX / 2];
	unsigned int i;

	if (cfg->probes == RTLAT_PROBES_ON)
		return 0;
	for (i = 0; i < sizeof(measured); i++) {
		rtlat_config_value(cfg, measured[i], value, sizeof(value));
		if (!strcmp(value, rtlat_params[measured[i]].def))
			continue;
		scnprintf(err, err_size, "%s=%s: contradicts probes=%s",
			  rtlat_params[measured[i]].name, value,
			  rtlat_probes_names[cfg->probes]);
		return -EINVAL;
	}
	return 0;
}

static int rtlat_check_timer(const struct rtlat_config *cfg, char *err,
			     size_t err_size)
{
	u64 load_ppm = 0;
	u32 i;
	int ret;

	ret = rtlat_check_list_len(cfg, RTLAT_P_period_us, err, err_size);
	if (!ret)
		ret = rtlat_check_list_len(cfg, RTLAT_P_exec_us, err, err_size);
	if (!ret)
		ret = rtlat_check_bare(cfg, err, err_size);
	if (ret)
		return ret;
	if (cfg->policy == RTLAT_POLICY_FIFO && cfg->prio < cfg->tasks) {
		scnprintf(err, err_size,
			  "prio=%llu: too low for tasks=%llu; range %llu..%llu (one priority for each task)",
			  (unsigned long long)cfg->prio,
			  (unsigned long long)cfg->tasks,
			  (unsigned long long)cfg->tasks,
			  (unsigned long long)rtlat_params[RTLAT_P_prio].max);
		return -EINVAL;
	}
	for (i = 0; i < cfg->tasks; i++) {
		u32 period_us = rtlat_list_get(&cfg->period_us, i);
		u32 exec_us = rtlat_list_get(&cfg->exec_us, i);

		if (exec_us >= period_us) {
			scnprintf(err, err_size,
				  "exec_us=%u: not below period_us=%u of task %u; range 0..%u us",
				  exec_us, period_us, i, period_us - 1);
			return -EINVAL;
		}
		load_ppm += (u64)exec_us * 1000000 / period_us;
	}
	if (load_ppm > 1000000) {
		scnprintf(err, err_size,
			  "exec_us: the tasks of a CPU ask for %llu.%llu %% of it; range 0..100 %%",
			  (unsigned long long)(load_ppm / 10000),
			  (unsigned long long)(load_ppm / 1000 % 10));
		return -EINVAL;
	}
	return 0;
}

/* A fault must be able to hit, and what belongs to it needs it. */
static int rtlat_check_fault(const struct rtlat_config *cfg, char *err,
			     size_t err_size)
{
	const char *name = rtlat_fault_names[cfg->fault];
	const bool of_ipi = cfg->fault == RTLAT_FAULT_IPI;
	const bool mode_ipi = cfg->mode == RTLAT_MODE_IPI;

	if (cfg->fault == RTLAT_FAULT_NONE) {
		if (cfg->given & (1U << RTLAT_P_fault_ns))
			scnprintf(err, err_size,
				  "fault_ns=%llu: contradicts fault=%s",
				  (unsigned long long)cfg->fault_ns, name);
		else if (cfg->given & (1U << RTLAT_P_fault_every))
			scnprintf(err, err_size,
				  "fault_every=%llu: contradicts fault=%s",
				  (unsigned long long)cfg->fault_every, name);
		else
			return 0;
		return -EINVAL;
	}
	if (of_ipi != mode_ipi) {
		scnprintf(err, err_size, "fault=%s: contradicts mode=%s", name,
			  rtlat_mode_names[cfg->mode]);
		return -EINVAL;
	}
	if (cfg->fault == RTLAT_FAULT_ARM &&
	    rtlat_config_arm(cfg) != RTLAT_ARM_JOB) {
		scnprintf(err, err_size, "fault=%s: contradicts arm=%s", name,
			  rtlat_arm_names[rtlat_config_arm(cfg)]);
		return -EINVAL;
	}
	if ((cfg->fault == RTLAT_FAULT_NESTED ||
	     cfg->fault == RTLAT_FAULT_UNSEEN) &&
	    (cfg->given & (1U << RTLAT_P_fault_ns))) {
		scnprintf(err, err_size,
			  "fault_ns=%llu: contradicts fault=%s, which takes no time",
			  (unsigned long long)cfg->fault_ns, name);
		return -EINVAL;
	}
	if (cfg->fault == RTLAT_FAULT_BACKWARDS && !cfg->fault_ns) {
		scnprintf(err, err_size,
			  "fault=%s: how far? range of fault_ns 1..%llu ns", name,
			  (unsigned long long)
			  rtlat_params[RTLAT_P_fault_ns].max);
		return -EINVAL;
	}
	return 0;
}

/**
 * rtlat_config_check - look for contradictions
 * @cfg: configuration
 * @err: receives one line naming parameter, value and range on error
 * @err_size: its size
 *
 * What depends on the machine (CPUs online, cost of serving a release) is the
 * caller's.
 *
 * Return: 0 or -EINVAL.
 */
int rtlat_config_check(const struct rtlat_config *cfg, char *err,
		       size_t err_size)
{
	char value[RTLAT_LINE_MAX / 2];
	unsigned int i;

	if (cfg->mode == RTLAT_MODE_IDLE)
		return 0;
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		if (!(cfg->given & (1U << i)) ||
		    (rtlat_params[i].modes & (1U << cfg->mode)))
			continue;
		rtlat_config_value(cfg, i, value, sizeof(value));
		scnprintf(err, err_size, "%s=%s: contradicts mode=%s",
			  rtlat_params[i].name, value,
			  rtlat_mode_names[cfg->mode]);
		return -EINVAL;
	}
	if (rtlat_config_tasks(cfg)) {
		if (cfg->count && cfg->duration_ms) {
			scnprintf(err, err_size,
				  "duration_ms=%llu: contradicts count=%llu",
				  (unsigned long long)cfg->duration_ms,
				  (unsigned long long)cfg->count);
			return -EINVAL;
		}
		if (cfg->policy == RTLAT_POLICY_DEADLINE &&
		    (cfg->given & (1U << RTLAT_P_prio))) {
			scnprintf(err, err_size,
				  "prio=%llu: contradicts policy=deadline",
				  (unsigned long long)cfg->prio);
			return -EINVAL;
		}
	}
	if (rtlat_check_fault(cfg, err, err_size))
		return -EINVAL;
	if (cfg->mode == RTLAT_MODE_TIMER)
		return rtlat_check_timer(cfg, err, err_size);
	if (cfg->mode == RTLAT_MODE_TASKSET)
		return 0;
	if (cfg->ipi_kind == RTLAT_IPI_SELF &&
	    (cfg->given & (1U << RTLAT_P_ipi_sender))) {
		scnprintf(err, err_size,
			  "ipi_sender=%llu: contradicts ipi_kind=self, where each target sends to itself",
			  (unsigned long long)cfg->ipi_sender);
		return -EINVAL;
	}
	return 0;
}

/**
 * rtlat_config_value - a parameter's value as text
 * @cfg: configuration
 * @param: enum rtlat_param
 * @buf: receives the text that rtlat_config_set() reads back
 * @size: its size
 *
 * Return: characters written, NUL not counted.
 */
int rtlat_config_value(const struct rtlat_config *cfg, unsigned int param,
		       char *buf, size_t size)
{
	const struct rtlat_param_desc *desc = &rtlat_params[param];
	const void *at = rtlat_config_peek(cfg, param);
	const struct rtlat_list *list = at;
	int len = 0;
	u32 i;

	switch (desc->kind) {
	case RTLAT_KIND_ENUM:
		return scnprintf(buf, size, "%s", desc->values[*(const u64 *)at]);
	case RTLAT_KIND_NUM:
		return scnprintf(buf, size, "%llu",
				 *(const unsigned long long *)at);
	case RTLAT_KIND_CPUS:
		return scnprintf(buf, size, "%s", (const char *)at);
	case RTLAT_KIND_LIST:
		for (i = 0; i < list->n; i++)
			len += scnprintf(buf + len, size - len, "%s%u",
					 i ? "," : "", list->v[i]);
		return len;
	}
	return 0;
}

/**
 * rtlat_config_format - a parameter's line of the debugfs file params
 * @cfg: configuration
 * @param: enum rtlat_param
 * @buf: receives the line, no newline
 * @size: its size
 *
 * Return: characters written, NUL not counted.
 */
int rtlat_config_format(const struct rtlat_config *cfg, unsigned int param,
			char *buf, size_t size)
{
	const struct rtlat_param_desc *desc = &rtlat_params[param];
	int len;

	len = scnprintf(buf, size, "%s=", desc->name);
	len += rtlat_config_value(cfg, param, buf + len, size - len);
	len += scnprintf(buf + len, size - len, " unit=%s default=%s",
			 desc->unit, desc->def);
	if (desc->kind == RTLAT_KIND_NUM || desc->kind == RTLAT_KIND_LIST)
		len += scnprintf(buf + len, size - len, " min=%llu max=%llu",
				 (unsigned long long)desc->min,
				 (unsigned long long)desc->max);
	return len;
}
