#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: what spoils samples is provoked a known number of times, and found so often in its line of the ledger
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# 100 releases, one fault in ten jobs. The last one has no release after it.
count=100 every=10 hits=10 before_last=9 period_us=2000
expiry="$RT_EXPIRY_METRICS"
jobs="release_overhead wake_gap start_gap thread_latency"

# only LINE NUMBER METRIC... - those metrics have that many there, the others
# none, and nothing is in any other line than that and kept; where the scheduler
# is often entered unseen, metrics that begin or end there are left out
only() {
	local line=$1 number=$2 left_out=''
	shift 2
	! rt_watched || left_out='wake_gap sched_overhead'
	awk -v line="$line" -v number="$number" -v metrics=" $* " -v left_out=" $left_out " '{
		sub(/metric=/, "", $2)
		if (index(left_out, " " $2 " ")) next
		for (i = 3; i <= NF; i++) {
			split($i, word, "=")
			if (word[1] ~ /^(attempted|kept|closes)$/) continue
			want = word[1] == line && index(metrics, " " $2 " ") ? number : 0
			if (word[2] != want) { print "# " $2 ": " $i ", not " want; bad = 1 }
		}
	} END { exit bad || !NR }' "$RT_DEBUGFS/ledger"
}

# provoke LINE NUMBER METRICS HITS PARAMETER...
provoke() {
	local line=$1 number=$2 metrics=$3 hit=$4
	shift 4
	check "$line: runs with $*" rt_run_quiet $((count * period_us / 1000)) mode=timer cpus=0 period_us=$period_us count=$count "$@"
	check_eq "$line: the fault hit" "$(rt_status faults)" "$hit"
	# two words or more on purpose
	# shellcheck disable=SC2086
	check "$line: $number times in $metrics" only "$line" "$number" $metrics
	check "$line: every expiry was attempted, every ledger closes" eval 'rt_attempted event_latency $count && rt_attempted thread_latency $count && rt_closes'
}

need_module
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a machine on which nothing else happens (RTLAT_CLOCK=instructions)"
plan $((7 * 4))

rt_load || give_up "the module does not load"
provoke kept 0 none 0 fault=none
provoke interrupted $hits "wake_gap thread_latency" $hits fault=nested fault_every=$every
provoke nonmonotonic $hits release_overhead $hits fault=backwards fault_every=$every fault_ns=1000000
if rt_watched; then
	for what in "runs" "the fault hit" "$hits times" "every ledger closes"; do
		skip "no_start: $what" "more than is provoked: $RT_WATCHED"
	done
else
	provoke no_start $hits "wake_gap sched_overhead" $hits fault=unseen fault_every=$every
fi
# 5 ms late for a period of 2 ms: two expiries each
provoke skipped $((before_last * 2)) "$expiry" $hits fault=rearm fault_every=$every fault_ns=5000000
provoke overrun $before_last "$jobs" $hits arm=callback fault=rearm fault_every=$every fault_ns=3000000
check "coalesced: runs" rt_run_quiet $((count * period_us / 1000)) mode=timer cpus=0 period_us=$period_us count=$count \
	arm=callback fault=callback fault_every=$every fault_ns=3000000
check_eq "coalesced: the fault hit" "$(rt_status faults)" "$hits"
# an expiry that the interrupt itself kept waiting; its job had not even begun
check_eq "coalesced: so often, and as many overruns" \
	"$(rt_ledger event_latency coalesced) $(rt_ledger release_latency coalesced) $(rt_ledger thread_latency overrun)" \
	"$before_last $before_last $before_last"
check "coalesced: every expiry was attempted, every ledger closes" eval 'rt_attempted event_latency $count && rt_closes'
finish
