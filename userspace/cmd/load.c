// SPDX-License-Identifier: GPL-2.0
/* rtlat load: background load until interrupted. */

#include <stdlib.h>

#include "cmd/options.h"
#include "rtlat.h"
#include "run/load.h"

enum {
	OPT_CPUS = 0x100,
	OPT_BYTES,
};

struct arguments {
	const char *cpus;
	u64 bytes;
};

static const struct argp_option options[] = {
	{ "cpus", OPT_CPUS, "LIST", 0, "CPUs to load (default: all online)", 0 },
	{ "bytes", OPT_BYTES, "N", 0,
	  "array of each process, a power of two (default: at least twice the last-level cache, all of them at most a quarter of the memory)",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case OPT_CPUS:
		args->cpus = arg;
		return 0;
	case OPT_BYTES:
		args->bytes = need_number(state, "--bytes", arg, 4096, 1ULL << 40);
		if (args->bytes & (args->bytes - 1)) {
			complain("--bytes %s: not a power of two", arg);
			exit(RTLAT_EXIT_ERROR);
		}
		return 0;
	case ARGP_KEY_ARG:
		refuse_argument("load", arg);
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Thrash caches and memory on every CPU, at the lowest priority, until\n"
	       "interrupted: the load of 'rtlat run --load', on its own.",
};

int cmd_load(int argc, char **argv)
{
	struct arguments args = { .cpus = "" };
	struct load load;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	catch_stop_signals();
	ret = load_start(&load, args.cpus, args.bytes);
	if (!ret) {
		load_print(&load);
		while (!stop_wanted())
			sleep_ms(1000);
		ret = load_stop(&load);
	}
	load_free(&load);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
