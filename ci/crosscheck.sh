#!/usr/bin/env bash
# Cross-checks: rtlat's latencies beside those of the kernel's timerlat and of
# cyclictest, and its intervals beside the kernel's own events, all in one run of
# an emulated host that counts instructions. Prints the table of differences,
# fails beyond the bounds, and makes docs/crosscheck.md when all of them hold.
#
# usage: crosscheck.sh		KERNEL=6.12-test, which has timerlat; COUNT=2000
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

kernel=${KERNEL:-6.12-test} count=${COUNT:-2000}
out=$RTLAT_BUILD/crosscheck
table=$out/table.md

# figures NAME METRIC [OVER] - n, mean and median of a cell's metric
figures() { jq -r --arg metric "$2" --arg over "${3:-kept}" '.metrics[$metric][$over] | "\(.n) \(.mean) \(.p50)"' "$out/$1/summary.json"; }

# of_numbers - n, mean and median of lines of NUMBER [HOW OFTEN]
of_numbers() {
	sort -n | awk '{ times = NF > 1 ? $2 : 1; value[NR] = $1; number[NR] = times; n += times; sum += times * $1 }
		END {
			for (i = 1; i <= NR && seen * 2 < n; i++) { seen += number[i]; median = value[i] }
			printf "%d %.3f %d\n", n, n ? sum / n : 0, median
		}'
}

# timerlat NAME CONTEXT [CELL] - of its samples, or of those during a cell's run
timerlat() {
	local begin=0 end=0
	if [[ -n ${3:-} ]]; then
		begin=$(sed -n 's/^begin_ns=//p' "$out/$3/status")
		end=$(sed -n 's/^end_ns=//p' "$out/$3/status")
	fi
	awk -v what="$2" -v begin="$begin" -v end="$end" '$1 == what && (!end || ($3 * 1000 >= begin && $3 * 1000 <= end)) { print $2 }' "$out/timerlat-$1" | of_numbers
}

# beside WHAT OURS THEIRS PERCENT NS - a row of the table; OURS and THEIRS are
# figures as above. The means differ by no more than PERCENT of theirs or NS,
# whatever is more; PERCENT -: the row only shows
beside() {
	awk -v what="$1" -v ours="$2" -v theirs="$3" -v percent="$4" -v ns="$5" -v count="$count" 'BEGIN {
		split(ours, a); split(theirs, b)
		if (a[1] < count || b[1] < count) { printf "%s: %d and %d samples, not %d\n", what, a[1], b[1], count; exit 1 }
		off = a[2] - b[2]; limit = b[2] * percent / 100
		if (limit < ns) limit = ns
		gate = percent == "-" ? "none" : percent " % or " ns
		good = percent == "-" || (off <= limit && -off <= limit)
		printf "| %s | %d | %.1f | %d | %d | %.1f | %d | %+.1f | %+.1f | %s |%s\n", what, a[1], a[2], a[3], b[1], b[2], b[3],
			off, 100 * off / b[2], gate, good ? "" : " beyond it"
		exit !good
	}' | tee -a "$table"
	# tee never fails here
	return "${PIPESTATUS[0]}"
}

recounted() {
	cat "$out/raw.txt"
	# the last lines of a recount that agrees, and nothing that is allowed more than 1 %
	grep -q '^[0-9]* counts, 0 differ; [0-9]* releases in both views, 0 differences in their times$' "$out/raw.txt" &&
		grep -q 'allowed: 1 % of the mean' "$out/raw.txt" && ! grep -qE '^(status|rtlat:) ' "$out/raw.txt"
}

rows() {
	local why what
	if [[ -e $out/timerlat-alone && -e $out/timerlat-together ]]; then
		try 'release_latency and timerlat IRQ' beside 'release_latency, timerlat IRQ' \
			"$(figures alone release_latency)" "$(timerlat alone irq)" 5 300
		try 'thread_latency and timerlat thread' beside 'thread_latency, timerlat thread' \
			"$(figures alone thread_latency unqueued)" "$(timerlat alone thread)" 5 300
		try 'release_latency and timerlat IRQ at the same time' beside 'release_latency, timerlat IRQ; at the same time' \
			"$(figures together release_latency)" "$(timerlat together irq together)" 5 300
		try 'thread_latency and timerlat thread at the same time' beside 'thread_latency, timerlat thread; at the same time' \
			"$(figures together thread_latency unqueued)" "$(timerlat together thread together)" 10 500
	else
		why="kernel $kernel has no timerlat"
		for what in 'release_latency and timerlat IRQ' 'thread_latency and timerlat thread'; do
			skip "$what" "$why"
			skip "$what at the same time" "$why"
		done
	fi
	try 'thread_latency and cyclictest' beside 'thread_latency, cyclictest' \
		"$(figures alone thread_latency unqueued)" "$(of_numbers <"$out/cyclictest-alone")" 30 1000
	try 'thread_latency and cyclictest, rtlat listening' beside 'thread_latency, cyclictest; rtlat listening' \
		"$(figures alone thread_latency unqueued)" "$(of_numbers <"$out/cyclictest-probes")" 10 500
	try "attempts and intervals from the kernel's events" recounted
}

