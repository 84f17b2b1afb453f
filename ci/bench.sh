#!/usr/bin/env bash
# Benchmarks: what rtlat itself costs, against what else there is. A table of ratios,
# each with its goal and whether it holds, and the same as results/bench/bench.json.
#
# Each part is a script ci/bench/PART.sh FILE, which writes its rows to FILE, one JSON
# object a line (ci/bench/lib.sh). A part that fails, one without rows and a row that
# is none fail the whole, and earlier results stay as they are.
#
# usage: bench.sh [PART...]	all of them; RESULTS=results/bench
#	PARTS_DIR=ci/bench: where the parts are
#	exit status: 0 all goals hold, 1 a part failed, 2 a goal does not hold
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

results=$(realpath -m "${RESULTS:-$RTLAT_ROOT/results/bench}")
parts=("$@")
[[ $# -gt 0 ]] || parts=(probes profile limits record report turnaround)

# check_rows FILE - every line is a row, and there is one
check_rows() {
	[[ -s $1 ]] || die "$1: no rows"
	jq -e . "$1" >/dev/null 2>&1 || die "$1: not JSON, one object a line"
	jq -es 'length > 0 and all(.[]; type == "object" and (.name | type) == "string" and (.n | type) == "number" and
		(.a | type) == "number" and (.unit | type) == "string" and
		([.holds] | inside([true, false, null])) and (.holds == null) == (.goal == null) and
		((.value | type) == "number" or .holds == false)) and (map(.name) | unique | length) == length' \
		"$1" >/dev/null || die "$1: a row lacks something (ci/bench/lib.sh says what it has), or a name is there twice"
}

# table FILE - of a bench.json
table() {
	jq -r '(["ratio", "value", "goal", "holds", "n", "a", "b", "unit", "clock"] | @tsv),
		(.ratios[] | [.name, (.value // "-" | tostring), (.goal // "-"), (if .holds == null then "-" elif .holds then "yes" else "NO" end),
			.n, .a, (.b // "-"), .unit, (.clock // "-")] | map(tostring) | @tsv)' "$1" | column -t -s $'\t'
}

command -v jq >/dev/null || die "jq is missing (run: sudo ci/deps.sh check)"
mkdir -p "$results"
work=$(mktemp -d "$results/.bench.XXXXXX")
remove_at_exit "$work"
: >"$work/rows"
for part in "${parts[@]}"; do
	script=${PARTS_DIR:-$RTLAT_ROOT/ci/bench}/$part.sh
	[[ -x $script ]] || die "$part: no such part"
	begin=$SECONDS
	say "$part"
	: >"$work/$part"
	"$script" "$work/$part" || die "$part: status $?"
	check_rows "$work/$part"
	jq -c --arg part "$part" '{part: $part} + .' "$work/$part" >>"$work/rows"
	say "$part: $((SECONDS - begin)) s"
done
[[ -s $work/rows ]] || die "no part, no figure"
check_rows "$work/rows"
jq -s --arg revision "$(git -C "$RTLAT_ROOT" describe --always --dirty 2>/dev/null || echo unknown)" \
	--arg kernel "$(cat "$RTLAT_BUILD/kernels/6.1/release" 2>/dev/null || echo none)" --arg test "$(cat "$RTLAT_BUILD/kernels/6.12-test/release" 2>/dev/null || echo none)" \
	--arg machine "$(uname -r)" --arg date "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --arg qemu "$(qemu-system-x86_64 --version | head -n 1)" \
	--arg load "$(cut -d ' ' -f 1 /proc/loadavg)" --argjson cpus "$(nproc)" \
	'{schema: "rtlat-bench/1",
	  provenance: {revision: $revision, date: $date, kernels: [$kernel, $test], qemu: $qemu,
		       clock: "instructions: 1 = 1 ns, on the emulated host", machine: {kernel: $machine, cpus: $cpus, load_1min: ($load | tonumber)}},
	  ratios: .}' "$work/rows" >"$work/bench.json"
table "$work/bench.json"
mv "$work/bench.json" "$results/bench.json"
read -r good bad free < <(jq -r '[.ratios[].holds] | "\(map(select(. == true)) | length) \(map(select(. == false)) | length) \(map(select(. == null)) | length)"' "$results/bench.json")
printf 'bench: %d goals hold, %d do not, %d figures without a goal; %s\n' "$good" "$bad" "$free" "${results#"$RTLAT_ROOT"/}/bench.json"
[[ $bad -eq 0 ]] || exit 2
