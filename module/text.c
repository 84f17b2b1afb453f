// SPDX-License-Identifier: GPL-2.0
/* Lines of the debugfs files and of rtlat_run trace events. Pure, see pure.h. */

#include "text.h"

/**
 * rtlat_text_ledger - a line of the file ledger
 * @buf: receives the line, no newline
 * @size: its size, RTLAT_LINE_MAX is enough
 * @cpu: CPU
 * @metric: metric
 * @ledger: its ledger
 *
 * Return: characters written, NUL not counted.
 */
int rtlat_text_ledger(char *buf, size_t size, unsigned int cpu,
		      enum rtlat_metric metric,
		      const struct rtlat_ledger *ledger)
{
	unsigned int i;
	int len;

	len = scnprintf(buf, size, "cpu=%u metric=%s attempted=%llu", cpu,
			rtlat_metric_names[metric],
			(unsigned long long)ledger->attempted);
	for (i = 0; i < RTLAT_NR_LINES; i++)
		len += scnprintf(buf + len, size - len, " %s=%llu",
				 rtlat_line_names[i],
				 (unsigned long long)ledger->line[i]);
	return len + scnprintf(buf + len, size - len, " closes=%d",
			       rtlat_ledger_closes(ledger));
}

/**
 * rtlat_text_summary - a line of the file summary
 * @buf: receives the line, no newline
 * @size: its size, RTLAT_LINE_MAX is enough
 * @cpu: CPU
 * @metric: metric
 * @class: class of the samples
 * @hist: their distribution
 *
 * Return: characters written, NUL not counted.
 */
int rtlat_text_summary(char *buf, size_t size, unsigned int cpu,
		       enum rtlat_metric metric, enum rtlat_class class,
		       const struct rtlat_hist *hist)
{
	return scnprintf(buf, size,
			 "cpu=%u metric=%s class=%s n=%llu sum=%llu sumsq_hi=%llu sumsq_lo=%llu min=%llu max=%llu max_start_ns=%llu max_task=%u max_job=%u max_flags=%u",
			 cpu, rtlat_metric_names[metric],
			 rtlat_class_names[class],
			 (unsigned long long)hist->n,
			 (unsigned long long)hist->sum,
			 (unsigned long long)(hist->sumsq >> 64),
			 (unsigned long long)hist->sumsq,
			 (unsigned long long)hist->min,
			 (unsigned long long)hist->max,
			 (unsigned long long)hist->max_start_ns,
			 hist->max_task, hist->max_job, hist->max_flags);
}

/**
 * rtlat_text_printable - what can be printed of a text without doing harm
 * @text: text
 *
 * Return: its characters before the first one that is not printable ASCII.
 */
size_t rtlat_text_printable(const char *text)
{
	size_t n = 0;

	while (text[n] >= ' ' && text[n] <= '~')
		n++;
	return n;
}
