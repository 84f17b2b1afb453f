#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: every preemption model: the run says which, every metric is alive, ledgers close
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

SWITCH=/sys/kernel/debug/sched/preempt

# every_metric MODEL - a run of jobs that preempt each other
every_metric() {
	check "$1: runs" rt_run mode=timer arm=job tasks=2 period_us=5000,7000 exec_us=200,1000 count=60
	check_eq "$1: the run says so" "$(rt_status preempt) $(rt_status end)" "$1 complete"
	check "$1: every ledger closes" rt_closes
	# shellcheck disable=SC2086
	check "$1: every metric is alive" rt_alive $RT_EXPIRY_METRICS sched_overhead cxs_overhead arm_overhead
	check "$1: the steps sum to the whole" rt_sums
}

# without_end MODEL - jobs as long as their period, back to back: a release has come whenever
# one is over, and nothing but the kernel's own throttling leaves time to others
without_end() {
	check "$1: jobs as long as their period" eval 'rt_reset && rt_set mode=timer arm=callback cpus=0 period_us=5000 exec_us=4999 && rt_try rt_control start'
	sleep 1
	check "$1: leave others some time" rt_try rt_control stop
	check_eq "$1: and end when they are told to" "$(rt_status end)" stopped
}

need_module
models=() was=''
if [[ -w $SWITCH ]]; then
	# the present one is in brackets
	read -ra models <"$SWITCH"
	for i in "${!models[@]}"; do
		[[ ${models[i]} != '('* ]] || was=${models[i]//[()]/}
		models[i]=${models[i]//[()]/}
	done
fi
rt_load || give_up "the module does not load"
# PREEMPT_RT has the file of 6.12, too, and is rt whatever is in it
if [[ -z $was || $(uname -v) == *PREEMPT_RT* ]]; then
	plan 8
	rt_run mode=timer period_us=5000 count=1
	note "the model cannot be changed at run time here"
	case $(uname -v) in
	*PREEMPT_RT*) model=rt ;;
	*) model=$(rt_status preempt) ;;
	esac
	every_metric "$model"
	if [[ $model != rt ]]; then
		without_end "$model"
	else
		for what in "jobs as long as their period" "leave others some time" "and end when they are told to"; do
			skip "rt: $what" "jobs without an end keep the kernel's own threads from their CPU, which serve the timers of PREEMPT_RT"
		done
	fi
	finish
fi
plan $((8 * ${#models[@]}))
restore_model() { echo "$was" >"$SWITCH"; }
RT_UNDO=restore_model
for model in "${models[@]}"; do
	echo "$model" >"$SWITCH" || give_up "$SWITCH: $model cannot be chosen"
	every_metric "$model"
	without_end "$model"
done
finish
