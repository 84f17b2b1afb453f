// SPDX-License-Identifier: GPL-2.0
/*
 * mode=ipi: interrupts from CPU to CPU, one way. A sender stamps just before
 * it sends; the target's probe stamps the vector's entry.
 */

#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "account.h"
#include "fault.h"
#include "own.h"
#include "probes.h"
#include "run.h"
#include "thread.h"

#define RTLAT_IPI_METRIC	(1U << RTLAT_IPI_LATENCY)
/* An IPI that has not arrived by then was lost: no machine takes that long. */
#define RTLAT_IPI_LOST_NS	NSEC_PER_SEC

/**
 * struct rtlat_sender - a thread that sends
 * @run: run
 * @thread: the thread
 * @cpu: its CPU
 * @targets: to which CPUs; itself for ipi_kind=self
 * @ready: completed when it waits for the start
 * @go: the run has started
 * @first_ns: when to send first
 * @round: rounds begun
 * @serve_cost_ns: measured cost of waking up by a timer
 * @own_ps: what rtlat_own_measure() says
 * @ret: what it returned
 * @finished: all rounds are over
 */
struct rtlat_sender {
	struct rtlat_run *run;
	struct task_struct *thread;
	unsigned int cpu;
	cpumask_var_t targets;
	struct completion ready;
	bool go;
	u64 first_ns;
	u64 round;
	u64 serve_cost_ns;
	u64 own_ps[RTLAT_NR_METRICS];
	int ret;
	bool finished;
};

/**
 * struct rtlat_ipi_run - the senders of a run
 * @nr: how many
 * @sender: the senders
 */
struct rtlat_ipi_run {
	unsigned int nr;
	struct rtlat_sender sender[];
};

static const enum rtlat_vector rtlat_ipi_vectors[RTLAT_NR_IPI_KINDS] = {
	[RTLAT_IPI_RESCHED] = RTLAT_V_RESCHEDULE,
	[RTLAT_IPI_CALL_SINGLE] = RTLAT_V_CALL_SINGLE,
	[RTLAT_IPI_CALL_MANY] = RTLAT_V_CALL_MANY,
	[RTLAT_IPI_SELF] = RTLAT_V_IRQ_WORK,
};

/* The payload: says by which interrupt it was delivered. Interrupts off. */
static void rtlat_ipi_ran(void *info)
{
	struct rtlat_cpu *cpu = this_cpu_read(rtlat_cpu_now);

	if (!cpu || !READ_ONCE(cpu->ipi.armed))
		return;
	/* an idle CPU that polls runs it without an interrupt: there is no entry */
	cpu->ipi.ran = cpu->vector_entry;
	if (!in_hardirq())
		cpu->ipi.ran.ns = RTLAT_UNSEEN;
	/* others of this vector may have come before it: they are in the interval, too */
	cpu->ipi.overlap = rtlat_overlap(cpu, cpu->ipi.sent.ns, cpu->ipi.ran.ns);
	/* @ran before @ran_seen, see rtlat_ipi_arrived() */
	smp_store_release(&cpu->ipi.ran_seen, true);
}

static void rtlat_ipi_work(struct irq_work *work)
{
	rtlat_ipi_ran(NULL);
}

static void rtlat_ipi_arm(struct rtlat_cpu *cpu)
{
	struct rtlat_ipi *ipi = &cpu->ipi;

	ipi->entries = 0;
	ipi->entry.ns = RTLAT_UNSEEN;
	ipi->ran.ns = RTLAT_UNSEEN;
	ipi->ran_seen = false;
	ipi->no_ipi = false;
	ipi->overlap = 0;
	ipi->sending = 0;
	cpu->ledger[RTLAT_IPI_LATENCY].attempted++;
	ipi->sent.ns = rtlat_clock_ns();
	/* the target's probe reads @sent only when it sees @armed */
	smp_store_release(&ipi->armed, true);
}

/* Interrupts of this CPU since it read so many, where it is none of the run's. */
static u64 rtlat_irqs_since(u32 irqs)
{
	return (u32)(this_cpu_read(rtlat_irqs_elsewhere) - irqs) * RTLAT_SEQ_IRQ;
}

static int rtlat_ipi_send_now(struct rtlat_cpu *cpu, enum rtlat_ipi_kind kind,
			      u64 round)
{
	/* through a pointer: newer kernels have a macro of that name */
	void (*send_reschedule)(int cpu) = smp_ops.smp_send_reschedule;

	switch (kind) {
	case RTLAT_IPI_RESCHED:
		/* as the scheduler does it for a CPU that runs a task */
		cpu->ipi.sent.ns = rtlat_clock_ns();
		rtlat_fault_job(cpu, RTLAT_FAULT_IPI, round);
		send_reschedule(cpu->id);
		return 0;
	case RTLAT_IPI_CALL_SINGLE:
		cpu->ipi.sent.ns = rtlat_clock_ns();
		rtlat_fault_job(cpu, RTLAT_FAULT_IPI, round);
		return smp_call_function_single_async(cpu->id, &cpu->ipi.csd);
	case RTLAT_IPI_SELF:
		cpu->ipi.sent.ns = rtlat_clock_ns();
		rtlat_fault_job(cpu, RTLAT_FAULT_IPI, round);
		return irq_work_queue(&cpu->ipi.work) ? 0 : -EBUSY;
	default:
		return -EINVAL;
	}
}

