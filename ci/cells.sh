#!/usr/bin/env bash
# Run cells of a matrix file on the host that this runs on: an emulated host
# that ci/host.sh started, or a real machine. Every cell leaves a folder,
# whatever became of it: ok, skip or fail with the reason; beside the cell's own
# files there is `cell`, its line of `rtlat matrix`.
#
# Cells are measured with their files in memory and handed over afterwards:
# native ones one by one, those of a guest when the guest has ended. A guest has
# at most ten cells and runs of 20 seconds together (one cell, if that takes
# longer), so that an interruption costs little and a boot is shared by many.
#
# usage: cells.sh [--fail REASON] [--cells FILE] MATRIX FOLDER [PLATFORM...]
#	REASON: nothing is run, the cells have failed; why
#	FILE: names of cells, one on a line; none: all that this clock can run
#	PLATFORM: native, kvm, kvm-pi; none: all three
# RTLAT_KERNEL, RTLAT_CLOCK, RTLAT_INSNS_PER_US, RTLAT_HOST and RTLAT_KO are ci/run.sh's.
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/kvm.sh
. "$RTLAT_ROOT/ci/kvm.sh"
# shellcheck source=ci/vcpus.sh
. "$RTLAT_ROOT/ci/vcpus.sh"
# shellcheck source=ci/watch.sh
. "$RTLAT_ROOT/ci/watch.sh"

usage="usage: cells.sh [--fail REASON] [--cells FILE] MATRIX FOLDER [PLATFORM...]"
only='' fail_reason=''
while [[ ${1:-} == --* ]]; do
	[[ $# -ge 2 ]] || die "$usage"
	case $1 in
	--cells) only=$2 ;;
	--fail) fail_reason=$2 ;;
	*) die "$1: unknown option ($usage)" ;;
	esac
	shift 2
