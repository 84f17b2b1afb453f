// SPDX-License-Identifier: GPL-2.0
/* Instances of the trace events. */

#include "cpu.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
