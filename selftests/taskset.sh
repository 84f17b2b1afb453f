#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: mode=taskset: kernel and tools draw the same sets, CPUs stay within capacity, all distributions run
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# draw_both - the sets of RTLAT_LOOPS seeds (1000), spread over all distributions and
# 1, 5 and 20 tasks for each CPU: those of the kernel go to kernel, those of the
# tools to tools
draw_both() {
	local distribution tasks words seed=1 last lines points=0
	rt_reset && rt_set mode=taskset || return 1
	for distribution in "${distributions[@]}"; do
		for tasks in 1 5 20; do
			points=$((points + 1))
			last=$((loops * points / 15))
			words=(distribution="$distribution" tasks_per_cpu="$tasks")
			rtlat taskset "${words[@]}" cpus="$cpus" seed="$seed" --sets $((last - seed + 1)) >>"$RT_TMP/tools" || return 1
			rt_set "${words[@]}" || return 1
			for (( ; seed <= last; seed++)); do
				rt_set seed="$seed" || return 1
				mapfile -t lines <"$RT_DEBUGFS/taskset"
				printf '%s\n' "${lines[@]}"
			done >>"$RT_TMP/kernel"
		done
	done
	[[ $(grep -c '^distribution=' "$RT_TMP/kernel") -eq $loops ]]
}

# within_capacity - of every CPU of every set: the sum of its tasks is what its
# line says, and not above the capacity
within_capacity() {
	awk '
		function value(word) { sub(/.*=/, "", word); return word + 0 }
		function close_set(  c) {
			for (c in said)
				if (sum[c] != said[c] || sum[c] > capacity) {
					print "# set " sets ", CPU " c ": says " said[c] ", is " sum[c] ", capacity " capacity
					bad = 1
				}
			delete said; delete sum
		}
		/^distribution=/ { close_set(); sets++; capacity = value($6) }
		/^cpu=/ { said[value($1)] = value($4) }
		/^task=/ { sum[value($2)] += value($4); tasks++ }
		END { close_set(); print "# " sets " sets, " tasks " tasks"; exit bad || !tasks }' "$RT_TMP/kernel"
}

# partitioned - the run has the tasks of the set, shortest period first on each
# CPU, with distinct descending priorities
partitioned() {
	awk '
		function value(word) { sub(/.*=/, "", word); return word + 0 }
		FNR == NR { if (/^task=/) { period[value($1)] = value($5); exec[value($1)] = value($6) } next }
		{
			id = value($1); cpu = value($2)
			if (value($6) != period[id] || value($7) != exec[id]) { print "# not the task of the set: " $0; bad = 1 }
			if (cpu == last && n && (value($6) < last_period || value($5) != last_prio - 1)) { print "# not rate monotonic: " $0; bad = 1 }
			last = cpu; last_period = value($6); last_prio = value($5); n++
		}
		END { exit bad || n != length(period) }' "$RT_TMP/set" "$RT_DEBUGFS/tasks"
}

need_module
command -v rtlat >/dev/null || skip_all "the rtlat command is not in PATH"
loops=${RTLAT_LOOPS:-1000}
cpus=$(rt_cpus)
mapfile -t distributions < <(sed -n '/define RTLAT_DISTRIBUTIONS/,/^$/s/^\tX([A-Z_]*, \([a-z-]*\)).*/\1/p' "$RT_HERE/rtlat.h")
plan $((4 + 5 * 5))

rt_load || give_up "the module does not load"
check "$loops seeds are drawn" draw_both
check "kernel and tools draw the same" cmp "$RT_TMP/kernel" "$RT_TMP/tools"
check "no CPU is above its capacity" within_capacity
check_eq "there are five distributions" "${#distributions[@]}" 5
for distribution in "${distributions[@]}"; do
	words=(mode=taskset distribution="$distribution" tasks_per_cpu=3 seed=7)
	check "$distribution: runs" rt_run "${words[@]}" period_percent=20 count=10
	check_eq "$distribution: is complete" "$(rt_status end) $(rt_status "done")" "complete $((cpus * 3 * 10))"
	cp "$RT_DEBUGFS/taskset" "$RT_TMP/set"
	check "$distribution: has the tasks of the set, rate monotonic" partitioned
	check "$distribution: every ledger closes" rt_closes
	check_eq "$distribution: every release was attempted" "$(rt_ledger thread_latency attempted)" $((cpus * 3 * 10))
done
finish
