// SPDX-License-Identifier: GPL-2.0
/* Is a cell what it claims? Judged by what its host, or only it itself, tells. Pure. */

#include <stdlib.h>
#include <string.h>

#include "proof/parts.h"
#include "proof/platform.h"

static bool has_key(const json_t *proof, const char *key)
{
	return !!json_object_get(proof, key);
}

/* Is a name in "A,B"? */
static bool list_has(const char *list, const char *name)
{
	const size_t len = strlen(name);

	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == len && !strncmp(list, name, len))
			return true;
	return false;
}

static int judge_bare(const json_t *proof, struct problem *why)
{
	struct problem native = { "" };

	if (has_key(proof, "guest_hypervisor_flag"))
		return problem_set(why, "the CPU has the hypervisor flag (%s): this is a VM",
				   json_text_of(proof, "guest_hypervisor"));
	if (proof_check_keys(proof, PROOF_NATIVE | PROOF_INSIDE, why))
		return -EINVAL;
	if (!proof_judge(proof, "native", false, &native))
		return 0;
	return problem_set(why, "%s", native.text + strlen("proof: "));
}

static int judge_vm(const json_t *proof, struct problem *why)
{
	const char *names = json_text_of(proof, "guest_hypervisor");

	if (has_key(proof, "native_hypervisor_flag"))
		return problem_set(why, "the CPU has no hypervisor flag: this is no VM");
	if (proof_check_keys(proof, PROOF_GUEST | PROOF_INSIDE | PROOF_VM, why) ||
	    proof_check_received(proof, why))
		return -EINVAL;
	/* KVM may hide its name; another one's is a contradiction */
	if (strcmp(names, "unknown") && !list_has(names, PROOF_KVM_SIGNATURE))
		return problem_set(why, "the hypervisor is %s, not KVM", names);
	return 0;
}

/**
 * proof_judge_inside - what does a proof show that was taken inside the machine?
 * @proof: of proof_inside_make()
 * @platform: native, kvm, kvm-pi
 * @problem: receives why it fails, or why it is not proven
 *
 * Return: the verdict; of a VM it is never that the claim holds.
 */
enum proof_verdict proof_judge_inside(const json_t *proof, const char *platform,
				      struct problem *problem)
{
	const bool native = !strcmp(platform, "native");
	const json_t *version = json_object_get(proof, "proof_version");
	struct problem why = { "" };

	if (!json_is_integer(version) ||
	    json_integer_value(version) != PROOF_VERSION)
		problem_set(&why, "proof_version is not %d", PROOF_VERSION);
	else if (!proof_is_inside(proof))
		problem_set(&why, "proof_side is not inside");
	else if (native)
		judge_bare(proof, &why);
	else
		judge_vm(proof, &why);
	if (why.text[0]) {
		problem_set(problem, "%s: %s", strcmp(platform, "kvm-pi") ?
			    "proof" : "claimed but not active", why.text);
		return PROOF_FAILS;
	}
	if (native)
		return PROOF_HOLDS;
	problem_set(problem,
		    "measured inside the VM (hypervisor %s): KVM's parameters, exits and injections are known on its host only",
		    json_text_of(proof, "guest_hypervisor"));
	return PROOF_UNPROVEN;
}

/**
 * proof_is_inside - was a proof taken inside the machine that it is of?
 * @proof: the proof
 *
 * Return: true when it says so.
 */
bool proof_is_inside(const json_t *proof)
{
	return !strcmp(json_text_of(proof, "proof_side"), "inside");
}

/* What remains is what was asked for, and why there is no answer. */
static void drop_numbers(json_t *cell, const char *reason)
{
	json_object_set_new(cell, "status", json_string("fail"));
	json_object_set_new(cell, "reason", json_string(reason));
	json_object_set_new(cell, "stamp_cost_ns", json_null());
	json_object_set_new(cell, "tasks", json_null());
	json_object_set_new(cell, "metrics", json_object());
	json_object_set_new(json_object_get(cell, "workload"), "duration_s",
			    json_null());
}

/* The proof of another run says nothing of this one. */
static int check_kernel(const json_t *cell, const json_t *proof,
			struct problem *problem)
{
	const char *key = has_key(proof, "guest_kernel") ? "guest_kernel" :
							   "host_kernel";
	const char *kernel = json_text_of(cell, "kernel");

	if (!strcmp(json_text_of(proof, key), kernel))
		return 0;
	return problem_set(problem, "proof: %s=%s, but the cell is of %s", key,
			   json_text_of(proof, key), kernel);
}

static enum proof_verdict judge(const json_t *cell, struct problem *problem)
{
	const json_t *proof = json_object_get(cell, "proof");
	const char *platform = json_text_of(cell, "platform");

	/* a cell of the sweep itself has a host, which can prove it */
	if (!cell_imported(cell) || !proof_is_inside(proof)) {
		const bool posted = cell_is_posted(cell);

		if (proof_judge(proof, platform, posted, problem) ||
		    (strcmp(platform, "native") &&
		     proof_check_settings(json_object_get(cell, "settings"),
					  posted, proof, problem)))
			return PROOF_FAILS;
		return PROOF_HOLDS;
	}
	if (check_kernel(cell, proof, problem))
		return PROOF_FAILS;
	return proof_judge_inside(proof, platform, problem);
}

/**
 * proof_judge_cell - judge a cell that ran; one whose proof does not hold has
 * failed, and has no numbers
 * @cell: object of a cell as in summary.json; is told whether it is proven
 * @problem: receives why not
 *
 * Only a cell that was imported can be neither proven nor failed: then it says
 * why.
 *
 * Return: 0, or -EINVAL when the cell was ok and has failed by it.
 */
int proof_judge_cell(json_t *cell, struct problem *problem)
{
	struct problem why = { "" };
	enum proof_verdict verdict;

	json_object_del(cell, "proven");
	json_object_del(cell, "unproven");
	if (strcmp(json_text_of(cell, "status"), "ok"))
		return 0;
	verdict = judge(cell, &why);
	if (verdict == PROOF_FAILS) {
		drop_numbers(cell, why.text);
		return problem_set(problem, "%s", why.text);
	}
	json_object_set_new(cell, "proven", json_boolean(verdict == PROOF_HOLDS));
	if (verdict == PROOF_UNPROVEN)
		json_object_set_new(cell, "unproven", json_string(why.text));
	return 0;
}
