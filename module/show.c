// SPDX-License-Identifier: GPL-2.0
/* A run as text: the same lines for debugfs and for the trace. */

#include "compat/compat.h"
#include "probes.h"
#include "show.h"
#include "text.h"
#include "timer.h"
#include "trace.h"

static const char *const rtlat_end_names[] = {
	[RTLAT_END_NONE] = "none",
	[RTLAT_END_COMPLETE] = "complete",
	[RTLAT_END_STOPPED] = "stopped",
	[RTLAT_END_OFFLINE] = "offline",
	[RTLAT_END_SUSPEND] = "suspend",
	[RTLAT_END_LEFT] = "left",
};

static u64 rtlat_progress(const struct rtlat_run *run, u64 *total)
{
	if (rtlat_config_tasks(&run->cfg))
		return rtlat_timer_progress(run, total);
	return rtlat_ipi_progress(run, total);
}

/* What a CPU's ledger of a metric is; of a run that is under way: as of now. */
static struct rtlat_ledger rtlat_ledger_now(const struct rtlat_run *run,
					    const struct rtlat_cpu *cpu,
					    unsigned int metric)
{
	struct rtlat_ledger ledger = cpu->ledger[metric];

	if (!run->end_ns && cpu->hist[metric][RTLAT_C_KEPT] &&
	    (RTLAT_EXPIRY_METRICS & (1U << metric)))
		ledger.attempted = rtlat_timer_attempted(cpu);
	return ledger;
}

static bool rtlat_run_closes(const struct rtlat_run *run)
{
	struct rtlat_ledger ledger;
	struct rtlat_cpu *cpu;
	unsigned int m;
	unsigned int i;

	rtlat_for_each_cpu(cpu, run, i) {
		for (m = 0; m < RTLAT_NR_METRICS; m++) {
			ledger = rtlat_ledger_now(run, cpu, m);
			if (!rtlat_ledger_closes(&ledger))
				return false;
		}
	}
	return true;
}

/*
 * The CPUs of the run, one word: the last one, so that a list as long as that of
 * every other CPU of a large machine cuts nothing else off.
 */
static int rtlat_cpus_text(char *buf, size_t size, const struct rtlat_run *run)
{
	int len = scnprintf(buf, size, "cpus=%*pbl", cpumask_pr_args(run->cpus));

	if (len + 1 < size)
		return len;
	return scnprintf(buf, size, "cpus=many");
}

/* What rtlat's own code takes of each metric of the run, one word. */
static int rtlat_own_text(char *buf, size_t size, const struct rtlat_run *run)
{
	int len = scnprintf(buf, size, "own_cost_ps=");
	const char *comma = "";
	unsigned int m;

	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		if (!run->own_ps[m])
			continue;
		len += scnprintf(buf + len, size - len, "%s%s:%llu", comma,
				 rtlat_metric_names[m], run->own_ps[m]);
		comma = ",";
	}
	return len + (*comma ? 0 : scnprintf(buf + len, size - len, "none"));
}

/*
 * The status, its words separated by @sep. A run is done for the trace before
 * it is for debugfs: who sees state=done there may end the recording at once.
 * Return: characters written.
 */
static int rtlat_status_text(char *buf, size_t size, char sep,
			     struct rtlat_run *run, bool running)
{
	static const struct rtlat_run none = { .cfg.mode = RTLAT_MODE_IDLE };
	u64 done = 0, total = 0, sum_checked = 0, sum_failed = 0, lost = 0;
	u64 missed = 0, overrun = 0, throttled = 0, faults = 0;
	size_t bytes = 0;
	struct rtlat_cpu *cpu;
	const char *state = "idle";
	bool closes = true;
	unsigned int i;
	u32 t;
	int len;

