/* SPDX-License-Identifier: GPL-2.0 */
/* What the figures are drawn from, as text. Pure. */
#ifndef RTLAT_PLOT_H
#define RTLAT_PLOT_H

#include "results/sweep.h"

/**
 * struct plot_unit - what times are shown in
 * @name: for axes
 * @column: for columns of data files
 * @per_ns: units to the nanosecond
 * @clock: what the times are, as text
 */
struct plot_unit {
	const char *name;
	const char *column;
	double per_ns;
	char *clock;
};

enum plot_kind {
	PLOT_AVERAGE,
	PLOT_WORST,
	PLOT_CDF,
};

/**
 * struct plot - one figure
 * @name: of its files, without ending
 * @kind: what is shown
 * @metric: of which metric
 */
struct plot {
	char *name;
	enum plot_kind kind;
	unsigned int metric;
};

/**
 * struct plot_text - the words of one figure
 * @data: what is drawn, tab separated
 * @title: first line
 * @subtitle: lines below it
 * @axis: of the times, unit included
 * @style: words for the gnuplot script: lin or log, the distributions
 * @lines: words for the gnuplot script: platform:timer:load of each line
 */
struct plot_text {
	char *data;
	char *title;
	char *subtitle;
	char *axis;
	char *style;
	char *lines;
};

void plot_unit_of(struct plot_unit *unit, const struct sweep *sweep);
char *plot_about(const struct sweep *sweep);
bool plot_make(struct plot_text *text, const struct sweep *sweep,
	       const struct plot *plot);
void plot_text_free(struct plot_text *text);
char *plot_tasksets(const struct sweep *sweep);

#endif /* RTLAT_PLOT_H */
