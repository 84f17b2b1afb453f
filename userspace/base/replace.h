/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are replaced: written beside their place, put there when complete. */
#ifndef RTLAT_REPLACE_H
#define RTLAT_REPLACE_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/util.h"

/**
 * struct new_file - file under construction
 * @path: what it was called by whoever wants it
 * @place: where it goes: @path, or the file to which that leads as a link
 * @temp: where it is now; NULL: nowhere
 */
struct new_file {
	char *path;
	char *place;
	char *temp;
};

char *file_place(const char *path, struct stat *old);
int new_file_write(struct new_file *file, const char *path, const void *data, size_t len);
int new_file_commit(struct new_file *file);
void new_file_close(struct new_file *file);
int replace_file(const char *path, const void *data, size_t len);

#endif /* RTLAT_REPLACE_H */