/*
 * Interrupts are on while it is sent: one that comes between the stamp and the
 * sending is in the interval, though not the target's. One that comes just behind
 * the sending counts as well: a sample less, not a wrong one.
 *
 * Return: what the kernel said of sending: an error means nothing was sent.
 */
static int rtlat_ipi_send_one(struct rtlat_cpu *cpu, enum rtlat_ipi_kind kind,
			      u64 round)
{
	const u32 irqs = this_cpu_read(rtlat_irqs_elsewhere);
	const int ret = rtlat_ipi_send_now(cpu, kind, round);

	cpu->ipi.sending = rtlat_irqs_since(irqs);
	return ret;
}

static void rtlat_ipi_refused(struct rtlat_cpu *cpu)
{
	WRITE_ONCE(cpu->ipi.armed, false);
	rtlat_account_line(cpu, RTLAT_IPI_METRIC, RTLAT_L_SKIPPED, 1);
}

static void rtlat_ipi_send(struct rtlat_sender *sender)
{
	const enum rtlat_ipi_kind kind = sender->run->cfg.ipi_kind;
	const u64 round = sender->round - 1;
	struct rtlat_cpu *cpu;
	u64 sent_ns, sending;
	unsigned int i;
	u32 irqs;

	preempt_disable();
	for_each_cpu(i, sender->targets) {
		cpu = sender->run->cpu[i];
		if (READ_ONCE(cpu->ended))
			continue;
		rtlat_ipi_arm(cpu);
		if (kind != RTLAT_IPI_CALL_MANY &&
		    rtlat_ipi_send_one(cpu, kind, round))
			rtlat_ipi_refused(cpu);
	}
	if (kind == RTLAT_IPI_CALL_MANY) {
		irqs = this_cpu_read(rtlat_irqs_elsewhere);
		sent_ns = rtlat_clock_ns();
		for_each_cpu(i, sender->targets)
			sender->run->cpu[i]->ipi.sent.ns = sent_ns;
		/* one call for all of them, so one delay */
		cpu = sender->run->cpu[cpumask_first(sender->targets)];
		rtlat_fault_job(cpu, RTLAT_FAULT_IPI, round);
		smp_call_function_many(sender->targets, rtlat_ipi_ran, NULL,
				       false);
		sending = rtlat_irqs_since(irqs);
		for_each_cpu(i, sender->targets)
			sender->run->cpu[i]->ipi.sending = sending;
	}
	preempt_enable();
}

static bool rtlat_ipi_arrived(const struct rtlat_cpu *cpu, bool payload)
{
	/* pair with the releases in rtlat_ipi_ran() and in the vector's probe */
	if (payload)
		return smp_load_acquire(&cpu->ipi.ran_seen); /* @ran is whole */
	return smp_load_acquire(&cpu->ipi.entries); /* @entry is whole */
}

static void rtlat_ipi_judge(struct rtlat_sender *sender, struct rtlat_cpu *cpu)
{
	const bool payload = sender->run->cfg.ipi_kind != RTLAT_IPI_RESCHED;
	const struct rtlat_ipi *ipi = &cpu->ipi;
	struct rtlat_sample sample = {
		.metric = RTLAT_IPI_LATENCY,
		.task = cpu->id,
		.job = sender->round - 1,
	};
	struct rtlat_stamp from = { }, to;
	u64 until_ns = rtlat_clock_ns() + RTLAT_IPI_LOST_NS;
	u64 overlap;

	if (!ipi->armed)
		return;
	while (!rtlat_ipi_arrived(cpu, payload) &&
	       rtlat_clock_ns() < until_ns && !READ_ONCE(cpu->ended))
		usleep_range(50, 100);
	WRITE_ONCE(cpu->ipi.armed, false);

	from.ns = ipi->sent.ns;
	to = payload ? ipi->ran : ipi->entry;
	to.seq = 0;
	overlap = ipi->overlap + ipi->sending;
	/* a bare reschedule carries no payload: another one is not told apart */
	if (!payload && ipi->entries > 1)
		overlap += ipi->entries - 1;
	if (!rtlat_ipi_arrived(cpu, payload)) {
		sample.line = READ_ONCE(cpu->ended) ? RTLAT_L_CANCELLED :
						      RTLAT_L_NO_START;
	} else if (to.ns < from.ns) {
		/* the payload ran without an interrupt that came after us */
		sample.line = ipi->no_ipi ? RTLAT_L_NO_IPI : RTLAT_L_COALESCED;
	} else {
		rtlat_interval(&sample, &from, &to, overlap);
	}
	rtlat_account(cpu, &sample);
	rtlat_account_flush(cpu);
}

