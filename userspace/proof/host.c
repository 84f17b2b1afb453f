// SPDX-License-Identifier: GPL-2.0
/* What the host was: CPU, kernel, KVM's parameters and counters. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/textline.h"
#include "proof/parts.h"

struct words {
	char *word[4];
	size_t nr;
};

static int take_words(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct words *words = data;
	size_t i;

	(void)problem;
	for (i = 0; i < line->nr; i++, words->nr++)
		if (words->nr < ARRAY_SIZE(words->word))
			words->word[words->nr] = line->word[i].key ?
				xasprintf("%s=%s", line->word[i].key,
					  line->word[i].value) :
				xstrdup(line->word[i].value);
	return 0;
}

static void free_words(struct words *words)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words->word); i++)
		free(words->word[i]);
}

/**
 * proof_one_word - the only word of a file
 * @file: the file
 * @word: receives it, NULL when the file is empty; free() it
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int proof_one_word(const struct proof_file *file, char **word,
		   struct problem *problem)
{
	struct words words = { .nr = 0 };
	int ret = 0;

	*word = NULL;
	text_each_line(file->path, file->text, take_words, &words, problem);
	if (words.nr > 1)
		ret = problem_set(problem, "%s line 1: %s: more than one word",
				  file->path, words.word[0]);
	else if (words.nr)
		*word = xstrdup(words.word[0]);
	free_words(&words);
	return ret;
}

/**
 * proof_number - the number that a file is
 * @file: the file
 * @number: receives it
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int proof_number(const struct proof_file *file, u64 *number,
		 struct problem *problem)
{
	char *word;
	int ret;

	ret = proof_one_word(file, &word, problem);
	if (!ret && (!word || parse_u64(word, number) || *number > INT64_MAX))
		ret = problem_set(problem, "%s line 1: %s is not a number",
				  file->path, word ? word : "nothing");
	free(word);
	return ret;
}

/**
 * proof_word - the only word of a file that may be absent
 * @snapshot: the snapshot
 * @name: the file
 * @word: receives it, NULL when it is empty or not there; free() it
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int proof_word(const struct proof_snapshot *snapshot, const char *name,
	       char **word, struct problem *problem)
{
	const struct proof_file *file = proof_file(snapshot, name);

	*word = NULL;
	return file ? proof_one_word(file, word, problem) : 0;
}

struct cpu {
	json_t *values;
	unsigned int flags;
	bool native;
};

static int cpu_line(const struct textline *line, void *data,
		    struct problem *problem)
{
	struct cpu *cpu = data;
	u64 hypervisor = 0;
	size_t i;

	(void)problem;
	if (line->nr > 2 && !strcmp(line->word[0].value, "vendor_id"))
		proof_set_word(cpu->values, "host_vendor", line->word[2].value);
	/* the first processor is as the others */
	if (strcmp(line->word[0].value, "flags") || cpu->flags++)
		return 0;
	for (i = 1; i < line->nr; i++)
		hypervisor += !strcmp(line->word[i].value, "hypervisor");
	if (cpu->native)
		proof_set_number(cpu->values, "native_hypervisor_flag",
				 hypervisor);
	return 0;
}

static int cpu_keys(const struct proof_snapshot *snapshot, json_t *values,
		    bool native, struct problem *problem)
{
	const struct proof_file *file = proof_file(snapshot, "host/cpuinfo");
	struct cpu cpu = { .values = values, .native = native };
	struct words words = { .nr = 0 };
	int ret = 0;

	if (file) {
		ret = text_each_line(file->path, file->text, cpu_line, &cpu,
				     problem);
		if (!ret && !cpu.flags)
			ret = problem_set(problem, "%s: no line flags in it",
					  file->path);
	}
	/* the release, or all of uname -a */
	file = proof_file(snapshot, "host/uname");
	if (file)
		text_each_line(file->path, file->text, take_words, &words, problem);
	if (words.nr == 1)
		proof_set_word(values, "host_kernel", words.word[0]);
	else if (words.nr > 3 && !strcmp(words.word[0], "Linux"))
		proof_set_word(values, "host_kernel", words.word[2]);
	free_words(&words);
	return ret;
}

