/* SPDX-License-Identifier: GPL-2.0 */
/* A run as text: for debugfs and for the trace. */
#ifndef RTLAT_SHOW_H
#define RTLAT_SHOW_H

#include "run.h"

void rtlat_show_params(struct seq_file *seq, const struct rtlat_config *next,
		       struct rtlat_run *run);
void rtlat_show_status(struct seq_file *seq, const struct rtlat_config *next,
		       struct rtlat_run *run);
void rtlat_show_ledger(struct seq_file *seq, const struct rtlat_config *next,
		       struct rtlat_run *run);
void rtlat_show_summary(struct seq_file *seq, const struct rtlat_config *next,
			struct rtlat_run *run);
void rtlat_show_histograms(struct seq_file *seq,
			   const struct rtlat_config *next,
			   struct rtlat_run *run);
void rtlat_show_tasks(struct seq_file *seq, const struct rtlat_config *next,
		      struct rtlat_run *run);
void rtlat_show_outliers(struct seq_file *seq, const struct rtlat_config *next,
			 struct rtlat_run *run);
void rtlat_show_taskset(struct seq_file *seq, const struct rtlat_config *next,
			struct rtlat_run *run);
void rtlat_trace_begin(struct rtlat_run *run);
void rtlat_trace_end(struct rtlat_run *run);

#endif /* RTLAT_SHOW_H */
