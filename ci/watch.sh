# shellcheck shell=bash
# Raw copies of what a machine knows of itself and of a guest that it runs, as
# `rtlat proof make` reads them (docs/proof.md has the layout). Nothing is judged
# here, and nothing is read while a cell is measured.
#
# KVM's own statistics cost nothing and are taken around the run. Its events are
# counted by histogram triggers, which would put 40 % on event latency (10,239 to
# 14,335 instructions): so they are on in a repetition of the run only, whose
# samples nobody uses. What changes seldom, the reasons that inhibit posted
# interrupts, is traced from before the VM is made.

watch_instance=/sys/kernel/tracing/instances/rtlat_proof

# key of the histogram of each of KVM's events; of an event that the kernel has
# not there is no file
watch_events=(
	kvm_entry:vcpu_id "kvm_exit:exit_reason,vcpu_id" kvm_inj_virq:reinjected kvm_apicv_accept_irq:apicid kvm_eoi:apicid
)

watch_counting=0

# watch_begin - before the VM is made
watch_begin() {
	local event=$watch_instance/events/kvm/kvm_apicv_inhibit_changed/enable
	[[ -e /sys/kernel/tracing/events ]] || mount -t tracefs nodev /sys/kernel/tracing || return 1
	watch_end
	mkdir "$watch_instance" || return 1
	echo mono >"$watch_instance/trace_clock"
	[[ ! -e $event ]] || echo 1 >"$event"
}

# watch_events on|off - count them from now on, or no longer
watch_events() {
	local event trigger
	[[ $1 == off ]] && watch_counting=0 || watch_counting=1
	for event in "${watch_events[@]}"; do
		trigger=$watch_instance/events/kvm/${event%:*}/trigger
		[[ -e $trigger ]] || continue
		if [[ $1 == on ]]; then
			echo "hist:keys=${event#*:}" >"$trigger"
		else
			echo "!hist:keys=${event#*:}" >"$trigger" 2>/dev/null || true
		fi
	done
}

# watch_end - nothing is left of it
watch_end() {
	[[ -d $watch_instance ]] || return 0
	watch_events off
	rmdir "$watch_instance"
}

# watch_now - the time on the trace's clock
watch_now() {
	echo now >"$watch_instance/trace_marker"
	sed -n 's/.* \([0-9]*\.[0-9]*\): tracing_mark_write: now$/\1/p' "$watch_instance/trace" | tail -n 1
}

# watch_count PID DIR - what has been counted so far of the VM of that process;
# events only where they are counted. Few processes: on an emulated host each costs a
# tenth of a second.
watch_count() {
	local dir event
	mkdir -p "$2"
	watch_now >"$2/time"
	for dir in /sys/kernel/debug/kvm/"$1"-*; do
		# numbers only: some files are tables
		(cd "$dir" && grep -s -d skip '^[0-9][0-9]*$' -- * vcpu*/*) | sed 's/:/ /'
	done >"$2/stats"
	[[ $watch_counting -eq 1 ]] || return 0
	for event in "${watch_events[@]}"; do
		[[ ! -e $watch_instance/events/kvm/${event%:*} ]] || cat "$watch_instance/events/kvm/${event%:*}/hist" >"$2/${event%:*}.hist"
	done
}

# watch_host DIR - what does not change while a VM runs
watch_host() {
	local module file
	mkdir -p "$1/parameters"
	sed '/^$/q' /proc/cpuinfo >"$1/cpuinfo"
	uname -r >"$1/uname"
	cat /sys/devices/system/clocksource/clocksource0/current_clocksource >"$1/clocksource"
	for file in isolated nohz_full; do
		[[ ! -r /sys/devices/system/cpu/$file ]] || cat "/sys/devices/system/cpu/$file" >"$1/${file}_cpus"
	done
	cpus_online >"$1/cpus"
	{ find /sys/kernel/debug/kvm -mindepth 1 -maxdepth 1 -type d 2>/dev/null || true; } | wc -l >"$1/guests"
	: >"$1/modules"
	for module in kvm kvm_intel kvm_amd; do
		[[ -d /sys/module/$module ]] || continue
		# what is built in has no state
		printf '%s %s\n' "$module" "$(cat "/sys/module/$module/initstate" 2>/dev/null || echo builtin)" >>"$1/modules"
		mkdir -p "$1/parameters/$module"
		for file in "/sys/module/$module/parameters"/*; do
			[[ ! -r $file ]] || cat "$file" >"$1/parameters/$module/${file##*/}"
		done
	done
	if [[ -e $watch_instance/events/kvm/kvm_apicv_inhibit_changed ]]; then
		grep -v 'tracing_mark_write:' "$watch_instance/trace" >"$1/inhibits"
	fi
}
