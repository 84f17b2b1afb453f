#!/usr/bin/env bash
# Benchmarks: how long one waits: from the start of an emulated host to the first line
# of its command, for the build of the module and of the tools, for make demo. Wall
# time: of an idle machine, or it says little.
#
# usage: turnaround.sh FILE
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=ci/bench/lib.sh
. "$RTLAT_ROOT/ci/bench/lib.sh"

file=$1
out=$RTLAT_BUILD/bench/turnaround
times=${TIMES:-3}

now() { date +%s.%N; }

# took COMMAND... - seconds
took() {
	local begin
	begin=$(now)
	"$@" >"$out/log" 2>&1 || die "$*: status $?, see $out/log"
	calc "$(now) - $begin"
}

# first_line COMMAND... - seconds until it has written one
first_line() {
	local begin
	begin=$(now)
	"$@" 2>"$out/log" | {
		read -r _ || die "$*: no line, see $out/log"
		calc "$(now) - $begin"
		cat >/dev/null
	}
}

# several COMMAND... - the median of some
several() {
	local i seconds=()
	for ((i = 0; i < times; i++)); do
		seconds+=("$("$@")")
	done
	median "${seconds[@]}"
}

host() { first_line "$RTLAT_ROOT/ci/run.sh" --kernel "$1" --clock "$2" --rw "$out" -- 'echo up'; }

# O= is as a new folder each time
build_module() {
	rm -rf "$out/module"
	took make -C "$RTLAT_ROOT" module KERNEL=6.1 O="$out/module"
}

build_tools() {
	rm -rf "$out/userspace"
	took make -C "$RTLAT_ROOT/userspace" O="$out/userspace"
}

rows() {
	local kernel
	for kernel in $(kernel_flavours); do
		"$RTLAT_ROOT/ci/kernel.sh" "$kernel" image
		row "two-CPU host, $kernel: start to the first command" '<= 8' "$times" "$(several host "$kernel" none)" - s wall
		row "instruction-clock host, $kernel: start to the first command" '<= 15' "$times" "$(several host "$kernel" instructions)" - s wall
	done
	row 'build of the module' - "$times" "$(several build_module)" - s wall
	row 'build of the tools' - 1 "$(build_tools)" - s wall
	row 'make demo, packages present' '<= 120' 1 "$(took make -C "$RTLAT_ROOT" demo RESULTS="$out/demo")" - s wall
}

bench_begin "$out" 6.1
rows >"$file"
