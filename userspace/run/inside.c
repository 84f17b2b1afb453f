// SPDX-License-Identifier: GPL-2.0
/* What this machine tells of itself while a cell runs on it. */

#include <cpuid.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cpuinfo.h"
#include "run/inside.h"

/* CPUID: bit 31 of ECX in leaf 1, and where hypervisors have leaves of their own. */
#define CPUID_HYPERVISOR	0x80000000U
#define LEAVES_FIRST		0x40000000U
#define LEAVES_LAST		0x40010000U
#define LEAVES_STEP		0x100U

/* Of klogctl(): read all, size of the buffer. */
#define KLOG_READ_ALL		3
#define KLOG_SIZE		10

#define SECONDS			"%" PRIu64 ".%09" PRIu64

static void add_copy(struct proof_snapshot *snapshot, const char *name,
		     const char *path)
{
	char *text = read_text(path, NULL);

	if (text)
		proof_snapshot_add(snapshot, name, text);
}

/* The last that the kernel said of the driver that it chose for its APICs. */
static void add_routing(struct proof_snapshot *snapshot)
{
	static const char said[] = "APIC routing to";
	const int size = klogctl(KLOG_SIZE, NULL, 0);
	const char *at, *last = NULL;
	char *log;
	int len;

	if (size <= 0)
		return;
	log = xcalloc(1, (size_t)size + 1);
	len = klogctl(KLOG_READ_ALL, log, size);
	for (at = len > 0 ? strstr(log, said) : NULL; at; at = strstr(at, said)) {
		at += strlen(said);
		last = at;
	}
	if (last)
		proof_snapshot_add(snapshot, "inside/routing",
				   xstrndup(last, strcspn(last, "\n")));
	free(log);
}

static void add_leaf(char **text, unsigned int leaf)
{
	unsigned int a, b, c, d;
	char *longer;

	__cpuid(leaf, a, b, c, d);
	/* a leaf that nobody has is another one again */
	if (leaf % LEAVES_STEP == 0 && leaf != LEAVES_FIRST &&
	    a - leaf >= LEAVES_STEP)
		return;
	longer = xasprintf("%s%08x %08x %08x %08x %08x\n", *text, leaf, a, b, c, d);
	free(*text);
	*text = longer;
	if (leaf % LEAVES_STEP == 0)
		add_leaf(text, leaf + 1);
}

static void add_cpuid(struct proof_snapshot *snapshot)
{
	unsigned int a, b, c = 0, d, leaf;
	char *text;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & CPUID_HYPERVISOR))
		return;
	text = xstrdup("");
	for (leaf = LEAVES_FIRST; leaf < LEAVES_LAST; leaf += LEAVES_STEP)
		add_leaf(&text, leaf);
	proof_snapshot_add(snapshot, "inside/cpuid", text);
}

/* A folder of debugfs for each VM of this machine; without KVM there is none. */
static void add_guests(struct proof_snapshot *snapshot)
{
	DIR *dir = opendir("/sys/kernel/debug/kvm");
	struct dirent *entry;
	unsigned int nr = 0;

	if (!dir && !access("/sys/module/kvm", F_OK))
		return;
	while (dir && (entry = readdir(dir)))
		nr += entry->d_type == DT_DIR && entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	proof_snapshot_add(snapshot, "host/guests", xasprintf("%u\n", nr));
}

static void add_moment(struct proof_snapshot *snapshot, const char *when)
{
	static const char *const names[] = { "interrupts", "stat" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char *name = xasprintf("inside/%s/%s", when, names[i]);
		char *path = xasprintf("/proc/%s", names[i]);

		add_copy(snapshot, name, path);
		free(path);
		free(name);
	}
}

/**
 * inside_is_vm - does this machine's CPU say that it is a guest's?
 *
 * Return: true when it has the hypervisor flag.
 */
bool inside_is_vm(void)
{
	char *cpuinfo = read_text("/proc/cpuinfo", NULL);
	char *flags = cpuinfo_field(cpuinfo, "flags");
	const bool vm = text_has_word(flags, "hypervisor");

	free(flags);
	free(cpuinfo);
	return vm;
}

/**
 * inside_begin - just before a run
 * @inside: receives what is copied; inside_free() it
 */
void inside_begin(struct inside *inside)
{
	proof_snapshot_init(&inside->snapshot, "this machine");
	inside->begin_ns = now_ns();
	add_moment(&inside->snapshot, "begin");
}

/**
 * inside_end - just after it
 * @inside: of inside_begin()
 */
void inside_end(struct inside *inside)
{
	static const char *const copies[][2] = {
		{ "host/cpuinfo", "/proc/cpuinfo" },
		{ "host/clocksource",
		  "/sys/devices/system/clocksource/clocksource0/current_clocksource" },
		{ "host/isolated_cpus", "/sys/devices/system/cpu/isolated" },
		{ "host/nohz_full_cpus", "/sys/devices/system/cpu/nohz_full" },
		{ "inside/clockevent",
		  "/sys/devices/system/clockevents/clockevent0/current_device" },
		{ "inside/cmdline", "/proc/cmdline" },
		{ "inside/idle_driver",
		  "/sys/devices/system/cpu/cpuidle/current_driver" },
	};
	struct proof_snapshot *snapshot = &inside->snapshot;
	u64 end_ns = now_ns();
	struct utsname uts;
	size_t i;

	add_moment(snapshot, "end");
	for (i = 0; i < ARRAY_SIZE(copies); i++)
		add_copy(snapshot, copies[i][0], copies[i][1]);
	uname(&uts);
	proof_snapshot_add(snapshot, "host/uname", xasprintf("%s\n", uts.release));
	proof_snapshot_add(snapshot, "inside/hostname",
			   xasprintf("%s\n", uts.nodename));
	proof_snapshot_add(snapshot, "host/cpus",
			   xasprintf("%ld\n", sysconf(_SC_NPROCESSORS_ONLN)));
	proof_snapshot_add(snapshot, "inside/window",
			   xasprintf("begin=" SECONDS " end=" SECONDS "\n",
				     inside->begin_ns / 1000000000,
				     inside->begin_ns % 1000000000,
				     end_ns / 1000000000, end_ns % 1000000000));
	add_guests(snapshot);
	add_routing(snapshot);
	add_cpuid(snapshot);
}

/**
 * inside_proof - what was seen, as a file of the cell
 * @inside: of inside_end()
 * @problem: receives what is wrong
 *
 * Return: key=value lines, free() them; NULL when they cannot be made.
 */
char *inside_proof(const struct inside *inside, struct problem *problem)
{
	json_t *proof = proof_inside_make(&inside->snapshot, problem);
	char *text = proof ? proof_text(proof) : NULL;

	json_decref(proof);
	return text;
}

/**
 * inside_free - free what inside_begin() and inside_end() made
 * @inside: zeroed, or begun
 */
void inside_free(struct inside *inside)
{
	proof_snapshot_free(&inside->snapshot);
}
