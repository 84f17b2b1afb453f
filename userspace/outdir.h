/* SPDX-License-Identifier: GPL-2.0 */
/* A cell's folder: prepared beside its place, put there when complete. */
#ifndef RTLAT_OUTDIR_H
#define RTLAT_OUTDIR_H

#include "util.h"

/**
 * struct outdir - folder under construction
 * @path: where it goes
 * @temp: where it is now
 * @name: last part of @path: the cell's id
 * @fd: the folder at @temp
 */
struct outdir {
	char *path;
	char *temp;
	char *name;
	int fd;
};

int outdir_open(struct outdir *out, const char *path);
int outdir_write(struct outdir *out, const char *name, const char *text);
int outdir_commit(struct outdir *out);
void outdir_close(struct outdir *out);

#endif /* RTLAT_OUTDIR_H */
