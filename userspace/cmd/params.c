// SPDX-License-Identifier: GPL-2.0
/* rtlat params: the table of parameters. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/table.h"
#include "module/params.h"
#include "rtlat.h"

static const struct argp_option options[] = {
	{ "markdown", 'm', NULL, 0, "as docs/parameters.md", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *markdown = state->input;

	(void)arg;
	if (key == 'm') {
		*markdown = true;
		return 0;
	}
	if (key == ARGP_KEY_ARG)
		argp_error(state, "too many arguments");
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Print the module's parameters: name, unit, modes, default, range.",
};

/* Modes in which the parameter may be given; free() the text. */
static char *modes_text(const struct rtlat_param_desc *desc)
{
	char *text = xstrdup("");
	unsigned int i;

	if (desc->modes == M_ALL)
		return text;
	for (i = 0; i < RTLAT_NR_MODES; i++) {
		char *more;

		if (!(desc->modes & 1U << i))
			continue;
		more = xasprintf("%s%s%s", text, *text ? "," : "",
				 rtlat_mode_names[i]);
		free(text);
		text = more;
	}
	return text;
}

/* Values that are accepted, between @open and @close; free() the text. */
static char *range_text(const struct rtlat_param_desc *desc, const char *or)
{
	char *text;
	u32 i;

	switch (desc->kind) {
	case RTLAT_KIND_NUM:
		return xasprintf("%" PRIu64 "..%" PRIu64, desc->min, desc->max);
	case RTLAT_KIND_LIST:
		return xasprintf("%" PRIu64 "..%" PRIu64 "[,...]", desc->min,
				 desc->max);
	case RTLAT_KIND_CPUS:
		return xstrdup("CPU list");
	case RTLAT_KIND_ENUM:
		break;
	}
	text = xstrdup("");
	for (i = 0; i < desc->nr_values; i++) {
		char *more = xasprintf("%s%s%s", text, i ? or : "",
				       desc->values[i]);

		free(text);
		text = more;
	}
	return text;
}

static void print_markdown(void)
{
	unsigned int i;

	printf("# Parameters\n\n"
	       "Made by `rtlat params --markdown` from `module/params.def`; do not edit.\n\n"
	       "| parameter | unit | modes | default | range | meaning |\n"
	       "|---|---|---|---|---|---|\n");
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		const struct rtlat_param_desc *desc = &rtlat_params[i];
		char *modes = modes_text(desc);
		char *range = range_text(desc, ", ");

		printf("| `%s` | %s | %s | %s%s%s | %s | %s |\n", desc->name,
		       desc->unit, *modes ? modes : "all",
		       *desc->def ? "`" : "", *desc->def ? desc->def : "empty",
		       *desc->def ? "`" : "", range, desc->help);
		free(range);
		free(modes);
	}
}

static void print_table(void)
{
	struct table *table = table_new("llllll");
	unsigned int i;

	table_cell(table, "parameter");
	table_cell(table, "unit");
	table_cell(table, "modes");
	table_cell(table, "default");
	table_cell(table, "range");
	table_cell(table, "meaning");
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		const struct rtlat_param_desc *desc = &rtlat_params[i];
		char *modes = modes_text(desc);
		char *range = range_text(desc, "|");

		table_cell(table, "%s", desc->name);
		table_cell(table, "%s", desc->unit);
		table_cell(table, "%s", *modes ? modes : "all");
		table_cell(table, "%s", desc->def);
		table_cell(table, "%s", range);
		table_cell(table, "%s", desc->help);
		free(range);
		free(modes);
	}
	table_print(table, stdout);
	table_free(table);
}

int cmd_params(int argc, char **argv)
{
	bool markdown = false;

	argp_parse(&argp, argc, argv, 0, NULL, &markdown);
	if (markdown)
		print_markdown();
	else
		print_table();
	return RTLAT_EXIT_OK;
}
