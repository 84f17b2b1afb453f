// SPDX-License-Identifier: GPL-2.0
/*
 * KVM's modules, unloaded and loaded again with other parameters.
 *
 * modprobe is given what differs from what it would take by itself: the
 * parameters asked for, and those that somebody gave by hand when the module was
 * loaded before. The kernel does not say which these are. So the module is
 * loaded with the former values of the named parameters alone, and what then
 * still is not as found was given by hand. A parameter that is not as found with
 * the new values, but is with the former, follows from the change (enable_ipiv
 * goes with enable_apicv) and is not passed.
 */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tune/reload.h"
#include "tune/sysroot.h"

static char *param_path(const char *module, const char *param)
{
	return xasprintf("/sys/module/%s/parameters/%s", module, param);
}

static bool module_has(const struct sysroot *machine, const char *module,
		       const char *what)
{
	char *path = xasprintf("/sys/module/%s%s", module, what);
	bool has = sysroot_has(machine, path);

	free(path);
	return has;
}

/* What is loaded now, and with which values. */
static void module_read(const struct sysroot *machine, const char *name,
			struct change_module *now)
{
	char *dir = xasprintf("%s/sys/module/%s/parameters", machine->root, name);
	struct dirent *entry;
	DIR *params;

	memset(now, 0, sizeof(*now));
	now->name = xstrdup(name);
	now->loaded = module_has(machine, name, "");
	params = now->loaded ? opendir(dir) : NULL;
	while (params && (entry = readdir(params))) {
		char *path, *value;

		if (entry->d_name[0] == '.')
			continue;
		path = param_path(name, entry->d_name);
		value = sysroot_read(machine, path);
		if (value)
			change_add_param(now, entry->d_name)->found = value;
		free(path);
	}
	if (params)
		closedir(params);
	free(dir);
}

static void note_found(const struct sysroot *machine,
		       struct change_module *module)
{
	struct change_module now;
	size_t i;

	module_read(machine, module->name, &now);
	module->loaded = now.loaded;
	for (i = 0; i < now.nr; i++) {
		struct change_param *param;

		param = change_add_param(module, now.param[i].name);
		free(param->found);
		param->found = xstrdup(now.param[i].found);
	}
	change_module_free(&now);
}

/* Would the modules load again? Loading is refused for reasons seen before. */
static int may_load(const struct sysroot *machine,
		    const struct change_module *module, struct problem *problem)
{
	char *path, *disabled, *enforce, *lockdown, *taint;
	bool unsigned_module, strict;
	int ret = 0;

	disabled = sysroot_read(machine, "/proc/sys/kernel/modules_disabled");
	enforce = sysroot_read(machine, "/sys/module/module/parameters/sig_enforce");
	lockdown = sysroot_read(machine, "/sys/kernel/security/lockdown");
	path = xasprintf("/sys/module/%s/taint", module->name);
	taint = sysroot_read(machine, path);
	unsigned_module = taint && strchr(taint, 'E');
	strict = (enforce && values_equal(enforce, "Y")) ||
		 (lockdown && strcmp(lockdown, "none"));
	if (!*machine->root && geteuid())
		ret = cannot(problem, "%s: only root can load it again",
			     module->name);
	else if (disabled && strcmp(disabled, "0"))
		ret = cannot(problem,
			     "%s: loading of modules is disabled (kernel.modules_disabled=%s)",
			     module->name, disabled);
	else if (strict && unsigned_module)
		ret = cannot(problem,
			     "%s: not signed, and this kernel (lockdown=%s) would not load it again",
			     module->name, lockdown ? lockdown : "none");
	free(taint);
	free(path);
	free(lockdown);
	free(enforce);
	free(disabled);
	return ret;
}

static int check_params(const struct sysroot *machine,
			const struct change_module *module,
			struct problem *problem)
{
	size_t i;

	for (i = 0; i < module->nr; i++) {
		char *path = param_path(module->name, module->param[i].name);
		bool has = sysroot_has(machine, path);

		free(path);
		if (module->param[i].set && !has)
			return cannot(problem,
				      "%s: has no parameter %s that is to be seen in /sys/module/%s/parameters",
				      module->name, module->param[i].name,
				      module->name);
		if (module->param[i].set && !module->param[i].found)
			return cannot(problem, "%s: the parameter %s cannot be read",
				      module->name, module->param[i].name);
	}
	return 0;
}

