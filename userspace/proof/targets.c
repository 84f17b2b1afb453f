// SPDX-License-Identifier: GPL-2.0
/* What IPIs cost at the CPUs that they go to. Pure. */

#include <stdlib.h>

#include "base/cpulist.h"
#include "proof/parts.h"
#include "results/cell.h"

static bool number_at(const json_t *proof, const char *key, unsigned int cpu,
		      u64 *number)
{
	return proof_list_at(json_object_get(proof, key), cpu, number);
}

static bool add_target(struct proof_targets *targets, const json_t *proof,
		       unsigned int cpu)
{
	u64 received, ipi, timer, entries, asked, exits, eoi;

	if (!number_at(proof, "guest_interrupts_cpus", cpu, &received) ||
	    !number_at(proof, "guest_interrupts_ipi_cpus", cpu, &ipi) ||
	    !number_at(proof, "guest_interrupts_timer_cpus", cpu, &timer) ||
	    !number_at(proof, "kvm_entry_vcpus", cpu, &entries) ||
	    !number_at(proof, "kvm_asked_vcpus", cpu, &asked) ||
	    !number_at(proof, "kvm_timer_vcpus", cpu, &exits) ||
	    !json_is_integer(json_object_get(proof, "kvm_eoi")))
		return false;
	/* a CPU that ended none by an exit has no place in the list */
	if (!number_at(proof, "kvm_eoi_vcpus", cpu, &eoi))
		eoi = 0;
	targets->received += received;
	targets->ipi += ipi;
	targets->timer += timer;
	targets->timer_exits += exits;
	targets->entries += proof_interrupt_entries(entries, asked, eoi);
	return true;
}

/**
 * proof_targets_of - what the CPUs received that IPIs go to, and what it cost
 * @targets: receives the sums over these CPUs
 * @proof: of a guest
 *
 * Return: 0; 1 when it is not of IPIs to known CPUs; -EINVAL when the counts of
 * one of them are not known.
 */
int proof_targets_of(struct proof_targets *targets, const json_t *proof)
{
	const char *text = json_string_value(json_object_get(proof, "ipi_targets"));
	const json_t *one = json_object_get(proof, "ipi_targets");
	struct problem problem = { "" };
	struct cpulist list = { 0, NULL };
	char *number = NULL;
	unsigned int i;
	int ret = 0;

	memset(targets, 0, sizeof(*targets));
	if (text && !strcmp(text, "none"))
		return 1;
	if (json_is_integer(one))
		number = xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(one));
	if (number || text)
		ret = cpulist_parse(&list, number ? number : text, &problem);
	free(number);
	if (ret || !list.nr)
		return -EINVAL;
	for (i = 0; i < list.nr && !ret; i++)
		if (!add_target(targets, proof, list.cpu[i]))
			ret = -EINVAL;
	cpulist_free(&list);
	return ret;
}

/**
 * proof_entries_json - VM entries that interrupts took, for each that was received
 * @proof: of a guest; of its IPIs' targets, where it has some, but for what their own
 *	preemption timers took
 *
 * Return: a number, or null when they are not known.
 */
json_t *proof_entries_json(const json_t *proof)
{
	const json_t *entries = json_object_get(proof, "kvm_entry_interrupts");
	const json_t *received = json_object_get(proof, "guest_interrupts");
	struct proof_targets targets;
	int ret = proof_targets_of(&targets, proof);

	if (ret > 0 && json_is_integer(entries) && json_is_integer(received)) {
		targets.entries = (u64)json_integer_value(entries);
		targets.received = (u64)json_integer_value(received);
	} else if (ret) {
		return json_null();
	}
	targets.entries -= targets.entries < targets.timer_exits ?
			   targets.entries : targets.timer_exits;
	return json_real_or_null(targets.received > 0,
				 (double)targets.entries / (double)targets.received);
}
