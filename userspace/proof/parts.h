/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the proof share: its keys, and the readers of a snapshot. */
#ifndef RTLAT_PROOF_PARTS_H
#define RTLAT_PROOF_PARTS_H

#include "proof/proof.h"

/* Which proofs have a key. */
enum {
	PROOF_NATIVE = 1,
	PROOF_INTEL = 2,
	PROOF_AMD = 4,
	PROOF_INSIDE = 8,	/* told by the machine itself */
	PROOF_VM = 16,		/* likewise, by one that is a VM */
	PROOF_GUEST = PROOF_INTEL | PROOF_AMD,
	PROOF_ALL = PROOF_NATIVE | PROOF_GUEST,
};

/* Where the value of a key comes from. */
enum proof_from {
	PROOF_MADE,		/* worked out in C */
	PROOF_MODULE_PARAMETER,	/* of kvm_intel or kvm_amd, as Y or N */
	PROOF_KVM_PARAMETER,	/* of kvm, as it is */
	PROOF_COUNTER,		/* of the VM, in debugfs: by how much it grew */
	PROOF_FACT,		/* of the guest */
};

/* What a value may be; "absent": this kernel has no such thing. */
enum proof_is {
	PROOF_WORD,
	PROOF_NUMBER,
	PROOF_NUMBER_OR_WORD,	/* absent, unknown */
	PROOF_NUMBERS,		/* 1,2,3: one for each CPU; or absent */
};

/**
 * struct proof_key - one key of a proof
 * @key: the key
 * @where: PROOF_NATIVE, PROOF_INTEL, PROOF_AMD, PROOF_INSIDE, PROOF_VM
 * @from: where its value comes from
 * @name: its name there
 * @is: what the value may be
 */
struct proof_key {
	const char *key;
	unsigned int where;
	enum proof_from from;
	const char *name;
	enum proof_is is;
};

/* The keys in their order, ended by one without a name. */
extern const struct proof_key proof_keys[];

/* Before the name of a reason: how often a guest left for it. */
#define PROOF_EXIT	"kvm_exit_"

const char *proof_switch(unsigned int where);
unsigned int proof_where(const char *kvm_module);
const char *proof_state(const char *active, const char *inhibits);

char *proof_exit_name(unsigned int where, u64 reason);
bool proof_exit_asked(unsigned int where, const char *name);
u64 proof_interrupt_entries(u64 entries, u64 asked, u64 eoi);

/**
 * struct proof_inhibits - what kept posted interrupts off
 * @known: the trace goes back to before the window
 * @mask: reasons at any time in the window
 * @changes: how often they changed in the window
 * @names: of the reasons in @mask, "A,B", or "none"; free() it
 */
struct proof_inhibits {
	bool known;
	u64 mask;
	u64 changes;
	char *names;
};

int proof_inhibits_read(struct proof_inhibits *inhibits,
			const struct proof_file *trace, const char *kernel,
			const u64 *window_ns, struct problem *problem);
int proof_window_read(const struct proof_file *file, u64 *window_ns,
		      struct problem *problem);

#define PROOF_HIST_KEYS	2

/**
 * struct proof_hist - a histogram of an event
 * @nr_keys: fields of its key, at most PROOF_HIST_KEYS
 * @key: their names
 * @nr: number of rows
 * @row: the rows
 */
struct proof_hist {
	size_t nr_keys;
	char *key[PROOF_HIST_KEYS];
	size_t nr;
	struct proof_hist_row {
		u64 value[PROOF_HIST_KEYS];
		u64 count;
		unsigned int line;
	} *row;
};

int proof_hist_read(struct proof_hist *hist, const struct proof_file *file,
		    struct problem *problem);
int proof_hist_window(struct proof_hist *hist, const struct proof_file *begin,
		      const struct proof_file *end, struct problem *problem);
void proof_hist_free(struct proof_hist *hist);
u64 proof_hist_total(const struct proof_hist *hist);
int proof_hist_key(const struct proof_hist *hist, const char *name);
u64 proof_hist_of(const struct proof_hist *hist, size_t key, u64 value);

/* Kinds of interrupts. */
enum proof_kind {
	PROOF_TIMER,	/* of the local APIC's timer */
	PROOF_DEVICE,	/* by number */
	PROOF_IPI,	/* what CPUs send themselves and each other, and all others */
	PROOF_NR_KINDS,
};

/**
 * struct proof_interrupts - interrupts that the guest's APICs delivered
 * @nr_cpus: CPUs of the guest
 * @cpu: of each CPU, by kind
 */
struct proof_interrupts {
	size_t nr_cpus;
	u64 *cpu[PROOF_NR_KINDS];
};

int proof_interrupts_window(struct proof_interrupts *interrupts,
			    const struct proof_file *begin,
			    const struct proof_file *end,
			    struct problem *problem);
void proof_interrupts_free(struct proof_interrupts *interrupts);
u64 proof_interrupts_total(const struct proof_interrupts *interrupts);
int proof_interrupt_keys(const struct proof_snapshot *snapshot,
			 const char *begin_name, const char *end_name,
			 json_t *values, struct problem *problem);

/**
 * struct proof_targets - what the CPUs received that IPIs go to
 * @received: interrupts
 * @ipi: IPIs among them
 * @timer: their own timers' interrupts among them
 * @entries: VM entries that interrupts took
 * @timer_exits: those of them that their own timers took for certain
 */
struct proof_targets {
	u64 received;
	u64 ipi;
	u64 timer;
	u64 entries;
	u64 timer_exits;
};

int proof_targets_of(struct proof_targets *targets, const json_t *proof);

int proof_host_keys(const struct proof_snapshot *snapshot, json_t *values,
		    struct problem *problem);
int proof_native_keys(const struct proof_snapshot *snapshot, json_t *values,
		      struct problem *problem);
int proof_counter_keys(const struct proof_snapshot *snapshot, json_t *values,
		       struct problem *problem);
int proof_run_keys(const struct proof_snapshot *snapshot, json_t *values,
		   struct problem *problem);
int proof_event_keys(const struct proof_snapshot *snapshot, unsigned int where,
		     json_t *values, struct problem *problem);
int proof_one_word(const struct proof_file *file, char **word,
		   struct problem *problem);
int proof_number(const struct proof_file *file, u64 *number,
		 struct problem *problem);
int proof_word(const struct proof_snapshot *snapshot, const char *name,
	       char **word, struct problem *problem);
int proof_missing(const struct proof_snapshot *snapshot, const char *name,
		  struct problem *problem);

json_t *proof_ordered(json_t *values, unsigned int where);
int proof_check_keys(const json_t *proof, unsigned int where,
		     struct problem *problem);
int proof_check_received(const json_t *proof, struct problem *problem);

void proof_set_number(json_t *values, const char *key, u64 number);
void proof_set_word(json_t *values, const char *key, const char *word);
void proof_set_list(json_t *values, const char *key, const u64 *number, size_t nr);
bool proof_list_sum(const json_t *value, u64 *nr, u64 *sum);
bool proof_list_at(const json_t *value, u64 cpu, u64 *number);

#endif /* RTLAT_PROOF_PARTS_H */
