// SPDX-License-Identifier: GPL-2.0
/* rtlat: what virtualisation costs each step of releasing a real-time job. */

#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "rtlat.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "run", cmd_run, "run the module once and write the cell's folder" },
	{ "record", cmd_record, "record rtlat's trace events into a trace.dat" },
	{ "report", cmd_report, "figures of a trace.dat, held against the module's own" },
	{ "recount", cmd_recount, "count a run again from the kernel's own events" },
	{ "skip", cmd_skip, "write the folder of a cell that could not be run" },
	{ "proof", cmd_proof, "what a platform really was: make a proof, or judge one" },
	{ "collect", cmd_collect, "join the cells of a results folder into one summary.json" },
	{ "import", cmd_import, "put cells that were made elsewhere into a results folder" },
	{ "show", cmd_show, "all of one cell: statistics, and the ten largest samples" },
	{ "compare", cmd_compare, "platforms side by side, and what each step costs on them" },
	{ "figures", cmd_figures, "draw the figures of a results folder with gnuplot" },
	{ "findings", cmd_findings, "do the paper's findings hold in these results?" },
	{ "taskset", cmd_taskset, "print, save and check task sets" },
	{ "doctor", cmd_doctor, "what on this machine spoils a measurement, and what mends it" },
	{ "load", cmd_load, "thrash caches and memory in the background" },
	{ "tick", cmd_tick, "wake up periodically, for timers of guests that are to be posted" },
	{ "task", cmd_task, "be a task of a run whose tasks are processes" },
	{ "tune", cmd_tune, "change the machine's state so that it can be put back" },
	{ "restore", cmd_restore, "put back what tune has changed" },
	{ "matrix", cmd_matrix, "check a matrix file and print its cells" },
	{ "params", cmd_params, "the module's parameters" },
};

static void print_help(void)
{
	size_t i;

	printf("Usage: rtlat COMMAND [ARGUMENT...]\n"
	       "What virtualisation costs each step of releasing and scheduling a real-time job.\n\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].help);
	printf("\n  --help     this text; 'rtlat COMMAND --help' tells of one command\n"
	       "  --version  version, and the ABI of the module that goes with it\n\n"
	       "Exit status: 0 fine, 1 error, 2 the answer is no (doctor, findings, recount).\n");
}

/* Return: @ret, or an error when what was printed did not get to where it should. */
static int output_done(int ret)
{
	const bool before = ferror(stdout);

	if (fflush(stdout))
		complain("cannot write the output: %s", strerror(errno));
	else if (before)
		/* its reason is long gone */
		complain("cannot write the output");
	else
		return ret;
	return RTLAT_EXIT_ERROR;
}

int main(int argc, char **argv)
{
	char *name;
	size_t i;
	int ret;

	argp_err_exit_status = RTLAT_EXIT_ERROR;
	if (argc < 2) {
		complain("no command given; rtlat --help lists them");
		return RTLAT_EXIT_ERROR;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		print_help();
		return output_done(RTLAT_EXIT_OK);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("rtlat %s (ABI %s)\n", RTLAT_VERSION, RTLAT_ABI_STR);
		return output_done(RTLAT_EXIT_OK);
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		/* for argp, which calls the program by argv[0] */
		name = xasprintf("rtlat %s", argv[1]);
		argv[1] = name;
		ret = commands[i].run(argc - 1, argv + 1);
		free(name);
		return output_done(ret);
	}
	complain("%s: no such command; rtlat --help lists them", argv[1]);
	return RTLAT_EXIT_ERROR;
}