# costs - what the tools' probes cost each other: the same with and without
costs() {
	beside 'release_latency with timerlat on, alone' "$(figures together release_latency)" "$(figures alone release_latency)" - 0
	beside 'timerlat IRQ with rtlat on, alone' "$(timerlat together irq together)" "$(timerlat alone irq)" - 0
	beside 'thread_latency with timerlat on, alone' "$(figures together thread_latency unqueued)" "$(figures alone thread_latency unqueued)" - 0
	beside 'timerlat thread with rtlat on, alone' "$(timerlat together thread together)" "$(timerlat alone thread)" - 0
	beside 'cyclictest with rtlat listening, alone' "$(of_numbers <"$out/cyclictest-probes")" "$(of_numbers <"$out/cyclictest-alone")" - 0
}

# judged - a table that lets everything pass would go unnoticed
judged() {
	local table=/dev/null count=2
	beside a '2 105 1' '2 100 1' 5 0 && beside a '2 130 1' '2 100 1' 5 30 && ! beside a '2 106 1' '2 100 1' 5 0 &&
		! beside a '2 94 1' '2 100 1' 5 0 && ! beside a '1 100 1' '2 100 1' 5 0 && ! beside a '2 100 1' '0 0 0' 5 0 &&
		[[ $(printf '3\n1\n2\n' | of_numbers) == '3 2.000 2' && $(printf '9 1\n1 3\n' | of_numbers) == '4 3.000 1' ]]
}

page() {
	cat <<-'END'
		# Cross-checks

		Made by `make crosscheck`; what is compared, and why it differs, is written in [testing.md](testing.md#cross-checks-and-recount).

	END
	printf 'Kernel %s, native on the emulated host, clock: instructions (1 instruction = 1 ns); one boot. Releases every millisecond, SCHED_FIFO 95,\n' "$release"
	printf 'one CPU, from idle. Medians of rtlat are upper bounds of histogram buckets (1/64).\n\n'
	cat "$out/head.md" "$table"
	printf '\nWhat the tools cost each other:\n\n'
	cat "$out/head.md"
	table=$out/costs.md costs
	cat <<-'END'

		## From the kernel's own events

		The same, recorded with `--raw`, and what `rtlat recount` says of it:

	END
	sed -e '/^$/!s/^/    /' -e 's/ *$//' "$out/raw.txt"
}

rm -rf "$out"
mkdir -p "$out"
command -v cyclictest >/dev/null || die "cyclictest is missing (run: sudo ci/deps.sh check)"
"$RTLAT_ROOT/ci/kernel.sh" "$kernel" all
release=$(<"$RTLAT_BUILD/kernels/$kernel/release")
make -C "$RTLAT_ROOT" userspace module KERNEL="$kernel" >"$out/build.log" 2>&1 || die "the module or the tools do not build, see $out/build.log"
say "one emulated host, kernel $release"
try 'the host runs all of them' "$RTLAT_ROOT/ci/run.sh" --kernel "$kernel" --clock instructions --rw "$out" --keep "$out" --timeout 900 -- \
	"ci/crosscheck-host.sh $out $count"
cat >"$out/head.md" <<-'END'
	| the first, and what it is held against | n | mean [ns] | median | n | mean [ns] | median | difference [ns] | % | allowed |
	|---|---:|---:|---:|---:|---:|---:|---:|---:|---|
END
try 'differences beyond the bounds are noticed' judged
if [[ $TALLY_FAILED -eq 0 ]]; then
	rows
	cat "$out/head.md" "$table"
fi
if [[ $TALLY_FAILED -eq 0 && $TALLY_SKIPPED -eq 0 ]]; then
	page >"$out/crosscheck.md"
	mv "$out/crosscheck.md" "$RTLAT_ROOT/docs/crosscheck.md"
else
	say "docs/crosscheck.md stays as it is"
fi
tally crosscheck
