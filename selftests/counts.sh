#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: in short runs in which all of it occurs, every count fits every other
#
# Also what mutants of the places where the module counts are held against, one
# after the other, until the machine is no good any more:
#
# usage: counts.sh [MODULE SITES RESULTS]
#	MODULE	that takes mutant=N, see build-sites.pl
#	SITES	their list
#	RESULTS	gets a line for each: its number, killed or survived, by what
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

given=()
# a pipe from which nothing ever comes
exec {never}<> <(:)

# row_set PARAMETER... - these, and the defaults of what the row before had
row_set() {
	local word
	for word in "${given[@]}"; do
		rt_write params "${word%%=*}=" || return 1
	done
	given=()
	for word in "$@"; do
		rt_write params "$word" || return 1
		given+=("$word")
	done
	[[ " $* " != *" tasks=user "* ]] || given+=(task_kind=)
}

# quiet - wait, and start no program and read no file meanwhile: they interrupt
quiet() { read -rt 0.25 -u "$never"; }

# joins - processes for all tasks that are not joined, and that they are
joins() {
	local i
	for ((i = $(rt_status joining); i > 0; i--)); do
		rtlat task >/dev/null 2>&1 &
		pids+=($!)
	done
	for ((i = 0; i < 100; i++)); do
		[[ $(rt_status joining) -ne 0 ]] || return 0
		rt_quiet 20
	done
	return 1
}

# leaves - one process joins and goes before the run begins: its place is free
leaves() {
	local joining i
	joining=$(rt_status joining)
	rtlat task >/dev/null 2>&1 &
	for ((i = 0; i < 100 && $(rt_status joining) == joining; i++)); do
		rt_quiet 20
	done
	kill -KILL $!
	wait $! 2>/dev/null
	[[ $(rt_status joining) == "$joining" ]] || { note "$(rt_status joining) tasks to join, not $joining"; return 1; }
}

