#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: on the instruction clock: the sum rule on every job, and medians that repeat
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

need_module
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a clock that counts instructions (RTLAT_CLOCK=instructions)"
count=500
metrics=(event_latency release_latency release_overhead wake_gap sched_overhead cxs_overhead start_gap thread_latency arm_overhead)
plan 13

# every_job - none is left out but those whose ledger says that a step is missing
every_job() {
	local metric missing=0 least=$count n checked
	for metric in $RT_EXPIRY_METRICS sched_overhead cxs_overhead; do
		n=$(rt_samples "$metric")
		missing=$((missing + count - n))
		[[ $n -ge $least ]] || least=$n
	done
	checked=$(rt_status sum_checked)
	note "$checked of $count jobs checked, $missing steps missing"
	[[ $checked -le $least && $checked -ge $((count - missing)) && $(rt_status sum_failed) -eq 0 ]]
}

# percent A B - |A - B| in percent of B, rounded up
percent() { echo $((($1 > $2 ? $1 - $2 : $2 - $1) * 100 / $2 + 1)); }

declare -A first second
rt_load || give_up "the module does not load"
check "runs" rt_run mode=timer arm=job cpus=0 count=$count
check "every ledger closes" rt_closes
check "attempted is count" rt_attempted thread_latency $count
check "every job with all its steps was held against the sum rule" every_job
rt_medians first "${metrics[@]}" || give_up "a metric has no samples"
rt_run mode=timer arm=job cpus=0 count=$count || give_up "no second run"
rt_medians second "${metrics[@]}" || give_up "a metric has no samples"
for metric in "${metrics[@]}"; do
	note "$metric: median ${first[$metric]} ns, then ${second[$metric]}"
	check_steady "$metric repeats within 3 %" test "$(percent "${first[$metric]}" "${second[$metric]}")" -le 3
done
finish
