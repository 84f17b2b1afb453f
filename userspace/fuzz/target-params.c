// SPDX-License-Identifier: GPL-2.0
/* Parameters: words of NAME=VALUE, one in a line, as module and tools take them. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "module/params.h"
#include "run/run.h"

/* One line that fits, for the kernel's log. */
static void check_error(const char *err, size_t size)
{
	must(*err && strnlen(err, size) < size);
}

/* What is printed of a value is that value when it is read. */
static void check_value(const struct rtlat_config *config, unsigned int param)
{
	char value[RTLAT_LINE_MAX], line[RTLAT_LINE_MAX], err[RTLAT_LINE_MAX];
	struct rtlat_config again = *config;

	must(rtlat_config_value(config, param, value, sizeof(value)) ==
	     (int)strlen(value));
	must(rtlat_config_format(config, param, line, sizeof(line)) ==
	     (int)strlen(line));
	must(!rtlat_config_set(&again, rtlat_params[param].name, value, err,
			       sizeof(err)));
	must(again.given == config->given ||
	     again.given == (config->given | 1U << param) ||
	     (!*value && again.given == (config->given & ~(1U << param))));
	again.given = config->given;
	must(!memcmp(&again, config, sizeof(again)));
}

/* A line of the debugfs file params: name and value, ended by a newline. */
static void take_line(struct rtlat_config *config, char *line)
{
	struct rtlat_config before = *config;
	char err[RTLAT_LINE_MAX] = "";
	char *equal = strchr(line, '=');
	unsigned int i;

	if (!equal)
		return;
	*equal = 0;
	if (rtlat_config_set(config, line, equal + 1, err, sizeof(err))) {
		check_error(err, sizeof(err));
		must(!memcmp(&before, config, sizeof(before)));
		return;
	}
	for (i = 0; i < RTLAT_NR_PARAMS; i++)
		check_value(config, i);
}

void fuzz_params(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len), *line, *save = NULL;
	char err[RTLAT_LINE_MAX] = "";
	struct rtlat_config config;

	rtlat_config_default(&config);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		take_line(&config, line);
	if (rtlat_config_check(&config, err, sizeof(err)))
		check_error(err, sizeof(err));
	else
		run_expected_ms(&config);
	rtlat_config_resolve(&config);
	free(text);
}
