// SPDX-License-Identifier: GPL-2.0
/* rtlat doctor: what on this machine spoils a measurement, and what mends it. */

#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "doctor/doctor.h"
#include "results/cell.h"
#include "rtlat.h"

/* An hour of SMIs tells what there is to tell. */
#define MAX_SMI_SECONDS	3600

enum {
	OPT_CPUS = 0x100,
	OPT_ROOT,
	OPT_SMI_SECONDS,
	OPT_LIST,
};

struct arguments {
	const char *cpus;
	const char *root;
	unsigned int smi_seconds;
	bool json;
	bool list;
};

static const struct argp_option options[] = {
	{ "cpus", OPT_CPUS, "LIST", 0,
	  "CPUs that will measure (default: the isolated ones; without any, all but the first)",
	  0 },
	{ "json", 'j', NULL, 0, "print JSON instead of text", 0 },
	{ "list", OPT_LIST, NULL, 0, "print what is looked at, and look at nothing", 0 },
	{ "root", OPT_ROOT, "DIR", 0,
	  "look at the machine whose /proc, /sys and /dev are below DIR", 0 },
	{ "smi-seconds", OPT_SMI_SECONDS, "N", 0,
	  "count SMIs for so long; 0: do not (default: 5)", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case OPT_CPUS:
		args->cpus = arg;
		return 0;
	case 'j':
		args->json = true;
		return 0;
	case OPT_LIST:
		args->list = true;
		return 0;
	case OPT_ROOT:
		args->root = arg;
		return 0;
	case OPT_SMI_SECONDS:
		args->smi_seconds = (unsigned int)
			need_number(state, "--smi-seconds", arg, 0,
				    MAX_SMI_SECONDS);
		return 0;
	case ARGP_KEY_ARG:
		refuse_argument("doctor", arg);
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "List what on this machine spoils a measurement of native against KVM guests,\n"
	       "why, and what mends it. Nothing is changed.\n"
	       "\vWhat cannot be read is unknown, with the reason. Exit status: 2 when something\n"
	       "was found that spoils or widens the times, 1 when nothing was but only root may\n"
	       "read all of it, else 0.",
};

static json_t *all_json(const json_t *checks, const struct machine *machine)
{
	char *cpus = cpulist_text(&machine->cpus);
	json_t *all = json_object();

	json_object_set_new(all, "schema", json_string(DOCTOR_SCHEMA));
	json_object_set_new(all, "cpus", json_string(cpus));
	json_object_set_new(all, "smi_seconds",
			    json_integer(machine->smi_seconds));
	json_object_set_new(all, "checks", json_deep_copy(checks));
	free(cpus);
	return all;
}

static void print_json(const json_t *checks, const struct machine *machine)
{
	json_t *all = all_json(checks, machine);
	char *text = json_text(all);

	fputs(text, stdout);
	free(text);
	json_decref(all);
}

static int verdict(const json_t *checks)
{
	if (doctor_count(checks, "found", "spoils") ||
	    doctor_count(checks, "found", "widens"))
		return RTLAT_EXIT_LIMIT;
	if (!doctor_denied(checks))
		return RTLAT_EXIT_OK;
	complain("nothing was found, but not everything could be read: run it as root");
	return RTLAT_EXIT_ERROR;
}

int cmd_doctor(int argc, char **argv)
{
	struct arguments args = {
		.root = "", .smi_seconds = DOCTOR_SMI_SECONDS,
	};
	struct problem problem = { "" };
	struct machine machine;
	json_t *checks;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (args.list) {
		doctor_list(stdout);
		return RTLAT_EXIT_OK;
	}
	if (machine_read(&machine, args.root, args.cpus, args.smi_seconds,
			 &problem)) {
		complain("%s", problem.text);
		machine_free(&machine);
		return RTLAT_EXIT_ERROR;
	}
	checks = doctor_examine(&machine);
	if (args.json)
		print_json(checks, &machine);
	else
		doctor_print(checks, &machine, stdout);
	ret = verdict(checks);
	json_decref(checks);
	machine_free(&machine);
	return ret;
}
