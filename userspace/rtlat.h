/* SPDX-License-Identifier: GPL-2.0 */
/* What all parts of the rtlat command share: exit codes, sub-commands. */
#ifndef RTLAT_TOOL_H
#define RTLAT_TOOL_H

#include <argp.h>

#include "module/pure.h"

#define RTLAT_SCHEMA		"rtlat-results/1"
#define RTLAT_MANIFEST_SCHEMA	"rtlat-manifest/1"

/* Instructions to the emulated microsecond, at most. */
#define RTLAT_MAX_INSNS_PER_US	1000000

/* Exit codes of the command; docs/interfaces.md. */
enum {
	RTLAT_EXIT_OK = 0,
	RTLAT_EXIT_ERROR = 1,
	RTLAT_EXIT_LIMIT = 2,
	RTLAT_EXIT_SKIP = 77,	/* of tune: this machine is not able to */
};

int cmd_collect(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_figures(int argc, char **argv);
int cmd_findings(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_tick(int argc, char **argv);
int cmd_matrix(int argc, char **argv);
int cmd_params(int argc, char **argv);
int cmd_proof(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_recount(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_skip(int argc, char **argv);
int cmd_task(int argc, char **argv);
int cmd_taskset(int argc, char **argv);
int cmd_tune(int argc, char **argv);

#endif /* RTLAT_TOOL_H */
