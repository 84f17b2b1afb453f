// SPDX-License-Identifier: GPL-2.0
/* Do JSON objects obey the results' schema? Pure. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof/platform.h"
#include "proof/settings.h"
#include "results/results.h"
#include "results/validate.h"
#include "rtlat.h"

enum {
	WANT_STRING = 1,
	WANT_NUMBER = 2,
	WANT_NULL = 4,
	WANT_BOOL = 8,
	WANT_OBJECT = 16,
};

struct want {
	const char *key;
	unsigned int types;
	const char *const *values;
};

static const char *const statuses[] = { "ok", "skip", "fail", NULL };
static const char *const clocks[] = { "instructions", "hardware", "none", NULL };
static const char *const modes[] = { "timer", "ipi", "taskset", NULL };

static const struct want cell_wants[] = {
	{ "id", WANT_STRING, NULL },
	{ "platform", WANT_STRING, platform_names },
	{ "status", WANT_STRING, statuses },
	{ "reason", WANT_STRING | WANT_NULL, NULL },
	{ "kernel", WANT_STRING | WANT_NULL, NULL },
	{ "kernel_flavour", WANT_STRING, NULL },
	{ "clock", WANT_STRING, clocks },
	{ "instructions_per_us", WANT_NUMBER | WANT_NULL, NULL },
	{ "stamp_cost_ns", WANT_NUMBER | WANT_NULL, NULL },
	{ "workload", WANT_OBJECT, NULL },
	{ "tasks", WANT_OBJECT | WANT_NULL, NULL },
	{ "proof", WANT_OBJECT, NULL },
	{ "metrics", WANT_OBJECT, NULL },
	{ NULL, 0, NULL },
};

static const struct want workload_wants[] = {
	{ "mode", WANT_STRING, modes },
	{ "timer", WANT_STRING, NULL },
	{ "ipi_kind", WANT_STRING | WANT_NULL, NULL },
	{ "policy", WANT_STRING, NULL },
	{ "task_kind", WANT_STRING, NULL },
	{ "tasks_per_cpu", WANT_NUMBER | WANT_NULL, NULL },
	{ "distribution", WANT_STRING | WANT_NULL, NULL },
	{ "set", WANT_NUMBER | WANT_NULL, NULL },
	{ "seed", WANT_NUMBER | WANT_NULL, NULL },
	{ "load", WANT_BOOL, NULL },
	{ "vcpus", WANT_NUMBER | WANT_NULL, NULL },
	{ "arm", WANT_STRING | WANT_NULL, NULL },
	{ "duration_s", WANT_NUMBER | WANT_NULL, NULL },
	{ NULL, 0, NULL },
};

static const struct want tasks_wants[] = {
	{ "n", WANT_NUMBER, NULL },
	{ "released", WANT_NUMBER, NULL },
	{ "completed", WANT_NUMBER, NULL },
	{ "missed", WANT_NUMBER, NULL },
	{ "overrun", WANT_NUMBER, NULL },
	{ "skipped", WANT_NUMBER, NULL },
	{ "throttled", WANT_NUMBER, NULL },
	{ "tardiness_max_ns", WANT_NUMBER, NULL },
	{ "utilisation_ppb", WANT_NUMBER, NULL },
	{ "scale_ppm", WANT_NUMBER | WANT_NULL, NULL },
	{ NULL, 0, NULL },
};

static unsigned int type_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return WANT_STRING;
	case JSON_INTEGER:
	case JSON_REAL:
		return WANT_NUMBER;
	case JSON_NULL:
		return WANT_NULL;
	case JSON_TRUE:
	case JSON_FALSE:
		return WANT_BOOL;
	case JSON_OBJECT:
		return WANT_OBJECT;
	default:
		return 0;
	}
}

static int check_wants(const json_t *object, const char *where,
		       const struct want *want, struct problem *problem)
{
	for (; want->key; want++) {
		const json_t *value = json_object_get(object, want->key);

		if (!value)
			return problem_set(problem, "%s%s is missing", where,
					   want->key);
		if (!(type_of(value) & want->types))
			return problem_set(problem, "%s%s has the wrong type",
					   where, want->key);
		if (json_is_number(value) && !is_measure(value))
			return problem_set(problem, "%s%s is below 0 or too large",
					   where, want->key);
		if (want->values && !is_one_of(json_string_value(value), want->values))
			return problem_set(problem, "%s%s: %s is not known", where,
					   want->key, json_string_value(value));
	}
	return 0;
}

/*
 * What only some cells have. Of a sweep's own cells the host is at hand, which
 * can prove them: none of them is unproven.
 */
