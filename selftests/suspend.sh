#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: the machine goes to sleep during a run: the run ends, says so, and the next one works
#
# Everywhere the kernel only goes as far as freezing all tasks, and wakes up
# again (/sys/power/pm_test). RTLAT_SUSPEND=1: also a real s2idle of some seconds,
# which the clock's alarm ends.
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

freeze() {
	echo freezer >/sys/power/pm_test && echo freeze >/sys/power/state
}

# sleeps POINT HOW... - what a run must do when the machine does that
sleeps() {
	local what=$1
	shift
	read -ra words <<<"$what"
	check "$what: runs" eval 'rt_begin "${words[@]}" && rt_wait_done 10'
	check "$what: the machine sleeps, and wakes up" "$@"
	check_eq "$what: the run has ended, and says why" "$(rt_status state) $(rt_status end)" "done suspend"
	check "$what: every ledger closes" rt_closes
	rt_tasks_end
}

need_module
[[ -w /sys/power/state && -w /sys/power/pm_test ]] || skip_all "the kernel has no CONFIG_SUSPEND or CONFIG_PM_DEBUG"
grep -qw freeze /sys/power/state || skip_all "the kernel has no s2idle"
points=("mode=timer arm=job period_us=5000" "mode=timer arm=callback tasks=2 period_us=5000 exec_us=200" "mode=ipi ipi_kind=self interval_us=2000"
	"mode=taskset policy=deadline tasks_per_cpu=2 period_percent=20")
! command -v rtlat >/dev/null || points+=("mode=timer task_kind=user period_us=5000")
plan $((${#points[@]} * 4 + 7))
was=$(sed 's/.*\[\(.*\)\].*/\1/' /sys/power/pm_test)
DELAY=/sys/module/suspend/parameters/pm_test_delay
delay=$(cat "$DELAY" 2>/dev/null)
restore_power() {
	echo "$was" >/sys/power/pm_test
	[[ -z $delay ]] || echo "$delay" >"$DELAY"
}
RT_UNDO=restore_power
[[ -z $delay ]] || echo 1 >"$DELAY"

rt_load || give_up "the module does not load"
for point in "${points[@]}"; do
	sleeps "$point" freeze
done
check "the next run works" rt_run mode=timer period_us=5000 count=20
check_eq "to its end" "$(rt_status end)" complete
check "idle, the machine sleeps as well" freeze
if [[ ${RTLAT_SUSPEND:-0} == 1 ]]; then
	echo none >/sys/power/pm_test
	sleeps "mode=timer period_us=5000" rtcwake -q -m freeze -s 5
else
	for what in runs sleeps "says why" "closes"; do
		skip "a real s2idle: $what" "sends the machine to sleep: only with RTLAT_SUSPEND=1 (an emulated host loses its files then)"
	done
fi
finish
