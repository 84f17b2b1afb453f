#!/usr/bin/env bash
# The demo: native against KVM (and KVM with posted interrupts, where there are
# any), timer cells and IPI cells, then the comparison as a table.
#
# In the emulated host timers run on the clock of instructions, which has one
# CPU; IPIs need four and run on another emulated host beside it, for function
# only. With HOST=this the machine itself is the host, when its KVM works.
#
# Everything is written beside the results folder and put in its place at the
# end: a demo that fails or is interrupted leaves earlier results as they were.
#
# Environment: KERNEL (6.1), RESULTS (results/demo), HOST (emulated|this)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

flavour=${KERNEL:-6.1}
results=${RESULTS:-$RTLAT_ROOT/results/demo}
host=${HOST:-emulated}
limit=${RTLAT_DEMO_LIMIT:-300}
rtlat=$RTLAT_BUILD/userspace/rtlat
# cells and how long a demo takes as a rule, for the time left
total=15 expected=130

[[ $(id -u) -eq 0 ]] || die "the demo needs root; run: sudo make demo"
case $host in
emulated) ;;
this)
	# Its kernel, under a flavour of its own: ci/this.sh falls back for us.
	if reason=$("$RTLAT_ROOT/ci/this.sh"); then
		flavour=this
	else
		say "HOST=this: $reason; the emulated host is used"
		host=emulated
	fi
	;;
*) die "HOST=$host: not one of emulated, this" ;;
esac

[[ $host == this ]] || "$RTLAT_ROOT/ci/kernel.sh" "$flavour" image
release=$(<"$RTLAT_BUILD/kernels/$flavour/release")
ko=$RTLAT_BUILD/module/$release/rtlat.ko
for file in "$rtlat" "$ko"; do
	[[ -e $file ]] || die "$file: not built (run: make demo, which builds it)"
done
for role in host guest; do
	"$RTLAT_ROOT/ci/initramfs.sh" "$flavour" "$role" >"/dev/null"
done

results=$(realpath -m "$results")
mkdir -p "${results%/*}" || die "RESULTS=$results: cannot be made"
RTLAT_GIT=$(git -C "$RTLAT_ROOT" describe --always --dirty 2>/dev/null || echo unknown)
config=$(dirname "$(realpath "$RTLAT_BUILD/kernels/$flavour/vmlinuz")")/config-$release
RTLAT_KERNEL_CONFIG_HASH=$(sha256sum "$config" 2>/dev/null | cut -c 1-16 || true)
export RTLAT_GIT RTLAT_KERNEL_CONFIG_HASH
work=$(mktemp -d "${results%/*}/.${results##*/}.XXXXXX" 2>/dev/null) || die "RESULTS=$results: ${results%/*} cannot be written"
logs=$(mktemp -d)
remove_at_exit "$work" "$logs"
chmod 755 "$work"
mkdir "$work/results"
pids=()
# called by the trap
# shellcheck disable=SC2317
stop_all() {
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	wait || true
	cleanup_run
}
trap stop_all EXIT

# run_set SET "PLATFORM..." WALL-LIMIT RUN.SH-OPTION... - these cells on a host
# of their own; runs in a subshell of its own, which passes a kill on
run_set() {
	local name=$1 platforms=$2 wall=$3 child
	shift 3
	if [[ $host == this ]]; then
		# the platforms are words
		# shellcheck disable=SC2086
		RTLAT_HOST=this RTLAT_KERNEL=this RTLAT_CLOCK=hardware RTLAT_KO=$ko \
			PATH=$RTLAT_BUILD/userspace:$PATH "$RTLAT_ROOT/ci/cells.sh" "$name" "$work/results" $platforms &
	else
		"$RTLAT_ROOT/ci/run.sh" --kernel "$flavour" --timeout "$wall" --rw "$work/results" \
			--keep "$logs/$name-${platforms// /-}.kernel" "$@" -- "ci/cells.sh $name $work/results $platforms" &
	fi
	child=$!
	# shellcheck disable=SC2064
	trap "kill $child 2>/dev/null; wait $child; exit 143" TERM
	wait "$child"
}

# run_set_twice SET ... - as run_set, with a second emulated host when the first
# one is lost or out of time: nested guests have been seen to stop theirs (a
# thread of QEMU spins), about once in forty. It is said, and a cell that fails is
# not tried again.
run_set_twice() {
	local status=0
	run_set "$@" || status=$?
	if [[ $host == emulated && ($status -eq 124 || $status -eq 125) ]]; then
		say "the emulated host of $1 on $2 was lost (status $status); once more"
		status=0
		run_set "$@" || status=$?
	fi
	return "$status"
}

timer_cells() { run_set_twice timer 'native kvm kvm-pi' "$limit" --clock instructions --mem 1536; }

ipi_cells() {
	run_set_twice ipi native "$limit" --clock none --smp 4 --mem 1536
	run_set_twice ipi 'kvm kvm-pi' "$((limit / 2))" --clock none --smp 4 --mem 1536 --threads multi
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

say "$total cells on kernel $release, host: $host"
exec 5> >(report)
reporter=$!
timer_cells >&5 2>"$logs/timer.err" &
pids+=($!)
[[ $host != this ]] || wait "${pids[0]}" || true
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

"$rtlat" collect "$work/results" --host "$host" || die "$results: the cells were not collected; earlier results are as they were"
if [[ -e $results ]]; then
	mv -T "$results" "$work/earlier"
fi
mv -T "$work/results" "$results"
say "$SECONDS s, results in $results"
"$rtlat" compare "$results" || worst=1
failed=$(grep -l '"status": *"fail"' "$results"/*/summary.json | wc -l) || true
[[ $failed -eq 0 ]] || die "$failed of $total cells failed"
exit "$((worst > 0 ? 1 : 0))"
