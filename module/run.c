// SPDX-License-Identifier: GPL-2.0
/* The life of a run: check, set up, go, finish, close the ledger. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include "fault.h"
#include "probes.h"
#include "run.h"
#include "show.h"
#include "thread.h"
#include "user.h"

static DEFINE_MUTEX(rtlat_mutex);	/* the three below, start and stop */
static struct rtlat_config rtlat_cfg;
static struct rtlat_run *rtlat_run_now;
static bool rtlat_suspending;
static u32 rtlat_run_number;
static enum cpuhp_state rtlat_cpuhp;

#define RTLAT_IPI_METRICS	(1U << RTLAT_IPI_LATENCY)
#define RTLAT_ARM_METRICS	(1U << RTLAT_ARM_OVERHEAD)
#define RTLAT_ALL_METRICS	((1U << RTLAT_NR_METRICS) - 1)

/**
 * rtlat_run_metrics - metrics that apply to a run
 * @cfg: its parameters
 *
 * Return: bit mask.
 */
u32 rtlat_run_metrics(const struct rtlat_config *cfg)
{
	u32 metrics = RTLAT_ALL_METRICS & ~RTLAT_IPI_METRICS;

	if (cfg->probes != RTLAT_PROBES_ON)
		return 0;
	if (cfg->mode == RTLAT_MODE_IPI)
		return RTLAT_IPI_METRICS;
	if (cfg->arm != RTLAT_ARM_JOB)
		metrics &= ~RTLAT_ARM_METRICS;
	return metrics;
}

static int rtlat_run_online(const struct rtlat_run *run, char *err,
			    size_t err_size)
{
	if (cpumask_subset(run->cpus, cpu_online_mask))
		return 0;
	scnprintf(err, err_size, "cpus=%*pbl: not online; range %*pbl",
		  cpumask_pr_args(run->cpus), cpumask_pr_args(cpu_online_mask));
	return -EINVAL;
}

static int rtlat_run_cpus(struct rtlat_run *run, char *err, size_t err_size)
{
	const struct rtlat_config *cfg = &run->cfg;

	if (!*cfg->cpus) {
		cpumask_copy(run->cpus, cpu_online_mask);
		if (cfg->mode == RTLAT_MODE_IPI &&
		    cfg->ipi_kind != RTLAT_IPI_SELF &&
		    cfg->ipi_sender < nr_cpu_ids)
			cpumask_clear_cpu(cfg->ipi_sender, run->cpus);
	} else if (cpulist_parse(cfg->cpus, run->cpus)) {
		scnprintf(err, err_size,
			  "cpus=%s: not a CPU list; range %*pbl", cfg->cpus,
			  cpumask_pr_args(cpu_online_mask));
		return -EINVAL;
	}
	if (cpumask_empty(run->cpus)) {
		scnprintf(err, err_size, "cpus=%s: no CPU is left; range %*pbl",
			  cfg->cpus, cpumask_pr_args(cpu_online_mask));
		return -EINVAL;
	}
	return rtlat_run_online(run, err, err_size);
}

static void rtlat_run_free(struct rtlat_run *run)
{
	unsigned int i;

	if (!run)
		return;
	/* the last task may have queued it again while it was executing */
	cancel_work_sync(&run->finish);
	rtlat_ipi_free(run);
	for (i = 0; run->cpu && i < nr_cpu_ids; i++)
		rtlat_cpu_free(run->cpu[i]);
	kfree(run->cpu);
	free_cpumask_var(run->cpus);
	kfree(run);
}

/* Ends what releases and sends, and everything that listens. */
static void rtlat_run_quiesce(struct rtlat_run *run)
{
	struct rtlat_cpu *cpu;
	unsigned int i;

	WRITE_ONCE(run->stopping, true);
	/* keeps the hotplug callback, which does the same for one CPU, out */
	cpus_read_lock();
	rtlat_ipi_stop(run);
	rtlat_for_each_cpu(cpu, run, i)
		rtlat_timer_stop_cpu(cpu);
	for_each_cpu(i, run->cpus)
		per_cpu(rtlat_cpu_now, i) = NULL;
	cpus_read_unlock();
	/*
	 * Not under the lock, which both take themselves. Probes that still run
	 * read the pointer before; the state outlives them.
	 */
	rtlat_hooks_unregister();
	rtlat_probes_unregister();
}

