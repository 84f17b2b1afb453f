# shellcheck shell=bash
# Checks that count themselves: `ok NAME` or `FAIL NAME` and why, and a last
# line `WHAT: N passed, N failed, N skipped`. A check fails by its status.

TALLY_PASSED=0 TALLY_FAILED=0 TALLY_SKIPPED=0

# try NAME COMMAND... - one check; what it printed is shown when it fails
try() {
	local name=$1 log
	shift
	log=$(mktemp)
	if "$@" >"$log" 2>&1; then
		printf 'ok   %s\n' "$name"
		TALLY_PASSED=$((TALLY_PASSED + 1))
	else
		printf 'FAIL %s\n' "$name"
		sed 's/^/     /' "$log" | tail -n 40
		TALLY_FAILED=$((TALLY_FAILED + 1))
	fi
	rm -f -- "$log"
}

# skip NAME REASON - a check that cannot be made here
skip() {
	printf 'skip %s: %s\n' "$1" "$2"
	TALLY_SKIPPED=$((TALLY_SKIPPED + 1))
}

# tally_add PASSED FAILED SKIPPED - the counts of a suite that counted itself
tally_add() {
	TALLY_PASSED=$((TALLY_PASSED + $1))
	TALLY_FAILED=$((TALLY_FAILED + $2))
	TALLY_SKIPPED=$((TALLY_SKIPPED + $3))
}

# suite NAME COMMAND... - one that ends with a count line of its own; its counts
# are taken over, and a suite that fails without saying so is one more failure.
# TALLY_LOGS is the folder of the logs.
suite() {
	local name=$1 status=0 counts begin=$SECONDS
	shift
	printf '== %s\n' "$name"
	"$@" 2>&1 | tee "$TALLY_LOGS/$name.log" || status=${PIPESTATUS[0]}
	counts=$(sed -nE 's/^([^ ]+: )?([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\2 \3 \4/p' "$TALLY_LOGS/$name.log" | tail -n 1)
	if [[ -z $counts ]]; then
		printf 'FAIL %s: status %s and no count\n' "$name" "$status"
		counts='0 1 0'
	elif [[ $status -ne 0 && $counts =~ ^[0-9]+\ 0\  ]]; then
		printf 'FAIL %s: status %s\n' "$name" "$status"
		tally_add 0 1 0
	fi
	# three words on purpose
	# shellcheck disable=SC2086
	tally_add $counts
	printf '== %s: %d s\n' "$name" $((SECONDS - begin))
}

# tally WHAT - the last line; fails when a check failed, or when none was made
tally() {
	printf '%s%d passed, %d failed, %d skipped\n' "${1:+$1: }" \
		"$TALLY_PASSED" "$TALLY_FAILED" "$TALLY_SKIPPED"
	[[ $TALLY_FAILED -eq 0 && $TALLY_PASSED -gt 0 ]]
}

# holds_in FILE FILTER [DEFINITIONS] - a check for try: jq's filter yields true
# and nothing else, and yields something; the rest is printed
holds_in() {
	local other
	other=$(jq -r "${3:-} [ $2 ] | if length == 0 then \"nothing to check\" else .[] | select(. != true) end" "$1") || return
	printf '%s\n' "$other"
	[[ -z $other ]]
}
