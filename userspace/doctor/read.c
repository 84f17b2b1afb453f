// SPDX-License-Identifier: GPL-2.0
/* Reads of a machine what the table of checks names. */

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/progress.h"
#include "doctor/doctor.h"

/* Intel's count of system management interrupts since the CPU was reset. */
#define MSR_SMI_COUNT	0x34

/* Files that hold no text; @decode gives NULL for what it cannot be. */
static char *decode_latency(const char *data, size_t len)
{
	int32_t us;

	if (len != sizeof(us))
		return NULL;
	memcpy(&us, data, sizeof(us));
	return xasprintf("%" PRId32, us);
}

/* An EFI variable: its attributes, then one byte. */
static char *decode_secure_boot(const char *data, size_t len)
{
	return len == 5 ? xasprintf("%u", (unsigned char)data[4]) : NULL;
}

static const struct {
	const char *pattern;
	char *(*decode)(const char *data, size_t len);
} decoders[] = {
	{ "/dev/cpu_dma_latency", decode_latency },
	{ "/sys/firmware/efi/efivars/SecureBoot-*", decode_secure_boot },
};

static void read_one(struct machine *machine, const char *root, const char *path)
{
	char *file = xasprintf("%s%s", root, path), *text;
	int error = 0;
	size_t len, i;

	text = read_text(file, &len);
	if (!text)
		error = errno;
	for (i = 0; text && i < ARRAY_SIZE(decoders); i++) {
		char *decoded;

		if (fnmatch(decoders[i].pattern, path, FNM_PATHNAME))
			continue;
		decoded = decoders[i].decode(text, len);
		free(text);
		text = decoded;
		if (!text)
			error = EPROTO;
	}
	machine_add(machine, path, text, error);
	free(text);
	free(file);
}

/* Why a folder could not be searched; glob() hands over nothing to note it in. */
static int glob_error;

static int note_error(const char *path, int error)
{
	(void)path;
	if (error != ENOENT)
		glob_error = error;
	return 0;
}

/* The root is no pattern. */
static char *escaped(const char *text)
{
	char *copy = xcalloc(2 * strlen(text) + 1, 1), *to = copy;

	for (; *text; text++) {
		if (strchr("\\*?[", *text))
			*to++ = '\\';
		*to++ = *text;
	}
	return copy;
}

static void read_pattern(struct machine *machine, const char *root,
			 const char *path)
{
	char *start, *pattern;
	glob_t found;
	size_t i;

	if (!strpbrk(path, "*?[")) {
		read_one(machine, root, path);
		return;
	}
	start = escaped(root);
	pattern = xasprintf("%s%s", start, path);
	glob_error = 0;
	if (glob(pattern, 0, note_error, &found)) {
		machine_add(machine, path, NULL,
			    glob_error ? glob_error : ENOENT);
	} else {
		for (i = 0; i < found.gl_pathc; i++)
			read_one(machine, root,
				 found.gl_pathv[i] + strlen(root));
		globfree(&found);
	}
	free(pattern);
	free(start);
}

/* One path of the table: {cpu} is every CPU that measures. */
static void read_path(struct machine *machine, const char *root,
		      const char *path)
{
	static const char mark[] = "{cpu}";
	const char *at = strstr(path, mark);
	unsigned int i;

	if (!at) {
		read_pattern(machine, root, path);
		return;
	}
	for (i = 0; i < machine->cpus.nr; i++) {
		char *one = xasprintf("%.*s%u%s", (int)(at - path), path,
				      machine->cpus.cpu[i],
				      at + sizeof(mark) - 1);

		read_pattern(machine, root, one);
		free(one);
	}
}

static bool is_known(const struct machine *machine, const char *path)
{
	size_t i;

	for (i = 0; i < machine->nr; i++)
		if (!strcmp(machine->fact[i]->path, path))
			return true;
	return false;
}

static void read_check(struct machine *machine, const char *root,
		       const struct doctor_check *check)
{
	char *copy = xstrdup(check->reads), *save = NULL, *path;

	for (path = strtok_r(copy, " ", &save); path;
	     path = strtok_r(NULL, " ", &save))
		/* read of it is a count, and that takes its time */
		if (!is_known(machine, path) && strcmp(path, DOCTOR_MSRS))
			read_path(machine, root, path);
	free(copy);
}

/* 0, or errno. */
static int read_count(const char *root, unsigned int cpu, uint64_t *count)
{
	char *path = xasprintf("%s" DOCTOR_MSR, root, cpu);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;
	int error = 0;

	if (fd >= 0)
		got = pread(fd, count, sizeof(*count), MSR_SMI_COUNT);
	if (fd < 0 || got < 0)
		error = errno;
	else if (got != sizeof(*count))
		error = EIO;
	if (fd >= 0)
		close(fd);
	free(path);
	return error;
}

static void wait_seconds(unsigned int seconds)
{
	struct progress progress;
	unsigned int i;

	progress_start(&progress, seconds * 1000ULL);
	if (progress.tty)
		fprintf(stderr, "rtlat: SMIs are counted for %u s\n", seconds);
	for (i = 0; i < seconds; i++) {
		if (progress.tty)
			progress_show(&progress, i, seconds, i * 1000ULL);
		sleep_ms(1000);
	}
	if (progress.tty)
		progress_end(&progress, seconds, seconds);
}

/* The registers of all CPUs are read at the beginning and at the end. */
static void count_smis(struct machine *machine, const char *root)
{
	const unsigned int nr = machine->cpus.nr;
	uint64_t *before = xcalloc(nr, sizeof(*before)), after;
	int *error = xcalloc(nr, sizeof(*error));
	unsigned int i, readable = 0;

	for (i = 0; i < nr; i++) {
		error[i] = read_count(root, machine->cpus.cpu[i], &before[i]);
		readable += !error[i];
	}
	if (readable)
		wait_seconds(machine->smi_seconds);
	for (i = 0; i < nr; i++) {
		char *path = xasprintf(DOCTOR_MSR, machine->cpus.cpu[i]);
		char *text = NULL;

		if (!error[i])
			error[i] = read_count(root, machine->cpus.cpu[i], &after);
		if (!error[i])
			text = xasprintf("%" PRIu64, after - before[i]);
		machine_add(machine, path, text, error[i]);
		free(text);
		free(path);
	}
	free(error);
	free(before);
}

/**
 * machine_read - read what the checks look at
 * @machine: receives it; machine_free() it, also after an error
 * @root: the machine's root folder; empty: this machine's
 * @cpus: CPUs that will measure; NULL: the isolated ones, or all but the first
 * @smi_seconds: for how long to count SMIs; 0: not at all
 * @problem: receives what is wrong
 *
 * What cannot be read is a fact, too.
 *
 * Return: 0 or -EINVAL.
 */
int machine_read(struct machine *machine, const char *root, const char *cpus,
		 unsigned int smi_seconds, struct problem *problem)
{
	const struct doctor_check *check;
	struct problem one = { "" };

	memset(machine, 0, sizeof(*machine));
	machine->smi_seconds = smi_seconds;
	read_one(machine, root, DOCTOR_ONLINE);
	read_one(machine, root, DOCTOR_ISOLATED);
	if (machine_choose_cpus(machine, cpus, &one))
		return problem_set(problem, "%s%s%s", root, *root ? ": " : "",
				   one.text);
	for (check = doctor_checks; check->id; check++)
		read_check(machine, root, check);
	if (smi_seconds && !machine_no_smis(machine))
		count_smis(machine, root);
	return 0;
}
