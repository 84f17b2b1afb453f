#!/usr/bin/env bash
# docs/hardware.md, walked through on an emulated host of three CPUs as if it were the
# real machine: each command that is run stands in the page, and does what it says.
#
# Different from a real one: an emulated AMD CPU without AVIC (so kvm-pi is skipped),
# times that mean nothing, runs of a second instead of thirty, guests without PV-EOI
# (docs/decisions.md), and packages that are there already.
#
# usage: check-hardware.sh [--here]
#	--here	on the machine that this is typed on: for that host
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

page=$RTLAT_ROOT/docs/hardware.md
flavour=${KERNEL:-6.1}
cd "$RTLAT_ROOT"

# documented TEXT... - it stands in the page
documented() {
	local text
	for text in "$@"; do
		grep -qF -- "$text" "$page" || { echo "$page: nothing of: $text"; return 1; }
	done
}

# typed COMMAND [ASSIGNMENT...] - a line of the page, typed as it stands there but for
# these
typed() {
	local line=$1
	shift
	documented "$line" || return
	env "$@" bash -c "$line"
}

if [[ ${1:-} != --here ]]; then
	make module userspace KERNEL="$flavour" >/dev/null
	ci/kernel.sh "$flavour" image
	line=$(sed -n 's/^ *GRUB_CMDLINE_LINUX="\(.*\)"$/\1/p' "$page")
	[[ $line == *isolcpus=* ]] || die "$page: no GRUB_CMDLINE_LINUX with isolcpus="
	status=0
	mkdir -p "$RTLAT_BUILD/check/hardware"
	# its own files, results among them, are gone afterwards
	ci/run.sh --rw "$RTLAT_BUILD/check/hardware" --kernel "$flavour" --clock none --smp 3 --threads multi --mem 6144 --timeout 2400 --append "$line" -- \
		"KERNEL=$flavour ci/check-hardware.sh --here" || status=$?
	if [[ $status -eq "$RTLAT_TIMEOUT" || $status -eq "$RTLAT_LOST" ]]; then
		printf 'hardware: 0 passed, 1 failed, 0 skipped\n'
	fi
	exit "$status"
fi

