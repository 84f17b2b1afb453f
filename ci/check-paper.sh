#!/usr/bin/env bash
# Hold the results of `make paper` against what they must show: every cell of
# the matrix file is there and ok, has its jobs, its ledgers close, native and
# kvm ran the same sets, and the figures and findings are there. What the
# findings say is for `rtlat findings` to judge.
#
# usage: check-paper.sh RESULTS
# The $ in single quotes are jq's.
# shellcheck disable=SC2016
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

[[ $# -eq 1 ]] || die "usage: check-paper.sh RESULTS"
results=$1
summary=$results/summary.json
rtlat=$RTLAT_BUILD/userspace/rtlat
[[ -s $summary ]] || die "$summary: missing or empty"
run=$(mktemp -d)
remove_at_exit "$run"

holds() {
	holds_in "$summary" "$1" '
		def point: .workload | "\(.distribution) k=\(.tasks_per_cpu) set=\(.set) load=\(.load)";
		def of(p): .cells | map(select(.platform == p));'
}

same_cells() {
	local flavour
	flavour=$(jq -r '.cells[0].kernel_flavour' "$summary")
	"$rtlat" matrix --kernel "$flavour" "$RTLAT_ROOT/selftests/matrices/paper" | cut -f 1 | sort >"$run/wanted"
	jq -r '.cells[].id' "$summary" | sort | diff "$run/wanted" -
}

# figure GLOB - exactly one of that name, as SVG with curves and as PNG, neither
# of them empty paper
figure() {
	local svg png
	svg=$(compgen -G "$results/figures/$1.svg") && png=$(compgen -G "$results/figures/$1.png") || return 1
	[[ $(wc -l <<<"$svg") -eq 1 && $(wc -l <<<"$png") -eq 1 ]] || return 1
	printf '%s: %d bytes, %d paths; %s: %d bytes\n' "$svg" "$(stat -c %s "$svg")" "$(grep -c '<path' "$svg")" \
		"$png" "$(stat -c %s "$png")"
	grep -q '</svg>' "$svg" && grep -q 'native' "$svg" && grep -q 'kvm' "$svg" && [[ $(grep -c '<path' "$svg") -ge 20 ]] &&
		[[ $(head -c 4 "$png" | tail -c 3) == PNG && $(stat -c %s "$png") -ge 10000 ]]
}

# 0: all hold; 2: one does not, which is a result, too
findings() {
	local status=0
	"$rtlat" findings "$results" >"$run/findings" 2>&1 || status=$?
	cat "$run/findings"
	[[ ($status -eq 0 || $status -eq 2) && -s $run/findings ]]
}

try 'summary.json is JSON of schema rtlat-results/1' holds '.schema == "rtlat-results/1"'
try 'the host says that it is emulated' holds '.host.kind == "emulated"'
try 'the cells are those of the matrix file' same_cells
try 'every cell ok' holds '.cells[] | .status == "ok" // "\(.id): \(.status): \(.reason)"'
try 'all five distributions, k of 1, 2, 5, 10, 15, 20' holds '([.cells[].workload.distribution] | unique | length == 5), ([.cells[].workload.tasks_per_cpu] | unique == [1, 2, 5, 10, 15, 20])'
try 'load on at k of 1 and 10, off everywhere' holds '([.cells[] | select(.workload.load) | .workload.tasks_per_cpu] | unique == [1, 10]), ([.cells[] | select(.workload.load | not) | .workload.tasks_per_cpu] | unique | length == 6)'
try 'native and kvm at every point' holds '(of("native") | map(point) | sort) as $n | (of("kvm") | map(point) | sort) | . == $n // "\(. - $n + ($n - .))"'
try 'native and kvm ran the same sets' holds '(of("native") | map({key: point, value: [.tasks.utilisation_ppb, .tasks.scale_ppm, .tasks.n]}) | from_entries) as $n | of("kvm")[] | ([.tasks.utilisation_ppb, .tasks.scale_ppm, .tasks.n] == $n[point]) // .id'
try 'every cell: 500 jobs and more' holds '.cells[] | .tasks.completed >= 500 // "\(.id): \(.tasks.completed)"'
try 'every cell on the clock of instructions' holds '.cells[] | .clock == "instructions" // .id'
try 'every ledger closes' holds '.cells[] | .id as $id | .metrics | to_entries[] | (.value.ledger | .attempted == (del(.attempted) | add)) // "\($id) \(.key)"'
try 'n is what the ledger kept' holds '.cells[] | .id as $id | .metrics | to_entries[] | (.value | .kept.n == .ledger.kept and .all.n == .ledger.kept + .ledger.interrupted) // "\($id) \(.key)"'
try 'the steps sum to the whole' holds '.cells[] | (.checks.sum_failed == 0 and .checks.sum_checked > 0) // .id'
try 'no real-time throttling' holds '.cells[] | (.environment.sched_rt_runtime_us == -1 and .tasks.throttled == 0) // "\(.id): \(.environment.sched_rt_runtime_us) \(.tasks.throttled)"'
try 'every cell lists its largest samples' holds '.cells[] | .id as $id | .metrics.event_latency.largest | length == 10 // $id'
try 'kvm has its proof' holds '.cells[] | select(.platform == "kvm") | (.proof | length > 3) // .id'
# 12 and 13: thread_latency
for number in 04 05 06 07 08 09 10 11 12 13; do
	try "figure ${number#0} is there as SVG and PNG" figure "figure-$number-*"
done
try 'every metric has its distribution' figure 'cdf-event_latency'
try 'rtlat findings says of each whether it holds' findings
sed 's/^/     /' "$run/findings"
tally paper
