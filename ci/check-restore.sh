#!/usr/bin/env bash
# That the machine's state is put back: in an emulated host rtlat changes files,
# the CPUs of a process and KVM's modules, is killed at random points, and
# `rtlat restore` must find all of it again, and say so.
#
# usage: check-restore.sh [--here]
#	--here	on the machine that this is typed on: for that host
#	SEED=	of the random points (one that is drawn and printed)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

seed=${SEED:-$RANDOM}
kills=6

flavour=${KERNEL:-6.1}

if [[ ${1:-} != --here ]]; then
	make -s -C "$RTLAT_ROOT" module userspace KERNEL="$flavour"
	"$RTLAT_ROOT/ci/initramfs.sh" "$flavour" guest >/dev/null
	status=0
	"$RTLAT_ROOT/ci/run.sh" --kernel "$flavour" --clock none --smp 2 --mem 3072 --timeout 1800 -- \
		"KERNEL=$flavour SEED=$seed ci/check-restore.sh --here" || status=$?
	# a host that is lost has counted nothing
	if [[ $status -eq "$RTLAT_TIMEOUT" || $status -eq "$RTLAT_LOST" ]]; then
		printf 'restore: 0 passed, 1 failed, 0 skipped\n'
	fi
	exit "$status"
fi

RANDOM=$seed
journal=/var/lib/rtlat/restore
work=$(mktemp -d)
remove_at_exit "$work"
throttling=/proc/sys/kernel/sched_rt_runtime_us
huge=/sys/kernel/mm/transparent_hugepage/enabled
irq=/proc/irq/default_smp_affinity
poll=/sys/module/kvm/parameters/halt_poll_ns
governor=/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor

sleep infinity &
sleeper=$!
changes=("file:$throttling=-1" "file:$huge=never" "file:$irq=1" "module:kvm" halt_poll_ns=0
	"affinity:$sleeper=1" "module:kvm_amd" nested=0)
if [[ -w $governor && $(<"${governor%/*}/scaling_available_governors") == *performance* ]]; then
	changes+=("file:$governor=performance")
else
	# the governor that there is: of idle states
	governor=/sys/devices/system/cpu/cpuidle/current_governor
	other=$(tr ' ' '\n' <"${governor%/*}/available_governors" | grep -vxm 1 "$(<"$governor")")
	changes+=("file:$governor=$other")
fi

# state - everything that is changed here, a line each, its name first
state() {
	local file
	for file in "$throttling" "$huge" "$irq" "$governor" /sys/module/{kvm,kvm_amd}/parameters/*; do
		[[ ! -r $file ]] || printf '%s %s\n' "$file" "$(<"$file")"
	done
	printf 'process %s\n' "$(taskset -pc "$sleeper")"
	printf 'modules %s\n' "$(cut -d ' ' -f 1 /proc/modules | grep kvm | sort | paste -sd ' ')"
}

# as_found - is it again what it was?
as_found() { state | diff "$work/found" - && [[ ! -e $journal ]]; }

# changed - what is not as found, named as rtlat does
changed() {
	state | diff "$work/found" - | sed -nE '/^[<>] (modules|\/sys\/module\/kvm_amd)/ s/.*/kvm_amd/p; s/^[<>] process .*/CPUs of process/p; s/^[<>] (\/[^ ]*) .*/\1/p' |
		sed '/^\/sys\/module\/kvm_amd/d' | sort -u
}

# says_all COMMAND... - what COMMAND puts back is said
says_all() {
	local what
	changed >"$work/changed"
	"$@" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
	while read -r what; do
		grep -qF "put back: $what" "$work/said" || { echo "not said: $what"; cat "$work/said"; return 1; }
	done <"$work/changed"
}

restores() { says_all rtlat restore && as_found; }

is_set() {
	[[ $(<"$throttling") == -1 && $(<"$huge") == *'[never]'* && $(<"$irq") == *1 && $(<"$poll") == 0 &&
		$(</sys/module/kvm_amd/parameters/nested) == [0N] && $(taskset -pc "$sleeper") == *': 1' ]] || { state; return 1; }
}

tune() { rtlat tune --reload-kvm "$@"; }

changes_are_made() {
	local begin=${EPOCHREALTIME/[.,]/}
	tune "${changes[@]}" || return
	tune_us=$((${EPOCHREALTIME/[.,]/} - begin))
	is_set
}

# a parameter of kvm itself that can only be given when it is loaded
both_modules() {
	tune module:kvm vector_hashing=0 || return
	[[ $(</sys/module/kvm/parameters/vector_hashing) == N ]] || return
	rtlat restore && as_found
}

a_command_has_it() {
	tune "${changes[@]}" -- cat /sys/module/kvm_amd/parameters/nested >"$work/log" 2>"$work/said" || return
	[[ $(<"$work/log") == [0N] ]] && as_found
}

# kill_at US SIGNAL - rtlat with a command, after that time; sets status
kill_at() {
	local pid
	status=0
	# not through a function: that would be a shell's child
	rtlat tune --reload-kvm "${changes[@]}" -- sleep infinity >"$work/log" 2>&1 &
	pid=$!
	# it has the lock after it has asked for the signals
	[[ $2 == KILL ]] || until [[ $(cat "$journal.lock") == "$pid" ]]; do
		kill -0 "$pid" || return
		sleep 0.01
	done
	sleep "$(printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)))"
	kill "-$2" "$pid"
	wait "$pid" || status=$?
}

killed() {
	kill_at "$1" KILL
	[[ $status -eq 137 ]] || { echo "status $status"; cat "$work/log"; return 1; }
	restores
}