/* The modules that hold the changed one, before it. */
static int plan_holders(const struct sysroot *machine, struct change *change,
			struct problem *problem)
{
	char *target = xstrdup(change_target(change)->name);
	char *dir = xasprintf("%s/sys/module/%s/holders", machine->root, target);
	struct dirent *entry;
	DIR *holders = opendir(dir);
	int ret = 0;

	free(dir);
	while (holders && !ret && (entry = readdir(holders))) {
		struct problem why = { "" };

		if (entry->d_name[0] == '.')
			continue;
		if (strcmp(target, "kvm") ||
		    change_module_check(entry->d_name, &why))
			ret = cannot(problem,
				     "%s: held by the module %s, which rtlat does not load again",
				     target, entry->d_name);
		else
			reload_add_with(change, entry->d_name);
	}
	if (holders)
		closedir(holders);
	free(target);
	return ret;
}

/**
 * modules_plan - note what is found of a module, and whether it can be changed
 * @machine: the machine
 * @change: of kind CHANGE_MODULE
 * @problem: receives why not
 *
 * Return: 0, 1 when nothing is to be done, -EOPNOTSUPP or -EINVAL.
 */
int modules_plan(const struct sysroot *machine, struct change *change,
		 struct problem *problem)
{
	struct change_module *target;
	char *who = NULL;
	bool again = false;
	size_t i;
	int ret;

	reload_forget(change);
	target = change_target(change);
	note_found(machine, target);
	if (target->loaded) {
		ret = check_params(machine, target, problem);
		if (ret)
			return ret;
		if (reload_is_set(target))
			return 1;
		if (!module_has(machine, target->name, "/initstate"))
			return cannot(problem,
				      "%s: built into the kernel (its parameters are set on the kernel's command line: %s.NAME=VALUE)",
				      target->name, target->name);
		ret = plan_holders(machine, change, problem);
	} else {
		/* modprobe loads what it needs, and that goes with it, too */
		if (strcmp(target->name, "kvm") && !module_has(machine, "kvm", ""))
			reload_add_with(change, "kvm");
		ret = 0;
	}
	for (i = 0; !ret && i < change->nr; i++) {
		note_found(machine, &change->module[i]);
		ret = may_load(machine, &change->module[i], problem);
	}
	target = change_target(change);
	for (i = 0; i < change->nr; i++)
		again |= change->module[i].loaded;
	if (!ret && again && !machine->reload_kvm)
		ret = cannot(problem,
			     "%s: is not loaded again with other parameters without --reload-kvm",
			     target->name);
	for (i = 0; !ret && i < change->nr; i++)
		if (!who && change->module[i].loaded)
			who = kvm_users(machine, change->module[i].name);
	if (who)
		ret = cannot(problem, "%s: KVM is in use by %s", target->name,
			     who);
	free(who);
	return ret;
}

static int remove_one(const struct sysroot *machine, const char *name,
		      struct problem *problem)
{
	char **words = reload_unload_words(name);
	char *why;
	int ret = 0;

	if (sysroot_run(machine, words, &why))
		ret = cannot(problem, "%s does not go: %s", name, why);
	free(why);
	reload_free_words(words);
	return ret;
}

static int insert_one(const struct sysroot *machine,
		      const struct change_module *module,
		      enum reload_with with, struct problem *problem)
{
	char **words = reload_words(module, with);
	char *why;
	int ret = 0;

	if (sysroot_run(machine, words, &why))
		ret = cannot(problem, "%s does not load: %s", module->name, why);
	free(why);
	reload_free_words(words);
	return ret;
}

static int unload_all(const struct sysroot *machine,
		      const struct change *change, struct problem *problem)
{
	int ret = 0;
	size_t i;

	for (i = 0; !ret && i < change->nr; i++) {
		const char *name = reload_nth(change, i)->name;

		if (module_has(machine, name, ""))
			ret = remove_one(machine, name, problem);
	}
	return ret;
}

static int reload(const struct sysroot *machine, const struct change *change,
		  enum reload_with with, struct problem *problem)
{
	int ret = unload_all(machine, change, problem);
	size_t i;

