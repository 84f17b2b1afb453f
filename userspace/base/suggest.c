// SPDX-License-Identifier: GPL-2.0
/* NAME=VALUE words of the command line. Pure. */

#include <stdlib.h>

#include "base/cpulist.h"
#include "base/suggest.h"

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance. */
static unsigned int distance(const char *a, const char *b)
{
	size_t width = strlen(b) + 1, i, j;
	unsigned int *row = xcalloc(width, sizeof(*row));
	unsigned int result;

	for (j = 0; j < width; j++)
		row[j] = (unsigned int)j;
	for (i = 1; a[i - 1]; i++) {
		unsigned int corner = row[0];

		row[0] = (unsigned int)i;
		for (j = 1; j < width; j++) {
			unsigned int above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1,
				      corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	result = row[width - 1];
	free(row);
	return result;
}

/**
 * suggest_param - parameter whose name is nearest
 * @name: what was typed
 *
 * Return: the nearest name; NULL when none is near.
 */
const char *suggest_param(const char *name)
{
	unsigned int best = (unsigned int)strlen(name) / 2 + 1;
	const char *found = NULL;
	unsigned int i;

	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		const char *known = rtlat_params[i].name;
		unsigned int far = distance(name, known);

		if (*name && !strncmp(known, name, strlen(name)))
			far = 0;
		if (far < best) {
			best = far;
			found = known;
		}
	}
	return found;
}

/**
 * config_set - rtlat_config_set(), and what the module asks the kernel for
 * @config: receives the value
 * @name: parameter
 * @value: its value
 * @problem: receives what is wrong: parameter, value and range
 *
 * Return: 0, -ENOENT without a problem when there is no such parameter, or -EINVAL.
 */
int config_set(struct rtlat_config *config, const char *name, const char *value,
	       struct problem *problem)
{
	char err[RTLAT_LINE_MAX] = "";
	struct problem why = { "" };
	struct cpulist cpus;
	int ret;

	if (!strcmp(name, rtlat_params[RTLAT_P_cpus].name) && *value) {
		if (cpulist_parse(&cpus, value, &why))
			return problem_set(problem, "%s=%s", name, why.text);
		cpulist_free(&cpus);
	}
	ret = rtlat_config_set(config, name, value, err, sizeof(err));
	if (!ret || ret == -ENOENT)
		return ret;
	return problem_set(problem, "%s", err);
}

/**
 * config_word - take one NAME=VALUE word
 * @config: receives the value
 * @word: the word
 * @problem: receives what is wrong: parameter, value and range
 *
 * Return: 0 or -EINVAL.
 */
int config_word(struct rtlat_config *config, const char *word,
		struct problem *problem)
{
	const char *equal = strchr(word, '=');
	const char *near;
	char *name;
	int ret;

	if (!equal)
		return problem_set(problem, "%s: not of the form NAME=VALUE",
				   word);
	name = xstrndup(word, (size_t)(equal - word));
	ret = config_set(config, name, equal + 1, problem);
	if (ret == -ENOENT) {
		near = suggest_param(name);
		problem_set(problem, "%s: no such parameter%s%s%s", name,
			    near ? "; did you mean " : " (rtlat params lists them)",
			    near ? near : "", near ? "?" : "");
	}
	free(name);
	return ret ? -EINVAL : 0;
}

/**
 * config_finish - after the last word: contradictions, and is there a mode?
 * @config: the parameters
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int config_finish(const struct rtlat_config *config, struct problem *problem)
{
	char err[RTLAT_LINE_MAX] = "";

	if (rtlat_config_check(config, err, sizeof(err)))
		return problem_set(problem, "%s", err);
	if (config->mode == RTLAT_MODE_IDLE)
		return problem_set(problem,
				   "mode= is missing: mode=timer, mode=taskset or mode=ipi");
	if (config->probes != RTLAT_PROBES_ON)
		return problem_set(problem,
				   "probes=%s: there would be nothing to write down",
				   rtlat_probes_names[config->probes]);
	return 0;
}
