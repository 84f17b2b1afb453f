/* SPDX-License-Identifier: GPL-2.0 */
/* The seal behind the last page of a trace.dat that we wrote. Pure. */
#ifndef RTLAT_CHECKSUM_H
#define RTLAT_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* "rtlat-crc32 0123abcd\n" and NULs; readers of trace.dat ignore it. */
#define SEAL_LEN	24
#define SEAL_WORD	"rtlat-crc32 "

uint32_t crc32_add(uint32_t crc, const void *data, size_t len);
uint32_t crc32_join(uint32_t crc, uint32_t next, uint64_t len);
void seal_make(char seal[SEAL_LEN], uint32_t crc);

#endif /* RTLAT_CHECKSUM_H */
