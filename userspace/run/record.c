// SPDX-License-Identifier: GPL-2.0
/* Recording rtlat's trace events in a tracefs instance of our own. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <tracefs.h>
#include <unistd.h>

#include "base/checksum.h"
#include "base/replace.h"
#include "module/taskset.h"
#include "run/facts.h"
#include "run/record.h"
#include "run/trace-write.h"

/*
 * A sample is 52 bytes in the ring buffer, and now and then a time stamp of 8
 * more; a job has some 10 samples; the run's own texts are small. With a record for
 * each job they are 284 bytes, and those of switches back to it as many.
 */
#define SAMPLE_BYTES	72
#define JOB_SAMPLES	10
#define JOB_BYTES	(4 * 292)
/*
 * Of further events: room for what the kernel's own say of a job, and for what
 * else they say.
 */
#define RAW_JOB_BYTES	4096
#define RAW_KIB		2048
#define TEXT_KIB	256

struct spool {
	struct tracefs_cpu *cpu;
	char *path;
	int fd;
	u64 bytes;
	char *stats;
};

/*
 * The trace.dat is made at temp and then renamed to path; each CPU's pages are
 * spooled beside it.
 */
struct recorder {
	struct tracefs_instance *instance;
	const struct record_events *events;
	char *path;
	char *temp;
	struct spool *spool;
	int nr_cpus;
	int page_size;
	char *page;
};

/**
 * record_need_kib - trace buffer that holds all of a run
 * @config: the run's parameters
 * @events: further events
 *
 * Return: KiB for each CPU; 0: the run is endless.
 */
u64 record_need_kib(const struct rtlat_config *config,
		    const struct record_events *events)
{
	u64 jobs = config->count, raw_kib, bytes, least_us;
	u32 i;

	if (config->duration_ms) {
		least_us = RTLAT_PERIOD_MIN_US * config->period_percent / 100;
		for (i = 0; config->mode == RTLAT_MODE_TIMER &&
		     i < config->period_us.n; i++)
			if (!i || config->period_us.v[i] < least_us)
				least_us = config->period_us.v[i];
		jobs = config->duration_ms * 1000 / least_us + 1;
	}
	if (!jobs)
		return 0;
	if (config->mode == RTLAT_MODE_TIMER)
		jobs *= config->tasks;
	else if (config->mode == RTLAT_MODE_TASKSET)
		jobs *= config->tasks_per_cpu;
	raw_kib = events->nr ? jobs * RAW_JOB_BYTES / 1024 + RAW_KIB : 0;
	/* of IPIs the sender writes for all */
	if (config->mode == RTLAT_MODE_IPI)
		bytes = jobs * (RTLAT_MAX_TASKS / 8) * SAMPLE_BYTES;
	else if (config->trace_per == RTLAT_TRACE_PER_JOB)
		bytes = jobs * JOB_BYTES;
	else
		bytes = jobs * JOB_SAMPLES * SAMPLE_BYTES;
	return bytes / 1024 + TEXT_KIB + raw_kib;
}

/**
 * record_limit_kib - largest trace buffer that we take
 *
 * Return: KiB for each CPU: all together a quarter of the available memory.
 */
u64 record_limit_kib(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	u64 kib = facts_available_kib() / 4 / (cpus > 0 ? (u64)cpus : 1);

	return kib > 1024 ? kib : 1024;
}

static int set_file(struct recorder *recorder, const char *file,
		    const char *value)
{
	if (tracefs_instance_file_write(recorder->instance, file, value) >= 0)
		return 0;
	complain("cannot set %s to %s in tracefs: %s", file, value,
		 strerror(errno));
	return -EIO;
}

/*
 * An instance that does not note the names of tasks: that is one more probe on
 * sched_switch, ahead of ours, 54 instructions inside sched_overhead. Instances
 * have the option from the top level as it was when they were made.
 */
static struct tracefs_instance *create_instance(const char *name)
{
	const char *option = "options/record-cmd";
	char *was = tracefs_instance_file_read(NULL, option, NULL);
	const bool on = was && *was == '1';
	struct tracefs_instance *instance;

