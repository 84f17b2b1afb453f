#!/usr/bin/env bash
# In the host: the shortest periods at which nothing is skipped, overrun or lost, by
# trial: halving what is between one that is too short and one that is not. All
# samples are traced meanwhile, where it is not said otherwise. ci/bench/limits.sh starts it.
#
# usage: limits.sh FOLDER periods|cpus
#	periods		tasks, IPIs to itself, timerlat and cyclictest, on one CPU
#	cpus		IPIs to others, memory by CPUs
#	FOLDER/figures gets lines of NAME=NUMBER
set -euo pipefail

out=$1
# shellcheck source=ci/bench/host/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
count=300 kib=8192

# run PARAMETER... - one to its end; fails when the module refuses it
run() {
	parameters "$@"
	start || return 1
	settled
	closed
}

# whole - was every release of the last run served, and every sample written down?
whole() { [[ $(ledger skipped) -eq 0 && $(status overrun) -eq 0 && $(status trace_lost) -eq 0 ]]; }

released() { run mode=timer cpus=0 "${@:2}" count=$count period_us="$1" && whole; }

sent() { run mode=ipi ipi_kind=self cpus=0 count=$count interval_us="$1" && whole; }

# of timerlat there are as many samples as periods, or it does not keep up
timerlat() {
	local n from to
	echo "$1" >$tracefs/osnoise/timerlat_period_us 2>/dev/null || return 1
	instance_begin $kib
	echo timerlat >$instance/current_tracer
	sleep 0.05
	read -r from _ </proc/uptime
	n=$(grep -c ' thread timer_latency ' $instance/trace || true)
	sleep 0.3
	read -r to _ </proc/uptime
	n=$(($(grep -c ' thread timer_latency ' $instance/trace || true) - n))
	echo 0 >$instance/tracing_on
	instance_end
	awk -v n="$n" -v s="$from $to" -v us="$1" 'BEGIN { split(s, t, " "); exit !(n >= 0.95 * (t[2] - t[1]) * 1e6 / us) }'
}

# of cyclictest there are as many cycles in a second as that has intervals. To start it
# may take any time: while its file is read, the clock of instructions runs away.
cyclic() {
	local n
	n=$(cyclictest --quiet --mlockall --affinity=0 --threads=1 --priority=95 --interval="$1" --duration=1 2>/dev/null |
		sed -nE 's/^T:.* C: *([0-9]+) .*/\1/p')
	[[ $n =~ ^[0-9]+$ ]] && awk -v n="$n" -v us="$1" 'BEGIN { exit !(n >= 0.95 * 1e6 / us) }'
}

# shortest NAME FROM TO WORKS [ARGUMENT...] - FROM is too short, TO is not
shortest() {
	local name=$1 short=$2 long=$3 middle
	shift 3
	"$1" "$long" "${@:2}" || die "$name: $long us is too short already"
	while [[ $((long - short)) -gt 1 ]]; do
		middle=$(((short + long) / 2))
		if "$1" "$middle" "${@:2}"; then long=$middle; else short=$middle; fi
	done
	put "$name=$long"
}

periods() {
	local tasks arm
	put count=$count
	insmod "$RTLAT_KO"
	instance_begin $kib
	echo 1 >$instance/events/rtlat/enable
	for arm in job callback; do
		for tasks in 1 2 5 10 20; do
			shortest "$arm-$tasks" 1 $((tasks * 100)) released arm=$arm tasks=$tasks
		done
	done
	shortest self 0 100 sent
	for arm in job callback; do
		shortest "jobs-$arm" 1 100 released arm=$arm trace_per=job
	done
	echo 0 >$instance/events/rtlat/enable
	for arm in job callback; do
		shortest "hist-$arm" 1 100 released arm=$arm
	done
	instance_end
	rmmod rtlat
	shortest cyclictest 1 200 cyclic
	shortest timerlat 1 1000 timerlat
}

# fastest PARAMETER... - a run with the shortest interval that the module takes, to a
# factor of two; sets interval_us
fastest() {
	for ((interval_us = 1; interval_us <= 1000000; interval_us *= 2)); do
		! run "$@" interval_us=$interval_us || return 0
	done
	return 1
}

cpus() {
	local kind n
	insmod "$RTLAT_KO"
	instance_begin $kib
	echo 1 >$instance/events/rtlat/enable
	for n in 1 2 4 8; do
		run mode=timer cpus=0-$((n - 1)) count=50 period_us=5000 || die "$n CPUs: $(dmesg | tail -n 1)"
		put "memory-$n=$(status memory_per_cpu_bytes)"
	done
	for kind in resched call_single call_many; do
		for n in 2 4 8; do
			[[ $kind != call_many || $n -gt 2 ]] || continue
			fastest mode=ipi ipi_kind=$kind ipi_sender=0 cpus=1-$((n - 1)) count=300 || die "$kind: $(dmesg | tail -n 1)"
			put "$kind-$n-ns=$((($(status end_ns) - $(status begin_ns)) / 300))"
			put "$kind-$n-skipped=$(ledger skipped)"
			put "$kind-$n-lost=$(status trace_lost)"
		done
	done
	instance_end
}

prepare
"$2"
