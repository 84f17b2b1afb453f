// SPDX-License-Identifier: GPL-2.0
/* Was a cell's platform what it claims? Judged by its proof. Pure. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proof/parts.h"
#include "proof/platform.h"

/*
 * Injected and received interrupts differ by what arrives before the guest's
 * kernel counts and between the readings: 1.03 to 1.08 was seen.
 */
#define BALANCE_PERCENT	125

/*
 * An interrupt that is not posted is injected once and costs an entry at least,
 * a posted one nothing: both claims are held to less than a quarter, as far
 * from the one as from what else may happen meanwhile.
 */
#define FEWER	4

#define U	"%" PRIu64

struct judge {
	const json_t *proof;
	struct problem *problem;
	unsigned int where;
	u64 received, most;
};

static const char *text_of(const struct judge *judge, const char *key)
{
	const char *text = json_string_value(json_object_get(judge->proof, key));

	return text ? text : "";
}

static bool number_of(const struct judge *judge, const char *key, u64 *number)
{
	const json_t *value = json_object_get(judge->proof, key);

	*number = (u64)json_integer_value(value);
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static int check_value(const struct judge *judge, const char *key,
		       const json_t *value, enum proof_is is)
{
	const char *text = json_string_value(value);
	u64 nr, sum;

	if (!value)
		return problem_set(judge->problem, "%s is missing", key);
	if (!json_is_integer(value) && (!text || !*text))
		return problem_set(judge->problem, "%s is blank", key);
	if (is == PROOF_NUMBER && !json_is_integer(value))
		return problem_set(judge->problem, "%s=%s is not a number",
				   key, text);
	if (is == PROOF_NUMBER_OR_WORD && text && strcmp(text, "absent") &&
	    strcmp(text, "unknown"))
		return problem_set(judge->problem,
				   "%s=%s is not a number, absent or unknown",
				   key, text);
	if (is == PROOF_NUMBERS && (!text || (strcmp(text, "absent") &&
					      strcmp(text, "unknown"))) &&
	    !proof_list_sum(value, &nr, &sum))
		return problem_set(judge->problem,
				   "%s=%s is not one number for each CPU",
				   key, text ? text : "");
	return 0;
}

/**
 * proof_check_keys - has a proof all its keys, and none that is blank?
 * @proof: the proof
 * @where: which proofs it is one of
 * @problem: receives the first that is missing or wrong
 *
 * Return: 0 or -EINVAL.
 */
int proof_check_keys(const json_t *proof, unsigned int where,
		     struct problem *problem)
{
	const struct judge judge = { .proof = proof, .problem = problem };
	const struct proof_key *key;
	const char *name;
	json_t *value;
	int ret = 0;

	for (key = proof_keys; key->key && !ret; key++)
		if (key->where & where)
			ret = check_value(&judge, key->key,
					  json_object_get(proof, key->key),
					  key->is);
	/* what others added must not be blank either */
	json_object_foreach((json_t *)(uintptr_t)proof, name, value)
		if (!ret)
			ret = check_value(&judge, name, value,
					  strncmp(name, PROOF_EXIT, strlen(PROOF_EXIT)) ?
					  PROOF_WORD : PROOF_NUMBER);
	return ret;
}

static int judge_native(const struct judge *judge)
{
	u64 number;
	int ret;

	ret = proof_check_keys(judge->proof, PROOF_NATIVE, judge->problem);
	if (ret)
		return ret;
	if (!number_of(judge, "native_hypervisor_flag", &number) || number)
		return problem_set(judge->problem,
				   "the host's CPU has the hypervisor flag");
	if (!number_of(judge, "native_kvm_guests", &number) || number)
		return problem_set(judge->problem, "KVM guests ran beside it");
	return 0;
}

/* A list and what it is a list of. */
static int check_sum(const struct judge *judge, const char *list,
		     const char *total, const char *count)
{
	const json_t *value = json_object_get(judge->proof, list);
	u64 nr, sum, number, cpus;

	if (!number_of(judge, total, &number) || !proof_list_sum(value, &nr, &sum))
		return 0;
	if (sum != number)
		return problem_set(judge->problem,
			"%s=" U ", but %s are " U " together",
			total, number, list, sum);
	if (count && (!number_of(judge, count, &cpus) || cpus != nr))
		return problem_set(judge->problem, "%s are of " U " CPUs, not %s",
				   list, nr, count);
	return 0;
}

static int check_reasons(const struct judge *judge)
{
	u64 sum = 0, asked = 0, exits, entries, eoi, made;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)judge->proof, name, value) {
		u64 number;

		if (strncmp(name, PROOF_EXIT, strlen(PROOF_EXIT)))
			continue;
		number = (u64)json_integer_value(value);
		if (number > INT64_MAX / 65536)
			return problem_set(judge->problem, "%s=" U " is too large",
					   name, number);
		sum += number;
		if (proof_exit_asked(judge->where, name + strlen(PROOF_EXIT)))
			asked += number;
	}
	value = json_object_get(judge->proof, "kvm_asked_vcpus");
	if (proof_list_sum(value, &entries, &made) && made != asked)
		return problem_set(judge->problem,
			"kvm_asked_vcpus are " U " together, but reasons of exits give " U,
			made, asked);
	if (!number_of(judge, "kvm_exit", &exits))
		return sum ? problem_set(judge->problem,
					 "kvm_exit is not known, but its reasons are") : 0;
	if (sum != exits)
		return problem_set(judge->problem,
			"kvm_exit=" U ", but its reasons are " U " together",
			exits, sum);
	if (!number_of(judge, "kvm_entry", &entries) ||
	    !number_of(judge, "kvm_eoi", &eoi))
		return 0;
	if (!number_of(judge, "kvm_entry_interrupts", &made) ||
	    made != proof_interrupt_entries(entries, asked, eoi))
		return problem_set(judge->problem,
			"kvm_entry_interrupts=" U ", but entries and reasons of exits give " U,
			made, proof_interrupt_entries(entries, asked, eoi));
	return 0;
}

