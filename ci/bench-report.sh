#!/usr/bin/env bash
# How fast rtlat report is on a large trace, beside what else reads one: a made trace
# of two CPUs, plain and as trace-cmd compresses it. Each pair is measured in turn, the
# figures are medians; a table on standard output, and rows of JSON for the file.
# Traces stay in build/bench for the next time.
#
# usage: bench-report.sh ROWS [MIB]
#	ROWS	receives one JSON object a line: name, value, goal, holds, n, a, b, unit;
#		value is a / b, or bytes
#	MIB	pages of the trace (default: 1024)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# -ge 1 && $# -le 2 ]] || die "usage: bench-report.sh ROWS [MIB]"
rows=$1
mib=${2:-1024}
[[ $mib =~ ^[1-9][0-9]*$ ]] || die "$mib: not a number of MiB"
readonly SMALL_MIB=16 ROUNDS=5 SLOW_ROUNDS=3
# What a report may take beside the file itself.
readonly MAX_BYTES=$((64 << 20))

tools=$RTLAT_BUILD/userspace
make -s -C "$RTLAT_ROOT/userspace" O="$tools" all bench >&2
dir=$RTLAT_BUILD/bench
mkdir -p "$dir"

# make_trace NAME MIB - a plain trace, the same as trace-cmd compresses it, and the
# plain one as zstd does
make_trace() {
	local plain=$dir/$1-$2.dat packed=$dir/$1-$2-zstd.dat
	[[ $plain -nt $tools/bench-make-trace && -e $plain.zst ]] && return
	"$tools/bench-make-trace" "$RTLAT_ROOT/userspace/tests/golden/timer/trace.dat" "$plain" "$2" >&2
	trace-cmd convert -i "$plain" -o "$packed" --file-version 7 --compression zstd >"$dir/log" 2>&1 || die "$plain: $(tail -n 1 "$dir/log")"
	zstd -q -f "$plain" -o "$plain.zst"
}

# the runs of each command, in seconds
declare -A times
measure() { # NAME COMMAND...
	local name=$1 from=$EPOCHREALTIME to
	shift
	"$@" >/dev/null 2>"$dir/log" || die "$*: $(tail -n 1 "$dir/log")"
	to=$EPOCHREALTIME
	times[$name]+="$((${to/./} - ${from/./})) "
}

median() { # NAME - in seconds
	tr ' ' '\n' <<<"${times[$1]}" | grep . | sort -n |
		awk '{ t[NR] = $1 } END { printf "%.6f", (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2e6 }'
}

failed=0
row() { # NAME GOAL N A B UNIT - B is 1 for what is no ratio
	awk -v name="$1" -v goal="$2" -v n="$3" -v a="$4" -v b="$5" -v unit="$6" 'BEGIN {
		split(goal, g, " ")
		value = a / b
		holds = g[1] == "<=" ? value <= g[2] : value >= g[2]
		printf "{\"name\":\"%s\",\"value\":%.3f,\"goal\":\"%s\",\"holds\":%s,\"n\":%d,\"a\":%s,\"b\":%s,\"unit\":\"%s\"}\n",
			name, value, goal, holds ? "true" : "false", n, a, b, unit
	}' >>"$rows"
	tail -n 1 "$rows" | jq -r '"\(if .holds then "ok  " else "MISS" end) \(.name): \(.value) (goal \(.goal)), \(.a) against \(.b) \(.unit), n=\(.n)"'
	tail -n 1 "$rows" | jq -e .holds >/dev/null || failed=1
}

awk_report() { # FILE - what a user of trace-cmd would write
	trace-cmd report "$1" 2>/dev/null | awk '/ rtlat_sample: / {
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^metric=/) m = substr($i, 8)
			else if ($i ~ /^duration_ns=/) d = substr($i, 13) + 0
		}
		if (!n[m]++) min[m] = d
		if (d < min[m]) min[m] = d
		if (d > max[m]) max[m] = d
		sum[m] += d
	} END { for (m in n) printf "%s,%d,%d,%.3f,%d\n", m, n[m], min[m], sum[m] / n[m], max[m] }'
}

# our_report FILE - the same figures of the samples of each metric, by rtlat
our_report() {
	"$tools/rtlat" report --csv "$1" | awk -F , '$2 == "all" { printf "%s,%d,%d,%.3f,%d\n", $1, $4, $5, $6, $12 }'
}

# peak FILE - resident memory of a report at its largest, in bytes
peak() {
	local kib
	kib=$(command time -f %M "$tools/rtlat" report "$1" 2>&1 >/dev/null | tail -n 1)
	printf '%d\n' $((kib * 1024))
}

: >"$rows"
say "making traces"
make_trace trace "$SMALL_MIB"
make_trace trace "$mib"
for file in "$dir/trace-$SMALL_MIB.dat" "$dir/trace-$SMALL_MIB-zstd.dat"; do
	"$tools/bench-compare-report" "$file" || die "$file: another report than that of libtracecmd's records"
	"$tools/rtlat" report "$file" | grep -qx 'module and trace agree' || die "$file: module and trace do not agree"
	diff <(awk_report "$file" | LC_ALL=C sort) <(our_report "$file" | LC_ALL=C sort) >&2 ||
		die "$file: other figures than those of trace-cmd report"
done
say "reports of $SMALL_MIB MiB are identical to those of libtracecmd's records"

plain=$dir/trace-$mib.dat packed=$dir/trace-$mib-zstd.dat
cat "$plain" "$packed" "$plain.zst" >/dev/null
for ((i = 0; i < ROUNDS; i++)); do
	measure plain "$tools/rtlat" report "$plain"
	measure cat cat "$plain"
	measure packed "$tools/rtlat" report "$packed"
	measure zstd zstd -dc "$plain.zst"
done
for ((i = 0; i < SLOW_ROUNDS; i++)); do
	measure trace_cmd trace-cmd report "$plain"
	measure trace_cmd_packed trace-cmd report "$packed"
	measure awk awk_report "$plain"
done
row report_plain_to_cat '<= 3' "$ROUNDS" "$(median plain)" "$(median cat)" s
row report_zstd_to_zstd '<= 3' "$ROUNDS" "$(median packed)" "$(median zstd)" s
row trace_cmd_to_report_plain '>= 40' "$SLOW_ROUNDS" "$(median trace_cmd)" "$(median plain)" s
row trace_cmd_to_report_zstd '>= 40' "$SLOW_ROUNDS" "$(median trace_cmd_packed)" "$(median packed)" s
row trace_cmd_awk_to_report_plain '>= 40' "$SLOW_ROUNDS" "$(median awk)" "$(median plain)" s
# pages are read, not mapped: all that is resident counts
row report_plain_resident "<= $MAX_BYTES" 1 "$(peak "$plain")" 1 bytes
row report_zstd_resident "<= $MAX_BYTES" 1 "$(peak "$packed")" 1 bytes
row report_plain_growth '<= 1.5' 1 "$(peak "$plain")" "$(peak "$dir/trace-$SMALL_MIB.dat")" bytes
exit "$failed"
