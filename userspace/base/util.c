// SPDX-License-Identifier: GPL-2.0
/* Messages, memory, numbers and time. */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/util.h"
#include "module/pure.h"

static atomic_int stop_signal;

/* Bytes of the control character that a text begins with: one of C1 is two in UTF-8. */
static size_t control_len(const char *text)
{
	if (iscntrl((unsigned char)*text))
		return 1;
	return (unsigned char)text[0] == 0xc2 &&
	       (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] < 0xa0 ? 2 : 0;
}

/* Words of bad files are shown: they must not break the line or steer a terminal. */
static void clean(char *text)
{
	for (; *text; text++)
		if (control_len(text))
			memset(text, '?', control_len(text));
}

/**
 * is_plain - can a text be shown as it is?
 * @text: the text
 *
 * Return: true when no control character is in it.
 */
bool is_plain(const char *text)
{
	for (; *text; text++)
		if (control_len(text))
			return false;
	return true;
}

/**
 * is_file_name - can a text be the name of a file or a folder, and be shown?
 * @text: the text
 *
 * Return: true when it is one part of a path that leads nowhere else.
 */
bool is_file_name(const char *text)
{
	return *text && !strchr(text, '/') && strcmp(text, ".") &&
	       strcmp(text, "..") && is_plain(text);
}

/* Where a character of UTF-8 begins: there a text may be cut. */
static bool is_start(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

/* What is wrong stands behind what is long, a path or a word: both ends are kept. */
static void shorten(char *to, size_t size, const char *text)
{
	static const char gap[] = " ... ";
	const size_t len = strlen(text), half = (size - sizeof(gap)) / 2;
	size_t head = half;
	const char *tail = text + len - half;

	if (len < size) {
		memcpy(to, text, len + 1);
		return;
	}
	while (head && !is_start(text[head]))
		head--;
	while (!is_start(*tail))
		tail++;
	memcpy(to, text, head);
	memcpy(to + head, gap, sizeof(gap));
	strcat(to, tail);
}

static _Noreturn void no_memory(void)
{
	fputs("rtlat: out of memory\n", stderr);
	exit(1);
}

/**
 * problem_set - say what went wrong
 * @problem: receives the text, unless it already holds one; may be NULL
 * @fmt: printf format
 *
 * The first problem is the cause; what follows from it is not kept.
 *
 * Return: -EINVAL, for the caller to pass on.
 */
int problem_set(struct problem *problem, const char *fmt, ...)
{
	va_list args;
	char *text;
	int ret;

	if (!problem || problem->text[0])
		return -EINVAL;
	va_start(args, fmt);
	ret = vasprintf(&text, fmt, args);
	va_end(args);
	if (ret < 0)
		no_memory();
	shorten(problem->text, sizeof(problem->text), text);
	free(text);
	clean(problem->text);
	return -EINVAL;
}

/**
 * complain - print one line of error
 * @fmt: printf format, without "rtlat:" and newline
 */
void complain(const char *fmt, ...)
{
	va_list args;
	char *text;
	int ret;

	va_start(args, fmt);
	ret = vasprintf(&text, fmt, args);
	va_end(args);
	fflush(stdout);
	if (ret < 0)
		no_memory();
	clean(text);
	fprintf(stderr, "rtlat: %s\n", text);
	free(text);
}

/**
 * xcalloc - zeroed memory, or the end of the program
 * @nr: elements
 * @size: bytes of one
 *
 * Return: the memory.
 */
void *xcalloc(size_t nr, size_t size)
{
	void *ptr = calloc(nr ? nr : 1, size ? size : 1);

	if (!ptr)
		no_memory();
	return ptr;
}

/**
 * xrealloc - grow memory, or end the program
 * @ptr: as for realloc()
 * @size: bytes
 *
 * Return: the memory.
 */
void *xrealloc(void *ptr, size_t size)
{
	void *grown = realloc(ptr, size ? size : 1);

	if (!grown)
		no_memory();
	return grown;
}

/**
 * xstrdup - copy of a string, or the end of the program
 * @text: string; NULL gives NULL
 *
 * Return: the copy.
 */
char *xstrdup(const char *text)
{
	return text ? xstrndup(text, strlen(text)) : NULL;
}

/**
 * xstrndup - copy of the start of a string, or the end of the program
 * @text: bytes
 * @len: how many
 *
 * Return: the copy, NUL-terminated.
 */
char *xstrndup(const char *text, size_t len)
{
	char *copy = xcalloc(1, len + 1);

	memcpy(copy, text, len);
	return copy;
}

/**
 * xasprintf - formatted string of any length, or the end of the program
 * @fmt: printf format
 *
 * Return: the string; free() it.
 */
char *xasprintf(const char *fmt, ...)
{
	va_list args;
	char *text;
	int ret;

	va_start(args, fmt);
	ret = vasprintf(&text, fmt, args);
	va_end(args);
	if (ret < 0)
		no_memory();
	return text;
}

/**
 * parse_u64 - read a whole string as an unsigned decimal number
 * @text: digits only
 * @value: receives the number
 *
 * Return: 0, -EINVAL when it is no such number, -ERANGE when it is too large.
 */
int parse_u64(const char *text, uint64_t *value)
{
	uint64_t sum = 0;

	if (!text || !*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum))
			return -ERANGE;
	}
	*value = sum;
	return 0;
}

/**
 * is_one_of - is a text in a list?
 * @text: the text
 * @words: the list, ended by NULL
 *
 * Return: true when it is.
 */
bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return true;
	return false;
}

/**
 * process_alive - is there a process of this number?
 * @pid: the number; 0 or less is none's
 */
bool process_alive(pid_t pid)
{
	return pid > 0 && (!kill(pid, 0) || errno == EPERM);
}

static void note_signal(int signal)
{
	stop_signal = signal;
}

/**
 * catch_stop_signals - let SIGINT, SIGTERM and SIGHUP only be noted
 *
 * System calls are interrupted; the caller asks stop_wanted() and cleans up.
 */
void catch_stop_signals(void)
{
	struct sigaction action = { .sa_handler = note_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/**
 * stop_wanted - was the program asked to end?
 *
 * Return: true once a signal of catch_stop_signals() has come.
 */
bool stop_wanted(void)
{
	return stop_signal != 0;
}

/**
 * sleep_ms - sleep, unless the program is asked to end
 * @ms: milliseconds
 */
void sleep_ms(unsigned int ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000L };

	while (!stop_wanted() && nanosleep(&left, &left) && errno == EINTR)
		;
}

/**
 * now_ns - the monotonic clock
 *
 * Return: nanoseconds.
 */
uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}
