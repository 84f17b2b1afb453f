/* SPDX-License-Identifier: GPL-2.0 */
/* Messages, memory and files. */
#ifndef RTLAT_UTIL_H
#define RTLAT_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct problem - why a pure function failed, as one line of text
 * @text: empty while nothing went wrong
 */
struct problem {
	char text[1024];
};

__attribute__((format(printf, 2, 3)))
int problem_set(struct problem *problem, const char *fmt, ...);

__attribute__((format(printf, 1, 2)))
void complain(const char *fmt, ...);

bool is_plain(const char *text);
bool is_file_name(const char *text);

void *xcalloc(size_t nr, size_t size);
void *xrealloc(void *ptr, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
__attribute__((format(printf, 1, 2)))
char *xasprintf(const char *fmt, ...);

int parse_u64(const char *text, uint64_t *value);
bool is_one_of(const char *text, const char *const *words);

char *read_fd_text(int fd, size_t *len);
char *read_text(const char *path, size_t *len);
char *read_lines(const char *path, struct problem *problem);
char *read_word(const char *path);
int write_all(int fd, const void *data, size_t len);
int write_text_at(int dirfd, const char *dir, const char *name,
		  const void *data, size_t len);
bool is_folder(const char *path);
bool is_file_at(int dirfd, const char *name);
char *file_or_in_folder(const char *path, const char *name);
int make_parents(const char *path);
int remove_tree(const char *path);

bool process_alive(pid_t pid);
void catch_stop_signals(void);
bool stop_wanted(void);
void sleep_ms(unsigned int ms);
uint64_t now_ns(void);

#endif /* RTLAT_UTIL_H */
