/* SPDX-License-Identifier: GPL-2.0 */
/* What libtraceevent's plugin loader looks for by name. */
#ifndef RTLAT_PLUGIN_H
#define RTLAT_PLUGIN_H

#include <event-parse.h>

int TEP_PLUGIN_LOADER(struct tep_handle *tep);
void TEP_PLUGIN_UNLOADER(struct tep_handle *tep);

#endif /* RTLAT_PLUGIN_H */