killed_and_started_again() {
	kill_at "$tune_us" KILL
	[[ -e $journal ]] || { echo "no journal"; return 1; }
	! rtlat tune "file:$huge=always" 2>"$work/log" || return
	grep -qF "$journal: what a run before has changed is not put back yet" "$work/log" || { cat "$work/log"; return 1; }
	says_all rtlat tune --restore-first "file:$huge=always" && restores
}

# interrupted US SIGNAL NUMBER - puts back by itself, and ends as one that was
interrupted() {
	kill_at "$1" "$2"
	[[ $status -eq $((128 + $3)) ]] || { echo "status $status"; cat "$work/log"; return 1; }
	as_found || { cat "$work/log"; return 1; }
}

start_vm() {
	qemu-system-x86_64 -accel kvm -S -nodefaults -display none -m 64 >"$work/qemu" 2>&1 &
	vm=$!
	for _ in {1..600}; do
		! compgen -G "/sys/kernel/debug/kvm/$vm-*" >/dev/null || return 0
		kill -0 "$vm" || break
		sleep 0.1
	done
	cat "$work/qemu"
	return 1
}

end_vm() {
	kill -KILL "$vm"
	wait "$vm" 2>/dev/null || true
}

refused_while_a_vm_runs() {
	local status=0
	start_vm || return
	tune module:kvm_amd nested=0 >"$work/log" 2>&1 || status=$?
	end_vm
	cat "$work/log"
	[[ $status -eq 77 && $(<"$work/log") == "kvm_amd: KVM is in use by qemu-system-x86 (pid $vm)" ]] && as_found
}

kept_while_a_vm_runs() {
	local status=0
	tune module:kvm_amd nested=0 || return
	start_vm || return
	rtlat restore >"$work/log" 2>&1 || status=$?
	end_vm
	cat "$work/log"
	[[ $status -eq 1 ]] && grep -qF "not put back: kvm_amd: KVM is in use by qemu-system-x86 (pid $vm)" "$work/log" &&
		restores
}

no_guest() { ! pgrep -x qemu-system-x86 >/dev/null; }

# within SECONDS COMMAND... - it holds by then
within() {
	local tenths=$(($1 * 10))
	shift
	until "$@"; do
		[[ $((tenths--)) -gt 0 ]] || return 1
		sleep 0.1
	done
}

has_vm() { compgen -G "/sys/kernel/debug/kvm/*-*" >/dev/null; }

# runner SECONDS SIGNAL - what runs guests, as on a machine of somebody's, gets the signal
# so long after its guest has begun
runner() {
	local pid
	# a job in the background ignores it otherwise
	env --default-signal=INT RTLAT_HOST=this RTLAT_RELOAD_KVM=1 RTLAT_CLOCK=none "$RTLAT_ROOT/ci/guest.sh" --kernel "$flavour" --timeout 600 \
		--setting halt_poll_ns=0 --setting lapic_timer_advance=off -- 'sleep 1000' >"$work/runner" 2>&1 &
	pid=$!
	within 60 has_vm || { kill -KILL "$pid"; cat "$work/runner"; return 1; }
	[[ -e $journal && $(<"$poll") == 0 ]] || { echo "nothing was changed for it"; return 1; }
	sleep "$1"
	kill "-$2" "$pid"
	wait "$pid" 2>/dev/null || true
	within 10 no_guest || { echo "its guest lives on"; return 1; }
}

runner_killed() { runner "$1" KILL && restores; }

runner_interrupted() { runner "$1" "$2" && as_found; }

refused_without_leave() {
	local status=0
	rtlat tune module:kvm_amd nested=0 >"$work/log" 2>&1 || status=$?
	cat "$work/log"
	[[ $status -eq 77 && $(wc -l <"$work/log") -eq 1 ]] && as_found
}

# with a parameter that somebody has given by hand, which must not be lost
modprobe kvm_amd avic=0 vgif=0 || die "kvm_amd does not load"
state >"$work/found"
printf 'seed %s\n' "$seed"
tune_us=0
try 'changes are made' changes_are_made
try "they are put back, and it is said (making took $((tune_us / 1000)) ms)" restores
try 'with nothing to put back it says so' grep -q 'nothing to put back$' <(rtlat restore)
try 'a read-only parameter of kvm: both modules are loaded again' both_modules
try 'as long as a command runs' a_command_has_it
try 'not without --reload-kvm: one line' refused_without_leave
for ((i = 0; i < kills; i++)); do
	at=$((RANDOM * tune_us * 11 / 327680))
	try "killed after $((at / 1000)) ms: restore puts back and says so" killed "$at"
done
try 'killed while the command runs: the next start puts back and says so' killed_and_started_again
for signal in INT:2 TERM:15 HUP:1; do
	at=$((RANDOM * tune_us / 32768))
	try "SIG${signal%:*} after $((at / 1000)) ms: puts back by itself" interrupted "$at" "${signal%:*}" "${signal#*:}"
	try "SIG${signal%:*} while the command runs: puts back by itself" interrupted $((tune_us * 3 / 2)) "${signal%:*}" "${signal#*:}"
done
try 'refused while a VM runs: one line, which names it' refused_while_a_vm_runs
try 'kept while a VM runs, put back when it has ended' kept_while_a_vm_runs
try 'a runner with a guest killed: no guest is left, restore puts back and says so' runner_killed 1
try 'the same, when the guest is up' runner_killed 30
try 'a runner interrupted: puts back by itself' runner_interrupted 2 INT
try 'a runner that is told to end: puts back by itself' runner_interrupted 2 TERM
kill "$sleeper"
tally restore
