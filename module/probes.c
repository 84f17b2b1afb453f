// SPDX-License-Identifier: GPL-2.0
/*
 * Tracepoint probes: interrupts and sched_switch.
 *
 * The tracepoints are not exported, so they are looked up by name. Probes run
 * with interrupts off (interrupts, sched_switch) or in NMI, on the CPU whose
 * state they change, and they take no lock. One tells a CPU of a wake-up by
 * another, and may run with interrupts on.
 */

#include <linux/interrupt.h>
#include <linux/sched.h>
#include <linux/sched/deadline.h>
#include <linux/sched/rt.h>
#include <linux/tracepoint.h>

#include "fault.h"
#include "probes.h"

/* Interrupts of CPUs that are not measured: a sender of IPIs is on one. */
DEFINE_PER_CPU(u32, rtlat_irqs_elsewhere);

/*
 * The last few exits are remembered; more than RTLAT_EXITS interrupts between
 * an expiry and its own are counted as RTLAT_EXITS.
 */
static __always_inline u64 rtlat_irq_exit(struct rtlat_cpu *cpu)
{
	const u64 now_ns = rtlat_clock_ns();

	cpu->exit_ns[cpu->exits % RTLAT_EXITS] = now_ns;
	cpu->exits++;
	return now_ns;
}

/* Return: the CPU, when it is one that is measured. */
static __always_inline struct rtlat_cpu *rtlat_irq_entry(void)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);

	if (cpu)
		/* one instruction: an NMI may come at any time */
		asm volatile("addq %1, %0" : "+m" (cpu->seq) : "er" (RTLAT_SEQ_IRQ));
	else
		this_cpu_inc(rtlat_irqs_elsewhere);
	return cpu;
}

/**
 * rtlat_overlap - interrupts that ran at some instant between two others
 * @cpu: the executing CPU
 * @from_ns: start
 * @to_ns: end: entry of an interrupt that is still running, and is not counted
 *
 * Interrupts off.
 *
 * Return: RTLAT_SEQ_*, as far back as the CPU remembers.
 */
u64 rtlat_overlap(const struct rtlat_cpu *cpu, u64 from_ns, u64 to_ns)
{
	u64 seq = 0;
	u32 i;

	for (i = 0; i < RTLAT_EXITS; i++)
		if (cpu->exit_ns[i] >= from_ns && cpu->exit_ns[i] <= to_ns)
			seq += RTLAT_SEQ_IRQ;
	if (cpu->nmi_ns >= from_ns && cpu->nmi_ns <= to_ns)
		seq += RTLAT_SEQ_NMI;
	return seq;
}

/**
 * rtlat_probe_timer_entry - the local timer's interrupt begins
 * @data: not used
 * @vector: not used
 *
 * Interrupts off.
 */
void rtlat_probe_timer_entry(void *data, int vector)
{
	struct rtlat_cpu *cpu = rtlat_irq_entry();

	if (!cpu)
		return;
	cpu->isr = rtlat_stamp(cpu);
	cpu->in_isr = true;
	if (rtlat_faults())
		rtlat_fault_isr(cpu);
}

/**
 * rtlat_probe_timer_exit - it ends
 * @data: not used
 * @vector: not used
 *
 * Interrupts off.
 */
void rtlat_probe_timer_exit(void *data, int vector)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);
	struct rtlat_task *task;
	u64 now_ns;

	if (!cpu)
		return;
	if (rtlat_faults())
		rtlat_fault_isr_exit(cpu);
	cpu->in_isr = false;
	now_ns = rtlat_irq_exit(cpu);
	/* not the time of the job that it interrupted */
	task = rtlat_cpu_task(cpu, current);
	if (task)
		task->taken_ns += now_ns - cpu->isr.ns;
}

static __always_inline void rtlat_vector_entry(enum rtlat_vector vector)
{
	struct rtlat_cpu *cpu = rtlat_irq_entry();
	struct rtlat_ipi *ipi;

	if (!cpu)
		return;
	ipi = &cpu->ipi;
	if (vector == RTLAT_V_OTHER || vector != ipi->vector)
		return;
	cpu->vector_entry = rtlat_stamp(cpu);
	/* pairs with the release in rtlat_ipi_arm(): @sent is ours */
	if (!smp_load_acquire(&ipi->armed))
		return;
	if (!ipi->entries) {
		/* of a payload it is known later which interrupt brought it */
		if (vector == RTLAT_V_RESCHEDULE) {
			ipi->overlap = rtlat_overlap(cpu, ipi->sent.ns,
						     cpu->vector_entry.ns);
			/* the scheduler sends this vector, too, and says what for */
			ipi->overlap += test_tsk_need_resched(current);
		}
		ipi->entry = cpu->vector_entry;
	}
	/* @entry before @entries, see rtlat_ipi_arrived() */
	smp_store_release(&ipi->entries, ipi->entries + 1);
}

