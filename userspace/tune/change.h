/* SPDX-License-Identifier: GPL-2.0 */
/* Changes of a machine's state that are put back: what was found, what is set. */
#ifndef RTLAT_CHANGE_H
#define RTLAT_CHANGE_H

#include <stdint.h>

#include "base/util.h"

enum change_kind {
	CHANGE_FILE,
	CHANGE_AFFINITY,
	CHANGE_MODULE,
};

/**
 * struct change_param - one parameter of a module
 * @name: its name
 * @found: value found; NULL when it could not be read, or nothing was loaded
 * @set: value asked for; NULL for one that is not to be changed
 * @differs: loaded without it the module has another value than was found
 */
struct change_param {
	char *name;
	char *found;
	char *set;
	bool differs;
};

/**
 * struct change_module - one module of those that are loaded again
 * @name: its name
 * @loaded: it was found loaded
 * @nr: parameters
 * @param: the parameters, by name
 */
struct change_module {
	char *name;
	bool loaded;
	size_t nr;
	struct change_param *param;
};

/**
 * struct change - one change
 * @kind: what is changed
 * @path: file
 * @pid: process
 * @start: when that process started, ticks after boot
 * @name: name of that process
 * @found: of file and process: value found; NULL as long as nobody looked
 * @set: the same: value asked for
 * @reads: the same: what was read when @set was written; may be NULL
 * @nr: modules
 * @module: the modules, the changed one last
 */
struct change {
	enum change_kind kind;
	char *path;
	pid_t pid;
	uint64_t start;
	char *name;
	char *found;
	char *set;
	char *reads;
	size_t nr;
	struct change_module *module;
};

/**
 * struct changes - a list of changes
 * @nr: how many
 * @change: the changes
 */
struct changes {
	size_t nr;
	struct change *change;
};

int change_path_check(const char *path, struct problem *problem);
int change_module_check(const char *name, struct problem *problem);
int change_param_check(const char *name, struct problem *problem);
int change_parse(struct changes *changes, const char *word,
		 struct problem *problem);
int changes_finish(const struct changes *changes, struct problem *problem);

struct change *changes_add(struct changes *changes, enum change_kind kind);
void changes_drop(struct changes *changes, size_t at);
void changes_free(struct changes *changes);
struct change_module *change_add_module(struct change *change, const char *name);
struct change_module *change_target(const struct change *change);
struct change_param *change_add_param(struct change_module *module,
				      const char *name);
struct change_param *change_param_of(const struct change_module *module,
				     const char *name);
void change_module_free(struct change_module *module);
bool values_equal(const char *one, const char *other);
char *value_chosen(const char *text);
char *change_text(const struct change *change);

#endif /* RTLAT_CHANGE_H */
