// SPDX-License-Identifier: GPL-2.0
/*
 * A reader that works in a child process, as libFuzzer cannot see it: the
 * child's coverage is brought back to the parent, and what a sanitizer finds in
 * our own code there is a failure. What goes wrong within a library is what the
 * child is for: the parent has to say so in one line. The reader calls the
 * watched_ functions below in place of the system's, see Makefile.
 */

#include <dlfcn.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fork-watch.h"
#include "fuzz.h"

/*
 * A child that hangs in the library is ended by its CPU time; few seconds do. One may
 * be too few where a virtual machine's host takes time away that counts.
 */
#define CHILD_CPU_SECONDS	4

#define REPORT_LEN	65536

/* Shared by parent and child. */
struct shared {
	_Atomic unsigned int own;	/* found in our own code */
	uint8_t counters[];
};

static struct shared *shared;
static int report_fd;

static size_t nr_counters(void)
{
	return (uintptr_t)__stop___sancov_cntrs - (uintptr_t)__start___sancov_cntrs;
}

static void watch_start(void)
{
	must(shared || (shared = mmap(NULL, sizeof(*shared) + nr_counters(),
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0)) !=
		       MAP_FAILED);
	if (report_fd <= 0)
		report_fd = memfd_create("report", MFD_CLOEXEC);
	must(report_fd > 0 && !ftruncate(report_fd, 0) &&
	     !lseek(report_fd, 0, SEEK_SET));
	memset(shared, 0, sizeof(*shared) + nr_counters());
}

/* Our own code is what has counters. */
static bool is_own(uintptr_t at)
{
	static uintptr_t low, high;
	size_t i;

	if (!low) {
		low = UINTPTR_MAX;
		/* an address and a flag for each counter */
		for (i = 0; i < nr_counters(); i++) {
			const uintptr_t pc = __start___sancov_pcs[2 * i];

			low = pc < low ? pc : low;
			high = pc > high ? pc : high;
		}
	}
	return at >= low && at <= high + 4096;
}

/* Is the code in one of the libraries that read traces? */
static bool is_library(uintptr_t at)
{
	Dl_info info;

	/* an address, and no pointer of ours */
	return dladdr((const void *)at, &info) && info.dli_fname &&
	       strstr(info.dli_fname, "libtrace");
}

/*
 * Whose fault is it? Frames of the sanitizer or of libc come first, then ours
 * or a library's: "    #1 0x7f... ". A report without frames is of the
 * undefined behaviour sanitizer, which only our code was compiled for.
 */
static bool report_is_own(void)
{
	static char text[REPORT_LEN];
	ssize_t len = pread(report_fd, text, sizeof(text) - 1, 0);
	const char *at = text;

	if (len <= 0)
		return false;
	text[len] = 0;
	if (strstr(text, "runtime error:"))
		return true;
	for (at = strstr(text, "    #"); at; at = strstr(at + 1, "    #")) {
		const char *address = strstr(at, " 0x");
		uintptr_t pc = address ? strtoull(address, NULL, 16) : 0;

		if (is_own(pc))
			return true;
		if (is_library(pc))
			return false;
	}
	return false;
}

static void bring_back(void)
{
	memcpy(shared->counters, __start___sancov_cntrs, nr_counters());
}

static void on_death(void)
{
	bring_back();
	shared->own = report_is_own();
	_exit(1);
}

static void in_child(void)
{
	static const int signals[] = {
		SIGABRT, SIGALRM, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
	memset(__start___sancov_cntrs, 0, nr_counters());
	/* the sanitizers take a descriptor for this pointer */
	__sanitizer_set_report_fd((void *)(uintptr_t)report_fd);
	__sanitizer_set_death_callback(on_death);
}

pid_t watched_fork(void)
{
	pid_t pid;

	watch_start();
	pid = fork();
	if (!pid)
		in_child();
	return pid;
}

void watched__exit(int status)
{
	if (shared)
		bring_back();
	_exit(status);
}

int watched_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	struct rlimit less = { CHILD_CPU_SECONDS, CHILD_CPU_SECONDS };

	if (resource == RLIMIT_CPU)
		return setrlimit(resource, &less);
	/* the sanitizers' shadow is larger than any limit of memory */
	if (resource == RLIMIT_AS || resource == RLIMIT_DATA)
		return 0;
	return setrlimit(resource, limit);
}

pid_t watched_waitpid(pid_t pid, int *status, int options)
{
	pid_t ret = waitpid(pid, status, options);
	static char text[REPORT_LEN];
	ssize_t len;
	size_t i;

	if (ret != pid)
		return ret;
	for (i = 0; i < nr_counters(); i++)
		if (shared->counters[i] > __start___sancov_cntrs[i])
			__start___sancov_cntrs[i] = shared->counters[i];
	if (!shared->own)
		return ret;
	len = pread(report_fd, text, sizeof(text), 0);
	fwrite(text, 1, len > 0 ? (size_t)len : 0, stderr);
	must(!"a sanitizer's report in the child's own code");
	return ret;
}
