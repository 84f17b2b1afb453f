#!/bin/sh
# The command of a guest, run there by busybox sh: runs /rtlat/command, notes
# what the guest knows of its platform, sends /out to the host.
export PATH=/bin:/sbin HOME=/root LANG=C.UTF-8
export RTLAT_KO=/rtlat/rtlat.ko
mkdir -p /out /tmp

# port NAME - the device of a channel to the host
port() {
	for name in /sys/class/virtio-ports/*/name; do
		[ "$(cat "$name")" != "rtlat.$1" ] || { name=${name%/name}; echo "/dev/${name##*/}"; }
	done
}

# mark begin|end NAME - counts of that moment, on both sides; the guest's own before
# it asks and after it is answered: the host's lie between them
# called by the command
# shellcheck disable=SC2317
mark() {
	here=/out/marks/$2/$1
	mkdir -p "$here"
	cat /proc/interrupts >"$here/interrupts.asked"
	echo "$1 $2" >&9
	read -r _ <&9
	cat /proc/interrupts >"$here/interrupts.answered"
}

exec 9<>"$(port mark)"
# an exit in it is its own
# shellcheck source=/dev/null
(. /rtlat/command)
status=$?
exec 9>&-

routing=$(dmesg | sed -n 's/.*Switched APIC routing to:\{0,1\} *//p' | tail -n 1)
{
	echo "guest_clocksource=$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
	echo "guest_hypervisor_flag=$(grep -cw hypervisor /proc/cpuinfo)"
	echo "guest_cpus=$(nproc)"
	echo "guest_kernel=$(uname -r)"
	case $routing in
	*x2apic*) echo guest_x2apic=1 ;;
	?*) echo guest_x2apic=0 ;;
	*) echo guest_x2apic=unknown ;;
	esac
	case $(cat /sys/devices/system/clockevents/clockevent0/current_device) in
	lapic-deadline) echo guest_deadline_timer=1 ;;
	*) echo guest_deadline_timer=0 ;;
	esac
	echo "guest_idle=$(sed -n 's/.*\bidle=\([a-z]*\).*/\1/p' /proc/cmdline | grep . || echo halt)"
} >/out/facts

tar -C /out -cf - . >"$(port files)"
exit $status
