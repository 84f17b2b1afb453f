# shellcheck shell=bash
# KVM on the host: load it with posted interrupts off or on, and say what was
# found. Works on a real machine (HOST=this) as in the emulated host.

# kvm_find - sets kvm_module and kvm_param (the switch of posted interrupts)
kvm_find() {
	if grep -qw svm /proc/cpuinfo; then
		kvm_module=kvm_amd kvm_param=avic
	elif grep -qw vmx /proc/cpuinfo; then
		kvm_module=kvm_intel kvm_param=enable_apicv
	else
		kvm_reason="the CPU shows neither svm nor vmx"
		return 1
	fi
}

# kvm_value PARAMETER - of kvm_module, as Y or N; "absent" when there is none
kvm_value() {
	local value=absent
	if [[ -r /sys/module/$kvm_module/parameters/$1 ]]; then
		value=$(<"/sys/module/$kvm_module/parameters/$1")
	fi
	case $value in
	0) value=N ;;
	1) value=Y ;;
	esac
	printf '%s\n' "$value"
}

# kvm_steady - load kvm with its timer's advance off (named differently from 6.10
# on). KVM tunes by how much it fires a guest's timer early, up to 5 us. On the
# clock of instructions the path is longer than that: the tuner never settles,
# and event latency saws between 2,000 and 6,400 instructions.
kvm_steady() {
	local name
	[[ ${RTLAT_HOST:-this} != this && ! -d /sys/module/kvm ]] || return 0
	name=$(modinfo -p kvm | sed -n 's/^\(lapic_timer_advance\(_ns\)\{0,1\}\):.*/\1/p')
	modprobe kvm ${name:+"$name=0"}
}

# kvm_load Y|N - have KVM loaded with posted interrupts on or off; when that
# cannot be, kvm_reason says why, naming the parameter
# shellcheck disable=SC2034
kvm_load() {
	local number=0 error log
	[[ $1 == N ]] || number=1
	kvm_find || return 1
	kvm_steady || true
	if [[ -d /sys/module/$kvm_module && $(kvm_value "$kvm_param") != "$1" ]]; then
		if [[ ${RTLAT_HOST:-this} == this ]]; then
			kvm_reason="$kvm_module: $kvm_param=$(kvm_value "$kvm_param"), and a real host's KVM is not reloaded"
			return 1
		elif ! modprobe -r "$kvm_module" 2>/dev/null; then
			kvm_reason="$kvm_module: $kvm_param=$(kvm_value "$kvm_param") and the module is in use"
			return 1
		fi
	fi
	if [[ ! -d /sys/module/$kvm_module ]] && ! error=$(modprobe "$kvm_module" "$kvm_param=$number" 2>&1); then
		log=$(dmesg | sed -n 's/^[^]]*\] *\(\(kvm\|kvm_amd\|kvm_intel\|SVM\|VMX\): .*\)/\1/p' | tail -n 1)
		kvm_reason="$kvm_module does not load: ${log:-$error}"
		return 1
	fi
	if [[ $(kvm_value "$kvm_param") != "$1" ]]; then
		kvm_reason="$kvm_module: $kvm_param=$(kvm_value "$kvm_param") after loading it with $kvm_param=$number"
		return 1
	fi
	if [[ ! -c /dev/kvm ]]; then
		kvm_reason="$kvm_module is loaded, but there is no /dev/kvm"
		return 1
	fi
}

# kvm_proof - key=value lines on KVM's module parameters
kvm_proof() {
	local name
	printf 'kvm_module=%s\n' "$kvm_module"
	for name in "$kvm_param" npt ept nested vls vgif; do
		[[ ! -r /sys/module/$kvm_module/parameters/$name ]] || printf '%s=%s\n' "$name" "$(kvm_value "$name")"
	done
	for name in /sys/module/kvm/parameters/{lapic_timer_advance*,halt_poll_ns}; do
		[[ ! -r $name ]] || printf 'kvm_%s=%s\n' "${name##*/}" "$(<"$name")"
	done
	printf 'kvm_nx_huge_pages=%s\n' "$(cat /sys/module/kvm/parameters/nx_huge_pages 2>/dev/null || echo absent)"
}

# kvm_statistics QEMU_PID - key=value lines of the VM's counters, while it lives
kvm_statistics() {
	local dir name
	for dir in /sys/kernel/debug/kvm/"$1"-*; do
		for name in irq_injections exits irq_exits halt_exits irq_window_exits mmio_exits io_exits \
			hypercalls nmi_injections halt_wakeup preemption_reported; do
			[[ ! -r $dir/$name ]] || printf 'kvm_%s=%s\n' "$name" "$(<"$dir/$name")"
		done
	done
}