static __always_inline void rtlat_vector_exit(void)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);

	if (cpu)
		rtlat_irq_exit(cpu);
}

#define RTLAT_VECTOR_PROBES(name, vector)				\
static void rtlat_probe_##name##_entry(void *data, int nr)		\
{									\
	rtlat_vector_entry(vector);					\
}									\
static void rtlat_probe_##name##_exit(void *data, int nr)		\
{									\
	rtlat_vector_exit();						\
}

/* Interrupt vectors by tracepoint; the local timer has probes of its own. */
#define RTLAT_VECTORS(X)						\
	X(reschedule, RTLAT_V_RESCHEDULE, SMP)				\
	X(call_function_single, RTLAT_V_CALL_SINGLE, SMP)		\
	X(call_function, RTLAT_V_CALL_MANY, SMP)			\
	X(irq_work, RTLAT_V_IRQ_WORK, IRQ_WORK)				\
	X(x86_platform_ipi, RTLAT_V_OTHER, X86_LOCAL_APIC)		\
	X(spurious_apic, RTLAT_V_OTHER, X86_LOCAL_APIC)			\
	X(error_apic, RTLAT_V_OTHER, X86_LOCAL_APIC)			\
	X(thermal_apic, RTLAT_V_OTHER, X86_THERMAL_VECTOR)		\
	X(threshold_apic, RTLAT_V_OTHER, X86_MCE_THRESHOLD)		\
	X(deferred_error_apic, RTLAT_V_OTHER, X86_MCE_AMD)

#define RTLAT_X(name, vector, config) RTLAT_VECTOR_PROBES(name, vector)
RTLAT_VECTORS(RTLAT_X)
#undef RTLAT_X

/**
 * rtlat_rehearse_vector - as the kernel enters the vector of an IPI
 *
 * Interrupts off.
 */
void rtlat_rehearse_vector(void)
{
	rtlat_probe_call_function_single_entry(NULL, 0);
}

static void rtlat_probe_handler_entry(void *data, int irq,
				      struct irqaction *action)
{
	rtlat_vector_entry(RTLAT_V_OTHER);
}

static void rtlat_probe_handler_exit(void *data, int irq,
				     struct irqaction *action, int ret)
{
	rtlat_vector_exit();
}

static void rtlat_probe_nmi(void *data, void *handler, s64 delta_ns,
			    int handled)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);

	if (!cpu || !handled)
		return;
	cpu->seq += RTLAT_SEQ_NMI;
	cpu->nmi_ns = rtlat_clock_ns();
}

/* The scheduler woke a polling idle CPU: whatever was asked sends nothing. */
static void rtlat_probe_wake_without_ipi(void *data, int target)
{
	struct rtlat_cpu *cpu = per_cpu(rtlat_cpu_now, target);

	if (cpu && READ_ONCE(cpu->ipi.armed))
		WRITE_ONCE(cpu->ipi.no_ipi, true);
}

/**
 * rtlat_probe_sched_switch - the next task is picked
 * @data: not used
 * @preempt: the one before was preempted
 * @prev: the one before
 * @next: it
 * @prev_state: state of @prev, 0: it could run on
 *
 * Interrupts off. A seen scheduler entry belongs to the first switch
 * after it, whoever is next; it must also have been made by the task that
 * leaves, and of a first switch after the wake-up: an entry that ended without a
 * switch must not be taken for that of a later one that could not be seen. When a
 * preempted job comes back nothing tells the two apart.
 *
 * A switch to a task of an ordinary class is of interest only for the job that it
 * interrupts: only then is a stamp taken. Jobs are of none.
 */
