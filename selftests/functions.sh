# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Sourced by every test of this folder: KTAP, the module's life, its files, the
# kernel's log. Whatever way a test ends, the module is unloaded, trace
# instances are gone and CPUs that it took offline are back.
#
# RTLAT_KO	the module to test; else rtlat.ko beside the tests, else
#		build/module/RELEASE/rtlat.ko of the project's checkout
# RTLAT_LONG	set to 1: loops run as often as the long tier wants
# RTLAT_CLOCK	instructions: one instruction of this machine is 1 ns
# KSFT_DIR	the kernel's tools/testing/selftests, when the tests were not
#		installed with it
#
# A test is: plan N; N times pass, fail, skip or check; finish. finish adds one
# more result of its own: that the kernel's log has no warning, and on a kernel
# that looks for leaks and wrong locking, that nothing leaked and that it looked.

set -u
export LC_ALL=C

RT_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
RT_NAME=$(basename "$0" .sh)
RT_DEBUGFS=/sys/kernel/debug/rtlat
RT_TRACEFS=/sys/kernel/tracing
RT_KMEMLEAK=/sys/kernel/debug/kmemleak
RT_LEAKS=0
# lines of the kernel's log that a healthy kernel does not write
RT_BAD=$("$RT_HERE/splats.sh" --expression)
RT_PLANNED=0
RT_MARK=''
RT_MARKS=0
RT_OFFLINED=()
RT_INSTANCES=()
RT_TMP=''
RT_FOLLOWER=''
RT_KLOG=''
RT_PART=''
RT_NEVER=''
RT_LINES=()
RT_UNDO=''	# what else undoes what the test changed: a function of it
RT_PIDS=()
# what the kernel says of modules like this one
RT_REMARKS='loading out-of-tree|module verification failed'
declare -A RT_STATUS=()
# for tests: expiries of the schedule are the attempts of these
# shellcheck disable=SC2034
RT_EXPIRY_METRICS='event_latency release_latency release_overhead wake_gap start_gap thread_latency'
# shellcheck disable=SC2034
RT_IPI_KINDS='resched call_single call_many self'

for RT_KTAP in "$RT_HERE/../kselftest/ktap_helpers.sh" "${KSFT_DIR:-.}/kselftest/ktap_helpers.sh" none; do
	[[ ! -r $RT_KTAP ]] || break
done
if [[ $RT_KTAP == none ]]; then
	echo "$RT_NAME: the kernel's kselftest/ktap_helpers.sh is missing (run make kselftest, or set KSFT_DIR)" >&2
	exit 1
fi
# shellcheck source=/dev/null
. "$RT_KTAP"

# --- results

# plan N - how many results will follow
plan() {
	RT_PLANNED=$(($1 + 1))
	ktap_print_header
	ktap_set_plan "$RT_PLANNED"
}

# note TEXT... - lines that are no result
note() {
	local text=$*
	printf '# %s\n' "${text//$'\n'/$'\n'# }"
}

pass() { ktap_test_pass "$1"; }