	if (on)
		tracefs_instance_file_write(NULL, option, "0");
	instance = tracefs_instance_create(name);
	if (on)
		tracefs_instance_file_write(NULL, option, "1");
	free(was);
	return instance;
}

static int open_instance(struct recorder *recorder, u64 buffer_kib)
{
	char *name = xasprintf("rtlat-%d", (int)getpid());
	int ret = -EIO;

	if (!tracefs_tracing_dir()) {
		complain("tracefs is not there, or only root may use it");
		goto out;
	}
	if (!tracefs_file_exists(NULL, "events/rtlat/rtlat_sample/format")) {
		complain("the trace events of rtlat are not there: is the module loaded?");
		goto out;
	}
	recorder->instance = create_instance(name);
	if (!recorder->instance) {
		complain("cannot make the tracefs instance %s: %s", name,
			 strerror(errno));
		goto out;
	}
	if (tracefs_instance_set_buffer_size(recorder->instance, buffer_kib,
					     -1)) {
		complain("cannot get a trace buffer of %" PRIu64 " KiB for each CPU: %s",
			 buffer_kib, strerror(errno));
		goto out;
	}
	ret = set_file(recorder, "tracing_on", "0");
	if (!ret)
		ret = set_file(recorder, "trace_clock", "mono");
out:
	free(name);
	return ret;
}

