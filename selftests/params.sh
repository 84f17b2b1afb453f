#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: bad and contradictory parameters are refused, with one line that tells why
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# one line in the log, and it says what it must
one_line() {
	local said
	said=$(klog_new)
	if [[ $(grep -c . <<<"$said") -ne 1 || ! $said =~ $1 ]]; then
		note "said: ${said:-nothing}; wanted one line like: $1"
		return 1
	fi
}

# insmod_refuses PATTERN PARAMETER...
insmod_refuses() {
	local pattern=$1 error
	shift
	klog_mark
	if error=$(rt_load "$@" 2>&1); then
		note "insmod took it"
		rt_unload
		return 1
	fi
	[[ $error == *"Invalid parameters"* ]] || { note "not EINVAL: $error"; return 1; }
	! rt_is_loaded || { note "the module stays loaded"; return 1; }
	one_line "$pattern"
}

# debugfs_refuses PATTERN PARAMETER... - the write that is refused, or the start
# of the set, changes nothing
debugfs_refuses() {
	local pattern=$1 before after word
	shift
	rt_reset || return 1
	klog_mark
	for word in "$@" start; do
		before=$(<"$RT_DEBUGFS/params")
		if [[ $word == start ]]; then
			rt_control start && { note "start took it"; rt_control stop; return 1; }
		else
			rt_set "$word" && continue
		fi
		break
	done
	after=$(<"$RT_DEBUGFS/params")
	[[ $RT_ERROR == *"Invalid argument"* ]] || { note "not EINVAL: $RT_ERROR"; return 1; }
	[[ $before == "$after" ]] || { note "the parameters have changed"; return 1; }
	[[ $(rt_status state) != running ]] || { note "a run is running"; return 1; }
	one_line "$pattern"
}

need_module
cpus=$(rt_cpus)
absent=99
[[ ! -d /sys/devices/system/cpu/cpu$absent ]] || absent=8191

