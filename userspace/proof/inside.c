// SPDX-License-Identifier: GPL-2.0
/* What a machine can tell of itself, be it a VM or not, as a proof. Pure. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/textline.h"
#include "proof/parts.h"

/* Leaves of CPUID for hypervisors; each has room for 0x100. */
#define LEAVES		0x40000000
#define LEAVES_MASK	0xff

/* Bits of KVM's leaf 1, by the names in the kernel's uapi/asm/kvm_para.h. */
static const char *const kvm_features[32] = {
	[0] = "CLOCKSOURCE",
	[1] = "NOP_IO_DELAY",
	[2] = "MMU_OP",
	[3] = "CLOCKSOURCE2",
	[4] = "ASYNC_PF",
	[5] = "STEAL_TIME",
	[6] = "PV_EOI",
	[7] = "PV_UNHALT",
	[9] = "PV_TLB_FLUSH",
	[10] = "ASYNC_PF_VMEXIT",
	[11] = "PV_SEND_IPI",
	[12] = "POLL_CONTROL",
	[13] = "PV_SCHED_YIELD",
	[14] = "ASYNC_PF_INT",
	[15] = "MSI_EXT_DEST_ID",
	[16] = "HC_MAP_GPA_RANGE",
	[17] = "MIGRATION_CONTROL",
	[24] = "CLOCKSOURCE_STABLE_BIT",
};

/**
 * struct leaf - a leaf of CPUID
 * @number: the leaf
 * @eax: what is in this register
 * @text: EBX, ECX and EDX, as the characters that they are in a signature
 */
struct leaf {
	u32 number;
	u32 eax;
	char text[13];
};

/**
 * struct hypervisor - what CPUID says of it
 * @names: signatures, "A,B"
 * @features: of KVM, "A,B"
 * @kvm_leaf: the leaf that has KVM's signature
 */
struct hypervisor {
	char *names;
	char *features;
	u32 kvm_leaf;
};

/* Takes over nothing; what was there is freed. */
static void add_name(char **list, const char *name)
{
	char *longer = *list ? xasprintf("%s,%s", *list, name) : xstrdup(name);

	free(*list);
	*list = longer;
}

static int read_hex(const struct textline *line, size_t i, u32 *value,
		    struct problem *problem)
{
	const char *text = i < line->nr ? line->word[i].value : "nothing";
	const size_t len = strlen(text);

	if (i >= line->nr || line->word[i].key || !len || len > 8 ||
	    strspn(text, "0123456789abcdef") != len)
		return problem_set(problem, "%s line %u: %s is not a register",
				   line->file, line->number, text);
	*value = (u32)strtoul(text, NULL, 16);
	return 0;
}

static int read_leaf(const struct textline *line, struct leaf *leaf,
		     struct problem *problem)
{
	u32 reg[3];
	size_t i;
	int ret;

	ret = read_hex(line, 0, &leaf->number, problem);
	if (!ret)
		ret = read_hex(line, 1, &leaf->eax, problem);
	for (i = 0; i < ARRAY_SIZE(reg) && !ret; i++)
		ret = read_hex(line, 2 + i, &reg[i], problem);
	if (ret)
		return ret;
	for (i = 0; i < sizeof(reg); i++)
		leaf->text[i] = (char)(reg[i / 4] >> i % 4 * 8 & 0xff);
	leaf->text[sizeof(reg)] = 0;
	return 0;
}

/* A signature as a word; what is not one has no letter in it. */
static bool take_signature(struct leaf *leaf)
{
	bool letters = false;
	char *c;

	for (c = leaf->text; *c; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
			letters = true;
		else if (*c < '0' || *c > '9')
			*c = '_';
	}
	return letters;
}

/*
 * The first leaf of a hypervisor has its signature, and in EAX its last leaf;
 * old KVM has 0 there. KVM that looks like Hyper-V to Windows has its own
 * signature behind that one.
 */
