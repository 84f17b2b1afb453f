#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Load KUnit suites into this machine's kernel, one after the other: their KTAP,
# what failed, and a last line `ktest: N passed, N failed, N skipped` that counts
# test cases. The status is 1 when a case failed or a suite did not run, or when
# it had not as many cases as its source beside this script has rows.
#
# usage: run.sh DIR	the folder of the *_kunit.ko (make ktest builds it)
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
results=/sys/kernel/debug/kunit
passed=0 failed=0 skipped=0

# rows SUITE - the cases that its source has
rows() { grep -cE '^[[:space:]]*KUNIT_CASE(_[A-Z]+)?\(' "$here/$1.c"; }

# judge SUITE ROWS <KTAP - "PASSED FAILED SKIPPED", and on stderr what is wrong.
# Cases are what is one level in; parameters of a case are a level further.
judge() {
	awk -v suite="$1" -v rows="$2" '
		function problem(what) { print "FAIL " suite ": " what >"/dev/stderr"; problems++ }
		/^    1\.\.[0-9]+$/ { plan = substr($1, 4) + 0 }
		/^    (not )?ok [0-9]+ / {
			cases++
			what = $0; sub(/^ *(not )?ok [0-9]+ /, "", what)
			if ($1 == "not") { failed++; problem(what (why == "" ? "" : ": " why)) }
			else if (what ~ /# SKIP/) skipped++
			else passed++
			why = ""
		}
		/^ +# .*(EXPECTATION|ASSERTION) FAILED at / { why = $0; sub(/.*FAILED at /, "", why) }
		/^(not )?ok [0-9]+ / { verdict = $1 }
		END {
			if (rows < 1) { problem("no rows in its source"); failed++ }
			if (verdict == "") problem("it did not end")
			else if (verdict == "not" && !failed) { problem("it failed as a whole"); failed++ }
			if (plan != cases || cases != rows)
				problem(cases + 0 " cases have a result, " plan + 0 " were planned, its source has " rows " rows")
			# a case without a result has failed; a surplus one is a failure
			if (cases < rows) failed += rows - cases
			else if (problems && !failed) failed++
			print passed + 0, failed + 0, skipped + 0
		}'
}

# judge_is_just - a judge that calls everything fine would go unnoticed
judge_is_just() {
	local want lines text got
	local head='KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n'
	while IFS='|' read -r want lines text; do
		got=$(printf '%b' "$head$text" | judge self "$lines" 2>/dev/null)
		[[ $got == "$want" ]] || { echo "run.sh: judge says $got, not $want, of: $text"; return 1; }
	done <<-'END'
		2 0 0|2|    1..2\n    ok 1 a\n    ok 2 b\nok 1 s\n
		1 0 1|2|    1..2\n    ok 1 a\n    ok 2 b # SKIP why\nok 1 s\n
		1 0 0|1|    1..1\n        ok 1 x\n        not ok 2 y\n    ok 1 a\nok 1 s\n
		1 1 0|2|    1..2\n    ok 1 a\n    not ok 2 b\nnot ok 1 s\n
		1 1 0|2|    1..1\n    ok 1 a\nok 1 s\n
		1 1 0|2|    1..2\n    ok 1 a\nok 1 s\n
		2 1 0|1|    1..2\n    ok 1 a\n    ok 2 b\nok 1 s\n
		1 1 0|1|    1..1\n    ok 1 a\n
		1 1 0|1|    1..1\n    ok 1 a\nnot ok 1 s\n
		0 3 0|3|
		0 1 0|0|    1..0\nok 1 s\n
	END
}

# run SUITE KO - load it, which runs it; its results are there until it is unloaded
run() {
	local suite=$1 name counts ktap=/dev/null
	printf '# %s\n' "$suite"
	name=$(sed -n 's/^[[:space:]]*\.name = "\([^"]*\)",$/\1/p' "$here/$suite.c" | tail -n 1)
	if [[ -d /sys/module/$suite ]]; then
		printf 'FAIL %s: it is loaded already\n' "$suite"
	elif insmod "$2" && [[ -n $name && -r $results/$name/results ]]; then
		ktap=$results/$name/results
		cat "$ktap"
	else
		printf 'FAIL %s: no %s: it did not run\n' "$suite" "$results/$name/results"
	fi
	counts=$(judge "$suite" "$(rows "$suite")" <"$ktap" 2>&1)
	sed '$d' <<<"$counts"
	read -r p f s <<<"$(tail -n 1 <<<"$counts")"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	[[ ! -d /sys/module/$suite ]] || rmmod "$suite"
}

[[ $# -eq 1 && -d $1 ]] || { echo "usage: run.sh DIR (the folder of the *_kunit.ko)" >&2; exit 1; }
judge_is_just
[[ -d /sys/module/kunit ]] || modprobe kunit || { echo "ktest: this kernel has no KUnit (CONFIG_KUNIT)" >&2; exit 1; }
for source in "$here"/*_kunit.c; do
	suite=$(basename "$source" .c)
	run "$suite" "$1/$suite.ko"
done
printf 'ktest: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
