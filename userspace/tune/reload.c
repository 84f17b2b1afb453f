// SPDX-License-Identifier: GPL-2.0
/* Which modules are loaded again, in which order, with which parameters. Pure. */

#include <stdlib.h>
#include <string.h>

#include "tune/reload.h"

/**
 * reload_forget - a change as it was asked for, without what was found
 * @change: of kind CHANGE_MODULE
 */
void reload_forget(struct change *change)
{
	struct change_module *target;
	size_t i, kept = 0;

	for (i = 0; i + 1 < change->nr; i++)
		change_module_free(&change->module[i]);
	change->module[0] = change->module[change->nr - 1];
	change->nr = 1;
	target = change_target(change);
	target->loaded = false;
	for (i = 0; i < target->nr; i++) {
		struct change_param *param = &target->param[i];

		free(param->found);
		param->found = NULL;
		param->differs = false;
		if (param->set)
			target->param[kept++] = *param;
		else
			free(param->name);
	}
	target->nr = kept;
}

/**
 * reload_forget_differs - no parameter was seen to differ
 * @change: of kind CHANGE_MODULE
 */
void reload_forget_differs(struct change *change)
{
	size_t i, j;

	for (i = 0; i < change->nr; i++)
		for (j = 0; j < change->module[i].nr; j++)
			change->module[i].param[j].differs = false;
}

/**
 * reload_add_with - a module that is loaded again with the changed one
 * @change: of kind CHANGE_MODULE; the changed one stays the last
 * @name: the module
 */
void reload_add_with(struct change *change, const char *name)
{
	struct change_module target;

	change_add_module(change, name);
	target = change->module[change->nr - 2];
	change->module[change->nr - 2] = change->module[change->nr - 1];
	change->module[change->nr - 1] = target;
}

/**
 * reload_nth - order of unloading: kvm, which the others need, is the last
 * @change: of kind CHANGE_MODULE
 * @nth: from 0 to change->nr - 1
 *
 * Return: the module.
 */
struct change_module *reload_nth(const struct change *change, size_t nth)
{
	struct change_module *kvm = NULL;
	size_t i;

	for (i = 0; i < change->nr; i++) {
		if (!strcmp(change->module[i].name, "kvm"))
			kvm = &change->module[i];
		else if (!nth--)
			return &change->module[i];
	}
	return kvm;
}

/**
 * reload_is_set - has a module the values already that are asked for?
 * @module: the module, as found
 *
 * Return: true when it has.
 */
bool reload_is_set(const struct change_module *module)
{
	size_t i;

	for (i = 0; i < module->nr; i++)
		if (module->param[i].set &&
		    (!module->param[i].found ||
		     !values_equal(module->param[i].found, module->param[i].set)))
			return false;
	return true;
}

static bool has_value(const struct change_module *now,
		      const struct change_param *param)
{
	const struct change_param *is = change_param_of(now, param->name);

	return is && is->found && !strcmp(is->found, param->found);
}

/**
 * reload_difference - is a module as it was found?
 * @found: as found
 * @now: as it is
 *
 * Return: NULL when it is, else what is not; free() it.
 */
char *reload_difference(const struct change_module *found,
			const struct change_module *now)
{
	size_t i;

	if (found->loaded != now->loaded)
		return xasprintf("%s is %sloaded", found->name,
				 now->loaded ? "" : "not ");
	for (i = 0; found->loaded && i < found->nr; i++) {
		const struct change_param *param = &found->param[i], *is;

		if (!param->found || has_value(now, param))
			continue;
		is = change_param_of(now, param->name);
		return xasprintf("%s=%s, not %s", param->name,
				 is && is->found ? is->found : "absent",
				 param->found);
	}
	return NULL;
}

/**
 * reload_compare - parameters that nobody asked to change and are not as found
 * @found: as found
 * @now: as it is
 * @note: remember which, they are then passed
 *
 * Return: how many.
 */
size_t reload_compare(struct change_module *found,
		      const struct change_module *now, bool note)
{
	size_t i, nr = 0;

	for (i = 0; found->loaded && i < found->nr; i++) {
		struct change_param *param = &found->param[i];

		if (param->set || !param->found || has_value(now, param))
			continue;
		nr++;
		if (note)
			param->differs = true;
	}
	return nr;
}

/* What is passed of a parameter; NULL: nothing. */
static const char *passed(const struct change_param *param, enum reload_with with)
{
	if (with == RELOAD_PLAIN)
		return NULL;
	if (param->set)
		return with == RELOAD_SET ? param->set : param->found;
	return param->differs ? param->found : NULL;
}

/**
 * reload_words - the command that loads a module
 * @module: the module
 * @with: with which parameters
 *
 * Return: its words, ended by NULL; reload_free_words() them.
 */
char **reload_words(const struct change_module *module, enum reload_with with)
{
	char **words = xcalloc(module->nr + 3, sizeof(*words));
	size_t i, nr = 0;

	words[nr++] = xstrdup("modprobe");
	words[nr++] = xstrdup(module->name);
	for (i = 0; i < module->nr; i++) {
		const char *value = passed(&module->param[i], with);

		if (value && *value && !strpbrk(value, " \t\""))
			words[nr++] = xasprintf("%s=%s", module->param[i].name,
						value);
	}
	return words;
}

/**
 * reload_unload_words - the command that unloads a module
 * @name: the module
 *
 * Not modprobe -r, which takes along what the module needed.
 *
 * Return: its words, ended by NULL; reload_free_words() them.
 */
char **reload_unload_words(const char *name)
{
	char **words = xcalloc(3, sizeof(*words));

	words[0] = xstrdup("rmmod");
	words[1] = xstrdup(name);
	return words;
}

/**
 * reload_free_words - free the words of a command
 * @words: the words
 */
void reload_free_words(char **words)
{
	size_t i;

	for (i = 0; words[i]; i++)
		free(words[i]);
	free(words);
}
