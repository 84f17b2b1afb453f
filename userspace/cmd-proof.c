// SPDX-License-Identifier: GPL-2.0
/* rtlat proof: what a platform really was. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "proof.h"
#include "results.h"
#include "rtlat.h"

enum {
	OPT_EXITLESS = 0x100,
};

struct arguments {
	const char *verb;
	const char *path;
	const char *platform;
	bool exitless;
};

static const struct argp_option options[] = {
	{ "platform", 'P', "NAME", 0,
	  "check: what is claimed: native, kvm or kvm-pi", 0 },
	{ "exitless", OPT_EXITLESS, NULL, 0,
	  "check: claimed as well: interrupts without VM exits", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'P':
		args->platform = arg;
		return 0;
	case OPT_EXITLESS:
		args->exitless = true;
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
	.args_doc = "make SNAPSHOT\ncheck --platform NAME [--exitless] FILE",
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

static int check(const struct arguments *args, struct problem *problem)
{
	char *text = read_text(args->path, NULL);
	json_t *proof;
	int ret;

	if (!text)
		return problem_set(problem, "cannot read %s: %s", args->path,
				   strerror(errno));
	proof = proof_parse(args->path, text, problem);
	ret = proof ? proof_judge(proof, args->platform, args->exitless, problem) :
		      -EINVAL;
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
		if (args.platform || args.exitless)
			ret = problem_set(&problem,
					  "--platform, --exitless: only with check");
		else
			ret = make(args.path, &problem);
	} else if (strcmp(args.verb, "check")) {
		ret = problem_set(&problem, "%s: neither make nor check", args.verb);
	} else if (!args.platform || !is_one_of(args.platform, platform_names)) {
		ret = problem_set(&problem,
				  "--platform %s: not one of native|kvm|kvm-pi",
				  args.platform ? args.platform : "is missing");
	} else {
		ret = check(&args, &problem);
	}
	if (!ret)
		return RTLAT_EXIT_OK;
	complain("%s", problem.text);
	return RTLAT_EXIT_ERROR;
}
