/* SPDX-License-Identifier: GPL-2.0 */
/* NAME=VALUE words of the command line. Pure. */
#ifndef RTLAT_SUGGEST_H
#define RTLAT_SUGGEST_H

#include "base/util.h"
#include "module/params.h"

const char *suggest_param(const char *name);
int config_set(struct rtlat_config *config, const char *name, const char *value,
	       struct problem *problem);
int config_word(struct rtlat_config *config, const char *word,
		struct problem *problem);
int config_finish(const struct rtlat_config *config, struct problem *problem);

#endif /* RTLAT_SUGGEST_H */
