#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: the cells of the file matrix, run by the rtlat command on this machine
#
# usage: matrix.sh [--check FILE]: only look for errors in a file of cells
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# refuses REASON TEXT - a file of that text, and the line that names the error
refuses() {
	local said
	printf '%b' "$2" >"$RT_TMP/bad"
	said=$(rtlat matrix "$RT_TMP/bad" 2>&1) && return 1
	[[ $said == "rtlat: $RT_TMP/bad"$1* ]] || { note "said: $said"; return 1; }
}

if [[ ${1:-} == --check ]]; then
	rtlat matrix "${2:?--check needs a file}" >/dev/null
	exit
fi

command -v rtlat >/dev/null || skip_all "the rtlat command is not in PATH"
need_module
rtlat matrix --platform native "$RT_HERE/matrix" >"$RT_TMP/cells" 2>"$RT_TMP/error" || give_up "$(<"$RT_TMP/error")"
plan $(($(wc -l <"$RT_TMP/cells") + 8))
check "refuses a word that is no key=value" refuses ":2: name: not of the form" '# cells\nname any 1\n'
check "refuses a value out of range" refuses ":1: count=-1: out of range" 'mode=timer count=-1\n'
check "refuses a cell twice" refuses ":2: platform=native mode=timer count=5: the cell is in line 1 already" 'mode=timer count=5\nmode=timer count=5\n'
check "refuses an unknown clock" refuses ":1: clock=sun: not one of" 'clock=sun mode=timer count=5\n'
check "refuses a bad number of CPUs" refuses ":1: vcpus=0: not a number" 'vcpus=0 mode=timer count=5\n'
check "refuses an unknown key" refuses ":1: colour: no such key" 'mode=timer count=5 colour=red\n'
check "refuses a cut line" refuses ":2: the line has no newline" 'mode=timer count=5\nmode=timer co'
check "refuses an empty file" refuses ": no cells" '# nothing\n'

this_clock=wall
[[ ${RTLAT_CLOCK:-} != instructions ]] || this_clock=instructions
options=(--clock none)
[[ $this_clock != instructions ]] || options=(--clock instructions --insns-per-us 1000)
while IFS=$'\t' read -r id _ clock vcpus set load trace parameters _; do
	# platform and kernel are the same in all of them
	what=${id#platform=*,kernel=*,}": $parameters"
	more=()
	[[ $set == - ]] || more+=(--set "$set")
	[[ $load == off ]] || more+=(--load)
	[[ $trace == off ]] || more+=(--trace)
	read -ra words <<<"$parameters"
	if [[ $clock != any && $clock != "$this_clock" ]]; then
		skip "$what" "needs the clock $clock, this is $this_clock"
	elif [[ $(rt_cpus) -lt $vcpus ]]; then
		skip "$what" "needs $vcpus CPUs, there are $(rt_cpus)"
	elif rtlat run --out "$RT_TMP/$id" --platform native --module "$RTLAT_KO" --timeout 36000 "${options[@]}" "${more[@]}" "${words[@]}" >"$RT_TMP/log" 2>&1 </dev/null &&
		grep -q '"status": *"ok"' "$RT_TMP/$id/summary.json"; then
		pass "$what"
	elif rt_watched && slow=$(grep -o 'shorter than .*' "$RT_TMP/log"); then
		skip "$what" "too slow a machine, $RT_WATCHED: $slow"
	else
		fail "$what" "$(tail -n 3 "$RT_TMP/log")"
	fi
done <"$RT_TMP/cells"
finish
