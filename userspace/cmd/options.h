/* SPDX-License-Identifier: GPL-2.0 */
/* Options that several sub-commands share. */
#ifndef RTLAT_OPTIONS_H
#define RTLAT_OPTIONS_H

#include <argp.h>

#include "results/cell.h"

/**
 * struct cell_options - what describes a cell on the command line
 * @out: its folder, or NULL
 * @about: platform, clock, ...
 * @config: the module's parameters
 * @problem: first bad word
 */
struct cell_options {
	const char *out;
	struct cell_about about;
	struct rtlat_config config;
	struct problem problem;
};

extern const struct argp cell_argp;

void cell_options_default(struct cell_options *options);
int cell_options_finish(struct cell_options *options, bool need_out);
__attribute__((noreturn))
void refuse_argument(const char *command, const char *arg);
error_t one_argument(int key, char *arg, struct argp_state *state,
		     const char **where, const char *missing);
u64 need_number(const struct argp_state *state, const char *option,
		const char *text, u64 min, u64 max);

#endif /* RTLAT_OPTIONS_H */
