// SPDX-License-Identifier: GPL-2.0
/* What the module holds for each CPU of a run: allocated before it starts. */

#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "cpu.h"
#include "fault.h"

DEFINE_PER_CPU(struct rtlat_cpu *, rtlat_cpu_now);

/**
 * rtlat_cpu_alloc - state of one CPU for a run
 * @run: run
 * @id: CPU
 * @metrics: bit mask of the metrics of the run
 *
 * Process context.
 *
 * Return: the state, all zero; NULL without memory.
 */
struct rtlat_cpu *rtlat_cpu_alloc(struct rtlat_run *run, unsigned int id,
				  u32 metrics)
{
	int node = cpu_to_node(id);
	struct rtlat_cpu *cpu;
	unsigned int m, c;

	cpu = kzalloc_node(sizeof(*cpu), GFP_KERNEL, node);
	if (!cpu)
		return NULL;
	cpu->run = run;
	cpu->id = id;
	cpu->fault_work = IRQ_WORK_INIT_HARD(rtlat_fault_work);
	cpu->ring = vzalloc_node(array_size(RTLAT_RING, sizeof(*cpu->ring)),
				 node);
	if (!cpu->ring)
		goto err;
	for (m = 0; m < RTLAT_NR_METRICS; m++) {
		if (!(metrics & (1U << m)))
			continue;
		for (c = 0; c < RTLAT_NR_CLASSES; c++) {
			if (!rtlat_class_applies(m, c))
				continue;
			cpu->hist[m][c] = vzalloc_node(sizeof(*cpu->hist[m][c]),
						       node);
			if (!cpu->hist[m][c])
				goto err;
		}
	}
	return cpu;
err:
	rtlat_cpu_free(cpu);
	return NULL;
}

/**
 * rtlat_cpu_free - free it all
 * @cpu: state that no probe can see any more, or NULL
 */
void rtlat_cpu_free(struct rtlat_cpu *cpu)
{
	unsigned int m, c;

	if (!cpu)
		return;
	for (m = 0; m < RTLAT_NR_METRICS; m++)
		for (c = 0; c < RTLAT_NR_CLASSES; c++)
			vfree(cpu->hist[m][c]);
	vfree(cpu->ring);
	kfree(cpu->tasks);
	kfree(cpu);
}

/**
 * rtlat_cpu_bytes - memory held for a CPU
 * @cpu: CPU
 *
 * Return: bytes.
 */
size_t rtlat_cpu_bytes(const struct rtlat_cpu *cpu)
{
	size_t bytes = sizeof(*cpu) + RTLAT_RING * sizeof(*cpu->ring) +
		       cpu->nr_tasks * sizeof(*cpu->tasks);
	unsigned int m, c;

	for (m = 0; m < RTLAT_NR_METRICS; m++)
		for (c = 0; c < RTLAT_NR_CLASSES; c++)
			if (cpu->hist[m][c])
				bytes += sizeof(*cpu->hist[m][c]);
	return bytes;
}

/**
 * rtlat_cpu_hash_tasks - make the threads of a CPU's tasks known to the probes
 * @cpu: CPU; at most RTLAT_MAX_TASKS of its tasks have threads
 *
 * Process context. The probes may look, but nothing has been released yet.
 */
void rtlat_cpu_hash_tasks(struct rtlat_cpu *cpu)
{
	struct rtlat_task *task;
	u32 at, t;

	for (at = 0; at < ARRAY_SIZE(cpu->hash); at++)
		WRITE_ONCE(cpu->hash[at], NULL);
	for (t = 0; t < cpu->nr_tasks; t++) {
		task = &cpu->tasks[t];
		if (!task->thread)
			continue;
		at = hash_ptr(task->thread, RTLAT_HASH_BITS);
		while (cpu->hash[at])
			at = (at + 1) & (ARRAY_SIZE(cpu->hash) - 1);
		WRITE_ONCE(cpu->hash[at], task);
	}
}
