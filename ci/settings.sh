# shellcheck shell=bash
# The settings of a guest (docs/matrix.md), done: parameters of KVM, QEMU's options,
# the guest's command line. `rtlat matrix` has checked them, and has their names.
# shellcheck disable=SC2034

# settings_take WORD... - sets settings_kvm (FOLDER/PARAMETER=VALUE below
# /sys/module/), settings_cpu (more for QEMU's -cpu), settings_cpu_pm (on or off),
# settings_line (more for the guest's command line), settings_posted
settings_take() {
	local word value
	settings_kvm=() settings_cpu='' settings_cpu_pm=off settings_line='' settings_posted=0
	for word in "$@"; do
		value=${word#*=}
		case $word in
		timer=posted)
			settings_posted=1
			settings_take_posted
			;;
		timer=local) ;;
		guest_idle=poll) settings_line+=" idle=poll" ;;
		guest_idle=halt) ;;
		cpu_pm=on) settings_cpu_pm=on ;;
		cpu_pm=off) ;;
		guest_clocksource=*) settings_line+=" clocksource=$value" ;;
		pi_inject_timer=* | halt_poll_ns=* | lapic_timer_advance=*) settings_kvm+=("kvm/${word%%=*}=$(settings_value "$value")") ;;
		enable_ipiv=* | preemption_timer=*) settings_kvm+=("$kvm_module/${word%%=*}=$(settings_value "$value")") ;;
		pv_ipi=*) settings_cpu+=",kvm-pv-ipi=$value" ;;
		pv_eoi=*) settings_cpu+=",kvm-pv-eoi=$value" ;;
		*) die "$word: not a setting of a guest" ;;
		esac
	done
}

# settings_take_posted - a timer that KVM keeps on another CPU, and posts from
# there: nothing on the guest's own CPU may take it, or make the guest exit. The
# control without posting is the same but for the posting.
settings_take_posted() {
	settings_kvm+=("kvm/pi_inject_timer=1")
	# Intel only; it would fire on the guest's own CPU. KVM may not be loaded yet.
	[[ $kvm_module != kvm_intel ]] || settings_kvm+=("$kvm_module/preemption_timer=0")
	settings_cpu_pm=on
	settings_line+=" idle=poll"
}

# settings_value VALUE - as a parameter of the kernel takes it
settings_value() {
	case $1 in
	on) echo 1 ;;
	off) echo 0 ;;
	*) echo "$1" ;;
	esac
}
