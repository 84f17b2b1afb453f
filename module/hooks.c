// SPDX-License-Identifier: GPL-2.0
/*
 * Hooks where there is no tracepoint: entry into the scheduler, and the first
 * hookable instant on the next task's stack.
 *
 * __schedule() is notrace. Up to 6.14 its callers are hooked instead; the
 * switches that come through notrace callers (preempt_schedule) are not seen
 * and the ledger says so. From 6.15 on the tracepoint sched_entry_tp sees all.
 */

#include <linux/ftrace.h>
#include <linux/irqflags.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "account.h"
#include "fault.h"
#include "probes.h"

static __always_inline void rtlat_sched_entry(void)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);

	if (!cpu)
		return;
	cpu->sched_entry = rtlat_stamp(cpu);
	cpu->sched_task = current;
	if (rtlat_faults() && rtlat_fault_sched(cpu))
		cpu->sched_entry.ns = RTLAT_UNSEEN;
}

static void notrace rtlat_hook_sched(unsigned long ip, unsigned long parent_ip,
				     struct ftrace_ops *ops,
				     struct ftrace_regs *fregs)
{
	unsigned long flags;

	/*
	 * schedule() is entered preemptibly, and the CPU must stay the same.
	 * Not preempt_disable(): enabling again would enter the scheduler here.
	 */
	raw_local_irq_save(flags);
	rtlat_sched_entry();
	raw_local_irq_restore(flags);
}

/* Its further argument, the caller's address, went in 6.17; it is not used. */
static void rtlat_probe_sched_entry(void *data, bool preempt)
{
	rtlat_sched_entry();
}

/* A switch back to a job has nobody to judge it later. */
static noinline void notrace rtlat_switched_back(struct rtlat_cpu *cpu)
{
	struct rtlat_sample samples[2];
	unsigned int i, n;

	n = rtlat_intervals_switch(&cpu->resumed, samples);
	for (i = 0; i < n; i++)
		rtlat_account(cpu, &samples[i]);
}

/*
 * finish_task_switch(): runs on the next task's stack. A first switch is
 * judged by the job when it has started.
 */
static void notrace rtlat_hook_finish(unsigned long ip, unsigned long parent_ip,
				      struct ftrace_ops *ops,
				      struct ftrace_regs *fregs)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);
	struct rtlat_release *rel;

	if (!cpu || !cpu->switching)
		return;
	rel = cpu->switching;
	cpu->switching = NULL;
	rel->cxs = rtlat_stamp(cpu);
	if (rel != &cpu->resumed)
		rtlat_fault_job(cpu, RTLAT_FAULT_START, rel->job);
	else
		rtlat_switched_back(cpu);
}

/**
 * struct rtlat_hook - functions that get the same hook
 * @func: the hook
 * @ops: ftrace's own; its filter, once found, is kept for the next run
 * @patterns: functions, globs allowed: compilers append .isra.0 and the like
 * @registered: is active
 */
struct rtlat_hook {
	ftrace_func_t func;
	struct ftrace_ops ops;
	const char *patterns[4];
	bool registered;
};

static struct rtlat_hook rtlat_hook_entry = {
	.func = rtlat_hook_sched,
	.patterns = { "schedule", "schedule_idle", "preempt_schedule_irq",
		      "rtlat_rehearse_schedule" },
};

static struct rtlat_hook rtlat_hook_switched = {
	.func = rtlat_hook_finish,
	.patterns = { "finish_task_switch*", "rtlat_rehearse_finish" },
};

static struct tracepoint *rtlat_tp_entry;
static const char *rtlat_entry_seen_by = "none";

/*
 * Each pattern is held against the name of every function of the kernel: half a
 * second of an emulated host's time for all of them.
 */
static int rtlat_hook_filter(struct rtlat_hook *hook, char *err,
			     size_t err_size)
{
	unsigned int i;
	int ret;

	if (hook->ops.func)
		return 0;
	/* permanent: kernel.ftrace_enabled=0 is refused, now and during a run */
	hook->ops = (struct ftrace_ops){
		.func = hook->func,
		.flags = FTRACE_OPS_FL_PERMANENT,
	};
	for (i = 0; i < ARRAY_SIZE(hook->patterns) && hook->patterns[i]; i++) {
		/* ftrace cuts the pattern up in place */
		char pattern[32];

		strscpy(pattern, hook->patterns[i], sizeof(pattern));
		ret = ftrace_set_filter(&hook->ops, pattern, strlen(pattern),
					!i);
		if (ret)
			goto err;
	}
	return 0;
err:
	scnprintf(err, err_size,
		  "function %s cannot be hooked (error %d): the kernel needs CONFIG_DYNAMIC_FTRACE, CONFIG_FUNCTION_TRACER and CONFIG_PREEMPTION",
		  hook->patterns[i], ret);
	ftrace_free_filter(&hook->ops);
	hook->ops.func = NULL;
	return -EOPNOTSUPP;
}