/**
 * proof_native_keys - what a machine says of itself that has no guests
 * @snapshot: the snapshot
 * @values: receives the keys
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_native_keys(const struct proof_snapshot *snapshot, json_t *values,
		      struct problem *problem)
{
	static const char *const words[][2] = {
		{ "host/clocksource", "native_clocksource" },
		{ "host/isolated_cpus", "native_isolated_cpus" },
		{ "host/nohz_full_cpus", "native_nohz_full_cpus" },
	};
	static const char *const numbers[][2] = {
		{ "host/cpus", "native_cpus" },
		{ "host/guests", "native_kvm_guests" },
	};
	const struct proof_file *file;
	u64 number;
	size_t i;
	int ret;

	ret = cpu_keys(snapshot, values, true, problem);
	for (i = 0; i < ARRAY_SIZE(words) && !ret; i++) {
		char *word;

		file = proof_file(snapshot, words[i][0]);
		ret = proof_word(snapshot, words[i][0], &word, problem);
		/* "(null)": what sysfs prints for no CPUs at all */
		if (!ret && file)
			proof_set_word(values, words[i][1],
				       word && strcmp(word, "(null)") ? word :
									"none");
		free(word);
	}
	for (i = 0; i < ARRAY_SIZE(numbers) && !ret; i++) {
		file = proof_file(snapshot, numbers[i][0]);
		ret = file ? proof_number(file, &number, problem) : 0;
		if (file && !ret)
			proof_set_number(values, numbers[i][1], number);
	}
	return ret;
}

static int module_line(const struct textline *line, void *data,
		       struct problem *problem)
{
	json_t *values = data;
	const char *name = line->word[0].value;

	if (line->nr != 2 || line->word[0].key || line->word[1].key)
		return problem_set(problem, "%s line %u: not MODULE STATE",
				   line->file, line->number);
	if (!proof_where(name))
		return 0;
	if (json_object_get(values, "kvm_module"))
		return problem_set(problem, "%s line %u: %s is not the only one",
				   line->file, line->number, name);
	proof_set_word(values, "kvm_module", name);
	proof_set_word(values, "kvm_module_state", line->word[1].value);
	return 0;
}

static int parameter(const struct proof_snapshot *snapshot, const char *module,
		     const struct proof_key *key, json_t *values,
		     struct problem *problem)
{
	char *name = xasprintf("host/parameters/%s/%s", module, key->name);
	const bool vendor = key->from == PROOF_MODULE_PARAMETER;
	char *word;
	int ret;

	ret = proof_word(snapshot, name, &word, problem);
	free(name);
	if (ret)
		return ret;
	if (!word)
		proof_set_word(values, key->key, "absent");
	else if (vendor && !strcmp(word, "0"))
		proof_set_word(values, key->key, "N");
	else if (vendor && !strcmp(word, "1"))
		proof_set_word(values, key->key, "Y");
	else
		proof_set_word(values, key->key, word);
	free(word);
	return 0;
}

/* What the cell claims, and whom its IPIs go to. */
static int claims_of(const struct proof_snapshot *snapshot, json_t *values,
		     unsigned int where, struct problem *problem)
{
	const char *active = json_string_value(json_object_get(values,
							       proof_switch(where)));
	char *claims, *targets = NULL;
	int ret;

	ret = proof_word(snapshot, "host/claims", &claims, problem);
	if (!ret)
		ret = proof_word(snapshot, "host/ipi_targets", &targets, problem);
	if (!ret) {
		proof_set_word(values, "claims", claims ? claims :
			       active && !strcmp(active, "Y") ? "active" : "none");
		proof_set_word(values, "ipi_targets", targets ? targets : "none");
	}
	free(targets);
	free(claims);
	return ret;
}

/**
 * proof_host_keys - what the host of a guest says of itself and of KVM
 * @snapshot: the snapshot
 * @values: receives the keys
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_host_keys(const struct proof_snapshot *snapshot, json_t *values,
		    struct problem *problem)
{
	const struct proof_file *file = proof_file(snapshot, "host/modules");
	const struct proof_key *key;
	const char *module;
	u64 number;
	int ret;

	ret = cpu_keys(snapshot, values, false, problem);
	if (!ret && file)
		ret = text_each_line(file->path, file->text, module_line, values,
				     problem);
	if (ret)
		return ret;
	module = json_string_value(json_object_get(values, "kvm_module"));
	if (!module)
		module = "none";
	for (key = proof_keys; key->key && !ret; key++) {
		if (key->from == PROOF_KVM_PARAMETER)
			ret = parameter(snapshot, "kvm", key, values, problem);
		else if (key->from == PROOF_MODULE_PARAMETER &&
			 key->where & proof_where(module))
			ret = parameter(snapshot, module, key, values, problem);
	}
	file = proof_file(snapshot, "host/guests");
	if (!ret && file) {
		ret = proof_number(file, &number, problem);
		if (!ret)
			proof_set_number(values, "kvm_guests", number);
	}
	return ret ? ret : claims_of(snapshot, values, proof_where(module),
				     problem);
}

/* Counters: an object of names, each with its value. */
static int counter_line(const struct textline *line, void *data,
			struct problem *problem)
{
	json_t *counters = data;
	const char *name = line->word[0].value;

