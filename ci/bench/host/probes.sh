#!/usr/bin/env bash
# In the host: what a release costs, measured and unmeasured, in instructions: what
# is taken from a process of the lowest priority (ci/spent.c), all of it. One task, all
# metrics (arm=job), or what else is given. ci/bench/probes.sh starts it.
#
# usage: probes.sh FOLDER [profile]
#	FOLDER/spent is the program; FOLDER/figures gets lines of NAME=NUMBER
#	profile		only runs, until it is ended; FOLDER/symbols, FOLDER/ready
set -euo pipefail

out=$1
# shellcheck source=ci/bench/host/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
period_us=1000 releases=400 kib=4096

# begin PARAMETER... - a run without an end, unless they say one
begin() {
	parameters mode=timer cpus=0 period_us=$period_us tasks=1 "$@"
	start || die "$*: does not start"
}

finish() {
	echo stop >$debugfs/control
	closed
}

# spent NAME RELEASES [NUMBER] - per release of so many, in that many periods
spent() {
	local sum_ns median_ns line
	line=$("$out/spent" 0 $((period_us * $2)) "$out/$1.gaps") || die "$1: $line"
	[[ $line =~ sum_ns=([0-9]+)\ .*median_ns=([0-9]+) ]] || die "$1: $line"
	sum_ns=${BASH_REMATCH[1]} median_ns=${BASH_REMATCH[2]}
	put "$1=$(awk -v sum="$sum_ns" -v n=$(($2 * ${3:-1})) 'BEGIN { printf "%.1f", sum / n }')" "$1.median=$median_ns"
}

# run NAME PARAMETER... - twice, each a run of its own
run() {
	local name=$1 again
	shift
	for again in '' .again; do
		begin "$@"
		spent "$name$again" $releases
		finish
	done
}

# what ftrace needs to see the same borders: each event and function is one
points_begin() {
	local point
	instance_begin $kib 1
	for point in sched/sched_switch sched/sched_waking irq_vectors/local_timer_entry irq_vectors/local_timer_exit \
		timer/hrtimer_start timer/hrtimer_expire_entry timer/hrtimer_expire_exit; do
		echo 1 >$instance/events/$point/enable
	done
	[[ -z ${1:-} ]] || return 0
	for point in schedule schedule_idle preempt_schedule_irq 'finish_task_switch*'; do
		echo "$point" >>$instance/set_ftrace_filter
	done
	echo function >$instance/current_tracer
}

# memory - of a CPU, whatever the run
memory() {
	local name=$1
	shift
	begin "$@"
	sleep "${sleep:-0.2}"
	finish
	put "$name=$(status memory_per_cpu_bytes)"
}

prepare
: >"$out/figures"
put releases=$releases
insmod "$RTLAT_KO"

if [[ ${2:-} == profile ]]; then
	begin
	"$out/spent" 0 1000000000 &
	sleep 0.3
	cat /proc/kallsyms >"$out/symbols"
	: >"$out/ready"
	wait
fi

for arm in job callback; do
	run bare-$arm probes=off arm=$arm
	run hist-$arm arm=$arm
	instance_begin $kib
	echo 1 >$instance/events/rtlat/enable
	run trace-$arm arm=$arm
	run jobs-$arm arm=$arm trace_per=job
	instance_end
	points_begin
	run ftrace-$arm probes=off arm=$arm
	instance_end
done
points_begin events
run events-job probes=off
instance_end

# tasks: all of a CPU are released at once, by one interrupt
period_us=10000
for tasks in 1 5 10 20; do
	for probes in off on; do
		begin tasks=$tasks probes=$probes prio=90
		spent "tasks-$probes-$tasks" 50 $tasks
		finish
	done
done
period_us=1000

memory memory-short count=100
sleep=2 memory memory-long count=1500
sleep=2 memory memory-endless period_us=200
memory memory-callback arm=callback count=100
sleep=2 memory memory-callback-long arm=callback count=1500
memory memory-tasks count=20 tasks=20 period_us=10000
begin count=10
finish
put "task_bytes=$(awk -v a="$(sed -n 's/^memory-short=//p' "$out/figures")" -v b="$(sed -n 's/^memory-tasks=//p' "$out/figures")" 'BEGIN { printf "%d", (b - a) / 19 }')"
rmmod rtlat

# timerlat releases its own thread: against a machine at rest
grep -qw timerlat $tracefs/available_tracers || exit 0
echo $period_us >$tracefs/osnoise/timerlat_period_us
for file in print_stack stop_tracing_us stop_tracing_total_us; do
	echo 0 >$tracefs/osnoise/$file
done
spent rest $releases
instance_begin $kib 1
echo timerlat >$instance/current_tracer
sleep 0.1
spent timerlat $releases
spent timerlat.again $releases
instance_end
