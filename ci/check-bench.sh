#!/usr/bin/env bash
# Is ci/bench.sh to be believed? With parts that are made up: what is no row, a part
# without rows or one that fails is refused, and earlier results stay; a goal that does
# not hold is said. The last line is the count of checks.
#
# usage: check-bench.sh
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# shellcheck source=ci/bench/lib.sh
. "$RTLAT_ROOT/ci/bench/lib.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

work=$(mktemp -d)
remove_at_exit "$work"
good=$(row a '<= 2' 10 3 2 us count)

# bench TEXT [STATUS] - bench.sh with one part that writes that and ends so
bench() {
	# the part's own
	# shellcheck disable=SC2016
	printf '#!/bin/bash\nprintf %%s %q >"$1"\nexit %d\n' "$1" "${2:-0}" >"$work/made.sh"
	chmod +x "$work/made.sh"
	PARTS_DIR=$work RESULTS=$work/results "$RTLAT_ROOT/ci/bench.sh" made
}

# refused WHY TEXT [STATUS] - status 1, a line that says so, results as they were
refused() {
	local status=0 before
	before=$(cat "$work/results/bench.json")
	bench "${@:2}" >"$work/said" 2>&1 || status=$?
	cat "$work/said"
	[[ $status -eq 1 && $(cat "$work/results/bench.json") == "$before" ]] && grep -q "$1" "$work/said"
}

holding() {
	bench "$good" && jq -e '.schema == "rtlat-bench/1" and (.ratios | length) == 1 and .ratios[0].value == 1.5 and
		.ratios[0].holds and .ratios[0].part == "made" and (.provenance.revision | length) > 0' "$work/results/bench.json"
}

not_holding() {
	local status=0
	bench "$(row a '<= 1' 10 3 2 us count)" || status=$?
	[[ $status -eq 2 ]] && jq -e '.ratios[0].holds == false' "$work/results/bench.json"
}

# goals - at the limit and beside it, without b, and with none to divide by
goals() {
	local line
	while read -r line; do
		# words on purpose
		# shellcheck disable=SC2086
		eval "set -- $line"
		[[ $(row x "$1" 1 "$2" "$3" us count | jq -c '[.value, .holds]') == "$4" ]] || {
			echo "$line: $(row x "$1" 1 "$2" "$3" us count)"
			return 1
		}
	done <<-'END'
		'<= 0.5' 1 2 '[0.5,true]'
		'<= 0.5' 1.01 2 '[0.505,false]'
		'>= 0.5' 1 2 '[0.5,true]'
		'>= 0.5' 0.99 2 '[0.495,false]'
		'== 1' 7 7 '[1,true]'
		'== 1' 7.001 7 '[1.000143,false]'
		'== 0' 0 - '[0,true]'
		'== 0' 1 - '[1,false]'
		'== 1' 0 0 '[1,true]'
		'<= 9' 1 0 '[null,false]'
		- 3 2 '[1.5,null]'
	END
	! (row x '< 1' 1 1 1 us count) && ! (row x '<= 1' 1 many 1 us count)
}

try 'a goal that holds' holding
try 'a goal that does not' not_holding
try 'goals by their limits' goals
try 'text that is not JSON' refused 'not JSON' 'name value 5'
try 'half a row' refused 'not JSON' "${good%?}"
try 'a part without rows' refused 'no rows' ''
try 'a row without its number' refused 'lacks something' "$(jq -c 'del(.n)' <<<"$good")"
try 'a goal without a verdict' refused 'lacks something' "$(jq -c '.holds = null' <<<"$good")"
try 'a verdict that is none' refused 'lacks something' "$(jq -c '.holds = "yes"' <<<"$good")"
try 'a name that is there twice' refused 'lacks something' "$good$good"
try 'a part that fails' refused 'status 3' "$good" 3
try 'a part that there is not' bash -c "! PARTS_DIR=$work RESULTS=$work/results '$RTLAT_ROOT/ci/bench.sh' other"
tally bench
