#!/usr/bin/env bash
# Benchmarks: the highest rates at which every release is served and every sample is
# kept, against those of timerlat and cyclictest; and that memory does not grow with
# CPUs. Rates on the clock of instructions are those of a CPU that executes one in a
# nanosecond; those of several CPUs have no meaning but that nothing was lost.
#
# usage: limits.sh FILE	KERNEL=6.12-test, which has timerlat
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=ci/bench/lib.sh
. "$RTLAT_ROOT/ci/bench/lib.sh"

file=$1
kernel=${KERNEL:-6.12-test}
out=$RTLAT_BUILD/bench/limits
got=$out/figures

rows() {
	local arm tasks n kind
	n=$(figure count "$got")
	for arm in job callback; do
		for tasks in 1 2 5 10 20; do
			row "arm=$arm: shortest period of $tasks tasks, none skipped, overrun or lost" - "$n" "$(figure "$arm-$tasks" "$got")" - us instructions
		done
		row "arm=$arm: shortest period of 20 tasks by task / of one" '<= 1.1' "$n" "$(calc "$(figure "$arm-20" "$got") / 20")" "$(figure "$arm-1" "$got")" us instructions
	done
	for arm in job callback; do
		row "arm=$arm: shortest period of a task, a job a record" - "$n" "$(figure "jobs-$arm" "$got")" - us instructions
		row "arm=$arm: shortest period of a task, histograms, nothing traced" - "$n" "$(figure "hist-$arm" "$got")" - us instructions
	done
	# timerlat traces its two samples; cyclictest keeps a minimum, a mean and a maximum
	row 'shortest period, rtlat with all samples traced / timerlat' '<= 1' "$n" "$(figure job-1 "$got")" "$(figure timerlat "$got")" us instructions
	row 'shortest period, rtlat with all samples traced / cyclictest' '<= 1' "$n" "$(figure job-1 "$got")" "$(figure cyclictest "$got")" us instructions
	row 'shortest period, rtlat with histograms, nothing traced / cyclictest' - "$n" "$(figure hist-job "$got")" "$(figure cyclictest "$got")" us instructions
	row 'shortest interval of IPIs to itself, none skipped or lost' - "$n" "$(figure self "$got")" - us instructions
	for n in 2 4 8; do
		row "memory of a CPU, $n CPUs / one" '== 1' 1 "$(figure "memory-$n" "$got")" "$(figure memory-1 "$got")" bytes count
	done
	while IFS=- read -r kind n _; do
		row "IPIs as fast as they are served, $kind, $n CPUs: skipped and lost" '== 0' 300 \
			"$(($(figure "$kind-$n-skipped" "$got") + $(figure "$kind-$n-lost" "$got")))" - IPIs count
		row "IPIs as fast as they are served, $kind, $n CPUs: time of a round" - 300 "$(figure "$kind-$n-ns" "$got")" - ns none
	done < <(grep -oE '^[a-z_]+-[248]-ns' "$got")
}

bench_begin "$out" "$kernel"
bench_host "$out" "$kernel" "host/limits.sh $out periods" --clock instructions
bench_host "$out" "$kernel" "host/limits.sh $out cpus" --clock none --smp 8
rows >"$file"
