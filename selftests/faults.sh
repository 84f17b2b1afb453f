#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: on the instruction clock: a dearer clock and forced exits show where they must, and nowhere else
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

need_module
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a clock that counts instructions (RTLAT_CLOCK=instructions)"
steps="event_latency release_latency release_overhead wake_gap sched_overhead cxs_overhead start_gap"

# measure ARRAY PARAMETER... - medians of a run
measure() {
	local -n into=$1
	local metric
	shift
	rt_run mode=timer arm=job cpus=0 count=500 "$@" && rt_closes || return 1
	for metric in $steps thread_latency; do
		into[$metric]=$(rt_median "$metric") || return 1
	done
	into[stamp]=$(($(rt_status stamp_cost_ps) / 1000))
	note "$*: $(for metric in stamp $steps thread_latency; do printf '%s=%s ' "$metric" "${into[$metric]}"; done)"
}
rt_load
declare -A a b c
measure a
measure b fault_clock_insns=200
measure c fault_exit=16
