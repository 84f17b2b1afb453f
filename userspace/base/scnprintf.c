// SPDX-License-Identifier: GPL-2.0
/* What the module's pure files need of the kernel. */

#include <stdarg.h>

#include "module/pure.h"

/* The kernel's scnprintf(), for the pure files of the module. */
int rtlat_scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int ret;

	if (!size)
		return 0;
	va_start(args, fmt);
	ret = vsnprintf(buf, size, fmt, args);
	va_end(args);
	if (ret < 0)
		return 0;
	return (size_t)ret < size ? ret : (int)size - 1;
}
