#!/usr/bin/env bash
# The debug kernel's tier (6.12-debug: KASAN, UBSAN, lockdep, DEBUG_OBJECTS,
# DEBUG_ATOMIC_SLEEP, kmemleak): that it finds what is wrong, then every selftest,
# the KUnit suites, random cycles of load, run and unload with CPU hotplug, and
# random bytes for every file and parameter. One splat, or one leak, is a failure.
#
# usage: debug.sh [SUITE...]	all of: ktest selftests writes cycles
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"

kernel=6.12-debug
TALLY_LOGS=$RTLAT_BUILD/debug
suites=("$@")
[[ $# -gt 0 ]] || suites=(ktest selftests writes cycles)
mkdir -p "$TALLY_LOGS"
"$RTLAT_ROOT/ci/kernel.sh" "$kernel" all
for name in "${suites[@]}"; do
	case $name in
	selftests) suite "$name" "$RTLAT_ROOT/ci/selftests.sh" --kernel "$kernel" ;;
	ktest) suite "$name" "$RTLAT_ROOT/ci/ktest.sh" "$kernel" ;;
	cycles | writes) suite "$name" "$RTLAT_ROOT/ci/selftests.sh" --kernel "$kernel" --long --tests "$name.sh" ;;
	*) die "$name: not one of ktest, selftests, writes, cycles" ;;
	esac
done
tally debug
