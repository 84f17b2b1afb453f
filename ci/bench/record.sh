#!/usr/bin/env bash
# Benchmarks: rtlat record against trace-cmd record, of the same run: samples lost, CPU
# time in instructions, interrupts that the measured CPU gets of it.
#
# usage: record.sh FILE	KERNEL=6.1
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=ci/bench/lib.sh
. "$RTLAT_ROOT/ci/bench/lib.sh"

file=$1
kernel=${KERNEL:-6.1}
out=$RTLAT_BUILD/bench/record
got=$out/figures

rows() {
	local what who n kind
	for what in cost disturb; do
		for who in rtlat tracecmd; do
			n=$(figure $what-$who.samples "$got")
			row "$what: samples lost by ${who/tracecmd/trace-cmd} record" "$([[ $who == rtlat ]] && echo '== 0' || echo -)" "$n" \
				"$((n - $(figure $what-$who.kept "$got")))" - samples count
		done
	done
	row 'CPU time for a sample recorded, rtlat record / trace-cmd record' '<= 1' "$(figure cost-rtlat.samples "$got")" \
		"$(calc "$(figure cost-rtlat.cpu_us "$got") * 1000 / $(figure cost-rtlat.samples "$got")")" \
		"$(calc "$(figure cost-tracecmd.cpu_us "$got") * 1000 / $(figure cost-tracecmd.samples "$got")")" instructions instructions
	for kind in RES CAL IWI; do
		for who in none rtlat tracecmd; do
			row "interrupts $kind of the measured CPU while it is measured, recorder: ${who/tracecmd/trace-cmd}" - "$(figure disturb-$who.samples "$got")" \
				"$(figure disturb-$who.$kind "$got")" - interrupts count
		done
	done
	row 'wake-ups asked for on the measured CPU while it is measured (IWI), rtlat record' '== 0' "$(figure disturb-rtlat.samples "$got")" \
		"$(figure disturb-rtlat.IWI "$got")" - interrupts count
}

bench_begin "$out" "$kernel"
bench_host "$out" "$kernel" "host/record.sh $out cost" --clock instructions
bench_host "$out" "$kernel" "host/record.sh $out disturb" --clock none --smp 2
rows >"$file"