static int check_proven(const json_t *cell, struct problem *problem)
{
	const json_t *proven = json_object_get(cell, "proven");
	const json_t *unproven = json_object_get(cell, "unproven");
	const json_t *imported = json_object_get(cell, "imported");

	if (proven && !json_is_boolean(proven))
		return problem_set(problem, "proven has the wrong type");
	if (imported && (!json_is_string(imported) ||
			 !machine_name_ok(json_string_value(imported))))
		return problem_set(problem, "imported is not a name");
	if (unproven && !json_string_length(unproven))
		return problem_set(problem, "unproven is not a reason");
	if (json_is_false(proven) != !!unproven)
		return problem_set(problem, "proven and unproven contradict each other");
	if (unproven && !imported)
		return problem_set(problem, "unproven, but not imported");
	return 0;
}

/* A place in an object or a list, before what is below it. */
static char *path_of(const char *at, char *below)
{
	char *path = xasprintf("%s%s%s", at, *below && *below != '[' ? "." : "", below);

	free(below);
	return path;
}

/* Where in a value a text has a control character; NULL: nowhere; free() it. */
static char *find_control(json_t *value)
{
	char *below, number[32];
	const char *key;
	json_t *one;
	size_t i;

	if (json_is_string(value) && !is_plain(json_string_value(value)))
		return xstrdup("");
	json_array_foreach(value, i, one) {
		below = find_control(one);
		snprintf(number, sizeof(number), "[%zu]", i);
		if (below)
			return path_of(number, below);
	}
	json_object_foreach(value, key, one) {
		below = is_plain(key) ? find_control(one) : xstrdup("");
		if (below)
			return path_of(key, below);
	}
	return NULL;
}

/**
 * texts_validate - can all texts of an object be shown as they are?
 * @object: the object
 * @where: what comes before its keys in the message
 * @problem: receives the first text that cannot
 *
 * They become words of tables and of KTAP, and reach a terminal. The environment
 * of a cell is left out: a machine's own texts, which are only copied.
 *
 * Return: 0 or -EINVAL.
 */
int texts_validate(json_t *object, const char *where, struct problem *problem)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		char *below;

		if (!strcmp(key, "environment"))
			continue;
		below = is_plain(key) ? find_control(value) : xstrdup("");
		if (!below)
			continue;
		below = path_of(key, below);
		problem_set(problem, "%s%s: a control character in it", where, below);
		free(below);
		return -EINVAL;
	}
	return 0;
}

/* Sweeps are named after what tells them apart, and their folders are, too. */
static int check_names(const json_t *cell, struct problem *problem)
{
	static const char *const parts[] = { "workload", "params" };
	const char *id = json_text_of(cell, "id"), *key;
	const char *flavour = json_text_of(cell, "kernel_flavour");
	json_t *value;
	size_t i;

	if (!is_file_name(id))
		return problem_set(problem, "id: %s does not name a cell's folder", id);
	if (!is_file_name(flavour))
		return problem_set(problem,
				   "kernel_flavour: %s cannot be part of a folder's name",
				   flavour);
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		json_object_foreach(json_object_get(cell, parts[i]), key, value) {
			/* a list of CPUs names none: 0-31:1/2 is one */
			if (!json_is_string(value) || !strcmp(key, "cpus") ||
			    !strchr(json_string_value(value), '/'))
				continue;
			return problem_set(problem,
					   "%s.%s: %s cannot be part of a folder's name",
					   parts[i], key, json_string_value(value));
		}
	}
	return 0;
}

