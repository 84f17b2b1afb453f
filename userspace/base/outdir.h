/* SPDX-License-Identifier: GPL-2.0 */
/* A folder of results: prepared beside its place, put there when complete. */
#ifndef RTLAT_OUTDIR_H
#define RTLAT_OUTDIR_H

#include "base/util.h"

/**
 * struct outdir - folder under construction: a cell's, or one of figures
 * @path: where it goes
 * @temp: where it is now
 * @name: last part of @path: a cell's id
 * @fd: the folder at @temp
 * @keeps_proof: it may take over the proof that lies at @path
 */
struct outdir {
	char *path;
	char *temp;
	char *name;
	int fd;
	bool keeps_proof;
};

int outdir_check(const char *path, const char *kind,
		 bool (*belongs)(int dirfd, const char *name, void *data), void *data,
		 struct problem *problem);
int outdir_open(struct outdir *out, const char *path,
		int (*may_replace)(const char *path, struct problem *problem));
int outdir_write(struct outdir *out, const char *name, const char *text);
int outdir_commit(struct outdir *out);
void outdir_close(struct outdir *out);

#endif /* RTLAT_OUTDIR_H */
