#!/usr/bin/env bash
# With how many CPUs, at most two, does this Bochs boot a kernel? Taking two in its
# configuration proves nothing (Debian's 2.7 takes them, and the kernel stalls), so boot
# one. The limit is CPU time, which a busy machine does not change much. The answer is
# kept for each emulator, under build/boot/.
#
# usage: probe-bochs.sh [FLAVOUR]	prints the number
# Environment: BOCHS, as ci/bochs.sh has it
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

flavour=${1:-6.1}
# A boot with one CPU takes some 25 s.
cpu_time_s=150
bochs=$(command -v "${BOCHS:-bochs}") || die "${BOCHS:-bochs} is missing (run: sudo ci/deps.sh bochs)"
known=$RTLAT_BUILD/boot/bochs-cpus
identity=$(stat -L -c '%n %Y %s' "$(realpath "$bochs")" "$RTLAT_ROOT"/ci/{bochs.sh,bochs-boot.S,probe-bochs.sh} | tr '\n' ' ')$flavour
if [[ -e $known ]]; then
	while read -r cpus who; do
		if [[ $who == "$identity" ]]; then
			printf '%s\n' "$cpus"
			exit 0
		fi
	done <"$known"
fi
log=$(mktemp)
remove_at_exit "$log"
cpus=1
say "trying two CPUs, once for this emulator"
# expanded in the machine
# shellcheck disable=SC2016
if "$RTLAT_ROOT/ci/bochs.sh" --kernel "$flavour" --smp 2 --cpu-time "$cpu_time_s" --timeout 1200 -- \
	'[[ $(nproc) -eq 2 ]]' >"$log" 2>&1; then
	cpus=2
fi
mkdir -p "${known%/*}"
printf '%s %s\n' "$cpus" "$identity" >>"$known"
printf '%s\n' "$cpus"
