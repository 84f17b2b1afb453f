# shellcheck shell=bash
# What shows that a cell's platform was what it claims, and the check of it.
# A proof is key=value lines; when one does not hold, proof_reason says why.

# Injected and received interrupts differ by what arrives before the guest's
# kernel counts and between the two readings: 1.03 to 1.08 was seen.
proof_factor_percent=125

value_or_none() {
	local value=
	[[ ! -r $1 ]] || value=$(tr -d " ()" <"$1")
	[[ -n $value && $value != null ]] || value=none
	printf "%s\n" "$value"
}

# proof_native - key=value lines about the machine this runs on
proof_native() {
	printf 'native_hypervisor_flag=%s\n' "$(grep -cw hypervisor /proc/cpuinfo || true)"
	printf 'native_clocksource=%s\n' "$(</sys/devices/system/clocksource/clocksource0/current_clocksource)"
	printf 'native_isolated_cpus=%s\n' "$(value_or_none /sys/devices/system/cpu/isolated)"
	printf 'native_nohz_full_cpus=%s\n' "$(value_or_none /sys/devices/system/cpu/nohz_full)"
	printf 'native_cpus=%s\n' "$(nproc)"
	printf 'native_kvm_guests=%s\n' "$(find /sys/kernel/debug/kvm -mindepth 1 -maxdepth 1 -type d 2>/dev/null | wc -l)"
}

# proof_value FILE KEY
proof_value() { sed -n "s/^$2=//p" "$1" | head -n 1; }

# proof_native_holds FILE - no hypervisor below the host, no guest beside
# shellcheck disable=SC2034
proof_native_holds() {
	if [[ $(proof_value "$1" native_hypervisor_flag) != 0 ]]; then
		proof_reason="proof: the host's CPU has the hypervisor flag"
		return 1
	fi
	if [[ $(proof_value "$1" native_kvm_guests) != 0 ]]; then
		proof_reason="proof: KVM guests ran beside it"
		return 1
	fi
}

# proof_guest FILE - what every guest must show; sets injected, received, pi
proof_guest() {
	injected=$(proof_value "$1" kvm_irq_injections)
	received=$(proof_value "$1" guest_interrupts)
	pi=$(proof_value "$1" avic)$(proof_value "$1" enable_apicv)
	if [[ $(proof_value "$1" guest_hypervisor_flag) -eq 0 ]]; then
		proof_reason="proof: the guest's CPU has no hypervisor flag"
	elif [[ -z $injected || -z $received || $received -eq 0 ]]; then
		proof_reason="proof: kvm_irq_injections=$injected guest_interrupts=$received: not known"
	else
		return 0
	fi
	return 1
}

# proof_kvm_holds FILE - posted interrupts off: every interrupt was injected
# shellcheck disable=SC2034
proof_kvm_holds() {
	proof_guest "$1" || return 1
	if [[ $pi != N ]]; then
		proof_reason="proof: avic/enable_apicv=$pi, not N"
		return 1
	fi
	if ((injected * 100 > received * proof_factor_percent ||
		received * 100 > injected * proof_factor_percent)); then
		proof_reason="proof: kvm_irq_injections=$injected guest_interrupts=$received: not within 1.25 of each other"
		return 1
	fi
}

# proof_kvm_pi_holds FILE - posted interrupts active: few were injected
# shellcheck disable=SC2034
proof_kvm_pi_holds() {
	proof_guest "$1" || return 1
	if [[ $pi != Y ]]; then
		proof_reason="proof: avic/enable_apicv=$pi, not Y"
		return 1
	fi
	if ((injected * 4 > received)); then
		proof_reason="proof: kvm_irq_injections=$injected guest_interrupts=$received: more than a quarter was injected"
		return 1
	fi
}