static int cpuid_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct hypervisor *hypervisor = data;
	struct leaf leaf;
	unsigned int bit;

	if (read_leaf(line, &leaf, problem))
		return -EINVAL;
	if (hypervisor->kvm_leaf && leaf.number == hypervisor->kvm_leaf + 1) {
		for (bit = 0; bit < ARRAY_SIZE(kvm_features); bit++) {
			char *name;

			if (!(leaf.eax >> bit & 1))
				continue;
			name = kvm_features[bit] ? xstrdup(kvm_features[bit]) :
						   xasprintf("bit%u", bit);
			add_name(&hypervisor->features, name);
			free(name);
		}
		if (!hypervisor->features)
			add_name(&hypervisor->features, "none");
	}
	if (leaf.number & LEAVES_MASK || leaf.number < LEAVES ||
	    (leaf.eax && leaf.eax - leaf.number > LEAVES_MASK) ||
	    !take_signature(&leaf))
		return 0;
	if (!strcmp(leaf.text, PROOF_KVM_SIGNATURE)) {
		if (hypervisor->kvm_leaf)
			return 0;
		hypervisor->kvm_leaf = leaf.number;
	}
	add_name(&hypervisor->names, leaf.text);
	return 0;
}

static int hypervisor_keys(const struct proof_snapshot *snapshot,
			   json_t *values, struct problem *problem)
{
	const struct proof_file *file = proof_file(snapshot, "inside/cpuid");
	struct hypervisor hypervisor = { NULL, NULL, 0 };
	int ret = 0;

	if (file)
		ret = text_each_line(file->path, file->text, cpuid_line,
				     &hypervisor, problem);
	if (!ret && hypervisor.names) {
		proof_set_word(values, "guest_hypervisor", hypervisor.names);
		if (!hypervisor.kvm_leaf)
			proof_set_word(values, "guest_kvm_features", "absent");
		else if (hypervisor.features)
			proof_set_word(values, "guest_kvm_features",
				       hypervisor.features);
	}
	free(hypervisor.names);
	free(hypervisor.features);
	return ret;
}

/**
 * struct flags - what /proc/cpuinfo says of all CPUs
 * @hypervisor: CPUs with this flag
 * @x2apic: CPUs that could use x2APIC
 */
struct flags {
	u64 hypervisor;
	u64 x2apic;
};

static int flags_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	struct flags *flags = data;
	size_t i;

	(void)problem;
	if (strcmp(line->word[0].value, "flags"))
		return 0;
	for (i = 1; i < line->nr; i++) {
		flags->hypervisor += !strcmp(line->word[i].value, "hypervisor");
		flags->x2apic += !strcmp(line->word[i].value, "x2apic");
	}
	return 0;
}

/* The mode of the APICs is in the driver that the kernel chose for them. */
static void apic_keys(const struct proof_snapshot *snapshot,
		      const struct flags *flags, json_t *values)
{
	const struct proof_file *routing = proof_file(snapshot, "inside/routing");

	if (!flags->x2apic)
		proof_set_number(values, "guest_x2apic", 0);
	else if (routing && *routing->text)
		proof_set_number(values, "guest_x2apic",
				 !!strstr(routing->text, "x2apic"));
}

struct idle {
	json_t *values;
};

static int idle_line(const struct textline *line, void *data,
		     struct problem *problem)
{
	const struct idle *idle = data;
	const char *value = textline_get(line, "idle");

	(void)problem;
	if (value && *value)
		proof_set_word(idle->values, "guest_idle", value);
	return 0;
}

/* As the command line says, or by what idle driver. */
static int idle_keys(const struct proof_snapshot *snapshot, json_t *values,
		     struct problem *problem)
{
	const struct proof_file *line = proof_file(snapshot, "inside/cmdline");
	struct idle idle = { values };
	char *driver;
	int ret;

	if (!line)
		return 0;
	ret = text_each_line(line->path, line->text, idle_line, &idle, problem);
	if (ret || json_object_get(values, "guest_idle"))
		return ret;
	ret = proof_word(snapshot, "inside/idle_driver", &driver, problem);
	if (!ret)
		proof_set_word(values, "guest_idle",
			       driver && strcmp(driver, "none") ? driver : "halt");
	free(driver);
	return ret;
}

static int steal_line(const struct textline *line, void *data,
		      struct problem *problem)
{
	u64 *ticks = data;

	(void)problem;
	if (!strcmp(line->word[0].value, "cpu") && line->nr > 8 &&
	    parse_u64(line->word[8].value, ticks))
		*ticks = 0;
	return 0;
}

