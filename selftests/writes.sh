#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: what nobody should write: random bytes and mutated lines into every file, insmod and /dev/rtlat
#
# RTLAT_WRITES	writes (2000; 100000 in the long tier)
# RTLAT_SEED	of what is drawn; said at the beginning
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# loads - the module with words of which few mean anything: it is loaded, or it is
# refused with one line, for that reason and no other
loads() {
	local line words refused=0
	[[ ${#lines[@]} -eq $loads ]] || { note "${#lines[@]} lines of words, not $loads"; return 1; }
	for line in "${lines[@]}"; do
		read -ra words <<<"$line"
		klog_mark
		if rt_load "${words[@]}" 2>"$RT_TMP/error"; then
			rt_unload || return 1
			continue
		fi
		refused=$((refused + 1))
		# an own line, or the kernel's on words that are no name=value
		if ! grep -q 'Invalid parameters' "$RT_TMP/error" || [[ -z $(klog_new) ]] || rt_is_loaded; then
			note "insmod '${words[*]}': $(<"$RT_TMP/error"); said: $(klog_new)"
			return 1
		fi
	done
	note "$loads loads, $refused refused"
	[[ $refused -gt 0 ]]
}

need_module
command -v perl >/dev/null || skip_all "perl is not installed"
long=${RTLAT_LONG:-0}
writes=${RTLAT_WRITES:-$((long ? 100000 : 2000))}
loads=$((long ? 100 : 10))
seed=${RTLAT_SEED:-$((RANDOM * 32768 + RANDOM))}
plan 8
note "$writes writes, seed $seed"
klog_follow || give_up "no dmesg -W"
rt_load || give_up "the module does not load"
before=$(<"$RT_DEBUGFS/params")
check "every write is taken or refused as documented, every read is text" \
	env RT_COUNTS="$RT_TMP/counts" "$RT_HERE/writes.pl" "$RT_DEBUGFS" "$writes" "$seed"
declare -A counts=()
[[ ! -e $RT_TMP/counts ]] || while IFS='=' read -r key value; do counts[$key]=$value; done <"$RT_TMP/counts"
check "runs were started" test "${counts[starts]:-0}" -gt 0
klog_sync
said=$(grep '\] rtlat: ' "$RT_TMP/klog" | grep -cvE "$RT_REMARKS")
note "$said lines in the log for ${counts[failed]:-0} writes that failed and ${counts[ioctls]:-0} calls"
# a process that joins may be told by the scheduler's refusal, too
check "each that failed has one line in the log" test "$said" -ge "${counts[failed]:-1}" -a "$said" -le $((${counts[failed]:-0} + ${counts[ioctls]:-0}))
check_eq "the parameters can be reset" "$(<"$RT_DEBUGFS/params")" "$before"
check "a run works" rt_run mode=timer period_us=5000 count=20
check_eq "to its end" "$(rt_status end)" complete
check "every ledger closes" rt_closes
# made of the names of parameters, which are there as long as the module is
mapfile -t -n $loads lines < <("$RT_HERE/writes.pl" "$RT_DEBUGFS" words "$seed")
rt_unload
check "the same words for insmod" loads
finish