static bool rtlat_ipi_more(const struct rtlat_sender *sender)
{
	struct rtlat_run *run = sender->run;
	unsigned int cpu, targets = 0;

	/* call_many to a single target would come by the single vector */
	for_each_cpu(cpu, sender->targets)
		targets += !READ_ONCE(run->cpu[cpu]->ended);
	if (targets < (run->cfg.ipi_kind == RTLAT_IPI_CALL_MANY ? 2 : 1))
		return false;
	/* moved: its CPU goes offline, the latency would be another's */
	if (raw_smp_processor_id() != sender->cpu) {
		WRITE_ONCE(run->end, RTLAT_END_OFFLINE);
		return false;
	}
	return !READ_ONCE(run->stopping) && !kthread_should_stop() &&
	       (!run->cfg.count || sender->round < run->cfg.count);
}

static int rtlat_sender_thread(void *data)
{
	struct rtlat_sender *sender = data;
	struct rtlat_run *run = sender->run;
	u64 next_ns;
	unsigned int i;

	sender->serve_cost_ns = rtlat_serve_cost_ns();
	sender->ret = rtlat_own_measure(sender->own_ps);
	complete(&sender->ready);
	rtlat_thread_wait(&sender->go);

	next_ns = sender->first_ns;
	if (sender->go)
		rtlat_thread_sleep(next_ns);
	while (sender->go && rtlat_ipi_more(sender)) {
		sender->round++;
		rtlat_ipi_send(sender);
		next_ns = max(next_ns + run->cfg.interval_us * NSEC_PER_USEC,
			      rtlat_clock_ns());
		rtlat_thread_sleep(next_ns);
		for_each_cpu(i, sender->targets)
			rtlat_ipi_judge(sender, run->cpu[i]);
	}
	if (sender->go) {
		sender->finished = true;
		rtlat_run_finished(run);
	}
	rtlat_thread_wait(NULL);
	return 0;
}

static int rtlat_sender_create(struct rtlat_run *run,
			       struct rtlat_sender *sender, unsigned int cpu,
			       char *err, size_t err_size)
{
	const bool self = run->cfg.ipi_kind == RTLAT_IPI_SELF;
	struct task_struct *thread;
	char name[TASK_COMM_LEN];

	sender->run = run;
	sender->cpu = cpu;
	init_completion(&sender->ready);
	if (!zalloc_cpumask_var(&sender->targets, GFP_KERNEL))
		return -ENOMEM;
	if (self)
		cpumask_set_cpu(cpu, sender->targets);
	else
		cpumask_copy(sender->targets, run->cpus);
	scnprintf(name, sizeof(name), "rtlat-ipi/%u", cpu);
	thread = rtlat_thread_create(rtlat_sender_thread, sender, cpu,
				     run->cfg.prio, name, err, err_size);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	sender->thread = thread;
	wake_up_process(thread);
	wait_for_completion(&sender->ready);
	run->serve_cost_ns = max(run->serve_cost_ns, sender->serve_cost_ns);
	if (!sender->ret)
		rtlat_own_add(run, sender->own_ps,
			      self ? cpumask_weight(run->cpus) : 1);
	return sender->ret;
}

static int rtlat_ipi_check(const struct rtlat_run *run, char *err,
			   size_t err_size)
{
	const struct rtlat_config *cfg = &run->cfg;

	if (cfg->ipi_kind == RTLAT_IPI_SELF)
		return 0;
	if (cfg->ipi_sender >= nr_cpu_ids || !cpu_online(cfg->ipi_sender)) {
		scnprintf(err, err_size,
			  "ipi_sender=%llu: not online; range %*pbl",
			  cfg->ipi_sender, cpumask_pr_args(cpu_online_mask));
		return -EINVAL;
	}
	if (cpumask_test_cpu(cfg->ipi_sender, run->cpus)) {
		scnprintf(err, err_size,
			  "ipi_sender=%llu: contradicts cpus=%*pbl: the sender is no target of ipi_kind=%s",
			  cfg->ipi_sender, cpumask_pr_args(run->cpus),
			  rtlat_ipi_kind_names[cfg->ipi_kind]);
		return -EINVAL;
	}
	if (cfg->ipi_kind == RTLAT_IPI_CALL_MANY &&
	    cpumask_weight(run->cpus) < 2) {
		scnprintf(err, err_size,
			  "ipi_kind=call_many: needs 2 targets or more (with one, the kernel sends the call_single vector); cpus=%*pbl",
			  cpumask_pr_args(run->cpus));
		return -EINVAL;
	}
	return 0;
}

