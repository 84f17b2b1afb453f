#!/usr/bin/env bash
# The emulated Intel host: its verdict channel, what it brings back, what it refuses;
# then the cells of selftests/matrices/bochs on it.
#
# usage: check-bochs.sh
# Environment: BOCHS, as ci/bochs.sh has it
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

flavour=${KERNEL:-6.1}
top=$RTLAT_BUILD/check/bochs
rm -rf "$top"
mkdir -p "$top/left"
make -C "$RTLAT_ROOT" module userspace KERNEL="$flavour" >"$top/make.log" 2>&1 || die "$(tail -n 1 "$top/make.log")"
bochs() { "$RTLAT_ROOT/ci/bochs.sh" --kernel "$flavour" "$@"; }

# refuses BOCHS REASON - one line, exit status 1
refuses() {
	local status=0
	BOCHS=$1 bochs -- true >"$top/said" 2>&1 || status=$?
	cat "$top/said"
	[[ $status -eq 1 && $(wc -l <"$top/said") -eq 1 ]] && grep -qF "$2" "$top/said"
}

# One boot: output on both channels, a file that was brought, one that comes back, the
# module, and a status of its own.
comes_back() {
	local status=0
	echo brought >"$top/brought"
	bochs --file "$top/brought" --rw "$top/left" --keep "$top" -- \
		"cat $top/brought; echo problem >&2; uname -r >$top/left/release; insmod \$RTLAT_KO && ls /sys/kernel/debug/rtlat >$top/left/module; exit 7" \
		>"$top/out" 2>"$top/err" || status=$?
	cat "$top/out" "$top/err"
	[[ $status -eq 7 && $(<"$top/out") == brought && $(<"$top/err") == problem ]]
}

left_behind() {
	diff "$top/left/release" "$RTLAT_BUILD/kernels/$flavour/release" && grep -x summary "$top/left/module"
}

limited() {
	local status=0
	bochs --timeout 3 -- true >"$top/limited" 2>&1 || status=$?
	cat "$top/limited"
	[[ $status -eq 124 ]] && grep -q 'no verdict after 3 s' "$top/limited"
}

# an init that cannot do its work gives no verdict
lost() {
	local status=0
	bochs --append 'rdinit=/none' -- true >"$top/lost" 2>&1 || status=$?
	cat "$top/lost"
	[[ $status -eq 125 ]] && grep -q 'without a verdict' "$top/lost"
}

nothing_is_left() { ! compgen -G "$RTLAT_BUILD/run/*/bochsrc"; }

cells() {
	HOST=bochs KERNEL=$flavour MATRIX='' RESULTS=$top/results "$RTLAT_ROOT/ci/sweep.sh" >"$top/cells.log" 2>&1 || { cat "$top/cells.log"; return 1; }
}

# cell FILTER - on the cells, by jq
cell() { holds_in "$top/results/summary.json" "$1"; }

try 'no such emulator: one line, and what to do' refuses "$top/none" 'is missing (run: sudo ci/deps.sh bochs)'
try 'an emulator that is no Bochs: one line' refuses /bin/true 'no Bochs'
try 'a time limit is 124' limited
try 'a machine without a verdict is 125' lost
try 'output, error output and status come back' comes_back
try 'files come back' left_behind
try 'nothing is left of a machine' nothing_is_left
try 'the cells run to the end' cells
# pair SELECTION FILTER - on kvm and kvm-pi side by side: {"kvm": …, "kvm-pi": …}
pair() { cell "[.cells[] | select($1)] | map({(.platform): .}) | add | (.kvm // error(\"no cell of kvm\")) as \$off | .[\"kvm-pi\"] as \$on | $2"; }

