/* SPDX-License-Identifier: GPL-2.0 */
/* Which modules are loaded again, in which order, with which parameters. Pure. */
#ifndef RTLAT_RELOAD_H
#define RTLAT_RELOAD_H

#include "tune/change.h"

/* With what a module is loaded. */
enum reload_with {
	RELOAD_SET,	/* what was asked for, else as found */
	RELOAD_FOUND,	/* as found */
	RELOAD_PLAIN,	/* nothing */
};

void reload_forget(struct change *change);
void reload_forget_differs(struct change *change);
void reload_add_with(struct change *change, const char *name);
struct change_module *reload_nth(const struct change *change, size_t nth);
bool reload_is_set(const struct change_module *module);
char *reload_difference(const struct change_module *found,
			const struct change_module *now);
size_t reload_compare(struct change_module *found,
		      const struct change_module *now, bool note);
char **reload_words(const struct change_module *module, enum reload_with with);
char **reload_unload_words(const char *name);
void reload_free_words(char **words);

#endif /* RTLAT_RELOAD_H */
