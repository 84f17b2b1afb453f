#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: on the instruction clock: trace buffers that are too small: records are lost, and every one of them is accounted for
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# missing - by CPU and metric: what the module has as samples is what the trace
# has and what its sequence numbers say is missing: before the first record, in
# gaps, behind the last. In RT_TMP/missing how many.
missing() {
	rt_trace_samples "$RT_TMP/trace" >"$RT_TMP/samples"
	awk -v out="$RT_TMP/missing" '
		FNR == NR {
			key = $1 " " $2
			if ($5 + 0 < next_seq[key] + 0) { print "# seq goes back: " $0; bad = 1 }
			gap[key] += $5 - next_seq[key]; next_seq[key] = $5 + 1; n[key]++
			next
		}
		{
			sub(/.*=/, "", $1); sub(/.*=/, "", $2); key = $1 " " $2
			for (i = 3; i <= NF; i++) { split($i, word, "="); v[word[1]] = word[2] }
			samples = v["kept"] + v["interrupted"]
			gap[key] += samples - next_seq[key]
			if (samples < next_seq[key] + 0 || n[key] + gap[key] != samples) {
				print "# cpu " key ": " samples " in the module, " n[key] + 0 " in the trace, " gap[key] " missing"
				bad = 1
			}
			total += samples; all += gap[key]; traced += n[key]
		}
		END {
			print "# " total " samples: " traced + 0 " in the trace, " all + 0 " missing"
			print all + 0 >out
			exit bad || !total
		}' "$RT_TMP/samples" "$RT_DEBUGFS/ledger"
}

# reported - by metric: in the trace and lost, as rtlat report says, is what the
# module has. In RT_TMP/missing how many are lost.
reported() {
	rtlat report --csv "$RT_TMP/cell/trace.dat" >"$RT_TMP/report" 2>"$RT_TMP/log" || { note "$(tail -n 2 "$RT_TMP/log")"; return 1; }
	awk -F, -v out="$RT_TMP/missing" '
		FNR == NR {
			split($0, words, " "); sub(/.*=/, "", words[2])
			for (i in words) if (words[i] ~ /^(kept|interrupted)=/) { sub(/.*=/, "", words[i]); samples[words[2]] += words[i] }
			next
		}
		FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
		$2 == "kept" {
			metrics++; traced += $column["traced"]; lost += $column["lost"]
			if ($column["traced"] + $column["lost"] != samples[$1]) {
				print "# " $1 ": " samples[$1] " in the module, " $column["traced"] " in the trace, " $column["lost"] " lost"
				bad = 1
			}
		}
		END { print "# rtlat report: " traced + 0 " in the trace, " lost + 0 " lost"; print lost + 0 >out; exit bad || !metrics }' \
		"$RT_TMP/cell/ledger" "$RT_TMP/report"
}

# written - events that a run writes beside its samples: begin, end, and the lines
# of three files
written() { cat "$RT_DEBUGFS"/{params,ledger,summary} | grep -c .; }

# stat KEY - added over the buffers of all CPUs
stat() { awk -v key="$1:" 'index($0, key) == 1 { n += $2 } END { print n + 0 }' "$instance"/per_cpu/cpu*/stats; }

need_module
# elsewhere a task that is late is not always as late
[[ ${RTLAT_CLOCK:-} == instructions ]] || skip_all "needs a clock that counts instructions (RTLAT_CLOCK=instructions)"
[[ -d $RT_TRACEFS/instances ]] || skip_all "the kernel has no trace instances"
plan 14
rt_load || give_up "the module does not load"
instance=$RT_TRACEFS/instances/rtlat-selftest-$$
RT_INSTANCES+=("$instance")
mkdir "$instance" || give_up "no trace instance"
echo 8 >"$instance/buffer_size_kb"
echo 1 >"$instance/events/rtlat/enable"

check "a buffer of 8 KiB: runs" rt_run mode=timer arm=job period_us=2000 count=300
cat "$instance/trace" >"$RT_TMP/trace"
check "closes" rt_closes
check_eq "the module has lost nothing" "$(rt_status trace_lost)" 0
check "each record that is missing is accounted for" missing
check "there are such" test "$(<"$RT_TMP/missing")" -gt 0
# what else was written, and is not there
others=$(($(written) + 2 - $(grep -c ' rtlat_run: ' "$RT_TMP/trace")))
check_eq "as many as the kernel says it has overwritten" "$(($(<"$RT_TMP/missing") + others))" "$(stat overrun)"

# A job that leaves nothing to what comes after it never writes records: back to
# back with the next release. The ring before the trace fills.
echo 8192 >"$instance/buffer_size_kb"
echo >"$instance/trace"
check "a task that asks for all of its CPU: runs" rt_run mode=timer arm=callback cpus=0 period_us=1000 exec_us=999 count=500
cat "$instance/trace" >"$RT_TMP/trace"
check "closes" rt_closes
check "its overruns fill the module's own ring" test "$(rt_status trace_lost)" -gt 0
check "each record that is missing is accounted for" missing
check_eq "as many as the module says it has lost" "$(<"$RT_TMP/missing") $(stat overrun)" "$(rt_status trace_lost) 0"
echo 0 >"$instance/events/rtlat/enable"

if command -v rtlat >/dev/null; then
	check "rtlat run with such a buffer" eval 'rtlat run --clock none --trace --buffer-kib=8 --out "$RT_TMP/cell" mode=timer cpus=0 period_us=1000 count=3000 >"$RT_TMP/log" 2>&1 ||
		{ note "$(tail -n 2 "$RT_TMP/log")"; false; }'
	check "rtlat report accounts for each record" reported
	check "and says how many are lost" test "$(<"$RT_TMP/missing")" -gt 0
else
	for what in "rtlat run" "rtlat report" "the number lost"; do
		skip "$what" "the rtlat command is not in PATH"
	done
fi
finish
