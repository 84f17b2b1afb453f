# SPDX-License-Identifier: GPL-2.0
# Holds everything that a run has counted against everything else that it, the
# parameters, or the trace have counted. Says what does not fit, by a line each,
# and fails then.
#
# awk -v ... -f counts.awk status params ledger summary histograms tasks outliers [trace]
#	end	complete, stopped, ...: how the run must have ended
#	number	of the run
#	want	metric:line=N, metric:line>N, metric:line<N; of status (status:key=N), of a
#		task (task0:key>N); by the trace, metric:nested: most interrupts in a
#		sample; by blanks
#	load	tasks consume what exec_us says, to 2 % and 2 us
#	taken	the trace has sched_switch: how often a task with something to do was
#		switched out for one of a lower class
function bad(text) { if (wrong++ < 8) print "# " text }
function words(  i, at, value) {
	split("", v)
	for (i = 1; i <= NF; i++) {
		at = index($i, "=")
		if (!at) continue
		value = substr($i, at + 1)
		v[substr($i, 1, at - 1)] = value ~ /^[0-9]+$/ ? value + 0 : value
	}
}
function equal(what, a, b) { if (a + 0 != b + 0) bad(what ": " a + 0 ", not " b + 0) }
BEGIN {
	split("event_latency release_latency release_overhead wake_gap start_gap thread_latency", names, " ")
	for (i in names) expiry[names[i]] = 1
	split("release_overhead wake_gap start_gap thread_latency", names, " ")
	for (i in names) job[names[i]] = 1
}
{ words(); file = FILENAME; sub(/.*\//, "", file) }
file == "status" { for (i in v) status[i] = v[i]; next }
file == "params" { sub(/=.*/, "", $1); param[$1] = v[$1]; next }
file == "ledger" {
	key = v["cpu"] " " v["metric"]
	keys[key] = v["metric"]; cpu_of[key] = v["cpu"]; cpus[v["cpu"]] = 1
	sum = 0
	for (i = 4; i <= NF; i++) {
		split($i, word, "=")
		if (word[1] == "closes") continue
		word[2] += 0
		line[key, word[1]] = word[2]; total[v["metric"], word[1]] += word[2]; sum += word[2]
	}
	attempted[key] = v["attempted"]; total[v["metric"], "attempted"] += v["attempted"]
	if (sum != v["attempted"] || v["closes"] != 1) bad("does not close: " $0)
	ledgers++
	next
}
file == "summary" {
	key = v["cpu"] " " v["metric"]
	n[key, v["class"]] = v["n"]
	if (v["class"] ~ /^interrupted/) interrupted[key] += v["n"]; else kept[key] += v["n"]
	if (!((key) in largest) || v["max"] + 0 > largest[key]) largest[key] = v["max"] + 0
	if (v["metric"] == "thread_latency" && v["class"] !~ /queued/) whole += v["n"]
	next
}
file == "histograms" {
	sum = 0
	for (i = 4; i <= NF; i++) { split($i, word, ":"); sum += word[2] }
	equal("histogram of cpu " v["cpu"] " " v["metric"] " " v["class"], sum, n[v["cpu"] " " v["metric"], v["class"]])
	next
}
file == "tasks" {
	c = v["cpu"]
	for (i in v) task["task" v["task"], i] = v[i]
	tasks++; tasks_on[c]++
	released[c] += v["released"]; skipped[c] += v["skipped"]; overrun[c] += v["overrun"]; completed[c] += v["completed"]
	all["missed"] += v["missed"]; all["overrun"] += v["overrun"]; all["throttled"] += v["throttled"]
	done += v["released"] + v["skipped"]
	what = "task " v["task"] ": "
	if (end == "complete") {
		if (param["count"] > 0) equal(what "released and skipped", v["released"] + v["skipped"], param["count"])
		equal(what "completed", v["completed"], v["released"])
	} else if (v["completed"] + 0 > v["released"] + 0) bad(what "more completed than released")
	if (v["completed"] > 0) {
		if (v["cpu_min_ns"] * v["completed"] > v["cpu_sum_ns"] || v["cpu_max_ns"] * v["completed"] < v["cpu_sum_ns"])
			bad(what "sum of CPU times " v["cpu_sum_ns"] " of " v["completed"] " from " v["cpu_min_ns"] " to " v["cpu_max_ns"])
		if (load && (v["cpu_min_ns"] + 0 < v["exec_ns"] || v["cpu_max_ns"] > v["exec_ns"] * 1.02 + 2000))
			bad(what "CPU times " v["cpu_min_ns"] " to " v["cpu_max_ns"] ", not " v["exec_ns"])
		if (v["missed"] > v["completed"] + 0) bad(what "more missed than completed")
	}
	late = v["response_max_ns"] - v["period_ns"]
	equal(what "largest tardiness", v["tardiness_max_ns"], late > 0 ? late : 0)
	if (v["tardiness_sum_ns"] + 0 < v["tardiness_max_ns"] + 0 || v["tardiness_sum_ns"] > v["missed"] * v["tardiness_max_ns"] ||
	    (v["missed"] > 0) != (late > 0))
		bad(what v["missed"] " missed, by " v["tardiness_sum_ns"] " in all, " v["tardiness_max_ns"] " at most")
	next
}
file == "outliers" {
	key = v["cpu"] " " v["metric"]
	equal("rank of an outlier of cpu " key, v["rank"], ++ranks[key])
	if (v["rank"] == 1) equal("largest sample of cpu " key, v["duration_ns"], largest[key])
	if (ranks[key] > 1 && v["duration_ns"] + 0 > last[key]) bad("outliers of cpu " key " do not go down")
	last[key] = v["duration_ns"] + 0
	if (seen[key, sprintf("%.0f", v["start_ns"]), v["task"], v["job"]]++) bad("an outlier of cpu " key " is there twice")
	next
}
file == "trace" && / rtlat_sample: / {
	traced = 1
	key = v["cpu"] " " v["metric"]
	if (records[key]++ && v["seq"] + 0 <= seq[key]) bad("numbers of cpu " key " go from " seq[key] " to " v["seq"])
	if (!status["trace_lost"] && v["seq"] != records[key] - 1) bad("cpu " key " has number " v["seq"] " as record " records[key])
	seq[key] = v["seq"] + 0
	if (v["nested"] > total[v["metric"], "nested"] + 0) total[v["metric"], "nested"] = v["nested"]
}
file == "trace" && / sched_switch: prev_comm=rtlat\/[0-9]+:/ && v["prev_state"] ~ /^R/ && v["next_prio"] >= 100 { switched++ }
file == "trace" && / rtlat_run: / { traced = 1 }
END {
	if (!ledgers) bad("there is no ledger")
	if (status["end"] != end) bad("the run ended " status["end"] ", not " end)
	equal("ledger_closes", status["ledger_closes"], 1)
	if (number) equal("number of the run", status["run"], number)
	for (key in keys) {
		metric = keys[key]; c = cpu_of[key]
		equal("samples of cpu " key ", kept", kept[key], line[key, "kept"])
		equal("samples of cpu " key ", interrupted", interrupted[key], line[key, "interrupted"])
		samples = kept[key] + interrupted[key]
		all_samples += samples; all_records += records[key]
		equal("outliers of cpu " key, ranks[key], samples < 10 ? samples : 10)
		if (traced && !status["trace_lost"]) equal("records of cpu " key, records[key], samples)
		if (metric == "ipi_latency") {
			if (end == "complete" && param["count"] > 0) equal("attempts of cpu " key, attempted[key], param["count"])
			sent += attempted[key]
			continue
		}
		if (metric in expiry) {
			equal("attempts of cpu " key, attempted[key], released[c] + skipped[c] + line[key, "cancelled"])
			equal("skipped of cpu " key, line[key, "skipped"], skipped[c])
			equal("overrun of cpu " key, line[key, "overrun"], metric in job ? overrun[c] : 0)
			# whoever stops a run in the middle finds every task armed
			if (end != "offline") equal("cancelled of cpu " key, line[key, "cancelled"], end == "complete" ? 0 : tasks_on[c])
		} else equal("skipped, overrun and cancelled of cpu " key, line[key, "skipped"] + line[key, "overrun"] + line[key, "cancelled"], 0)
		if (metric == "arm_overhead") equal("attempts of cpu " key, attempted[key], released[c] + line[c " event_latency", "cancelled"] - tasks_on[c])
		if (metric == "sched_overhead") equal("attempts of cpu " key, attempted[key], attempted[c " cxs_overhead"])
		if (metric != "event_latency" && metric != "arm_overhead")
			unsaid += line[key, "coalesced"] + line[key, "no_start"] + line[key, "nonmonotonic"] + line[key, "migrated"]
	}
	if (traced) equal("lost records", status["trace_lost"], all_samples - all_records)
	if (tasks) {
		equal("done", status["done"], done)
		equal("total", status["total"], param["count"] * tasks)
		for (what in all) equal(what, status[what], all[what])
		equal("sum_failed", status["sum_failed"], 0)
		equal("throttled", status["throttled"], taken ? switched : 0)
		if (status["sum_checked"] > whole + 0 || status["sum_checked"] < whole - unsaid)
			bad("the sum rule was checked " status["sum_checked"] " times, of " whole + 0 " jobs")
	} else if (end == "complete") {
		equal("done", status["done"], sent)
		equal("total", status["total"], sent)
	}
	split(want, wanted, " ")
	for (i in wanted) {
		if (!match(wanted[i], /[=<>]/)) { bad("cannot read " wanted[i]); continue }
		split(substr(wanted[i], 1, RSTART - 1), word, ":")
		value = word[1] == "status" ? status[word[2]] + 0 : word[1] ~ /^task[0-9]/ ? task[word[1], word[2]] + 0 : total[word[1], word[2]] + 0
		limit = substr(wanted[i], RSTART + 1) + 0
		sign = substr(wanted[i], RSTART, 1)
		if (sign == ">" ? value <= limit : sign == "<" ? value >= limit : value != limit) bad("wanted " wanted[i] ", got " value)
	}
	exit wrong > 0
}
