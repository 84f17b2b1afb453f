#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: others trace at the same time: rtlat's events, its hooks' functions, kprobes on them; ftrace cannot be switched off
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

FUNCTIONS='schedule schedule_idle finish_task_switch* preempt_schedule_irq'
ENABLED=/proc/sys/kernel/ftrace_enabled

# instance NAME - a new one, in INSTANCE
instance() {
	INSTANCE=$RT_TRACEFS/instances/rtlat-$1-$$
	RT_INSTANCES+=("$INSTANCE")
	mkdir "$INSTANCE" && echo 8192 >"$INSTANCE/buffer_size_kb"
}

# filter FOLDER - only what rtlat hooks, too
filter() {
	local function
	echo >"$1/set_ftrace_filter"
	for function in $FUNCTIONS; do
		echo "$function" >>"$1/set_ftrace_filter" || return 1
	done
}

# all_well WHAT - a run among whatever goes on
all_well() {
	check "$1: runs" rt_run mode=timer arm=job tasks=2 period_us=5000,7000 exec_us=200 count=50
	check_eq "$1: is complete" "$(rt_status end) $(rt_status "done")" "complete $(rt_status total)"
	check "$1: every ledger closes" rt_closes
	# shellcheck disable=SC2086
	check "$1: every metric is alive" rt_alive $RT_EXPIRY_METRICS sched_overhead cxs_overhead arm_overhead
	check "$1: the steps sum to the whole" rt_sums
}

# number FOLDER - of samples in that buffer
number() { grep -c ' rtlat_sample: ' "$1/trace"; }

# in_ledger - kept and interrupted, all CPUs and metrics
in_ledger() {
	awk '{ for (i = 3; i <= NF; i++) { split($i, w, "="); if (w[1] == "kept" || w[1] == "interrupted") n += w[2] } } END { print n + 0 }' "$RT_DEBUGFS/ledger"
}

need_module
[[ -d $RT_TRACEFS/instances ]] || skip_all "the kernel has no trace instances"
[[ $(<"$RT_TRACEFS/current_tracer") == nop ]] || skip_all "somebody traces: current_tracer is $(<"$RT_TRACEFS/current_tracer")"
plan $((5 * 5 + 11))
undo() {
	[[ $(<"$ENABLED") == 1 ]] || echo 1 >"$ENABLED"
	echo nop >"$RT_TRACEFS/current_tracer"
	echo >"$RT_TRACEFS/set_ftrace_filter"
	[[ ! -d $RT_TRACEFS/events/kprobes/rtlat_$$ ]] || echo 0 >"$RT_TRACEFS/events/kprobes/rtlat_$$/enable"
	[[ ! -w $RT_TRACEFS/kprobe_events ]] || grep -q "rtlat_$$" "$RT_TRACEFS/kprobe_events" && echo "-:kprobes/rtlat_$$" >>"$RT_TRACEFS/kprobe_events"
	[[ ! -d $RT_TRACEFS/events/rtlat ]] || echo 0 >"$RT_TRACEFS/events/rtlat/enable"
}
RT_UNDO=undo

rt_load || give_up "the module does not load"
instance one || give_up "no trace instance"
one=$INSTANCE
instance two || give_up "no trace instance"
two=$INSTANCE
size=$(sed 's/ .*//' "$RT_TRACEFS/buffer_size_kb")
echo 8192 >"$RT_TRACEFS/buffer_size_kb"
for folder in "$one" "$two" "$RT_TRACEFS"; do
	echo 1 >"$folder/events/rtlat/enable"
	# twice is once
	echo 1 >"$folder/events/rtlat/rtlat_sample/enable"
	echo >"$folder/trace"
done
all_well "three record the events"
check_eq "all of them have every sample" "$(number "$one") $(number "$two") $(number "$RT_TRACEFS")" "$(in_ledger) $(in_ledger) $(in_ledger)"
check_eq "none of them has two" "$(grep ' rtlat_sample: ' "$two/trace" | sed 's/.*rtlat_sample: //' | sort | uniq -d | wc -l)" 0
echo 0 >"$RT_TRACEFS/events/rtlat/enable"
echo 0 >"$two/events/rtlat/enable"
echo >"$RT_TRACEFS/trace"
echo "$size" >"$RT_TRACEFS/buffer_size_kb"

for tracer in function function_graph; do
	if ! grep -qw "$tracer" "$RT_TRACEFS/available_tracers"; then
		for what in runs complete closes alive sums; do
			skip "$tracer: $what" "the kernel has no $tracer tracer"
		done
		continue
	fi
	filter "$RT_TRACEFS" || give_up "the functions cannot be filtered"
	echo "$tracer" >"$RT_TRACEFS/current_tracer"
	all_well "the $tracer tracer on the same functions"
	note "$(grep -c 'schedule' "$RT_TRACEFS/trace") lines in its buffer"
	echo nop >"$RT_TRACEFS/current_tracer"
	echo >"$RT_TRACEFS/set_ftrace_filter"
	echo >"$RT_TRACEFS/trace"
done

if { filter "$two" && echo function >"$two/current_tracer"; } 2>/dev/null; then
	all_well "the function tracer of an instance"
	echo nop >"$two/current_tracer"
else
	for what in runs complete closes alive sums; do
		skip "the function tracer of an instance: $what" "not here"
	done
fi

if echo "p:kprobes/rtlat_$$ schedule" >>"$RT_TRACEFS/kprobe_events" 2>/dev/null; then
	echo 1 >"$RT_TRACEFS/events/kprobes/rtlat_$$/enable"
	all_well "a kprobe on schedule"
	echo 0 >"$RT_TRACEFS/events/kprobes/rtlat_$$/enable"
	echo "-:kprobes/rtlat_$$" >>"$RT_TRACEFS/kprobe_events"
	echo >"$RT_TRACEFS/trace"
else
	for what in runs complete closes alive sums; do
		skip "a kprobe on schedule: $what" "the kernel has no kprobe events"
	done
fi

rt_reset
rt_set mode=timer period_us=5000 count=0
check "a run goes on" rt_try rt_control start
check "ftrace cannot be switched off then" eval '! { echo 0 >"$ENABLED"; } 2>/dev/null'
check "the run goes on" eval 'rt_wait_done 20 && [[ $(rt_status state) == running ]]'
check "tracers can still come and go" eval 'filter "$two" && echo function >"$two/current_tracer" && echo nop >"$two/current_tracer"'
rt_control stop
check "every ledger closes" rt_closes
if { echo 0 >"$ENABLED"; } 2>/dev/null; then
	klog_mark
	check "without ftrace no run starts" eval '! rt_control start && [[ $RT_ERROR == *busy* ]]'
	check_eq "with one line that names it" "$(klog_new | grep -c 'kernel.ftrace_enabled')" 1
	echo 1 >"$ENABLED"
else
	for what in "no run starts" "one line names it"; do
		skip "without ftrace $what" "somebody else keeps it on"
	done
fi
check "with it, one does" rt_run mode=timer period_us=5000 count=20
check "every ledger closes" rt_closes
finish
