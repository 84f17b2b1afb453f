#!/usr/bin/env bash
# Benchmarks: what measuring a release costs, in instructions, on emulated hosts that
# count them: rtlat's probes and hooks against the same points traced by ftrace, and
# against timerlat. docs/performance.md has the words.
#
# usage: probes.sh FILE	KERNELS="6.1 6.12-test"
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=ci/bench/lib.sh
. "$RTLAT_ROOT/ci/bench/lib.sh"

file=$1
out=$RTLAT_BUILD/bench

# beyond KIND ARM - instructions of a release over those of the unmeasured one
beyond() { calc "$(figure "$1-$2" "$got") - $(figure "bare-$2" "$got")"; }

# of_kernel KERNEL - its rows
of_kernel() {
	local kernel=$1 got=$out/$1/figures n arm tracing bare name least most
	n=$(figure releases "$got")
	for arm in job callback; do
		bare=$(figure "bare-$arm" "$got")
		tracing=$(beyond ftrace "$arm")
		row "$kernel, arm=$arm: histograms / ftrace" '<= 0.35' "$n" "$(beyond hist "$arm")" "$tracing" 'instructions per release' instructions
		row "$kernel, arm=$arm: histograms and samples traced, each a record / ftrace" '<= 0.6' "$n" "$(beyond trace "$arm")" "$tracing" 'instructions per release' instructions
		row "$kernel, arm=$arm: histograms and samples traced, a job a record / ftrace" '<= 0.6' "$n" "$(beyond jobs "$arm")" "$tracing" 'instructions per release' instructions
		row "$kernel, arm=$arm: a release, measured / unmeasured" - "$n" "$(figure "hist-$arm" "$got")" "$bare" 'instructions per release' instructions
		for name in bare hist trace jobs ftrace; do
			row "$kernel, arm=$arm: $name, again / once" - "$n" "$(figure "$name-$arm.again" "$got")" "$(figure "$name-$arm" "$got")" \
				'instructions per release' instructions repeatability
		done
	done
	row "$kernel, arm=job: histograms / ftrace's events without functions" - "$n" "$(beyond hist job)" "$(beyond events job)" 'instructions per release' instructions
	if grep -q '^timerlat=' "$got"; then
		row "$kernel: rtlat with samples traced, a job a record / timerlat" - "$n" "$(calc "$(figure jobs-job "$got") - $(figure rest "$got")")" \
			"$(calc "$(figure timerlat "$got") - $(figure rest "$got")")" 'instructions per release' instructions 'all of a release, its own included'
		row "$kernel: rtlat with samples traced, each a record / timerlat" - "$n" "$(calc "$(figure trace-job "$got") - $(figure rest "$got")")" \
			"$(calc "$(figure timerlat "$got") - $(figure rest "$got")")" 'instructions per release' instructions 'all of a release, its own included'
		row "$kernel: rtlat with histograms / timerlat" - "$n" "$(calc "$(figure hist-job "$got") - $(figure rest "$got")")" \
			"$(calc "$(figure timerlat "$got") - $(figure rest "$got")")" 'instructions per release' instructions 'all of a release, its own included'
	fi
	least=$(calc "$(figure tasks-on-1 "$got") - $(figure tasks-off-1 "$got")")
	for n in 5 10 20; do
		most=$(calc "$(figure "tasks-on-$n" "$got") - $(figure "tasks-off-$n" "$got")")
		row "$kernel: histograms, $n tasks at once / one" '<= 1.1' 50 "$most" "$least" 'instructions per release' instructions
	done
	row "$kernel: memory of a CPU, 1,500 releases / 100" '== 1' 1 "$(figure memory-long "$got")" "$(figure memory-short "$got")" bytes count
	row "$kernel: memory of a CPU, 10,000 releases / 100" '== 1' 1 "$(figure memory-endless "$got")" "$(figure memory-short "$got")" bytes count
	row "$kernel, arm=callback: memory of a CPU, 1,500 releases / 100" '== 1' 1 "$(figure memory-callback-long "$got")" "$(figure memory-callback "$got")" bytes count
	row "$kernel: memory of a further task" - 1 "$(figure task_bytes "$got")" - bytes count
}

for kernel in ${KERNELS:-6.1 6.12-test}; do
	bench_begin "$out/$kernel" "$kernel"
	bench_spent "$out/$kernel"
	bench_host "$out/$kernel" "$kernel" "host/probes.sh $out/$kernel" --clock instructions
	of_kernel "$kernel" >>"$file"
done
