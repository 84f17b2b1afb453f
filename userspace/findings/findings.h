/* SPDX-License-Identifier: GPL-2.0 */
/* The paper's findings, held against a sweep. Pure. */
#ifndef RTLAT_FINDINGS_H
#define RTLAT_FINDINGS_H

#include <jansson.h>
#include <stdio.h>

#include "results/sweep.h"

/* The limits that decide; printed with the findings. */
#define FINDING_GROWTH_PERCENT	5.0	/* over all of k, of the mean */
#define FINDING_RATIO_MIN	0.8	/* of comparable averages */
#define FINDING_RATIO_MAX	1.25

/**
 * enum verdict - what is to be said of a finding, the stronger one later
 * @VERDICT_HOLDS: it holds
 * @VERDICT_OPEN: it is not to be said
 * @VERDICT_FAILS: it does not hold
 */
enum verdict {
	VERDICT_HOLDS,
	VERDICT_OPEN,
	VERDICT_FAILS,
};

extern const char *const verdict_names[];

json_t *findings_of(const struct sweep *sweep);
void findings_print(const json_t *findings, FILE *to);
unsigned int findings_count(const json_t *findings, enum verdict verdict);

json_t *finding_flat(const struct sweep *sweep);
json_t *finding_comparable(const struct sweep *sweep);
json_t *finding_higher(const struct sweep *sweep);
json_t *finding_outliers(const struct sweep *sweep);

/**
 * struct finding - a finding under examination
 * @json: the object that it becomes
 * @rows: its figures
 * @verdict: worst of the parts so far
 * @parts: how many parts have had their say
 */
struct finding {
	json_t *json;
	json_t *rows;
	enum verdict verdict;
	unsigned int parts;
};

void finding_start(struct finding *finding, const char *id, const char *says,
		   const char *limit);
void finding_part(struct finding *finding, json_t *row, enum verdict verdict,
		  const char *why);
json_t *finding_end(struct finding *finding, const char *none);

#endif /* RTLAT_FINDINGS_H */
