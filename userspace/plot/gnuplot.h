/* SPDX-License-Identifier: GPL-2.0 */
/* Running gnuplot. */
#ifndef RTLAT_GNUPLOT_H
#define RTLAT_GNUPLOT_H

#include "base/util.h"

int gnuplot_find(struct problem *problem);
char *gnuplot_scripts(const char *dir, struct problem *problem);
int gnuplot_run(int dirfd, const char *script, const char *const *args,
		struct problem *problem);

#endif /* RTLAT_GNUPLOT_H */
