#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: stop in the middle of a run; starting twice; unloading while a file is open
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

need_module
cpus=$(rt_cpus)
points=("mode=timer arm=job period_us=2000" "mode=timer arm=callback tasks=3 exec_us=100 period_us=15000")
for kind in $RT_IPI_KINDS; do
	points+=("mode=ipi ipi_kind=$kind interval_us=2000")
done
plan $((${#points[@]} * 4 + 9))

rt_load || give_up "the module does not load"
for point in "${points[@]}"; do
	needs=1
	[[ $point != *=resched* && $point != *=call_single* ]] || needs=2
	[[ $point != *=call_many* ]] || needs=3
	if [[ $cpus -lt $needs ]]; then
		for what in runs "is stopped" "every ledger closes" "was in the middle"; do
			skip "$point: $what" "needs $needs CPUs, there are $cpus"
		done
		continue
	fi
	read -ra words <<<"$point"
	check "$point: runs" eval 'rt_reset && rt_set "${words[@]}" && rt_try rt_control start && rt_wait_done 20'
	rt_control stop
	check_eq "$point: is stopped" "$(rt_status state) $(rt_status end)" "done stopped"
	check "$point: every ledger closes" rt_closes
	check "$point: was in the middle" test "$(rt_status "done")" -ge 20
done

# a run of one task on an otherwise idle CPU is stopped between two releases:
# the one that was armed is cancelled
rt_reset
rt_set mode=timer arm=job cpus=0 period_us=10000000
rt_try rt_control start
rt_quiet 200
rt_control stop
check_eq "the armed release is cancelled" "$(rt_ledger thread_latency cancelled) $(rt_ledger thread_latency attempted)" "1 2"
check "stop while idle does nothing" rt_control stop

rt_reset
rt_set mode=timer period_us=5000
rt_try rt_control start
check "starting twice is EBUSY" eval '! rt_control start && [[ $RT_ERROR == *"Device or resource busy"* ]]'
check "so is a parameter" eval '! rt_set count=5 && [[ $RT_ERROR == *"Device or resource busy"* ]]'
check_eq "the run goes on" "$(rt_status state)" running

exec 8<"$RT_DEBUGFS/ledger"
if rt_unload 2>/dev/null; then
	pass "unloading with a file open ends well"
	check "the file is dead then" eval '! read -r _ <&8'
	exec 8<&-
	pass "and closes"
else
	check_eq "unloading with a file open is refused, and the run goes on" "$(rt_status state)" running
	check "the file can still be read" eval 'read -r line <&8 && [[ $line == cpu=* ]]'
	exec 8<&-
	check "closed, the module unloads in the middle of the run" rt_unload
fi
check "a new one loads" rt_load
finish