try 'native and kvm: measured' cell '.cells[] | select(.platform != "kvm-pi" and .workload.timer == "local" and .workload.vcpus == 1) | .status == "ok" // "\(.id): \(.status) \(.reason)"'
try 'their clock is 25 instructions to the microsecond' cell '.cells[] | select(.status == "ok") | .clock == "instructions" and .instructions_per_us == 25'
try 'kvm: the guest ran under kvm_intel' cell '.cells[] | select(.platform == "kvm" and .status == "ok") | .proof.kvm_module == "kvm_intel" and .proof.enable_apicv == "N"'
try 'a guest costs event latency' cell '(.cells | map(select(.workload.timer == "local" and .workload.mode == "timer")) | map({(.platform): .metrics.event_latency.kept.p50}) | add) | .kvm > .native * 2'
try 'timer=posted without posting: measured, or no CPU for it' cell \
	'.cells[] | select(.platform == "kvm" and .workload.timer == "posted") | (.status == "ok" or (.reason | test("host.s with nohz_full="))) // "\(.id): \(.reason)"'
try 'IPIs between two CPUs of a guest: measured, or no CPU for it' cell \
	'.cells[] | select(.platform != "kvm-pi" and .workload.mode == "ipi") | (.status == "ok" or (.reason | test("the host has 1 CPU"))) // "\(.id): \(.reason)"'
# Whether an emulator posts interrupts is for KVM to say. $on and $off are jq's.
# shellcheck disable=SC2016
if grep -q '"platform": "kvm-pi"' <(jq '.cells[] | select(.status == "ok") | {platform}' "$top/results/summary.json"); then
	posted='.workload.timer == "posted"' local='.workload.timer == "local" and .workload.mode == "timer"' ipi='.workload.mode == "ipi"'
	try 'kvm-pi: proven' cell '.cells[] | select(.platform == "kvm-pi") | .status == "ok" and .proof.enable_apicv == "Y" // "\(.id): \(.reason)"'
	try 'timer=posted: a quarter of the external-interrupt exits' pair "$posted" \
		'[$off, ($on // error("no cell of kvm-pi")) | .proof.kvm_exit_EXTERNAL_INTERRUPT // 0] | (.[0] > 0 and .[0] >= 4 * .[1]) // "\(.)"'
	try 'timer=posted: mean of event_latency at most 0.85, minimum at most 0.5' pair "$posted" \
		'[$on, $off | .metrics.event_latency.kept] | (.[0].mean <= 0.85 * .[1].mean and .[0].min <= 0.5 * .[1].min) // "\(map([.mean, .min]))"'
	"$RTLAT_BUILD/userspace/rtlat" compare --json "$top/results" >"$top/compare.json"
	try 'IPIs to a running CPU: a fifth of the VM entries' holds_in "$top/compare.json" \
		'.[] | select(.workload.mode == "ipi") | .posted[] | select(.what == "VM entries for an interrupt") | .ratio <= 0.2 // "\(.)"'
	try 'IPIs: held to no exits, and proven' cell '.cells[] | select(.platform == "kvm-pi" and .workload.mode == "ipi") | .proof.claims == "active,exitless" // .proof.claims'
	try 'IPIs come sooner' pair "$ipi" '[$on, $off | .metrics.ipi_latency.kept.mean] | .[0] < .[1] // "\(.)"'
	try 'timer=local: no such gain' pair "$local" \
		'[$on, $off | .metrics.event_latency.kept] | (.[0].mean > 0.85 * .[1].mean and .[0].p50 > 0.85 * .[1].p50 and .[0].min > 0.5 * .[1].min) // "\(map([.mean, .p50, .min]))"'
	try 'the report says it of timer=posted' grep -qE '^event_latency +timer=posted( +[0-9.]+){4} +[0-9-]+ %$' "$top/cells.log"
	try 'and of timer=local' grep -qE '^event_latency +timer=local( +[0-9.]+){4} +(-?[0-9]+ %|-)$' "$top/cells.log"
else
	try 'kvm-pi: skipped, by what the parameter says' cell '.cells[] | select(.platform == "kvm-pi" and .workload.vcpus == 1) | .status == "skip" and (.reason | test("enable_apicv=N after loading it with enable_apicv=1"))'
fi
tally bochs
