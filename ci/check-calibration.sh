#!/usr/bin/env bash
# That the difference between native and kvm is no accident of clocks, and that
# an exit shows where it is: the timer cells again with each clock read made 200
# instructions dearer on both platforms, and with one exit more in each release.
#
# usage: check-calibration.sh
# The $ in single quotes are jq's.
# shellcheck disable=SC2016
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"

flavour=${KERNEL:-6.1}
results=$RTLAT_BUILD/check/calibration
run=$(mktemp -d)
remove_at_exit "$run"
rm -rf "$results"
mkdir -p "$results"
make -C "$RTLAT_ROOT" module userspace KERNEL="$flavour" >"$run/make.log" 2>&1 || die "$(tail -n 1 "$run/make.log")"
"$RTLAT_ROOT/ci/kernel.sh" "$flavour" image
for role in host guest; do
	"$RTLAT_ROOT/ci/initramfs.sh" "$flavour" "$role" >/dev/null
done
"$RTLAT_ROOT/ci/run.sh" --kernel "$flavour" --clock instructions --mem 1536 --timeout 600 --rw "$results" \
	-- "ci/cells.sh selftests/matrices/calibration $results native kvm"
"$RTLAT_BUILD/userspace/rtlat" collect "$results" --host emulated >/dev/null

# medians: {"native none": {"event_latency": 335, ...}, ...}
jq '[.cells[] | select(.status == "ok") | {key: (.platform + " " +
	(if .params.fault_clock_insns > 0 then "clock" elif .params.fault_exit > 0 then "exit" else "none" end)),
	value: (.metrics | map_values(.kept.p50))}] | from_entries' "$results/summary.json" >"$run/medians"

holds() { holds_in "$run/medians" "$1"; }

jq -r '"medians, instructions (" + (keys_unsorted | join(", ")) + "):"' "$run/medians"
jq -r '. as $m | .["native none"] | keys[] | . as $k | "  \($k): " + ([$m[][$k]] | map(tostring) | join(" "))' "$run/medians"

try 'six cells' holds '(keys | length) == 6'
try 'clock 200 instructions dearer: every step shows it, on both platforms' holds '. as $m | ("native", "kvm") as $p | ("release_overhead", "sched_overhead", "cxs_overhead", "start_gap") as $k | ($m[$p + " clock"][$k] - $m[$p + " none"][$k]) as $d | ($d >= 180 and $d <= 440) // "\($p) \($k): \($d)"'
try 'the differences between the platforms stay, to 5 % of the path' holds '. as $m | (.["kvm none"] | keys[]) as $k | (($m["kvm clock"][$k] - $m["native clock"][$k]) - ($m["kvm none"][$k] - $m["native none"][$k])) as $d | (($d | fabs) <= 0.05 * $m["kvm none"][$k] + 20) // "\($k): \($d)"'
try 'one exit more: release_overhead of kvm has it' holds '(.["kvm exit"].release_overhead - .["kvm none"].release_overhead) as $d | ($d >= 500) // $d'
try 'one exit more: native has not' holds '(.["native exit"].release_overhead - .["native none"].release_overhead) as $d | (($d | fabs) <= 60) // $d'
try 'one exit more: cxs_overhead stays, on both' holds '. as $m | ("native", "kvm") as $p | ($m[$p + " exit"].cxs_overhead - $m[$p + " none"].cxs_overhead) as $d | (($d | fabs) <= 8) // "\($p): \($d)"'
tally calibration
