#!/bin/sh
# The command of a guest, run there by busybox sh: runs /rtlat/command, notes
# what the guest knows of its platform, sends /out to the host.
export PATH=/bin:/sbin HOME=/root LANG=C.UTF-8
export RTLAT_KO=/rtlat/rtlat.ko
mkdir -p /out /tmp

sh /rtlat/command
status=$?

# Interrupts that came through the local APIC: devices by number, and the
# kernel's own vectors. MCP counts polls, NMI and PMI are no such interrupts.
interrupts() {
	awk -v cpus="$(nproc)" '
		$1 ~ /^([0-9]+|LOC|IWI|RES|CAL|TLB|RTR|THR|DFR):$/ {
			for (i = 2; i < 2 + cpus; i++) n += $i
		}
		END { printf "%d\n", n }' /proc/interrupts
}

{
	echo "guest_interrupts=$(interrupts)"
	echo "guest_clocksource=$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
	echo "guest_hypervisor_flag=$(grep -cw hypervisor /proc/cpuinfo)"
	echo "guest_cpus=$(nproc)"
	echo "guest_kernel=$(uname -r)"
} >/out/guest-facts

for name in /sys/class/virtio-ports/*/name; do
	if [ "$(cat "$name")" = rtlat.files ]; then
		port=${name%/name}
		tar -C /out -cf - . >"/dev/${port##*/}"
	fi
done
exit $status
