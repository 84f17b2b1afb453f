// SPDX-License-Identifier: GPL-2.0
/* Changes of a machine's state: lists of them, and when values are equal. Pure. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpulist.h"
#include "tune/change.h"

/**
 * changes_add - one more change
 * @changes: list
 * @kind: what is changed
 *
 * Return: the change, empty; valid until the next one is added.
 */
struct change *changes_add(struct changes *changes, enum change_kind kind)
{
	struct change *change;

	changes->change = xrealloc(changes->change, (changes->nr + 1) *
				   sizeof(*changes->change));
	change = &changes->change[changes->nr++];
	memset(change, 0, sizeof(*change));
	change->kind = kind;
	return change;
}

/**
 * change_module_free - free what a module holds
 * @module: the module
 */
void change_module_free(struct change_module *module)
{
	size_t i;

	for (i = 0; i < module->nr; i++) {
		free(module->param[i].name);
		free(module->param[i].found);
		free(module->param[i].set);
	}
	free(module->param);
	free(module->name);
	memset(module, 0, sizeof(*module));
}

static void change_free(struct change *change)
{
	size_t i;

	for (i = 0; i < change->nr; i++)
		change_module_free(&change->module[i]);
	free(change->module);
	free(change->path);
	free(change->name);
	free(change->found);
	free(change->set);
	free(change->reads);
}

/**
 * changes_drop - one change less
 * @changes: list
 * @at: which
 */
void changes_drop(struct changes *changes, size_t at)
{
	change_free(&changes->change[at]);
	changes->nr--;
	memmove(&changes->change[at], &changes->change[at + 1],
		(changes->nr - at) * sizeof(*changes->change));
}

/**
 * changes_free - free a list
 * @changes: list
 */
void changes_free(struct changes *changes)
{
	size_t i;

	for (i = 0; i < changes->nr; i++)
		change_free(&changes->change[i]);
	free(changes->change);
	changes->change = NULL;
	changes->nr = 0;
}

/**
 * change_add_module - one more module, behind the others
 * @change: of kind CHANGE_MODULE
 * @name: the module's
 *
 * Return: the module; valid until the next one is added.
 */
struct change_module *change_add_module(struct change *change, const char *name)
{
	struct change_module *module;

	change->module = xrealloc(change->module, (change->nr + 1) *
				  sizeof(*change->module));
	module = &change->module[change->nr++];
	memset(module, 0, sizeof(*module));
	module->name = xstrdup(name);
	return module;
}

/**
 * change_target - the module whose parameters are changed
 * @change: of kind CHANGE_MODULE
 *
 * Return: the module.
 */
struct change_module *change_target(const struct change *change)
{
	return &change->module[change->nr - 1];
}

/**
 * change_param_of - parameter with a name
 * @module: the module
 * @name: the name
 *
 * Return: the parameter, or NULL.
 */
struct change_param *change_param_of(const struct change_module *module,
				     const char *name)
{
	size_t i;

	for (i = 0; i < module->nr; i++)
		if (!strcmp(module->param[i].name, name))
			return &module->param[i];
	return NULL;
}

/**
 * change_add_param - parameter with a name, made when there is none
 * @module: the module; its parameters stay in order
 * @name: the name
 *
 * Return: the parameter; valid until the next one is added.
 */
struct change_param *change_add_param(struct change_module *module,
				      const char *name)
{
	struct change_param *param = change_param_of(module, name);
	size_t at = 0;

	if (param)
		return param;
	module->param = xrealloc(module->param, (module->nr + 1) *
				 sizeof(*module->param));
	while (at < module->nr && strcmp(module->param[at].name, name) < 0)
		at++;
	param = &module->param[at];
	memmove(param + 1, param, (module->nr - at) * sizeof(*param));
	module->nr++;
	memset(param, 0, sizeof(*param));
	param->name = xstrdup(name);
	return param;
}

/* 1, 0, or -1 for what is no truth value. */
static int truth(const char *text)
{
	if (!strcmp(text, "Y") || !strcmp(text, "y") || !strcmp(text, "1"))
		return 1;
	if (!strcmp(text, "N") || !strcmp(text, "n") || !strcmp(text, "0"))
		return 0;
	return -1;
}

static bool lists_equal(const char *one, const char *other)
{
	struct problem problem = { "" };
	struct cpulist a, b;
	bool equal = false;

	if (cpulist_parse(&a, one, &problem))
		return false;
	if (!cpulist_parse(&b, other, &problem)) {
		equal = a.nr == b.nr &&
			!memcmp(a.cpu, b.cpu, a.nr * sizeof(*a.cpu));
		cpulist_free(&b);
	}
	cpulist_free(&a);
	return equal;
}

/**
 * values_equal - do two values mean the same?
 * @one: as read or as asked for
 * @other: likewise
 *
 * The kernel takes 1 and says Y, and takes 0,1 and says 0-1.
 *
 * Return: true when they do.
 */
bool values_equal(const char *one, const char *other)
{
	if (!strcmp(one, other))
		return true;
	if (truth(one) >= 0 && truth(one) == truth(other))
		return true;
	return lists_equal(one, other);
}

/**
 * value_chosen - what a file says is in force
 * @text: its text, as of read_word()
 *
 * Some list what there is, with the one in force in brackets:
 * "always [madvise] never". What is written there is that word.
 *
 * Return: the value; free() it.
 */
char *value_chosen(const char *text)
{
	const char *open = strchr(text, '[');
	const char *close = open ? strchr(open, ']') : NULL;

	if (!close || close == open + 1 || strchr(close, '[') ||
	    memchr(open, ' ', (size_t)(close - open)) ||
	    (open > text && open[-1] != ' ') || (close[1] && close[1] != ' '))
		return xstrdup(text);
	return xstrndup(open + 1, (size_t)(close - open - 1));
}

/**
 * change_text - what a change is of, for messages
 * @change: the change
 *
 * Return: the text; free() it.
 */
char *change_text(const struct change *change)
{
	switch (change->kind) {
	case CHANGE_FILE:
		return xstrdup(change->path);
	case CHANGE_AFFINITY:
		return xasprintf("CPUs of process %d%s%s%s", (int)change->pid,
				 change->name ? " (" : "",
				 change->name ? change->name : "",
				 change->name ? ")" : "");
	case CHANGE_MODULE:
		break;
	}
	return xstrdup(change_target(change)->name);
}
