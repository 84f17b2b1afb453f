// SPDX-License-Identifier: GPL-2.0
/* rtlat proof: what a platform really was. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof/platform.h"
#include "proof/proof.h"
#include "proof/settings.h"
#include "results/results.h"
#include "rtlat.h"

enum {
	OPT_EXITLESS = 0x100,
};

struct arguments {
	const char *verb;
	const char *path;
	const char *platform;
	bool exitless;
	const char *setting[NR_SETTINGS];
	bool settings;
};

static const struct argp_option options[] = {
	{ "platform", 'P', "NAME", 0,
	  "check: what is claimed: native, kvm or kvm-pi", 0 },
	{ "exitless", OPT_EXITLESS, NULL, 0,
	  "check: claimed as well: interrupts without VM exits", 0 },
	{ "setting", 's', "NAME=VALUE", 0,
	  "check: how the guest was run (docs/matrix.md), repeatable", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;
	struct problem problem = { "" };

	switch (key) {
	case 'P':
		args->platform = arg;
		return 0;
	case OPT_EXITLESS:
		args->exitless = true;
		return 0;
	case 's':
		args->settings = true;
		if (settings_set(args->setting, arg, &problem))
			argp_error(state, "--setting %s", problem.text);
		return 0;
	case ARGP_KEY_ARG:
		if (!args->verb)
			args->verb = arg;
		else if (!args->path)
			args->path = arg;
		else
			argp_error(state, "too many arguments: %s", arg);
		return 0;
	case ARGP_KEY_END:
		if (!args->verb || !args->path)
			argp_error(state, "make SNAPSHOT or check FILE is missing");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "make SNAPSHOT\n"
		    "check --platform NAME [--exitless] [--setting NAME=VALUE]... FILE",
	.doc = "make: print the proof of a platform, key=value lines, from the folder SNAPSHOT\n"
	       "with copies of what host and guest said of themselves.\n"
	       "check: does the proof FILE show the platform that is claimed? One line says\n"
	       "why not.\n"
	       "\vdocs/proof.md says what the folder holds, and what each key means.\n\n"
	       "Exit status: 0 made, or it holds; 1 it does not hold, or a file cannot be read.",
};

static int make(const char *path, struct problem *problem)
{
	struct proof_snapshot snapshot;
	json_t *proof = NULL;
	char *text;

	if (!proof_snapshot_read(&snapshot, path, problem))
		proof = proof_make(&snapshot, problem);
	proof_snapshot_free(&snapshot);
	if (!proof)
		return -EINVAL;
	text = proof_text(proof);
	fputs(text, stdout);
	free(text);
	json_decref(proof);
	return 0;
}

/* What a platform cannot have is not shown by any proof of it. */
static int claims_check(const struct arguments *args, struct problem *problem)
{
	if (!args->platform || !is_one_of(args->platform, platform_names))
		return problem_set(problem, "--platform %s: not one of native|kvm|kvm-pi",
				   args->platform ? args->platform : "is missing");
	if (args->exitless && strcmp(args->platform, "kvm-pi"))
		return problem_set(problem,
				   "--exitless: contradicts --platform %s, where nothing is posted",
				   args->platform);
	return settings_check(args->setting, args->platform, problem);
}

static int check(const struct arguments *args, struct problem *problem)
{
	const char *timer = args->setting[SETTING_TIMER];
	char *text = read_lines(args->path, problem);
	json_t *proof, *given;
	int ret;

	if (!text)
		return -EINVAL;
	proof = proof_parse(args->path, text, problem);
	ret = proof ? proof_judge(proof, args->platform, args->exitless, problem) :
		      -EINVAL;
	if (!ret && strcmp(args->platform, "native")) {
		given = settings_json(args->setting);
		ret = proof_check_settings(given, timer && !strcmp(timer, "posted"),
					   proof, problem);
		json_decref(given);
	}
	json_decref(proof);
	free(text);
	return ret;
}

int cmd_proof(int argc, char **argv)
{
	struct arguments args = { .verb = NULL };
	struct problem problem = { "" };
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!strcmp(args.verb, "make")) {
		if (args.platform || args.exitless || args.settings)
			ret = problem_set(&problem,
					  "--platform, --exitless, --setting: only with check");
		else
			ret = make(args.path, &problem);
	} else if (strcmp(args.verb, "check")) {
		ret = problem_set(&problem, "%s: neither make nor check", args.verb);
	} else {
		ret = claims_check(&args, &problem);
		if (!ret)
			ret = check(&args, &problem);
	}
	if (!ret)
		return RTLAT_EXIT_OK;
	complain("%s", problem.text);
	return RTLAT_EXIT_ERROR;
}
