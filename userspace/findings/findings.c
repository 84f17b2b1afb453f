// SPDX-License-Identifier: GPL-2.0
/* The paper's findings, held against a sweep. Pure. */

#include <stdlib.h>
#include <string.h>

#include "findings/findings.h"
#include "plot/plot.h"
#include "proof/platform.h"

const char *const verdict_names[] = {
	[VERDICT_HOLDS] = "holds",
	[VERDICT_OPEN] = "not to be said",
	[VERDICT_FAILS] = "does not hold",
};

/**
 * finding_start - start to examine a finding
 * @finding: receives it; finding_end() it
 * @id: its name in JSON
 * @says: what the paper found
 * @limit: what decides
 */
void finding_start(struct finding *finding, const char *id, const char *says,
		   const char *limit)
{
	memset(finding, 0, sizeof(*finding));
	finding->json = json_object();
	finding->rows = json_array();
	json_object_set_new(finding->json, "id", json_string(id));
	json_object_set_new(finding->json, "finding", json_string(says));
	json_object_set_new(finding->json, "limit", json_string(limit));
}

static void set_verdict(json_t *json, enum verdict verdict, const char *why)
{
	json_object_set_new(json, "verdict", json_string(verdict_names[verdict]));
	json_object_set_new(json, "why", why ? json_string(why) : json_null());
}

/**
 * finding_part - figures that decide a part of a finding
 * @finding: finding
 * @row: the figures; taken over
 * @verdict: what they say
 * @why: why they say it
 *
 * The finding holds when all of its parts do.
 */
void finding_part(struct finding *finding, json_t *row, enum verdict verdict,
		  const char *why)
{
	set_verdict(row, verdict, why);
	json_array_append_new(finding->rows, row);
	if (verdict > finding->verdict)
		finding->verdict = verdict;
	finding->parts++;
}

/**
 * finding_end - the finding with its verdict
 * @finding: finding
 * @none: why nothing is to be said when it has no part
 *
 * Return: the object.
 */
json_t *finding_end(struct finding *finding, const char *none)
{
	const char *why = NULL;
	size_t i;

	if (!finding->parts) {
		finding->verdict = VERDICT_OPEN;
		why = none;
	}
	for (i = 0; finding->verdict != VERDICT_HOLDS && !why &&
	     i < json_array_size(finding->rows); i++) {
		const json_t *row = json_array_get(finding->rows, i);

		if (!strcmp(json_text_of(row, "verdict"),
			    verdict_names[finding->verdict]))
			why = json_text_of(row, "why");
	}
	set_verdict(finding->json, finding->verdict, why);
	json_object_set_new(finding->json, "figures", finding->rows);
	return finding->json;
}

typedef json_t *(*finding_fn)(const struct sweep *sweep);

/**
 * findings_of - the paper's findings, held against a sweep
 * @sweep: sweep of task sets, with points
 *
 * Return: object: what the cells are, and a verdict with its figures for each
 * finding.
 */
json_t *findings_of(const struct sweep *sweep)
{
	static const finding_fn findings[] = {
		finding_flat, finding_comparable, finding_higher, finding_outliers,
	};
	json_t *json = json_object(), *list = json_array();
	char *about = plot_about(sweep);
	struct plot_unit unit;
	bool none;
	size_t i;

	plot_unit_of(&unit, sweep);
	none = !strcmp(json_string_value(sweep_common(sweep, NULL, "clock")),
		       "none");
	json_object_set_new(json, "cells",
			    json_integer((json_int_t)json_array_size(sweep->cells)));
	json_object_set_new(json, "about", json_string(about));
	json_object_set_new(json, "clock", json_string(unit.clock));
	for (i = 0; i < ARRAY_SIZE(findings); i++) {
		json_t *finding = findings[i](sweep);

		if (none)
			set_verdict(finding, VERDICT_OPEN,
				    "clock=none: the times mean nothing");
		json_array_append_new(list, finding);
	}
	json_object_set_new(json, "findings", list);
	free(unit.clock);
	free(about);
	return json;
}

/**
 * findings_count - findings with a verdict
 * @findings: what findings_of() returned
 * @verdict: the verdict
 *
 * Return: how many.
 */
unsigned int findings_count(const json_t *findings, enum verdict verdict)
{
	const json_t *list = json_object_get(findings, "findings");
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		nr += !strcmp(json_text_of(json_array_get(list, i), "verdict"),
			      verdict_names[verdict]);
	return nr;
}
