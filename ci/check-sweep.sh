#!/usr/bin/env bash
# The sweep, with four short cells: interrupted, started again, an emulator
# killed under it, cells that failed or changed, files and folders it refuses.
#
# usage: check-sweep.sh
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

flavour=${KERNEL:-6.1}
top=$RTLAT_BUILD/check/sweep
results=$top/results
rm -rf "$top"
mkdir -p "$top"
make -C "$RTLAT_ROOT" module userspace KERNEL="$flavour" >"$top/make.log" 2>&1 || die "$(tail -n 1 "$top/make.log")"

cells='platform=native|kvm mode=timer arm=callback cpus=0 period_us=1000 count=200|300'
printf '%s\n' "$cells" >"$top/matrix"
export KERNEL=$flavour RESULTS=$results MATRIX=$top/matrix HOST=emulated

# descendants PID - processes below it
descendants() {
	local pid
	for pid in $(pgrep -P "$1"); do
		printf '%s\n' "$pid"
		descendants "$pid"
	done
}

# finished - what identifies the cells that are there: inode, time, name
finished() { find "$results" -mindepth 2 -maxdepth 2 -path '*/platform=*' -name summary.json -printf '%i %T@ %P\n' | sort -k 3; }

# begin LOG - a sweep in the background that signals reach as if typed
begin() {
	env --default-signal=INT "$RTLAT_ROOT/ci/sweep.sh" >"$1" 2>&1 &
	sweep=$!
}

# await COMMAND... - until it succeeds, while the sweep lives
await() {
	while ! "$@" >/dev/null; do
		kill -0 "$sweep" 2>/dev/null || return 1
		sleep 0.2
	done
}

emulator() { descendants "$sweep" | xargs -r ps -o pid=,comm= -p | awk '$2 ~ /^qemu-system/ { print $1; seen = 1 } END { exit !seen }'; }

some_are_finished() { [[ -n $(finished) ]]; }

interrupted() {
	local status=0
	begin "$top/first.log"
	await some_are_finished || { cat "$top/first.log"; return 1; }
	kill -INT "$sweep"
	wait "$sweep" || status=$?
	finished >"$top/before"
	cat "$top/first.log"
	[[ $status -eq 130 ]] && grep -q 'interrupted after .* of 4 cells are finished' "$top/first.log"
}

# as a terminal that is closed, or timeout(1), does: to all of its processes at once
ended_as_a_group() {
	local status=0 tries
	set -m
	begin "$top/group.log"
	set +m
	await emulator || return 1
	kill -TERM -- "-$sweep"
	# all of them, for some end after it
	for ((tries = 0; tries < 100; tries++)); do
		kill -0 -- "-$sweep" 2>/dev/null || break
		sleep 0.2
	done
	cat "$top/group.log"
	kill -KILL -- "-$sweep" 2>/dev/null && return 1
	wait "$sweep" || status=$?
	[[ $status -eq 143 ]] && grep -q 'interrupted after' "$top/group.log"
}

nothing_goes_on() { flock -n "$results/.lock" true && [[ -z $(compgen -G "$results/.platform=*") ]]; }

# finished ones are neither all nor none, else the interruption shows nothing
resumed() {
	local status=0 kept
	kept=$(wc -l <"$top/before")
	begin "$top/second.log"
	await emulator || return 1
	kill -KILL "$(emulator | head -n 1)"
	wait "$sweep" || status=$?
	finished >"$top/after"
	cat "$top/second.log"
	[[ $status -eq 0 && $kept -gt 0 && $kept -lt 4 ]] &&
		grep -q "4 cells on kernel .*; $kept are finished already" "$top/second.log"
}

all_ok() { holds_in "$results/summary.json" '(.cells | length == 4), (.cells[] | .status == "ok" // "\(.id): \(.reason)")'; }

# unchanged FILE... - the cells of the first list are the same in the second
unchanged() { comm -23 <(sort "$1") <(sort "$2") >"$top/gone"; cat "$top/gone"; [[ ! -s $top/gone ]]; }

