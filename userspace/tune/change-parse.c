// SPDX-License-Identifier: GPL-2.0
/* Words of the command line that say what to change. Pure. */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpulist.h"
#include "tune/change.h"

/* Is @part, ended by a slash or the end, this word? */
static bool part_is(const char *part, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(part, word, len) && (!part[len] || part[len] == '/');
}

/**
 * change_path_check - may this file be changed?
 * @path: its path
 * @problem: receives why not
 *
 * Return: 0 or -EINVAL.
 */
int change_path_check(const char *path, struct problem *problem)
{
	const char *part;

	if (strncmp(path, "/sys/", 5) && strncmp(path, "/proc/", 6))
		return problem_set(problem,
				   "%s: only files below /sys and /proc are changed",
				   path);
	for (part = strchr(path, '/'); part; part = strchr(part, '/')) {
		part++;
		if (!*part || *part == '/' || part_is(part, ".") ||
		    part_is(part, ".."))
			return problem_set(problem, "%s: not a path of a file",
					   path);
	}
	/* by the time it is put back it may be of another process */
	part = path + 6;
	if (path[1] == 'p' && (isdigit((unsigned char)*part) ||
			       part_is(part, "self") ||
			       part_is(part, "thread-self")))
		return problem_set(problem,
				   "%s: files of processes are not changed",
				   path);
	return 0;
}

/**
 * change_module_check - may this module be loaded again?
 * @name: its name
 * @problem: receives why not
 *
 * Return: 0 or -EINVAL.
 */
int change_module_check(const char *name, struct problem *problem)
{
	static const char *const known[] = {
		"kvm", "kvm_amd", "kvm_intel", NULL
	};

	if (is_one_of(name, known))
		return 0;
	return problem_set(problem,
			   "module %s: not one of kvm, kvm_intel, kvm_amd",
			   name);
}

/**
 * change_param_check - can this be the name of a module's parameter?
 * @name: the name
 * @problem: receives why not
 *
 * Return: 0 or -EINVAL.
 */
int change_param_check(const char *name, struct problem *problem)
{
	const char *at;

	for (at = name; isalnum((unsigned char)*at) || *at == '_'; at++)
		;
	if (at > name && !*at)
		return 0;
	return problem_set(problem, "%s: not a name of a parameter", name);
}

/* NAME=VALUE, for the module that was named last. */
static int parse_param(struct changes *changes, char *word,
		       struct problem *problem)
{
	struct change *change = changes->nr ?
		&changes->change[changes->nr - 1] : NULL;
	char *equal = strchr(word, '=');
	struct change_param *param;

	if (!equal || !equal[1])
		return problem_set(problem,
				   "%s: not file:PATH=VALUE, module:NAME PARAMETER=VALUE or affinity:PID=CPUS",
				   word);
	if (!change || change->kind != CHANGE_MODULE)
		return problem_set(problem, "%s: comes behind no module:NAME",
				   word);
	*equal = 0;
	if (change_param_check(word, problem))
		return -EINVAL;
	if (change_param_of(change_target(change), word))
		return problem_set(problem, "module:%s: %s is given twice",
				   change_target(change)->name, word);
	param = change_add_param(change_target(change), word);
	param->set = xstrdup(equal + 1);
	return 0;
}

static int parse_module(struct changes *changes, char *text,
			struct problem *problem)
{
	char *word, *save = NULL;
	int ret = 0;

	word = strtok_r(text, " \t", &save);
	if (!word)
		return problem_set(problem, "module: no name of a module");
	if (change_module_check(word, problem))
		return -EINVAL;
	change_add_module(changes_add(changes, CHANGE_MODULE), word);
	while (!ret && (word = strtok_r(NULL, " \t", &save)))
		ret = parse_param(changes, word, problem);
	return ret;
}

static int parse_file(struct changes *changes, char *text,
		      struct problem *problem)
{
	char *equal = strchr(text, '=');
	struct change *change;
	size_t i;

	if (!equal)
		return problem_set(problem, "file:%s: no =VALUE", text);
	*equal = 0;
	if (change_path_check(text, problem))
		return -EINVAL;
	if (strchr(equal + 1, '\n'))
		return problem_set(problem, "file:%s: a value of several lines",
				   text);
	for (i = 0; i < changes->nr; i++)
		if (changes->change[i].kind == CHANGE_FILE &&
		    !strcmp(changes->change[i].path, text))
			return problem_set(problem, "file:%s is given twice",
					   text);
	change = changes_add(changes, CHANGE_FILE);
	change->path = xstrdup(text);
	change->set = xstrdup(equal + 1);
	return 0;
}

static int parse_affinity(struct changes *changes, char *text,
			  struct problem *problem)
{
	char *equal = strchr(text, '=');
	struct change *change;
	struct cpulist list;
	uint64_t pid;

	if (!equal)
		return problem_set(problem, "affinity:%s: no =CPUS", text);
	*equal = 0;
	if (parse_u64(text, &pid) || !pid || pid > INT_MAX)
		return problem_set(problem,
				   "affinity:%s: not the number of a process",
				   text);
	if (cpulist_parse(&list, equal + 1, problem))
		return -EINVAL;
	cpulist_free(&list);
	change = changes_add(changes, CHANGE_AFFINITY);
	change->pid = (pid_t)pid;
	change->set = xstrdup(equal + 1);
	return 0;
}

/**
 * change_parse - read one word of the command line
 * @changes: receives it
 * @word: file:PATH=VALUE, module:NAME, affinity:PID=CPUS; or PARAMETER=VALUE,
 *	for the module before it
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int change_parse(struct changes *changes, const char *word,
		 struct problem *problem)
{
	static const struct {
		const char *start;
		int (*parse)(struct changes *changes, char *text,
			     struct problem *problem);
	} kinds[] = {
		{ "file:", parse_file },
		{ "module:", parse_module },
		{ "affinity:", parse_affinity },
	};
	char *copy;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(word, kinds[i].start, strlen(kinds[i].start)))
			break;
	if (i < ARRAY_SIZE(kinds)) {
		copy = xstrdup(word + strlen(kinds[i].start));
		ret = kinds[i].parse(changes, copy, problem);
	} else {
		copy = xstrdup(word);
		ret = parse_param(changes, copy, problem);
	}
	free(copy);
	return ret;
}

/**
 * changes_finish - after the last word
 * @changes: the changes
 * @problem: receives what is missing
 *
 * Return: 0 or -EINVAL.
 */
int changes_finish(const struct changes *changes, struct problem *problem)
{
	size_t i, other;

	if (!changes->nr)
		return problem_set(problem, "no change given");
	for (i = 0; i < changes->nr; i++) {
		const struct change *change = &changes->change[i];
		const char *name;

		if (change->kind != CHANGE_MODULE)
			continue;
		name = change_target(change)->name;
		if (!change_target(change)->nr)
			return problem_set(problem,
					   "module:%s: no PARAMETER=VALUE",
					   name);
		for (other = 0; other < i; other++)
			if (changes->change[other].kind == CHANGE_MODULE &&
			    !strcmp(change_target(&changes->change[other])->name,
				    name))
				return problem_set(problem,
						   "module:%s is given twice",
						   name);
	}
	return 0;
}
