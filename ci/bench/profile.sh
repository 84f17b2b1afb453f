#!/usr/bin/env bash
# Benchmarks: instructions of rtlat's own inside each interval that it measures, and by
# function: from every instruction that an emulated host executes in some releases.
# Raw figures contain them; corrected are those without.
#
# usage: profile.sh FILE	KERNEL=6.1
#	build/bench/profile/functions: INSTRUCTIONS FUNCTION, of a release
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=ci/bench/lib.sh
. "$RTLAT_ROOT/ci/bench/lib.sh"

file=$1
kernel=${KERNEL:-6.1}
out=$RTLAT_BUILD/bench/profile
bytes=30000000

bench_begin "$out" "$kernel"
bench_spent "$out"
# the path of a socket is short
sockets=$(mktemp -d)
remove_at_exit "$sockets"
# the process of the lowest priority runs where nothing is written down
bench_host "$out" "$kernel" "host/probes.sh $out profile" --clock instructions \
	--qemu "-dfilter 0xffffffff80000000+0x7fffffff -D $out/log -monitor unix:$sockets/monitor,server,nowait" >"$out/run.log" 2>&1 &
pid=$!
for ((tries = 0; tries < 6000; tries++)); do
	[[ ! -e $out/ready ]] || break
	kill -0 "$pid" 2>/dev/null || die "the host has ended: $(tail -n 1 "$out/run.log")"
	sleep 0.1
done
"$RTLAT_ROOT/ci/bench/profile.pl" log "$sockets/monitor" "$out/log" $bytes
# told to end, it has no verdict
wait "$pid" || true
"$RTLAT_ROOT/ci/bench/profile.pl" read "$out/log" "$out/symbols" "$out/functions" >"$out/metrics"
rm -f "$out/log"
while read -r metric own raw n; do
	row "$kernel: rtlat's own instructions in $metric / all of it" - "$n" "$own" "$raw" instructions instructions
done <"$out/metrics" >"$file"