static int check_params(const json_t *cell, struct problem *problem)
{
	json_t *params = json_object_get(cell, "params"), *value;
	const char *name;

	if (params && !json_is_object(params))
		return problem_set(problem, "params has the wrong type");
	json_object_foreach(params, name, value)
		if (!json_is_string(value) && !json_is_integer(value))
			return problem_set(problem, "params.%s has the wrong type",
					   name);
	return 0;
}

static int check_clock(const json_t *cell, struct problem *problem)
{
	const bool insns = !strcmp(json_text_of(cell, "clock"), "instructions");
	const json_t *rate = json_object_get(cell, "instructions_per_us");
	const json_int_t value = json_integer_value(rate);

	if (insns && (value < 1 || value > RTLAT_MAX_INSNS_PER_US))
		return problem_set(problem,
				   "instructions_per_us is not a number in the range 1..%d",
				   RTLAT_MAX_INSNS_PER_US);
	if (!insns && !json_is_null(rate))
		return problem_set(problem,
				   "instructions_per_us: only with clock instructions, not with %s",
				   json_text_of(cell, "clock"));
	return 0;
}

/**
 * cell_validate - does an object obey the schema of a cell?
 * @cell: the object
 * @problem: receives the first thing that does not
 *
 * Return: 0 or -EINVAL.
 */
int cell_validate(json_t *cell, struct problem *problem)
{
	const char *status, *name;
	json_t *metrics, *metric, *tasks;

	if (!json_is_object(cell))
		return problem_set(problem, "not a JSON object");
	if (texts_validate(cell, "", problem) ||
	    check_wants(cell, "", cell_wants, problem) ||
	    check_wants(json_object_get(cell, "workload"), "workload.",
			workload_wants, problem) ||
	    check_names(cell, problem) || check_params(cell, problem) ||
	    check_clock(cell, problem) || settings_validate(cell, problem) ||
	    check_proven(cell, problem))
		return -EINVAL;
	tasks = json_object_get(cell, "tasks");
	if (json_is_object(tasks) &&
	    check_wants(tasks, "tasks.", tasks_wants, problem))
		return -EINVAL;
	status = json_string_value(json_object_get(cell, "status"));
	metrics = json_object_get(cell, "metrics");
	if (strcmp(status, "ok") &&
	    !json_string_length(json_object_get(cell, "reason")))
		return problem_set(problem, "status %s without a reason", status);
	if (!strcmp(status, "ok") && !json_object_size(metrics))
		return problem_set(problem, "status ok without metrics");
	json_object_foreach(metrics, name, metric)
		if (metric_validate(name, metric, !strcmp(status, "ok"), problem))
			return -EINVAL;
	return 0;
}

/**
 * summary_validate - does an object obey the schema of summary.json?
 * @summary: the object
 * @problem: receives the first thing that does not
 *
 * Return: 0 or -EINVAL.
 */
int summary_validate(const json_t *summary, struct problem *problem)
{
	const char *schema = json_string_value(json_object_get(summary, "schema"));
	const json_t *cells = json_object_get(summary, "cells");
	json_t *ids, *cell;
	int ret = 0;
	size_t i;

	if (!schema || strcmp(schema, RTLAT_SCHEMA))
		return problem_set(problem, "schema is %s, not " RTLAT_SCHEMA,
				   schema ? schema : "missing");
	if (!json_is_array(cells))
		return problem_set(problem, "cells is not an array");
	if (!json_array_size(cells))
		return problem_set(problem, "cells is empty");
	ids = json_object();
	json_array_foreach(cells, i, cell) {
		const char *id = json_text_of(cell, "id");
		struct problem one = { "" };

		if (cell_validate(cell, &one))
			ret = problem_set(problem, "cells[%zu], %s: %s", i, id, one.text);
		else if (json_object_get(ids, id))
			ret = problem_set(problem, "cells[%zu], %s: a second cell of this id",
					  i, id);
		if (ret)
			break;
		json_object_set_new(ids, id, json_true());
	}
	json_decref(ids);
	return ret;
}
