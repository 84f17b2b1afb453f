// SPDX-License-Identifier: GPL-2.0
/* What a guest received, and what a proof says of the run that another one repeats. Pure. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proof/parts.h"

#define RUN	"run/"

/* Key of the run, and the key that it is in a snapshot of its own. */
static const struct {
	const char *key, *counter;
} counters[] = {
	{ "run_irq_injections", "kvm_irq_injections" },
	{ "run_exits", "kvm_exits" },
};

/* The number of what the guest received between two copies of a name. */
static int received(const struct proof_snapshot *snapshot, const char *name,
		    json_t *values, const char *key, struct problem *problem)
{
	char *begin_name = xasprintf("guest/begin/%s", name);
	char *end_name = xasprintf("guest/end/%s", name);
	const struct proof_file *begin = proof_file(snapshot, begin_name);
	const struct proof_file *end = proof_file(snapshot, end_name);
	struct proof_interrupts interrupts;
	int ret = -EINVAL;

	if (!begin || !end) {
		proof_missing(snapshot, begin ? end_name : begin_name, problem);
	} else {
		ret = proof_interrupts_window(&interrupts, begin, end, problem);
		if (!ret)
			proof_set_number(values, key,
					 proof_interrupts_total(&interrupts));
		proof_interrupts_free(&interrupts);
	}
	free(begin_name);
	free(end_name);
	return ret;
}

/* What it received at most: from before it asked for counts to after the answer. */
static int received_most(const struct proof_snapshot *snapshot, json_t *values,
			 const char *key, struct problem *problem)
{
	proof_set_word(values, key, "absent");
	if (!proof_file(snapshot, "guest/begin/interrupts-outer") &&
	    !proof_file(snapshot, "guest/end/interrupts-outer"))
		return 0;
	return received(snapshot, "interrupts-outer", values, key, problem);
}

/**
 * proof_run_keys - what was received at most, and counts of the run that was not
 * watched closely
 * @snapshot: the snapshot of its repetition, with that of the run in run/
 * @values: receives the keys; absent, when there is no repetition
 * @problem: receives file, line and reason
 *
 * KVM's events cost the guest too much to be counted while it is measured; its
 * counters and the guest's cost nothing.
 *
 * Return: 0 or -EINVAL.
 */
int proof_run_keys(const struct proof_snapshot *snapshot, json_t *values,
		   struct problem *problem)
{
	json_t *own = json_object();
	struct proof_snapshot run;
	size_t i;
	int ret = 0;

	proof_snapshot_init(&run, snapshot->path);
	for (i = 0; i < snapshot->nr; i++)
		if (!strncmp(snapshot->file[i].name, RUN, strlen(RUN)))
			proof_snapshot_add(&run,
					   snapshot->file[i].name + strlen(RUN),
					   xstrdup(snapshot->file[i].text));
	proof_set_word(values, "run_guest_interrupts", "absent");
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		proof_set_word(values, counters[i].key, "absent");
	proof_set_word(values, "run_guest_interrupts_most", "absent");
	ret = received_most(snapshot, values, "guest_interrupts_most", problem);
	if (!ret && run.nr) {
		ret = received(&run, "interrupts", values,
			       "run_guest_interrupts", problem);
		if (!ret)
			ret = received_most(&run, values,
					    "run_guest_interrupts_most", problem);
		if (!ret)
			ret = proof_counter_keys(&run, own, problem);
		for (i = 0; i < ARRAY_SIZE(counters) && !ret; i++)
			json_object_set(values, counters[i].key,
					json_object_get(own, counters[i].counter));
	}
	json_decref(own);
	proof_snapshot_free(&run);
	return ret;
}
