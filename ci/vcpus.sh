# shellcheck shell=bash
# Where a guest's CPUs run: on isolated CPUs of the host, if it has them, each on
# its own, as SCHED_FIFO; QEMU's other threads stay on the CPUs that are left to
# everybody. When there are fewer of them, the guest's last CPUs get them: its first
# one does its housekeeping, and sends its IPIs.

# cpu_list FILE - the CPUs of a list such as 1,3-5, one word each
cpu_list() {
	local part
	[[ -r $1 ]] || return 0
	tr -d '() \n' <"$1" | tr ',' '\n' | while read -r part || [[ -n $part ]]; do
		[[ ! $part =~ ^[0-9]+(-[0-9]+)?$ ]] || seq "${part%-*}" "${part#*-}"
	done
}

# cpus_online - how many the host has, wherever this process may run
cpus_online() { cpu_list /sys/devices/system/cpu/online | wc -l; }

# vcpus_plan NUMBER POSTED - sets vcpu_cpus: where each shall run, `-`: among
# everybody; or empty: all of them among everybody. POSTED is 1 when KVM's timers
# must not fire there; when that cannot be, kvm_reason says why
# shellcheck disable=SC2034
vcpus_plan() {
	local free
	vcpu_cpus=()
	if [[ $2 -eq 1 ]]; then
		mapfile -t free < <(cpu_list /sys/devices/system/cpu/nohz_full)
		if [[ ${#free[@]} -lt $1 ]]; then
			kvm_reason="timer=posted: $1 of the guest's CPUs and ${#free[@]} of the host's with nohz_full= (boot it with isolcpus= and nohz_full= of as many, and one beside them)"
			return 1
		fi
	else
		mapfile -t free < <(cpu_list /sys/devices/system/cpu/isolated)
		[[ ${#free[@]} -gt 0 ]] || return 0
	fi
	free=("${free[@]:0:$1}")
	while [[ $((${#vcpu_cpus[@]} + ${#free[@]})) -lt $1 ]]; do
		vcpu_cpus+=(-)
	done
	vcpu_cpus+=("${free[@]}")
	# a guest that polls is never idle: throttled, it stands still 50 ms in each second
	kvm_tune "file:/proc/sys/kernel/sched_rt_runtime_us=-1"
}

# vcpus_hold DIR - sets vcpu_qemu: options with which a guest that has places waits
# for vcpus_place before its first instruction, so that nothing of it ever runs
# elsewhere.
# shellcheck disable=SC2034
vcpus_hold() {
	vcpu_qemu=()
	[[ ${#vcpu_cpus[@]} -gt 0 ]] || return 0
	mkfifo "$1/monitor.in" "$1/monitor.out"
	vcpu_qemu=(-S -chardev "pipe,id=monitor,path=$1/monitor" -mon "chardev=monitor")
}

# vcpus_place PID DIR - wait for the threads of the guest's CPUs, put them there and
# let them begin
vcpus_place() {
	local cpu try thread comm found
	[[ ${#vcpu_cpus[@]} -gt 0 ]] || return 0
	for ((try = 0; try < 200; try++)); do
		found=()
		for thread in "/proc/$1/task"/*; do
			comm=$(cat "$thread/comm" 2>/dev/null) || continue
			[[ ! $comm =~ ^CPU\ ([0-9]+)/KVM$ ]] || found[BASH_REMATCH[1]]=${thread##*/}
		done
		[[ ${#found[@]} -ne ${#vcpu_cpus[@]} ]] || break
		sleep 0.05
	done
	[[ ${#found[@]} -eq ${#vcpu_cpus[@]} ]] || { say "the threads of the guest's CPUs were not found"; return 1; }
	for cpu in "${!found[@]}"; do
		[[ ${vcpu_cpus[cpu]} != - ]] || continue
		taskset -p -c "${vcpu_cpus[cpu]}" "${found[cpu]}" >/dev/null && chrt -f -p 1 "${found[cpu]}" || return 1
	done
	# both ways: that does not wait for QEMU to open it
	echo cont 1<>"$2/monitor.in"
}

# vcpus_housekeeper CPU - where the kernel moves that CPU's timers: to the first one
# without nohz_full= on the same node, else to the first of all (housekeeping_any_cpu())
vcpus_housekeeper() {
	local list cpu node near=() full
	full=" $(cpu_list /sys/devices/system/cpu/nohz_full | tr '\n' ' ')"
	for list in /sys/devices/system/node/node*/cpulist; do
		mapfile -t node < <(cpu_list "$list")
		[[ " ${node[*]} " != *" $1 "* ]] || near=("${node[@]}")
	done
	mapfile -t -O "${#near[@]}" near < <(cpu_list /sys/devices/system/cpu/online)
	for cpu in "${near[@]}"; do
		[[ $full == *" $cpu "* ]] || break
	done
	echo "$cpu"
}

# vcpus_tick COMMAND... - sets vcpu_ticker: a process, run by COMMAND, without which
# timers would not be moved (rtlat tick --help), stopped: it goes on while there is a
# run. A wake-up takes an emulated host 0.2 ms; its period shares no beat with ticks and
# releases, and is shorter than what lies between a guest's timers.
# shellcheck disable=SC2034
vcpus_tick() {
	local us=100
	[[ ${RTLAT_HOST:-} != bochs ]] || us=937
	"$@" taskset -c "$(vcpus_housekeeper "${vcpu_cpus[-1]}")" rtlat tick --interval-us "$us" &
	vcpu_ticker=$!
	kill -STOP "$vcpu_ticker"
}
