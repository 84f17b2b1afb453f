#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: trace events against the ABI; nothing is lost unseen; the steps of the trace sum up
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

EVENTS=$RT_TRACEFS/events/rtlat

# fields EVENT - type, name, offset and size of its own fields
fields() {
	sed -n 's/^\tfield:\(.*\) \([^ ]*\);\toffset:\([0-9]*\);\tsize:\([0-9]*\);.*/\1 \2 \3 \4/p' "$EVENTS/$1/format" |
		grep -v ' common_'
}

# fields_of EVENT - the same without their types
fields_of() { fields "$1" | sed 's/.* \([^ ]* [0-9]* [0-9]*\)$/\1/'; }

# list NAME - the names of a list of the header
list() {
	awk -v list="#define $1(X)" 'index($0, list) == 1 { on = 1; next } on { text = text $0 } on && !/\\$/ { exit }
		END { while (match(text, /X\([A-Z_0-9]+,[ \t\\]*[a-z_0-9]+/)) {
			word = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
			sub(/.*[, \t\\]/, "", word); print word } }' "$RT_HERE/rtlat.h"
}

# printed EVENT NAME... - its print format translates to all these names
printed() {
	local event=$1 name format
	format=$(grep '^print fmt' "$EVENTS/$event/format")
	shift
	[[ $# -gt 0 ]] || return 1
	for name in "$@"; do
		[[ $format == *"\"$name\""* ]] || { note "$event does not print $name"; return 1; }
	done
}

# kind - of the records that the run has
kind() { [[ $words == *trace_per=job* ]] && echo job || echo sample; }

# mostly RECORDS JOBS - as many, to a tenth
mostly() {
	note "$1 records, $2 jobs"
	[[ $1 -ge $2 && $(($1 * 10)) -le $(($2 * 11)) ]]
}

contiguous() {
	awk '{ key = $1 " " $2; if ($5 != next_seq[key] + 0) { print "# " $0 ": wanted seq " next_seq[key] + 0; bad = 1 }
		next_seq[key] = $5 + 1 } END { exit bad || !NR }' "$RT_TMP/samples"
}

# every CPU and metric: kept + interrupted in the module = records
same_number() {
	awk 'NR == FNR { n[$1 " " $2]++; next }
		{ sub(/.*=/, "", $1); sub(/.*=/, "", $2)
		  for (i = 3; i <= NF; i++) { split($i, word, "="); v[word[1]] = word[2] }
		  if (v["kept"] + v["interrupted"] != n[$1 " " $2]) { print "# cpu " $1 " " $2 ": " v["kept"] + v["interrupted"] " in the module, " n[$1 " " $2] + 0 " in the trace"; bad = 1 }
		  lines++ }
		END { exit bad || !lines }' "$RT_TMP/samples" "$RT_DEBUGFS/ledger"
}

# the sum rule once more, from the records alone
steps_sum() {
	awk '$2 ~ /^(event_latency|arm_overhead)$/ || $7 ~ /resumed/ { next }
		{ key = $1 " " $3 " " $4 }
		$7 ~ /queued/ { queued[key] = 1 }
		$2 == "thread_latency" { whole[key] = $6; next }
		{ sum[key] += $6; steps[key]++ }
		END { for (key in whole) if (steps[key] == 6 && !queued[key]) {
				jobs++
				if (sum[key] != whole[key]) { print "# cpu, task, job " key ": " sum[key] ", not " whole[key]; bad = 1 }
			}
			print "# " jobs + 0 " jobs"; exit bad || !jobs }' "$RT_TMP/samples"
}

# the histograms, rebuilt from the records: by metric, over CPUs and classes
histograms_agree() {
	awk 'function bucket(ns,  shift) {
			while (ns >= 128) { ns /= 2; shift++ }
			return shift * 64 + int(ns)
		}
		NR == FNR { n[$2 " " bucket($6)]++; next }
		{ sub(/.*=/, "", $2)
		  for (i = 4; i <= NF; i++) { split($i, word, ":"); n[$2 " " word[1]] -= word[2]; buckets++ } }
		END { for (key in n) if (n[key]) { print "# " key ": " n[key] " more in the trace"; bad = 1 }
			exit bad || !buckets }' "$RT_TMP/samples" "$RT_DEBUGFS/histograms"
}

# armed_is_released TASKS - what was armed came: but for the last one of each task, every job
# whose arming was measured has other samples, too
armed_is_released() {
	awk -v tasks="$1" '$2 == "arm_overhead" { armed[$3 " " $4] = 1; next }
		{ released[$3 " " $4] = 1 }
		END { for (key in armed) if (!(key in released)) { print "# task, job " key ": armed and not released"; never++ }
			exit never > tasks }' "$RT_TMP/samples"
}

need_module
[[ -d $RT_TRACEFS/instances ]] || skip_all "the kernel has no trace instances"
plan 38
rt_load || give_up "the module does not load"

check_eq "rtlat_sample has the ABI's fields" "$(fields rtlat_sample)" "$(printf '%s\n' 'u64 seq 8 8' \
	'u64 start_ns 16 8' 'u64 duration_ns 24 8' 'u32 job 32 4' 'u32 task 36 4' 'u32 flags 40 4' 'u16 cpu 44 2' 'u16 metric 46 2')"
check_eq "rtlat_run has the ABI's fields" "$(fields_of rtlat_run)" "$(printf '%s\n' 'run 8 4' 'phase 12 2' 'text 16 4')"
mapfile -t names < <(list RTLAT_METRICS_OF_JOB; list RTLAT_METRICS)
check_eq "the header has 10 metrics" "${#names[@]}" 10
# durations by their names, then arrays of one number for each
check_eq "rtlat_job has the ABI's fields" "$(fields_of rtlat_job)" "$(for i in {0..8}; do echo "${names[i]} $((8 + 8 * i)) 8"; done
	printf '%s\n' 'start_ns[9] 80 72' 'seq[9] 152 72' 'flags[9] 224 36' 'job 260 4' 'next_job 264 4' 'task 268 4' 'cpu 272 2' 'samples 274 2')"