again() {
	local native="$results/platform=native,kernel=$flavour,count="
	sed -i 's/^  "status": "ok"/  "status": "fail"/' "${native}200/summary.json"
	echo changed >>"${native}300/cell"
	finished >"$top/before"
	"$RTLAT_ROOT/ci/sweep.sh" >"$top/third.log" 2>&1 || { cat "$top/third.log"; return 1; }
	finished >"$top/after"
	[[ $(comm -12 "$top/before" "$top/after" | sed 's/.* //' | cut -d , -f 1 | sort | uniq -c) == *"2 platform=kvm" ]]
}

# refuses REASON - one line, exit status 1
refuses() {
	local status=0
	"$RTLAT_ROOT/ci/sweep.sh" >"$top/said" 2>&1 || status=$?
	cat "$top/said"
	[[ $status -eq 1 && $(wc -l <"$top/said") -eq 1 ]] && grep -qF "$1" "$top/said"
}

# refuses_file TEXT LINE REASON - a matrix file, before anything is made
refuses_file() {
	printf '%b' "$1" >"$top/bad"
	MATRIX=$top/bad RESULTS=$top/none refuses "$top/bad$2 $3" && [[ ! -e $top/none ]]
}

while_locked() (
	exec 9>"$results/.lock"
	flock 9
	refuses 'another sweep is at work in it'
)

foreign_folder() {
	mkdir -p "$top/foreign"
	echo mine >"$top/foreign/notes"
	RESULTS=$top/foreign refuses "not a sweep's" && [[ $(ls -A "$top/foreign") == notes ]]
}

other_matrix() {
	cp "$top/matrix" "$top/other"
	MATRIX=$top/other refuses "made with matrix="
}

cell_that_is_no_more() {
	finished >"$top/before"
	echo "${cells%|*}" >"$top/matrix"
	refuses "a cell that $top/matrix has no more" || return 1
	printf '%s\n' "$cells" >"$top/matrix"
	finished | diff "$top/before" -
}

# A guest that is idle halts: it exits then, or not, as it is told to
halts_inside() {
	local top=$top/cpu-pm
	mkdir -p "$top"
	echo "platform=kvm cpu_pm=on mode=timer arm=callback cpus=0 period_us=1000 count=200" >"$top/matrix"
	MATRIX=$top/matrix RESULTS=$top/results "$RTLAT_ROOT/ci/sweep.sh" >"$top/log" 2>&1 || { cat "$top/log"; return 1; }
	holds_in "$top/results/summary.json" '.cells[] | .status == "ok" and .proof.kvm_halt_exits == 0 // "\(.status) \(.reason) \(.proof.kvm_halt_exits)"' &&
		holds_in "$results/summary.json" '.cells[] | select(.platform == "kvm") | .proof.kvm_halt_exits > 100 // .proof.kvm_halt_exits'
}

try 'unknown key: file, line, reason, nothing run' refuses_file "$cells\nmode=timer count=5 colour=red\n" :2: 'colour: no such key'
try 'value out of range' refuses_file "mode=timer count=5 prio=99\n" :1: 'prio=99: out of range'
try 'a cell twice' refuses_file "$cells\n\n$cells\n" :3: 'platform=native mode=timer'
try 'a cut line' refuses_file "$cells" :1: 'the line has no newline'
try 'an empty file' refuses_file '' ':' 'no cells'
try 'a folder that is not a sweep'"'"'s' foreign_folder
try 'interrupted: it ends and says so' interrupted
try 'interrupted: nothing goes on, nothing is left half' nothing_goes_on
try 'all of its processes told to end: it ends and says so' ended_as_a_group
try 'nothing goes on then' nothing_goes_on
try 'started again, its emulator killed: it ends well' resumed
try 'an emulator that was killed is said' grep -q 'an emulated host was lost' "$top/second.log"
try 'every cell is ok' all_ok
try 'cells that were finished before are as they were' unchanged "$top/before" "$top/after"
try 'a failed and a changed cell are run again, and only they' again
try 'every cell is ok then' all_ok
try 'cpu_pm=on: a guest that halts does not exit' halts_inside
try 'two sweeps at once' while_locked
try 'a folder of another matrix file' other_matrix
try 'a cell that the file has no more' cell_that_is_no_more
tally sweep
