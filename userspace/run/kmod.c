// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading the module; the kernel's messages. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "run/debugfs.h"

/**
 * module_default_path - where the module is installed
 *
 * Return: RTLAT_MODULE, or the running kernel's extra/rtlat.ko; free() it.
 */
char *module_default_path(void)
{
	const char *path = getenv("RTLAT_MODULE");
	struct utsname uts;

	if (path)
		return xstrdup(path);
	uname(&uts);
	return xasprintf("/lib/modules/%s/extra/rtlat.ko", uts.release);
}

/**
 * module_file_abi - is a file an rtlat.ko of our ABI?
 * @path: the file
 *
 * Reads the module information rtlat_abi, so that a module of another ABI is
 * not even loaded.
 *
 * Return: 0, or -errno after a line.
 */
int module_file_abi(const char *path)
{
	static const char key[] = "\0rtlat_abi=";
	const char *found;
	size_t len;
	char *data;
	int ret = 0;

	data = read_text(path, &len);
	if (!data) {
		ret = -errno;
		complain("cannot read the module %s: %s", path, strerror(errno));
		return ret;
	}
	found = memmem(data, len, key, sizeof(key) - 1);
	if (len < 4 || memcmp(data, "\177ELF", 4)) {
		complain("%s: not a kernel module", path);
		ret = -ENOEXEC;
	} else if (!found) {
		complain("%s: not rtlat.ko (no rtlat_abi in its module information)",
			 path);
		ret = -ENOEXEC;
	} else if (strcmp(found + sizeof(key) - 1, RTLAT_ABI_STR)) {
		complain("%s has ABI %.16s, this rtlat has ABI %s: build both from one source",
			 path, found + sizeof(key) - 1, RTLAT_ABI_STR);
		ret = -EPROTO;
	}
	free(data);
	return ret;
}

/**
 * module_load - load rtlat.ko
 * @path: the file
 * @params: its parameters, space separated
 *
 * Return: 0, or -errno after a line.
 */
int module_load(const char *path, const char *params)
{
	int ret, fd, kmsg;

	ret = module_file_abi(path);
	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	kmsg = kmsg_open();
	if (syscall(SYS_finit_module, fd, params, 0)) {
		char *why;

		ret = -errno;
		why = kmsg_last_error(kmsg);
		complain("cannot load %s: %s%s%s%s", path, strerror(-ret),
			 ret == -EPERM ? " (only root may)" : "",
			 why ? ": " : "", why ? why : "");
		free(why);
	}
	if (kmsg >= 0)
		close(kmsg);
	close(fd);
	return ret;
}

/**
 * module_unload - unload rtlat.ko
 *
 * Return: 0, or -errno after a line.
 */
int module_unload(void)
{
	int ret = 0;

	if (syscall(SYS_delete_module, "rtlat", O_NONBLOCK)) {
		ret = -errno;
		complain("cannot unload rtlat: %s", strerror(-ret));
	}
	return ret;
}

/**
 * kmsg_open - open the kernel's log at its end
 *
 * Return: descriptor, or -errno where it may not be read.
 */
int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	lseek(fd, 0, SEEK_END);
	return fd;
}

/* Next record without its prefix; NULL at the end. Records carry
 * "priority,sequence,usec,flags;text\n key=value\n".
 */
static char *kmsg_next(int fd, unsigned long long *usec)
{
	char record[8192];
	char *text;
	ssize_t len;

	do {
		len = read(fd, record, sizeof(record) - 1);
	} while (len < 0 && (errno == EPIPE || errno == EINTR));
	if (len <= 0)
		return NULL;
	record[len] = 0;
	text = strchr(record, ';');
	if (!text || sscanf(record, "%*u,%*u,%llu", usec) != 1)
		return xstrdup("");
	text++;
	return xstrndup(text, strcspn(text, "\n"));
}

/**
 * kmsg_read - the kernel's messages since kmsg_open()
 * @fd: descriptor of kmsg_open(); negative: none
 *
 * Return: lines like dmesg's; free() them.
 */
char *kmsg_read(int fd)
{
	unsigned long long usec = 0;
	char *all = xstrdup("");
	char *text;

	while (fd >= 0 && (text = kmsg_next(fd, &usec))) {
		char *more = xasprintf("%s[%5llu.%06llu] %s\n", all,
				       usec / 1000000, usec % 1000000, text);

		free(all);
		free(text);
		all = more;
	}
	return all;
}

/**
 * kmsg_last_error - what rtlat said last
 * @fd: descriptor of kmsg_open(); negative: none
 *
 * Return: the newest message of rtlat since kmsg_open() without its prefix,
 * NULL when there is none; free() it.
 */
char *kmsg_last_error(int fd)
{
	unsigned long long usec = 0;
	char *last = NULL;
	char *text;

	while (fd >= 0 && (text = kmsg_next(fd, &usec))) {
		if (!strncmp(text, "rtlat: ", 7)) {
			free(last);
			last = xstrdup(text + 7);
		}
		free(text);
	}
	return last;
}
