#!/usr/bin/env bash
# Hold the results of a demo against what they must show: the shape of
# summary.json, closed ledgers, proof of platform, and the paper's finding in
# path lengths. Limits are on counts and emulated path lengths, never on time.
#
# usage: check-demo.sh RESULTS [OTHER]
#	OTHER: results of a second demo whose medians must agree within 3 %
# The $ in single quotes are jq's.
# shellcheck disable=SC2016
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"

[[ $# -ge 1 ]] || die "usage: check-demo.sh RESULTS [OTHER]"
results=$1
other=${2:-}
summary=$results/summary.json
rtlat=$RTLAT_BUILD/userspace/rtlat
[[ -s $summary ]] || die "$summary: missing or empty"
run=$(mktemp -d)
remove_at_exit "$run"

# holds FILTER - of all cells
holds() {
	holds_in "$summary" "$1" '
		def ok: map(select(.status == "ok"));
		def timer: map(select(.workload.mode == "timer"));
		def one(p): .cells | timer | map(select(.platform == p)) | first;
		def p50(p; m): one(p).metrics[m].kept.p50;'
}

# ratio METRIC - of the medians, kvm to native
ratio() { jq -r "[.cells[] | select(.workload.mode == \"timer\" and .status == \"ok\")] | map({(.platform): .metrics.$1.kept.p50}) | add | \"\\(.kvm) / \\(.native) = \\(.kvm / .native * 1000 | round / 1000)\"" "$summary"; }

in_trace() {
	trace-cmd report "$1" 2>"$run/err" >"$run/report"
	grep -q 'rtlat_sample:.*metric=event_latency.*duration_ns=[0-9]' "$run/report" &&
		grep -q 'rtlat_run:.*phase=end' "$run/report"
}

agrees() {
	"$rtlat" report "$1" >"$run/report" 2>&1 || {
		cat "$run/report"
		return 1
	}
	grep -i 'agree' "$run/report"
}

medians_agree() {
	jq -nr --slurpfile a "$summary" --slurpfile b "$other/summary.json" '
		def t($s): [$s[0].cells[] | select(.workload.mode == "timer" and .status == "ok")
			| .id as $id | .metrics | to_entries[] | {key: ($id + " " + .key), value: .value.kept.p50}] | from_entries;
		t($a) as $x | t($b) as $y | [$x | to_entries[] | {key, a: .value, b: $y[.key]}]
		| if length == 0 then "nothing to check" else .[]
		| select((.b == null) or ((.a - .b) | fabs) > 0.03 * ([.a, .b] | min)) | "\(.key): \(.a) against \(.b)" end
	' >"$run/no"
	cat "$run/no"
	[[ ! -s $run/no ]]
}

try 'summary.json is JSON of schema rtlat-results/1' holds '.schema == "rtlat-results/1"'
try 'the host says that it is emulated' holds '.host.kind == "emulated"'
try 'every cell has all workload keys' holds '.cells[] | .id as $id | .workload | (["mode","timer","ipi_kind","policy","task_kind","tasks_per_cpu","distribution","set","seed","load","vcpus","arm","duration_s"] - keys) | . == [] // "\($id): \(.)"'
try 'native and kvm: every cell ok' holds '.cells[] | select(.platform != "kvm-pi") | .status == "ok" // "\(.id): \(.status): \(.reason)"'
try 'kvm-pi: skipped, the reason names the parameter' holds '.cells[] | select(.platform == "kvm-pi") | (.status == "skip" and (.reason | test("avic|enable_apicv"))) // "\(.id): \(.status): \(.reason)"'
try 'timer cells on native and kvm, IPI cells of all kinds' holds '(.cells | ok | timer | map(.platform) | sort == ["kvm", "native"]), ([.cells | ok | .[] | select(.platform == "native") | .workload.ipi_kind | values] | sort == ["call_many", "call_single", "resched", "self"])'
try 'timer cells: 1,000 samples and more of every metric' holds '.cells | ok | timer[] | .id as $id | (.metrics | length) == (if .workload.arm == "job" then 9 else 8 end), (.metrics | to_entries[] | .value.kept.n >= 1000 // "\($id) \(.key): \(.value.kept.n)")'
try 'timer cells run on the clock of instructions, IPI cells on none' holds '.cells | ok[] | .clock == (if .workload.mode == "timer" then "instructions" else "none" end)'
try 'every ledger closes' holds '.cells | ok[] | .id as $id | .metrics | to_entries[] | (.value.ledger | .attempted == (del(.attempted) | add)) // "\($id) \(.key)"'
try 'n is what the ledger kept' holds '.cells | ok[] | .id as $id | .metrics | to_entries[] | (.value | .kept.n == .ledger.kept and .all.n == .ledger.kept + .ledger.interrupted) // "\($id) \(.key)"'
try 'kvm has its proof' holds '.cells | ok[] | select(.platform == "kvm") | (.proof | length > 3) // .id'
for metric in release_overhead sched_overhead cxs_overhead; do
	try "$metric: kvm's median within 1.1 of native's ($(ratio $metric))" holds "p50(\"kvm\"; \"$metric\") <= 1.1 * p50(\"native\"; \"$metric\")"
done
try "event_latency: kvm's median 3 times native's or more ($(ratio event_latency))" holds 'p50("kvm"; "event_latency") >= 3 * p50("native"; "event_latency")'
for platform in native kvm; do
	cell=$(jq -r ".cells[] | select(.workload.mode == \"timer\" and .platform == \"$platform\") | .id" "$summary")
	try "$platform: trace-cmd report reads the kept trace" in_trace "$results/$cell/trace.dat"
	try "$platform: trace and module agree" agrees "$results/$cell/trace.dat"
	try "$platform: every job that did not queue: the steps sum to the whole" \
		grep -q '^sum_failed=0$' "$results/$cell/status"
done
[[ -z $other ]] || try 'two demos: every median of the timer cells within 3 %' medians_agree
tally demo
