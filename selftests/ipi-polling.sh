#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: an idle CPU that polls is woken without an interrupt: counted as no_ipi, not measured
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

need_module
[[ $(rt_cpus) -ge 2 ]] || skip_all "needs 2 CPUs, there is 1"
driver=$(cat /sys/devices/system/cpu/cpuidle/current_driver 2>/dev/null || echo none)
if grep -qw 'idle=poll' /proc/cmdline; then
	note "polls: idle=poll"
elif [[ $driver != none ]] && exec 9<>/dev/cpu_dma_latency && printf '\0\0\0\0' >&9; then
	note "polls: $driver, latency limit 0"
else
	skip_all "idle CPUs do not poll here: no idle=poll on the command line, cpuidle driver is $driver"
fi
plan 5
rt_load || give_up "the module does not load"
check "runs" rt_run mode=ipi ipi_kind=call_single ipi_sender=0 cpus=1 interval_us=2000 count=300
check "every ledger closes" rt_closes
check "attempted is count" rt_attempted ipi_latency 300
check "no_ipi is counted" test "$(rt_ledger ipi_latency no_ipi)" -gt 0
check "bare reschedules always interrupt" eval 'rt_run mode=ipi ipi_kind=resched ipi_sender=0 cpus=1 interval_us=2000 count=300 &&
	[[ $(rt_ledger ipi_latency no_ipi) -eq 0 ]] && rt_alive ipi_latency'
finish
