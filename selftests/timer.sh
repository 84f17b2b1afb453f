#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: mode=timer: every metric alive, ledgers close, attempts are the releases asked for
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# all metrics whose attempts are the expiries of the schedule
all_attempted() {
	local metric
	for metric in $RT_EXPIRY_METRICS; do
		rt_attempted "$metric" "$1" || return 1
	done
}

need_module
count=100
plan $((4 * 6 + 6))

rt_load || give_up "the module does not load"
for arm in job callback; do
	for tasks in 1 4; do
		what="arm=$arm tasks=$tasks"
		exec_us=500
		[[ $tasks -eq 1 ]] || exec_us=300,400,500,600
		check "$what: runs" rt_run mode=timer arm="$arm" tasks="$tasks" period_us=10000 exec_us="$exec_us" count="$count"
		check_eq "$what: is complete" "$(rt_status end) $(rt_status "done")" "complete $(rt_status total)"
		check "$what: every ledger closes" rt_closes
		check "$what: attempted is count times tasks on every CPU" all_attempted $((count * tasks))
		# shellcheck disable=SC2086
		if [[ $arm == job ]]; then
			check "$what: every metric is alive" rt_alive $RT_EXPIRY_METRICS sched_overhead cxs_overhead arm_overhead
		else
			check "$what: every metric is alive" rt_alive $RT_EXPIRY_METRICS sched_overhead cxs_overhead
		fi
		check "$what: the steps sum to the whole" rt_sums
		if [[ $tasks -eq 4 ]]; then
			check "$what: jobs have queued" test "$(rt_samples thread_latency kept_queued)" -gt 0
			check "$what: switches from jobs that are done are apart" test "$(rt_samples sched_overhead kept_blocked)" -gt 0
			check "$what: no queued sample elsewhere" test "$(awk '$3 ~ /_queued$/ && $2 !~ /=(thread_latency|wake_gap)$/' "$RT_DEBUGFS/summary" | wc -l)" -eq 0
		fi
	done
done
finish
