#!/usr/bin/env bash
# Run a command in a KVM guest of this machine: in an emulated host (the guest
# is nested) or on real hardware. The guest has the same kernel and the same
# kernel command line, an initramfs as its root, rtlat and /rtlat/rtlat.ko.
#
# What the command leaves in /out comes back by a virtio port after it has
# ended: no file access in the guest while it measures. For the same reason
# nothing on the host polls: the verdict is waited for on a pipe. Around a run the
# guest asks for counts (`mark begin NAME`, `mark end NAME` in the command): the
# host takes them and answers, and the guest goes on. KVM's events are counted
# only where NAME ends in .counted.
#
# usage: guest.sh [OPTION...] -- COMMAND (a line for busybox sh)
#	--kernel F	the kernel (that of the emulated host)
#	--smp N		CPUs (1)
#	--mem M		MiB (384)
#	--timeout S	seconds (120)
#	--quiet S	seconds in which it must ask for the next counts, or end; else it is
#			lost (no limit but that of --timeout)
#	--setting S	NAME=VALUE of docs/matrix.md, repeatable
#	--pi		posted interrupts on (APICv, AVIC); else they are off
#	--out DIR	where /out of the guest goes; DIR/NAME.snapshot gets the
#			counts of each NAME that was marked, see ci/watch.sh
# Exit status: the command's; 124 time limit, 125 lost, 77 KVM cannot be had
# as asked: then the last line of stdout is the reason.
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/vm.sh
. "$RTLAT_ROOT/ci/vm.sh"
# shellcheck source=ci/kvm.sh
. "$RTLAT_ROOT/ci/kvm.sh"
# shellcheck source=ci/watch.sh
. "$RTLAT_ROOT/ci/watch.sh"
# shellcheck source=ci/settings.sh
. "$RTLAT_ROOT/ci/settings.sh"
# shellcheck source=ci/vcpus.sh
. "$RTLAT_ROOT/ci/vcpus.sh"
# shellcheck source=ci/guest-memory.sh
. "$RTLAT_ROOT/ci/guest-memory.sh"

flavour=${RTLAT_KERNEL:-6.1} smp=1 mem=384 limit=120 quiet='' out='' pi=N words=()
while [[ $# -gt 0 && $1 != -- ]]; do
	case $1 in
	--pi)
		pi=Y
		shift
		continue
		;;
	--kernel | --smp | --mem | --timeout | --quiet | --out | --setting) [[ $# -ge 2 ]] || die "$1: needs a value" ;;
	*) die "$1: unknown option (a command comes after --)" ;;
	esac
	case $1 in
	--kernel) flavour=$2 ;;
	--smp) smp=$2 ;;
	--mem) mem=$2 ;;
	--timeout) limit=$2 ;;
	--quiet) quiet=$2 ;;
	--out) out=$2 ;;
	--setting) words+=("$2") ;;
	esac
	shift 2