static int open_spool(struct recorder *recorder, int cpu)
{
	struct spool *spool = &recorder->spool[cpu];
	char *dir = xasprintf("per_cpu/cpu%d", cpu);
	bool there = tracefs_dir_exists(recorder->instance, dir);

	free(dir);
	if (!there)
		return 0;
	spool->cpu = tracefs_cpu_open(recorder->instance, cpu, true);
	if (!spool->cpu) {
		complain("cannot read the trace buffer of CPU %d: %s", cpu,
			 strerror(errno));
		return -EIO;
	}
	recorder->page_size = tracefs_cpu_read_size(spool->cpu);
	spool->path = xasprintf("%s.cpu%d", recorder->temp, cpu);
	spool->fd = open(spool->path,
			 O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (spool->fd >= 0)
		return 0;
	complain("cannot write %s: %s", spool->path, strerror(errno));
	free(spool->path);
	spool->path = NULL;
	return -EIO;
}

/**
 * recorder_start - record rtlat's events from now on
 * @path: trace.dat that recorder_stop() will write
 * @buffer_kib: buffer of each CPU, KiB
 * @events: further events; they stay the caller's
 *
 * Return: the recorder, or NULL after a line.
 */
struct recorder *recorder_start(const char *path, u64 buffer_kib,
				const struct record_events *events)
{
	struct recorder *recorder = xcalloc(1, sizeof(*recorder));
	struct stat old;
	int i;

	recorder->events = events;
	recorder->path = file_place(path, &old);
	if (!recorder->path)
		goto fail;
	recorder->temp = xasprintf("%s.new.%d", recorder->path, (int)getpid());
	recorder->nr_cpus = (int)sysconf(_SC_NPROCESSORS_CONF);
	recorder->spool = xcalloc((size_t)recorder->nr_cpus,
				  sizeof(*recorder->spool));
	for (i = 0; i < recorder->nr_cpus; i++)
		recorder->spool[i].fd = -1;
	if (open_instance(recorder, buffer_kib))
		goto fail;
	for (i = 0; i < recorder->nr_cpus; i++)
		if (open_spool(recorder, i))
			goto fail;
	if (recorder->page_size <= 0) {
		complain("no CPU has a trace buffer");
		goto fail;
	}
	recorder->page = xcalloc(1, (size_t)recorder->page_size);
	if (tracefs_event_enable(recorder->instance, "rtlat", NULL)) {
		complain("cannot enable the trace events of rtlat: %s",
			 strerror(errno));
		goto fail;
	}
	if (record_events_enable(events, recorder->instance))
		goto fail;
	if (!set_file(recorder, "tracing_on", "1"))
		return recorder;
fail:
	recorder_free(recorder);
	return NULL;
}

static int save_page(struct recorder *recorder, struct spool *spool, int len)
{
	size_t size = (size_t)recorder->page_size;
	int ret;

	memset(recorder->page + len, 0, size - (size_t)len);
	ret = write_all(spool->fd, recorder->page, size);
	if (ret) {
		complain("cannot write %s: %s", spool->path, strerror(-ret));
		return ret;
	}
	spool->bytes += size;
	return 0;
}

static int drain_cpu(struct recorder *recorder, struct spool *spool, bool last)
{
	int len, ret;

	do {
		len = last ? tracefs_cpu_flush(spool->cpu, recorder->page) :
			     tracefs_cpu_read(spool->cpu, recorder->page, true);
		if (len <= 0)
			break;
		ret = save_page(recorder, spool, len);
		if (ret)
			return ret;
	} while (true);
	return 0;
}

/**
 * recorder_drain - save what is in the buffers
 * @recorder: the recorder
 *
 * Return: 0, or -errno after a line.
 */
int recorder_drain(struct recorder *recorder)
{
	int i, ret = 0;

	for (i = 0; i < recorder->nr_cpus && !ret; i++)
		if (recorder->spool[i].cpu)
			ret = drain_cpu(recorder, &recorder->spool[i], false);
	return ret;
}

static u64 stats_number(const char *stats, const char *key)
{
	const char *line = stats ? strstr(stats, key) : NULL;
	unsigned long long number = 0;

	if (line && sscanf(line + strlen(key), " %llu", &number) != 1)
		number = 0;
	return number;
}

static void read_stats(struct recorder *recorder, struct record_loss *loss)
{
	int i;

	memset(loss, 0, sizeof(*loss));
	for (i = 0; i < recorder->nr_cpus; i++) {
		struct spool *spool = &recorder->spool[i];
		char *file = xasprintf("per_cpu/cpu%d/stats", i);

		spool->stats = spool->cpu ?
			tracefs_instance_file_read(recorder->instance, file,
						   NULL) : NULL;
		if (!spool->stats)
			spool->stats = xstrdup("");
		loss->overrun += stats_number(spool->stats, "\noverrun:");
		loss->dropped += stats_number(spool->stats, "\ndropped events:");
		loss->bytes += spool->bytes;
		free(file);
	}
}

/* The formats of a system; a system without events is an empty one. */
static void read_system(struct trace_system *system, const char *name)
{
	char **events = tracefs_system_events(NULL, name);
	int i;

	system->name = xstrdup(name);
	for (i = 0; events && events[i]; i++) {
		char *format = tracefs_event_file_read(NULL, name, events[i],
						       "format", NULL);

		if (!format)
			continue;
		system->format = xrealloc(system->format,
					  (system->nr + 1) * sizeof(*system->format));
		system->format[system->nr++] = format;
	}
	tracefs_list_free(events);
}

static void free_system(struct trace_system *system)
{
	uint32_t i;

	for (i = 0; i < system->nr; i++)
		free(system->format[i]);
	free(system->format);
	free(system->name);
}

static char *read_tracefs(const char *file)
{
	char *text = tracefs_instance_file_read(NULL, file, NULL);

	return text ? text : xstrdup("");
}

static int copy_spool(int to, struct spool *spool, char *page, size_t size,
		      uint32_t *crc)
{
	u64 done;
	int ret;

	for (done = 0; done < spool->bytes; done += size) {
		ssize_t got = pread(spool->fd, page, size, (off_t)done);

		if (got != (ssize_t)size)
			return got < 0 ? -errno : -EIO;
		*crc = crc32_add(*crc, page, size);
		ret = write_all(to, page, size);
		if (ret)
			return ret;
	}
	return 0;
}

static int write_file(struct recorder *recorder, const void *head, size_t len)
{
	uint32_t crc = crc32_add(0, head, len);
	char seal[SEAL_LEN];
	int fd, i, ret;

	fd = open(recorder->temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, head, len);
	for (i = 0; i < recorder->nr_cpus && !ret; i++)
		if (recorder->spool[i].bytes)
			ret = copy_spool(fd, &recorder->spool[i],
					 recorder->page,
					 (size_t)recorder->page_size, &crc);
	seal_make(seal, crc);
	if (!ret)
		ret = write_all(fd, seal, sizeof(seal));
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

static void remove_spools(struct recorder *recorder)
{
	int i;

	for (i = 0; i < recorder->nr_cpus; i++) {
		struct spool *spool = &recorder->spool[i];

		if (spool->path)
			unlink(spool->path);
		free(spool->path);
		spool->path = NULL;
	}
}

static int write_trace(struct recorder *recorder)
{
	u64 *sizes = xcalloc((size_t)recorder->nr_cpus, sizeof(*sizes));
	char **stats = xcalloc((size_t)recorder->nr_cpus, sizeof(*stats));
	char *header_page = read_tracefs("events/header_page");
	char *header_event = read_tracefs("events/header_event");
	char *cmdlines = read_tracefs("saved_cmdlines");
	char *symbols = record_events_symbols(recorder->events);
	struct trace_parts parts = {
		.header_page = header_page,
		.header_event = header_event,
		.symbols = symbols,
		.cmdlines = cmdlines,
		.clock = "mono",
		.cpustats = stats,
		.nr_cpus = (uint32_t)recorder->nr_cpus,
		.page_size = (uint32_t)recorder->page_size,
		.cpu_size = sizes,
	};
	struct utsname uts;
	char *uname_text;
	size_t len;
	uint32_t n;
	void *head;
	int i, ret;

	for (i = 0; i < recorder->nr_cpus; i++) {
		sizes[i] = recorder->spool[i].bytes;
		stats[i] = recorder->spool[i].stats;
	}
	uname(&uts);
	uname_text = xasprintf("%s %s %s %s", uts.sysname, uts.nodename,
			       uts.release, uts.machine);
	parts.uname = uname_text;
	read_system(&parts.ftrace, "ftrace");
	parts.system = record_events_formats(recorder->events,
					     &parts.nr_systems);
	parts.system = xrealloc(parts.system, (parts.nr_systems + 1) *
				sizeof(*parts.system));
	memset(&parts.system[parts.nr_systems], 0, sizeof(*parts.system));
	read_system(&parts.system[parts.nr_systems++], "rtlat");
	head = trace_head(&parts, &len);
	ret = write_file(recorder, head, len);
	free(head);
	free_system(&parts.ftrace);
	for (n = 0; n < parts.nr_systems; n++)
		free_system(&parts.system[n]);
	free(parts.system);
	free(symbols);
	free(uname_text);
	free(cmdlines);
	free(header_event);
	free(header_page);
	free(stats);
	free(sizes);
	return ret;
}

/**
 * recorder_stop - stop recording and write the trace.dat
 * @recorder: the recorder
 * @loss: receives what was lost
 *
 * Return: 0, or -errno after a line that names the file.
 */
int recorder_stop(struct recorder *recorder, struct record_loss *loss)
{
	int i, ret;

	ret = set_file(recorder, "tracing_on", "0");
	for (i = 0; i < recorder->nr_cpus && !ret; i++)
		if (recorder->spool[i].cpu)
			ret = drain_cpu(recorder, &recorder->spool[i], true);
	if (ret)
		return ret;
	read_stats(recorder, loss);
	ret = write_trace(recorder);
	if (!ret && rename(recorder->temp, recorder->path))
		ret = -errno;
	if (ret) {
		unlink(recorder->temp);
		complain("cannot write %s: %s", recorder->path, strerror(-ret));
	}
	remove_spools(recorder);
	return ret;
}

/**
 * recorder_free - end a recording; its tracefs instance goes away
 * @recorder: the recorder, or NULL
 */
void recorder_free(struct recorder *recorder)
{
	int i;

	if (!recorder)
		return;
	for (i = 0; i < recorder->nr_cpus; i++) {
		struct spool *spool = &recorder->spool[i];

		if (spool->cpu)
			tracefs_cpu_close(spool->cpu);
		if (spool->fd >= 0)
			close(spool->fd);
		free(spool->stats);
	}
	remove_spools(recorder);
	if (recorder->instance) {
		tracefs_event_disable(recorder->instance, NULL, NULL);
		tracefs_instance_destroy(recorder->instance);
		tracefs_instance_free(recorder->instance);
	}
	free(recorder->spool);
	free(recorder->page);
	free(recorder->temp);
	free(recorder->path);
	free(recorder);
}