	if (line->nr != 2 || line->word[0].key || line->word[1].key)
		return problem_set(problem, "%s line %u: not NAME VALUE",
				   line->file, line->number);
	if (json_object_get(counters, name))
		return problem_set(problem, "%s line %u: %s for a second time",
				   line->file, line->number, name);
	if (json_object_set_new(counters, name, json_string(line->word[1].value)))
		return problem_set(problem, "%s line %u: not UTF-8", line->file,
				   line->number);
	return 0;
}

static int counter_number(const struct proof_file *file, const json_t *counters,
			  const char *name, u64 *number, struct problem *problem)
{
	const char *text = json_string_value(json_object_get(counters, name));

	if (!text)
		return problem_set(problem, "%s: %s is missing", file->path, name);
	if (parse_u64(text, number) || *number > INT64_MAX)
		return problem_set(problem, "%s: %s %s is not a count", file->path,
				   name, text);
	return 0;
}

static int advances_of(const struct proof_file *file, const json_t *end,
		       json_t *values, struct problem *problem)
{
	u64 *number = NULL;
	size_t nr = 0;
	int ret = 0;

	for (;;) {
		char *name = xasprintf("vcpu%zu/lapic_timer_advance_ns", nr);

		if (!json_object_get(end, name)) {
			free(name);
			break;
		}
		number = xrealloc(number, (nr + 1) * sizeof(*number));
		ret = counter_number(file, end, name, &number[nr], problem);
		free(name);
		if (ret)
			break;
		nr++;
	}
	if (!ret)
		proof_set_list(values, "kvm_timer_advance_vcpus_ns", number, nr);
	free(number);
	return ret;
}

static int counter_key(const struct proof_key *key,
		       const struct proof_file *const *file,
		       json_t *const *counters, json_t *values,
		       struct problem *problem)
{
	u64 begin, end;
	int ret;

	if (!json_object_get(counters[0], key->name) &&
	    !json_object_get(counters[1], key->name)) {
		proof_set_word(values, key->key, "absent");
		return 0;
	}
	ret = counter_number(file[0], counters[0], key->name, &begin, problem);
	if (!ret)
		ret = counter_number(file[1], counters[1], key->name, &end, problem);
	if (!ret && end < begin)
		ret = problem_set(problem, "%s: %s %" PRIu64 " is below the %" PRIu64 " before",
				  file[1]->path, key->name, end, begin);
	if (!ret)
		proof_set_number(values, key->key, end - begin);
	return ret;
}

/**
 * proof_counter_keys - by how much the VM's counters grew
 * @snapshot: the snapshot
 * @values: receives the keys
 * @problem: receives file, line and reason
 *
 * Return: 0 or -EINVAL.
 */
int proof_counter_keys(const struct proof_snapshot *snapshot, json_t *values,
		       struct problem *problem)
{
	const struct proof_file *file[] = {
		proof_file(snapshot, "host/begin/stats"),
		proof_file(snapshot, "host/end/stats"),
	};
	json_t *counters[] = { json_object(), json_object() };
	const struct proof_key *key;
	int ret = 0;
	size_t i;

	if (!file[0] != !file[1])
		ret = proof_missing(snapshot, file[0] ? "host/end/stats" :
							"host/begin/stats",
				    problem);
	if (ret || !file[0])
		goto out;
	for (i = 0; i < 2 && !ret; i++)
		ret = text_each_line(file[i]->path, file[i]->text, counter_line,
				     counters[i], problem);
	for (key = proof_keys; key->key && !ret; key++)
		if (key->from == PROOF_COUNTER)
			ret = counter_key(key, file, counters, values, problem);
	if (!ret)
		ret = advances_of(file[1], counters[1], values, problem);
out:
	json_decref(counters[0]);
	json_decref(counters[1]);
	return ret;
}

/**
 * proof_missing - say that a file is not in the snapshot
 * @snapshot: the snapshot
 * @name: the file
 * @problem: receives it
 *
 * Return: -EINVAL.
 */
int proof_missing(const struct proof_snapshot *snapshot, const char *name,
		  struct problem *problem)
{
	return problem_set(problem, "%s/%s is missing", snapshot->path, name);
}
