#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: on the instruction clock: CPU time of jobs against the kernel's own trace, deadlines, throttling
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# value of KEY in every line of the file tasks, largest
largest() { sed -n "s/.* $1=\([0-9]*\).*/\1/p" "$RT_DEBUGFS/tasks" | sort -n | tail -n 1; }

# cpu_times - by the module: of every task, the jobs that consumed least and most
# are within 2 % + 2 us of the execution time; rounded against us
cpu_times() {
	awk '
		function value(key) { match($0, " " key "=[0-9]+"); return substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 2) + 0 }
		{
			exec = value("exec_ns"); low = value("cpu_min_ns"); high = value("cpu_max_ns"); limit = exec * 0.02 + 2000
			printf "# task of %d ns: %d to %d ns in %d jobs\n", exec, low, high, value("completed")
			if (low < exec - limit || high > exec + limit || !value("completed")) bad = 1
		}
		END { exit bad || !NR }' "$RT_DEBUGFS/tasks"
}

# traced NAME=VALUE... - a run with the kernel's sched_switch in an instance of
# its own, on the clock that the module uses
traced() {
	local instance=$RT_TRACEFS/instances/rtlat_jobs
	mkdir "$instance" || return 1
	RT_INSTANCES+=("$instance")
	echo mono >"$instance/trace_clock"
	echo 16384 >"$instance/buffer_size_kb"
	echo 1 >"$instance/events/sched/sched_switch/enable"
	rt_run "$@" || return 1
	echo 0 >"$instance/tracing_on"
	cat "$instance/trace" >"$RT_TMP/trace"
	rmdir "$instance"
}

# on_cpu - by sched_switch alone: the time that each job's thread had the CPU, from
# the switch to it to the one in which it sleeps, within 2 % + 2 us of the
# execution time; some jobs were preempted in between
on_cpu() {
	awk '
		function value(key) { match($0, " " key "=[^ ]+"); return substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 2) }
		FNR == NR { name = "rtlat/" value("cpu") ":" index_of[value("cpu")]++; exec[name] = value("exec_ns") / 1000; all += value("released"); next }
		!/sched_switch:/ { next }
		{
			match($0, /[0-9]+\.[0-9]+: /); split(substr($0, RSTART, RLENGTH - 2), t, ".")
			now = (t[1] % 100000) * 1000000 + t[2]
			prev = value("prev_comm"); next_ = value("next_comm")
			if (prev in exec && prev in since) {
				had[prev] += now - since[prev]; delete since[prev]; pieces[prev]++
				if (value("prev_state") ~ /^[SD]/) {
					# what it does before its first release is short
					if (had[prev] > exec[prev] / 2) begun[prev] = 1
					if (begun[prev]) {
						jobs++; preempted += pieces[prev] > 1
						off = had[prev] - exec[prev]; if (off > worst) worst = off; if (off < least) least = off
						if (off > exec[prev] * 0.02 + 2 || -off > exec[prev] * 0.02 + 2) {
							if (bad++ < 3) print "# " prev " at " now ": had " had[prev] " us, not " exec[prev]
						}
					}
					had[prev] = 0; pieces[prev] = 0
				}
			}
			if (next_ in exec) since[next_] = now
		}
		END {
			print "# " jobs " jobs of " all ", " preempted " preempted, " bad + 0 " out of bounds; off by " least + 0 " to " worst + 0 " us"
			exit bad || !preempted || jobs != all
		}' "$RT_DEBUGFS/tasks" "$RT_TMP/trace"
}

# classes POLICY - what the kernel says the threads are scheduled as
classes() {
	local pid n=0
	for pid in $(pgrep '^rtlat/0:'); do
		[[ $(awk '{ print $41 }' "/proc/$pid/stat") -eq $1 ]] || return 1
		n=$((n + 1))
	done
	[[ $n -gt 0 ]]
}

