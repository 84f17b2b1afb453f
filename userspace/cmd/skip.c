// SPDX-License-Identifier: GPL-2.0
/* rtlat skip: the cell of a run that could not be made. */

#include <stdlib.h>

#include "base/outdir.h"
#include "cmd/options.h"
#include "results/cell-folder.h"
#include "rtlat.h"

enum {
	OPT_REASON = 0x100,
	OPT_FAIL,
};

static const struct argp_option options[] = {
	{ "reason", OPT_REASON, "TEXT", 0, "why there is no run; required", 0 },
	{ "fail", OPT_FAIL, NULL, 0, "the cell failed; it was not just skipped",
	  0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

struct arguments {
	struct cell_options cell;
	const char *reason;
	bool fail;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->cell;
		return 0;
	case OPT_REASON:
		args->reason = arg;
		return 0;
	case OPT_FAIL:
		args->fail = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {
	{ &cell_argp, 0, NULL, 0 },
	{ NULL, 0, NULL, 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "NAME=VALUE...",
	.doc = "Write the folder of a cell that could not be run, with the reason and the\n"
	       "workload it would have had.",
	.children = children,
};

int cmd_skip(int argc, char **argv)
{
	struct cell_outcome outcome = { .status = "skip" };
	struct arguments args;
	struct outdir out;
	json_t *json;
	char *text;
	int ret;

	memset(&args, 0, sizeof(args));
	cell_options_default(&args.cell);
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (cell_options_finish(&args.cell, true))
		return RTLAT_EXIT_ERROR;
	if (!args.reason || !*args.reason) {
		complain("--reason TEXT is missing: a skip needs its reason");
		return RTLAT_EXIT_ERROR;
	}
	if (!is_plain(args.reason)) {
		complain("--reason %s: a control character in it", args.reason);
		return RTLAT_EXIT_ERROR;
	}
	if (args.fail)
		outcome.status = "fail";
	outcome.reason = args.reason;
	ret = cell_folder_open(&out, args.cell.out);
	if (ret)
		goto out;
	json = cell_json(out.name, &args.cell.about, &args.cell.config,
			 &outcome);
	text = json_text(json);
	json_decref(json);
	ret = outdir_write(&out, "summary.json", text);
	free(text);
	if (!ret)
		ret = outdir_commit(&out);
out:
	outdir_close(&out);
	return ret ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
