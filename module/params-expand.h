/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Expands params.def with the RTLAT_PARAM_* macros that the including file
 * defined, then forgets them. Included many times on purpose.
 */
#include "params.def"

#undef RTLAT_PARAM_ENUM
#undef RTLAT_PARAM_NUM
#undef RTLAT_PARAM_LIST
#undef RTLAT_PARAM_CPUS
