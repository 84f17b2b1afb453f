#!/usr/bin/env bash
# Run a set of cells on the host that this runs on: the emulated host that
# ci/demo.sh started, or a real machine. Every cell of the set leaves a folder,
# whatever became of it: ok, skip or fail with the reason.
#
# Cells are measured with their files in memory and copied afterwards, and all
# cells of a platform that need a guest share one boot of it.
#
# usage: cells.sh timer|calibration|ipi FOLDER [PLATFORM...]
#	PLATFORM: native, kvm, kvm-pi; none: all three
# RTLAT_KERNEL, RTLAT_CLOCK and RTLAT_KO are ci/run.sh's; RTLAT_COUNT and
# RTLAT_IPI_COUNT may set the number of releases and of IPIs.
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/kvm.sh
. "$RTLAT_ROOT/ci/kvm.sh"
# shellcheck source=ci/proof.sh
. "$RTLAT_ROOT/ci/proof.sh"

[[ $# -ge 2 ]] || die "usage: cells.sh timer|calibration|ipi FOLDER [PLATFORM...]"
set=$1
results=$2
platforms=("${@:3}")
[[ ${#platforms[@]} -gt 0 ]] || platforms=(native kvm kvm-pi)
work=$(mktemp -d)
remove_at_exit "$work"

about=(--clock "$RTLAT_CLOCK" --flavour "$RTLAT_KERNEL")
[[ $RTLAT_CLOCK != instructions ]] || about+=(--insns-per-us 1000)
# Virtual time leaps while files are read: the wall limit is the machine's.
limit=(--timeout 600)
[[ $RTLAT_CLOCK != instructions ]] || limit=(--timeout 36000)

# names and parameters of the set's workload points, one line each
arm=callback
timer="mode=timer arm=$arm cpus=0 period_us=1000 count=${RTLAT_COUNT:-2500}"
case $set in
timer)
	cpus=1
	points=("mode=timer,arm=$arm $timer")
	run_options=(--trace)
	;;
calibration)
	cpus=1
	points=("fault=none $timer" "fault=clock $timer fault_clock_insns=200" "fault=exit $timer fault_exit=1")
	run_options=()
	;;
ipi)
	cpus=4
	points=()
	run_options=()
	for kind in "resched ipi_sender=0" "call_single ipi_sender=0" "call_many ipi_sender=0" self; do
		points+=("mode=ipi,ipi_kind=${kind% *} mode=ipi ipi_kind=$kind cpus=1-3 interval_us=1000 count=${RTLAT_IPI_COUNT:-1000}")
	done
	;;
*) die "$set: not one of timer, calibration, ipi" ;;
esac

# native too: what is compared has the same number of CPUs at work
about+=(--vcpus "$cpus")

id_of() { printf 'platform=%s,kernel=%s,%s\n' "$1" "$RTLAT_KERNEL" "${2%% *}"; }

# write_cell skip|fail PLATFORM POINT REASON - the folder of a cell without a run
write_cell() {
	local parameters how=()
	read -ra parameters <<<"${3#* }"
	[[ $1 == skip ]] || how=(--fail)
	rtlat skip --out "$work/$(id_of "$2" "$3")" --platform "$2" "${about[@]}" \
		--reason "$4" "${how[@]}" "${parameters[@]}"
}

# finish PLATFORM POINT - hand the cell over, say what became of it
finish() {
	local id status reason
	id=$(id_of "$1" "$2")
	[[ -e $work/$id/summary.json ]] || write_cell fail "$1" "$2" "no result: ${3:-see the log}"
	status=$(sed -n 's/^ *"status": *"\([a-z]*\)".*/\1/p' "$work/$id/summary.json" | head -n 1)
	reason=$(sed -n 's/^ *"reason": *"\(.*\)",\{0,1\}$/\1/p' "$work/$id/summary.json" | head -n 1)
	rm -rf "${results:?}/.$id"
	cp -r "$work/$id" "$results/.$id" 2>"$work/log" ||
		die "$results: $(sed "s/.*: //" "$work/log" | head -n 1)"
	mv -T "$results/.$id" "$results/$id"
	echo "cell $id: ${status:-unknown}${reason:+ ($reason)}"
}

native_cells() {
	local point id parameters
	for point in "${points[@]}"; do
		id=$(id_of native "$point")
		read -ra parameters <<<"${point#* }"
		rtlat run --out "$work/$id" --platform native "${about[@]}" "${limit[@]}" "${run_options[@]}" \
			--module "$RTLAT_KO" "${parameters[@]}" >"$work/log" 2>&1 || cat "$work/log" >&2
		if [[ -d $work/$id ]]; then
			proof_native >"$work/$id/proof"
			proof_native_holds "$work/$id/proof" || write_cell fail native "$point" "$proof_reason"
		fi
		finish native "$point" "$(tail -n 1 "$work/log")"
	done
}

# guest_command PLATFORM - all points, as a script of the guest
guest_command() {
	local point
	for point in "${points[@]}"; do
		printf 'rtlat run --out %q --platform %q %s --module /rtlat/rtlat.ko %s || status=1\n' \
			"/out/$(id_of "$1" "$point")" "$1" "${about[*]} ${limit[*]} ${run_options[*]}" "${point#* }"
	done
	# the guest's, not this shell's
	# shellcheck disable=SC2016
	printf 'exit ${status:-0}\n'
}

guest_cells() {
	local platform=$1 status=0 point id reason options=(--smp "$cpus" --timeout 300 --mem 512)
	[[ $platform == kvm ]] || options+=(--pi)
	"$RTLAT_ROOT/ci/guest.sh" "${options[@]}" --out "$work" -- "$(guest_command "$platform")" \
		>"$work/log" 2>"$work/err" || status=$?
	reason=$(tail -n 1 "$work/log")
	if [[ $status -ne 0 && $status -ne 77 ]]; then
		cat "$work/log" "$work/err" >&2
		reason=$(cat "$work/err" "$work/log" | head -n 1)
	fi
	for point in "${points[@]}"; do
		id=$(id_of "$platform" "$point")
		if [[ $status -eq 77 ]]; then
			write_cell skip "$platform" "$point" "$reason"
		elif [[ -d $work/$id && -s $work/proof ]]; then
			cp "$work/proof" "$work/guest.log" "$work/$id/"
			"proof_${platform//-/_}_holds" "$work/proof" || write_cell fail "$platform" "$point" "$proof_reason"
		fi
		finish "$platform" "$point" "$reason"
	done
	rm -f "$work/proof" "$work/guest.log"
}

for platform in "${platforms[@]}"; do
	case $platform in
	native) native_cells ;;
	kvm | kvm-pi) guest_cells "$platform" ;;
	*) die "$platform: not one of native, kvm, kvm-pi" ;;
	esac
done
