// SPDX-License-Identifier: GPL-2.0
/* rtlat import: cells that were made elsewhere, into a results folder. */

#include <stdlib.h>

#include "proof/platform.h"
#include "results/import.h"
#include "rtlat.h"

enum {
	OPT_REPLACE = 0x100,
};

static const struct argp_option options[] = {
	{ "name", 'n', "NAME", 0,
	  "of the machine that they are from (default: as it was called there)", 0 },
	{ "replace", OPT_REPLACE, NULL, 0,
	  "replace cells that were imported under the same name before", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct import_request *request = state->input;

	switch (key) {
	case 'n':
		request->name = arg;
		return 0;
	case OPT_REPLACE:
		request->replace = true;
		return 0;
	case ARGP_KEY_ARGS:
		request->cell = state->argv + state->next;
		request->nr = (size_t)(state->argc - state->next) - 1;
		request->results = request->cell[request->nr];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "CELL... RESULTS is missing");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "CELL... RESULTS",
	.doc = "Copy cells that 'rtlat run' made elsewhere, in a VM of your own for example,\n"
	       "into the folder RESULTS, as vm=NAME,CELL.\n"
	       "\vA VM does not know what KVM did: its cells are unproven, and whatever shows\n"
	       "them says so. A cell that contradicts what its machine told is refused; then\n"
	       "nothing is changed. What is in RESULTS/summary.json stays, and gets the cells.\n"
	       "'rtlat compare RESULTS' shows them beside the others.",
};

int cmd_import(int argc, char **argv)
{
	struct import_request request = { .results = NULL };

	argp_parse(&argp, argc, argv, 0, NULL, &request);
	if (request.name && !machine_name_ok(request.name)) {
		complain("--name %s: not 1 to %d letters, digits and ._-",
			 request.name, MACHINE_NAME_MAX);
		return RTLAT_EXIT_ERROR;
	}
	if (!request.nr) {
		complain("%s: no cell before it; CELL... RESULTS", request.results);
		return RTLAT_EXIT_ERROR;
	}
	return import_cells(&request) ? RTLAT_EXIT_ERROR : RTLAT_EXIT_OK;
}
