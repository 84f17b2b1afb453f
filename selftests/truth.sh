#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: truth.sh [FAULT...]
# description: delays of known size move the metrics that they must by their size, and no other
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

count=100 period_us=2000
sizes_us=(1 30 300)
[[ ${RTLAT_LONG:-0} -eq 0 ]] || sizes_us=(1 3 10 30 100 300)
# What must not move, moves less than this; what must, is right to 2 % and this.
still_ns=200

# measure ARRAY PARAMETER... - means of the kept samples of a run
measure() {
	local -n into=$1
	local line metric n sum ns closes
	shift
	rt_run_quiet $((count * period_us / 1000)) "$@" count=$count || give_up "the run with '$*' failed"
	closes=$(rt_status ledger_closes)
	[[ $closes == 1 ]] || give_up "the ledger of the run with '$*' does not close"
	into=()
	while read -r line; do
		[[ $line =~ metric=([a-z_]+)\ class=kept\ n=([0-9]+)\ sum=([0-9]+)\  ]] || continue
		metric=${BASH_REMATCH[1]} n=${BASH_REMATCH[2]} sum=${BASH_REMATCH[3]}
		# nearly all: one that a stray interrupt ran into is no kept sample
		[[ $n -ge $((count * 9 / 10)) ]] || give_up "the run with '$*' kept $n samples of $metric"
		into[$metric]=$((sum / n))
	done <"$RT_DEBUGFS/summary"
	[[ ${#into[@]} -gt 0 ]] || give_up "the run with '$*' has no samples"
}

# happens FAULT WORDS - where paths vary: the delay is put there, and all is accounted for
happens() {
	# two words or more on purpose
	# shellcheck disable=SC2086
	check "fault=$1 $2, 30 us: happens, every ledger closes" eval \
		'rt_run_quiet $((count * period_us / 1000)) '"$2 fault=$1"' fault_ns=30000 count=$count && [[ $(rt_status faults) -gt 0 ]] && rt_closes'
}

# row FAULT WORDS MOVERS X_NS - that point against the one without a delay
row() {
	local fault=$1 movers=" $3 " x_ns=$4 metric by ns said='' bad=''
	local -A got
	# two words or more on purpose
	# shellcheck disable=SC2086
	measure got $2 fault="$fault" fault_ns="$x_ns"
	for metric in $movers; do
		[[ $metric == none || (-n ${zero[$metric]:-} && -n ${got[$metric]:-}) ]] || bad+=" $metric has no samples;"
	done
	for metric in "${!zero[@]}"; do
		by=$((got[$metric] - zero[$metric]))
		ns=$by
		[[ $movers != *" $metric "* ]] || ns=$((by - x_ns))
		said+=" $metric=$by"
		if [[ $movers == *" $metric "* ]]; then
			[[ ${ns#-} -le $((x_ns / 50 + still_ns)) ]] || bad+=" $metric moved by $by ns, not by $x_ns;"
		else
			[[ ${ns#-} -le $still_ns ]] || bad+=" $metric moved by $by ns;"
		fi
	done
	# what docs/truth.md is made of
	note "truth: fault=$fault $2 fault_ns=$x_ns$said"
	if [[ -z $bad ]]; then pass "fault=$fault $2, $((x_ns / 1000)) us"; else fail "fault=$fault $2, $((x_ns / 1000)) us" "$bad"; fi
}

need_module
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a clock that counts instructions (RTLAT_CLOCK=instructions)"
mapfile -t rows < <(sed -e '/^#/d' -e '/^$/d' -e 's/ *| */|/g' "$RT_HERE/truth")
if [[ $# -gt 0 ]]; then
	mapfile -t rows < <(printf '%s\n' "${rows[@]}" | awk -F '|' -v wanted=" $* " 'index(wanted, " " $1 " ")')
fi
[[ ${#rows[@]} -gt 0 ]] || give_up "the file truth has no such rows"
! rt_watched || sizes_us=(30)
plan $((${#rows[@]} * ${#sizes_us[@]}))

rt_load || give_up "the module does not load"
declare -A zero
for line in "${rows[@]}"; do
	IFS='|' read -r fault words movers _ <<<"$line"
	[[ $words == *mode=* ]] || words="mode=timer $words"
	interval="period_us=$period_us"
	[[ $words != *mode=ipi* ]] || interval="interval_us=$period_us"
	words+=" cpus=0 $interval"
	if rt_watched; then
		happens "$fault" "$words"
		continue
	fi
	# the same fault without a delay: what its own code costs is in both
	# shellcheck disable=SC2086
	measure zero $words fault="$fault" fault_ns=0
	for x_us in "${sizes_us[@]}"; do
		row "$fault" "$words" "$movers" $((x_us * 1000))
	done
done
finish