done
[[ $# -ge 2 ]] || die "no command (usage: guest.sh [OPTION...] -- COMMAND)"
shift
[[ $(id -u) -eq 0 ]] || die "KVM's statistics are root's: run it as root"

# end_guest - nothing of it is left; the EXIT trap
pid='' marks='' vcpu_ticker=''
end_guest() {
	# several, or none
	# shellcheck disable=SC2086
	[[ -z $pid ]] || kill -KILL "$pid" $marks $vcpu_ticker 2>/dev/null || true
	# KVM is in use until it is gone
	# shellcheck disable=SC2086
	[[ -z $pid ]] || gone "$pid" $marks $vcpu_ticker
	watch_end
	kvm_restore
	cleanup_run
}
dir=$(mktemp -d)
remove_at_exit "$dir"
trap end_guest EXIT

if ! kvm_find || ! settings_take "${words[@]}" || ! kvm_load "$pi" "${settings_kvm[@]}" || ! vcpus_plan "$smp" "$settings_posted"; then
	printf '%s\n' "$kvm_reason"
	exit 77
fi

# In virtual time a wait for the outside can take minutes; there the limit only
# catches a guest that does nothing, the emulated host has the other one.
[[ ${RTLAT_CLOCK:-} != instructions ]] || limit=$((limit * 60))

base=$("$RTLAT_ROOT/ci/initramfs.sh" "$flavour" guest)
mkdir -p "$dir/in/rtlat"
echo role=guest >"$dir/in/rtlat/config"
printf '%s\n' "$*" >"$dir/in/rtlat/command"
cp "$RTLAT_ROOT/ci/in-guest.sh" "$dir/in/rtlat/cmd"
vm_initrd "$base" "$dir"

# The pipe of the verdict. All ends are open before QEMU starts; then it is the
# only writer, so the pipe ends when QEMU does.
mkfifo "$dir/pipe"
# shellcheck disable=SC2094
exec 7<>"$dir/pipe" 6<"$dir/pipe" 8>"$dir/pipe"
vm_arguments "$dir" "$dir/pipe"
vm_outputs "$dir" out err files
# QEMU reads what is written into .in, and writes what is read from .out
mkfifo "$dir/mark.in" "$dir/mark.out"
vm_args+=(-chardev "pipe,id=mark,path=$dir/mark" -device "virtserialport,chardev=mark,name=rtlat.mark")
# QEMU's emulation of SVM delivers an interrupt that KVM injected once more when
# the instruction budget ends before the guest's next exit, whether or not the
# guest has interrupts off by then; a lock that it holds it then waits for for
# ever. Without PV-EOI the next exit follows soon: the end of interrupt.
cpu=host
[[ ${RTLAT_HOST:-} != emulated ]] || cpu=host,kvm-pv-eoi=off
cpu+=$settings_cpu
# A PIT that makes up for lost ticks keeps AVIC off.
[[ $pi == N ]] || vm_args+=(-global "kvm-pit.lost_tick_policy=discard")
# in one option: of two QEMU obeys the last, and takes the other's for off
memory_plan "$mem"
vcpus_hold "$dir"
watch_begin || die "the kernel's events cannot be counted"
# killed with no time left for anything, it leaves no guest that keeps KVM in use
not_without_us=()
! command -v setpriv >/dev/null || not_without_us=(setpriv --pdeathsig KILL)
"${not_without_us[@]}" qemu-system-x86_64 -accel kvm -cpu "$cpu" -smp "$smp" -m "$mem" \
	-kernel "$RTLAT_BUILD/kernels/$flavour/vmlinux" -initrd "$dir/initrd" \
	-append "$(vm_command_line "$flavour" "${RTLAT_HOST:-this}")$settings_line" -name guest,debug-threads=on \
	-overcommit "mem-lock=$memory_lock,cpu-pm=$settings_cpu_pm" "${memory_qemu[@]}" "${vcpu_qemu[@]}" "${vm_args[@]}" \
	</dev/null 2>"$dir/qemu.err" 6<&- 7<&- &
pid=$!
# answer_marks - take counts when the guest asks for them, then let it go on; it
# stands still meanwhile, for its idle ticks would be in them. One that no longer asks
# is ended.
answer_marks() {
	local when name status
	while :; do
		status=0
		# an option, or none
		# shellcheck disable=SC2086
		read -r ${quiet:+-t $quiet} when name || status=$?
		if [[ $status -gt 128 ]]; then
			say "the KVM guest asked for nothing for $quiet s"
			kill -KILL "$pid"
		fi
		[[ $status -eq 0 ]] || break
		kill -STOP "$pid"
		[[ $when$name != begin*.counted ]] || watch_events on
		watch_count "$pid" "$dir/marks/$name/host/$when"
		[[ $when$name != end*.counted ]] || watch_events off
		# without it the proof fails; the guest must go on all the same
		[[ -z $vcpu_ticker ]] || kill "-$([[ $when == begin ]] && echo CONT || echo STOP)" "$vcpu_ticker" || true
		kill -CONT "$pid"
		echo "$when $name" >&4
	done <&9
}
# 9 ends when QEMU, the only other one that writes there, does
# shellcheck disable=SC2094
exec 4<>"$dir/mark.in" 5<>"$dir/mark.out" 9<"$dir/mark.out"
[[ $settings_posted -eq 0 ]] || vcpus_tick "${not_without_us[@]}" 6<&- 7<&- 8>&-
answer_marks 5<&- 6<&- 7<&- 8>&- &
marks=$!
exec 7<&- 8>&-
vcpus_place "$pid" "$dir"

ended=0
if read -r -t "$limit" line <&6; then
	printf '%s\n' "$line" >"$dir/verdict"
	watch_host "$dir/host"
elif [[ $? -gt 128 ]]; then
	ended=124
fi
kill -KILL "$pid" 2>/dev/null || true
status=0
wait "$pid" 2>/dev/null || status=$?
status=$((ended > 0 ? ended : status))

cat "$dir/out"
cat "$dir/err" "$dir/qemu.err" >&2
if [[ -n $out && -s $dir/verdict ]]; then
	mkdir -p "$out"
	tar -C "$out" --no-same-owner -xf "$dir/files" || die "$out: the guest's files did not unpack"
	tr -d '\r' <"$dir/kernel.log" >"$out/guest.log"
	{
		echo "guest_cpu=$cpu"
		echo "guest_placed=$(IFS=,; echo "${vcpu_cpus[*]:-none}")"
		echo "guest_memory=$memory_kind"
	} >>"$out/facts"
	for marked in "$dir"/marks/*; do
		[[ -d $marked/host/end ]] || continue
		cp -r "$dir/host/." "$marked/host"
		printf 'begin=%s end=%s\n' "$(<"$marked/host/begin/time")" "$(<"$marked/host/end/time")" >"$marked/host/window"
		rm "$marked/host"/{begin,end}/time
		mkdir -p "$marked/guest"
		cp -r "$out/marks/${marked##*/}/." "$out/facts" "$marked/guest"
		# what it received for certain; what it received at most
		mv "$marked/guest/begin/interrupts.answered" "$marked/guest/begin/interrupts"
		mv "$marked/guest/end/interrupts.asked" "$marked/guest/end/interrupts"
		mv "$marked/guest/begin/interrupts.asked" "$marked/guest/begin/interrupts-outer"
		mv "$marked/guest/end/interrupts.answered" "$marked/guest/end/interrupts-outer"
		rm -rf "${out:?}/${marked##*/}.snapshot"
		mv "$marked" "$out/${marked##*/}.snapshot"
	done
	rm -rf "$out/facts" "$out/marks"
fi
vm_result "$dir" "$status" "$limit" "KVM guest"