/*
 * Two counts of the same thing, read one after the other: they may differ by a
 * quarter of the larger one, or of what the guest received meanwhile.
 */
static int check_twins(const struct judge *judge, const char *one,
		       const char *other)
{
	u64 a, b, limit;

	if (!number_of(judge, one, &a) || !number_of(judge, other, &b))
		return 0;
	limit = a > b ? a : b;
	if (judge->received > limit)
		limit = judge->received;
	if ((a > b ? a - b : b - a) <= limit / 4)
		return 0;
	return problem_set(judge->problem,
			   "%s=" U " and %s=" U " are not counts of the same",
			   one, a, other, b);
}

/*
 * The host counts between two moments that lie within those of the guest, and
 * around others: what it received is known to be between two numbers.
 */
static u64 most_of(const struct judge *judge, const char *key, u64 received)
{
	u64 most;

	if (!number_of(judge, key, &most))
		return received;
	return most < INT64_MAX / 65536 ? most : 0;
}

/* Was as much injected as was received, to a factor? */
static bool balances(u64 injected, u64 received, u64 most)
{
	return injected * 100 <= most * BALANCE_PERCENT &&
	       received * 100 <= injected * BALANCE_PERCENT;
}

/* What a guest received: known, and the sum of its kinds. */
static int check_received(struct judge *judge)
{
	u64 flag, timer, device, ipi;

	if (!number_of(judge, "guest_hypervisor_flag", &flag) || !flag)
		return problem_set(judge->problem,
				   "the guest's CPU has no hypervisor flag");
	if (!number_of(judge, "guest_interrupts", &judge->received) ||
	    !judge->received || judge->received > INT64_MAX / 65536)
		return problem_set(judge->problem,
			"guest_interrupts=" U ": not known what the guest received",
			judge->received);
	judge->most = most_of(judge, "guest_interrupts_most", judge->received);
	if (judge->most < judge->received)
		return problem_set(judge->problem,
			"guest_interrupts_most=" U ": below guest_interrupts=" U,
			judge->most, judge->received);
	number_of(judge, "guest_interrupts_timer", &timer);
	number_of(judge, "guest_interrupts_device", &device);
	number_of(judge, "guest_interrupts_ipi", &ipi);
	if (timer + device + ipi != judge->received)
		return problem_set(judge->problem,
			"guest_interrupts=" U ", but its three kinds are " U " together",
			judge->received, timer + device + ipi);
	return 0;
}

static int check_cpus(const struct judge *judge)
{
	static const char *const kinds[] = {
		"guest_interrupts", "guest_interrupts_timer", "guest_interrupts_ipi",
	};
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(kinds) && !ret; i++) {
		char *list = xasprintf("%s_cpus", kinds[i]);

		ret = check_sum(judge, list, kinds[i], "guest_cpus");
		free(list);
	}
	return ret;
}

/**
 * proof_check_received - does what a guest received make sense?
 * @proof: of a guest; has all its keys
 * @problem: receives what does not
 *
 * Return: 0 or -EINVAL.
 */
int proof_check_received(const json_t *proof, struct problem *problem)
{
	struct judge judge = { .proof = proof, .problem = problem };
	int ret;

	ret = check_received(&judge);
	return ret ? ret : check_cpus(&judge);
}