# row_run WHAT PARAMETER... - one run, with what must happen to it
row_run() {
	local what=$1 pids=() hog='' status=0 throttle
	shift
	row_set "$@" || { note "$*: $RT_ERROR"; return 1; }
	if [[ $what == hog ]]; then
		throttle=$(</proc/sys/kernel/sched_rt_runtime_us)
		if ! echo 80000 >/proc/sys/kernel/sched_rt_runtime_us || ! echo 100000 >/proc/sys/kernel/sched_rt_period_us; then
			note "sched_rt_runtime_us and sched_rt_period_us do not take 80000 and 100000"
			status=1
		fi
		while :; do :; done &
		hog=$!
	fi
	rt_try rt_control start || { note "$*: $RT_ERROR"; status=1; }
	if [[ $status -eq 0 && " $* " == *" tasks=user "* ]]; then
		# two places of which one is given back, so that it does not begin
		[[ $what != left ]] || leaves || status=1
		joins || status=1
	fi
	case $what in
	frozen)
		rt_quiet 150
		kill -STOP "${pids[@]}"
		rt_quiet 100
		rt_control stop
		kill -CONT "${pids[@]}"
		;;
	stopped)
		rt_quiet 100
		rt_control stop
		;;
	*) quiet ;;
	esac
	[[ $status -ne 0 ]] || rt_wait || status=1
	[[ $status -eq 0 ]] || rt_control stop
	[[ ${#pids[@]} -eq 0 ]] || wait "${pids[@]}"
	if [[ -n $hog ]]; then
		kill "$hog"
		wait "$hog" 2>/dev/null
		echo 1000000 >/proc/sys/kernel/sched_rt_period_us
		echo "$throttle" >/proc/sys/kernel/sched_rt_runtime_us
	fi
	return "$status"
}

# row LINE - run it, and hold what was counted against each other
row() {
	local name where what want parameters instance=$RT_TRACEFS/instances/rtlat_counts load=0 end=complete taken=0 status
	IFS='|' read -r name where what want parameters <<<"$1"
	[[ $parameters != *exec_us=* || $what == hog || ${RTLAT_CLOCK:-} != instructions ]] || load=1
	[[ $what != frozen && $what != stopped ]] || end=stopped
	[[ $what != hog ]] || taken=1
	read -ra parameters <<<"$parameters"
	[[ $where != insn ]] || parameters+=(cpus=0)
	echo "$taken" >"$instance/events/sched/sched_switch/enable"
	echo >"$instance/trace"
	row_run "$what" "${parameters[@]}"
	status=$?
	echo 0 >"$instance/events/sched/sched_switch/enable"
	[[ $status -eq 0 ]] || return 1
	runs=$((runs + 1))
	cat "$instance/trace" >"$RT_TMP/trace"
	awk -v end="$end" -v number="$runs" -v want="$want" -v load="$load" -v taken="$taken" -f "$RT_HERE/counts.awk" \
		"$RT_DEBUGFS"/{status,params,ledger,summary,histograms,tasks,outliers} "$RT_TMP/trace"
}

# instance - where the trace goes
instance() {
	local instance=$RT_TRACEFS/instances/rtlat_counts
	mkdir "$instance" || return 1
	RT_INSTANCES+=("$instance")
	echo 4096 >"$instance/buffer_size_kb"
	echo 1 >"$instance/events/rtlat/enable"
}

# mutant N - which row notices it
mutant() {
	local i
	given=() runs=0
	echo "$1" >"$results.now"
	insmod "$module" "mutant=$1" || { by="it does not load"; return 1; }
	instance || return 2
	for i in "${!rows[@]}"; do
		by=${rows[i]%%|*}
		echo "$1 $by" >"$results.now"
		row "${rows[i]}" >"$RT_TMP/why" 2>&1 || { by+=": $(grep -m 1 '^#' "$RT_TMP/why")"; return 1; }
	done
	by=''
}

# leave - the module is gone and all is well
leave() {
	local i pid
	rmmod rtlat &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		rt_quiet 50
	done
	[[ ! -d /sys/module/rtlat ]] || return 1
	rmdir "$RT_TRACEFS/instances/rtlat_counts" || return 1
	RT_INSTANCES=()
	[[ -z $(rt_splats) ]]
}

# mutants SITES RESULTS
mutants() {
	local n results=$2 status by
	while IFS=$'\t' read -r n _; do
		! grep -q "^$n"$'\t' "$results" || continue
		mutant "$n"
		status=$?
		[[ $status -lt 2 ]] || exit 1
		if [[ $status -eq 1 ]]; then
			printf '%s\tkilled\t%s\n' "$n" "$by" >>"$results"
			sync "$results"
		fi
		# a machine that is spoilt counts, and is not used any more
		if ! leave; then
			[[ $status -eq 1 ]] || printf '%s\tkilled\tthe kernel\n' "$n" >>"$results"
			sync "$results"
			exit 3
		fi
		[[ $status -eq 1 ]] || printf '%s\tsurvived\t\n' "$n" >>"$results"
	done <"$1"
	rm -f "$results.now"
}

need_module
command -v rtlat >/dev/null || skip_all "the rtlat command is not in PATH"
where=insn
[[ ${RTLAT_CLOCK:-} == instructions ]] || where=smp
[[ $where == insn || $(rt_cpus) -ge 4 ]] || skip_all "needs 4 CPUs, or a clock that counts instructions (RTLAT_CLOCK=instructions)"
mapfile -t rows < <(sed -e '/^#/d' -e '/^$/d' -e 's/ *| */|/g' "$RT_HERE/counts" | awk -F '|' -v where="$where" '$2 == where')
[[ ${#rows[@]} -gt 0 ]] || give_up "the file counts has no rows for this machine"
if [[ $# -eq 3 ]]; then
	module=$1
	: >>"$3"
	mutants "$2" "$3"
	exit 0
fi
rt_load || give_up "the module does not load"
rt_run mode=timer cpus=0 count=1 || give_up "a run of one release failed"
runs=1
# periods and bounds are those of a kernel that can be used for measuring
[[ $where == smp || $(rt_status serve_cost_ns) -lt 15000 ]] ||
	skip_all "serving a release costs $(rt_status serve_cost_ns) ns here, more than 15000"
rt_reset
plan ${#rows[@]}
instance || give_up "no trace instance"
for line in "${rows[@]}"; do
	check "${line%%|*}: every count fits every other" row "$line"
done
finish
