#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: from inside a cpuset, on an isolated partition, and on CPUs isolated at boot (isolcpus=, nohz_full=)
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# complete NAME=VALUE... - a run to its end
complete() {
	rt_run "$@" || return 1
	rt_tasks_end
	[[ $(rt_status end) == complete ]]
}

# on CPU WHAT NAME=VALUE... - a run on that CPU, its processes included
on() {
	local cpu=$1 what=$2
	shift 2
	check "$what: runs" complete cpus="$cpu" "$@"
	check_eq "$what: on that CPU" "$(rt_status cpus)" "$cpu"
	check "$what: every ledger closes" rt_closes
	# shellcheck disable=SC2086
	check "$what: every metric is alive" rt_alive $RT_EXPIRY_METRICS sched_overhead cxs_overhead
	note "$what: interrupted $(rt_ledger thread_latency interrupted) of $(rt_ledger thread_latency attempted), migrated $(rt_ledger thread_latency migrated)"
	check_eq "$what: no job was elsewhere" "$(rt_ledger thread_latency migrated)" 0
}

# lists LIST CPU - is it in a list such as 1,3-5?
lists() {
	tr ',' '\n' <<<"$1" | awk -F - -v cpu="$2" '{ if (cpu + 0 >= $1 + 0 && cpu + 0 <= $NF + 0) found = 1 } END { exit !found }'
}

# skipped N WHAT WHY
skipped() {
	local i
	for ((i = 1; i <= $1; i++)); do
		skip "$2 ($i)" "$3"
	done
}

# cgroup - a folder of cpusets below the root of the unified hierarchy: CGROUP
cgroup() {
	CGROUP=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	if [[ -z $CGROUP ]]; then
		mounted=$RT_TMP/cgroup
		mkdir "$mounted" && mount -t cgroup2 none "$mounted" 2>/dev/null || return 1
		CGROUP=$mounted
	fi
	root=$CGROUP
	grep -qw cpuset "$CGROUP/cgroup.controllers" || return 1
	grep -qw cpuset "$CGROUP/cgroup.subtree_control" || { echo +cpuset >"$CGROUP/cgroup.subtree_control" && ours=1; } || return 1
	CGROUP+=/rtlat-selftest-$$
	mkdir "$CGROUP"
}

leave_cgroup() {
	[[ -z $root ]] || echo $$ >"$root/cgroup.procs"
	rt_tasks_end
	[[ ! -d ${CGROUP:-} || $CGROUP == "$root" ]] || rmdir "$CGROUP"
	[[ $ours -eq 0 ]] || echo -cpuset >"$root/cgroup.subtree_control"
	[[ -z $mounted ]] || umount "$mounted"
	root='' mounted='' ours=0
}

need_module
[[ $(rt_cpus) -ge 2 ]] || skip_all "needs 2 CPUs, there is 1"
isolated=$(cat /sys/devices/system/cpu/isolated 2>/dev/null)
nohz_full=$(cat /sys/devices/system/cpu/nohz_full 2>/dev/null)
[[ $nohz_full == *[0-9]* ]] || nohz_full=''
first=${isolated%%[,-]*}
user=0
! command -v rtlat >/dev/null || user=1
root='' mounted='' ours=0
plan $((5 * 9 + 7))
RT_UNDO=leave_cgroup
rt_load || give_up "the module does not load"

if cgroup && echo 0 >"$CGROUP/cpuset.cpus" && echo $$ >"$CGROUP/cgroup.procs"; then
	check_eq "the test is in a cpuset of CPU 0" "$(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)" 0
	# kernel threads are in nobody's cpuset, and processes are pinned by the module
	on 1 "from a cpuset of CPU 0, threads on CPU 1" mode=timer period_us=10000 count=50
	on 1 "the same, SCHED_DEADLINE" mode=timer policy=deadline period_us=10000 count=50
	if [[ $user -eq 1 ]]; then
		on 1 "from a cpuset of CPU 0, a process on CPU 1" mode=timer task_kind=user period_us=10000 count=50
		# a cpuset that is changed puts its processes back into it
		check "a process whose cpuset is changed during a run: runs" eval 'rt_begin mode=timer cpus=1 task_kind=user period_us=5000 count=100000 && rt_wait_done 20'
		echo 0-1 >"$CGROUP/cpuset.cpus"
		echo 0 >"$CGROUP/cpuset.cpus"
		check "it leaves, and the run ends" rt_wait
		check_eq "and says so" "$(rt_status end)" left
		check "every ledger closes" rt_closes
		rt_tasks_end
	else
		skipped 9 "a process in a cpuset" "the rtlat command is not in PATH"
	fi
	echo $$ >"$root/cgroup.procs"
	if echo 1 >"$CGROUP/cpuset.cpus" && echo isolated >"$CGROUP/cpuset.cpus.partition" && [[ $(<"$CGROUP/cpuset.cpus.partition") == isolated ]]; then
		on 1 "an isolated partition of CPU 1" mode=timer period_us=10000 count=50
		on 1 "the same, SCHED_DEADLINE" mode=timer policy=deadline period_us=10000 count=50
		check "IPIs to it" rt_run mode=ipi ipi_kind=call_single ipi_sender=0 cpus=1 interval_us=2000 count=50
	else
		skipped 11 "an isolated partition" "the kernel makes none: $(cat "$CGROUP/cpuset.cpus.partition" 2>/dev/null)"
	fi
else
	skipped 31 "a cpuset" "no cpusets of the unified hierarchy"
fi
leave_cgroup

if [[ -n $first ]]; then
	note "isolated=$isolated nohz_full=${nohz_full:-(none)}"
	if ! grep -q 'nohz_full=' /proc/cmdline; then
		skip "CPU $first has no tick of its own" "not booted with nohz_full="
	elif [[ ! -e /sys/devices/system/cpu/nohz_full ]]; then
		skip "CPU $first has no tick of its own" "the kernel has no CONFIG_NO_HZ_FULL"
	else
		check "CPU $first has no tick of its own" lists "$nohz_full" "$first"
	fi
	on "$first" "CPU $first, isolated at boot: threads, arm=job" mode=timer arm=job period_us=5000 count=40
	on "$first" "CPU $first, isolated at boot: threads, arm=callback" mode=timer arm=callback tasks=2 period_us=5000,7000 exec_us=500 count=40
	on "$first" "CPU $first, isolated at boot: SCHED_DEADLINE" mode=timer policy=deadline period_us=5000 exec_us=200 count=40
	if [[ $user -eq 1 ]]; then
		on "$first" "CPU $first, isolated at boot: a process" mode=timer task_kind=user period_us=5000 exec_us=200 count=40
	else
		skipped 5 "a process on an isolated CPU" "the rtlat command is not in PATH"
	fi
else
	skipped 21 "an isolated CPU" "none was isolated at boot (isolcpus=)"
fi
finish
