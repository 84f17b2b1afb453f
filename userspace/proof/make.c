// SPDX-License-Identifier: GPL-2.0
/* The proof of a cell, made from the snapshot of its host and guest. Pure. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/textline.h"
#include "proof/parts.h"

static int fact_line(const struct textline *line, void *data,
		     struct problem *problem)
{
	json_t *values = data;
	const struct proof_key *key;
	size_t i;

	for (i = 0; i < line->nr; i++) {
		const struct textword *word = &line->word[i];

		if (!word->key)
			return problem_set(problem,
				"%s line %u: %s is not of the form key=value",
				line->file, line->number, word->value);
		for (key = proof_keys; key->key; key++)
			if (key->from == PROOF_FACT && !strcmp(key->key, word->key))
				break;
		if (!key->key)
			return problem_set(problem, "%s line %u: %s is not a fact of a guest",
					   line->file, line->number, word->key);
		if (*word->value)
			proof_set_word(values, word->key, word->value);
	}
	return 0;
}

static int guest_keys(const struct proof_snapshot *snapshot, json_t *values,
		      struct problem *problem)
{
	const struct proof_file *facts = proof_file(snapshot, "guest/facts");
	int ret;

	ret = facts ? text_each_line(facts->path, facts->text, fact_line, values,
				     problem) : 0;
	return ret ? ret : proof_interrupt_keys(snapshot, "guest/begin/interrupts",
						"guest/end/interrupts", values,
						problem);
}

static const char *word_of(const json_t *values, const char *key)
{
	const char *word = json_string_value(json_object_get(values, key));

	return word ? word : "unknown";
}

/*
 * A vCPU of AMD's that runs a guest of its own is without AVIC meanwhile. From
 * 6.0 on that is no reason of the VM, and no event says it; a counter does.
 */
static bool ran_nested(const json_t *values, unsigned int where)
{
	return where == PROOF_AMD &&
	       json_integer_value(json_object_get(values, "kvm_nested_run")) > 0;
}

static void set_inhibits(const struct proof_inhibits *inhibits, json_t *values,
			 unsigned int where)
{
	const bool nested = ran_nested(values, where) &&
			    !strstr(inhibits->names, "NESTED");
	char *names;

	proof_set_number(values, "inhibit_changes", inhibits->changes);
	if (!nested) {
		proof_set_word(values, "inhibits", inhibits->names);
		return;
	}
	names = xasprintf("%s%sNESTED", inhibits->mask ? inhibits->names : "",
			  inhibits->mask ? "," : "");
	proof_set_word(values, "inhibits", names);
	free(names);
}

static int state_keys(const struct proof_snapshot *snapshot, json_t *values,
		      unsigned int where, struct problem *problem)
{
	const struct proof_file *window = proof_file(snapshot, "host/window");
	const struct proof_file *trace = proof_file(snapshot, "host/inhibits");
	struct proof_inhibits inhibits = { .known = false };
	u64 ns[2] = { 0 };
	int ret;

	if (trace && !window)
		return proof_missing(snapshot, "host/window", problem);
	ret = window ? proof_window_read(window, ns, problem) : 0;
	if (window && !ret)
		proof_set_number(values, "window_us", (ns[1] - ns[0]) / 1000);
	if (trace && !ret)
		ret = proof_inhibits_read(&inhibits, trace,
					  word_of(values, "host_kernel"), ns,
					  problem);
	if (inhibits.known && !ret)
		set_inhibits(&inhibits, values, where);
	free(inhibits.names);
	if (!ret)
		proof_set_word(values, "state",
			       proof_state(where ? word_of(values, proof_switch(where)) :
						   "unknown",
					   word_of(values, "inhibits")));
	return ret;
}

/**
 * proof_ordered - the keys of a proof in their order
 * @values: what is known
 * @where: which proofs it is one of
 *
 * What is not known says so, or it would not be missed.
 *
 * Return: the proof.
 */
json_t *proof_ordered(json_t *values, unsigned int where)
{
	json_t *proof = json_object();
	const struct proof_key *key;
	const char *name;
	json_t *value;

	for (key = proof_keys; key->key; key++) {
		if (!(key->where & where))
			continue;
		value = json_object_get(values, key->key);
		if (value)
			json_object_set(proof, key->key, value);
		else
			proof_set_word(proof, key->key, "unknown");
	}
	json_object_foreach(values, name, value)
		if (!strncmp(name, PROOF_EXIT, strlen(PROOF_EXIT)))
			json_object_set(proof, name, value);
	return proof;
}

static bool has_guest(const struct proof_snapshot *snapshot)
{
	size_t i;

	for (i = 0; i < snapshot->nr; i++)
		if (!strncmp(snapshot->file[i].name, "guest/", 6))
			return true;
	return false;
}

static int guest_proof(const struct proof_snapshot *snapshot, json_t *values,
		       unsigned int *where, struct problem *problem)
{
	int ret;

	ret = proof_host_keys(snapshot, values, problem);
	if (ret)
		return ret;
	*where = proof_where(json_string_value(json_object_get(values,
							       "kvm_module")));
	if (!*where)
		proof_set_word(values, "kvm_module", "none");
	ret = proof_counter_keys(snapshot, values, problem);
	if (!ret)
		ret = guest_keys(snapshot, values, problem);
	if (!ret)
		ret = state_keys(snapshot, values, *where, problem);
	if (!ret)
		ret = proof_event_keys(snapshot, *where, values, problem);
	if (!ret)
		ret = proof_run_keys(snapshot, values, problem);
	return ret;
}

/**
 * proof_make - what a snapshot shows
 * @snapshot: of a guest's host, or of a machine that ran a native cell
 * @problem: receives file, line and reason
 *
 * Return: the proof as an object, its keys in the order of proof_keys; NULL
 * when a file is damaged.
 */
json_t *proof_make(const struct proof_snapshot *snapshot,
		   struct problem *problem)
{
	unsigned int where = PROOF_NATIVE;
	json_t *values = json_object(), *proof = NULL;
	int ret;

	if (!proof_file(snapshot, "host/cpuinfo")) {
		proof_missing(snapshot, "host/cpuinfo", problem);
		goto out;
	}
	proof_set_number(values, "proof_version", PROOF_VERSION);
	ret = has_guest(snapshot) ?
	      guest_proof(snapshot, values, &where, problem) :
	      proof_native_keys(snapshot, values, problem);
	/* without KVM: the keys that all guests have */
	if (!ret)
		proof = proof_ordered(values, where ? where : PROOF_GUEST);
out:
	json_decref(values);
	return proof;
}

/**
 * proof_text - a proof as its file holds it
 * @proof: object of keys and values
 *
 * Return: key=value lines; free() it.
 */
char *proof_text(const json_t *proof)
{
	char *text = xstrdup("");
	const char *key;
	json_t *value;

	/* the macro wants a pointer that is not const, and changes nothing */
	json_object_foreach((json_t *)(uintptr_t)proof, key, value) {
		char *longer = json_is_integer(value) ?
			xasprintf("%s%s=%" JSON_INTEGER_FORMAT "\n", text, key,
				  json_integer_value(value)) :
			xasprintf("%s%s=%s\n", text, key,
				  json_string_value(value));

		free(text);
		text = longer;
	}
	return text;
}