static void rtlat_run_finish(struct work_struct *work)
{
	struct rtlat_run *run = container_of(work, struct rtlat_run, finish);

	if (run->done)
		return;
	rtlat_run_quiesce(run);
	run->end_ns = rtlat_clock_ns();
	if (run->end == RTLAT_END_NONE)
		run->end = RTLAT_END_COMPLETE;
	rtlat_trace_end(run);
	/* the results are final before anybody is told so */
	smp_store_release(&run->done, true);
}

/**
 * rtlat_run_finished - a task or sender has nothing left to do
 * @run: run; the last one of it ends it
 *
 * Process context.
 */
void rtlat_run_finished(struct rtlat_run *run)
{
	if (atomic_dec_and_test(&run->active) && !READ_ONCE(run->stopping))
		queue_work(system_unbound_wq, &run->finish);
}

static int rtlat_run_alloc(struct rtlat_run **new, char *err, size_t err_size)
{
	struct rtlat_run *run = kzalloc(sizeof(*run), GFP_KERNEL);
	unsigned int i;
	int ret = -ENOMEM;

	if (!run)
		return ret;
	run->cfg = rtlat_cfg;
	rtlat_config_resolve(&run->cfg);
	INIT_WORK(&run->finish, rtlat_run_finish);
	if (!zalloc_cpumask_var(&run->cpus, GFP_KERNEL))
		goto err;
	run->cpu = kcalloc(nr_cpu_ids, sizeof(*run->cpu), GFP_KERNEL);
	if (!run->cpu)
		goto err;
	ret = rtlat_run_cpus(run, err, err_size);
	if (ret)
		goto err;
	for_each_cpu(i, run->cpus) {
		run->cpu[i] = rtlat_cpu_alloc(run, i,
					      rtlat_run_metrics(&run->cfg));
		if (!run->cpu[i]) {
			ret = -ENOMEM;
			goto err;
		}
	}
	*new = run;
	return 0;
err:
	rtlat_run_free(run);
	return ret;
}

/* The probes look at nothing before rtlat_run_go() shows them the CPUs. */
static int rtlat_run_listen(const struct rtlat_run *run, char *err,
			    size_t err_size)
{
	int ret;

	if (hrtimer_resolution > 1) {
		scnprintf(err, err_size,
			  "timers tick at %u ns: the kernel needs CONFIG_HIGH_RES_TIMERS, and not highres=off",
			  hrtimer_resolution);
		return -EOPNOTSUPP;
	}
	if (run->cfg.probes != RTLAT_PROBES_ON)
		return 0;
	ret = rtlat_probes_register(err, err_size);
	if (!ret)
		ret = rtlat_hooks_register(err, err_size);
	return ret;
}

/*
 * From the last look at which CPUs are online to the first release no CPU may
 * go away.
 */
static int rtlat_run_go(struct rtlat_run *run, char *err, size_t err_size)
{
	const bool timer = rtlat_config_tasks(&run->cfg);
	unsigned int i;
	int ret;

	cpus_read_lock();
	ret = rtlat_run_online(run, err, err_size);
	if (ret)
		goto unlock;
	for_each_cpu(i, run->cpus)
		per_cpu(rtlat_cpu_now, i) = run->cpu[i];
	ret = timer ? rtlat_timer_setup(run, err, err_size) :
		      rtlat_ipi_setup(run, err, err_size);
	if (ret)
		goto unlock;
	run->number = ++rtlat_run_number;
	run->begin_ns = rtlat_clock_ns();
	rtlat_trace_begin(run);
	if (!timer)
		rtlat_ipi_go(run, rtlat_tick_ns());
	else if (run->cfg.task_kind == RTLAT_TASK_USER)
		run->joining = atomic_read(&run->active);
	else
		rtlat_timer_go(run, rtlat_tick_ns());
unlock:
	cpus_read_unlock();
	return ret;
}

/**
 * rtlat_run_start - check the parameters and start a run
 * @err: receives one line on error; empty for lack of memory
 * @err_size: its size
 *
 * Process context. The results of the run before are gone once it returns 0.
 *
 * Return: 0, or an error; then everything is as before.
 */
