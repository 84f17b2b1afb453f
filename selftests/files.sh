#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: unloading with any file of the module open; many who use them at once; two rtlat run at the same time
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# held FILE - unloading while it is open is refused and nothing has changed, or it
# is done and the file is dead, if it is one of ours; closed, the module is gone
# or goes
held() {
	local fd file=$1
	exec {fd}<"$file" || return 1
	: <&"$fd"
	if rt_unload 2>"$RT_TMP/error"; then
		if read -rN 1 _ <&"$fd" 2>/dev/null && [[ $file != "$RT_TRACEFS"/* ]]; then note "$file: is read after the module is gone"; return 1; fi
		exec {fd}<&-
		ways[unloaded]=1
	else
		[[ $(<"$RT_TMP/error") == *"in use"* ]] || { note "$(<"$RT_TMP/error")"; return 1; }
		[[ $(rt_status state) == "$state" ]] || { note "the run has changed: $(rt_status state)"; return 1; }
		exec {fd}<&-
		rt_unload || return 1
		ways[refused]=1
	fi
	[[ ! -e $RT_DEBUGFS && ! -e /dev/rtlat && ! -e $RT_TRACEFS/events/rtlat ]]
}

# reader - reads everything until it is told to stop; counts what is not whole
reader() {
	local stop='' bad=0 n=0 lines line file
	trap 'stop=1' TERM
	while [[ -z $stop ]]; do
		for file in status ledger summary params tasks outliers histograms; do
			mapfile -t lines <"$RT_DEBUGFS/$file"
			for line in "${lines[@]}"; do
				[[ $line =~ ^[a-z_]+= ]] || bad=$((bad + 1))
			done
			n=$((n + 1))
		done
	done
	echo "$n $bad" >"$RT_TMP/reader-$1"
}

# one_line WHAT - the log has one line since the mark, and it is like that
one_line() { [[ $(klog_new | grep -c .) -eq 1 && $(klog_new) =~ $1 ]]; }

need_module
files=("$RT_DEBUGFS"/{params,control,status,ledger,summary,histograms,tasks,outliers,taskset} /dev/rtlat
	"$RT_TRACEFS"/events/rtlat/{enable,filter} "$RT_TRACEFS"/events/rtlat/rtlat_sample/{enable,format,id} "$RT_TRACEFS"/events/rtlat/rtlat_{job,run}/format)
of_a_run=("$RT_DEBUGFS"/{control,status,ledger} /dev/rtlat "$RT_TRACEFS"/events/rtlat/rtlat_sample/enable)
plan $((${#files[@]} + ${#of_a_run[@]} + 11))
declare -A ways=()
# f_show() of the kernel's trace events: "tracing: Have format file honor
# EVENT_FILE_FL_FREED"
IFS=.- read -r major minor _ < <(uname -r)
reads_freed=$((major < 6 || (major == 6 && minor < 11)))
for state in idle running; do
	words=()
	[[ $state == idle ]] || words=(mode=timer period_us=5000) files=("${of_a_run[@]}")
	for file in "${files[@]}"; do
		rt_load "${words[@]}" || give_up "the module does not load"
		if [[ $file == */format && $reads_freed -eq 1 ]]; then
			skip "$state: unloading while ${file#/sys/kernel/} is open" "a kernel before 6.11 reads what is freed then"
		else
			check "$state: unloading while ${file#/sys/kernel/} is open" held "$file"
		fi
		! rt_is_loaded || rt_unload
	done
done
note "with a file open the module was: ${!ways[*]}"

rt_load || give_up "the module does not load"
rt_set mode=timer period_us=5000 count=0
check "two read everything" eval 'rt_try rt_control start && { reader 1 & readers=($!); reader 2 & readers+=($!); }'
for ((i = 0; i < 10; i++)); do
	rt_control stop
	rt_try rt_control start || break
	rt_quiet 100
done
check "one starts and stops" test "$i" -eq 10
check "a second one who starts is refused" eval '! rt_control start && [[ $RT_ERROR == *busy* ]]'
klog_mark
rt_set count=5
check "and so is a parameter, with one line" one_line '^rtlat: count: run [0-9]+ is running'
rt_control stop
kill "${readers[@]}"
wait "${readers[@]}"
read -r n1 bad1 <"$RT_TMP/reader-1"
read -r n2 bad2 <"$RT_TMP/reader-2"
note "the readers had $n1 and $n2 files"
check "every file was whole at any time" test "$n1" -gt 0 -a "$n2" -gt 0 -a $((bad1 + bad2)) -eq 0
check "every ledger closes" rt_closes
rt_unload

if command -v rtlat >/dev/null; then
	rtlat run --clock none --module "$RTLAT_KO" --out "$RT_TMP/first" mode=timer period_us=10000 count=300 >"$RT_TMP/first.log" 2>&1 &
	first=$!
	for ((i = 0; i < 600; i++)); do
		[[ ! -e $RT_DEBUGFS/status || $(rt_status state) != running ]] || break
		rt_quiet 50
	done
	rtlat run --clock none --module "$RTLAT_KO" --out "$RT_TMP/second" mode=timer period_us=10000 count=5 >"$RT_TMP/second.log" 2>&1
	check_eq "a second rtlat run is refused" "$?" 1
	note "$(<"$RT_TMP/second.log")"
	check "with one line" test "$(grep -c . "$RT_TMP/second.log")" -eq 1
	check "that says why" grep -qiE 'in progress|busy' "$RT_TMP/second.log"
	check "the first one ends well" wait "$first"
	check "with all of its results" grep -q '"status": *"ok"' "$RT_TMP/first/summary.json"
else
	for what in "a second rtlat run is refused" "with one line" "that says why" "the first one ends well" "with all of its results"; do
		skip "$what" "the rtlat command is not in PATH"
	done
fi
finish
