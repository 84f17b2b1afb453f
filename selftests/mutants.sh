#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: with one count taken out of the module, the ledger must not close
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

# run_point complete|stopped PARAMETER...
run_point() {
	local end=$1
	shift
	rt_set "$@" && rt_control start || return 1
	if [[ $end == stopped ]]; then
		rt_quiet 200
		rt_control stop
	fi
	rt_wait && [[ $(rt_status end) == "$end" ]]
}

# noticed - what the module says of its ledger, and what adding up says
noticed() {
	[[ $(rt_status ledger_closes) == 0 ]] || { note "ledger_closes is not 0"; return 1; }
	grep -q ' closes=0$' "$RT_DEBUGFS/ledger" || { note "no line has closes=0"; return 1; }
	! rt_closes >/dev/null
}

need_module
[[ -d ${RTLAT_MUTANTS:-} ]] || skip_all "no mutants: build them with build-mutants.sh and say RTLAT_MUTANTS="
mapfile -t rows < <(sed -e '/^#/d' -e '/^$/d' -e 's/ *| */|/g' "$RT_HERE/mutants")
[[ ${#rows[@]} -gt 0 ]] || give_up "the file mutants is empty"
plan $((${#rows[@]} * 2))

for row in "${rows[@]}"; do
	IFS='|' read -r name _ _ parameters end <<<"$row"
	read -ra words <<<"$parameters"
	rt_load && run_point "$end" "${words[@]}"
	check "$name: the module itself closes" rt_closes
	rt_unload
	if insmod "$RTLAT_MUTANTS/$name.ko" && run_point "$end" "${words[@]}"; then
		check "$name: the mutant is noticed" noticed
	else
		fail "$name: the mutant is noticed" "it does not run"
	fi
	! rt_is_loaded || rt_unload
done
finish
