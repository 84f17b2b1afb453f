// SPDX-License-Identifier: GPL-2.0
/* rtlat collect: the cells of a results folder, joined. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/options.h"
#include "doctor/doctor.h"
#include "proof/platform.h"
#include "proof/proof.h"
#include "results/cell.h"
#include "results/change.h"
#include "results/results.h"
#include "rtlat.h"
#include "run/facts.h"

struct arguments {
	const char *results;
	const char *host;
};

static const struct argp_option options[] = {
	{ "host", 'H', "KIND", 0,
	  "host on which the cells ran: emulated, bochs or this (default: this)",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'H':
		args->host = arg;
		return 0;
	}
	return one_argument(key, arg, state, &args->results, "RESULTS");
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RESULTS",
	.doc = "Check the summary.json and proof of every cell in the folder RESULTS and\n"
	       "write RESULTS/summary.json and RESULTS/manifest.json. A cell whose proof does\n"
	       "not hold has failed, and has no numbers in them; then the exit status is 1.\n"
	       "\vA bad cell, or a bad RESULTS/doctor.json, is named with file, line and reason;\n"
	       "then nothing is written.\n"
	       "RTLAT_GIT and RTLAT_KERNEL_CONFIG_HASH from the environment go into the\n"
	       "manifest.",
};

/* The host is described by the first cell that ran on it natively. */
static json_t *host_json(const json_t *cells, const char *kind)
{
	json_t *host = json_object();
	size_t i;

	json_object_set_new(host, "kind", json_string(kind));
	for (i = 0; i < json_array_size(cells); i++) {
		json_t *cell = json_array_get(cells, i);
		json_t *environment = json_object_get(cell, "environment");

		if (strcmp(json_string_value(json_object_get(cell, "platform")),
			   "native") || cell_imported(cell) ||
		    !json_object_size(environment))
			continue;
		json_object_update_missing(host, environment);
		break;
	}
	return host;
}

/* A cell that is not what it claims is no result, whoever let it pass. */
static unsigned int judge(json_t *cells)
{
	unsigned int failed = 0;
	json_t *cell;
	size_t i;

	json_array_foreach(cells, i, cell) {
		struct problem problem = { "" };

		if (!proof_judge_cell(cell, &problem))
			continue;
		complain("%s: %s", json_string_value(json_object_get(cell, "id")),
			 problem.text);
		failed++;
	}
	return failed;
}

static json_t *env_json(const char *name)
{
	const char *value = getenv(name);

	return json_string_or_null(value);
}

/*
 * What would spoil a measurement: as it was found before, when somebody has asked
 * rtlat doctor --json, or here and now; SMIs take time to count.
 */
static json_t *doctor_json(const char *results, struct problem *problem)
{
	char *path = xasprintf("%s/doctor.json", results);
	const bool asked = !access(path, F_OK) || errno != ENOENT;
	json_t *before = asked ? json_read(path, problem) : NULL;
	struct problem one = { "" };
	json_t *checks = NULL;
	struct machine machine;

	if (before && doctor_validate(before, &one))
		problem_set(problem, "%s: %s", path, one.text);
	else if (before)
		checks = json_incref(json_object_get(before, "checks"));
	json_decref(before);
	free(path);
	/* the machine of now is not that of then */
	if (asked)
		return checks;
	if (machine_read(&machine, "", NULL, 0, NULL))
		checks = json_null();
	else
		checks = doctor_examine(&machine);
	machine_free(&machine);
	return checks;
}

static json_t *manifest_json(const json_t *cells, json_t *host, json_t *doctor)
{
	json_t *manifest = json_object();
	json_t *list = json_array();
	char created[32] = "";
	time_t now = time(NULL);
	struct tm utc;
	size_t i;

	if (gmtime_r(&now, &utc))
		strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ", &utc);
	for (i = 0; i < json_array_size(cells); i++)
		json_array_append_new(list,
				      results_manifest_cell(json_array_get(cells, i)));
	json_object_set_new(manifest, "schema", json_string(RTLAT_MANIFEST_SCHEMA));
	json_object_set_new(manifest, "created", json_string(created));
	json_object_set_new(manifest, "rtlat_version", json_string(RTLAT_VERSION));
	json_object_set_new(manifest, "rtlat_abi", json_integer(RTLAT_ABI));
	json_object_set_new(manifest, "git", env_json("RTLAT_GIT"));
	json_object_set_new(manifest, "kernel_config_hash",
			    env_json("RTLAT_KERNEL_CONFIG_HASH"));
	json_object_set(manifest, "host", host);
	json_object_set_new(manifest, "collected_on", facts_collect());
	json_object_set_new(manifest, "doctor", doctor);
	json_object_set_new(manifest, "cells", list);
	return manifest;
}

static int collect(struct results_change *change, const char *kind)
{
	const char *results = change->results;
	struct problem problem = { "" };
	json_t *cells, *host, *doctor, *summary, *manifest;
	unsigned int failed;
	int ret;

	cells = results_cells(results, &problem);
	if (!cells) {
		complain("%s", problem.text);
		return -EINVAL;
	}
	doctor = doctor_json(results, &problem);
	if (!doctor) {
		complain("%s", problem.text);
		json_decref(cells);
		return -EINVAL;
	}
	failed = judge(cells);
	host = host_json(cells, kind);
	manifest = manifest_json(cells, host, doctor);
	summary = json_object();
	json_object_set_new(summary, "schema", json_string(RTLAT_SCHEMA));
	json_object_set_new(summary, "host", host);
	json_object_set_new(summary, "cells", cells);
	ret = results_change_write(change, "manifest.json", manifest);
	if (!ret)
		ret = results_change_write(change, "summary.json", summary);
	if (!ret)
		ret = results_change_stopped(change);
	if (!ret)
		ret = results_change_commit(change);
	json_decref(summary);
	json_decref(manifest);
	return ret || failed ? -EINVAL : 0;
}

int cmd_collect(int argc, char **argv)
{
	struct arguments args = { .host = "this" };
	struct results_change change;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (strcmp(args.host, "emulated") && strcmp(args.host, "bochs") &&
	    strcmp(args.host, "this")) {
		complain("--host %s: not one of emulated|bochs|this", args.host);
		return RTLAT_EXIT_ERROR;
	}
	catch_stop_signals();
	ret = results_change_begin(&change, args.results);
	if (!ret)
		ret = collect(&change, args.host);
	results_change_end(&change);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
