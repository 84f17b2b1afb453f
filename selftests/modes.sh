#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: every mode with every way to arm, policy and kind of task: every metric alive, ledgers close
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# run_point NAME=VALUE... - to its end; its processes, if its tasks are some, too
run_point() {
	rt_run "$@" || return 1
	rt_tasks_end
	[[ $(rt_status end) == complete ]]
}

# alive ARM - all metrics that it has
alive() {
	local metrics="$RT_EXPIRY_METRICS sched_overhead cxs_overhead"
	[[ $1 != job ]] || metrics+=' arm_overhead'
	# shellcheck disable=SC2086
	rt_alive $metrics
}

need_module
kinds=(kthread)
last=$(($(rt_cpus) > 1))
if command -v rtlat >/dev/null; then kinds+=(user); fi
plan $((4 * 2 * 2 * 2 * 2))
rt_load || give_up "the module does not load"
for mode in "timer tasks=2 period_us=10000,15000 exec_us=200" "taskset tasks_per_cpu=2 period_percent=20"; do
	for arm in job callback; do
		for policy in fifo deadline; do
			for kind in kthread user; do
				what="mode=${mode%% *} arm=$arm policy=$policy task_kind=$kind"
				read -ra words <<<"mode=$mode arm=$arm policy=$policy task_kind=$kind cpus=0-$last count=12"
				if [[ " ${kinds[*]} " != *" $kind "* ]]; then
					for result in runs "every ledger closes" "every metric is alive" "the steps sum to the whole"; do
						skip "$what: $result" "the rtlat command is not in PATH"
					done
					continue
				fi
				check "$what: runs" run_point "${words[@]}"
				check "$what: every ledger closes" rt_closes
				check "$what: every metric is alive" alive "$arm"
				check "$what: the steps sum to the whole" rt_sums
			done
		done
	done
done
finish