check "metrics are printed by name" printed rtlat_sample "${names[@]}"
mapfile -t names < <(list RTLAT_FLAGS)
check "flags are printed by name" printed rtlat_sample "${names[@]}"
mapfile -t names < <(list RTLAT_PHASES)
check "phases are printed by name" printed rtlat_run "${names[@]}"

instance=$RT_TRACEFS/instances/rtlat-selftest-$$
RT_INSTANCES+=("$instance")
mkdir "$instance" || give_up "no trace instance"
echo 8192 >"$instance/buffer_size_kb"
echo 1 >"$instance/events/rtlat/enable"
for words in "mode=timer arm=job period_us=5000 count=100 trace_per=job" "mode=timer arm=callback tasks=3 exec_us=200 period_us=10000 count=60 trace_per=job" \
	"mode=timer arm=job period_us=5000 count=100" "mode=timer arm=callback tasks=3 exec_us=200 period_us=10000 count=60"; do
	read -ra parameters <<<"$words"
	echo >"$instance/trace"
	rt_run "${parameters[@]}" || give_up "the run did not end"
	cat "$instance/trace" >"$RT_TMP/trace"
	rt_trace_samples "$RT_TMP/trace" >"$RT_TMP/samples"
	check "$words: numbers follow one another" contiguous
	check_eq "$words: nothing was lost" "$(rt_status trace_lost) $(awk '/^overrun/ { n += $2 } END { print n + 0 }' "$instance"/per_cpu/cpu*/stats)" "0 0"
	check "$words: as many records as samples" same_number
	check "$words: the steps of the trace sum up" steps_sum
	check "$words: the histograms hold its samples" histograms_agree
	check_eq "$words: the records are of that kind" "$(grep -oE ' rtlat_(sample|job): ' "$RT_TMP/trace" | sort -u)" " rtlat_$(kind): "
	# more than one where it was switched back to, or something else came between
	[[ $words != *arm=job*trace_per=job ]] || check "$words: a record for each job" \
		mostly "$(grep -c ' rtlat_job: ' "$RT_TMP/trace")" "$(awk '$2 != "arm_overhead" { print $1, $3, $4 }' "$RT_TMP/samples" | sort -u | wc -l)"
done
echo >"$instance/trace"
check "with jobs that end after the next expiry" rt_run mode=timer arm=job tasks=2 exec_us=495 period_us=1000 count=60
check "releases are skipped" test "$(rt_ledger arm_overhead skipped) $(rt_ledger event_latency skipped)" != "0 0"
cat "$instance/trace" >"$RT_TMP/trace"
rt_trace_samples "$RT_TMP/trace" >"$RT_TMP/samples"
check "and arming is of the job that is armed" armed_is_released 2
check_eq "the trace holds the module's ledger" \
	"$(sed -n 's/.*rtlat_run: run=[0-9]* phase=ledger //p' "$RT_TMP/trace")" "$(<"$RT_DEBUGFS/ledger")"
check_eq "the trace holds the module's summary" \
	"$(sed -n 's/.*rtlat_run: run=[0-9]* phase=summary //p' "$RT_TMP/trace")" "$(<"$RT_DEBUGFS/summary")"
echo 0 >"$instance/events/rtlat/enable"

if command -v trace-cmd >/dev/null; then
	rt_reset && rt_set mode=timer period_us=5000 count=50
	check "trace-cmd record and report print metrics by name" eval '
		trace-cmd record -q -o "$RT_TMP/trace.dat" -e rtlat bash -c "echo start >$RT_DEBUGFS/control; sleep 2" >"$RT_TMP/log" 2>&1 &&
		rt_wait && trace-cmd report -q "$RT_TMP/trace.dat" 2>>"$RT_TMP/log" | grep -q "rtlat_sample:.*metric=thread_latency cpu=0 "'
else
	skip "trace-cmd record and report print metrics by name" "trace-cmd is not installed"
fi
finish
