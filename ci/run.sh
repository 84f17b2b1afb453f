#!/usr/bin/env bash
# Run a command as root in an emulated host: a distribution kernel under QEMU
# without virtualisation hardware, with all of this machine's files under an
# overlay in memory (what the command writes is gone afterwards, except in the
# shared folders), the module and the tools at hand.
#
# The command's output is passed on and its exit status returned; 124 is the
# time limit and 125 a machine that was lost.
#
# usage: run.sh [OPTION...] -- COMMAND (a line for bash)
#	--kernel F	of ci/matrix (6.1)
#	--clock C	none: --smp CPUs, no meaning in its times (default);
#			instructions: one CPU, one instruction is 1 ns
#	--smp N		CPUs (2), CLOCK=none only
#	--mem M		MiB (2048)
#	--timeout S	wall seconds (600)
#	--append ARGS	more for the kernel's command line
#	--threads T	QEMU's: single (default) or multi, CLOCK=none only
#	--rw DIR	share this folder read-write (results/), repeatable
#	--keep DIR	leave the machine's kernel.log there
#	--qemu ARGS	more for QEMU, separated by spaces
#	--tty		on this terminal
# In the command: RTLAT_KO is the module built for that kernel, PATH has the
# tools, RTLAT_KERNEL and RTLAT_CLOCK say what was asked for.
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/vm.sh
. "$RTLAT_ROOT/ci/vm.sh"

flavour=6.1 clock=none smp=2 mem=2048 limit=600 tty=0 keep='' append='' qemu_more='' threads=single shares=()

while [[ $# -gt 0 && $1 != -- ]]; do
	case $1 in
	--tty)
		tty=1
		shift
		continue
		;;
	--kernel | --clock | --smp | --mem | --timeout | --append | --threads | --rw | --keep | --qemu) [[ $# -ge 2 ]] || die "$1: needs a value" ;;
	*) die "$1: unknown option (a command comes after --)" ;;
	esac
	case $1 in
	--kernel) flavour=$2 ;;
	--clock) clock=$2 ;;
	--smp) smp=$2 ;;
	--mem) mem=$2 ;;
	--timeout) limit=$2 ;;
	--append) append=$2 ;;
	--threads) threads=$2 ;;
	--rw) shares+=("$(realpath "$2")") ;;
	--keep) keep=$2 ;;
	--qemu) qemu_more=$2 ;;
	esac
	shift 2
done
[[ $# -ge 2 ]] || die "no command (usage: run.sh [OPTION...] -- COMMAND)"
shift
for number in "$smp" "$mem" "$limit"; do
	[[ $number =~ ^[1-9][0-9]*$ ]] || die "$number: not a number above 0"
done
command -v qemu-system-x86_64 >/dev/null || die "qemu-system-x86_64 is missing (run: sudo ci/deps.sh demo)"

case $clock in
instructions) accel=(-accel tcg -icount "shift=0,sleep=off" -smp 1) ;;
# One thread for all CPUs: with one each, QEMU 7.2 may go on executing a
# breakpoint that another CPU has patched away again, and hang there. But a
# nested guest with several CPUs does not come up on one thread.
none) accel=(-accel "tcg,thread=$threads" -smp "$smp") ;;
*) die "CLOCK=$clock: not one of none, instructions" ;;
esac

"$RTLAT_ROOT/ci/kernel.sh" "$flavour" image
base=$("$RTLAT_ROOT/ci/initramfs.sh" "$flavour" host)
kernel=$(realpath "$RTLAT_BUILD/kernels/$flavour")
release=$(<"$kernel/release")
if [[ ${#shares[@]} -eq 0 ]]; then
	mkdir -p "$RTLAT_ROOT/results"
	shares=("$RTLAT_ROOT/results")
fi

mkdir -p "$RTLAT_BUILD/run"
dir=$(mktemp -d "$RTLAT_BUILD/run/XXXXXX")
remove_at_exit "$dir"
mkdir -p "$dir/in/rtlat"

# What the machine shall do, read by ci/init.c.
{
	printf 'role=host\ncwd=%s\n' "$RTLAT_ROOT"
	printf 'modules=%s\n' "$(realpath "$kernel/modules")"
	for i in "${!shares[@]}"; do
		printf 'share=rw%d %s\n' "$i" "${shares[i]}"
	done
	if [[ $tty -eq 1 && -t 0 ]]; then
		read -r rows columns < <(stty size)
		[[ $columns -gt 0 ]] || { columns=80 rows=24; }
		printf 'tty=%sx%s\n' "$columns" "$rows"
	fi
} >"$dir/in/rtlat/config"
{
	printf 'export %s=%q\n' HOME /root TERM "${TERM:-dumb}" LANG C.UTF-8 \
		PATH "$RTLAT_BUILD/userspace:$RTLAT_ROOT/ci:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
		RTLAT_BUILD "$RTLAT_BUILD" RTLAT_HOST emulated RTLAT_KERNEL "$flavour" RTLAT_CLOCK "$clock" RTLAT_INSNS_PER_US "$(insns_per_us emulated)" \
		RTLAT_KO "$RTLAT_BUILD/module/$release/rtlat.ko"
	printf '%s\n' "$*"
} >"$dir/in/rtlat/cmd"
# A shell with its input from a pipe or a file reads that.
if [[ $tty -eq 1 && ! -t 0 ]]; then
	cat >"$dir/in/rtlat/stdin"
fi
vm_initrd "$base" "$dir"

vm_arguments "$dir"
read -r -a more <<<"$qemu_more"
vm_args+=("${more[@]}")
if [[ $tty -eq 1 && -t 0 ]]; then
	vm_args+=(-chardev "stdio,id=tty,signal=off" -device "virtconsole,chardev=tty")
else
	vm_outputs "$dir" out err
fi
for i in "${!shares[@]}"; do
	vm_args+=(-virtfs "local,path=${shares[i]},mount_tag=rw$i,security_model=none,multidevs=remap")
done

# XSETBV in a nested guest does not reach its KVM under TCG: KVM then answers CPUID
# wrongly and the guest warns. A CPU without XSAVE has the same paths on both levels.
# And this machine is the bare one for what runs in it: no hypervisor flag.
qemu=(timeout --foreground -k 5 "$limit" qemu-system-x86_64 "${accel[@]}" -cpu "max,-xsave,-hypervisor" -m "$mem"
	-kernel "$kernel/vmlinux" -initrd "$dir/initrd"
	-append "$(vm_command_line "$flavour")${append:+ $append}"
	-virtfs "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap"
	"${vm_args[@]}")
status=0
if [[ $tty -eq 1 && -t 0 ]]; then
	"${qemu[@]}" || status=$?
else
	"${qemu[@]}" </dev/null 2>"$dir/qemu.err" &
	pid=$!
	# Nothing of it goes on, or writes, when this script has ended: QEMU, and those that
	# follow what it writes.
	err='' out=''
	trap 'kill "$pid" 2>/dev/null || true; gone $pid $err $out; cleanup_run' EXIT
	tail -s 0.1 -c +1 -f --pid="$pid" "$dir/err" >&2 &
	err=$!
	tail -s 0.1 -c +1 -f --pid="$pid" "$dir/out" &
	out=$!
	wait "$pid" || status=$?
	wait "$out" "$err" || true
	# A time limit ends QEMU with a message of its own: not news.
	grep -v 'terminating on signal' "$dir/qemu.err" >&2 || true
fi
if [[ -n $keep ]]; then
	mkdir -p "$keep"
	tr -d '\r' <"$dir/kernel.log" >"$keep/kernel.log"
fi
vm_result "$dir" "$status" "$limit" "emulated host"
