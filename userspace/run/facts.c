// SPDX-License-Identifier: GPL-2.0
/* Facts about the machine that a result depends on. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cpuinfo.h"
#include "results/cell.h"
#include "run/facts.h"

/* Takes over @text; a file that cannot be read is null, not an empty string. */
static void set_text(json_t *json, const char *key, char *text)
{
	json_object_set_new(json, key, json_string_or_null(text));
	free(text);
}

static void set_file(json_t *json, const char *key, const char *path)
{
	char *text = read_word(path);

	/* what the kernel prints for an empty CPU list in some versions */
	if (text && !strcmp(text, "(null)"))
		*text = 0;
	set_text(json, key, text);
}

static void add_cpu(json_t *json)
{
	char *cpuinfo = read_text("/proc/cpuinfo", NULL);
	char *flags = cpuinfo_field(cpuinfo, "flags");

	set_text(json, "cpu_model", cpuinfo_field(cpuinfo, "model name"));
	set_text(json, "microcode", cpuinfo_field(cpuinfo, "microcode"));
	json_object_set_new(json, "hypervisor_flag",
			    flags ? json_boolean(text_has_word(flags, "hypervisor")) :
			    json_null());
	free(flags);
	free(cpuinfo);
	json_object_set_new(json, "cpus_online",
			    json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
}

static json_t *folder_texts(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	json_t *json;

	if (!dir)
		return json_null();
	json = json_object();
	while ((entry = readdir(dir))) {
		char *file;

		if (entry->d_name[0] == '.')
			continue;
		file = xasprintf("%s/%s", path, entry->d_name);
		set_file(json, entry->d_name, file);
		free(file);
	}
	closedir(dir);
	return json;
}

static void add_kvm(json_t *json)
{
	static const char *const folders[] = { "kvm", "kvm_intel", "kvm_amd" };
	json_t *kvm = json_object();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(folders); i++) {
		char *path = xasprintf("/sys/module/%s/parameters", folders[i]);
		json_t *params = folder_texts(path);

		if (json_is_object(params))
			json_object_set(kvm, folders[i], params);
		json_decref(params);
		free(path);
	}
	json_object_set_new(json, "kvm_parameters", kvm);
}

/* What may take the CPU from real-time tasks. */
static void add_throttling(json_t *json)
{
	static const char *const files[] = {
		"sched_rt_runtime_us", "sched_rt_period_us",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		char *path = xasprintf("/proc/sys/kernel/%s", files[i]);
		char *text = read_word(path);
		char *end;
		long us = text ? strtol(text, &end, 10) : 0;

		/* -1: no limit */
		json_object_set_new(json, files[i], text && *text && !*end ?
				    json_integer(us) : json_null());
		free(text);
		free(path);
	}
	json_object_set_new(json, "fair_server",
			    folder_texts("/sys/kernel/debug/sched/fair_server/cpu0"));
}

/**
 * facts_collect - what a reader of the results has to know of the machine
 *
 * Return: JSON object; what cannot be read is null.
 */
json_t *facts_collect(void)
{
	json_t *json = json_object();
	struct utsname uts;

	uname(&uts);
	json_object_set_new(json, "kernel", json_string(uts.release));
	json_object_set_new(json, "kernel_build", json_string(uts.version));
	set_file(json, "cmdline", "/proc/cmdline");
	add_cpu(json);
	set_file(json, "clocksource",
		 "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	set_file(json, "clockevent",
		 "/sys/devices/system/clockevents/clockevent0/current_device");
	set_file(json, "isolated", "/sys/devices/system/cpu/isolated");
	set_file(json, "nohz_full", "/sys/devices/system/cpu/nohz_full");
	set_file(json, "governor",
		 "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
	set_file(json, "smt", "/sys/devices/system/cpu/smt/control");
	json_object_set_new(json, "mitigations",
			    folder_texts("/sys/devices/system/cpu/vulnerabilities"));
	add_throttling(json);
	add_kvm(json);
	return json;
}

/**
 * facts_steal_ticks - time the hypervisor gave to others, all CPUs
 *
 * Return: USER_HZ ticks since boot; 0 where the kernel does not say.
 */
uint64_t facts_steal_ticks(void)
{
	unsigned long long steal = 0;
	char *text = read_text("/proc/stat", NULL);

	if (text && sscanf(text, "cpu %*u %*u %*u %*u %*u %*u %*u %llu",
			   &steal) != 1)
		steal = 0;
	free(text);
	return steal;
}

/**
 * facts_available_kib - memory that programs can still get
 *
 * Return: KiB; 0 where the kernel does not say.
 */
uint64_t facts_available_kib(void)
{
	unsigned long long available = 0;
	char *text = read_text("/proc/meminfo", NULL);
	const char *line = text ? strstr(text, "MemAvailable:") : NULL;

	if (line && sscanf(line, "MemAvailable: %llu", &available) != 1)
		available = 0;
	free(text);
	return available;
}
