/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure files may use. They are compiled into the module and, for the
 * tools and the unit tests, into userspace; nothing else may be included by
 * them.
 */
#ifndef RTLAT_PURE_H
#define RTLAT_PURE_H

#include "uapi/rtlat.h"

#ifdef __KERNEL__

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#define rtlat_fls64(x)	((unsigned int)fls64(x))

#else

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define rtlat_fls64(x)	(64U - (unsigned int)__builtin_clzll(x))
#define scnprintf	rtlat_scnprintf

/* The kernel's scnprintf(): returns what was really written. */
__attribute__((format(printf, 3, 4)))
int rtlat_scnprintf(char *buf, size_t size, const char *fmt, ...);

#endif /* __KERNEL__ */
#endif /* RTLAT_PURE_H */
