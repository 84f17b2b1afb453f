// SPDX-License-Identifier: GPL-2.0
/* What KVM's trace events counted while a cell ran. Pure. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proof/parts.h"

/* More than a guest has here. */
#define MAX_VCPUS	4096

/* By how much an event's histogram grew; 1: the kernel has no such event. */
static int window_of(const struct proof_snapshot *snapshot, const char *event,
		     struct proof_hist *hist, struct problem *problem)
{
	char *begin_name = xasprintf("host/begin/%s.hist", event);
	char *end_name = xasprintf("host/end/%s.hist", event);
	const struct proof_file *begin = proof_file(snapshot, begin_name);
	const struct proof_file *end = proof_file(snapshot, end_name);
	int ret = 1;

	memset(hist, 0, sizeof(*hist));
	if (!begin != !end)
		ret = proof_missing(snapshot, begin ? end_name : begin_name,
				    problem);
	else if (begin)
		ret = proof_hist_window(hist, begin, end, problem);
	free(begin_name);
	free(end_name);
	return ret;
}

/* Is a reason of kvm_exit, by its name, wanted? */
typedef bool (*want_fn)(unsigned int where, const char *name);

static bool is_wanted(const struct proof_hist *hist, size_t row, want_fn want,
		      unsigned int where)
{
	int key = proof_hist_key(hist, "exit_reason");
	char *name = proof_exit_name(where, hist->row[row].value[key]);
	const bool wanted = want(where, name);

	free(name);
	return wanted;
}

/* Events of each CPU, by a field that is its number; exits, if @want wants them. */
static void set_cpus(const struct proof_hist *hist, const char *field,
		     want_fn want, unsigned int where, json_t *values,
		     const char *name)
{
	int key = proof_hist_key(hist, field);
	u64 *count, nr = 0;
	size_t i;

	for (i = 0; i < hist->nr && key >= 0; i++)
		if (hist->row[i].value[key] >= nr)
			nr = hist->row[i].value[key] + 1;
	if (nr > MAX_VCPUS)
		nr = 0;
	count = xcalloc(nr, sizeof(*count));
	for (i = 0; i < hist->nr && nr; i++)
		if (!want || is_wanted(hist, i, want, where))
			count[hist->row[i].value[key]] += hist->row[i].count;
	proof_set_list(values, name, count, nr);
	free(count);
}

/* By a timer of the guest's own, and by nothing else. */
static bool is_timer(unsigned int where, const char *name)
{
	(void)where;
	return !strcmp(name, "PREEMPTION_TIMER");
}

static void set_reinjected(const struct proof_hist *hist, json_t *values)
{
	int key = proof_hist_key(hist, "reinjected");

	if (key >= 0)
		proof_set_number(values, "kvm_inj_virq_reinjected",
				 proof_hist_of(hist, (size_t)key, 1));
}

static int set_reasons(const struct proof_hist *hist, unsigned int where,
		       json_t *values, u64 *asked, const char *path,
		       struct problem *problem)
{
	int key = proof_hist_key(hist, "exit_reason");
	size_t i;

	if (key < 0)
		return problem_set(problem,
				   "%s/host/end/kvm_exit.hist: exit_reason is not among its keys",
				   path);
	for (i = 0; i < hist->nr; i++) {
		char *name = proof_exit_name(where, hist->row[i].value[key]);
		char *full = xasprintf(PROOF_EXIT "%s", name);
		u64 sum = (u64)json_integer_value(json_object_get(values, full));

		if (hist->row[i].count)
			proof_set_number(values, full, sum + hist->row[i].count);
		if (proof_exit_asked(where, name))
			*asked += hist->row[i].count;
		free(full);
		free(name);
	}
	set_cpus(hist, "vcpu_id", proof_exit_asked, where, values, "kvm_asked_vcpus");
	set_cpus(hist, "vcpu_id", is_timer, where, values, "kvm_timer_vcpus");
	return 0;
}

/**
 * proof_event_keys - what the events counted
 * @snapshot: the snapshot
 * @where: PROOF_INTEL, PROOF_AMD; 0: no KVM
 * @values: receives the keys, those of reasons, too
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_event_keys(const struct proof_snapshot *snapshot, unsigned int where,
		     json_t *values, struct problem *problem)
{
	static const char *const events[] = {
		"kvm_entry", "kvm_inj_virq", "kvm_apicv_accept_irq", "kvm_eoi",
		"kvm_exit",
	};
	u64 total[ARRAY_SIZE(events)], asked = 0;
	bool known[ARRAY_SIZE(events)] = { false };
	size_t i;
	int ret = 0;

	proof_set_word(values, "kvm_entry_vcpus", "absent");
	proof_set_word(values, "kvm_asked_vcpus", "absent");
	proof_set_word(values, "kvm_timer_vcpus", "absent");
	proof_set_word(values, "kvm_eoi_vcpus", "absent");
	proof_set_word(values, "kvm_inj_virq_reinjected", "absent");
	for (i = 0; i < ARRAY_SIZE(events) && ret >= 0; i++) {
		struct proof_hist hist;

		proof_set_word(values, events[i], "absent");
		ret = window_of(snapshot, events[i], &hist, problem);
		if (!ret) {
			known[i] = true;
			total[i] = proof_hist_total(&hist);
			proof_set_number(values, events[i], total[i]);
			if (!strcmp(events[i], "kvm_entry"))
				set_cpus(&hist, "vcpu_id", NULL, where, values,
					 "kvm_entry_vcpus");
			else if (!strcmp(events[i], "kvm_eoi"))
				set_cpus(&hist, "apicid", NULL, where, values,
					 "kvm_eoi_vcpus");
			else if (!strcmp(events[i], "kvm_inj_virq"))
				set_reinjected(&hist, values);
			else if (!strcmp(events[i], "kvm_exit"))
				ret = set_reasons(&hist, where, values, &asked,
						  snapshot->path, problem);
		}
		proof_hist_free(&hist);
	}
	if (ret < 0)
		return ret;
	if (known[0] && known[3] && known[4])
		proof_set_number(values, "kvm_entry_interrupts",
				 proof_interrupt_entries(total[0], asked, total[3]));
	return 0;
}