	if (run) {
		state = running ? "running" : "done";
		done = rtlat_progress(run, &total);
		closes = rtlat_run_closes(run);
		rtlat_for_each_cpu(cpu, run, i) {
			bytes = max(bytes, rtlat_cpu_bytes(cpu));
			sum_checked += cpu->sum_checked;
			sum_failed += cpu->sum_failed;
			lost += cpu->ring_lost;
			faults += READ_ONCE(cpu->faults);
			for (t = 0; t < cpu->nr_tasks; t++) {
				missed += cpu->tasks[t].stats.missed;
				overrun += cpu->tasks[t].stats.overrun;
				throttled += cpu->tasks[t].stats.throttled;
			}
		}
	}
	len = scnprintf(buf, size, "abi=%s%cversion=%s%cstate=%s%crun=%u%c",
			RTLAT_ABI_STR, sep, RTLAT_VERSION, sep, state, sep,
			run ? run->number : 0, sep);
	if (!run)
		run = (struct rtlat_run *)&none;
	len += scnprintf(buf + len, size - len,
			 "mode=%s%cend=%s%cbegin_ns=%llu%cend_ns=%llu%cdone=%llu%ctotal=%llu%c",
			 rtlat_mode_names[run->cfg.mode], sep,
			 rtlat_end_names[run->end], sep, run->begin_ns, sep,
			 run->end_ns, sep, done, sep, total, sep);
	len += rtlat_own_text(buf + len, size - len, run);
	len += scnprintf(buf + len, size - len, "%c", sep);
	len += scnprintf(buf + len, size - len,
			 "memory_per_cpu_bytes=%zu%cstamp_cost_ps=%llu%cserve_cost_ns=%llu%cpreempt=%s%csched_entry=%s%c",
			 bytes, sep, run->clock_cost_ps, sep,
			 run->serve_cost_ns, sep, rtlat_preempt_model(), sep,
			 rtlat_hooks_name(), sep);
	len += scnprintf(buf + len, size - len,
			 "joining=%u%cmissed=%llu%coverrun=%llu%cthrottled=%llu%csum_checked=%llu%csum_failed=%llu%cfaults=%llu%ctrace_lost=%llu%cledger_closes=%d",
			 run->joining, sep, missed, sep, overrun, sep, throttled, sep,
			 sum_checked, sep, sum_failed, sep, faults, sep, lost, sep,
			 closes);
	if (run == &none)
		return len;
	len += scnprintf(buf + len, size - len, "%c", sep);
	return len + rtlat_cpus_text(buf + len, size - len, run);
}

/**
 * rtlat_show_params - the file params
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 */
void rtlat_show_params(struct seq_file *seq, const struct rtlat_config *next,
		       struct rtlat_run *run)
{
	char line[RTLAT_LINE_MAX];
	unsigned int i;

	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		rtlat_config_format(next, i, line, sizeof(line));
		seq_printf(seq, "%s\n", line);
	}
}

/**
 * rtlat_show_status - the file status
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 */
void rtlat_show_status(struct seq_file *seq, const struct rtlat_config *next,
		       struct rtlat_run *run)
{
	char text[RTLAT_LINE_MAX];

	rtlat_status_text(text, sizeof(text), '\n', run, rtlat_running(run));
	seq_printf(seq, "%s\n", text);
}

/* Calls @emit with every line of the ledger, or of the summary. */
static void rtlat_each_ledger(struct rtlat_run *run, void *to,
			      void (*emit)(void *to, const char *line))
{
	char line[RTLAT_LINE_MAX];
	struct rtlat_cpu *cpu;
	unsigned int m;
	unsigned int i;

	if (!run)
		return;
	rtlat_for_each_cpu(cpu, run, i) {
		for (m = 0; m < RTLAT_NR_METRICS; m++) {
			struct rtlat_ledger ledger = rtlat_ledger_now(run, cpu, m);

			if (!cpu->hist[m][RTLAT_C_KEPT])
				continue;
			rtlat_text_ledger(line, sizeof(line), cpu->id, m,
					  &ledger);
			emit(to, line);
		}
	}
}

static void rtlat_each_hist(struct rtlat_run *run, void *to,
			    void (*emit)(void *to, unsigned int cpu,
					 enum rtlat_metric metric,
					 enum rtlat_class class,
					 const struct rtlat_hist *hist))
{
	struct rtlat_cpu *cpu;
	unsigned int m, c;
	unsigned int i;

	if (!run)
		return;
	rtlat_for_each_cpu(cpu, run, i)
		for (m = 0; m < RTLAT_NR_METRICS; m++)
			for (c = 0; c < RTLAT_NR_CLASSES; c++)
				if (cpu->hist[m][c] && cpu->hist[m][c]->n)
					emit(to, cpu->id, m, c,
					     cpu->hist[m][c]);
}

