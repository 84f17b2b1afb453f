/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults: delays and disturbances of known size, done to a measurement so that
 * what measures can itself be measured. Off, they cost one instruction at each
 * place.
 */
#ifndef RTLAT_FAULT_H
#define RTLAT_FAULT_H

#include <linux/jump_label.h>

#include "cpu.h"
#include "params.h"

DECLARE_STATIC_KEY_FALSE(rtlat_fault_key);

/* Is there a fault at all? The rest is asked of a run that has one. */
#define rtlat_faults()	static_branch_unlikely(&rtlat_fault_key)

void rtlat_fault_set(const struct rtlat_config *cfg);
bool rtlat_fault_hits(struct rtlat_cpu *cpu, enum rtlat_fault fault, u64 job);
void rtlat_fault_delay(const struct rtlat_cpu *cpu);
void rtlat_fault_isr(struct rtlat_cpu *cpu);
void rtlat_fault_isr_exit(struct rtlat_cpu *cpu);
bool rtlat_fault_sched(struct rtlat_cpu *cpu);
void rtlat_fault_callback(struct rtlat_cpu *cpu, u64 job);
void rtlat_fault_work(struct irq_work *work);

/**
 * rtlat_fault_job - a place where one job, or one IPI, is known
 * @cpu: its CPU
 * @fault: fault of that place
 * @job: its number
 *
 * Delays when the run has that fault and it hits the job. Any context but NMI.
 */
static __always_inline void rtlat_fault_job(struct rtlat_cpu *cpu,
					    enum rtlat_fault fault, u64 job)
{
	if (rtlat_faults() && rtlat_fault_hits(cpu, fault, job))
		rtlat_fault_delay(cpu);
}

/* hold.c: interrupts off across an expiry */
int rtlat_hold_start(struct rtlat_cpu *cpu, char *err, size_t err_size);
void rtlat_hold_stop(struct rtlat_cpu *cpu);

#endif /* RTLAT_FAULT_H */