void rtlat_probe_sched_switch(void *data, bool preempt,
			      struct task_struct *prev, struct task_struct *next,
			      unsigned int prev_state)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);
	const bool to_rt = next->prio < MAX_RT_PRIO;
	struct rtlat_stamp swtch, entry;
	struct rtlat_release *rel;
	struct rtlat_task *task;

	if (!cpu)
		return;
	if (to_rt)
		swtch = rtlat_stamp(cpu);
	entry = cpu->sched_entry;
	cpu->sched_entry.ns = RTLAT_UNSEEN;
	if (cpu->sched_task != prev)
		entry.ns = RTLAT_UNSEEN;

	if ((prev->flags & PF_KTHREAD) == cpu->thread_flag) {
		task = rtlat_cpu_task(cpu, prev);
		/* one without a job has nothing that it could be taken from */
		if (task && atomic_read(&task->pending)) {
			task->out_ns = to_rt ? swtch.ns : rtlat_clock_ns();
			/* it has a job to do, but what runs next is below it */
			if ((preempt || !prev_state) && !to_rt)
				task->stats.throttled++;
		}
	}
	if (!to_rt)
		return;
	if ((next->flags & PF_KTHREAD) != cpu->thread_flag)
		return;
	task = rtlat_cpu_task(cpu, next);
	if (!task)
		return;
	if (task->out_ns) {
		task->taken_ns += swtch.ns - task->out_ns;
		task->out_ns = 0;
	}
	if (!atomic_read(&task->pending))
		return;

	if (task->first_switch) {
		task->first_switch = false;
		rel = &task->rel;
		if (entry.ns < rel->cb_out.ns)
			entry.ns = RTLAT_UNSEEN;
	} else {
		rel = &cpu->resumed;
		rel->task = task->id;
		rel->job = task->rel.job;
		rel->flags = RTLAT_F_RESUMED | cpu->task_flags;
	}
	if (is_idle_task(prev))
		rel->flags |= RTLAT_F_FROM_IDLE;
	else if (!preempt && prev_state)
		rel->flags |= RTLAT_F_BLOCKED;
	rel->sched = entry;
	rel->swtch = swtch;
	rel->cxs.ns = RTLAT_UNSEEN;
	cpu->ledger[RTLAT_SCHED_OVERHEAD].attempted++;
	cpu->ledger[RTLAT_CXS_OVERHEAD].attempted++;
	cpu->switching = rel;
	if (rtlat_faults() && rel == &task->rel)
		rtlat_fault_job(cpu, RTLAT_FAULT_SWITCH, rel->job);
}

/*
 * A tracepoint to listen to. One without @config is essential; the others
 * exist when the option is set.
 */
struct rtlat_probe {
	const char *name;
	const char *config;
	bool optional;
	void *fn;
	struct tracepoint *tp;
	bool registered;
};

static struct rtlat_probe rtlat_probes[] = {
	{ "sched_switch", "CONFIG_TRACEPOINTS", false,
	  rtlat_probe_sched_switch },
	{ "local_timer_entry", "CONFIG_X86_LOCAL_APIC", false,
	  rtlat_probe_timer_entry },
	{ "local_timer_exit", "CONFIG_X86_LOCAL_APIC", false,
	  rtlat_probe_timer_exit },
	{ "irq_handler_entry", "CONFIG_TRACEPOINTS", false,
	  rtlat_probe_handler_entry },
	{ "irq_handler_exit", "CONFIG_TRACEPOINTS", false,
	  rtlat_probe_handler_exit },
	{ "nmi_handler", "CONFIG_TRACEPOINTS", false, rtlat_probe_nmi },
	{ "sched_wake_idle_without_ipi", "CONFIG_SMP", !IS_ENABLED(CONFIG_SMP),
	  rtlat_probe_wake_without_ipi },
#define RTLAT_X(name, vector, option)					\
	{ #name "_entry", "CONFIG_" #option, !IS_ENABLED(CONFIG_##option), \
	  rtlat_probe_##name##_entry },					\
	{ #name "_exit", "CONFIG_" #option, !IS_ENABLED(CONFIG_##option), \
	  rtlat_probe_##name##_exit },
	RTLAT_VECTORS(RTLAT_X)
#undef RTLAT_X
};

static void rtlat_probe_find(struct tracepoint *tp, void *data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rtlat_probes); i++)
		if (!strcmp(tp->name, rtlat_probes[i].name))
			rtlat_probes[i].tp = tp;
}

/**
 * rtlat_probes_register - start listening
 * @err: receives one line on error
 * @err_size: its size
 *
 * Process context.
 *
 * Return: 0, -EOPNOTSUPP when the kernel lacks a tracepoint, or the kernel's
 * own error.
 */
int rtlat_probes_register(char *err, size_t err_size)
{
	unsigned int i;
	int ret;

	for_each_kernel_tracepoint(rtlat_probe_find, NULL);
	for (i = 0; i < ARRAY_SIZE(rtlat_probes); i++) {
		struct rtlat_probe *probe = &rtlat_probes[i];

		if (!probe->tp) {
			if (probe->optional)
				continue;
			scnprintf(err, err_size,
				  "tracepoint %s not found: the kernel needs %s",
				  probe->name, probe->config);
			ret = -EOPNOTSUPP;
			goto err_unregister;
		}
		ret = tracepoint_probe_register(probe->tp, probe->fn, NULL);
		if (ret) {
			scnprintf(err, err_size,
				  "tracepoint %s refused the probe: error %d",
				  probe->name, ret);
			goto err_unregister;
		}
		probe->registered = true;
	}
	return 0;
err_unregister:
	rtlat_probes_unregister();
	return ret;
}

/**
 * rtlat_probes_unregister - stop listening
 *
 * When it returns no probe runs any more. Process context.
 */
void rtlat_probes_unregister(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rtlat_probes); i++) {
		struct rtlat_probe *probe = &rtlat_probes[i];

		if (probe->registered)
			tracepoint_probe_unregister(probe->tp, probe->fn, NULL);
		probe->registered = false;
	}
	tracepoint_synchronize_unregister();
}
