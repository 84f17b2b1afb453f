#!/usr/bin/env bash
# In the host: the same run recorded by rtlat and by trace-cmd. What was lost, the
# CPU time of the recorder and all its children, and what it did to the CPU that is
# measured. ci/bench/record.sh starts it.
#
# usage: record.sh FOLDER cost|disturb
#	cost	one CPU, which counts instructions
#	disturb	two CPUs: the recorder has the first, the run the second
#	FOLDER/figures gets lines of NAME=NUMBER
set -euo pipefail

out=$1
# shellcheck source=ci/bench/host/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cgroup=/run/rtlat-bench
ms=2000 tasks=4 period_us=500 buffer_kib=2048
kinds=(RES CAL IWI)

# interrupts WHICH - of the measured CPU so far
interrupts() { awk -v which="$1:" -v column=$((cpu + 2)) '$1 == which { print $column }' /proc/interrupts; }

# reached PERCENT - wait until so much of the run is done
reached() {
	local total
	total=$(status total)
	while [[ $(status "done") -lt $((total * $1 / 100)) ]]; do
		[[ $(status state) == running ]] || die "the run ended before $1 % of it"
		sleep 0.02
	done
}

# measured NAME - the run that is recorded, from within the recorder's command. Interrupts
# are counted while jobs are measured: what removes hooks and ends a recording, behind
# the run, sends some to whichever CPU it is on.
measured() {
	local name=$1 kind before=()
	parameters mode=timer cpus="$cpu" tasks=$tasks period_us=$period_us duration_ms=$ms
	start || die "does not start"
	reached 5
	for kind in "${kinds[@]}"; do
		before+=("$(interrupts "$kind")")
	done
	reached 70
	for kind in "${kinds[@]}"; do
		put "$name.$kind=$(($(interrupts "$kind") - before[0]))"
		before=("${before[@]:1}")
	done
	[[ $(status "done") -lt $(status total) ]] || die "the run was over before its interrupts were read"
	settled
}

# record NAME COMMAND... - that run, recorded; the command line records while a shell
# runs it
record() {
	local name=$1 was
	shift
	was=$(usage)
	(
		echo 0 >$cgroup/recorder/cgroup.procs
		exec "$@" bash "$0" "$out" measured "$cpu" "$name"
	) >"$out/$name.log" 2>&1 || die "$name: $(tail -n 1 "$out/$name.log")"
	closed
	[[ $(status trace_lost) == 0 ]] || die "$name: the module lost samples"
	put "$name.cpu_us=$(($(usage) - was))"
	put "$name.samples=$(ledger kept interrupted)"
	[[ -e $out/$name.dat ]] || return 0
	put "$name.kept=$(trace-cmd report -i "$out/$name.dat" 2>/dev/null | grep -c ' rtlat_sample: ' || true)"
}

usage() { awk '$1 == "usage_usec" { print $2 }' $cgroup/recorder/cpu.stat; }

if [[ $2 == measured ]]; then
	cpu=$3
	# the command's own time is no recorder's
	echo 0 >$cgroup/cgroup.procs
	[[ $cpu -eq 0 ]] || taskset -pc 0 $$ >/dev/null
	measured "$4"
	exit
fi
cpu=0
[[ $2 == cost ]] || cpu=1
prepare
mkdir -p $cgroup
mount -t cgroup2 none $cgroup
mkdir $cgroup/recorder
insmod "$RTLAT_KO"
[[ $cpu -eq 0 ]] || taskset -pc 0 $$ >/dev/null
# nothing that records: what the measured CPU gets anyway
record "$2-none" env
record "$2-rtlat" rtlat record -b $buffer_kib -o "$out/$2-rtlat.dat" --
# into a buffer of the same size and with the same clock
record "$2-tracecmd" trace-cmd record -q -C mono -b $buffer_kib -e rtlat -o "$out/$2-tracecmd.dat"
