#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: a CPU goes offline during a run: its part ends and says so, the others' go on; offline refused: the run ends all the same
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

offline() {
	RT_OFFLINED+=("$1")
	echo 0 >"/sys/devices/system/cpu/cpu$1/online"
}

# other CPUs than the first in the ledger have all their attempts
others_complete() {
	awk -v gone="cpu=$1" -v metric="metric=$2" -v want="attempted=$3" '$1 != gone && $2 == metric {
		seen = 1; if ($3 != want) { print "# not " want ": " $0; bad = 1 } } END { exit bad || !seen }' "$RT_DEBUGFS/ledger"
}

# The kernel does not give a CPU away when what is reserved for SCHED_DEADLINE would not
# fit on the others. 6.1 says so after it has moved threads away.
reserve() {
	local i
	for ((i = 0; i < $(rt_cpus); i++)); do
		chrt -d -T 900000000 -P 1000000000 0 sleep 600 &
		reserved+=($!)
	done
	rt_quiet 500
	for i in "${reserved[@]}"; do
		kill -0 "$i" 2>/dev/null || return 1
	done
}

unreserve() {
	kill "${reserved[@]}" 2>/dev/null
	wait "${reserved[@]}" 2>/dev/null
	reserved=()
}

# refused - CPU 1 is asked to go until the run is over, and stays
refused() {
	local tries
	for ((tries = 0; tries < 600; tries++)); do
		! { echo 0 >/sys/devices/system/cpu/cpu1/online; } 2>/dev/null || return 1
		rt_read_status
		[[ ${RT_STATUS[state]:-} == running ]] || break
		rt_quiet 20
	done
	[[ ${RT_STATUS[state]:-} == "done" && $tries -gt 0 ]]
}

need_module
[[ -w /sys/devices/system/cpu/cpu1/online ]] || skip_all "CPU 1 cannot be taken offline"
[[ $(</sys/devices/system/cpu/cpu1/online) == 1 ]] || skip_all "CPU 1 is not online"
count=200
points=("mode=timer arm=job period_us=10000" "mode=timer arm=callback tasks=2 exec_us=500 period_us=20000")
refusals=("${points[@]}")
[[ $(rt_cpus) -lt 3 ]] || points+=("mode=ipi ipi_kind=call_single interval_us=10000" "mode=ipi ipi_kind=call_many interval_us=10000")
points+=("mode=ipi ipi_kind=self interval_us=10000")
plan $((${#points[@]} * 7 + ${#refusals[@]} * 3))

rt_load || give_up "the module does not load"
for point in "${points[@]}"; do
	read -ra words <<<"$point"
	metric=thread_latency tasks=1
	[[ $point != mode=ipi* ]] || metric=ipi_latency
	[[ $point != *tasks=2* ]] || tasks=2
	check "$point: runs" eval 'rt_reset && rt_set "${words[@]}" count=$count && rt_try rt_control start && rt_wait_done 20'
	check "$point: CPU 1 goes offline" offline 1
	check "$point: the run ends" rt_wait
	check_eq "$point: and says why" "$(rt_status end)" offline
	check "$point: every ledger closes" rt_closes
	check "$point: CPU 1 was in the middle" test "$(rt_ledger $metric attempted 1)" -lt $((count * tasks))
	check "$point: the others' part is complete" others_complete 1 $metric $((count * tasks))
	echo 1 >/sys/devices/system/cpu/cpu1/online
done

reserved=()
for point in "${refusals[@]}"; do
	if ! command -v chrt >/dev/null || ! reserve; then
		unreserve
		for what in "offline is refused, the run ends" "every ledger closes" "the steps sum to the whole"; do
			skip "$point: $what" "no process of SCHED_DEADLINE can be had (chrt -d)"
		done
		continue
	fi
	read -ra words <<<"$point"
	rt_reset
	rt_set "${words[@]}" count=$count
	rt_try rt_control start
	check "$point: offline is refused, the run ends" refused
	unreserve
	note "$point: end=$(rt_status end)"
	check "$point: every ledger closes" rt_closes
	check "$point: the steps sum to the whole" rt_sums
done
finish