/* What every guest must show, and what of it must agree. */
static int judge_guest(struct judge *judge)
{
	const char *state;
	u64 nested;
	int ret;

	ret = proof_check_keys(judge->proof, judge->where, judge->problem);
	if (!ret)
		ret = check_received(judge);
	if (ret)
		return ret;
	state = proof_state(text_of(judge, proof_switch(judge->where)),
			    text_of(judge, "inhibits"));
	if (strcmp(state, text_of(judge, "state")))
		return problem_set(judge->problem, "state=%s, but %s=%s inhibits=%s",
				   text_of(judge, "state"), proof_switch(judge->where),
				   text_of(judge, proof_switch(judge->where)),
				   text_of(judge, "inhibits"));
	number_of(judge, "kvm_nested_run", &nested);
	if (judge->where == PROOF_AMD && nested && !strcmp(state, "on"))
		return problem_set(judge->problem,
				   "kvm_nested_run=" U ", but inhibits=none", nested);
	ret = check_cpus(judge);
	if (!ret)
		ret = check_sum(judge, "kvm_entry_vcpus", "kvm_entry", NULL);
	if (!ret)
		ret = check_sum(judge, "kvm_eoi_vcpus", "kvm_eoi", NULL);
	if (!ret)
		ret = check_reasons(judge);
	if (!ret)
		ret = check_twins(judge, "kvm_irq_injections", "kvm_inj_virq");
	if (!ret)
		ret = check_twins(judge, "kvm_exits", "kvm_exit");
	if (!ret)
		ret = check_twins(judge, "kvm_entry", "kvm_exit");
	return ret;
}

/* The run whose samples count is held to what its repetition is held to. */
static int judge_run(const struct judge *judge, bool posted)
{
	u64 injected, received, most;

	if (!strcmp(text_of(judge, "run_guest_interrupts"), "absent"))
		return 0;
	if (!number_of(judge, "run_guest_interrupts", &received) || !received ||
	    received > INT64_MAX / 65536 ||
	    !number_of(judge, "run_irq_injections", &injected) ||
	    injected > INT64_MAX / 65536)
		return problem_set(judge->problem,
			"run_guest_interrupts and run_irq_injections are not known");
	most = most_of(judge, "run_guest_interrupts_most", received);
	if (most < received)
		return problem_set(judge->problem,
			"run_guest_interrupts_most=" U ": below run_guest_interrupts=" U,
			most, received);
	if (posted ? injected * FEWER > received :
	    !balances(injected, received, most))
		return problem_set(judge->problem,
			"run_irq_injections=" U " run_guest_interrupts=" U ": %s",
			injected, received, posted ?
			"more than a quarter was injected" : "not within 1.25");
	return 0;
}

static int judge_off(const struct judge *judge)
{
	u64 injected, posted;

	if (strcmp(text_of(judge, "state"), "off"))
		return problem_set(judge->problem, "%s=%s, not N",
				   proof_switch(judge->where),
				   text_of(judge, proof_switch(judge->where)));
	if (strcmp(text_of(judge, "claims"), "none"))
		return problem_set(judge->problem, "claims=%s of a guest without posted interrupts",
				   text_of(judge, "claims"));
	if (!number_of(judge, "kvm_irq_injections", &injected))
		return problem_set(judge->problem, "kvm_irq_injections is not known");
	if (!balances(injected, judge->received, judge->most))
		return problem_set(judge->problem,
			"kvm_irq_injections=" U " guest_interrupts=" U ": not within 1.25",
			injected, judge->received);
	if (number_of(judge, "kvm_apicv_accept_irq", &posted) && posted)
		return problem_set(judge->problem,
			"kvm_apicv_accept_irq=" U ": interrupts were posted",
			posted);
	return judge_run(judge, false);
}

/*
 * Timers and devices reach a guest by KVM alone, which injects or posts each:
 * what the guest received of them must not be more. IPIs can be sent by the
 * hardware and be no count of KVM's.
 */
static int judge_balance(const struct judge *judge, u64 injected)
{
	u64 posted, timer, device, delivered;

	if (!number_of(judge, "kvm_apicv_accept_irq", &posted))
		return problem_set(judge->problem,
			"kvm_apicv_accept_irq is not known");
	number_of(judge, "guest_interrupts_timer", &timer);
	number_of(judge, "guest_interrupts_device", &device);
	delivered = injected + posted;
	if ((timer + device) * 100 > delivered * BALANCE_PERCENT)
		return problem_set(judge->problem,
			U " of timer and devices received, but " U " injected or posted",
			timer + device, delivered);
	if (delivered * 100 > judge->most * BALANCE_PERCENT)
		return problem_set(judge->problem,
			U " injected or posted, but " U " received",
			delivered, judge->received);
	return 0;
}

