# shellcheck shell=bash
# Rows of a benchmark: JSON objects, one a line, each a ratio (or a figure) and
# what it is made of:
#
#	name	what is compared; key of the row
#	value	a / b, or a alone where there is no b
#	goal	"<= N", ">= N" or "== N", null: none
#	holds	whether value is so, null: no goal
#	n	how many releases, events, runs: what a and b are taken from
#	a, b	the two figures; b null: there is none
#	unit	theirs
#	clock	instructions (exact whatever else runs), wall, count, none
#	note	what should be known of it

# row NAME GOAL N A B UNIT CLOCK [NOTE] - on stdout; GOAL -: none, B -: none
row() {
	local name=$1 goal=$2 n=$3 a=$4 b=$5 unit=$6 clock=$7 note=${8:-}
	[[ $goal == - || $goal =~ ^(\<=|\>=|==)\ [0-9.]+$ ]] || die "row $name: goal '$goal'"
	jq -cn --arg name "$name" --arg goal "$goal" --arg n "$n" --arg a "$a" --arg b "$b" --arg unit "$unit" --arg clock "$clock" --arg note "$note" '
		def rounded: . * 1e6 | round / 1e6;
		($a | tonumber) as $x | (if $b == "-" then null else $b | tonumber end) as $y |
		(if $y == null then $x elif $y == 0 then (if $x == 0 then 1 else null end) else $x / $y | rounded end) as $value |
		($goal | split(" ") | .[1] // "0" | tonumber) as $limit |
		{name: $name, value: $value, goal: (if $goal == "-" then null else $goal end),
		 holds: (if $goal == "-" then null elif $value == null then false
			elif $goal[0:2] == "<=" then $value <= $limit elif $goal[0:2] == ">=" then $value >= $limit
			else $value == $limit end),
		 n: ($n | tonumber), a: $x, b: $y, unit: $unit, clock: $clock} +
		(if $note == "" then {} else {note: $note} end)' || die "row $name: n=$n a=$a b=$b are not all numbers"
}

# figure NAME FILE - a figure that a host script has written: lines of NAME=NUMBER
figure() {
	local value
	value=$(sed -n "s/^$1=//p" "$2")
	[[ $value =~ ^-?[0-9]+(\.[0-9]+)?$ ]] || die "$2: no figure $1"
	printf '%s\n' "$value"
}

# calc EXPRESSION - with awk's arithmetic
calc() { awk "BEGIN { printf \"%.6g\", $1 }"; }

# median NUMBER... - the middle one, of an even number the lower
median() { printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# bench_begin FOLDER KERNEL - an empty folder for a part, and what it runs
bench_begin() {
	rm -rf "$1"
	mkdir -p "$1"
	make -C "$RTLAT_ROOT" userspace module KERNEL="$2" >"$1/build.log" 2>&1 || die "the module or the tools do not build, see $1/build.log"
}

# bench_spent FOLDER - ci/spent.c, for its host
bench_spent() { gcc-12 -O2 -Wall -Wextra -Werror -static -o "$1/spent" "$RTLAT_ROOT/ci/spent.c"; }

# bench_host FOLDER KERNEL COMMAND OPTION... - ci/bench/COMMAND in an emulated host, which has
# that folder
bench_host() {
	say "one emulated host, kernel $2: $3"
	"$RTLAT_ROOT/ci/run.sh" --kernel "$2" "${@:4}" --rw "$1" --keep "$1" --timeout 1200 -- "ci/bench/$3"
}
