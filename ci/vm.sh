# shellcheck shell=bash
# What emulated hosts and guests have in common: the initramfs with a command
# in it, QEMU's arguments for the channels, and the reading of the verdict.
#
# A machine has a folder: in/ becomes files of its initramfs, and it gets
# kernel.log, out, err and verdict, one channel each.

# vm_has FLAVOUR OPTION - is it y in that kernel's configuration?
vm_has() {
	local kernel=$RTLAT_BUILD/kernels/$1
	grep -qsx "$2=y" "$(dirname "$(realpath "$kernel/vmlinux")")/config-$(<"$kernel/release")"
}

# vm_command_line FLAVOUR [this] - the kernel's arguments, alike in host and
# guest so that both run the same paths; this: a guest's of a machine that nobody
# here has booted. Virtual time runs ahead of everything outside under
# CLOCK=instructions: detectors of stalls would only see that.
vm_command_line() {
	local line="console=ttyS0 loglevel=5 panic=-1 oops=panic"
	line+=" rcupdate.rcu_cpu_stall_suppress=1 clocksource=tsc tsc=reliable"
	if [[ ${2:-} == this ]]; then
		line+=" $(vm_this_line </proc/cmdline)"
	else
		# programs at the same addresses each time: what was translated of them stays
		line+=" nokaslr norandmaps nowatchdog"
		vm_has "$1" CONFIG_PREEMPT_RT || line+=" preempt=full"
	fi
	# ACPI's table of PCI interrupts is a program of its own; with every allocation
	# watched it runs into its time limit of 30 s. The devices have MSIs.
	! vm_has "$1" CONFIG_KASAN || line+=" pci=noacpi"
	[[ ${RTLAT_HOST:-} != bochs ]] || line+=" $(vm_bochs_line)"
	printf '%s\n' "$line"
}

# vm_this_line - of a machine's command line, on stdin, what its guest gets, too: all
# but what it boots from, whom it talks to, which CPUs and memory it sets apart, and
# parameters of modules. Where it has none of preempt=, so has the guest.
vm_this_line() {
	tr -s ' \n' '\n' | grep -vE "^((BOOT_IMAGE|root|ip|nfsroot|netconsole|rootfstype|rootflags|rootdelay|init|rdinit|initrd|resume|resume_offset|console|earlycon|earlyprintk|loglevel|panic|oops)=|\
(ro|rw|quiet|splash|debug|rootwait|noresume|earlycon|earlyprintk)\$|(isolcpus|nohz_full|rcu_nocbs|irqaffinity|kthread_cpus|maxcpus|nr_cpus|mem|memmap|crashkernel|hugepages|hugepagesz|default_hugepagesz)=|\
(clocksource|tsc|idle)=|[^= ]*\.|\$)" | paste -sd ' '
}

# vm_bochs_line - more of them in an emulated Intel host and its guests
# (RTLAT_TSC_KHZ: its clock). Its XSAVE has sizes that the kernel does not expect. A
# CPU that waits in MWAIT is not woken by what another one writes. The
# others leave out what takes long there: mitigations of a CPU's faults, tests of
# ciphers, the certificates that modules are checked against.
vm_bochs_line() {
	echo "tsc_early_khz=$RTLAT_TSC_KHZ noxsave idle=halt mitigations=off cryptomgr.notests" \
		"initcall_blacklist=load_system_certificate_list,crypto_kdf108_init,cubictcp_register"
}

# vm_initrd BASE DIR - DIR/initrd = BASE and the files of DIR/in over it
vm_initrd() {
	cp "$1" "$2/initrd"
	(cd "$2/in" && find . -mindepth 1 | cpio -o -H newc --quiet -R 0:0) >>"$2/initrd"
}

# vm_arguments DIR [PIPE] - sets vm_args: QEMU's arguments that every machine has;
# the verdict goes to DIR/verdict or to that pipe. A guest in an emulated Intel host
# is a microvm, without PCI and what else takes long to look for.
vm_arguments() {
	vm_args=(-no-user-config -nodefaults -display none -no-reboot
		-chardev "file,id=log,path=$1/kernel.log" -serial chardev:log
		-chardev "file,id=verdict,path=${2:-$1/verdict},append=on")
	if [[ ${RTLAT_HOST:-} == bochs ]]; then
		vm_args+=(-M "microvm,pit=off,pic=off,rtc=off"
			-device "isa-serial,chardev=verdict,iobase=0x2f8,irq=3,index=1"
			-device "virtio-serial-device,max_ports=5")
	else
		vm_args+=(-serial chardev:verdict -device "virtio-serial-pci,max_ports=5")
	fi
}

# vm_outputs DIR NAME... - adds ports, what comes through each going to DIR/NAME
vm_outputs() {
	local name
	for name in "${@:2}"; do
		: >"$1/$name"
		vm_args+=(-chardev "file,id=$name,path=$1/$name,append=on"
			-device "virtserialport,chardev=$name,name=rtlat.$name")
	done
}

# vm_verdict DIR - the command's exit status; fails while there is no verdict.
# The file must be the verdict and nothing else.
vm_verdict() {
	local verdict
	[[ -s $1/verdict ]] || return 1
	verdict=$(tr -d '\r' <"$1/verdict")
	[[ $verdict =~ ^verdict=([0-9]{1,3})$ ]] || return 1
	printf '%s\n' "${BASH_REMATCH[1]}"
}

# vm_result DIR STATUS SECONDS WHAT - the exit status of a machine that ended:
# the command's, or 124 (STATUS is that of timeout(1)), or 125 when it was lost
vm_result() {
	local verdict
	if verdict=$(vm_verdict "$1"); then
		return "$verdict"
	fi
	if [[ $2 -eq 124 || $2 -eq 137 ]]; then
		say "timeout: the $4 had no verdict after $3 s and was stopped"
		vm_log_tail "$1"
		return "$RTLAT_TIMEOUT"
	fi
	say "lost: the $4 ended without a verdict (status $2)"
	vm_log_tail "$1"
	return "$RTLAT_LOST"
}

vm_log_tail() {
	[[ -e $1/kernel.log ]] || return 0
	grep -m 1 -aE "Kernel panic|Oops|BUG:|rtlat-init: [^c]" "$1/kernel.log" | tr -d "\r" | sed "s/^/    ! /" >&2 || true
	tail -n 25 "$1/kernel.log" | tr -d '\r' | sed 's/^/    | /' >&2
}