# parameters | what the line must look like, after "rtlat: "
bad=(
	"mode=timer period_us=0|period_us=0: out of range; range 1\.\.10000000 us"
	"mode=timer period_us=-1|period_us=-1: out of range; range 1\.\.10000000 us"
	"mode=timer period_us=10000001|period_us=10000001: out of range; range "
	"mode=timer period_us=1ms|period_us=1ms: not a number; range "
	"mode=timer period_us=9999999999999999999|period_us=9999999999999999999: .*; range "
	"mode=timer period_us=1000,|period_us=1000,: not a number; range "
	"mode=timer cpus=$absent|cpus=$absent: not .*; range 0"
	"mode=timer cpus=x|cpus=x: not a CPU list; range 0"
	"mode=foo|mode=foo: not one of idle.timer.ipi.taskset"
	"mode=timer arm=never|arm=never: not one of job.callback"
	"mode=ipi ipi_kind=nmi|ipi_kind=nmi: not one of resched.call_single.call_many.self"
	"mode=timer tasks=0|tasks=0: out of range; range 1\.\.64 "
	"mode=timer tasks=65|tasks=65: out of range; range 1\.\.64 "
	"mode=timer prio=99|prio=99: out of range; range 1\.\.98 "
	"mode=timer prio=3 tasks=4|prio=3: too low for tasks=4; range 4\.\.98"
	"mode=timer count=-1|count=-1: out of range; range 0\.\."
	"mode=timer exec_us=1000 period_us=1000|exec_us=1000: .*period_us=1000.*; range 0\.\.999 us"
	"mode=timer tasks=3 exec_us=500|exec_us: .*150.*; range 0\.\.100"
	"mode=timer tasks=3 period_us=1000,2000|period_us=1000,2000: 2 numbers for tasks=3; give 1 or 3"
	"mode=timer exec_us=1,2|exec_us=1,2: 2 numbers for tasks=1; give 1 or 1"
	"mode=timer ipi_kind=self|ipi_kind=self: contradicts mode=timer"
	"mode=timer interval_us=100|interval_us=100: contradicts mode=timer"
	"mode=ipi tasks=2|tasks=2: contradicts mode=ipi"
	"mode=ipi arm=callback|arm=callback: contradicts mode=ipi"
	"mode=taskset tasks=2|tasks=2: contradicts mode=taskset"
	"mode=taskset period_us=1000|period_us=1000: contradicts mode=taskset"
	"mode=timer seed=1|seed=1: contradicts mode=timer"
	"mode=taskset distribution=heavy|distribution=heavy: not one of light-uniform"
	"mode=taskset tasks_per_cpu=0|tasks_per_cpu=0: out of range; range 1\.\.32 "
	"mode=taskset tasks_per_cpu=33|tasks_per_cpu=33: out of range; range 1\.\.32 "
	"mode=taskset period_percent=101|period_percent=101: out of range; range 1\.\.100 "
	"mode=taskset seed=-1|seed=-1: out of range; range 0\.\."
	"mode=taskset count=1 duration_ms=5|duration_ms=5: contradicts count=1"
	"mode=taskset policy=deadline prio=5|prio=5: contradicts policy=deadline"
	"mode=taskset tasks_per_cpu=32 prio=3|prio=3: too low for the [0-9]+ tasks of CPU [0-9]+; range [0-9]+\.\.98"
	"mode=taskset task_kind=robot|task_kind=robot: not one of kthread.user"
	"mode=ipi duration_ms=5|duration_ms=5: contradicts mode=ipi"
	"mode=ipi ipi_kind=self ipi_sender=0|ipi_sender=0: contradicts ipi_kind=self"
	"mode=timer period_us=1|period_us=1: shorter than .* costs .measured [0-9]+ ns.*; range [0-9]+\.\.10000000 us"
	"mode=ipi ipi_kind=self interval_us=1|interval_us=1: shorter than .* costs .measured [0-9]+ ns.*; range [0-9]+\.\.10000000 us"
)
more=(
	"mode=ipi cpus=0-1 ipi_sender=0|ipi_sender=0: contradicts cpus=0-1"
	"mode=ipi ipi_kind=call_many ipi_sender=0 cpus=1|ipi_kind=call_many: needs 2 targets or more .*cpus=1"
)
plan $((2 * (${#bad[@]} + ${#more[@]}) + 9))

[[ $cpus -lt 2 ]] || bad+=("${more[@]}")
for row in "${bad[@]}"; do
	read -ra words <<<"${row%%|*}"
	check "insmod: ${words[*]}" insmod_refuses "^rtlat: ${row#*|}" "${words[@]}"
done
check "loads after all that" rt_load
for row in "${bad[@]}"; do
	read -ra words <<<"${row%%|*}"
	check "debugfs: ${words[*]}" debugfs_refuses "^rtlat: ${row#*|}" "${words[@]}"
done
if [[ $cpus -lt 2 ]]; then
	for row in "${more[@]}" "${more[@]}"; do
		skip "${row%%|*}" "needs 2 CPUs, there is $cpus"
	done
fi

klog_mark
check "an unknown name is refused" eval '! rt_set what=1 && [[ $RT_ERROR == *"No such file"* ]]'
check "with one line" one_line '^rtlat: what: no such parameter'
klog_mark
check "an unknown word is no control" eval '! rt_control begin && one_line "^rtlat: control: begin: not one of start.stop"'
rt_reset
klog_mark
check "idle cannot be started" eval '! rt_control start && one_line "^rtlat: mode=idle: "'
check "a good run without a reload" rt_run mode=timer period_us=5000 count=20
check_eq "which is complete" "$(rt_status end) $(rt_status run)" "complete 1"
check "a second one" rt_run mode=timer arm=callback period_us=5000 count=20
check_eq "which is complete, too" "$(rt_status end) $(rt_status run)" "complete 2"
finish
