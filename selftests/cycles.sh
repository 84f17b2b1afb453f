#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: load, run, unload: modes, parameters and ends in random order, some of it with CPU hotplug going on
#
# RTLAT_CYCLES		cycles (24; 1000 in the long tier)
# RTLAT_CYCLES_HOTPLUG	of them with CPU hotplug (6; 200)
# RTLAT_CYCLES_KINDS	only these kinds of runs, of those that the first line names
# RTLAT_SEED		of what is drawn; said at the beginning
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# refusals that a machine may have a reason for: too slow, or no CPU time left to
# promise; and with hotplug going on, that a CPU was away just then
MAY_REFUSE='shorter than (serving|the sender)|policy=deadline: (runtime|the budgets)'
MAY_REFUSE_HOTPLUG="$MAY_REFUSE|not online|no CPU is left|needs 2 targets"

# draw N - in DRAWN: 0 to N - 1
draw() { DRAWN=$((RANDOM % $1)); }

# nap SECONDS - forks nothing
nap() { read -rt "$1" -u "$NAP" _; }

# trouble WHAT... - with what it takes to see it again
trouble() {
	note "cycle $cycle ($what): $*; seed $seed"
	bad=$((bad + 1))
}

# kinds - what this machine can run
kinds() {
	kinds=(idle timer-job timer-callback taskset-fifo taskset-deadline ipi-self)
	[[ $cpus -lt 2 ]] || kinds+=(ipi-resched ipi-call_single)
	[[ $cpus -lt 3 ]] || kinds+=(ipi-call_many)
	! command -v rtlat >/dev/null || kinds+=(user-fifo user-deadline)
	[[ -z ${RTLAT_CYCLES_KINDS:-} ]] || read -ra kinds <<<"$RTLAT_CYCLES_KINDS"
}

# with_hotplug - this cycle has CPUs that go away. None with SCHED_DEADLINE: a
# thread that waits for its budget while its CPU goes makes the kernel warn, in
# dl_task_timer(), before a module is told.
with_hotplug() {
	[[ $((cycle * hotplugs / cycles)) -ne $(((cycle - 1) * hotplugs / cycles)) ]]
}

