#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: mode=ipi: every kind is measured, attempts are the IPIs asked for, ledgers close
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# polled - idle CPUs poll, and no attempt became a sample that was kept: how many are no_ipi
# is chance then, and the few others may all be interrupted, coalesced or late
polled() {
	local none
	none=$(rt_ledger ipi_latency no_ipi)
	grep -qw 'idle=poll' /proc/cmdline && [[ $none -gt 0 && $(rt_ledger ipi_latency kept) -eq 0 ]] || return 1
	note "targets that polled: $none of $(rt_ledger ipi_latency attempted) were none, no sample is left"
}

alive() { polled || rt_alive ipi_latency; }

# holds on any machine: nothing can arrive before it was sent
delayed() {
	rt_run mode=ipi ipi_kind="$1" interval_us=5000 count=20 fault=ipi fault_ns=500000 || return 1
	! polled || return 0
	rt_alive ipi_latency || return 1
	[[ $(rt_shortest ipi_latency) -ge 500000 ]] || { note "$(grep ' class=kept ' "$RT_DEBUGFS/summary")"; return 1; }
}

# while_sending KIND - a delay of a tick or more between stamp and sending, on a CPU whose
# interrupts are on: hardly anything of it is a sample without an interrupt. A machine that
# was itself stopped meanwhile may get its tick behind the IPI.
while_sending() {
	local kept
	rt_run mode=ipi ipi_kind="$1" interval_us=20000 count=20 fault=ipi fault_ns=10000000 || return 1
	kept=$(rt_ledger ipi_latency kept)
	note "$(rt_ledger ipi_latency interrupted) of $(rt_ledger ipi_latency attempted) interrupted, $kept not"
	[[ $((kept * 10)) -le $(rt_ledger ipi_latency attempted) ]] || return 1
	polled || [[ $(rt_ledger ipi_latency interrupted) -gt 0 ]]
}

need_module
cpus=$(rt_cpus)
count=200
plan 28

rt_load || give_up "the module does not load"
for kind in $RT_IPI_KINDS; do
	needs=2
	[[ $kind != self ]] || needs=1
	[[ $kind != call_many ]] || needs=3
	if [[ $cpus -lt $needs ]]; then
		for what in runs "is complete" "every ledger closes" "attempted is count" "is alive" "a delay before sending is in it" \
			"an interrupt of the sender's is counted"; do
			skip "$kind: $what" "needs $needs CPUs, there are $cpus"
		done
		continue
	fi
	check "$kind: runs" rt_run mode=ipi ipi_kind="$kind" interval_us=2000 count="$count"
	check_eq "$kind: is complete" "$(rt_status end) $(rt_status "done")" "complete $(rt_status total)"
	check "$kind: every ledger closes" rt_closes
	check "$kind: attempted is count for each target" rt_attempted ipi_latency "$count"
	check "$kind: is alive" alive
	check "$kind: a delay before sending is in it" delayed "$kind"
	check "$kind: an interrupt of the sender's is counted" while_sending "$kind"
done
finish