static int rtlat_hook_register(struct rtlat_hook *hook, char *err,
			       size_t err_size)
{
	int ret;

	ret = rtlat_hook_filter(hook, err, err_size);
	if (ret)
		return ret;
	ret = register_ftrace_function(&hook->ops);
	if (ret) {
		scnprintf(err, err_size,
			  "ftrace refused the hook on %s (error %d): is sysctl kernel.ftrace_enabled 1?",
			  hook->patterns[0], ret);
		return ret;
	}
	hook->registered = true;
	return 0;
}

static void rtlat_hook_unregister(struct rtlat_hook *hook)
{
	if (hook->registered)
		unregister_ftrace_function(&hook->ops);
	hook->registered = false;
}

static void rtlat_hook_free(struct rtlat_hook *hook)
{
	/* once: 6.1 leaves pointers to freed filters in the ops */
	if (hook->ops.func)
		ftrace_free_filter(&hook->ops);
	hook->ops.func = NULL;
}

static void rtlat_hook_find(struct tracepoint *tp, void *data)
{
	if (!strcmp(tp->name, "sched_entry_tp"))
		rtlat_tp_entry = tp;
}

/**
 * rtlat_hooks_register - hook the scheduler's entry and a switch's end
 * @err: receives one line on error
 * @err_size: its size
 *
 * Process context.
 *
 * Return: 0, -EOPNOTSUPP when the kernel lacks what it needs, or its own error.
 */
int rtlat_hooks_register(char *err, size_t err_size)
{
	int ret;

	rtlat_tp_entry = NULL;
	for_each_kernel_tracepoint(rtlat_hook_find, NULL);
	rtlat_entry_seen_by = rtlat_tp_entry ? "tracepoint" : "ftrace";
	if (rtlat_tp_entry) {
		ret = tracepoint_probe_register(rtlat_tp_entry,
						rtlat_probe_sched_entry, NULL);
		if (ret) {
			scnprintf(err, err_size,
				  "tracepoint sched_entry_tp refused the probe: error %d",
				  ret);
			rtlat_tp_entry = NULL;
			return ret;
		}
	} else {
		ret = rtlat_hook_register(&rtlat_hook_entry, err, err_size);
		if (ret)
			goto err;
	}
	ret = rtlat_hook_register(&rtlat_hook_switched, err, err_size);
	if (!ret)
		return 0;
err:
	rtlat_hooks_unregister();
	return ret;
}

/**
 * rtlat_hooks_unregister - take the hooks away
 *
 * When it returns no hook runs any more. Process context.
 */
void rtlat_hooks_unregister(void)
{
	rtlat_hook_unregister(&rtlat_hook_switched);
	rtlat_hook_unregister(&rtlat_hook_entry);
	if (rtlat_tp_entry) {
		tracepoint_probe_unregister(rtlat_tp_entry,
					    rtlat_probe_sched_entry, NULL);
		tracepoint_synchronize_unregister();
		rtlat_tp_entry = NULL;
	}
}

/**
 * rtlat_hooks_exit - forget which functions are hooked
 *
 * Process context; no run will follow.
 */
void rtlat_hooks_exit(void)
{
	rtlat_hook_free(&rtlat_hook_switched);
	rtlat_hook_free(&rtlat_hook_entry);
}

/**
 * rtlat_hooks_name - how the scheduler's entry is seen
 *
 * Return: "tracepoint" or "ftrace"; as of the last registration.
 */
const char *rtlat_hooks_name(void)
{
	return rtlat_entry_seen_by;
}

/*
 * What is hooked for a rehearsal, see own.c. Each keeps hold of its own hook, for two
 * functions of the same body would become one.
 */
static noinline void rtlat_rehearse_schedule(void)
{
	barrier_data(&rtlat_hook_entry);
}

/**
 * rtlat_rehearse_finish - as the kernel ends a switch
 *
 * Interrupts off, the hooks registered.
 */
noinline void rtlat_rehearse_finish(void)
{
	barrier_data(&rtlat_hook_switched);
}

/**
 * rtlat_rehearse_entry - as the kernel enters the scheduler
 *
 * Interrupts off, the hooks registered.
 */
void rtlat_rehearse_entry(void)
{
	if (rtlat_tp_entry)
		rtlat_probe_sched_entry(NULL, false);
	else
		rtlat_rehearse_schedule();
}
