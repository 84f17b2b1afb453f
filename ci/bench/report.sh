#!/usr/bin/env bash
# How fast rtlat report is on a large trace, beside what else reads one: a made trace
# of two CPUs, plain and as trace-cmd compresses it. Each pair is measured in turn,
# figures are medians. Traces stay in build/bench for the next time.
#
# usage: report.sh ROWS [MIB]
#	ROWS	receives one JSON object a line, see ci/bench/lib.sh
#	MIB	pages of the trace (default: 1024)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=ci/bench/lib.sh
. "$RTLAT_ROOT/ci/bench/lib.sh"

[[ $# -ge 1 && $# -le 2 ]] || die "usage: report.sh ROWS [MIB]"
rows=$1
mib=${2:-1024}
[[ $mib =~ ^[1-9][0-9]*$ ]] || die "$mib: not a number of MiB"
readonly SMALL_MIB=16 ROUNDS=5
# What takes minutes is measured again only while all of it took less than so many seconds.
readonly SLOW_S=240
# What a report may take beside the file itself.
readonly MAX_BYTES=$((64 << 20))

tools=$RTLAT_BUILD/userspace
make -s -C "$RTLAT_ROOT/userspace" O="$tools" all bench >&2
dir=$RTLAT_BUILD/bench
mkdir -p "$dir"

# made NAME MIB - a plain trace of the golden cell of that name, if there is no later one;
# what is made of it goes
made() {
	local plain=$dir/$1-$2.dat golden=$RTLAT_ROOT/userspace/tests/golden/$1/trace.dat
	[[ ! $plain -nt $tools/bench-make-trace || ! $plain -nt $golden ]] || return 0
	rm -f "$plain.zst" "${plain%.dat}-zstd.dat"
	"$tools/bench-make-trace" "$golden" "$plain.new" "$2" >&2
	mv "$plain.new" "$plain"
}

# make_trace MIB - a plain trace, the same as trace-cmd compresses it, and the plain one
# as zstd does; and a plain one with a record for each job
make_trace() {
	local plain=$dir/timer-$1.dat packed=$dir/timer-$1-zstd.dat
	made jobs "$1"
	made timer "$1"
	[[ ! -e $packed || ! -e $plain.zst ]] || return 0
	trace-cmd convert -i "$plain" -o "$packed.new" --file-version 7 --compression zstd >"$dir/log" 2>&1 || die "$plain: $(tail -n 1 "$dir/log")"
	mv "$packed.new" "$packed"
	zstd -q -f "$plain" -o "$plain.zst.new"
	mv "$plain.zst.new" "$plain.zst"
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

# seconds NAME - the median of its runs
seconds() {
	# words
	# shellcheck disable=SC2086
	calc "$(median ${times[$1]}) / 1e6"
}

# pair NAME GOAL N A B - of two commands' times
pair() { row "$1" "$2" "$3" "$(seconds "$4")" "$(seconds "$5")" s wall; }

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

say "making traces"
make_trace "$SMALL_MIB"
make_trace "$mib"
for file in "$dir"/{timer,jobs}-"$SMALL_MIB.dat" "$dir/timer-$SMALL_MIB-zstd.dat"; do
	"$tools/bench-compare-report" "$file" || die "$file: another report than that of libtracecmd's records"
	"$tools/rtlat" report "$file" | grep -qx 'module and trace agree' || die "$file: module and trace do not agree"
	[[ $file == */timer-* ]] || continue
	diff <(awk_report "$file" | LC_ALL=C sort) <(our_report "$file" | LC_ALL=C sort) >&2 ||
		die "$file: other figures than those of trace-cmd report"
done
say "reports of $SMALL_MIB MiB are identical to those of libtracecmd's records"

plain=$dir/timer-$mib.dat packed=$dir/timer-$mib-zstd.dat jobs=$dir/jobs-$mib.dat
cat "$plain" "$packed" "$plain.zst" "$jobs" >/dev/null
for ((i = 0; i < ROUNDS; i++)); do
	measure plain "$tools/rtlat" report "$plain"
	measure cat cat "$plain"
	measure packed "$tools/rtlat" report "$packed"
	measure zstd zstd -dc "$plain.zst"
	measure jobs "$tools/rtlat" report "$jobs"
	measure cat_jobs cat "$jobs"
done
begin=$SECONDS
for ((slow_rounds = 0; slow_rounds == 0 || (slow_rounds < ROUNDS && SECONDS - begin < SLOW_S); slow_rounds++)); do
	measure trace_cmd trace-cmd report "$plain"
	measure trace_cmd_packed trace-cmd report "$packed"
	measure awk awk_report "$plain"
done
{
	pair 'report of a plain trace / cat' '<= 3' $ROUNDS plain cat
	pair 'report of a plain trace with a record for each job / cat' '<= 3' $ROUNDS jobs cat_jobs
	pair 'report of a compressed trace / zstd -dc' '<= 3' $ROUNDS packed zstd
	pair 'trace-cmd report / report, plain' '>= 40' $slow_rounds trace_cmd plain
	pair 'trace-cmd report / report, compressed' '>= 40' $slow_rounds trace_cmd_packed packed
	pair 'trace-cmd report and awk / report, plain' '>= 40' $slow_rounds awk plain
	# pages are read, not mapped: all that is resident counts
	row 'resident memory of a report, plain' "<= $MAX_BYTES" 1 "$(peak "$plain")" - bytes count
	row 'resident memory of a report, compressed' "<= $MAX_BYTES" 1 "$(peak "$packed")" - bytes count
	row "resident memory of a report, $mib MiB / $SMALL_MIB MiB" '<= 1.5' 1 "$(peak "$plain")" "$(peak "$dir/timer-$SMALL_MIB.dat")" bytes count
} >"$rows"