static void rtlat_line_to_seq(void *to, const char *line)
{
	seq_printf(to, "%s\n", line);
}

/**
 * rtlat_show_ledger - the file ledger
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 */
void rtlat_show_ledger(struct seq_file *seq, const struct rtlat_config *next,
		       struct rtlat_run *run)
{
	rtlat_each_ledger(run, seq, rtlat_line_to_seq);
}

static void rtlat_summary_to_seq(void *to, unsigned int cpu,
				 enum rtlat_metric metric,
				 enum rtlat_class class,
				 const struct rtlat_hist *hist)
{
	char line[RTLAT_LINE_MAX];

	rtlat_text_summary(line, sizeof(line), cpu, metric, class, hist);
	seq_printf(to, "%s\n", line);
}

/**
 * rtlat_show_summary - the file summary
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 */
void rtlat_show_summary(struct seq_file *seq, const struct rtlat_config *next,
			struct rtlat_run *run)
{
	rtlat_each_hist(run, seq, rtlat_summary_to_seq);
}

static void rtlat_hist_to_seq(void *to, unsigned int cpu,
			      enum rtlat_metric metric, enum rtlat_class class,
			      const struct rtlat_hist *hist)
{
	unsigned int i;

	seq_printf(to, "cpu=%u metric=%s class=%s", cpu,
		   rtlat_metric_names[metric], rtlat_class_names[class]);
	for (i = 0; i < RTLAT_HIST_BUCKETS; i++)
		if (hist->bucket[i])
			seq_printf(to, " %u:%llu", i, hist->bucket[i]);
	seq_putc(to, '\n');
}

/**
 * rtlat_show_histograms - the file histograms
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 */
void rtlat_show_histograms(struct seq_file *seq,
			   const struct rtlat_config *next,
			   struct rtlat_run *run)
{
	rtlat_each_hist(run, seq, rtlat_hist_to_seq);
}

/**
 * rtlat_trace_begin - say in the trace what run begins
 * @run: run
 */
void rtlat_trace_begin(struct rtlat_run *run)
{
	char line[RTLAT_LINE_MAX];
	unsigned int i;

	if (!trace_rtlat_run_enabled())
		return;
	rtlat_status_text(line, sizeof(line), ' ', run, true);
	trace_rtlat_run(run->number, RTLAT_PHASE_BEGIN, line);
	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		rtlat_config_format(&run->cfg, i, line, sizeof(line));
		trace_rtlat_run(run->number, RTLAT_PHASE_PARAM, line);
	}
}

static void rtlat_ledger_to_trace(void *to, const char *line)
{
	const struct rtlat_run *run = to;

	trace_rtlat_run(run->number, RTLAT_PHASE_LEDGER, line);
}

static void rtlat_summary_to_trace(void *to, unsigned int cpu,
				   enum rtlat_metric metric,
				   enum rtlat_class class,
				   const struct rtlat_hist *hist)
{
	const struct rtlat_run *run = to;
	char line[RTLAT_LINE_MAX];

	rtlat_text_summary(line, sizeof(line), cpu, metric, class, hist);
	trace_rtlat_run(run->number, RTLAT_PHASE_SUMMARY, line);
}

/**
 * rtlat_trace_end - put the closed ledger and the results into the trace
 * @run: finished run
 */
void rtlat_trace_end(struct rtlat_run *run)
{
	char line[RTLAT_LINE_MAX];

	if (!trace_rtlat_run_enabled())
		return;
	rtlat_each_ledger(run, run, rtlat_ledger_to_trace);
	rtlat_each_hist(run, run, rtlat_summary_to_trace);
	rtlat_status_text(line, sizeof(line), ' ', run, false);
	trace_rtlat_run(run->number, RTLAT_PHASE_END, line);
}