# fail WHAT [WHY...]
fail() {
	[[ $# -lt 2 ]] || note "${@:2}"
	ktap_test_fail "$1"
}

# skip WHAT WHY - a skip always has a reason
skip() {
	KTAP_CNT_SKIP=$((KTAP_CNT_SKIP + 1))
	__ktap_test ok "$1" "SKIP $2"
}

# check WHAT COMMAND... - the command decides
check() {
	local what=$1
	shift
	if "$@"; then pass "$what"; else fail "$what" "failed: $*"; fi
}

# check_eq WHAT GOT WANTED
check_eq() {
	if [[ $2 == "$3" ]]; then pass "$1"; else fail "$1" "got '$2', not '$3'"; fi
}

# skip_all WHY - nothing of this test can run here
skip_all() {
	ktap_print_header
	ktap_skip_all "$*"
	exit "$KSFT_SKIP"
}

# give_up WHY - the test cannot go on; everything not yet said has failed
give_up() {
	ktap_exit_fail_msg "$*"
}

# finish - the log's result and the test's exit status: a failure, a missing
# or surplus result is 1; nothing but skips is 4
finish() {
	local bad skipped=$KTAP_CNT_SKIP passed=$KTAP_CNT_PASS
	rt_restore
	bad=$(rt_splats)
	if [[ -z $bad ]]; then pass "no warning in the kernel's log"; else fail "no warning in the kernel's log" "$bad"; fi
	ktap_print_totals
	[[ $KTAP_CNT_FAIL -eq 0 ]] || exit "$KSFT_FAIL"
	if [[ $((KTAP_CNT_PASS + KTAP_CNT_SKIP)) -ne $RT_PLANNED ]]; then
		note "planned $RT_PLANNED results, had $((KTAP_CNT_PASS + KTAP_CNT_SKIP))"
		exit "$KSFT_FAIL"
	fi
	[[ $passed -gt 0 || $skipped -eq 0 ]] || exit "$KSFT_SKIP"
	exit "$KSFT_PASS"
}

# --- the machine

# need_module - sets up: skips when the tests cannot run here at all
need_module() {
	[[ $(id -u) -eq 0 ]] || skip_all "only root can load a module"
	RTLAT_KO=${RTLAT_KO:-$RT_HERE/rtlat.ko}
	[[ -r $RTLAT_KO ]] || RTLAT_KO=$RT_HERE/../build/module/$(uname -r)/rtlat.ko
	[[ -r $RTLAT_KO ]] || skip_all "no module for $(uname -r): build it, or say RTLAT_KO="
	[[ ! -d /sys/module/rtlat ]] || skip_all "rtlat is loaded already: somebody uses it"
	[[ -d /sys/kernel/debug ]] || skip_all "the kernel has no debugfs"
	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug || skip_all "debugfs cannot be mounted"
	mountpoint -q "$RT_TRACEFS" || mount -t tracefs none "$RT_TRACEFS" 2>/dev/null || RT_TRACEFS=/sys/kernel/debug/tracing
	trap rt_exit EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	RT_TMP=$(mktemp -d)
	RT_MARK="rtlat selftest $RT_NAME $$"
	printf '%s\n' "$RT_MARK" >/dev/kmsg
	# it is there and not off: what was lost before is not this test's
	if [[ -w $RT_KMEMLEAK ]] && echo stack=on 2>/dev/null >"$RT_KMEMLEAK"; then
		RT_LEAKS=1
		echo clear >"$RT_KMEMLEAK"
	fi
}

# rt_cpus - number of CPUs online
rt_cpus() { getconf _NPROCESSORS_ONLN; }

# rt_restore - what a test changed is undone
rt_restore() {
	local item
	[[ -z $RT_UNDO ]] || "$RT_UNDO" 2>/dev/null
	RT_UNDO=''
	for item in "${RT_OFFLINED[@]}"; do
		echo 1 >"/sys/devices/system/cpu/cpu$item/online" 2>/dev/null
	done
	RT_OFFLINED=()
	if [[ -d /sys/module/rtlat ]]; then
		rmmod rtlat || note "rtlat cannot be unloaded"
	fi
	for item in "${RT_INSTANCES[@]}"; do
		rmdir "$item" 2>/dev/null
	done
	RT_INSTANCES=()
}

rt_exit() {
	local status=$?
	trap - EXIT
	rt_restore >&2
	[[ -z $RT_FOLLOWER ]] || kill "$RT_FOLLOWER" 2>/dev/null
	[[ -z $RT_TMP ]] || rm -rf -- "$RT_TMP"
	exit "$status"
}

# klog - the kernel's messages since this test began; all that are left when its
# buffer no longer reaches back to that
klog() {
	local reader=(dmesg)
	[[ -z $RT_FOLLOWER ]] || { klog_sync && reader=(cat "$RT_TMP/klog"); }
	"${reader[@]}" | awk -v mark="] $RT_MARK" '
		substr($0, length($0) - length(mark) + 1) == mark { n = 0; next }
		{ line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }' | sed 's/^\[[^]]*\] //'
}

# klog_follow - for tests that fill the kernel's buffer: from now on all messages
# are kept, in RT_TMP/klog
klog_follow() {
	: >"$RT_TMP/klog"
	dmesg -W >"$RT_TMP/klog" 2>/dev/null &
	RT_FOLLOWER=$!
	klog_sync && exec {RT_KLOG}<"$RT_TMP/klog"
}

# klog_sync - until what was said up to now has been kept
klog_sync() {
	local i
	RT_MARKS=$((RT_MARKS + 1))
	for ((i = 0; i < 200; i++)); do
		# again: who follows may not have begun to
		[[ $((i % 20)) -ne 0 ]] || printf '%s, sync %d\n' "$RT_MARK" "$RT_MARKS" >/dev/kmsg
		! grep -qF "$RT_MARK, sync $RT_MARKS" "$RT_TMP/klog" || return 0
		rt_quiet 50
	done
	note "the kernel's log cannot be followed"
	return 1
}

# klog_more - in RT_LINES: the lines kept since the last call, none of them cut
klog_more() {
	local line
	RT_LINES=()
	while read -r line <&"$RT_KLOG"; do
		RT_LINES+=("$RT_PART$line")
		RT_PART=''
	done
	RT_PART+=$line
}

# rt_leaks - what was allocated since this test began and cannot be reached any
# more. An object is reported once it is 5 s old and two scans saw no change in it.
rt_leaks() {
	[[ $RT_LEAKS -eq 1 ]] || return 0
	sleep 6
	{ echo scan && sleep 1 && echo scan; } >"$RT_KMEMLEAK" || echo "the scan for leaks failed"
	head -c 4000 "$RT_KMEMLEAK"
}

# rt_splats - all that finish holds against the kernel, at most 20 lines of it
rt_splats() {
	local leaks
	leaks=$(rt_leaks)
	{
		[[ -n $RT_FOLLOWER || $(dmesg) == *"$RT_MARK"* ]] || echo "the mark is gone from the kernel's log"
		klog | grep -E -- "$RT_BAD"
		printf '%s' "$leaks"
		! grep -qs '^ *debug_locks: *0' /proc/lockdep_stats || echo "lockdep has switched itself off"
	} | head -n 20
}

# rt_watched - does the kernel look for faults of its own: lockdep, KASAN, kmemleak?
# What it executes between two points is long and not steady then, and it is
# often preempted where nobody may look (preempt_schedule() is notrace).
rt_watched() { [[ -e /proc/lockdep_stats || -e $RT_KMEMLEAK ]]; }
RT_WATCHED='the kernel looks for faults of its own (lockdep, KASAN or kmemleak)'

# check_steady WHAT COMMAND... - the command decides, where paths are steady
check_steady() {
	if rt_watched; then skip "$1" "not steady: $RT_WATCHED"; else check "$@"; fi
}

# klog_mark - klog_new begins here
klog_mark() {
	RT_MARKS=$((RT_MARKS + 1))
	printf '%s, %d\n' "$RT_MARK" "$RT_MARKS" >/dev/kmsg
}

# klog_new - what rtlat said since klog_mark, the kernel's remarks on unsigned
# and out-of-tree modules left out
klog_new() {
	local text line
	text=$(dmesg)
	[[ $text == *"$RT_MARK, $RT_MARKS"* ]] || { echo "the mark is gone from the kernel's log"; return; }
	text=${text##*"$RT_MARK, $RT_MARKS"}
	while read -r line; do
		[[ $line == *'] rtlat: '* ]] || continue
		[[ $line =~ $RT_REMARKS ]] || printf '%s\n' "${line#*] }"
	done <<<"$text"
}

# --- the module

# rt_load [PARAMETER...]
rt_load() { insmod "$RTLAT_KO" "$@"; }

rt_unload() { rmmod rtlat; }

# rt_is_loaded
rt_is_loaded() { [[ -d /sys/module/rtlat ]]; }

# rt_write FILE TEXT - the shell's message, if it fails, is kept in RT_ERROR
rt_write() {
	RT_ERROR=''
	{ printf '%s\n' "$2" >"$RT_DEBUGFS/$1"; } 2>"$RT_TMP/error" && return 0
	RT_ERROR=$(<"$RT_TMP/error")
	return 1
}

# rt_set NAME=VALUE... - parameters of the next run
rt_set() {
	local word
	for word in "$@"; do
		rt_write params "$word" || return 1
	done
}

# rt_reset - all parameters at their defaults, none given
rt_reset() {
	local lines line
	mapfile -t lines <"$RT_DEBUGFS/params"
	for line in "${lines[@]}"; do
		rt_set "${line%%=*}=" || return 1
	done
}

# rt_control WORD - start or stop
rt_control() { rt_write control "$1"; }

# rt_status KEY - a value of the file status
rt_status() {
	local lines line
	mapfile -t lines <"$RT_DEBUGFS/status"
	for line in "${lines[@]}"; do
		if [[ $line == "$1="* ]]; then
			printf '%s\n' "${line#*=}"
			return 0
		fi
	done
	return 1
}

# rt_read_status - all of it, into RT_STATUS; forks nothing
rt_read_status() {
	local lines line
	RT_STATUS=()
	mapfile -t lines <"$RT_DEBUGFS/status"
	for line in "${lines[@]}"; do
		RT_STATUS[${line%%=*}]=${line#*=}
	done
}

# rt_wait - until the run is over. Not a bound on anything that is measured: a
# run that hangs is ended by the runner's time limit, and this says so before.
rt_wait() {
	local i
	for ((i = 0; i < 600; i++)); do
		rt_read_status
		[[ ${RT_STATUS[state]:-} == running ]] || return 0
		rt_quiet 100
	done
	note "the run has not ended: $(tr '\n' ' ' <"$RT_DEBUGFS/status")"
	return 1
}

# rt_wait_done N - until N releases or IPIs of the run are over
rt_wait_done() {
	local i
	for ((i = 0; i < 600; i++)); do
		rt_read_status
		[[ ${RT_STATUS[done]:-0} -lt $1 ]] || return 0
		rt_quiet 50
	done
	return 1
}

# rt_try COMMAND... - what starts a run. On a machine with other work a release that is
# tried in advance may cost more than the run leaves to it, which is refused, and costs
# less the next time.
rt_try() {
	local try
	for ((try = 0; try < 5; try++)); do
		! "$@" || return 0
		[[ $(klog | tail -n 1) == *': shorter than '*' costs (measured '* ]] || return 1
		rt_quiet 200
	done
	return 1
}

# rt_begin NAME=VALUE... - begins a run of the loaded module with these parameters
# alone, and starts its processes when its tasks are some: RT_PIDS
rt_begin() {
	local i
	RT_PIDS=()
	if ! rt_reset || ! rt_set "$@" || ! rt_try rt_control start; then
		note "rt_begin $*: $RT_ERROR; $(klog | tail -n 1)"
		return 1
	fi
	for ((i = $(rt_status joining); i > 0; i--)); do
		rtlat task >/dev/null 2>&1 &
		RT_PIDS+=($!)
	done
}

# rt_begun - all tasks of the run that was started are joined: it has begun
rt_begun() {
	local i
	for ((i = 0; i < 600; i++)); do
		rt_read_status
		[[ ${RT_STATUS[state]:-} == running ]] || return 1
		[[ ${RT_STATUS[joining]} -ne 0 ]] || return 0
		rt_quiet 50
	done
	return 1
}

# rt_tasks_end - until the processes of rt_begin have ended; not in a subshell
rt_tasks_end() {
	[[ ${#RT_PIDS[@]} -eq 0 ]] || wait "${RT_PIDS[@]}" 2>/dev/null
	RT_PIDS=()
}

# rt_run NAME=VALUE... - one run of the loaded module with these parameters
# alone, to its end
rt_run() {
	rt_begin "$@" && rt_wait
}

# rt_quiet MS - let time pass with nothing of this test's own happening: no program
# is started, no file read, so that no interrupt but the run's is expected
rt_quiet() {
	local seconds
	# a pipe from which nothing ever comes
	[[ -n $RT_NEVER ]] || exec {RT_NEVER}<> <(:)
	printf -v seconds '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
	read -rt "$seconds" -u "$RT_NEVER"
	return 0
}

# rt_run_quiet MS NAME=VALUE... - rt_run of a run that takes so long, quietly
rt_run_quiet() {
	local ms=$1
	shift
	rt_quiet 50
	rt_begin "$@" && rt_quiet $((ms + 100)) && rt_wait
}

# --- the results of a run

# rt_closes - every line of the ledger closes, added up here again, there is at
# least one line, and the module says the same
rt_closes() {
	awk '{
		sum = attempted = 0; closes = ""
		for (i = 3; i <= NF; i++) {
			split($i, word, "=")
			if (word[1] == "attempted") attempted = word[2]
			else if (word[1] == "closes") closes = word[2]
			else sum += word[2]
		}
		if (sum != attempted || closes != "1") { print "# does not close: " $0; bad = 1 }
	} END { if (!NR) print "# the ledger is empty"; exit bad || !NR }' "$RT_DEBUGFS/ledger" || return 1
	[[ $(rt_status ledger_closes) == 1 ]]
}

# rt_ledger METRIC LINE [CPU] - that line, added over the CPUs, or of one
rt_ledger() {
	awk -v metric="metric=$1" -v key="$2=" -v cpu="${3:+cpu=${3:-}}" '
		$2 == metric && (cpu == "" || $1 == cpu) {
			for (i = 3; i <= NF; i++)
				if (index($i, key) == 1) sum += substr($i, length(key) + 1)
			seen = 1
		}
		END { if (!seen) exit 1; print sum + 0 }' "$RT_DEBUGFS/ledger"
}

# rt_samples METRIC [CLASS] - samples in the file summary, over the CPUs
rt_samples() {
	awk -v metric="metric=$1" -v class="${2:+class=${2:-}}" '
		$2 == metric && (class == "" || $3 == class) { sub(/n=/, "", $4); sum += $4 }
		END { print sum + 0 }' "$RT_DEBUGFS/summary"
}

# rt_shortest METRIC - the shortest sample of the class kept, over the CPUs
rt_shortest() {
	awk -v metric="metric=$1" '
		$2 == metric && $3 == "class=kept" && match($0, / min=[0-9]+/) {
			min = substr($0, RSTART + 5, RLENGTH - 5) + 0
			if (!seen || min < shortest) shortest = min
			seen = 1
		}
		END { if (!seen) exit 1; print shortest }' "$RT_DEBUGFS/summary"
}

# rt_median METRIC - of kept samples that did not queue, over the CPUs: upper
# bound of the bucket of the nearest rank (64 buckets to the octave)
rt_median() {
	awk -v metric="metric=$1" '
		function upper(i,  shift, k) {
			if (i < 128) return i
			for (k = 1; i >= 128; i -= 64) k *= 2
			return (i + 1) * k - 1
		}
		$2 == metric && $3 == "class=kept" {
			for (i = 4; i <= NF; i++) {
				split($i, word, ":")
				n[word[1] + 0] += word[2]
				total += word[2]
				if (word[1] + 0 > last) last = word[1] + 0
			}
		}
		END {
			if (!total) exit 1
			for (i = 0; i <= last; i++) {
				seen += n[i]
				if (seen * 2 >= total) { print upper(i); exit }
			}
		}' "$RT_DEBUGFS/histograms"
}

# rt_alive METRIC... - each has samples, and as many in the summary as in the
# ledger
rt_alive() {
	local metric kept ledger samples
	for metric in "$@"; do
		kept=$(rt_ledger "$metric" kept) || { note "$metric: not in the ledger"; return 1; }
		ledger=$((kept + $(rt_ledger "$metric" interrupted)))
		samples=$(rt_samples "$metric")
		if [[ $samples -eq 0 || $samples -ne $ledger ]]; then
			note "$metric: $samples samples in the summary, $ledger in the ledger"
			return 1
		fi
	done
}

# rt_medians ARRAY METRIC... - of each, into that associative array
rt_medians() {
	local -n rt_into=$1
	local metric
	for metric in "${@:2}"; do
		rt_into[$metric]=$(rt_median "$metric") || return 1
	done
}

# rt_attempted METRIC N - on every CPU of the run, exactly
rt_attempted() {
	awk -v metric="metric=$1" -v want="attempted=$2" '
		$2 == metric { seen = 1; if ($3 != want) { print "# not " want ": " $0; bad = 1 } }
		END { exit bad || !seen }' "$RT_DEBUGFS/ledger"
}

# rt_sums - the steps of every job that did not queue sum to the whole, and
# there were such jobs
rt_sums() {
	local checked failed
	checked=$(rt_status sum_checked)
	failed=$(rt_status sum_failed)
	note "sum rule: $checked jobs checked, $failed failed"
	[[ $checked -gt 0 && $failed -eq 0 ]]
}

# rt_trace_samples FILE - "cpu metric task job seq duration flags" of every sample in
# the rtlat_sample or rtlat_job records of a file that was read from trace. A job's are
# in the order of its fields, whose arrays are in hexadecimal.
rt_trace_samples() {
	awk 'function hex(text,  n, i) {
			for (i = 3; i <= length(text); i++) n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
			return n
		}
		# the words of a flag word: bit by bit, as the header numbers them
		function flag_words(flags,  bit, text) {
			flags = int(flags / 256)
			for (bit = 8; flags; bit++) {
				if (flags % 2) text = text (text == "" ? "" : "|") name[bit]
				flags = int(flags / 2)
			}
			return text
		}
		FILENAME ~ /\.h$/ {
			if (/define RTLAT_FLAGS\(X\)/) in_flags = 1
			else if (in_flags && split($0, word, /[(), \t]+/) > 4) { name[word[5]] = word[4]; in_flags = /\\$/ }
			next
		}
		/ rtlat_(sample|job): / {
			metrics = 0
			for (i = 1; i <= NF; i++) {
				at = index($i, "=")
				if (!at) continue
				key = substr($i, 1, at - 1)
				value[key] = substr($i, at + 1)
				if (key == "next_job") inside = 0
				if (inside) metric[++metrics] = key
				if (key == "job") inside = 1
			}
			inside = 0
		}
		/ rtlat_sample: / { print value["cpu"], value["metric"], value["task"], value["job"], value["seq"], value["duration_ns"], value["flags"] }
		/ rtlat_job: / {
			split(value["seq"], seq, /[{},]/)
			split(value["flags"], flags, /[{},]/)
			for (i = 1; i <= metrics; i++)
				if (value[metric[i]] + 0 >= 0)
					print value["cpu"], metric[i], value["task"], value[metric[i] == "arm_overhead" ? "next_job" : "job"],
						hex(seq[i + 1]), value[metric[i]], flag_words(hex(flags[i + 1]))
		}' "$RT_HERE/rtlat.h" "$1"
}
