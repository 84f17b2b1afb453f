// SPDX-License-Identifier: GPL-2.0
/* Lists of CPUs as the kernel writes them. Pure. */

#include <stdlib.h>
#include <string.h>

#include "base/cpulist.h"

/* A number at *@at, which is moved behind it; *@end is where the text ends. */
static bool take_number(const char **at, const char *end, unsigned int *number)
{
	unsigned int value = 0;
	const char *start = *at;

	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
		value = value * 10 + (unsigned int)(**at - '0');
		if (value > CPULIST_MAX)
			return false;
	}
	*number = value;
	return *at > start;
}

static bool take(const char **at, const char *end, char c)
{
	if (*at == end || **at != c)
		return false;
	(*at)++;
	return true;
}

/* first[-last[:used/group]], as in Documentation/admin-guide. */
static bool take_range(const char *at, const char *end, bool *in)
{
	unsigned int first, last, used = 1, group = 1, i;

	if (!take_number(&at, end, &first))
		return false;
	last = first;
	if (take(&at, end, '-')) {
		if (!take_number(&at, end, &last))
			return false;
		if (take(&at, end, ':') &&
		    (!take_number(&at, end, &used) || !take(&at, end, '/') ||
		     !take_number(&at, end, &group)))
			return false;
	}
	if (at != end || last < first || last >= CPULIST_MAX || !used ||
	    used > group)
		return false;
	for (i = first; i <= last; i++)
		if ((i - first) % group < used)
			in[i] = true;
	return true;
}

/**
 * cpulist_add - one more CPU
 * @list: the list
 * @cpu: its number; the caller keeps the order
 */
void cpulist_add(struct cpulist *list, unsigned int cpu)
{
	list->cpu = xrealloc(list->cpu, (list->nr + 1) * sizeof(*list->cpu));
	list->cpu[list->nr++] = cpu;
}

/**
 * cpulist_parse - read a list
 * @list: receives the CPUs
 * @text: the list, not empty
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int cpulist_parse(struct cpulist *list, const char *text,
		  struct problem *problem)
{
	bool *in = xcalloc(CPULIST_MAX, sizeof(*in));
	const char *at = text;
	unsigned int i;
	bool good;

	do {
		size_t len = strcspn(at, ",");

		good = take_range(at, at + len, in);
		at += len;
	} while (good && *at++);
	list->nr = 0;
	list->cpu = NULL;
	for (i = 0; good && i < CPULIST_MAX; i++)
		if (in[i])
			cpulist_add(list, i);
	free(in);
	if (good)
		return 0;
	return problem_set(problem,
			   "%s: not a list of CPUs like 0,2-3; range 0..%d",
			   text, CPULIST_MAX - 1);
}

/**
 * cpulist_has - is a CPU in the list?
 * @list: the list
 * @cpu: its number
 *
 * Return: true when it is.
 */
bool cpulist_has(const struct cpulist *list, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		if (list->cpu[i] == cpu)
			return true;
	return false;
}

/**
 * cpulist_text - the list as the kernel writes it
 * @list: the list
 *
 * Return: like 0,2-3, empty without CPUs; free() it.
 */
char *cpulist_text(const struct cpulist *list)
{
	char *text = xstrdup("");
	unsigned int i, last;

	for (i = 0; i < list->nr; i = last + 1) {
		char *longer;

		for (last = i; last + 1 < list->nr &&
		     list->cpu[last + 1] == list->cpu[last] + 1; last++)
			;
		if (last > i)
			longer = xasprintf("%s%s%u-%u", text, i ? "," : "",
					   list->cpu[i], list->cpu[last]);
		else
			longer = xasprintf("%s%s%u", text, i ? "," : "",
					   list->cpu[i]);
		free(text);
		text = longer;
	}
	return text;
}

/**
 * cpulist_free - free what cpulist_parse() made
 * @list: the list
 */
void cpulist_free(struct cpulist *list)
{
	free(list->cpu);
	list->cpu = NULL;
	list->nr = 0;
}
