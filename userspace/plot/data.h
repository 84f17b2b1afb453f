/* SPDX-License-Identifier: GPL-2.0 */
/* Data files of the figures. Pure. */
#ifndef RTLAT_PLOT_DATA_H
#define RTLAT_PLOT_DATA_H

#include "plot/plot.h"

/**
 * struct plot_data - a data file and what is to be known of it
 * @text: tab separated values, a line of headings first
 * @lines: platform:timer:load of each line to draw, separated by spaces
 * @log: the averages lie so far apart that they need a logarithmic axis
 * @equal_n: worst cases are compared at so many samples
 * @min_sets: fewest sets of a point
 * @max_sets: most
 * @min_n: fewest samples of a point
 * @max_n: most
 */
struct plot_data {
	char *text;
	char *lines;
	bool log;
	u64 equal_n;
	unsigned int min_sets;
	unsigned int max_sets;
	u64 min_n;
	u64 max_n;
};

bool plot_points(struct plot_data *data, const struct sweep *sweep,
		 const struct plot *plot, const struct plot_unit *unit);
bool plot_cdf(struct plot_data *data, const struct sweep *sweep,
	      const struct plot *plot, const struct plot_unit *unit);

#endif /* RTLAT_PLOT_DATA_H */
