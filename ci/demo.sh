#!/usr/bin/env bash
# The demo: native against KVM (and KVM with posted interrupts, where there are
# any), timer cells and IPI cells, then the comparison as a table.
#
# Timers run on the clock of instructions, which has one CPU; IPIs need three and
# run on another emulated host beside it, for function only.
#
# Everything is written beside the results folder and put in its place at the
# end: a demo that fails or is interrupted leaves earlier results as they were.
#
# Environment: KERNEL (6.1), RESULTS (results/demo)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/host.sh
. "$RTLAT_ROOT/ci/host.sh"

results=${RESULTS:-$RTLAT_ROOT/results/demo}
limit=${RTLAT_DEMO_LIMIT:-300}
matrix=$RTLAT_ROOT/selftests/matrices/demo
rtlat=$RTLAT_BUILD/userspace/rtlat
# how long a demo takes as a rule, for the time left
expected=130

[[ $(id -u) -eq 0 ]] || die "the demo needs root; run: sudo make demo"
host_prepare emulated "${KERNEL:-6.1}"
results=$(realpath -m "$results")
mkdir -p "${results%/*}" || die "RESULTS=$results: cannot be made"
work=$(mktemp -d "${results%/*}/.${results##*/}.XXXXXX" 2>/dev/null) || die "RESULTS=$results: ${results%/*} cannot be written"
logs=$(mktemp -d)
remove_at_exit "$work" "$logs"
chmod 755 "$work"
mkdir "$work/results"
"$rtlat" matrix --kernel "$flavour" "$matrix" | host_where >"$logs/cells"
total=$(wc -l <"$logs/cells")
cpus=$(cut -f 5 "$logs/cells" | sort -n | tail -n 1)
for clock in instructions none; do
	awk -F '\t' -v clock="$clock" '$1 == clock { print $2 }' "$logs/cells" >"$logs/$clock"
done
pids=()
# called by the trap
# shellcheck disable=SC2317
stop_all() {
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	gone "${pids[@]}"
	cleanup_run
}
trap stop_all EXIT

# cells CLOCK LIMIT PLATFORM... - those of the demo, with a second emulated host
# when the first one is lost or out of time. It is said, and a cell that fails is
# not tried again.
cells() {
	local clock=$1 wall=$2 status try
	shift 2
	for try in 1 2; do
		status=0
		host_run "$clock" "$cpus" "$wall" "$logs/$clock-${*// /-}.kernel" "$work/results" \
			--cells "$logs/$clock" "$matrix" "$work/results" "$@" || status=$?
		if [[ $try -eq 2 ]] || ! host_lost "$status"; then
			break
		fi
		say "the emulated host of $* was lost (status $status); once more"
	done
	return "$status"
}

timer_cells() { cells instructions "$limit" native kvm kvm-pi; }

ipi_cells() {
	cells none "$limit" native
	cells none "$limit" kvm kvm-pi
}

# report - a line for every cell as it comes, with the time used and left
report() {
	local line done=0 left
	while read -r line; do
		[[ $line == cell\ * ]] || continue
		done=$((done + 1))
		left=$((expected - SECONDS))
		printf '[%2d/%d] %3d s, about %d s left: %s\n' "$done" "$total" "$SECONDS" "$((left > 0 ? left : 1))" "${line#cell }"
	done
}

say "$total cells on kernel $release, host: emulated"
exec 5> >(report)
reporter=$!
timer_cells >&5 2>"$logs/timer.err" &
pids+=($!)
ipi_cells >&5 2>"$logs/ipi.err" &
pids+=($!)
exec 5>&-
worst=0
for pid in "${pids[@]}"; do
	status=0
	wait "$pid" || status=$?
	[[ $status -le $worst ]] || worst=$status
done
wait "$reporter" || true
pids=()
for name in timer ipi; do
	[[ ! -s $logs/$name.err ]] || sed "s/^/$name: /" "$logs/$name.err" >&2
done
count=$(find "$work/results" -mindepth 2 -maxdepth 2 -name summary.json | wc -l)
if [[ $count -ne $total ]]; then
	die "$count of $total cells came back; earlier results in $results are as they were"
fi

"$rtlat" collect "$work/results" --host emulated || die "$results: rtlat collect refuses, see above; earlier results are as they were"
if [[ -e $results ]]; then
	mv -T "$results" "$work/earlier"
fi
mv -T "$work/results" "$results"
say "$SECONDS s, results in $results"
"$rtlat" compare "$results" || worst=1
failed=$(grep -l '"status": *"fail"' "$results"/*/summary.json | wc -l) || true
[[ $failed -eq 0 ]] || die "$failed of $total cells failed"
exit "$((worst > 0 ? 1 : 0))"
