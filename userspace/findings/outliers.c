// SPDX-License-Identifier: GPL-2.0
/* The paper's finding about outliers. Pure. */

#include <stdlib.h>

#include "findings/findings.h"
#include "proof/platform.h"

/**
 * struct share - how many of the samples were interrupted
 * @largest: samples among the largest of their cells
 * @interrupted: of those
 * @all: all samples
 * @all_interrupted: of those
 */
struct share {
	u64 largest;
	u64 interrupted;
	u64 all;
	u64 all_interrupted;
};

static u64 count_of(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));

	return value > 0 ? (u64)value : 0;
}

static void count_cell(struct share *share, const json_t *cell,
		       unsigned int metric)
{
	const json_t *metrics = json_object_get(cell, "metrics");
	const json_t *one = json_object_get(metrics, metric_name(metric));
	const json_t *largest = json_object_get(one, "largest");
	const json_t *ledger = json_object_get(one, "ledger");
	u64 interrupted = count_of(ledger, line_name(RTLAT_L_INTERRUPTED));
	size_t i;

	for (i = 0; i < json_array_size(largest); i++)
		share->interrupted +=
			count_of(json_array_get(largest, i), "nested") > 0;
	share->largest += json_array_size(largest);
	share->all += interrupted + count_of(ledger, line_name(RTLAT_L_KEPT));
	share->all_interrupted += interrupted;
}

static void count_cells(struct share *share, const struct sweep *sweep,
			const struct sweep_spot *line, unsigned int metric)
{
	size_t i;

	memset(share, 0, sizeof(*share));
	for (i = 0; i < json_array_size(sweep->cells); i++) {
		const json_t *cell = json_array_get(sweep->cells, i);
		struct sweep_spot spot;

		if (sweep_spot_of(&spot, cell) && sweep_matches(&spot, line))
			count_cell(share, cell, metric);
	}
}

static json_t *percent(u64 part, u64 whole)
{
	return whole ? json_real(100.0 * (double)part / (double)whole) :
		       json_null();
}

static json_t *share_row(const struct sweep_spot *line, unsigned int metric,
			 const struct share *share)
{
	char *label = platform_label((unsigned int)line->platform, line->posted);
	json_t *row = json_object();

	json_object_set_new(row, "platform", json_string(label));
	json_object_set_new(row, "metric", json_string(metric_name(metric)));
	json_object_set_new(row, "largest",
			    json_integer((json_int_t)share->largest));
	json_object_set_new(row, "interrupted",
			    json_integer((json_int_t)share->interrupted));
	json_object_set_new(row, "percent",
			    percent(share->interrupted, share->largest));
	json_object_set_new(row, "all", json_integer((json_int_t)share->all));
	json_object_set_new(row, "all_interrupted",
			    json_integer((json_int_t)share->all_interrupted));
	json_object_set_new(row, "all_percent",
			    percent(share->all_interrupted, share->all));
	free(label);
	return row;
}

static void outliers_part(struct finding *finding, json_t *row,
			  const struct share *share, const struct share *sched)
{
	/* in whole numbers: shares of different counts, without rounding */
	const u64 left = share->interrupted * sched->largest;
	const u64 right = sched->interrupted * share->largest;

	if (!share->largest || !sched->largest)
		finding_part(finding, row, VERDICT_OPEN,
			     "the results do not list the largest samples");
	else if (!share->interrupted && !sched->interrupted)
		finding_part(finding, row, VERDICT_OPEN,
			     "none of the largest samples was interrupted, of sched_overhead neither");
	else if (left > right)
		finding_part(finding, row, VERDICT_HOLDS,
			     "the share is above sched_overhead's");
	else
		finding_part(finding, row, VERDICT_FAILS,
			     "the share is not above sched_overhead's");
}

/**
 * finding_outliers - do interrupts make the outliers, where they can strike?
 * @sweep: sweep of task sets
 *
 * Return: the finding.
 */
json_t *finding_outliers(const struct sweep *sweep)
{
	static const unsigned int metrics[] = {
		RTLAT_EVENT_LATENCY, RTLAT_CXS_OVERHEAD,
	};
	struct sweep_spot line = sweep_any;
	struct finding finding;
	size_t i;

	finding_start(&finding, "outliers_interrupted",
		      "interrupted samples own the outliers of event latency and context switch more than of scheduling",
		      "of the ten largest samples of each cell, the share interrupted: above sched_overhead's");
	for (line.platform = 0; line.platform < NR_PLATFORMS; line.platform++) {
		for (line.posted = 0; line.posted < 2; line.posted++) {
			struct share sched, share;

			count_cells(&sched, sweep, &line, RTLAT_SCHED_OVERHEAD);
			if (!sched.all)
				continue;
			for (i = 0; i < ARRAY_SIZE(metrics); i++) {
				count_cells(&share, sweep, &line, metrics[i]);
				outliers_part(&finding,
					      share_row(&line, metrics[i], &share),
					      &share, &sched);
			}
			json_array_append_new(finding.rows,
					      share_row(&line, RTLAT_SCHED_OVERHEAD,
							&sched));
		}
	}
	return finding_end(&finding, "no samples of sched_overhead");
}
