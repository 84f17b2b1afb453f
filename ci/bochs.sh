#!/usr/bin/env bash
# Run a command as root in an emulated Intel host: a distribution kernel under
# Bochs, which emulates VMX (and, when it is new enough, posted interrupts). It has
# no share of this machine's files: its root is an image of what the cells need
# (ci/root-image.sh), read-only under an overlay in memory; what else the command
# needs is named, and what it leaves comes back when it has ended.
#
# The command's output is passed on and its exit status returned; 124 is the
# time limit and 125 a machine that was lost. Bochs' own status says nothing.
#
# usage: bochs.sh [OPTION...] -- COMMAND (a line for bash)
#	--kernel F	of ci/matrix (6.1)
#	--smp N		CPUs (1)
#	--ips N		instructions to the emulated second (25000000)
#	--mem M		MiB (1536)
#	--timeout S	wall seconds (900)
#	--cpu-time S	seconds of CPU time after which the emulator is ended, and lost
#	--append ARGS	more for the kernel's command line
#	--file PATH	this file or folder is there, too; repeatable
#	--rw DIR	what the command leaves below this folder, which is empty in the
#			machine but for --file, comes back into it; repeatable
#	--keep DIR	leave the machine's kernel.log there
#	--prepare	build and unpack what it needs, try the emulator; no command
# Environment: BOCHS, the emulator (bochs)
# In the command: RTLAT_KO is the module built for that kernel, PATH has the
# tools, RTLAT_KERNEL and RTLAT_CLOCK (instructions, RTLAT_INSNS_PER_US of them
# to the emulated microsecond) say what its times are.
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/vm.sh
. "$RTLAT_ROOT/ci/vm.sh"

flavour=6.1 smp=1 ips=$(insns_per_us bochs)000000 mem=1536 limit=900 cpu_time=unlimited keep='' append='' prepare=0 files=() shares=()
model=corei7_skylake_x
while [[ $# -gt 0 && $1 != -- ]]; do
	case $1 in
	--prepare)
		prepare=1
		shift
		continue
		;;
	--kernel | --smp | --ips | --mem | --timeout | --cpu-time | --append | --file | --rw | --keep) [[ $# -ge 2 ]] || die "$1: needs a value" ;;
	*) die "$1: unknown option (a command comes after --)" ;;
	esac
	case $1 in
	--kernel) flavour=$2 ;;
	--smp) smp=$2 ;;
	--ips) ips=$2 ;;
	--mem) mem=$2 ;;
	--timeout) limit=$2 ;;
	--cpu-time) cpu_time=$2 ;;
	--append) append=$2 ;;
	--file) files+=("$(realpath -s "$2")") ;;
	--rw) shares+=("$(realpath "$2")") ;;
	--keep) keep=$2 ;;
	esac
	shift 2
