#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: the wall clock is set during a run: nothing changes
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

metrics=(event_latency release_latency release_overhead wake_gap sched_overhead cxs_overhead start_gap thread_latency arm_overhead)

# spoilt - samples that ended before they began, or as long as the leap
spoilt() {
	awk '/ nonmonotonic=/ { sub(/.* nonmonotonic=/, ""); n += $1 }
		match($0, / max=[0-9]+/) && substr($0, RSTART + 5, RLENGTH - 5) + 0 >= 3600e9 { n++ }
		END { print n + 0 }' "$RT_DEBUGFS/ledger" "$RT_DEBUGFS/summary"
}

# same METRIC - its median is, to 2 % and 200 ns
same() {
	local by=$((set[$1] - plain[$1]))
	note "$1: ${plain[$1]} ns, with the clock set ${set[$1]} ns"
	[[ ${by#-} -le $((plain[$1] / 50 + 200)) ]]
}

need_module
# not on a machine whose clock others rely on
[[ ${RTLAT_HOST:-} == emulated || ${RTLAT_SETTIME:-0} == 1 ]] || skip_all "sets the clock: only with RTLAT_SETTIME=1"
declare -A plain set
# on the instruction clock time leaps while a program is loaded: long enough for three
count=200
[[ ${RTLAT_CLOCK:-} != instructions ]] || count=4000
run=(mode=timer cpus=0 period_us=5000 "count=$count")
# path lengths can be compared; times on a machine with a life of its own cannot
compared=()
[[ ${RTLAT_CLOCK:-} != instructions ]] || compared=("${metrics[@]}")
plan $((9 + ${#compared[@]}))
rt_load || give_up "the module does not load"
check "a run without" eval 'rt_run "${run[@]}" && rt_medians plain "${metrics[@]}"'
now=$(date +%s)
check "runs" eval 'rt_reset && rt_set "${run[@]}" && rt_try rt_control start && rt_wait_done 10'
check "the clock goes back a day, and forth two" eval '{ date -s "@$((now - 86400))" && date -s "@$((now + 86400))" && date -s "@$now"; } >/dev/null'
check "the run was in the middle" test "$(rt_status state)" = running
check "the run ends" rt_wait
check_eq "the run is complete" "$(rt_status end) $(rt_status "done")" "complete $count"
check_eq "no sample is spoilt" "$(spoilt)" 0
check "no release is missing" rt_attempted thread_latency $count
check "every ledger closes" rt_closes
rt_medians set "${metrics[@]}" || give_up "a metric has no samples"
for metric in "${compared[@]}"; do
	check_steady "$metric is what it was" same "$metric"
done
finish
