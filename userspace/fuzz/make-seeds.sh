#!/usr/bin/env bash
# Inputs to begin fuzzing with, and the words of their formats, from the golden
# cells and traces: they need no second copy.
#
# usage: make-seeds.sh OUT
#	OUT/TARGET/*	inputs
#	OUT/TARGET.dict	words
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
golden=$here/../tests/golden
root=$here/../..
out=$1
# The statistics of two metrics are enough to tell a cell's story.
few='event_latency|sched_overhead'

part() { # NAME FILE - a file as a part of an input
	printf '=== %s\n' "$1"
	cat "$2"
}

some() { # FILE - the lines of a cell's file that are of few metrics
	grep -E "metric=($few) " "$1" || true
}

cell() { # FILE [FILTER] - a cell's object in one line
	jq -c --arg few "$few" '.metrics |= with_entries(select(.key | test("^(" + $few + ")$")))
		| .metrics[].largest |= .[:2] | del(.environment) '"${2:+| $2}" "$1"
}

words() { # TARGET WORDS - a dictionary, one word in a line of the input
	LC_ALL=C sort -u | sed 's/[\\"]/\\&/g; s/.*/"&"/' >"$out/$1.dict"
}

rm -rf "$out"
for target in $(make -s -C "$here" list); do
	mkdir -p "$out/$target"
done

for name in ipi timer queued taskset jobs; do
	# without the seal, which no change would ever fit again
	head -c -24 "$golden/$name/trace.dat" >"$out/trace/$name"
done
head -c -24 "$golden/raw.dat" >"$out/trace/raw"
# the format that newer trace-cmd writes, with and without compression
trace-cmd convert -i "$golden/ipi/trace.dat" -o "$out/trace/version-7" --file-version 7 --compression zstd >/dev/null 2>&1
trace-cmd convert -i "$golden/ipi/trace.dat" -o "$out/trace/version-7-plain" --file-version 7 --compression none >/dev/null 2>&1
cp "$golden/ipi/trace.dat" "$out/trace_check/sealed"
cp "$out"/trace/{ipi,timer} "$out/trace_check"
strings -n 4 "$out/trace/ipi" | grep -oE '^[a-z_]+|[a-z]+:' | words trace
cp "$out/trace.dict" "$out/trace_check.dict"

for name in ipi timer queued taskset; do
	for file in status ledger summary histograms outliers tasks taskset; do
		[[ ! -e $golden/$name/$file ]] || part "$file" "$golden/$name/$file"
	done >"$out/cell/$name"
	printf '=== proof\nguest_cpu=max,-kvm_pv_eoi kvm_inj_virq=20\n' >>"$out/cell/$name"
	cell "$golden/$name/summary.json" >"$out/summary/cell-$name"
done
cat "$out"/cell/* | grep -oE '(^| )[a-z_0-9]+=|=[a-z_]+( |$)|^=== [a-z]+' | sed 's/^ //; s/ $//' | words cell

# one platform beside another, each with the same figures
for name in timer taskset; do
	{
		for file in ledger summary histograms; do
			printf '=== %s\n' "$file"
			some "$golden/$name/$file"
		done
		printf '=== proof\nx=1\n'
		for platform in native kvm; do
			printf '=== %s\n' "$platform"
			cell "$golden/$name/summary.json" ".platform = \"$platform\""
		done
	} >"$out/results/$name"
	{
		printf '{"schema":"rtlat-results/1","host":{"kind":"this"},"cells":['
		cell "$golden/$name/summary.json"
		printf ','
		cell "$golden/$name/summary.json" '.platform = "kvm"'
		printf ']}'
	} | tr -d '\n' >"$out/summary/all-$name"
done
jq -r '[paths | map(select(type == "string")) | .[]] | unique | .[]' "$golden/taskset/summary.json" |
	sed 's/.*/"&"/' | words summary
cat "$out/summary.dict" "$out/cell.dict" >"$out/results.dict"

# snapshots are inputs as they are
find "$here/../tests/proof" -type f ! -name '*.md' -exec cp -t "$out/proof" {} +
cat "$out"/proof/* | grep -ohE '^=== .*|^[a-z_]+ |[a-z_]+=' | words proof

# any bytes are changes to a run; the first one says to which
for name in 0 1 2 3; do
	printf '%b' "\\x0$name" >"$out/run/$name"
	{
		printf '%b' "\\x0$name"
		head -c 240 "$golden/taskset/histograms"
	} >"$out/run/$name-changed"
done
sed -nE 's/^RTLAT_PARAM_[A-Z]+\(([a-z_]+),.*/\1/p' "$root/module/params.def" | words run

# golden sets and matrices
cp "$golden/taskset/taskset" "$out/taskset"
cp "$root"/selftests/matrices/* "$out/matrix"
sed 's/ .*//' "$golden/timer/params" >"$out/params/timer"
sed 's/ .*//' "$golden/taskset/params" >"$out/params/taskset"
grep -ohE '[a-z_]+=' "$golden/taskset/taskset" | words taskset
{
	sed -nE 's/^RTLAT_PARAM_[A-Z]+\(([a-z_]+),.*/\1=/p' "$root/module/params.def"
	sed -nE 's/.*X\([A-Z_]+, ([a-z_]+)\).*/\1/p' "$root/module/uapi/rtlat.h"
} | words params
{
	sed 's/^"//; s/"$//' "$out/params.dict"
	printf '%s\n' platform=native 'platform=native|kvm' set= load=on trace=on vcpus=2 clock=any '|'
} | words matrix
cp "$here"/../tests/doctor/* "$out/doctor"
cat "$out"/doctor/* | grep -oE '^!?[^ ]+|[^ ]+$' | words doctor
printf '%s\n' 0-3 , :1/2 8191 | words cpulist
printf '0,2-3' >"$out/cpulist/list"
printf '0-15:2/4,8000-8191' >"$out/cpulist/groups"
printf '%s\n' rtlat-restore/1 boot= owner= owner_start= file path= found= set= reads= affinity pid= start= \
	name= module with loaded= was.a= set.a= end changes= /sys/ /proc/ kvm kvm_amd kvm_intel %20 | words journal
cp "$here/corpus/journal/all-kinds" "$out/journal"
