#!/usr/bin/env bash
# The sweep: all cells of a matrix file, on emulated hosts or on this machine.
#
# Each cell is in the results folder as soon as it is finished. Interrupted at
# any moment and started again, the sweep repeats only what was not finished:
# a cell that is ok or skipped is kept when its line of `rtlat matrix` is still
# the same. Failed cells are reported, run again the next time, and make the
# exit status 1; the sweep goes on after them.
#
# usage: sweep.sh [--paper]
#	--paper		in the end also the figures and findings of the paper
# Environment:
#	MATRIX	matrix file (selftests/matrices/paper; HOST=bochs: .../bochs, HOST=this: .../posted)
#	HOST	emulated (default), bochs or this
#	BOCHS	the emulator of HOST=bochs
#	KERNEL	6.1
#	RESULTS	results/ and the matrix file's name
#	KTAP	1: end with a line of KTAP for each cell, in place of the tables
#	JOBS	emulated hosts at a time (one for each CPU, at most 2)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/host.sh
. "$RTLAT_ROOT/ci/host.sh"

paper=0
if [[ ${1:-} == --paper ]]; then
	paper=1
	shift
fi
[[ $# -eq 0 ]] || die "$1: unknown option (see the head of this file)"
rtlat=$RTLAT_BUILD/userspace/rtlat
[[ -x $rtlat ]] || die "$rtlat: not built (run: make userspace)"
jobs=${JOBS:-$(($(nproc) < 2 ? 1 : 2))}
[[ $jobs =~ ^[1-9][0-9]*$ ]] || die "JOBS=$jobs: not a number above 0"
# What an emulated host gets at most: what a guest gets (ci/cells.sh), so that
# one that is lost, as nested guests sometimes are, costs little; and how often
# it is tried.
batch_cells=10
batch_ms=20000
tries=4

# A bad file ends it before anything is touched.
matrix=${MATRIX:-}
[[ -z $matrix ]] || "$rtlat" matrix "$matrix" >/dev/null || exit 1
host_prepare "${HOST:-emulated}" "${KERNEL:-6.1}"
if [[ -z $matrix ]]; then
	case $host in
	emulated) matrix=$RTLAT_ROOT/selftests/matrices/paper ;;
	bochs) matrix=$RTLAT_ROOT/selftests/matrices/bochs ;;
	*) matrix=$RTLAT_ROOT/selftests/matrices/posted ;;
	esac
fi
host_emulates || jobs=1
matrix=$(realpath "$matrix")
results=$(realpath -m "${RESULTS:-$RTLAT_ROOT/results/${matrix##*/}}")

# --- the results folder: one sweep's, and one sweep's at a time

# build - which rtlat.ko there is now
build() { sha256sum "$ko" | cut -c 1-16; }

module=$(build)
sweep="matrix=${matrix#"$RTLAT_ROOT/"} kernel=$flavour release=$release host=$host module=$module"
if [[ -e $results && ! -e $results/sweep && -n $(ls "$results" 2>/dev/null || echo x) ]]; then
	die "RESULTS=$results: not empty, and not a sweep's; choose another RESULTS="
fi
mkdir -p "$results" 2>/dev/null || die "RESULTS=$results: cannot be made"
{ exec 9>"$results/.lock"; } 2>/dev/null || die "RESULTS=$results: cannot be written"
flock -w 3 9 || die "RESULTS=$results: another sweep is at work in it"
if [[ ! -e $results/sweep || -z $(compgen -G "$results/platform=*") ]]; then
	printf '%s\n' "$sweep" >"$results/.sweep.new"
	mv "$results/.sweep.new" "$results/sweep"
elif [[ $(<"$results/sweep") != "$sweep" ]]; then
	die "RESULTS=$results: made with $(<"$results/sweep"), this is $sweep; choose another RESULTS="
fi

# Which cells these are: what the file says now, whatever becomes of it.
cp "$matrix" "$results/.matrix.new"
mv "$results/.matrix.new" "$results/matrix"
logs=$(mktemp -d)
remove_at_exit "$logs"
clock=()
host_emulates || clock=(--clock wall)
"$rtlat" matrix --kernel "$flavour" "${clock[@]}" "$results/matrix" | host_where >"$logs/cells"
total=$(wc -l <"$logs/cells")
[[ $total -gt 0 ]] || die "$matrix: no cells for HOST=$host"

# --- what is left to do

