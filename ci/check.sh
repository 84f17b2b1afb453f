#!/usr/bin/env bash
# All checks, in the order of what fails fastest. The last line is the count of
# single checks: `N passed, N failed, N skipped`; the status is 1 when one failed.
#
# usage: check.sh [long]
#	long	also what takes longer: loops of 100, calibrations in the guest,
#		a second demo that must agree with the first, the paper's experiment,
#		ten minutes of fuzzing,
#		kernels that are built here: the debug kernel's tier,
#		the emulated Intel host
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

side_by_side() {
	local pid
	rm -rf "$out/side"
	make module KERNEL=6.1 O="$out/side/a" >"$out/side-a.log" 2>&1 &
	pid=$!
	make module KERNEL=6.12 O="$out/side/b"
	wait "$pid"
	[[ -s $out/side/a/rtlat.ko && -s $out/side/b/rtlat.ko ]]
}

# sources - what lies where the sources do, and its state
sources() { find module Kbuild -type f -exec sha256sum {} + | sort -k 2; }

# builds - every kernel, two of them at the same time from one checkout, and
# nothing written beside the sources
builds() (
	TALLY_PASSED=0 TALLY_FAILED=0 TALLY_SKIPPED=0
	sources >"$out/sources"
	for flavour in $(kernel_flavours); do
		ci/kernel.sh "$flavour" headers
		try "module for $flavour" make module KERNEL="$flavour"
	done
	try 'two kernels side by side' side_by_side
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

# The debug kernel's tier takes as long as all the rest, and one CPU: it goes on
# beside it, in a process group of its own, and is shown when its turn comes.
debug_begin() {
	setsid bash -c "ci/debug.sh >'$out/debug.beside' 2>&1; echo \$? >'$out/debug.status'" &
	debug=$!
	trap 'kill -TERM -- -"$debug" 2>/dev/null || true' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

debug_show() {
	tail -n +1 -s 5 -f --pid="$debug" "$out/debug.beside"
	return "$(cat "$out/debug.status")"
}

suite builds builds
[[ -z $long ]] || debug_begin
suite lint make lint
suite unit unit_tests
suite coverage ktests/coverage.pl "$RTLAT_BUILD/coverage"
suite ktest ktest
suite fuzz env FUZZ_SECONDS=${long:+600} FUZZ_SEED=${long:+random} ci/fuzz.sh
suite selftests ci/selftests.sh ${long:+--long}
suite busted ci/busted.sh
suite demo demo
suite sweep ci/check-sweep.sh
suite bench ci/check-bench.sh
if [[ -n $long ]]; then
	suite truth ci/truth.sh
	suite crosscheck ci/crosscheck.sh
	suite mutants ktests/mutants.pl "$RTLAT_BUILD/mutants"
	suite site-mutants ci/site-mutants.pl
	suite calibration ci/check-calibration.sh
	suite restore ci/check-restore.sh
	suite bochs ci/check-bochs.sh
	suite paper paper
	suite debug debug_show
fi
printf '\n'
tally ''