release=$(uname -r)
left=$RTLAT_BUILD/check/hardware
work=$(mktemp -d)
remove_at_exit "$work"
RTLAT_BUILD=$RTLAT_ROOT/build
rtlat=build/userspace/rtlat
# what a machine that booted this kernel from its disk has
cp "$RTLAT_BUILD/kernels/$flavour/vmlinux" "/boot/vmlinuz-$release"
modules=$work/lib/modules/$release
mkdir -p "$modules"
cp -rs "$(realpath "/lib/modules/$release")/." "$modules"
ln -sfn "$(realpath "$RTLAT_BUILD/kernels/$flavour/headers")" "$modules/build"
rm "/lib/modules/$release"
ln -s "$modules" "/lib/modules/$release"
# the host is this machine now, and knows nothing of one that emulates it
unset RTLAT_HOST RTLAT_KERNEL RTLAT_CLOCK RTLAT_INSNS_PER_US RTLAT_KO
PATH=${PATH#"$RTLAT_BUILD/userspace:"}
rm -rf results/posted

# The page's matrix, its runs shortened; guests as an emulated host bears them.
shortened() {
	sed -E 's/duration_ms=[0-9]+/duration_ms=1000/; s/count=[0-9]+/count=1000/
		/^platform=native\|/ { h; s/native\|kvm\|kvm-pi/native/; p; g; s/native\|// }
		/^platform=kvm/ s/$/ pv_eoi=off/' selftests/matrices/posted
}

# doctor: 2 when something spoils or widens, each with a command; 0 when nothing does
is_examined() {
	local status=0
	typed 'modprobe msr; build/userspace/rtlat doctor --cpus 1-2' >"$work/doctor" 2>&1 || status=$?
	cat "$work/doctor"
	[[ $status -eq 2 || $status -eq 0 ]] || return
	"$rtlat" doctor --cpus 1-2 --json >"$work/doctor.json" || true
	holds_in "$work/doctor.json" '(.cpus == "1-2"), (.checks | length > 10), (.checks[] | select(.state == "found" and .severity != "note" and (.id | . != "hypervisor" and . != "tsc")) | .mend != null // "\(.id): no command")'
}

huge_pages() {
	typed 'echo 256 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages' || return
	[[ $(</sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages) -ge 200 ]]
}

measures() {
	shortened >"$work/posted"
	# a guest of a guest takes longer to boot
	typed 'make matrix HOST=this RELOAD_KVM=1' RTLAT_PROBE_LIMIT=300 MATRIX="$work/posted" RESULTS=results/posted >"$left/matrix.log" 2>&1 || { cat "$left/matrix.log"; return 1; }
	! grep -q 'the emulated host is used' "$left/matrix.log"
}

cell() { holds_in results/posted/summary.json "$1"; }

# kvm_state - KVM's parameters, all that can be read
kvm_state() { grep -s . /sys/module/{kvm,kvm_amd}/parameters/* || echo 'not loaded'; }

compared() {
	typed 'build/userspace/rtlat compare results/posted' >"$work/compare" || return
	grep -q '^event_latency *native' "$work/compare" && grep -q 'kvm-pi.*skip: kvm_amd: avic=N' "$work/compare"
}

proven() {
	local proof
	documented 'rtlat proof check --platform' || return
	for proof in results/posted/platform=kvm,*/proof; do
		"$rtlat" proof check --platform kvm "$proof" || return
	done
	# and is held to what it is
	! "$rtlat" proof check --platform kvm-pi "$proof" 2>"$work/said" && grep -q 'claimed but not active: avic=N' "$work/said"
}

# a VM of one's own: its cell goes to where the results are
imported() {
	# shellcheck disable=SC2016
	documented 'rtlat run --platform kvm --module build/module/$(uname -r)/rtlat.ko --out timer mode=timer arm=callback cpus=0 period_us=1000 count=2500' \
		'rtlat import timer results/posted' 'rtlat compare results/posted' || return
	"$rtlat" run --platform native --module "build/module/$release/rtlat.ko" --out "$work/timer" mode=timer arm=callback cpus=0 period_us=1000 count=500 >"$work/run" 2>&1 || { cat "$work/run"; return 1; }
	"$rtlat" import --name mine "$work/timer" results/posted &&
		"$rtlat" compare results/posted >"$work/compare" && grep -q 'vm=mine' "$work/compare"
}

try 'the command line is in force' test "$(cat /sys/devices/system/cpu/nohz_full)" = 1-2
try 'step 2: packages' typed 'ci/deps.sh demo'
try 'step 2: the module for the running kernel' typed "make module userspace KDIR=/lib/modules/\$(uname -r)/build"
try 'step 3: what will spoil it' is_examined
try 'step 3: huge pages' huge_pages
kvm_state >"$work/kvm.before"
try 'step 4: measured on this machine' measures
try 'step 4: KVM is as it was' diff "$work/kvm.before" <(kvm_state)
try 'native: ok, and proven' cell '.cells[] | select(.platform == "native") | (.status == "ok" and .proven) // "\(.id): \(.status) \(.reason)"'
try 'kvm: ok, for both timers and IPIs' cell '([.cells[] | select(.platform == "kvm" and .status == "ok")] | length) == 3 // [.cells[] | select(.platform == "kvm") | .reason]'
try "kvm: a guest's last CPUs are on the isolated ones" cell '.cells[] | select(.platform == "kvm") | (.proof.guest_placed | tostring | test("^(1|1,2)$")) // "\(.id): \(.proof.guest_placed)"'
try 'kvm: in huge pages' cell '.cells[] | select(.platform == "kvm") | .proof.guest_memory == "huge,locked" // "\(.id): \(.proof.guest_memory)"'
try "a guest's kernel has the machine's command line" cell '.cells[] | select(.platform == "kvm") | .environment.cmdline | (test("preempt=full") and test("nowatchdog") and (test("isolcpus") | not)) // .'
try 'the manifest has what doctor found before' diff <(jq .doctor results/posted/manifest.json) <(jq .checks results/posted/doctor.json)
try 'kvm-pi: skipped, by what the parameter says' cell '.cells[] | select(.platform == "kvm-pi") | .status == "skip" and (.reason | test("kvm_amd: avic=N after loading it with avic=1")) // "\(.id): \(.status) \(.reason)"'
try 'step 5: the answer' compared
try 'step 6: the proof' proven
try 'a cell from elsewhere is imported' imported
tally hardware