# run_user NAME=VALUE... - a run of a second with a process for each task
run_user() { rt_begin tasks=user "$@" && rt_begun && rt_quiet 1100 && rt_wait && rt_tasks_end; }

# bandwidth - what SCHED_DEADLINE has promised to somebody
bandwidth() { awk '/total_bw/ { total += $NF } END { print total + 0 }' /sys/kernel/debug/sched/debug; }

# given_back - as much is free as was before the first run, a moment after the last
# (or more: 6.12 forgets its fair server's, once that had to do something)
given_back() {
	local i
	for ((i = 0; i < 100; i++)); do
		[[ $(bandwidth) -gt $promised ]] || return 0
		rt_quiet 20
	done
	note "$(bandwidth) of 1048576 promised, not $promised"
	return 1
}

# hog - something of the lowest class that is always ready
hog() {
	taskset -c 0 bash -c 'while :; do :; done' &
	hog=$!
}

need_module
command -v rtlat >/dev/null || skip_all "the rtlat command is not in PATH"
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a clock that counts instructions (RTLAT_CLOCK=instructions)"
! rt_watched || skip_all "jobs do not take their execution time and 2 %: $RT_WATCHED"
plan 29
promised=$(bandwidth)
throttle=$(</proc/sys/kernel/sched_rt_runtime_us)
set=(mode=taskset cpus=0 distribution=medium-bimodal tasks_per_cpu=5 period_percent=10)
long=(mode=timer arm=callback cpus=0 tasks=3 "period_us=5000,11000,23000" "exec_us=1000,2500,7000")

rt_load || give_up "the module does not load"
check "three tasks that preempt each other run" traced "${long[@]}" count=200
check "CPU time by the module" cpu_times
check "CPU time by the kernel's trace" on_cpu

check "a set above the bound of Liu and Layland runs" rt_run "${set[@]}" duration_ms=1000
check "CPU time of each of its tasks" cpu_times
check "under SCHED_FIFO it misses deadlines" test "$(rt_status missed)" -gt 0
check "by a time that is said" test "$(largest tardiness_max_ns)" -gt 0
check "every ledger closes" rt_closes
check_eq "nothing was throttled" "$(rt_status throttled)" 0

check "starts under SCHED_DEADLINE" eval 'rt_reset && rt_set "${set[@]}" policy=deadline count=0 && rt_try rt_control start'
check "and the kernel says so" classes 6
rt_control stop
# a file read by a test, an interrupt or two, is enough to miss one at 90 %
check "the same set under SCHED_DEADLINE" rt_run_quiet 1000 "${set[@]}" policy=deadline duration_ms=1000
check_eq "misses none" "$(rt_status missed)" 0
check "CPU time of each of its tasks" cpu_times
check "every ledger closes" rt_closes
check "the steps sum to the whole" rt_sums
check "and its threads' bandwidth is given back" given_back

for policy in fifo deadline; do
	check "tasks that are processes, $policy" run_user "${set[@]}" policy=$policy distribution=medium-uniform tasks_per_cpu=3 duration_ms=1000
	check "CPU time of each of them" cpu_times
	check_eq "no release is late, none too early" "$(rt_status "done") $(rt_ledger thread_latency skipped) $(rt_status throttled) $(rt_status missed)" \
		"$(rt_status total) 0 0 0"
done
check "the bandwidth of processes is given back" given_back

hog
check "a task that leaves nothing to others runs" rt_run mode=timer arm=callback cpus=0 period_us=10000 exec_us=9900 count=300
note "throttled $(rt_status throttled) times, missed $(rt_status missed), sched_rt_runtime_us $throttle"
check "and is throttled, and says so" test "$(rt_status throttled)" -gt 0
check "misses deadlines" test "$(rt_status missed)" -gt 0
check "every ledger closes" rt_closes
kill "$hog"
check "a light one is not" eval 'rt_run mode=timer arm=callback cpus=0 period_us=10000 exec_us=2000 count=100 && [[ $(rt_status throttled) -eq 0 ]]'
finish