int rtlat_run_start(char *err, size_t err_size)
{
	struct rtlat_run *run;
	int ret;

	mutex_lock(&rtlat_mutex);
	if (rtlat_suspending) {
		scnprintf(err, err_size, "start: the machine is about to be suspended");
		ret = -EBUSY;
		goto unlock;
	}
	if (rtlat_running(rtlat_run_now)) {
		scnprintf(err, err_size, "start: run %u is running",
			  rtlat_run_now->number);
		ret = -EBUSY;
		goto unlock;
	}
	if (rtlat_cfg.mode == RTLAT_MODE_IDLE) {
		scnprintf(err, err_size,
			  "mode=idle: nothing to start; set mode first");
		ret = -EINVAL;
		goto unlock;
	}
	ret = rtlat_config_check(&rtlat_cfg, err, err_size);
	if (ret)
		goto unlock;
	if (rtlat_run_now)
		flush_work(&rtlat_run_now->finish);
	ret = rtlat_run_alloc(&run, err, err_size);
	if (ret)
		goto unlock;
	rtlat_clock_set_faults(run->cfg.fault_clock_insns,
			       run->cfg.fault == RTLAT_FAULT_BACKWARDS);
	rtlat_fault_set(&run->cfg);
	run->clock_cost_ps = rtlat_clock_cost_ps();
	ret = rtlat_run_listen(run, err, err_size);
	if (!ret)
		ret = rtlat_run_go(run, err, err_size);
	if (ret) {
		rtlat_run_quiesce(run);
		rtlat_run_free(run);
		goto unlock;
	}
	rtlat_run_free(rtlat_run_now);
	rtlat_run_now = run;
unlock:
	mutex_unlock(&rtlat_mutex);
	return ret;
}

/**
 * rtlat_run_stop - end the run, if there is one
 * @end: why
 *
 * When it returns the results are final. Process context.
 */
void rtlat_run_stop(enum rtlat_end end)
{
	struct rtlat_run *run;

	mutex_lock(&rtlat_mutex);
	run = rtlat_run_now;
	if (rtlat_running(run)) {
		/* one that is about to end by itself has ended by itself */
		if (atomic_read(&run->active) && run->end == RTLAT_END_NONE)
			run->end = end;
		queue_work(system_unbound_wq, &run->finish);
	}
	if (run)
		flush_work(&run->finish);
	mutex_unlock(&rtlat_mutex);
}

/**
 * rtlat_run_join - the calling process becomes a task of the run
 * @user: its file
 * @id: task, or RTLAT_ANY_TASK
 *
 * The last one to join begins the run. Process context.
 *
 * Return: 0, -ESRCH when no run waits for tasks, or rtlat_user_attach()'s error.
 */
int rtlat_run_join(struct rtlat_user *user, u32 id)
{
	struct rtlat_run *run;
	u64 tick_ns = 0;
	int ret = -ESRCH;

	mutex_lock(&rtlat_mutex);
	cpus_read_lock();
	run = rtlat_run_now;
	if (!rtlat_running(run) || READ_ONCE(run->stopping) || !run->joining ||
	    run->end == RTLAT_END_OFFLINE)
		goto unlock;
	/* before the process has a budget to spend on it */
	if (run->joining == 1)
		tick_ns = rtlat_tick_ns();
	ret = rtlat_user_attach(run, user, id);
	if (ret)
		goto unlock;
	if (!--run->joining) {
		run->begin_ns = rtlat_clock_ns();
		rtlat_timer_go(run, tick_ns);
	}
unlock:
	cpus_read_unlock();
	mutex_unlock(&rtlat_mutex);
	return ret;
}

/* A task that leaves before the run begins can be joined again. */
static void rtlat_run_left(struct rtlat_task *task)
{
	struct rtlat_run *run = task->cpu->run;

	if (!task->first_ns)
		run->joining++;
	else if (!task->finished && run->end == RTLAT_END_NONE)
		run->end = RTLAT_END_LEFT;
}

/**
 * rtlat_run_leave - a file by which a process may have joined is closed
 * @user: file
 *
 * Its task's part of the run ends. Process context.
 */
