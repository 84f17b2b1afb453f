#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: on the instruction clock: a dearer clock and forced exits show where they must, and nowhere else
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

steps="event_latency release_latency release_overhead wake_gap sched_overhead cxs_overhead start_gap"
# two clock reads lie in these: the interrupt's entry and the callback's, the
# interrupt's exit and the scheduler's entry
two_reads="release_latency wake_gap"

# measure ARRAY PARAMETER... - medians of a run, and what rtlat says of its own code in
# each
measure() {
	local -n into=$1
	local metric own
	shift
	rt_run mode=timer arm=job cpus=0 count=500 "$@" || give_up "the run with '$*' failed"
	rt_closes || give_up "the ledger of the run with '$*' does not close"
	for metric in $steps thread_latency; do
		into[$metric]=$(rt_median "$metric") || give_up "$metric has no samples"
		own=$(rt_status own_cost_ps)
		[[ ,$own =~ ,$metric:([0-9]+) ]] || give_up "own_cost_ps=$own: nothing of $metric"
		into[own_$metric]=$((BASH_REMATCH[1] / 1000))
	done
	into[stamp]=$(($(rt_status stamp_cost_ps) / 1000))
	note "$*:$(for metric in stamp $steps thread_latency; do printf ' %s=%s' "$metric" "${into[$metric]}"; done)"
}

# grew METRIC TO BY - the median did, to the width of its buckets (1/64)
grew() {
	local from=${plain[$1]} to=$2 slack
	slack=$(((from + to) / 64 + 4))
	[[ $((to - from - $3)) -le $slack && $((to - from - $3)) -ge -$slack ]]
}

need_module
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a clock that counts instructions (RTLAT_CLOCK=instructions)"
! rt_watched || skip_all "medians are not equal from run to run: $RT_WATCHED"
plan 28

declare -A plain clock exits
rt_load || give_up "the module does not load"
measure plain
for metric in $steps thread_latency; do
	[[ ${plain[own_$metric]} -gt 0 && ${plain[own_$metric]} -lt ${plain[$metric]} ]] || break
	[[ $metric != thread_latency ]] || metric=''
done
check_eq "own code takes a part of each metric, but not all of it" "$metric" ''
measure clock fault_clock_insns=200
check "fault_clock_insns=200: stamp_cost grows by 200 +- 10" \
	test "$((clock[stamp] - plain[stamp] >= 190 && clock[stamp] - plain[stamp] <= 210))" -eq 1
read_ns=$((clock[stamp] - plain[stamp]))
for metric in $steps; do
	reads=1
	[[ " $two_reads " != *" $metric "* ]] || reads=2
	check "fault_clock_insns=200: $metric grows by $reads clock read(s)" grew "$metric" "${clock[$metric]}" $((reads * read_ns))
done
check "fault_clock_insns=200: thread_latency grows by those of its steps" grew thread_latency "${clock[thread_latency]}" $((8 * read_ns))
# so the corrected figures are the same
for metric in $steps thread_latency; do
	reads=1
	[[ " $two_reads " != *" $metric "* ]] || reads=2
	[[ $metric != thread_latency ]] || reads=8
	more=$((${clock[own_$metric]} - ${plain[own_$metric]} - reads * read_ns))
	check "fault_clock_insns=200: what own code takes of $metric grows by as much" test $((more >= -10 && more <= 10)) -eq 1
done

measure exits fault_exit=16
check_eq "fault_exit=16: stamp_cost does not move" "${exits[stamp]}" "${plain[stamp]}"
for metric in $steps; do
	[[ $metric != release_overhead ]] || continue
	check "fault_exit=16: $metric does not move" grew "$metric" "${exits[$metric]}" 0
done
more=$((exits[release_overhead] - plain[release_overhead]))
check "fault_exit=16: release_overhead has them, 1 to 20 instructions each" test $((more >= 16 && more <= 320)) -eq 1

rt_run mode=timer arm=job cpus=0 count=500 || give_up "the last run failed"
check_eq "without a fault, the clock costs what it did" "$(($(rt_status stamp_cost_ps) / 1000))" "${plain[stamp]}"
rt_run mode=timer cpus=0 count=50 probes=off || give_up "the run without probes failed"
check_eq "without probes, there is no own code in a metric" "$(rt_status own_cost_ps)" none
finish
