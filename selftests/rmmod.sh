#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: rmmod in the middle of every mode, RTLAT_LOOPS times each (2; 100 in the long tier)
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# loaded, caught in the middle at a different moment each time, gone
in_the_middle() {
	local i
	for ((i = 0; i < loops; i++)); do
		rt_try rt_load count=0 "$@" || { note "loop $i: does not load"; return 1; }
		[[ $(rt_status state) == running ]] || { note "loop $i: is not running"; return 1; }
		rt_quiet $((RANDOM % 90 + 10))
		[[ $((i % 3)) -ne 0 ]] || : "$(<"$RT_DEBUGFS/summary")"
		rt_unload || { note "loop $i: does not unload"; return 1; }
	done
	! rt_is_loaded
}

need_module
loops=${RTLAT_LOOPS:-2}
[[ -n ${RTLAT_LOOPS:-} || ${RTLAT_LONG:-0} != 1 ]] || loops=100
cpus=$(rt_cpus)
# periods that CPUs which share one CPU of their host can keep: above that, interrupts
# are all that goes on
points=("mode=timer arm=job period_us=2000" "mode=timer arm=job tasks=4 period_us=20000 exec_us=200"
	"mode=timer arm=callback tasks=4 period_us=20000 exec_us=200"
	"mode=taskset distribution=light-uniform tasks_per_cpu=4"
	"mode=taskset distribution=light-uniform tasks_per_cpu=2 policy=deadline")
for kind in $RT_IPI_KINDS; do
	points+=("mode=ipi ipi_kind=$kind interval_us=1000")
done
plan ${#points[@]}
for point in "${points[@]}"; do
	needs=1
	[[ $point != *=resched* && $point != *=call_single* ]] || needs=2
	[[ $point != *=call_many* ]] || needs=3
	if [[ $cpus -lt $needs ]]; then
		skip "$loops times: $point" "needs $needs CPUs, there are $cpus"
		continue
	fi
	read -ra words <<<"$point"
	check "$loops times: $point" in_the_middle "${words[@]}"
done
finish
