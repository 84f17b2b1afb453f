#!/usr/bin/env bash
# All checks, in the order of what fails fastest. The last line is the count of
# single checks: `N passed, N failed, N skipped`; the status is 1 when one failed.
#
# usage: check.sh [long]
#	long	each of them longer (loops of 100, ten minutes of fuzzing, a second demo
#		that must agree with the first), kernels that are built here, and more
#		suites: those after "if [[ -n $long ]]" below
# Environment: SUITES	only these, by the names that their counts begin with, after the
#			modules and tools that they stand on are built
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try and suite
# shellcheck disable=SC2317
cd "$RTLAT_ROOT"

long=${1:-}
out=$RTLAT_BUILD/check
TALLY_LOGS=$out
rm -rf "$out"
mkdir -p "$out"

unit_tests() {
	local status=0
	make test >"$out/unit.log" 2>&1 || status=$?
	grep -E '\[ +FAILED +\]|ERROR|Error|error:' "$out/unit.log" || true
	awk -v status="$status" '
		/^\[  PASSED  \] [0-9]+ test/ { passed += $4 }
		/^\[  FAILED  \] [0-9]+ test/ { failed += $4 }
		/^\[  SKIPPED \] [0-9]+ test/ { skipped += $4 }
		END {
			if (status && !failed) failed = 1
			printf "unit: %d passed, %d failed, %d skipped\n", passed, failed, skipped
			exit failed || !passed
		}' "$out/unit.log"
}

# modules FLAVOUR... - from one checkout, at the same time, with sparse and all of W=1
modules() {
	local flavour pid pids=() status=0
	for flavour in "$@"; do
		make module KERNEL="$flavour" W=1 C=2 >"$out/module-$flavour.log" 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=$?
	done
	for flavour in "$@"; do
		! grep -E 'warning|error' "$out/module-$flavour.log" || status=1
	done
	[[ $status -eq 0 ]] || tail -n 20 "$out"/module-*.log
	return "$status"
}

# sources - what lies where the sources do, and its state
sources() { find module Kbuild -type f -exec sha256sum {} + | sort -k 2; }

# builds - every kernel, two of them side by side, and nothing written beside the
# sources
builds() (
	TALLY_PASSED=0 TALLY_FAILED=0 TALLY_SKIPPED=0
	local flavours i
	sources >"$out/sources"
	read -ra flavours <<<"$(kernel_flavours)"
	for flavour in "${flavours[@]}"; do
		ci/kernel.sh "$flavour" headers
	done
	for ((i = 0; i < ${#flavours[@]}; i += 2)); do
		try "modules for ${flavours[*]:i:2}, side by side, sparse and W=1" modules "${flavours[@]:i:2}"
	done
	try 'nothing is written into module/' diff "$out/sources" <(sources)
	try 'the tools' make userspace
	tally builds
)

demo() (
	local first=$out/demo second=''
	RESULTS=$first make demo || printf 'make demo: status %d\n' $?
	if [[ -n $long ]]; then
		second=$out/demo-again
		RESULTS=$second make demo >"$out/demo-again.log" 2>&1 || printf 'second make demo: status %d\n' $?
	fi
	ci/check-demo.sh "$first" ${second:+"$second"}
)

paper() (
	RESULTS=$out/paper make paper || printf 'make paper: status %d\n' $?
	ci/check-paper.sh "$out/paper"
)

# ktest - a kernel takes minutes to build: the everyday tier uses one that is there
ktest() (
	if [[ -z $long ]] && ! ci/build-kernel.sh --check 6.12-test; then
		skip 'KUnit in a kernel' 'build/kernels/6.12-test is not built, or out of date (make ktest builds it)'
		printf 'ktest: 0 passed, 0 failed, 1 skipped\n'
	else
		ci/ktest.sh
	fi
)

# aside NAME COMMAND... - a suite that has use for one CPU begins, in a process group
# of its own; it is shown when its turn comes
aside() {
	wanted "$1" || return 0
	# the inner shell's
	# shellcheck disable=SC2016
	setsid bash -c '"${@:3}" >"$1" 2>&1; echo $? >"$2"' aside "$out/$1.beside" "$out/$1.status" "${@:2}" &
	asides[$1]=$!
}

shown() {
	tail -n +1 -s 1 -f --pid="${asides[$1]}" "$out/$1.beside"
	return "$(cat "$out/$1.status")"
}

# called by the trap
end_asides() {
	local name
	for name in "${!asides[@]}"; do
		kill -TERM -- "-${asides[$name]}" 2>/dev/null || true
	done
}
declare -A asides=()
trap end_asides EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# lint - KUnit's suites are the same source for RT kernels
lint() { MODULES=built FLAVOURS=$([[ -n $long ]] || kernel_flavours | tr ' ' '\n' | grep -v -- '-rt$' | paste -sd ' ') make lint; }

# wanted NAME - is the suite one of SUITES?
wanted() { [[ -z $only || " $only builds " == *" $1 "* ]]; }

# part NAME COMMAND... - a suite, if it is wanted
part() {
	known+=" $1"
	! wanted "$1" || suite "$@"
}

only=${SUITES:-} known=''
part builds builds
# the debug kernel's tier takes as long as all the rest
[[ -z $long ]] || aside debug ci/debug.sh
part lint lint
part unit unit_tests
part coverage ktests/coverage.pl "$RTLAT_BUILD/coverage"
part ktest ktest
part fuzz env FUZZ_SECONDS=${long:+600} FUZZ_SEED=${long:+random} ci/fuzz.sh
part selftests ci/selftests.sh ${long:+--long}
aside busted ci/busted.sh
part sweep ci/check-sweep.sh
part busted shown busted
part demo demo
part bench ci/check-bench.sh
if [[ -n $long ]]; then
	part truth ci/truth.sh
	part crosscheck ci/crosscheck.sh
	part mutants ktests/mutants.pl "$RTLAT_BUILD/mutants"
	part site-mutants ci/site-mutants.pl
	part calibration ci/check-calibration.sh
	part restore ci/check-restore.sh
	part hardware ci/check-hardware.sh
	part bochs ci/check-bochs.sh
	part paper paper
	part debug shown debug
fi
for name in $only; do
	[[ " $known " == *" $name "* ]] || die "SUITES: $name: not one of$known"
done
printf '\n== all: %d s\n' "$SECONDS"
tally ''