	for (i = change->nr; !ret && i--;) {
		const struct change_module *module = reload_nth(change, i);

		if (with == RELOAD_SET || module->loaded)
			ret = insert_one(machine, module, with, problem);
	}
	return ret;
}

/* Which parameters that nobody asked to change are not as found? */
static size_t compare(const struct sysroot *machine, struct change *change,
		      bool note)
{
	size_t i, nr = 0;

	for (i = 0; i < change->nr; i++) {
		struct change_module now;

		module_read(machine, change->module[i].name, &now);
		nr += reload_compare(&change->module[i], &now, note);
		change_module_free(&now);
	}
	return nr;
}

static int check_set(const struct sysroot *machine, const struct change *change,
		     struct problem *problem)
{
	const struct change_module *target = change_target(change);
	struct change_module now;
	size_t i;
	int ret = 0;

	module_read(machine, target->name, &now);
	for (i = 0; !ret && i < target->nr; i++) {
		const struct change_param *is;

		if (!target->param[i].set)
			continue;
		is = change_param_of(&now, target->param[i].name);
		if (!is)
			ret = cannot(problem, "%s: has no parameter %s",
				     target->name, target->param[i].name);
		else if (!values_equal(is->found, target->param[i].set))
			ret = cannot(problem, "%s: %s=%s after loading it with %s=%s",
				     target->name, is->name, is->found, is->name,
				     target->param[i].set);
	}
	change_module_free(&now);
	return ret;
}

/**
 * modules_make - load a module with the parameters asked for
 * @machine: the machine
 * @change: planned
 * @problem: receives what went wrong; then modules_undo() is to be called
 *
 * Return: 0, -EOPNOTSUPP or -EINVAL.
 */
int modules_make(const struct sysroot *machine, struct change *change,
		 struct problem *problem)
{
	int ret = reload(machine, change, RELOAD_SET, problem);

	if (!ret && compare(machine, change, false)) {
		ret = reload(machine, change, RELOAD_FOUND, problem);
		if (!ret) {
			compare(machine, change, true);
			ret = reload(machine, change, RELOAD_SET, problem);
		}
	}
	return ret ? ret : check_set(machine, change, problem);
}

/* What is not as it was found; NULL: nothing. */
static char *difference(const struct sysroot *machine,
			const struct change *change)
{
	char *text = NULL;
	size_t i;

	for (i = 0; !text && i < change->nr; i++) {
		struct change_module now;

		module_read(machine, change->module[i].name, &now);
		text = reload_difference(&change->module[i], &now);
		change_module_free(&now);
	}
	return text;
}

static int load_anyhow(const struct sysroot *machine,
		       const struct change *change, struct problem *problem)
{
	struct problem ignored = { "" };
	struct problem first = *problem;
	size_t i;

	for (i = change->nr; i--;) {
		const struct change_module *module = reload_nth(change, i);

		if (module->loaded && !module_has(machine, module->name, "") &&
		    insert_one(machine, module, RELOAD_PLAIN, &ignored))
			return -EOPNOTSUPP;
	}
	problem->text[0] = 0;
	return cannot(problem, "%.800s; loaded without parameters", first.text);
}

/**
 * modules_undo - have modules as they were found
 * @machine: the machine
 * @change: of the journal
 * @problem: receives why not
 *
 * Return: 0, 1 when they were so already, -EOPNOTSUPP.
 */
int modules_undo(const struct sysroot *machine, struct change *change,
		 struct problem *problem)
{
	char *who = NULL, *other = difference(machine, change);
	size_t i;
	int ret;

	if (!other)
		return 1;
	free(other);
	for (i = 0; i < change->nr; i++)
		if (!who && module_has(machine, change->module[i].name, ""))
			who = kvm_users(machine, change->module[i].name);
	if (who) {
		ret = cannot(problem, "KVM is in use by %s", who);
		free(who);
		return ret;
	}
	reload_forget_differs(change);
	ret = reload(machine, change, RELOAD_FOUND, problem);
	if (!ret && compare(machine, change, true))
		ret = reload(machine, change, RELOAD_FOUND, problem);
	if (ret)
		return load_anyhow(machine, change, problem);
	other = difference(machine, change);
	if (other)
		ret = cannot(problem, "loaded again, but not as found: %s", other);
	free(other);
	return ret;
}
