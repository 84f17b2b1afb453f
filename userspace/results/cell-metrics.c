// SPDX-License-Identifier: GPL-2.0
/* The figures of a run as JSON. Pure. */

#include <math.h>
#include <stdlib.h>

#include "results/cell.h"
#include "stats/bootstrap.h"
#include "stats/stats.h"

/**
 * json_string_or_null - text from outside, whatever bytes it has
 * @text: the text; NULL gives null
 *
 * JSON is UTF-8: in a text that is not, all but ASCII is shown as '?'.
 *
 * Return: the JSON value.
 */
json_t *json_string_or_null(const char *text)
{
	json_t *json = text ? json_string(text) : json_null();
	char *copy, *at;

	if (json)
		return json;
	copy = xstrdup(text);
	for (at = copy; *at; at++)
		if (*at & 0x80)
			*at = '?';
	json = json_string(copy);
	free(copy);
	return json;
}

/**
 * json_real_or_null - number with three decimals
 * @valid: false gives null
 * @value: the number
 *
 * Return: the JSON value.
 */
json_t *json_real_or_null(bool valid, double value)
{
	return valid ? json_real(round(value * 1000) / 1000) : json_null();
}

/**
 * json_u64_or_null - whole number
 * @valid: false gives null
 * @value: the number
 *
 * Return: the JSON value.
 */
json_t *json_u64_or_null(bool valid, u64 value)
{
	return valid ? json_integer((json_int_t)value) : json_null();
}

static json_t *ci_json(bool valid, const struct ci *ci)
{
	json_t *json;

	if (!valid)
		return json_null();
	json = json_array();
	json_array_append_new(json, json_real_or_null(true, ci->lo));
	json_array_append_new(json, json_real_or_null(true, ci->hi));
	return json;
}

static json_t *stats_json(const struct rtlat_hist *hist)
{
	json_t *json = json_object();
	struct ci mean, p99;
	struct stats stats;
	bool any;

	stats_of(&stats, hist);
	bootstrap_ci(hist, &mean, &p99);
	any = stats.n != 0;
	json_object_set_new(json, "n", json_u64_or_null(true, stats.n));
	json_object_set_new(json, "min", json_u64_or_null(any, stats.min));
	json_object_set_new(json, "mean", json_real_or_null(any, stats.mean));
	json_object_set_new(json, "stddev",
			    json_real_or_null(stats.n > 1, stats.stddev));
	json_object_set_new(json, "p50", json_u64_or_null(any, stats.p50));
	json_object_set_new(json, "p90", json_u64_or_null(any, stats.p90));
	json_object_set_new(json, "p99", json_u64_or_null(any, stats.p99));
	json_object_set_new(json, "p999", json_u64_or_null(any, stats.p999));
	json_object_set_new(json, "max", json_u64_or_null(any, stats.max));
	json_object_set_new(json, "ci95_mean", ci_json(any, &mean));
	json_object_set_new(json, "ci95_p99", ci_json(any, &p99));
	return json;
}

static json_t *ledger_json(const struct ledger *ledger)
{
	json_t *json = json_object();
	unsigned int i;

	json_object_set_new(json, "attempted",
			    json_u64_or_null(true, ledger->attempted));
	for (i = 0; i < RTLAT_NR_LINES; i++)
		json_object_set_new(json, line_name(i),
				    json_u64_or_null(true, ledger->line[i]));
	return json;
}

/* Statistics over some classes; @like is over fewer, perhaps of all there is. */
static json_t *classes_json(const struct figures *figures, unsigned int metric,
			    unsigned int classes, const json_t *like)
{
	struct rtlat_hist *hist = xcalloc(1, sizeof(*hist));
	json_t *json;

	figures_merge(figures, metric, classes, hist);
	if (like && json_integer_value(json_object_get(like, "n")) ==
		    (json_int_t)hist->n)
		json = json_deep_copy(like);
	else
		json = stats_json(hist);
	free(hist);
	return json;
}

static json_t *metric_json(const struct figures *figures,
			   const struct outliers *outliers, const u64 *own_ps,
			   unsigned int metric)
{
	const struct metric_part *part = metric_parts(metric);
	json_t *json = json_object();
	json_t *few = classes_json(figures, metric, CLASSES_UNQUEUED, NULL);
	json_t *kept = classes_json(figures, metric, CLASSES_KEPT, few);

	unsigned int i;

	json_object_set_new(json, "unit", json_string("ns"));
	if (own_ps && own_ps[metric])
		json_object_set_new(json, "own_cost_ns",
				    json_real_or_null(true, (double)own_ps[metric] / 1000));
	json_object_set_new(json, "kept", kept);
	json_object_set_new(json, "all", classes_json(figures, metric,
						      CLASSES_ALL, kept));
	for (i = 0; part && i < METRIC_PARTS; i++)
		json_object_set_new(json, part[i].name,
				    classes_json(figures, metric,
						 part[i].classes, few));
	json_object_set_new(json, "ledger", ledger_json(&figures->ledger[metric]));
	if (outliers)
		json_object_set_new(json, "largest",
				    outliers_json(outliers, metric));
	json_decref(few);
	return json;
}

/**
 * metrics_json - the object "metrics" of a cell
 * @figures: figures, or NULL
 * @outliers: the largest samples, or NULL
 * @own_ps: by metric, what rtlat's own code takes of it, ps; 0: not known; or NULL
 *
 * Return: an object for every metric that applies.
 */
json_t *metrics_json(const struct figures *figures,
		     const struct outliers *outliers, const u64 *own_ps)
{
	json_t *metrics = json_object();
	unsigned int m;

	for (m = 0; figures && m < RTLAT_NR_METRICS; m++)
		if (figures->ledger[m].applies)
			json_object_set_new(metrics, metric_name(m),
					    metric_json(figures, outliers, own_ps,
							m));
	return metrics;
}
