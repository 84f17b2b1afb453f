#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: recount.sh [CASE...]
# description: attempts and times of runs counted and measured again from the kernel's own events are equal
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# case | parameters of a run | what must have happened in it: METRIC LINE, or resumed
cases=(
	"job|mode=timer cpus=0 arm=job period_us=1000 count=200|event_latency kept"
	"skipped|mode=timer cpus=0 arm=job period_us=1000 exec_us=990 count=100|event_latency skipped"
	"overrun|mode=timer cpus=0 arm=callback period_us=1000 exec_us=990 count=400|thread_latency overrun"
	"tasks|mode=timer cpus=0 arm=callback tasks=3 period_us=1000,2000,3000 exec_us=100,500,700 count=100|resumed"
	"together|mode=timer cpus=0 arm=callback tasks=3 period_us=1000,7000,20000 exec_us=100,600,4000 count=40 trace_per=job|resumed"
	"taskset|mode=taskset cpus=0 distribution=medium-uniform tasks_per_cpu=4 seed=1 period_percent=10 count=60|resumed"
	"deadline|mode=taskset cpus=0 policy=deadline distribution=medium-uniform tasks_per_cpu=4 seed=1 period_percent=10 count=60|resumed"
	"user|mode=taskset cpus=0 task_kind=user distribution=medium-bimodal tasks_per_cpu=3 seed=2 period_percent=10 count=60|resumed"
	"ipi|mode=ipi cpus=0 ipi_kind=self count=100|ipi_latency kept"
)

# happened WHAT... - METRIC LINE is not 0; resumed: more switches than releases
happened() {
	if [[ $1 == resumed ]]; then
		[[ $(rt_ledger sched_overhead attempted) -gt $(rt_status total) ]]
	else
		[[ $(rt_ledger "$1" "$2") -gt 0 ]]
	fi
}

# recounted FILE... - both views agree, and few of the counts are in doubt
recounted() {
	local status=0
	rtlat recount "${distance[@]}" "$@" >"$RT_TMP/said" 2>&1 || status=$?
	sed -nE 's/^([0-9]+ counts, |rtlat: |.*(DIFFERS|TOO FAR)$)/# &/p' "$RT_TMP/said"
	[[ $status -eq 0 ]] && awk -v percent="$doubt_percent" '$3 == "attempted" && $NF == "equal" { all += $5; doubt += $6; n++ }
		END { print "# " doubt + 0 " of " all + 0 " counted in doubt"; exit !(n && doubt * 100 <= all * percent) }' "$RT_TMP/said"
}

# no_raw - a trace without the kernel's events: one line, and that
no_raw() {
	local status=0
	rtlat run --trace --out "$RT_TMP/cell" mode=timer cpus=0 count=20 >"$RT_TMP/log" 2>&1 || return 1
	rtlat recount "$RT_TMP/cell" >"$RT_TMP/said" 2>&1 || status=$?
	[[ $status -eq 1 && $(wc -l <"$RT_TMP/said") -eq 1 && $(<"$RT_TMP/said") == *--raw* ]]
}

# stopped - recorded by itself, and stopped with a release programmed
stopped() {
	rt_reset && rt_set mode=timer cpus=0 period_us=1000 || return 1
	rtlat record --raw -o "$RT_TMP/trace.dat" -- bash -c "echo start >$RT_DEBUGFS/control; sleep 0.3; echo stop >$RT_DEBUGFS/control" \
		>"$RT_TMP/log" 2>&1
}

# with_trace_cmd - its own file of the same events
with_trace_cmd() {
	rt_reset && rt_set mode=timer cpus=0 period_us=1000 count=100 || return 1
	trace-cmd record -q -C mono -b 8192 -o "$RT_TMP/trace.dat" -e rtlat -e sched:sched_switch -e sched:sched_waking -e irq_vectors:local_timer_entry \
		-e timer:hrtimer_start -e timer:hrtimer_expire_entry -e timer:hrtimer_expire_exit \
		bash -c "echo start >$RT_DEBUGFS/control; sleep 0.5" >"$RT_TMP/log" 2>&1 && rt_wait
}

need_module
command -v rtlat >/dev/null || skip_all "the rtlat command is not in PATH"
[[ -d $RT_TRACEFS/instances ]] || skip_all "the kernel has no trace instances"
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a clock that counts instructions (RTLAT_CLOCK=instructions)"
# the kernel's own records lie between, which are some 300 to 440 instructions
distance=(--distance 600) doubt_percent=1
# what one job does to another is a matter of a few us
declare -A steadily=([resumed]=_steady)
# a recorded event takes thousands of instructions there, and so does a job's end
! rt_watched || distance=(--distance 50000) doubt_percent=5
wanted=()
for row in "${cases[@]}"; do
	[[ $# -gt 0 && " $* " != *" ${row%%|*} "* ]] || wanted+=("$row")
done
[[ ${#wanted[@]} -gt 0 ]] || give_up "$*: no such case"
plan $((3 * ${#wanted[@]} + ($# ? 0 : 6)))
rt_load || give_up "the module does not load"

for row in "${wanted[@]}"; do
	IFS='|' read -r name parameters what <<<"$row"
	if [[ $name == overrun ]] && rt_watched; then
		# its jobs never sleep there
		skip "$name: runs with $parameters" "no time is left beside 99 %: $RT_WATCHED"
		skip "$name: $what" "see above"
		skip "$name: counts and times again" "see above"
		continue
	fi
	# words on purpose, here and below
	# shellcheck disable=SC2086
	check "$name: runs with $parameters" eval 'rtlat run --trace --raw --out "$RT_TMP/cell" $parameters >"$RT_TMP/log" 2>&1 || { sed "s/^/# /" "$RT_TMP/log"; false; }'
	# shellcheck disable=SC2086
	"check${steadily[$what]:-}" "$name: $what" happened $what
	check "$name: counts and times again" recounted "$RT_TMP/cell"
done
if [[ $# -eq 0 ]]; then
	check "stopped: recorded beside the run" stopped
	check_eq "stopped: one release was cancelled" "$(rt_status end) $(rt_ledger event_latency cancelled)" "stopped 1"
	check "stopped: counts and times again" recounted "$RT_TMP/trace.dat"
	if command -v trace-cmd >/dev/null; then
		check "a file of trace-cmd" with_trace_cmd
		check "a file of trace-cmd: counts and times again" recounted "$RT_TMP/trace.dat"
	else
		skip "a file of trace-cmd" "trace-cmd is not installed"
		skip "a file of trace-cmd: counts and times again" "trace-cmd is not installed"
	fi
	check "a trace without them is refused, and why" no_raw
fi
finish