void rtlat_run_leave(struct rtlat_user *user)
{
	struct task_struct *thread;

	mutex_lock(&rtlat_mutex);
	cpus_read_lock();
	thread = rtlat_user_leave(user, rtlat_run_left);
	/* before the wait: see rtlat_thread_put() */
	mutex_unlock(&rtlat_mutex);
	if (thread)
		rtlat_thread_put(thread);
	cpus_read_unlock();
}

/**
 * rtlat_run_set - set a parameter of the next run
 * @name: parameter
 * @value: text; empty: back to the default
 * @err: receives one line on error
 * @err_size: its size
 *
 * Return: 0, -EBUSY while a run is running, or rtlat_config_set()'s error.
 */
int rtlat_run_set(const char *name, const char *value, char *err,
		  size_t err_size)
{
	int ret;

	mutex_lock(&rtlat_mutex);
	if (rtlat_running(rtlat_run_now)) {
		scnprintf(err, err_size, "%s: run %u is running", name,
			  rtlat_run_now->number);
		ret = -EBUSY;
	} else {
		ret = rtlat_config_set(&rtlat_cfg, name, value, err, err_size);
	}
	mutex_unlock(&rtlat_mutex);
	return ret;
}

/* A CPU goes away: its part of the run ends, the others' go on. */
static int rtlat_cpu_offline(unsigned int id)
{
	struct rtlat_cpu *cpu = per_cpu(rtlat_cpu_now, id);

	if (!cpu || cpu->stopped)
		return 0;
	pr_info("CPU %u goes offline: its part of run %u ends\n", id,
		cpu->run->number);
	/* one that is about to end by itself has ended by itself */
	if (atomic_read(&cpu->run->active))
		WRITE_ONCE(cpu->run->end, RTLAT_END_OFFLINE);
	WRITE_ONCE(cpu->ended, true);
	rtlat_timer_stop_cpu(cpu);
	/* its tasks can be joined no more: it will never begin */
	if (READ_ONCE(cpu->run->joining))
		queue_work(system_unbound_wq, &cpu->run->finish);
	return 0;
}

static int rtlat_suspend(struct notifier_block *nb, unsigned long action,
			 void *data)
{
	/* processes are frozen later, and could start another run before */
	const bool begins = action == PM_SUSPEND_PREPARE ||
			    action == PM_HIBERNATION_PREPARE;

	if (!begins && action != PM_POST_SUSPEND && action != PM_POST_HIBERNATION)
		return NOTIFY_DONE;
	mutex_lock(&rtlat_mutex);
	rtlat_suspending = begins;
	mutex_unlock(&rtlat_mutex);
	if (begins)
		rtlat_run_stop(RTLAT_END_SUSPEND);
	return NOTIFY_DONE;
}

static struct notifier_block rtlat_suspend_nb = {
	.notifier_call = rtlat_suspend,
};

/**
 * rtlat_run_init - once, when the module is loaded
 *
 * Return: 0 or an error.
 */
int rtlat_run_init(void)
{
	int ret;

	rtlat_config_default(&rtlat_cfg);
	ret = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "rtlat:run", NULL,
					rtlat_cpu_offline);
	if (ret < 0)
		return ret;
	rtlat_cpuhp = ret;
	ret = register_pm_notifier(&rtlat_suspend_nb);
	if (ret)
		cpuhp_remove_state_nocalls(rtlat_cpuhp);
	return ret;
}

/**
 * rtlat_run_exit - stop whatever runs and free everything
 */
void rtlat_run_exit(void)
{
	unregister_pm_notifier(&rtlat_suspend_nb);
	rtlat_run_stop(RTLAT_END_STOPPED);
	cpuhp_remove_state_nocalls(rtlat_cpuhp);
	rtlat_run_free(rtlat_run_now);
	rtlat_run_now = NULL;
	rtlat_hooks_exit();
}

/**
 * rtlat_run_show - let a file show the present run
 * @seq: file
 * @show: writes it; gets NULL before the first run
 */
void rtlat_run_show(struct seq_file *seq,
		    void (*show)(struct seq_file *seq,
				 const struct rtlat_config *next,
				 struct rtlat_run *run))
{
	mutex_lock(&rtlat_mutex);
	show(seq, &rtlat_cfg, rtlat_run_now);
	mutex_unlock(&rtlat_mutex);
}