done
if [[ $prepare -eq 0 ]]; then
	[[ $# -ge 2 ]] || die "no command (usage: bochs.sh [OPTION...] -- COMMAND)"
	shift
fi
for number in "$smp" "$ips" "$mem" "$limit"; do
	[[ $number =~ ^[1-9][0-9]*$ ]] || die "$number: not a number above 0"
done
((ips % 1000000 == 0)) || die "--ips $ips: not a multiple of 1000000"

# --- the emulator

bochs=${BOCHS:-bochs}
bochs=$(command -v "$bochs") || die "${BOCHS:-bochs} is missing (run: sudo ci/deps.sh bochs)"
# ask ARGUMENT... - what it says to that, as far as it ends. The limit is CPU time: on
# a machine with much other work an answer has taken more than ten seconds.
ask() {
	local status=0
	(ulimit -t 10 && exec timeout 600 "$bochs" "$@") 2>&1 </dev/null || status=$?
	case $status in
	124 | 137 | 152) die "BOCHS=$bochs: no answer to $1 within 10 s of CPU time" ;;
	esac
}
help=$(ask --help) || exit 1
[[ $help == *"Bochs x86 Emulator"* ]] || die "BOCHS=$bochs: no Bochs (its --help does not say so)"

mkdir -p "$RTLAT_BUILD/run"
dir=$(mktemp -d "$RTLAT_BUILD/run/XXXXXX")
remove_at_exit "$dir"

# takes LINE - does this Bochs take that line of a configuration? It reads one up to
# its first error, so the line after it decides.
takes() {
	local said
	printf '%s\nrtlat_probe: 1\n' "$1" >"$dir/probe"
	said=$(ask -q -f "$dir/probe") || exit 1
	[[ $said == *rtlat_probe* ]]
}

# data NAME... - the first of these files of Bochs' that there is: beside an emulator
# that was built or installed somewhere, else the distribution's
data() {
	local top name
	top=$(dirname "$(realpath "$bochs")")
	for name in "${@/#/$top/bios/}" "${@/#/$top/../share/bochs/}" "${@/#//usr/share/bochs/}"; do
		if [[ -e $name ]]; then
			realpath "$name"
			return
		fi
	done
	die "BOCHS=$bochs: no $1 beside it nor in /usr/share/bochs (run: sudo ci/deps.sh bochs)"
}
bios=$(data BIOS-bochs-latest)
vgabios=$(data VGABIOS-lgpl-latest VGABIOS-lgpl-latest.bin)
for display in nogui term ''; do
	[[ -n $display ]] || die "BOCHS=$bochs: has neither display library nogui nor term"
	! takes "display_library: $display" || break
done
cpu() { printf 'cpu: model=%s, count=%s, ips=%s, ignore_bad_msrs=1, reset_on_triple_fault=0\n' "$model" "$1" "$ips"; }
takes "$(cpu 1)" || die "BOCHS=$bochs: has no CPU model $model"
takes "$(cpu "$smp")" || die "BOCHS=$bochs: does not emulate $smp CPUs"
arguments=(-q -f bochsrc)
# one that is built with the debugger waits for a command
if [[ $help == *"-rc filename"* ]]; then
	echo c >"$dir/continue"
	arguments+=(-rc continue)
fi

# --- what the machine shall do

"$RTLAT_ROOT/ci/kernel.sh" "$flavour" image
base=$("$RTLAT_ROOT/ci/initramfs.sh" "$flavour" bochs)
root=$("$RTLAT_ROOT/ci/root-image.sh" "$flavour")
[[ $prepare -eq 0 ]] || exit 0
kernel=$(realpath "$RTLAT_BUILD/kernels/$flavour")
release=$(<"$kernel/release")
mkdir -p "$dir/in/rtlat" "$dir/files/run/rtlat"

# ci/init.c reads these. The CD-ROM is the root file system, the disk's end gets
# the results: as far in as there is memory, so behind all that is read into that.
mib=$((1 << 20))
results=$mem
printf '%s\n' role=host root=/dev/sr0 out=/dev/ttyS2 err=/dev/ttyS3 "cwd=$RTLAT_ROOT" \
	"modules=$(realpath "$kernel/modules")" >"$dir/in/rtlat/config"
{
	printf 'export %s=%q\n' HOME /root TERM dumb LANG C.UTF-8 \
		PATH "$RTLAT_BUILD/userspace:$RTLAT_ROOT/ci:/usr/sbin:/usr/bin:/sbin:/bin" \
		RTLAT_BUILD "$RTLAT_BUILD" RTLAT_HOST bochs RTLAT_KERNEL "$flavour" RTLAT_CLOCK instructions \
		RTLAT_INSNS_PER_US "$((ips / 1000000))" RTLAT_KO "$RTLAT_BUILD/module/$release/rtlat.ko" \
		RTLAT_TSC_KHZ "$((ips / 1000))"
	printf '%s\n' "$*"
} >"$dir/files/run/rtlat/command"
for share in "${shares[@]}"; do
	mkdir -p "$dir/files$share"
done
for file in "${files[@]}"; do
	[[ -e $file ]] || die "--file $file: not there"
	mkdir -p "$dir/files${file%/*}"
	cp -a "$file" "$dir/files$file"
done
tar -C "$dir/files" -cf "$dir/in/rtlat/stdin" .
# variables of that shell
# shellcheck disable=SC2016
{
	printf '%s\n' 'tar -C / -xf - || exit 1' 'bash /run/rtlat/command </dev/null' 'status=$?'
	if [[ ${#shares[@]} -gt 0 ]]; then
		printf 'set -o pipefail\ntar -C / -cf -'
		[[ ${#files[@]} -eq 0 ]] || printf ' --exclude=%q' "${files[@]#/}"
		printf ' -- '
		printf '%q ' "${shares[@]#/}"
		printf '| dd of=/dev/sda bs=1M seek=%s iflag=fullblock conv=fsync,notrunc status=none || exit 1\n' "$results"
	fi
	printf '%s\n' 'exit $status'
} >"$dir/in/rtlat/cmd"

# --- its disk: boot sector, then what that reads into memory, then the results

load=$(readelf -lW "$kernel/vmlinux" | awk '$1 == "LOAD" { print $4, $6 }')
first=$((1 << 40)) last=0
while read -r at size; do
	first=$((at < first ? at : first))
	last=$((at + size > last ? at + size : last))
done <<<"$load"
# the note that QEMU goes by, too: XEN_ELFNOTE_PHYS32_ENTRY
entry=$(readelf -nW "$kernel/vmlinux" |
	sed -n 's/.*(0x00000012).*data: \(..\) \(..\) \(..\) \(..\) .*/0x\4\3\2\1/p')
[[ -n $entry && $last -gt 0 ]] || die "$kernel/vmlinux: has no 32-bit entry (CONFIG_PVH)"
vm_initrd "$base" "$dir"
objcopy -O binary "$kernel/vmlinux" "$dir/kernel"
command_line=$(((last + 4095) / 4096 * 4096))
initrd=$((command_line + 65536))
initrd_size=$(stat -c %s "$dir/initrd")
chunks=$(((initrd + initrd_size - first + 131071) / 131072))
# put FILE ADDRESS - where the boot sector brings it to that address
put() { dd if="$1" of="$dir/disk" bs=64K seek=$((mib + $2 - first))B conv=notrunc,sparse status=none; }
as --32 --defsym ENTRY="$entry" --defsym LOAD="$first" --defsym COMMAND_LINE="$command_line" --defsym INITRD="$initrd" \
	--defsym INITRD_SIZE="$initrd_size" --defsym FIRST=$((mib / 512)) --defsym CHUNKS="$chunks" \
	-o "$dir/boot.o" "$RTLAT_ROOT/ci/bochs-boot.S"
ld -m elf_i386 -Ttext=0x7c00 --oformat binary -o "$dir/disk" "$dir/boot.o"
truncate -s $(((results + 1024) * mib)) "$dir/disk"
put "$dir/kernel" "$first"
printf '%s\0' "$(RTLAT_TSC_KHZ=$((ips / 1000)) RTLAT_HOST=bochs vm_command_line "$flavour")${append:+ $append}" >"$dir/command-line"
put "$dir/command-line" "$command_line"
put "$dir/initrd" "$initrd"
rm -f "$dir/kernel" "$dir/initrd"


{
	printf '%s\n' "display_library: $display" "romimage: file=$bios, options=fastboot" "vgaromimage: file=$vgabios"
	cpu "$smp"
	printf '%s\n' "memory: guest=$mem, host=$mem" "pci: enabled=1, chipset=i440fx" "boot: disk" \
		"ata0: enabled=1" "ata0-master: type=disk, mode=flat, path=disk" \
		"ata1: enabled=1" "ata1-master: type=cdrom, path=$root, status=inserted" \
		"clock: sync=none, time0=utc" \
		"com1: enabled=1, mode=file, dev=kernel.log" "com2: enabled=1, mode=file, dev=verdict" \
		"com3: enabled=1, mode=file, dev=out" "com4: enabled=1, mode=file, dev=err" \
		"speaker: enabled=1, mode=none" "log: bochs.log" "panic: action=fatal" "error: action=ignore" "info: action=ignore"
} >"$dir/bochsrc"

# --- the run

# It wants a terminal; and this script knows nothing but its process id.
cat >"$dir/start" <<EOF
cd $(printf %q "$dir") && echo \$\$ >pid.new && mv pid.new pid && ulimit -t $cpu_time && exec $(printf '%q ' "$bochs" "${arguments[@]}")
EOF
touch "$dir/out" "$dir/err" "$dir/bochs.log"
TERM=xterm script -qec "exec bash $(printf %q "$dir/start")" /dev/null </dev/null >"$dir/terminal" 2>&1 &
script=$!
limiter=''
# called by the trap
# shellcheck disable=SC2317
stop() {
	[[ ! -s $dir/pid ]] || kill -KILL "$(<"$dir/pid")" 2>/dev/null || true
	[[ -z $limiter ]] || kill "$limiter" 2>/dev/null || true
	kill "$script" 2>/dev/null || true
	gone "$script"
	cleanup_run
}
trap stop EXIT
until [[ -s $dir/pid ]]; do
	kill -0 "$script" 2>/dev/null || break
	sleep 0.05
done
pid=$(cat "$dir/pid" 2>/dev/null) || die "BOCHS=$bochs: not started: $(tail -n 1 "$dir/terminal")"
# Its display is a terminal that it makes; when nobody reads that, it stops.
if [[ $display == term ]]; then
	screen=''
	while [[ -z $screen ]] && kill -0 "$pid" 2>/dev/null; do
		sleep 0.05
		screen=$(sed -n 's/.*connected to screen "\(.*\)".*/\1/p' "$dir/terminal")
	done
	[[ -z $screen ]] || cat "$screen" >/dev/null 2>&1 &
fi
tail -s 0.2 -c +1 -f --pid="$pid" "$dir/err" >&2 &
err=$!
tail -s 0.2 -c +1 -f --pid="$pid" "$dir/out" &
out=$!
# a machine whose CPU has shut itself down is lost; newer emulators go on for ever
{ ! grep -qm 1 'exception with no resolution' < <(tail -s 0.5 -c +1 -f --pid="$pid" "$dir/bochs.log") || kill -KILL "$pid" 2>/dev/null || true; } &
watcher=$!
status=0
# in the background, so that a signal ends the wait
timeout --foreground "$limit" tail -s 0.2 -f --pid="$pid" /dev/null &
limiter=$!
wait "$limiter" || status=$?
kill -KILL "$pid" 2>/dev/null || true
wait "$script" 2>/dev/null || true
wait "$out" "$err" "$watcher" || true

if [[ -n $keep ]]; then
	mkdir -p "$keep"
	tr -d '\r' <"$dir/kernel.log" >"$keep/kernel.log"
fi
if [[ ${#shares[@]} -gt 0 ]] && vm_verdict "$dir" >/dev/null; then
	# its clock runs at a pace of its own: times of the files are those of now
	tar -C / --no-same-owner -m -xf - < <(tail -c "+$((results * mib + 1))" "$dir/disk") || die "the machine's files did not unpack"
elif [[ $status -eq 0 ]] && ! vm_verdict "$dir" >/dev/null; then
	# what it says when it does not like something
	sed -n '/Bochs is exiting/{n;p}' "$dir/terminal" | tr -d '\r' >&2
fi
vm_result "$dir" "$status" "$limit" "emulated Intel host"
