#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: the cells of the file matrix, run by the rtlat command on this machine
#
# usage: matrix.sh [--check FILE]: only look for errors in a file of cells
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# read_matrix FILE - sets cells to "name|clock|cpus|parameters"; on an error
# one line: file, line, reason
read_matrix() {
	local file=$1 number=0 row name clock cpus parameters word known
	known=" $(sed -n 's/^RTLAT_PARAM_[A-Z]*(\([a-z_]*\),.*/\1/p' "$RT_HERE/params.def" | tr '\n' ' ')"
	declare -A seen=()
	cells=()
	while IFS= read -r row || [[ -n $row ]]; do
		number=$((number + 1))
		[[ -n $row && $row != '#'* ]] || continue
		read -r name clock cpus parameters <<<"$row"
		if [[ -z $parameters ]]; then
			echo "$file:$number: fewer than 4 columns: $row"
		elif [[ ! $name =~ ^[a-z0-9-]+$ ]]; then
			echo "$file:$number: $name: a name is of a-z, 0-9 and -"
		elif [[ -n ${seen[$name]:-} ]]; then
			echo "$file:$number: $name: the name is taken by line ${seen[$name]}"
		elif [[ ! $clock =~ ^(any|instructions|wall)$ ]]; then
			echo "$file:$number: $clock: not one of any, instructions, wall"
		elif [[ ! $cpus =~ ^[1-9][0-9]*$ ]]; then
			echo "$file:$number: $cpus: not a number of CPUs"
		else
			for word in $parameters; do
				if [[ $word != *=?* ]]; then
					echo "$file:$number: $word: not name=value"
					return 1
				elif [[ $known != *" ${word%%=*} "* ]]; then
					echo "$file:$number: ${word%%=*}: no such parameter"
					return 1
				fi
			done
			seen[$name]=$number
			cells+=("$name|$clock|$cpus|$parameters")
			continue
		fi
		return 1
	done <"$file"
	[[ ${#cells[@]} -gt 0 ]] || { echo "$file: no cells in it"; return 1; }
}

# refuses REASON TEXT - a file of that text, and the line that names the error
refuses() {
	local said
	printf '%b' "$2" >"$RT_TMP/bad"
	said=$(read_matrix "$RT_TMP/bad") && return 1
	[[ $said == "$RT_TMP/bad"$1* ]] || { note "said: $said"; return 1; }
}

if [[ ${1:-} == --check ]]; then
	read_matrix "${2:?--check needs a file}"
	exit
fi

need_module
read_matrix "$RT_HERE/matrix" >"$RT_TMP/error" || give_up "$(<"$RT_TMP/error")"
plan $((${#cells[@]} + 7))
check "refuses a missing column" refuses ":2: fewer than 4" '# cells\nname any 1\n'
check "refuses a bad name" refuses ":1: A: a name is" 'A any 1 mode=timer\n'
check "refuses a name twice" refuses ":2: a: the name is taken by line 1" 'a any 1 mode=timer\na any 1 mode=ipi\n'
check "refuses an unknown clock" refuses ":1: sun: not one of" 'a sun 1 mode=timer\n'
check "refuses a bad number of CPUs" refuses ":1: 0: not a number of CPUs" 'a any 0 mode=timer\n'
check "refuses an unknown parameter" refuses ":1: colour: no such parameter" 'a any 1 mode=timer colour=red\n'
check "refuses an empty file" refuses ": no cells" '# nothing\n'

clock=wall
[[ ${RTLAT_CLOCK:-} != instructions ]] || clock=instructions
options=(--clock none)
[[ $clock != instructions ]] || options=(--clock instructions --insns-per-us 1000)
for cell in "${cells[@]}"; do
	IFS='|' read -r name needs_clock needs_cpus parameters <<<"$cell"
	read -ra words <<<"$parameters"
	if [[ $needs_clock != any && $needs_clock != "$clock" ]]; then
		skip "$name: $parameters" "needs the clock $needs_clock, this is $clock"
	elif [[ $(rt_cpus) -lt $needs_cpus ]]; then
		skip "$name: $parameters" "needs $needs_cpus CPUs, there are $(rt_cpus)"
	elif ! command -v rtlat >/dev/null; then
		skip "$name: $parameters" "the rtlat command is not in PATH"
	elif rtlat run --out "$RT_TMP/$name" --platform native --module "$RTLAT_KO" --timeout 36000 "${options[@]}" "${words[@]}" >"$RT_TMP/log" 2>&1 &&
		grep -q '"status": *"ok"' "$RT_TMP/$name/summary.json"; then
		pass "$name: $parameters"
	else
		fail "$name: $parameters" "$(tail -n 3 "$RT_TMP/log")"
	fi
done
finish
