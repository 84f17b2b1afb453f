// SPDX-License-Identifier: GPL-2.0
/* How far a run is: one rewritten line on a terminal, few lines in a log. */

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/progress.h"

/**
 * progress_start - before the first look
 * @progress: state
 * @expected_ms: length of the run, ms; 0: not known
 */
void progress_start(struct progress *progress, uint64_t expected_ms)
{
	progress->tty = isatty(STDERR_FILENO);
	progress->expected_ms = expected_ms;
	progress->tenths = 0;
}

/**
 * progress_show - show how far the run is
 * @progress: state
 * @done: releases or IPIs finished
 * @total: asked for; 0: endless
 * @elapsed_ms: since the start
 */
void progress_show(struct progress *progress, uint64_t done, uint64_t total,
		   uint64_t elapsed_ms)
{
	unsigned int tenths = total ? (unsigned int)(done * 10 / total) : 0;
	/* as fast as so far */
	uint64_t left_ms = done ? (uint64_t)((double)elapsed_ms / (double)done *
			   (double)(total > done ? total - done : 0)) :
			   progress->expected_ms;
	const char *open = progress->tty ? "\r\033[K" : "rtlat: ";
	const char *close = progress->tty ? "" : "\n";

	if (!progress->tty &&
	    (!total || done >= total || tenths <= progress->tenths))
		return;
	progress->tenths = tenths;
	if (total)
		fprintf(stderr, "%s%" PRIu64 "/%" PRIu64 " done, %" PRIu64 " s left%s",
			open, done, total, (left_ms + 999) / 1000, close);
	else
		fprintf(stderr, "%s%" PRIu64 " done in %" PRIu64 " s, until stopped%s",
			open, done, elapsed_ms / 1000, close);
	fflush(stderr);
}

/**
 * progress_end - after the last look
 * @progress: state
 * @done: releases or IPIs finished
 * @total: asked for; 0: endless
 */
void progress_end(struct progress *progress, uint64_t done, uint64_t total)
{
	if (progress->tty)
		fprintf(stderr, "\r\033[K");
	if (total)
		fprintf(stderr, "rtlat: %" PRIu64 "/%" PRIu64 " done\n", done,
			total);
	else
		fprintf(stderr, "rtlat: %" PRIu64 " done\n", done);
}