# weight MILLISECONDS LOAD PLATFORM - how long a cell takes compared with others
weight() {
	local weight=$1
	[[ $2 == off ]] || weight=$((weight * 3))
	[[ $3 == native ]] || weight=$((weight * 2))
	printf '%d\n' $((weight + 1000))
}

# is_kept ID LINE - the results folder has the cell, and has it from this line
is_kept() {
	[[ -e $results/$1/cell && $(<"$results/$1/cell") == "$2" ]] &&
		grep -qE '^  "status": "(ok|skip)"' "$results/$1/summary.json"
}

declare -A weight_of=() known=()
todo=()
while IFS= read -r line; do
	IFS=$'\t' read -r clock id platform _ vcpus _ load _ _ ms _ <<<"$line"
	known[$id]=1
	if is_kept "$id" "${line#*$'\t'}"; then
		continue
	fi
	todo+=("$id")
	weight_of[$id]=$(weight "$ms" "$load" "$platform")
	printf '%s %s %s %s %s\n' "$clock" "$vcpus" "$platform" "$id" "$ms" >>"$logs/todo"
done <"$logs/cells"
for folder in "$results"/platform=*; do
	[[ ! -e $folder || -n ${known[${folder##*/}]:-} ]] ||
		die "RESULTS=$results: has ${folder##*/}, a cell that $matrix has no more; choose another RESULTS="
done
# what an interruption left, and cells that are to be run again
rm -rf "$results"/.platform=*
for id in "${todo[@]}"; do
	rm -rf "${results:?}/$id"
done

# Batches: files of names, and of the seconds after which the host is given up.
# All cells of one are of the same clock, CPUs and platform; guests come first,
# they take longest.
batches=()
make_batches() {
	local clock vcpus platform id ms key last='' nr=0 sum=0 batch=''
	while read -r clock vcpus platform id ms; do
		key=$platform.$clock.$vcpus
		nr=$((nr + 1)) sum=$((sum + ms))
		if [[ $key != "$last" ]] || { host_emulates && [[ $nr -gt $batch_cells || $sum -gt $batch_ms ]]; }; then
			batch=$logs/batch.$key.${#batches[@]}
			batches+=("$batch")
			nr=1 sum=$ms last=$key
		fi
		printf '%s\n' "$id" >>"$batch"
		if [[ $host == bochs ]]; then
			echo $((900 + nr * 60 + sum / 10)) >"$batch.limit"
		else
			echo $((120 + nr * 5 + sum / 100)) >"$batch.limit"
		fi
	done < <(sort -s -k 3,3 -k 1,2 "$logs/todo")
}
[[ ${#todo[@]} -eq 0 ]] || make_batches

# --- hosts

# start BATCH - its cells on a host, in the background
declare -A batch_of=()
start() {
	local batch=$1 platform clock vcpus
	if [[ $(build) != "$module" ]]; then
		say "error: $ko was built anew"
		stop_all 1
	fi
	IFS=. read -r _ platform clock vcpus _ <<<"${batch##*/}"
	host_run "$clock" "$vcpus" "$(<"$batch.limit")" "$batch.log" "$results" \
		--cells "$batch" "$results/matrix" "$results" "$platform" >&5 2>>"$batch.err" 5>&- 6>&- &
	batch_of[$!]=$batch
}

# unfinished BATCH - names of its cells that are not in the results folder
unfinished() {
	local id
	while read -r id; do
		[[ -e $results/$id/cell ]] || printf '%s\n' "$id"
	done <"$1"
}

# ended BATCH STATUS - a host that was lost is tried again; what is still not
# finished in the end has failed
declare -A tried=()
ended() {
	local batch=$1 status=$2 reason clock
	sed "s/^/${batch##*/batch.}: /" "$batch.err" >&2
	unfinished "$batch" >"$batch.rest"
	[[ -s $batch.rest ]] || return 0
	tried[$batch]=$((${tried[$batch]:-0} + 1))
	if host_lost "$status" && [[ ${tried[$batch]} -lt $tries ]]; then
		say "an emulated host was lost (status $status), $(wc -l <"$batch.rest") cells are run again"
		mv "$batch.rest" "$batch"
		: >"$batch.err"
		batches+=("$batch")
		return 0
	fi
	reason=$(grep -m 1 . "$batch.err" || true)
	IFS=. read -r _ _ clock _ <<<"${batch##*/}"
	host_emulates || clock=hardware
	RTLAT_HOST=$host RTLAT_KERNEL=$flavour RTLAT_CLOCK=$clock RTLAT_INSNS_PER_US=$(insns_per_us "$host") \
		RTLAT_KO=$ko PATH=$RTLAT_BUILD/userspace:$PATH \
		"$RTLAT_ROOT/ci/cells.sh" --fail "${reason:-status $status}" --cells "$batch.rest" "$results/matrix" "$results" >&5
}

# called by traps
# shellcheck disable=SC2317
stop_all() {
	trap '' INT TERM HUP
	local pid
	for pid in "${!batch_of[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	gone "${!batch_of[@]}"
	exec 5>&-
	[[ -z ${reporter:-} ]] || gone "$reporter"
	# cells that were being handed over
	rm -rf "$results"/.platform=*
	cut -f 2 "$logs/cells" >"$logs/all"
	say "interrupted after $(minutes "$SECONDS"): $((total - $(unfinished "$logs/all" | wc -l))) of $total cells are finished; start it again to go on"
	exit "$1"
}

# --- progress

# minutes SECONDS
minutes() {
	if [[ $1 -ge 3600 ]]; then
		printf '%d h %02d min\n' $(($1 / 3600)) $(($1 / 60 % 60))
	else
		printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60))
	fi
}

# report - a line for every cell as it comes, with the time used and left; on a
# terminal it is one line, and those that failed stay
report() {
	local line id sum=0 over=0 done=$((total - ${#todo[@]})) left
	# seconds that a first part of the work is taken to need
	local guess=60 part
	trap '' INT TERM HUP
	for id in "${todo[@]}"; do
		sum=$((sum + weight_of[$id]))
	done
	part=$((guess * 1200 * jobs))
	while read -r line; do
		[[ $line == cell\ * ]] || continue
		line=${line#cell }
		done=$((done + 1))
		over=$((over + ${weight_of[${line%%: *}]:-0}))
		left=$(((SECONDS + guess) * (sum - over) / (over + part)))
		line=$(printf '[%*d/%d] %s, about %s left: %s' ${#total} "$done" "$total" "$(minutes "$SECONDS")" "$(minutes "$left")" "$line")
		if [[ -t 6 ]]; then
			printf '\r\033[K%s' "${line:0:$((${COLUMNS:-80} - 1))}" >&6
			[[ $line != *": fail ("* ]] || printf '\r\033[K%s\n' "$line" >&6
		else
			printf '%s\n' "$line" >&6
		fi
	done
	[[ ! -t 6 || $over -eq 0 ]] || printf '\n' >&6
}

exec 6>&1
[[ ! -t 6 ]] || COLUMNS=$(tput cols 2>/dev/null || echo 80)
# what would spoil the cells that are left; SMIs are counted for some seconds
if [[ $host == this && ${#todo[@]} -gt 0 ]]; then
	status=0
	"$rtlat" doctor --json >"$results/.doctor" || status=$?
	if [[ $status -gt 2 || ! -s $results/.doctor ]]; then rm "$results/.doctor"; else mv "$results/.doctor" "$results/doctor.json"; fi
fi
say "$total cells on kernel $release, host: $host; $((total - ${#todo[@]})) are finished already"
exec 5> >(report)
reporter=$!
trap 'stop_all 130' INT
trap 'stop_all 143' TERM HUP
next=0
while [[ $next -lt ${#batches[@]} || ${#batch_of[@]} -gt 0 ]]; do
	if [[ $next -lt ${#batches[@]} && ${#batch_of[@]} -lt $jobs ]]; then
		start "${batches[next]}"
		next=$((next + 1))
		continue
	fi
	status=0
	wait -n -p pid "${!batch_of[@]}" || status=$?
	[[ -n ${pid:-} ]] || continue
	batch=${batch_of[$pid]}
	unset "batch_of[$pid]"
	ended "$batch" "$status"
done
exec 5>&-
wait "$reporter" || true

# --- the end

worst=0
"$rtlat" collect "$results" --host "$host" || die "$results: rtlat collect refuses, see above"
say "$(minutes "$SECONDS"), results in $results"
if [[ ${KTAP:-0} -eq 1 ]]; then
	"$rtlat" compare --ktap "$results" || worst=1
else
	"$rtlat" compare "$results" || worst=1
fi
if [[ $paper -eq 1 ]]; then
	"$rtlat" figures "$results" || worst=1
	# 2: a finding does not hold, which is a result as any other
	"$rtlat" findings "$results" || [[ $? -eq 2 ]] || worst=1
fi
failed=$(grep -lE '^  "status": "fail"' "$results"/*/summary.json | wc -l) || true
[[ $failed -eq 0 ]] || die "$failed of $total cells failed"
exit "$worst"
