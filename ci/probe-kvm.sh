#!/usr/bin/env bash
# Does KVM work on this machine? A /dev/kvm proves nothing (there are machines
# on which a guest hangs for ever), so boot a guest that does nothing, within a
# time limit. One line says what was found.
#
# usage: probe-kvm.sh [FLAVOUR]		exit status 0: it works; 1: it does not
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

limit=${RTLAT_PROBE_LIMIT:-20}
[[ $(id -u) -eq 0 ]] || die "only root can load KVM: run it as root"
log=$(mktemp)
remove_at_exit "$log"

status=0
reason=$("$RTLAT_ROOT/ci/guest.sh" --kernel "${1:-${RTLAT_KERNEL:-6.1}}" --timeout "$limit" -- true 2>"$log") || status=$?
case $status in
0) echo "KVM works: a guest booted and ended" ;;
77) echo "KVM does not work: ${reason##*$'\n'}" ;;
124) echo "KVM does not work: a guest hung, it had not booted after $limit s" ;;
*) echo "KVM does not work: $(head -n 1 "$log" | sed 's/^[^ ]*: //')" ;;
esac
[[ $status -eq 0 ]]
