#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: tasks that are processes: join, run, leave, are stopped, and hold the module
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# start_tasks N - N processes, their numbers in pids; what they say in RT_TMP/said
start_tasks() {
	pids=()
	: >"$RT_TMP/said"
	more_tasks "$1"
}

# more_tasks N - so many more of them
more_tasks() {
	local i
	for ((i = 0; i < $1; i++)); do
		rtlat task >>"$RT_TMP/said" 2>&1 &
		pids+=($!)
	done
}

# all_end WORD - every process ends, with that status; any other: whatever it is.
# Not in a subshell, whose children they are not.
all_end() {
	local pid bad=0
	for pid in "${pids[@]}"; do
		wait "$pid" 2>/dev/null
		[[ $? == "$1" || $1 == any ]] || bad=$((bad + 1))
	done
	[[ $bad -eq 0 ]] || note "$bad of ${#pids[@]} processes did not end with $1: $(tail -n 1 "$RT_TMP/said")"
	[[ $bad -eq 0 ]]
}

# joined N - the run waits for the others than N
joined() {
	local i
	for ((i = 0; i < 600; i++)); do
		[[ $(rt_status joining) -gt $((n - $1)) ]] || return 0
		rt_quiet 50
	done
	return 1
}

# refused WHY COMMAND... - it fails, and says that
refused() {
	if "${@:2}" >"$RT_TMP/refused" 2>&1 || ! grep -q "$1" "$RT_TMP/refused"; then
		note "$(<"$RT_TMP/refused")"
		return 1
	fi
}

# calls - what the calls of the file answer: waiting without having joined, joining
# twice by another file and by the same one while its process waits, waiting for
# another process
calls() {
	perl -e '
		my ($join, $wait) = (0xc018b601, 0x8020b602);
		sub call { my ($fh, $cmd) = @_; my $arg = pack("L2 Q3", 0xffffffff, 0, 0, 0, 0); return ioctl($fh, $cmd, $arg) ? 0 : $! + 0 }
		open(my $one, "+<", "/dev/rtlat") && open(my $two, "+<", "/dev/rtlat") or die "no file: $!";
		my @got = (call($one, $wait), call($one, $join), call($two, $join));
		my $pid = fork();
		if (!$pid) { exit call($one, $wait) }
		waitpid($pid, 0);
		push @got, $? >> 8;
		$pid = fork();
		if (!$pid) { select(undef, undef, undef, 0.5); exit call($one, $join) }
		$SIG{CHLD} = sub { };
		call($one, $wait);
		waitpid($pid, 0);
		push @got, $? >> 8;
		print "@got\n"'
}

# pinned POLICY - every process is on one CPU, under that policy
pinned() {
	local pid
	for pid in "${pids[@]}"; do
		[[ $(sed -n 's/^Cpus_allowed_list:\t//p' "/proc/$pid/status") =~ ^[0-9]+$ ]] || return 1
		[[ $(awk '{ print $41 }' "/proc/$pid/stat") -eq $1 ]] || return 1
	done
}

# never_waits - task 0 is a process that never waits again after its first release, and so
# keeps the CPU from task 1, which waits for one: a stop must not wait for both
never_waits() {
	local spinner other stopper i ended=1
	perl -e 'open(my $f, "+<", "/dev/rtlat") or die; my $arg = pack("L2 Q3", 0, 0, 0, 0, 0);
		ioctl($f, 0xc018b601, $arg) && ioctl($f, 0x8020b602, $arg) or die "$!";
		my $end = time + 20; 1 while time < $end' 2>"$RT_TMP/error" &
	spinner=$!
	rtlat task 1 >"$RT_TMP/said" 2>&1 &
	other=$!
	rt_begun || { kill -KILL "$spinner" "$other"; return 1; }
	rt_quiet 500
	rt_control stop &
	stopper=$!
	for ((i = 0; i < 100; i++)); do
		kill -0 "$stopper" 2>/dev/null || { ended=0; break; }
		rt_quiet 100
	done
	kill -KILL "$spinner"
	wait "$spinner" "$other" "$stopper" 2>/dev/null
	return "$ended"
}

need_module
command -v rtlat >/dev/null || skip_all "the rtlat command is not in PATH"
cpus=$(rt_cpus)
set=(mode=taskset tasks=user distribution=light-uniform tasks_per_cpu=2 period_percent=50)
n=$((2 * cpus))
plan $((2 * 11 + 30))