done
[[ $# -ge 2 ]] || die "$usage"
matrix=$1
results=$2
platforms=("${@:3}")
[[ ${#platforms[@]} -gt 0 ]] || platforms=(native kvm kvm-pi)
guest_cells=10
guest_ms=20000
# how long a run is repeated to count KVM's events
counted_ms=500
# Virtual time leaps while files are read: the wall limit is the machine's.
run_limit=600
[[ $RTLAT_CLOCK != instructions ]] || run_limit=36000
host=${RTLAT_HOST:-this}
# a real host's guest that is lost is a finding, and not tried again
guest_tries=1
[[ $host == this ]] || guest_tries=3
throttling=/proc/sys/kernel/sched_rt_runtime_us
work=$(mktemp -d)
remove_at_exit "$work"

# What takes long runs as a child that is ended when this script is.
child=''
# called by the trap
# shellcheck disable=SC2317
stop() {
	if [[ -n $child ]]; then
		kill "$child" 2>/dev/null || true
		gone "$child"
	fi
	exit 143
}
trap stop INT TERM HUP

# run COMMAND... - wait for it in a way that signals interrupt
run() {
	local status=0
	"$@" &
	child=$!
	wait "$child" || status=$?
	child=''
	return "$status"
}

# the cells, in the order of the file; columns by name
ids=()
declare -A line_of=() platform_of=() vcpus_of=() set_of=() load_of=() trace_of=() parameters_of=() ms_of=() settings_of=()
read_cells() {
	local line id platform clock vcpus set load trace parameters ms settings name
	local -A wanted=()
	clock=wall
	[[ $RTLAT_CLOCK != instructions ]] || clock=instructions
	if [[ $host == bochs ]]; then
		# counts instructions on several CPUs, too
		rtlat matrix --kernel "$RTLAT_KERNEL" "$matrix" >"$work/all" || exit 1
		awk -F '\t' '$3 != "wall"' "$work/all" >"$work/cells"
	else
		rtlat matrix --kernel "$RTLAT_KERNEL" --clock "$clock" "$matrix" >"$work/cells" || exit 1
	fi
	if [[ -n $only ]]; then
		while read -r name; do
			wanted[$name]=1
		done <"$only"
	fi
	while IFS= read -r line; do
		IFS=$'\t' read -r id platform _ vcpus set load trace parameters ms settings <<<"$line"
		[[ -z $only || -n ${wanted[$id]:-} ]] || continue
		unset "wanted[$id]"
		ids+=("$id")
		line_of[$id]=$line
		platform_of[$id]=$platform vcpus_of[$id]=$vcpus set_of[$id]=$set load_of[$id]=$load
		trace_of[$id]=$trace parameters_of[$id]=$parameters ms_of[$id]=$ms
		settings_of[$id]=${settings#-}
	done <"$work/cells"
	[[ ${#wanted[@]} -eq 0 ]] || die "$matrix: no cell ${!wanted[*]} on the clock $RTLAT_CLOCK"
}

# about ID - sets about: what the tools are told of a cell, run or not
about() {
	local word
	about=(--platform "${platform_of[$1]}" --clock "$RTLAT_CLOCK" --flavour "$RTLAT_KERNEL" --vcpus "${vcpus_of[$1]}")
	[[ $RTLAT_CLOCK != instructions ]] || about+=(--insns-per-us "$RTLAT_INSNS_PER_US")
	[[ ${set_of[$1]} == - ]] || about+=(--set "${set_of[$1]}")
	[[ ${load_of[$1]} == off ]] || about+=(--load)
	for word in ${settings_of[$1]}; do
		about+=(--setting "$word")
	done
}

# run_options ID - sets run_options: about, and how the run is made
run_options() {
	about "$1"
	run_options=("${about[@]}" --timeout $((run_limit + ms_of[$1] * 3 / 1000)))
	[[ ${trace_of[$1]} == off ]] || run_options+=(--trace)
}
# write_cell skip|fail ID REASON - the folder of a cell without a run; lines of a kernel
# and of QEMU may have tabs and carriage returns, which rtlat refuses
write_cell() {
	local parameters how=()
	read -ra parameters <<<"${parameters_of[$2]}"
	[[ $1 == skip ]] || how=(--fail)
	about "$2"
	rtlat skip --out "$work/$2" "${about[@]}" --reason "${3//[[:cntrl:]]/ }" "${how[@]}" "${parameters[@]}"
}

# finish ID [REASON] - hand the cell over, say what became of it
finish() {
	local id=$1 status reason
	[[ -e $work/$id/summary.json ]] || write_cell fail "$id" "no result: ${2:-see the log}"
	printf '%s\n' "${line_of[$id]}" >"$work/$id/cell"
	status=$(sed -n 's/^ *"status": *"\([a-z]*\)".*/\1/p' "$work/$id/summary.json" | head -n 1)
	reason=$(sed -n 's/^ *"reason": *"\(.*\)",\{0,1\}$/\1/p' "$work/$id/summary.json" | head -n 1)
	rm -rf "${results:?}/.$id" "${results:?}/.$id.old"
	cp -r "$work/$id" "$results/.$id" 2>"$work/log" ||
		die "$results: $(sed "s/.*: //" "$work/log" | head -n 1)"
	[[ ! -e $results/$id ]] || mv -T "$results/$id" "$results/.$id.old"
	mv -T "$results/.$id" "$results/$id"
	rm -rf "${results:?}/.$id.old" "${work:?}/$id"
	echo "cell $id: ${status:-unknown}${reason:+ ($reason)}"
}

# enough_cpus ID - else the cell is skipped and handed over
enough_cpus() {
	[[ $(cpus_online) -lt ${vcpus_of[$1]} ]] || return 0
	write_cell skip "$1" "vcpus=${vcpus_of[$1]}: the host has $(cpus_online) CPUs"
	finish "$1"
	return 1
}

# throttling_of ID - real-time throttling for the cell: none in an emulated host,
# whose tasks shall have what they ask for; a real host keeps what it has
throttling_of() {
	if [[ $host != this && " ${parameters_of[$1]} " == *" mode=taskset "* ]]; then
		echo -1
	else
		echo "$machine_throttling"
	fi
}
machine_throttling=$(cat "$throttling" 2>/dev/null || true)

# prove ID SNAPSHOT - the cell's proof; a cell without one, or whose proof does not
# hold, has failed
prove() {
	local reason word how=()
	if ! reason=$(rtlat proof make "$2" 2>&1 >"$work/proof"); then
		write_cell fail "$1" "proof: ${reason#rtlat: }"
		return
	fi
	for word in ${settings_of[$1]}; do
		how+=(--setting "$word")
	done
	reason=$(rtlat proof check --platform "${platform_of[$1]}" "${how[@]}" "$work/proof" 2>&1) ||
		write_cell fail "$1" "proof: ${reason#rtlat: }"
	# one that does not hold is kept, too: it has the counts that say why
	mv "$work/proof" "$work/$1/proof"
}

# with_run ID - one snapshot of both: the run, and its repetition if there is one
with_run() {
	local counted=$work/$1.counted.snapshot begin end
	targets_of "$1" >"$counted/host/ipi_targets"
	claims_of "$1" "$counted" >"$counted/host/claims"
	[[ -d $work/$1.snapshot ]] || return 0
	mv "$work/$1.snapshot" "$counted/run"
	# inhibited at no time of either, nor between
	read -r begin _ <"$counted/run/host/window"
	read -r _ end <"$counted/host/window"
	echo "$begin $end" >"$counted/host/window"
}

# targets_of ID - the guest's CPUs that its IPIs go to
targets_of() {
	local word targets=none
	if [[ " ${parameters_of[$1]} " == *" mode=ipi "* ]]; then
		for word in ${parameters_of[$1]}; do
			[[ $word != cpus=* ]] || targets=${word#*=}
		done
	fi
	echo "$targets"
}

# ipis_exitless ID SNAPSHOT - do its IPIs go to CPUs that run all the time, each on a
# CPU of the host's where nothing else does?
ipis_exitless() {
	local placed target
	[[ $(targets_of "$1") != none && ${load_of[$1]} == on ]] || return 1
	placed=$(sed -n 's/^guest_placed=//p' "$2/guest/facts")
	IFS=, read -ra placed <<<"$placed"
	while read -r target; do
		[[ ${placed[target]:--} =~ ^[0-9]+$ ]] || return 1
	done < <(cpu_list <(targets_of "$1"))
}

# claims_of ID SNAPSHOT - what a guest's cell claims of posted interrupts: that they
# were active; and that they took no exits, where all of them come from another CPU
claims_of() {
	local claims=none
	if [[ ${platform_of[$1]} == kvm-pi ]]; then
		claims=active
		if [[ " ${settings_of[$1]} " == *" timer=posted "* ]] || ipis_exitless "$1" "$2"; then
			claims=active,exitless
		fi
	fi
	echo "$claims"
}

native_cells() {
	local id parameters
	for id in "$@"; do
		enough_cpus "$id" || continue
		run_options "$id"
		read -ra parameters <<<"${parameters_of[$id]}"
		[[ $host == this ]] || throttling_of "$id" >"$throttling"
		run rtlat run --out "$work/$id" "${run_options[@]}" --module "$RTLAT_KO" \
			"${parameters[@]}" >"$work/log" 2>&1 || cat "$work/log" >&2
		watch_host "$work/$id.snapshot/host"
		[[ ! -d $work/$id ]] || prove "$id" "$work/$id.snapshot"
		rm -rf "$work/$id.snapshot"
		finish "$id" "$(tail -n 1 "$work/log")"
	done
}

# guest_run ID NAME OUT PARAMETER... - the cell, as lines for the guest's shell,
# between marks of that name; without a run there is no second one, and "failed ID"
# and why is said
guest_run() {
	printf 'echo %s >%s\nmark begin %q\n' "$(throttling_of "$1")" "$throttling" "$2"
	printf 'rtlat run --out %q %s --module /rtlat/rtlat.ko %s 2>/tmp/said && ran=1 || { ran=0; status=1; }\ncat /tmp/said >&2\n' "$3" "${run_options[*]}" "${*:4}"
	# the guest's, not this shell's
	# shellcheck disable=SC2016
	printf '[ $ran -eq 1 ] || echo failed %q: "$(tail -n 1 /tmp/said)"\n' "$1"
	# shellcheck disable=SC2016
	printf '[ $ran -eq 0 ] || mark end %q\n' "$2"
}

# shorter ID - sets shorter: the parameters of a run as the cell's, but for
# half a second at most
shorter() {
	local word most=$((ms_of[$1] < counted_ms ? ms_of[$1] : counted_ms)) by_count=0
	[[ " ${parameters_of[$1]} " != *" mode=ipi "* ]] || by_count=1
	shorter=()
	for word in ${parameters_of[$1]}; do
		case $word in
		count=*) [[ $by_count -eq 0 ]] || shorter+=("count=$(((${word#*=} * most + ms_of[$1] - 1) / ms_of[$1]))") ;;
		duration_ms=*) ;;
		*) shorter+=("$word") ;;
		esac
	done
	[[ $by_count -eq 1 ]] || shorter+=("duration_ms=$most")
}

# guest_command ID... - these cells, as a script of the guest; behind them the
# same once more, shorter, for what cannot be counted without being felt. Where
# times mean nothing it is counted at once. The module stays loaded: what its first
# run looks up, once, would be most of what is counted. Where it does not load,
# rtlat run says why.
guest_command() {
	local id suffix=''
	[[ $RTLAT_CLOCK != none ]] || suffix=.counted
	printf 'insmod /rtlat/rtlat.ko 2>/dev/null\n'
	for id in "$@"; do
		run_options "$id"
		# words
		# shellcheck disable=SC2086
		guest_run "$id" "$id$suffix" "/out/$id" ${parameters_of[$id]}
	done
	for id in "$@"; do
		[[ -z $suffix ]] || continue
		about "$id"
		run_options=("${about[@]}" --timeout "$run_limit")
		shorter "$id"
		guest_run "$id" "$id.counted" "/tmp/counted" "${shorter[@]}"
	done
	# the guest's, not this shell's
	# shellcheck disable=SC2016
	printf 'exit ${status:-0}\n'
}

# guest PLATFORM CPUS ID... - these cells, in one boot of a guest; in one more when
# an emulated host loses it (docs/decisions.md: PV-EOI), and it is said
guest() {
	local platform=$1 cpus=$2 status limit=300 quiet=0 id reason said options=() try
	shift 2
	for id in "$@"; do
		limit=$((limit + 30 + ms_of[$id] * 3 / 1000))
		[[ ${ms_of[$id]} -le $quiet ]] || quiet=${ms_of[$id]}
	done
	# one that has stopped says nothing any more; in virtual time nobody can tell
	[[ $host == this || $RTLAT_CLOCK == instructions ]] || options+=(--quiet $((90 + quiet * 5 / 1000)))
	[[ $platform == kvm ]] || options+=(--pi)
	# all of a guest's cells have the same
	for id in ${settings_of[$1]}; do
		options+=(--setting "$id")
	done
	for ((try = 1; try <= guest_tries; try++)); do
		status=0
		run "$RTLAT_ROOT/ci/guest.sh" --smp "$cpus" --timeout "$limit" --mem 512 "${options[@]}" --out "$work" \
			-- "$(guest_command "$@")" >"$work/log" 2>"$work/err" || status=$?
		[[ $status -eq "$RTLAT_TIMEOUT" || $status -eq "$RTLAT_LOST" ]] || break
		[[ $try -eq $guest_tries ]] || say "a guest was lost, once more: $(grep -m 1 '^guest.sh: ' "$work/err")"
	done
	reason=$(tail -n 1 "$work/log")
	if [[ $status -ne 0 && $status -ne 77 ]]; then
		cat "$work/log" "$work/err" >&2
		reason=$(grep -hm 1 '^guest.sh: ' "$work/err" || cat "$work/err" "$work/log" | head -n 1)
	fi
	for id in "$@"; do
		if [[ $status -eq 77 ]]; then
			write_cell skip "$id" "$reason"
		elif [[ -d $work/$id ]]; then
			cp "$work/guest.log" "$work/$id/"
			if [[ -d $work/$id.counted.snapshot && ($RTLAT_CLOCK == none || -d $work/$id.snapshot) ]]; then
				with_run "$id"
				prove "$id" "$work/$id.counted.snapshot"
			elif grep -qE '^  "status": "ok"' "$work/$id/summary.json"; then
				write_cell fail "$id" "proof: its interrupts were not counted to the end: $reason"
			fi
		fi
		rm -rf "$work/$id.snapshot" "$work/$id.counted.snapshot"
		# its own words, not those of the guest's last cell
		said=$(grep -Fm 1 "failed $id: " "$work/log") || true
		said=${said#*: }
		finish "$id" "${said:-$reason}"
	done
	rm -f "$work/guest.log"
}

# guests PLATFORM ID... - guests that have as many CPUs as their cells ask for, and
# are run as they ask
guests() {
	local platform=$1 cpus='' settings='' ms=0 id batch=()
	shift
	for id in "$@"; do
		enough_cpus "$id" || continue
		ms=$((ms + ms_of[$id]))
		if [[ ${#batch[@]} -gt 0 && (${#batch[@]} -eq $guest_cells || $ms -gt $guest_ms || $cpus != "${vcpus_of[$id]}" || $settings != "${settings_of[$id]}") ]]; then
			guest "$platform" "$cpus" "${batch[@]}"
			batch=()
			ms=${ms_of[$id]}
		fi
		cpus=${vcpus_of[$id]} settings=${settings_of[$id]}
		batch+=("$id")
	done
	[[ ${#batch[@]} -eq 0 ]] || guest "$platform" "$cpus" "${batch[@]}"
}

read_cells
for platform in "${platforms[@]}"; do
	list=()
	for id in "${ids[@]}"; do
		[[ ${platform_of[$id]} != "$platform" ]] || list+=("$id")
	done
	if [[ -n $fail_reason ]]; then
		for id in "${list[@]}"; do
			finish "$id" "$fail_reason"
		done
		continue
	fi
	case $platform in
	native) native_cells "${list[@]}" ;;
	kvm | kvm-pi) guests "$platform" "${list[@]}" ;;
	*) die "$platform: not one of native, kvm, kvm-pi" ;;
	esac
done
