#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The lines of a kernel's log (stdin) that a healthy kernel does not write; the
# status is that of grep: 0 when there are such.
#
# usage: splats.sh [--expression|--check]
#	--expression	nothing is read: the expression of them all is printed
#	--check		nothing is read: each expression must see its samples and
#			nothing of what a healthy kernel writes
set -uo pipefail
export LC_ALL=C

# expression TAB a line that the kernel writes, as many lines as it has kinds
table() {
	cat <<-'END'
		WARNING:	WARNING: CPU: 0 PID: 12 at kernel/time/hrtimer.c:1038 hrtimer_forward+0x9/0x90
		WARNING:	WARNING: possible circular locking dependency detected
		WARNING:	WARNING: possible recursive locking detected
		WARNING:	WARNING: inconsistent lock state
		WARNING:	WARNING: suspicious RCU usage
		BUG:	BUG: KASAN: slab-use-after-free in rtlat_run_stop+0x12/0x40 [rtlat]
		BUG:	BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585
		BUG:	BUG: scheduling while atomic: insmod/123/0x00000002
		BUG:	BUG: using smp_processor_id() in preemptible [00000000] code: rtlat/0/77
		BUG:	[ BUG: Invalid wait context ]
		BUG:	BUG: unable to handle page fault for address: ffffffffc0000000
		BUG:	watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [insmod:99]
		BUG [^ ]+ \(	BUG kmalloc-64 (Tainted: G           O      ): Poison overwritten
		kernel BUG at	kernel BUG at mm/slub.c:435!
		Oops	Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]
		general protection	general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b6b: 0000 [#1]
		Kernel panic	Kernel panic - not syncing: Fatal exception
		Call Trace:	Call Trace:
		INFO: (task|rcu|trying|possible)	INFO: task insmod:123 blocked for more than 120 seconds.
		INFO: (task|rcu|trying|possible)	rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
		INFO: (task|rcu|trying|possible)	INFO: trying to register non-static key.
		INFO: (task|rcu|trying|possible)	INFO: possible recursive locking detected
		DEBUG_LOCKS_WARN_ON	DEBUG_LOCKS_WARN_ON(lock->magic != lock)
		turning off the locking	turning off the locking correctness validator.
		Disabling lock debugging	Disabling lock debugging due to kernel taint
		UBSAN:	UBSAN: array-index-out-of-bounds in module/hist.c:40:12
		ODEBUG:	ODEBUG: free active (active state 0) object: ffff888003d0c000 object type: hrtimer hint: rtlat_release+0x0/0x20
		unreferenced object	unreferenced object 0xffff888003d0c000 (size 64):
		kmemleak: ([0-9]|Cannot|Freeing|Found|.*disabled)	kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
		kmemleak: ([0-9]|Cannot|Freeing|Found|.*disabled)	kmemleak: Kernel memory leak detector disabled
		list_(add|del) corruption	list_del corruption. prev->next should be ffff888003d0c000, but was dead000000000122.
		refcount_t:	refcount_t: underflow; use-after-free.
		hrtimer: .*still	hrtimer: base lock still held
	END
}

healthy() {
	cat <<-'END'
		rtlat: loading out-of-tree module taints kernel.
		rtlat: module verification failed: signature and/or required key missing - tainting kernel
		rtlat: period_us=0: not in 1..10000000 us
		kmemleak: Kernel memory leak detector initialized (mem pool available: 15679)
		smpboot: CPU 1 is now offline
		debug: ignoring loglevel setting.
		Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
	END
}

expression() { table | cut -f 1 | sort -u | paste -sd '|'; }

check() {
	local expression line status=0
	while IFS=$'\t' read -r expression line; do
		grep -qE -- "$expression" <<<"$line" || { echo "splats.sh: \"$expression\" does not see: $line"; status=1; }
	done < <(table)
	if healthy | grep -E -- "$(expression)"; then
		echo "splats.sh: that is nothing bad"
		status=1
	fi
	return "$status"
}

case ${1:-} in
--expression) expression ;;
--check) check ;;
'') grep -aE -- "$(expression)" ;;
*) echo "usage: splats.sh [--expression|--check]" >&2 && exit 2 ;;
esac
