// SPDX-License-Identifier: GPL-2.0
/* The tasks of a run, its largest samples, and a task set, as text. */

#include "ledger.h"
#include "show.h"
#include "tasks.h"

static void rtlat_show_task(struct seq_file *seq, const struct rtlat_task *task)
{
	const struct rtlat_config *cfg = &task->cpu->run->cfg;
	const struct rtlat_task_stats *stats = &task->stats;

	seq_printf(seq, "task=%u cpu=%u kind=%s policy=%s prio=%u period_ns=%llu exec_ns=%llu",
		   task->id, task->cpu->id,
		   rtlat_task_kind_names[cfg->task_kind],
		   rtlat_policy_names[cfg->policy], task->prio,
		   task->period_ns, task->exec_ns);
	seq_printf(seq, " released=%llu completed=%llu missed=%llu overrun=%llu skipped=%llu throttled=%llu",
		   stats->released, stats->completed, stats->missed,
		   stats->overrun, stats->skipped, stats->throttled);
	seq_printf(seq, " tardiness_sum_ns=%llu tardiness_max_ns=%llu response_max_ns=%llu cpu_sum_ns=%llu cpu_min_ns=%llu cpu_max_ns=%llu\n",
		   stats->tardiness_sum_ns, stats->tardiness_max_ns,
		   stats->response_max_ns, stats->cpu_sum_ns,
		   stats->cpu_min_ns, stats->cpu_max_ns);
}

/**
 * rtlat_show_tasks - the file tasks
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 */
void rtlat_show_tasks(struct seq_file *seq, const struct rtlat_config *next,
		      struct rtlat_run *run)
{
	struct rtlat_cpu *cpu;
	unsigned int i;
	u32 t;

	if (!run)
		return;
	rtlat_for_each_cpu(cpu, run, i)
		for (t = 0; t < cpu->nr_tasks; t++)
			rtlat_show_task(seq, &cpu->tasks[t]);
}

/**
 * rtlat_show_outliers - the file outliers
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 *
 * Of a run that is under way a line may be torn.
 */
void rtlat_show_outliers(struct seq_file *seq, const struct rtlat_config *next,
			 struct rtlat_run *run)
{
	const struct rtlat_sample *sample;
	struct rtlat_cpu *cpu;
	unsigned int i, m;
	u32 s;

	if (!run)
		return;
	rtlat_for_each_cpu(cpu, run, i) {
		for (m = 0; m < RTLAT_NR_METRICS; m++) {
			for (s = 0; s < cpu->largest[m].n; s++) {
				sample = &cpu->largest[m].sample[s];
				seq_printf(seq, "cpu=%u metric=%s rank=%u duration_ns=%llu start_ns=%llu task=%u job=%u flags=%u\n",
					   cpu->id, rtlat_metric_names[m], s + 1,
					   sample->duration_ns, sample->start_ns,
					   sample->task, sample->job,
					   sample->flags);
			}
		}
	}
}

/* How many CPUs the next run would have. */
static u32 rtlat_next_cpus(const struct rtlat_config *next)
{
	cpumask_var_t cpus;
	u32 n = 0;

	if (!*next->cpus)
		return num_online_cpus();
	if (!zalloc_cpumask_var(&cpus, GFP_KERNEL))
		return 0;
	if (!cpulist_parse(next->cpus, cpus))
		n = cpumask_weight(cpus);
	free_cpumask_var(cpus);
	return n;
}

/**
 * rtlat_show_taskset - the file taskset: what the next run would draw
 * @seq: file
 * @next: parameters of the next run
 * @run: the present run, or NULL
 *
 * Empty unless the parameters are of mode=taskset.
 */
void rtlat_show_taskset(struct seq_file *seq, const struct rtlat_config *next,
			struct rtlat_run *run)
{
	char line[RTLAT_LINE_MAX];
	struct rtlat_taskset *set;
	u32 i, nr_cpus = rtlat_next_cpus(next);

	if (next->mode != RTLAT_MODE_TASKSET || !nr_cpus)
		return;
	set = rtlat_tasks_draw(next, nr_cpus);
	if (IS_ERR(set))
		return;
	for (i = 0; rtlat_taskset_format(set, i, line, sizeof(line)); i++)
		seq_printf(seq, "%s\n", line);
	rtlat_tasks_undraw(set);
}
