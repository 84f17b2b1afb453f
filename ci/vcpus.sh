# shellcheck shell=bash
# Where a guest's CPUs run: on isolated CPUs of the host, if it has them, each on
# its own, as SCHED_FIFO; QEMU's other threads stay on the CPUs that are left to
# everybody.

# cpu_list FILE - the CPUs of a list such as 1,3-5, one word each
cpu_list() {
	local part
	[[ -r $1 ]] || return 0
	tr -d '() \n' <"$1" | tr ',' '\n' | while read -r part || [[ -n $part ]]; do
		[[ ! $part =~ ^[0-9]+(-[0-9]+)?$ ]] || seq "${part%-*}" "${part#*-}"
	done
}

# vcpus_plan NUMBER POSTED - sets vcpu_cpus: where each shall run, or empty:
# anywhere. POSTED is 1 when KVM's timers must not fire there; when that cannot be,
# kvm_reason says why
# shellcheck disable=SC2034
vcpus_plan() {
	local cpus
	vcpu_cpus=()
	if [[ $2 -eq 1 ]]; then
		mapfile -t cpus < <(cpu_list /sys/devices/system/cpu/nohz_full)
		if [[ ${#cpus[@]} -lt $1 ]]; then
			kvm_reason="timer=posted: $1 of the guest's CPUs and ${#cpus[@]} of the host's with nohz_full= (boot it with isolcpus= and nohz_full= of as many, and one beside them)"
			return 1
		fi
	else
		mapfile -t cpus < <(cpu_list /sys/devices/system/cpu/isolated)
		[[ ${#cpus[@]} -ge $1 ]] || return 0
	fi
	vcpu_cpus=("${cpus[@]:0:$1}")
	# a guest that polls is never idle: throttled, it stands still 50 ms in each second
	kvm_tune "file:/proc/sys/kernel/sched_rt_runtime_us=-1"
}

# vcpus_place PID - wait for the threads of the guest's CPUs, and put them there
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
		taskset -p -c "${vcpu_cpus[cpu]}" "${found[cpu]}" >/dev/null && chrt -f -p 1 "${found[cpu]}" || return 1
	done
}