# deal - in KIND: the next of a shuffled deck of all of them that this cycle may have
deal() {
	local i swap
	if [[ ${#deck[@]} -eq 0 ]]; then
		deck=("${kinds[@]}")
		for ((i = ${#deck[@]} - 1; i > 0; i--)); do
			draw $((i + 1))
			swap=${deck[i]} deck[i]=${deck[DRAWN]} deck[DRAWN]=$swap
		done
	fi
	for ((i = ${#deck[@]} - 1; i >= 0; i--)); do
		if [[ ${deck[i]} != *-deadline ]] || ! with_hotplug; then break; fi
	done
	if [[ $i -lt 0 ]]; then
		KIND=timer-callback
		return
	fi
	KIND=${deck[i]}
	unset "deck[$i]"
	deck=("${deck[@]}")
}

# draw_words - the parameters of KIND, in words
draw_words() {
	local period
	words=()
	draw 5; period=$((3000 + DRAWN * 1000))
	case $KIND in
	idle) return ;;
	timer-*)
		words=(mode=timer arm="${KIND#timer-}" period_us="$period")
		draw 3; words+=(tasks=$((DRAWN + 1)))
		draw 3; words+=(exec_us=$((DRAWN * 100)))
		;;
	taskset-*)
		words=(mode=taskset policy="${KIND#taskset-}")
		draw ${#distributions[@]}; words+=(distribution="${distributions[DRAWN]}")
		draw 3; words+=(tasks_per_cpu=$((DRAWN + 1)))
		# a set may leave no time to others: whoever drives this keeps a CPU
		draw 1000; words+=(seed="$DRAWN" period_percent="$period_percent")
		[[ $cpus -eq 1 ]] || words+=(cpus="1-$((cpus - 1))")
		;;
	ipi-*)
		words=(mode=ipi ipi_kind="${KIND#ipi-}")
		draw 4; words+=(interval_us=$((1000 + DRAWN * 1000)))
		;;
	user-*)
		words=(mode=timer task_kind=user policy="${KIND#user-}" period_us="$period")
		draw 2; words+=(tasks=$((DRAWN + 1)) cpus=$((cpus > 1)))
		;;
	esac
	draw 3
	if [[ $DRAWN -eq 0 && $KIND != user-* && $KIND != taskset-* && $KIND != ipi-call_many && $cpus -gt 1 ]]; then
		draw $((cpus - 1)); words+=(cpus=$((DRAWN + 1)))
	fi
	draw 8; [[ $DRAWN -ne 0 ]] || words+=(fault_clock_insns=200)
	draw 3; [[ $DRAWN -ne 0 || $KIND == ipi-* ]] || words+=(trace_per=job)
}

# hotplug - until it is told to stop: one CPU after the other goes off and comes
# back; in RT_TMP/hotplug how often
hotplug() {
	local cpu n=0 stop=''
	RANDOM=$1
	trap 'stop=1' TERM
	while [[ -z $stop ]]; do
		draw ${#removable[@]}
		cpu=/sys/devices/system/cpu/cpu${removable[DRAWN]}/online
		draw 5; nap "0.$((DRAWN * 6 + 10))"
		# one whose time is promised to SCHED_DEADLINE stays
		if { echo 0 >"$cpu"; } 2>/dev/null; then n=$((n + 1)); fi
		draw 5; nap "0.0$((DRAWN * 2 + 1))"
		echo 1 >"$cpu"
	done
	echo "$n" >"$RT_TMP/hotplug"
}

# refused WHY - the module did not start: is the reason one that it may have?
refused() {
	local line said=''
	klog_sync
	look
	for line in "${RT_LINES[@]}"; do
		[[ $line != *'] rtlat: '* || $line == *' goes offline: '* ]] || said=${line#*] rtlat: }
	done
	if [[ $said =~ $may ]]; then
		refusals=$((refusals + 1))
		again_soon=1
	else
		trouble "refused: $1; the log says: ${said:-nothing}"
	fi
}

# look - at what the kernel has said: the first warning names its cycle
look() {
	local line
	klog_more
	for line in "${RT_LINES[@]}"; do
		[[ $line != *" $RT_MARK, cycle "* ]] || log_cycle=${line##*" $RT_MARK, "}
		if [[ $line =~ $RT_BAD && -z $splat ]]; then
			splat="$log_cycle: ${line#*] }"
			note "the log, in $splat; seed $seed"
		fi
	done
}

# until_done N - until the run is over or has made N releases or IPIs
until_done() {
	local i
	for ((i = 0; i < 1500; i++)); do
		rt_read_status
		[[ ${RT_STATUS[state]} == running && ${RT_STATUS[done]} -lt $1 ]] || return 0
		nap 0.02
	done
	trouble "hangs: ${RT_STATUS[*]}"
	return 1
}

# begin - load and start; fails when nothing runs then
begin() {
	if [[ $KIND == idle || $separately -eq 1 ]]; then
		rt_load 2>"$RT_TMP/error" || { trouble "does not load: $(<"$RT_TMP/error")"; return 1; }
		[[ $tracing -eq 0 ]] || echo 1 >"$instance/events/rtlat/enable"
		if [[ $KIND == idle ]]; then
			began[idle]=$((${began[idle]:-0} + 1))
			return 0
		fi
		rt_set "${words[@]}" || { trouble "$RT_ERROR"; return 1; }
		rt_control start || { refused "$RT_ERROR"; return 1; }
	else
		rt_load "${words[@]}" 2>"$RT_TMP/error" || { refused "$(<"$RT_TMP/error")"; return 1; }
		[[ $tracing -eq 0 ]] || echo 1 >"$instance/events/rtlat/enable"
	fi
	began[$KIND]=$((${began[$KIND]:-0} + 1))
}

# join - the run's processes
join() {
	local i
	rt_read_status
	for ((i = ${RT_STATUS[joining]}; i > 0; i--)); do
		rtlat task >/dev/null 2>&1 &
		pids+=($!)
	done
}

# settled - the run is over, and every attempt accounted for
settled() {
	rt_read_status
	[[ ${RT_STATUS[state]} == "done" ]] || { trouble "is ${RT_STATUS[state]} after its end"; return; }
	ends[${RT_STATUS[end]}]=1
	if rt_closes; then closed=$((closed + 1)); else trouble "the ledger does not close"; fi
}

# one - a cycle
one() {
	local pids=() try
	for try in 1 2 3; do
		again_soon=0
		! begin || break
		! rt_is_loaded || rt_unload
		[[ $again_soon -eq 1 && $try -lt 3 ]] || return
	done
	[[ $KIND != user-* ]] || join
	if [[ $KIND != idle ]]; then
		case $end in
		complete | rmmod | stop) until_done "$upto" ;;
		esac
		case $end in
		complete | stop | stop-at-once)
			rt_control stop || trouble "$RT_ERROR"
			settled
			;;
		*)
			if [[ ${#pids[@]} -gt 0 ]]; then
				kill -KILL "${pids[@]}" 2>/dev/null
				wait "${pids[@]}" 2>/dev/null
				pids=()
			fi
			;;
		esac
		if [[ $again -eq 1 && $KIND != user-* && $end == stop* ]] && rt_control start; then
			until_done 2
			rt_control stop
			settled
		fi
	fi
	[[ ${#pids[@]} -eq 0 ]] || wait "${pids[@]}" 2>/dev/null
	rt_unload 2>"$RT_TMP/error" || trouble "does not unload: $(<"$RT_TMP/error")"
}

need_module
long=${RTLAT_LONG:-0}
cycles=${RTLAT_CYCLES:-$((long ? 1000 : 24))}
hotplugs=${RTLAT_CYCLES_HOTPLUG:-$((long ? 200 : 6))}
seed=${RTLAT_SEED:-$((RANDOM * 32768 + RANDOM))}
cpus=$(rt_cpus)
# a release costs many times as much there
period_percent=20
! rt_watched || period_percent=100
distributions=(light-uniform light-bimodal light-exponential medium-uniform medium-bimodal)
removable=()
for ((i = 1; i < cpus; i++)); do
	[[ ! -w /sys/devices/system/cpu/cpu$i/online ]] || removable+=("$i")
done
[[ ${#removable[@]} -gt 0 ]] || hotplugs=0
kinds
deck=() words=() bad=0 refusals=0 closed=0 offlines=0 splat='' log_cycle='before the first cycle'
declare -A began=() ends=()
plan 6
note "$cycles cycles, $hotplugs with hotplug of CPUs ${removable[*]:-(none)}, seed $seed; kinds: ${kinds[*]}"
RANDOM=$seed
exec {NAP}<> <(:)
klog_follow || give_up "no dmesg -W"
instance=$RT_TRACEFS/instances/rtlat-selftest-$$
RT_INSTANCES+=("$instance")
mkdir "$instance" || give_up "no trace instance"

for ((cycle = 1; cycle <= cycles; cycle++)); do
	deal
	draw_words
	draw 5; end_names=(complete stop rmmod stop-at-once rmmod-at-once) end=${end_names[DRAWN]}
	draw 6; upto=$((DRAWN * 3 + 1))
	[[ $end != complete || $KIND == idle ]] || words+=(count="$upto") upto=1000000000
	draw 3; separately=$((DRAWN == 0))
	draw 3; again=$((DRAWN == 0))
	draw 4; tracing=$((DRAWN == 0))
	draw 32768; hotplug_seed=$DRAWN
	what="$KIND, $end${words[*]:+: ${words[*]}}"
	printf '%s, cycle %d (%s)\n' "$RT_MARK" "$cycle" "$what" >/dev/kmsg
	may=$MAY_REFUSE hotplug_pid=''
	if with_hotplug; then
		may=$MAY_REFUSE_HOTPLUG
		hotplug "$hotplug_seed" &
		hotplug_pid=$!
	fi
	one
	if [[ -n $hotplug_pid ]]; then
		kill -TERM "$hotplug_pid"
		wait "$hotplug_pid"
		offlines=$((offlines + $(<"$RT_TMP/hotplug")))
		[[ $(rt_cpus) -eq $cpus ]] || { trouble "a CPU has not come back"; break; }
	fi
	! rt_is_loaded || { trouble "is still loaded"; break; }
	look
	[[ $((cycle % 50)) -ne 0 ]] || note "$cycle of $cycles cycles, $SECONDS s"
	[[ -z $splat && $bad -lt 5 ]] || break
done
klog_sync
look
note "$((cycle - 1 < cycles ? cycle : cycles)) cycles; began:$(for KIND in "${kinds[@]}"; do printf ' %s %s' "$KIND" "${began[$KIND]:-0}"; done)"
note "$refusals refused, $closed ledgers closed, ends: ${!ends[*]}; CPUs went off $offlines times"

check "$cycles cycles end as they must, each with the module unloaded" test "$cycle" -gt "$cycles" -a "$bad" -eq 0
check "the log has no warning of any of them" test -z "$splat"
missing=()
for KIND in "${kinds[@]}"; do
	[[ ${began[$KIND]:-0} -gt 0 ]] || missing+=("$KIND")
done
if [[ $cycles -lt ${#kinds[@]} ]]; then
	skip "every kind of run has begun" "$cycles cycles are too few for ${#kinds[@]} kinds"
else
	check_eq "every kind of run has begun" "${missing[*]}" ''
fi
runs=0
for KIND in "${!began[@]}"; do
	runs=$((runs + began[$KIND]))
done
check "in at most a tenth nothing began" test $(((cycles - runs) * 10)) -le "$cycles"
check "ledgers were read, and closed" test "$closed" -gt 0
if [[ $hotplugs -gt 0 ]]; then
	check "CPUs went off" test "$offlines" -ge "$hotplugs"
else
	skip "CPUs went off" "no CPU can be taken offline, or RTLAT_CYCLES_HOTPLUG=0"
fi
finish
