#!/usr/bin/env bash
# Record the golden cells and traces anew, on the emulated host with kernel 6.1
# and instructions as its clock: needed when a format of the module changes.
# The module and the tools have to be built (make module userspace KERNEL=6.1).
#
# usage: make-golden.sh
set -euo pipefail
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
golden=$root/userspace/tests/golden
new=$(mktemp -d "$golden.XXXXXX")
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"

# cell NAME PARAMETER... - the command for a cell with its trace; RTLAT_KO is
# for that of the emulated host
# shellcheck disable=SC2016
cell() {
	printf 'rtlat run --trace --out %q --clock instructions --insns-per-us 1000 --module "$RTLAT_KO" %s\n' \
		"$new/$1" "${*:2}"
}

"$root/ci/run.sh" --kernel 6.1 --clock instructions --rw "$new" -- "set -e
$(cell timer mode=timer cpus=0 count=100)
$(cell queued mode=timer count=30 tasks=3 period_us=1000,2000,3000 exec_us=100,500,700 arm=callback)
$(cell jobs mode=timer tasks=2 period_us=1000,2000 exec_us=100,1100 count=40 trace_per=job)
$(cell ipi mode=ipi ipi_kind=self count=50)
$(cell taskset mode=taskset distribution=medium-uniform tasks_per_cpu=4 seed=1 period_percent=10 count=20 --set 1)
$(cell raw --raw mode=timer count=12 tasks=3 period_us=1000,2000,3000 exec_us=100,500,700 arm=callback)
$(cell lost mode=timer count=300 --buffer-kib 8)"
for name in raw lost; do
	mv "$new/$name/trace.dat" "$new/$name.dat"
	rm -rf "${new:?}/$name"
done
rm -rf "$golden"
mv -T "$new" "$golden"
trap - EXIT