/**
 * rtlat_ipi_setup - create the senders of a run
 * @run: run; its probes listen already
 * @err: receives one line on error
 * @err_size: its size
 *
 * Process context. On error the caller calls rtlat_ipi_stop() and
 * rtlat_ipi_free().
 *
 * Return: 0 or an error.
 */
int rtlat_ipi_setup(struct rtlat_run *run, char *err, size_t err_size)
{
	const struct rtlat_config *cfg = &run->cfg;
	const bool self = cfg->ipi_kind == RTLAT_IPI_SELF;
	unsigned int nr = self ? cpumask_weight(run->cpus) : 1;
	struct rtlat_cpu *cpu;
	u64 cost_us;
	unsigned int i;
	int ret;

	ret = rtlat_ipi_check(run, err, err_size);
	if (ret)
		return ret;
	rtlat_for_each_cpu(cpu, run, i) {
		cpu->ipi.vector = rtlat_ipi_vectors[cfg->ipi_kind];
		INIT_CSD(&cpu->ipi.csd, rtlat_ipi_ran, NULL);
		cpu->ipi.work = IRQ_WORK_INIT_HARD(rtlat_ipi_work);
	}
	run->ipi = kzalloc(struct_size(run->ipi, sender, nr), GFP_KERNEL);
	if (!run->ipi)
		return -ENOMEM;
	for_each_cpu(i, run->cpus) {
		ret = rtlat_sender_create(run, &run->ipi->sender[run->ipi->nr++],
					  self ? i : cfg->ipi_sender, err,
					  err_size);
		if (ret)
			return ret;
		if (!self)
			break;
	}
	atomic_set(&run->active, nr);
	cost_us = div_u64(run->serve_cost_ns, NSEC_PER_USEC);
	if (cfg->interval_us > cost_us)
		return 0;
	scnprintf(err, err_size,
		  "interval_us=%llu: shorter than the sender's wake-up costs (measured %llu ns); range %llu..%llu us",
		  cfg->interval_us, run->serve_cost_ns, cost_us + 1,
		  rtlat_params[RTLAT_P_interval_us].max);
	return -EINVAL;
}

/**
 * rtlat_ipi_go - start sending
 * @run: run that was set up
 * @tick_ns: of rtlat_tick_ns(), less than a tick ago
 */
void rtlat_ipi_go(struct rtlat_run *run, u64 tick_ns)
{
	const u64 first_ns = rtlat_first_ns(tick_ns, run->cfg.interval_us * NSEC_PER_USEC);
	unsigned int i;

	for (i = 0; i < run->ipi->nr; i++) {
		run->ipi->sender[i].first_ns = first_ns;
		/* pairs with the acquire in rtlat_thread_wait() */
		smp_store_release(&run->ipi->sender[i].go, true);
		wake_up_process(run->ipi->sender[i].thread);
	}
}

/**
 * rtlat_ipi_stop - stop sending
 * @run: run
 *
 * When it returns no IPI of ours is on its way. Process context.
 */
void rtlat_ipi_stop(struct rtlat_run *run)
{
	struct rtlat_cpu *cpu;
	unsigned int i;

	if (!run->ipi)
		return;
	for (i = 0; i < run->ipi->nr; i++) {
		struct rtlat_sender *sender = &run->ipi->sender[i];

		if (!sender->thread)
			continue;
		rtlat_thread_stop(sender->thread);
		sender->thread = NULL;
	}
	rtlat_for_each_cpu(cpu, run, i)
		irq_work_sync(&cpu->ipi.work);
	/* payloads still queued on a CPU must have run before they are freed */
	kick_all_cpus_sync();
}

/**
 * rtlat_ipi_free - free the senders
 * @run: run that was stopped
 */
void rtlat_ipi_free(struct rtlat_run *run)
{
	unsigned int i;

	if (!run->ipi)
		return;
	for (i = 0; i < run->ipi->nr; i++)
		free_cpumask_var(run->ipi->sender[i].targets);
	kfree(run->ipi);
	run->ipi = NULL;
}

/**
 * rtlat_ipi_progress - IPIs so far
 * @run: run
 * @total: receives the number asked for, 0 for an endless run
 *
 * Return: IPIs sent.
 */
u64 rtlat_ipi_progress(const struct rtlat_run *run, u64 *total)
{
	unsigned int targets, i;
	u64 done = 0;

	*total = 0;
	for (i = 0; run->ipi && i < run->ipi->nr; i++) {
		const struct rtlat_sender *sender = &run->ipi->sender[i];

		targets = cpumask_weight(sender->targets);
		done += READ_ONCE(sender->round) * targets;
		*total += run->cfg.count * targets;
	}
	return done;
}