static void steal_keys(const struct proof_snapshot *snapshot, json_t *values)
{
	const struct proof_file *begin = proof_file(snapshot, "inside/begin/stat");
	const struct proof_file *end = proof_file(snapshot, "inside/end/stat");
	u64 before = 0, after = 0;

	if (!begin || !end)
		return;
	text_each_line(begin->path, begin->text, steal_line, &before, NULL);
	text_each_line(end->path, end->text, steal_line, &after, NULL);
	if (after >= before && after <= INT64_MAX)
		proof_set_number(values, "guest_steal_ticks", after - before);
}

static int window_key(const struct proof_snapshot *snapshot, json_t *values,
		      struct problem *problem)
{
	const struct proof_file *window = proof_file(snapshot, "inside/window");
	u64 ns[2];

	if (!window)
		return 0;
	if (proof_window_read(window, ns, problem))
		return -EINVAL;
	proof_set_number(values, "window_us", (ns[1] - ns[0]) / 1000);
	return 0;
}

static int word_keys(const struct proof_snapshot *snapshot, json_t *values,
		     struct problem *problem)
{
	static const char *const words[][2] = {
		{ "host/uname", "guest_kernel" },
		{ "host/cpus", "guest_cpus" },
		{ "host/clocksource", "guest_clocksource" },
		{ "inside/clockevent", "guest_clockevent" },
	};
	const char *device;
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(words) && !ret; i++) {
		char *word;

		ret = proof_word(snapshot, words[i][0], &word, problem);
		if (word)
			proof_set_word(values, words[i][1], word);
		free(word);
	}
	device = json_string_value(json_object_get(values, "guest_clockevent"));
	if (device)
		proof_set_number(values, "guest_deadline_timer",
				 !strcmp(device, "lapic-deadline"));
	return ret;
}

static int vm_keys(const struct proof_snapshot *snapshot,
		   const struct flags *flags, json_t *values,
		   struct problem *problem)
{
	int ret;

	proof_set_number(values, "guest_hypervisor_flag", flags->hypervisor);
	apic_keys(snapshot, flags, values);
	steal_keys(snapshot, values);
	ret = hypervisor_keys(snapshot, values, problem);
	if (!ret)
		ret = word_keys(snapshot, values, problem);
	if (!ret)
		ret = idle_keys(snapshot, values, problem);
	if (!ret)
		ret = window_key(snapshot, values, problem);
	if (!ret)
		ret = proof_interrupt_keys(snapshot, "inside/begin/interrupts",
					   "inside/end/interrupts", values,
					   problem);
	return ret;
}

/**
 * proof_inside_make - what a machine could tell of itself while a cell ran
 * @snapshot: copies of its files
 * @problem: receives file, line and reason
 *
 * Without the hypervisor flag it is a host, and the proof a native one. A VM does
 * not know what its host did: each key of that is unknown.
 *
 * Return: the proof; NULL when a file is damaged.
 */
json_t *proof_inside_make(const struct proof_snapshot *snapshot,
			  struct problem *problem)
{
	const struct proof_file *cpuinfo = proof_file(snapshot, "host/cpuinfo");
	json_t *values = json_object(), *proof = NULL;
	unsigned int where = PROOF_INSIDE;
	struct flags flags = { 0, 0 };
	char *machine = NULL;
	int ret = -EINVAL;

	if (!cpuinfo) {
		proof_missing(snapshot, "host/cpuinfo", problem);
		goto out;
	}
	proof_set_number(values, "proof_version", PROOF_VERSION);
	proof_set_word(values, "proof_side", "inside");
	ret = proof_word(snapshot, "inside/hostname", &machine, problem);
	if (machine)
		proof_set_word(values, "proof_machine", machine);
	free(machine);
	if (!ret)
		ret = text_each_line(cpuinfo->path, cpuinfo->text, flags_line,
				     &flags, problem);
	if (!ret && flags.hypervisor) {
		where |= PROOF_GUEST | PROOF_VM;
		ret = vm_keys(snapshot, &flags, values, problem);
	} else if (!ret) {
		where |= PROOF_NATIVE;
		ret = proof_native_keys(snapshot, values, problem);
	}
	if (!ret)
		proof = proof_ordered(values, where);
out:
	json_decref(values);
	return proof;
}
