// SPDX-License-Identifier: GPL-2.0
/* rtlat tune and rtlat restore: change the machine's state, put it back. */

#include <limits.h>
#include <stdlib.h>

#include "cmd/options.h"
#include "rtlat.h"
#include "tune/tune.h"

enum {
	OPT_JOURNAL = 0x100,
	OPT_RELOAD_KVM,
	OPT_RESTORE_FIRST,
	OPT_OWNER,
	OPT_ROOT,
};

struct arguments {
	const char *journal;
	const char *root;
	pid_t owner;
	bool restore_first;
	bool reload_kvm;
	struct changes changes;
	char **command;
	struct problem problem;
};

#define COMMON_OPTIONS \
	{ "journal", OPT_JOURNAL, "FILE", 0, \
	  "where it is kept what to put back (default: " JOURNAL_DEFAULT ")", 0 }, \
	{ "owner", OPT_OWNER, "PID", 0, \
	  "process that the changes are for: while it runs, only it has them put back", \
	  0 }, \
	{ "root", OPT_ROOT, "DIR", OPTION_HIDDEN, "where /sys and /proc are", 0 }

static const struct argp_option tune_options[] = {
	COMMON_OPTIONS,
	{ "reload-kvm", OPT_RELOAD_KVM, NULL, 0,
	  "KVM's modules may be unloaded and loaded again, when no VM runs", 0 },
	{ "restore-first", OPT_RESTORE_FIRST, NULL, 0,
	  "put back what a run before has left, and go on", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static const struct argp_option restore_options[] = {
	COMMON_OPTIONS,
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case OPT_JOURNAL:
		args->journal = arg;
		return 0;
	case OPT_OWNER:
		args->owner = (pid_t)need_number(state, "--owner", arg, 1,
						 INT_MAX);
		return 0;
	case OPT_ROOT:
		args->root = arg;
		return 0;
	case OPT_RELOAD_KVM:
		args->reload_kvm = true;
		return 0;
	case OPT_RESTORE_FIRST:
		args->restore_first = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse_tune(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	if (key != ARGP_KEY_ARG)
		return parse(key, arg, state);
	change_parse(&args->changes, arg, &args->problem);
	return 0;
}

static error_t parse_restore(int key, char *arg, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return parse(key, arg, state);
	refuse_argument("restore", arg);
}

static const struct argp tune_argp = {
	.options = tune_options,
	.parser = parse_tune,
	.args_doc = "CHANGE... [-- COMMAND [ARGUMENT...]]",
	.doc = "Change the state of this machine, so that it can be put back: by 'rtlat restore',\n"
	       "also after a crash, or with COMMAND as soon as that has ended.\n"
	       "\vA CHANGE is one of\n\n"
	       "  file:PATH=VALUE                 a file below /sys or /proc\n"
	       "  module:NAME PARAMETER=VALUE...  kvm, kvm_intel or kvm_amd, loaded again\n"
	       "  affinity:PID=CPUS               the CPUs that a process may run on\n\n"
	       "All are made, or none. Exit status: 77 when this machine is not able to: then the\n"
	       "reason is the last line of the output; with COMMAND else that of COMMAND.",
};

static const struct argp restore_argp = {
	.options = restore_options,
	.parser = parse_restore,
	.doc = "Put back what 'rtlat tune' has changed, the last change first, and say so.",
};

static void prepare(struct tune *tune, const struct arguments *args)
{
	memset(tune, 0, sizeof(*tune));
	tune->machine.root = args->root ? args->root : "";
	tune->machine.say = args->command ? stderr : stdout;
	tune->machine.lock = -1;
	tune->machine.reload_kvm = args->reload_kvm;
	tune->file.lock = -1;
	tune->owner = args->owner;
}

static int open_journal(struct tune *tune, const struct arguments *args)
{
	char *path = args->journal ? xstrdup(args->journal) :
		     xasprintf("%s" JOURNAL_DEFAULT, tune->machine.root);
	int ret = tune_open(tune, path);

	free(path);
	return ret;
}

/* What a run before has left. */
static int clear(struct tune *tune, bool restore)
{
	if (tune->journal.changes.nr == tune->kept)
		return 0;
	if (restore)
		return tune_restore(tune, 0);
	complain("%s: what a run before has changed is not put back yet (%zu): %s",
		 tune->file.path, tune->journal.changes.nr,
		 "'rtlat restore' does, or --restore-first");
	return -EEXIST;
}

static int make(struct tune *tune, struct changes *changes)
{
	struct problem problem = { "" };

	switch (tune_make(tune, changes, command_stop_wanted, &problem)) {
	case 0:
		return RTLAT_EXIT_OK;
	case -EINTR:
		return command_stop_status();
	case -EOPNOTSUPP:
		printf("%s\n", problem.text);
		return RTLAT_EXIT_SKIP;
	}
	complain("%s", problem.text);
	return RTLAT_EXIT_ERROR;
}

int cmd_tune(int argc, char **argv)
{
	struct arguments args;
	struct tune tune;
	int status, at;

	memset(&args, 0, sizeof(args));
	for (at = 1; at < argc && strcmp(argv[at], "--"); at++)
		;
	if (at < argc)
		args.command = &argv[at + 1];
	argp_parse(&tune_argp, at, argv, 0, NULL, &args);
	if (args.command && !*args.command)
		problem_set(&args.problem, "no command behind --");
	if (!args.problem.text[0])
		changes_finish(&args.changes, &args.problem);
	if (args.problem.text[0]) {
		complain("%s", args.problem.text);
		changes_free(&args.changes);
		return RTLAT_EXIT_ERROR;
	}
	command_catch_signals();
	prepare(&tune, &args);
	status = open_journal(&tune, &args) || clear(&tune, args.restore_first) ?
		 RTLAT_EXIT_ERROR : make(&tune, &args.changes);
	if (!status && args.command) {
		status = command_run(args.command);
		if (tune_restore(&tune, tune.kept) && !status)
			status = RTLAT_EXIT_ERROR;
	}
	tune_close(&tune);
	changes_free(&args.changes);
	return status;
}

int cmd_restore(int argc, char **argv)
{
	struct arguments args;
	struct tune tune;
	int ret;

	memset(&args, 0, sizeof(args));
	argp_parse(&restore_argp, argc, argv, 0, NULL, &args);
	command_catch_signals();
	prepare(&tune, &args);
	ret = open_journal(&tune, &args);
	if (!ret && !tune.journal.changes.nr)
		printf("%s: nothing to put back\n", tune.file.path);
	if (!ret)
		ret = tune_restore(&tune, 0);
	tune_close(&tune);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
