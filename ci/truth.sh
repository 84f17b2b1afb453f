#!/usr/bin/env bash
# Measure the measurement on the emulated host: selftests/truth.sh with all its
# sizes, and docs/truth.md made from the table selftests/truth and what came
# out. The page is replaced only when every row holds.
#
# usage: truth.sh
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

kernel=${KERNEL:-6.1}
out=$RTLAT_BUILD/truth
mkdir -p "$out"
"$RTLAT_ROOT/ci/selftests.sh" --install
say "every size of every fault on an emulated host, kernel $kernel"
status=0
"$RTLAT_ROOT/ci/run.sh" --kernel "$kernel" --clock instructions --timeout 1800 -- \
	"uname -r; exec env RTLAT_LONG=1 KSFT_DIR=$RTLAT_BUILD/selftests/install $RTLAT_BUILD/selftests/install/rtlat/truth.sh" |
	tee "$out/log" || status=$?
passed=$(grep -c '^ok ' "$out/log") || true
failed=$(grep -c '^not ok ' "$out/log") || true
if [[ $status -ne 0 || $failed -ne 0 || $passed -eq 0 ]]; then
	say "docs/truth.md stays as it is"
	[[ $failed -ne 0 ]] || failed=1
else
	{
		cat <<-'END'
			# Truth: the measurement, measured

			Made by `make truth`; what the columns mean is written in [testing.md](testing.md#truth).

			Each fault is a delay of known size, X, put at one place. The table says which metrics it must move by X; no other metric of the
			run may move.

			| `fault=` | with | must move by X | place |
			|---|---|---|---|
		END
		sed -e '/^#/d' -e '/^$/d' -e 's/ *| */|/g' "$RTLAT_ROOT/selftests/truth" | awk -F '|' '{
			gsub(/ /, ", ", $3)
			printf "| `%s` | `%s` | %s | %s |\n", $1, $2, $3, $4 }'
		printf '\nKernel %s, native on the emulated host, clock: instructions (1 instruction = 1 ns). Means of 100 releases against the same fault with X = 0:\n' \
			"$(grep -m 1 '^[0-9]' "$out/log")"
		printf 'how far each metric that must move did, and what else moved most.\n\n'
		# shellcheck disable=SC2016
		printf '| `fault=` | with | X [ns] | recovered [ns] | largest of the others [ns] |\n|---|---|---:|---|---|\n'
		awk '
			NR == FNR {
				if (/^#/ || !NF) next
				split($0, column, / *\| */)
				movers[++rows] = " " column[3] " "; fault[rows] = column[1]; with[rows] = column[2]
				next
			}
			/^# truth: / {
				split("", by)
				n = 0; parameters = ""
				for (i = 3; i <= NF; i++) {
					at = index($i, "=")
					name = substr($i, 1, at - 1); value = substr($i, at + 1)
					if (i == 3) this = value
					else if (name == "fault_ns") { x = value; n = 1 }
					else if (n) by[name] = value
					else parameters = parameters " " $i
				}
				for (row = 1; row <= rows; row++)
					if (fault[row] == this && index(parameters " ", " " with[row] " ")) break
				text = ""; most = ""
				count = asorti_names(by, names)
				for (i = 1; i <= count; i++) {
					name = names[i]
					if (index(movers[row], " " name " ")) text = text (text == "" ? "" : ", ") name " " by[name]
					else if (most == "" || abs(by[name]) > abs(by[most])) most = name
				}
				printf "| `%s` | `%s` | %d | %s | %s |\n", this, with[row], x, text == "" ? "-" : text,
					most == "" ? "-" : most " " by[most]
			}
			function abs(v) { return v < 0 ? -v : v + 0 }
			# the names of an array, sorted; not every awk has asorti()
			function asorti_names(array, sorted,  name, n, i) {
				n = 0
				for (name in array) {
					for (i = ++n; i > 1 && sorted[i - 1] > name; i--) sorted[i] = sorted[i - 1]
					sorted[i] = name
				}
				return n
			}' "$RTLAT_ROOT/selftests/truth" "$out/log"
	} >"$out/truth.md"
	mv "$out/truth.md" "$RTLAT_ROOT/docs/truth.md"
fi
printf 'truth: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$(grep -c '^ok .*# SKIP' "$out/log" || true)"
[[ $failed -eq 0 ]]