static int judge_active(const struct judge *judge)
{
	const char *state = text_of(judge, "state");
	const char *claims = text_of(judge, "claims");
	u64 injected, guests;

	if (!strcmp(state, "inhibited"))
		return problem_set(judge->problem, "inhibited by %s",
				   text_of(judge, "inhibits"));
	if (!strcmp(state, "off"))
		return problem_set(judge->problem, "%s=N",
				   proof_switch(judge->where));
	if (strcmp(state, "on"))
		return problem_set(judge->problem,
			"%s=%s inhibits=%s: not known", proof_switch(judge->where),
				   text_of(judge, proof_switch(judge->where)),
				   text_of(judge, "inhibits"));
	if (strcmp(claims, "active") && strcmp(claims, "active,exitless"))
		return problem_set(judge->problem,
				   "claims=%s, not active or active,exitless",
				   claims);
	/* the events do not say of which VM they are */
	if (number_of(judge, "kvm_guests", &guests) && guests != 1)
		return problem_set(judge->problem,
			U " guests: whose inhibit reasons they are is not known",
			guests);
	if (!number_of(judge, "kvm_irq_injections", &injected))
		return problem_set(judge->problem,
				   "kvm_irq_injections is not known");
	if (injected * FEWER > judge->received)
		return problem_set(judge->problem,
			"kvm_irq_injections=" U " of " U ": more than a quarter was injected",
			injected, judge->received);
	if (judge_run(judge, true))
		return -EINVAL;
	return judge_balance(judge, injected);
}

/*
 * Where IPIs go the CPU has a timer of its own. What left by the preemption timer is
 * that. Each of its other interrupts may begin with an exit, too: one entry for each
 * is theirs. They must not be more than two for three IPIs: if they needed none, they
 * would pay for these, of which a third is left then.
 */
static int judge_targets(const struct judge *judge,
			 const struct proof_targets *targets)
{
	u64 timer = targets->timer, entries = targets->entries;

	entries -= entries < targets->timer_exits ? entries : targets->timer_exits;
	timer -= timer < targets->timer_exits ? timer : targets->timer_exits;
	entries -= entries < timer ? entries : timer;
	if (!targets->ipi || timer * 3 > targets->ipi * 2)
		return problem_set(judge->problem,
			"exitless: " U " IPIs beside " U " of the target's timer: too few to tell",
			targets->ipi, timer);
	if (entries * FEWER > targets->ipi)
		return problem_set(judge->problem,
			"exitless: " U " entries at the target of " U " IPIs: more than a quarter",
			entries, targets->ipi);
	return 0;
}

static int judge_exitless(const struct judge *judge)
{
	struct proof_targets targets;
	u64 entries;
	int ret;

	ret = proof_targets_of(&targets, judge->proof);
	if (ret < 0)
		return problem_set(judge->problem,
			"exitless: counts of the CPUs of ipi_targets are not known");
	if (!ret)
		return judge_targets(judge, &targets);
	if (!number_of(judge, "kvm_entry_interrupts", &entries))
		return problem_set(judge->problem,
			"exitless: kvm_entry_interrupts is not known");
	if (entries * FEWER > judge->received)
		return problem_set(judge->problem,
			"exitless: kvm_entry_interrupts=" U " of " U ": more than a quarter",
			entries, judge->received);
	return 0;
}

static int judge_platform(struct judge *judge, const char *platform,
			  bool exitless)
{
	u64 version;
	int ret;

	if (!json_object_size(judge->proof))
		return problem_set(judge->problem, "there is none");
	if (!number_of(judge, "proof_version", &version) ||
	    version != PROOF_VERSION)
		return problem_set(judge->problem, "proof_version is not %d",
				   PROOF_VERSION);
	if (!strcmp(platform, "native"))
		return judge_native(judge);
	judge->where = proof_where(text_of(judge, "kvm_module"));
	if (!judge->where)
		return problem_set(judge->problem,
				   "kvm_module is neither kvm_intel nor kvm_amd");
	ret = judge_guest(judge);
	if (ret)
		return ret;
	if (!strcmp(platform, "kvm"))
		return judge_off(judge);
	ret = judge_active(judge);
	if (!ret && (exitless || strstr(text_of(judge, "claims"), "exitless")))
		ret = judge_exitless(judge);
	return ret;
}

/**
 * proof_judge - does a proof show the platform that is claimed?
 * @proof: object of keys and values
 * @platform: native, kvm, kvm-pi
 * @exitless: claimed, too; a proof that claims it itself is held to it anyway
 * @problem: receives why not
 *
 * Return: 0 or -EINVAL.
 */
int proof_judge(const json_t *proof, const char *platform, bool exitless,
		struct problem *problem)
{
	struct problem why = { "" };
	struct judge judge = { .proof = proof, .problem = &why };

	if (!judge_platform(&judge, platform, exitless))
		return 0;
	return problem_set(problem, "%s: %s", strcmp(platform, "kvm-pi") ?
			   "proof" : "claimed but not active", why.text);
}
