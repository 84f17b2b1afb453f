#!/usr/bin/env bash
# The KUnit suites of ktests/ in a kernel with KUnit: built as modules, loaded
# one after the other in an emulated host of one of ci/kernels, and judged there
# (ktests/run.sh). The last line is the count; a warning in the kernel's log is
# one more failure.
#
# usage: ktest.sh [FLAVOUR]	(6.12-test)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# -le 1 ]] || die "usage: ktest.sh [FLAVOUR]"
flavour=${1:-6.12-test}
[[ -n $(kernel_config "$flavour") ]] || die "$flavour: a kernel without KUnit (ci/kernels has: $(kernels_built))"
"$RTLAT_ROOT/ci/kernel.sh" "$flavour" all
out=$RTLAT_BUILD/ktests/$flavour
mkdir -p "$out"
if ! make -C "$RTLAT_ROOT/ktests" modules KDIR="$RTLAT_BUILD/kernels/$flavour/headers" O="$out" >"$out/build.log" 2>&1; then
	grep -E 'error|warning|\*\*\*' "$out/build.log" >&2
	die "the suites do not build for $flavour, see $out/build.log"
fi
status=0
"$RTLAT_ROOT/ci/run.sh" --kernel "$flavour" --smp 1 --mem 1024 --keep "$out" -- \
	"ktests/run.sh $out/ktests" >"$out/ktap" || status=$?
cat "$out/ktap"
[[ $status -ne "$RTLAT_TIMEOUT" && $status -ne "$RTLAT_LOST" ]] || exit "$status"
if "$RTLAT_ROOT/selftests/splats.sh" <"$out/kernel.log"; then
	awk '$1 == "ktest:" { printf "ktest: %d passed, %d failed, %d skipped\n", $2, $4 + 1, $6 }' "$out/ktap"
	exit 1
fi
exit "$status"
