#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: what a debug kernel finds out about a wrong module, the tests hear of
#
# Not among the others: what it finds is meant to be in the log, and a kernel looks
# for some of it only until it has found the first. A boot of its own is needed,
# with kasan_multi_shot, and RTLAT_PROVOKE=, the module made of provoke/.
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# heard FAULT EXPRESSION - finish would have failed, and because of that
heard() {
	local said
	said=$(rt_splats)
	grep -qE -- "$2" <<<"$said" || { note "wanted: $2; heard: ${said:-nothing}"; return 1; }
}

need_module
[[ -r ${RTLAT_PROVOKE:-} ]] || skip_all "no module that is wrong: build provoke/ and say RTLAT_PROVOKE="
[[ $RT_LEAKS -eq 1 ]] || skip_all "the kernel does not look for leaks (CONFIG_DEBUG_KMEMLEAK)"
# lockdep switches itself off at its own find and at one of KASAN's
faults=("warning|WARNING: CPU: .* \\[provoke\\]"
	"lock_order|WARNING: possible circular locking dependency"
	"none|lockdep has switched itself off"
	"use_after_free|BUG: KASAN: slab-use-after-free"
	"out_of_bounds|BUG: KASAN: slab-out-of-bounds"
	"shift|UBSAN: shift-out-of-bounds"
	"array_index|UBSAN: array-index-out-of-bounds"
	"atomic_sleep|BUG: sleeping function called from invalid context"
	"cpu_number|BUG: using smp_processor_id\(\) in preemptible"
	"timer_in_freed_memory|ODEBUG: free active .* hrtimer"
	"leak|unreferenced object"
	"list_twice|list_del corruption")
plan $((${#faults[@]} + 1))
check_eq "at first there is nothing" "$(rt_splats)" ""
for row in "${faults[@]}"; do
	IFS='|' read -r fault expression <<<"$row"
	# each has a mark of its own; a search for leaks takes its time
	RT_LEAKS=0
	[[ $fault != leak ]] || RT_LEAKS=1
	RT_MARK="rtlat selftest $RT_NAME $$ $fault"
	printf '%s\n' "$RT_MARK" >/dev/kmsg
	echo clear >"$RT_KMEMLEAK"
	if [[ $fault != none ]] && ! insmod "$RTLAT_PROVOKE" what="$fault"; then
		fail "$fault is heard of" "provoke.ko does not load"
		continue
	fi
	[[ $fault == none ]] || rmmod provoke
	check "$fault is heard of" heard "$fault" "$expression"
done
# finish itself hears the last one: its result turns round
before=$KTAP_CNT_FAIL
said=$(finish)
if grep -q "^not ok .* no warning in the kernel's log" <<<"$said" && [[ $before -eq 0 ]]; then
	pass "finish fails because of it"
else
	fail "finish fails because of it" "it said: $said"
fi
ktap_print_totals
[[ $KTAP_CNT_FAIL -eq 0 && $KTAP_CNT_PASS -eq $RT_PLANNED ]]
