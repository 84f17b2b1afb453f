#!/usr/bin/env bash
# How many CPUs shall the emulated Intel host have, one or two? Two are for posted
# interrupts, which go from one to the other: only when KVM finds that this Bochs has
# them, and a kernel comes up with two. Both are tried by booting: a version says
# little (Debian's 2.7 takes two CPUs, but most boots with them stall).
# The limit is CPU time, which a busy machine does not change much. The answer is kept
# for each emulator, under build/boot/.
#
# usage: probe-bochs.sh [FLAVOUR]	prints the number
# Environment: BOCHS, as ci/bochs.sh has it
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

flavour=${1:-6.1}
# A boot takes some 25 s.
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

# machine CPUS COMMAND - does it end well there?
machine() {
	"$RTLAT_ROOT/ci/bochs.sh" --kernel "$flavour" --smp "$1" --cpu-time "$cpu_time_s" --timeout 1200 -- "$2" >"$log" 2>&1
}

say "trying what this Bochs can do, once"
cpus=1
# expanded in the machine
# shellcheck disable=SC2016
if machine 1 '. ci/kvm.sh; kvm_load Y || { echo "$kvm_reason"; exit 1; }'; then
	if machine 2 '[[ $(nproc) -eq 2 ]]'; then
		cpus=2
	else
		say "it has posted interrupts, but does not boot with two CPUs: $(tail -n 1 "$log")"
	fi
elif ! grep '^kvm_' "$log" | sed "s/^/${0##*/}: one CPU: /" >&2; then
	cat "$log" >&2
	die "BOCHS=$bochs: a machine with one CPU does not come up"
fi
mkdir -p "${known%/*}"
printf '%s %s\n' "$cpus" "$identity" >>"$known"
printf '%s\n' "$cpus"
