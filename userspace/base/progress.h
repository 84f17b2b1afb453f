/* SPDX-License-Identifier: GPL-2.0 */
/* How far a run is: one rewritten line on a terminal, few lines in a log. */
#ifndef RTLAT_PROGRESS_H
#define RTLAT_PROGRESS_H

#include "base/util.h"

/**
 * struct progress - what was shown
 * @tty: standard error is a terminal
 * @expected_ms: length of the run; 0: not known
 * @tenths: tenths of the run that a log has been told of
 */
struct progress {
	bool tty;
	uint64_t expected_ms;
	unsigned int tenths;
};

void progress_start(struct progress *progress, uint64_t expected_ms);
void progress_show(struct progress *progress, uint64_t done, uint64_t total,
		   uint64_t elapsed_ms);
void progress_end(struct progress *progress, uint64_t done, uint64_t total);

#endif /* RTLAT_PROGRESS_H */