rt_load || give_up "the module does not load"
check_eq "the file is root's alone" "$(stat -c %a /dev/rtlat)" 600
check "nothing to join: refused" refused "no run waits" rtlat task
for policy in fifo deadline; do
	number=1
	[[ $policy == fifo ]] || number=6
	check "$policy: starts and waits" eval 'rt_reset && rt_set "${set[@]}" policy=$policy count=100 && rt_try rt_control start'
	check_eq "$policy: for all tasks" "$(rt_status joining) $(rt_status state)" "$n running"
	check "$policy: a task that there is not is refused" refused "no such task" rtlat task 9999
	# while the run waits for the last one: how long it takes does not matter then
	start_tasks $((n - 1))
	check "$policy: processes are pinned, under the policy" eval 'joined $((n - 1)) && pinned $number'
	more_tasks 1
	check "$policy: the run begins" rt_begun
	check "$policy: one too many is refused" refused "no run waits" rtlat task
	check "$policy: the run ends" rt_wait
	check_eq "$policy: is complete" "$(rt_status end) $(rt_status "done")" "complete $((n * 100))"
	check "$policy: and its processes with it" all_end 0
	check "$policy: every ledger closes" rt_closes
	check "$policy: switches are seen" rt_alive sched_overhead cxs_overhead start_gap
done
check "samples carry the flag user" test "$(($(sed -n 's/.*metric=cxs_overhead .*flags=\([0-9]*\)$/\1/p' "$RT_DEBUGFS/outliers" | head -n 1) >> 13 & 1))" -eq 1

check "a run that is stopped" eval 'rt_reset && rt_set "${set[@]}" && rt_try rt_control start'
start_tasks $n
check "begins" rt_begun
rt_control stop
check "ends its processes" all_end 0
check "every ledger closes" rt_closes

rt_reset
check "a run that waits" eval 'rt_set "${set[@]}" && rt_try rt_control start'
# EINVAL, joined, EBUSY; EPERM; EBUSY
check_eq "what it answers to calls out of turn" "$(calls)" "22 0 16 1 16"
rt_control stop
check "every ledger closes" rt_closes

check "stopped before all have joined" rt_try rt_control start
start_tasks 1
rt_quiet 1000
check "the module is held" eval '! rmmod rtlat 2>"$RT_TMP/error"'
rt_control stop
check "ends them" all_end 0
check "every ledger closes" rt_closes

rt_reset
check "a process that is killed" eval 'rt_set "${set[@]}" count=400 && rt_try rt_control start'
start_tasks $n
rt_begun
rt_wait_done $((n * 10))
kill -KILL "${pids[0]}"
check "does not keep the run from its end" rt_wait
check_eq "which says why" "$(rt_status end)" left
check "every ledger closes" rt_closes
check "one release at most was cancelled" test "$(rt_ledger event_latency cancelled)" -le 1
all_end any

if [[ $(uname -v) != *PREEMPT_RT* ]]; then
	rt_reset
	check "two processes of one CPU" eval 'rt_set mode=timer tasks=2 task_kind=user period_us=20000,40000 cpus=0 && rt_try rt_control start && [[ $(rt_status joining) -eq 2 ]]'
	check "one that never waits again does not keep the other from leaving" never_waits
	check "every ledger closes" rt_closes
else
	for what in "two processes of one CPU" "one that never waits again does not keep the other from leaving" "every ledger closes"; do
		skip "$what" "one that never sleeps keeps the kernel's own threads from that CPU, which serve the timers of PREEMPT_RT"
	done
fi

if [[ $cpus -ge 2 ]] && command -v taskset >/dev/null; then
	# long periods: it is moved between two releases, while it waits
	rt_reset
	check "a process that is moved to another CPU" eval 'rt_set mode=timer tasks=user period_us=300000 cpus=1 && rt_try rt_control start'
	start_tasks 1
	rt_begun
	rt_wait_done 2
	taskset -p -c 0 "${pids[0]}" >/dev/null
	check "ends the run, which says why" eval 'rt_wait && [[ $(rt_status end) == left ]]'
	check_eq "one release was migrated: the job's metrics say so" \
		"$(for metric in $RT_EXPIRY_METRICS; do rt_ledger "$metric" migrated; done | tr '\n' ' ')" "0 0 0 1 1 1 "
	check "every ledger closes" rt_closes
	all_end any
else
	for what in "a process that is moved to another CPU" "ends the run, which says why" "one release was migrated: the job's metrics say so" "every ledger closes"; do
		skip "$what" "needs 2 CPUs and taskset"
	done
fi

if [[ -w /sys/devices/system/cpu/cpu1/online ]]; then
	check "a CPU goes offline" eval 'rt_reset && rt_set "${set[@]}" count=400 && rt_try rt_control start; start_tasks $n; rt_begun && rt_wait_done $n && RT_OFFLINED+=(1) && echo 0 >/sys/devices/system/cpu/cpu1/online'
	check "the run ends, and says why" eval 'rt_wait && [[ $(rt_status end) == offline ]]'
	check "every ledger closes" rt_closes
	all_end any
	echo 1 >/sys/devices/system/cpu/cpu1/online
else
	for what in "a CPU goes offline" "the run ends, and says why" "every ledger closes"; do
		skip "$what" "CPU 1 cannot be taken offline"
	done
fi
check "the module is held no more" rt_unload
finish
