# shellcheck shell=bash
# KVM on the host: have it with the parameters that a guest is to be run with.
# Works on a real machine (HOST=this) as in the emulated host.
#
# What is changed is put back when the guest ends, by `rtlat restore`; after a kill
# that leaves no time for it, by the next guest, or by `rtlat restore` that somebody
# types (docs/hardware.md).

kvm_changed=0

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

# kvm_word VALUE - as parameters are compared: Y and N for 1 and 0
kvm_word() {
	case $1 in
	0) echo N ;;
	1) echo Y ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# kvm_advance on|off - KVM's advance of a guest's timer, as this kernel calls it
# (differently from 6.10 on); nothing where there is none
kvm_advance() {
	case $(modinfo -p kvm 2>/dev/null | sed -n 's/^\(lapic_timer_advance\(_ns\)\{0,1\}\):.*/\1/p') in
	lapic_timer_advance_ns) [[ $1 == on ]] && echo "kvm/lapic_timer_advance_ns=-1" || echo "kvm/lapic_timer_advance_ns=0" ;;
	lapic_timer_advance) [[ $1 == on ]] && echo "kvm/lapic_timer_advance=1" || echo "kvm/lapic_timer_advance=0" ;;
	esac
}

# kvm_wanted Y|N WORD... - sets wanted: all parameters, MODULE/NAME=VALUE, WORD...
# being a guest's; and usual: what is wanted on this host whatever guests ask for.
# KVM tunes by how much it fires a guest's timer early, up to 5 us. On the clock of
# instructions the path is longer than that: the tuner never settles, and event
# latency saws between 2,000 and 6,400 instructions. So it is off there.
kvm_wanted() {
	local word advance
	usual=("$kvm_module/$kvm_param=$([[ $1 == N ]] && echo 0 || echo 1)")
	wanted=("${usual[0]}")
	advance=$(kvm_advance off)
	if [[ ${RTLAT_HOST:-this} != this && -n $advance ]]; then
		usual+=("$advance")
		[[ " ${*:2}" == *" kvm/lapic_timer_advance="* ]] || wanted+=("$advance")
	fi
	for word in "${@:2}"; do
		case $word in
		kvm/lapic_timer_advance=0) wanted+=("$(kvm_advance off)") ;;
		kvm/lapic_timer_advance=1) wanted+=("$(kvm_advance on)") ;;
		*) wanted+=("$word") ;;
		esac
	done
}

# kvm_said - what KVM has last written into the log
kvm_said() { dmesg | sed -n 's/^[^]]*\] *\(\(kvm\|kvm_amd\|kvm_intel\|SVM\|VMX\): .*\)/\1/p' | tail -n 1; }

# kvm_load_with_guest - KVM's module as is wanted, in the journal
kvm_load_with_guest() {
	local word words=() log
	for word in "${wanted[@]}"; do
		[[ $word != "$kvm_module/"* ]] || words+=("${word#*/}")
	done
	kvm_tune --restore-first "module:$kvm_module" "${words[@]}" && return
	log=$(kvm_said)
	[[ $kvm_reason != *'does not load'* || -z $log ]] || kvm_reason="$kvm_module does not load: $log"
	return 1
}

# kvm_first_load - modules that are not there yet, as is usual; on a machine of somebody's
# as is wanted, and they go again with the guest
kvm_first_load() {
	local module word words error log
	if [[ ${RTLAT_HOST:-this} == this && ! -d /sys/module/$kvm_module ]]; then
		kvm_load_with_guest
		return
	fi
	for module in kvm "$kvm_module"; do
		[[ ! -d /sys/module/$module ]] || continue
		words=()
		for word in "${usual[@]}"; do
			[[ $word != "$module/"* ]] || words+=("${word#*/}")
		done
		error=$(modprobe "$module" "${words[@]}" 2>&1) && continue
		log=$(kvm_said)
		kvm_reason="$module does not load: ${log:-$error}"
		return 1
	done
}

# kvm_change - what is loaded with other values
kvm_change() {
	local word module file changes=() options=()
	local -A again=()
	for word in "${wanted[@]}"; do
		module=${word%%/*} file=/sys/module/${word%%/*}/parameters/${word#*/}
		file=${file%%=*}
		if [[ ! -e $file ]]; then
			kvm_reason="$module: this kernel's has no parameter ${file##*/}"
			return 1
		elif [[ $(kvm_word "$(<"$file")") == $(kvm_word "${word#*=}") ]]; then
			continue
		elif [[ $(stat -c %A "$file") == ?rw* ]]; then
			changes+=("file:$file=${word#*=}")
		else
			again[$module]+=" ${word#*/}"
		fi
	done
	for module in "${!again[@]}"; do
		changes+=("module:$module${again[$module]}")
	done
	[[ ${#changes[@]} -gt 0 ]] || return 0
	# nobody else is on an emulated host
	[[ ${RTLAT_HOST:-this} == this && ${RTLAT_RELOAD_KVM:-0} -eq 0 ]] || options=(--reload-kvm)
	kvm_tune --restore-first "${options[@]}" "${changes[@]}"
}

# kvm_tune WORD... - `rtlat tune`, for this guest
kvm_tune() {
	local said
	if said=$(rtlat tune --owner "$$" "$@" 2>&1); then
		kvm_changed=1
		return 0
	fi
	kvm_reason=${said##*$'\n'}
	return 1
}

# kvm_restore - what was changed for this guest is as it was found
kvm_restore() {
	[[ $kvm_changed -eq 1 ]] || return 0
	rtlat restore --owner "$$" >&2 || true
	kvm_changed=0
}

# kvm_load Y|N WORD... - have KVM loaded with posted interrupts on or off, and with
# the parameters MODULE/NAME=VALUE; when that cannot be, kvm_reason says why, naming
# the parameter
# shellcheck disable=SC2034
kvm_load() {
	local wanted usual word file
	kvm_find || return 1
	kvm_wanted "$@"
	kvm_first_load && kvm_change || return 1
	for word in "${wanted[@]}"; do
		file=/sys/module/${word%%/*}/parameters/${word#*/}
		file=${file%%=*}
		if [[ $(kvm_word "$(<"$file")") != $(kvm_word "${word#*=}") ]]; then
			kvm_reason="${word%%/*}: ${file##*/}=$(kvm_word "$(<"$file")") after loading it with ${word#*/}"
			return 1
		fi
	done
	if [[ ! -c /dev/kvm ]]; then
		kvm_reason="$kvm_module is loaded, but there is no /dev/kvm"
		return 1
	fi
}
