#!/usr/bin/env bash
# Tests that cannot fail are worth nothing: break things on purpose, and require
# that each is reported. ci/busted.scenarios has broken modules, and the tests
# that must fail with them; below are platforms that are not what they claim.
#
# Prints what each scenario was reported as. A scenario that goes unnoticed, or
# breaks something else than it should, fails.
#
# usage: busted.sh [--doc]
#	--doc	when all is noticed, docs/busted.md is made of what was printed
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
# functions are run by name, see try
# shellcheck disable=SC2317

kernel=6.1
table=$RTLAT_ROOT/ci/busted.scenarios
out=$RTLAT_BUILD/busted
rtlat=$RTLAT_BUILD/userspace/rtlat
install=$RTLAT_BUILD/selftests/install

# rows - name|test and arguments|words
rows() { sed -e '/^#/d' -e '/^$/d' -e 's/ *| */|/g' "$table" | awk -F '|' '{ print $1 "|" $(NF - 1) "|" $NF }'; }

# in_host - run every broken module's test in one emulated host: the output of
# each in NAME.ktap, its status in NAME.status
# $-words are for the shell in the host
# shellcheck disable=SC2016
in_host() {
	local name test command='cd "$OUT" || exit 1;'
	rm -rf "$out/run"
	mkdir -p "$out/run"
	while IFS='|' read -r name test _; do
		command+=" RTLAT_KO=$out/$name.ko $install/rtlat/$test >$name.ktap 2>&1; echo \$? >$name.status;"
	done < <(rows)
	"$RTLAT_ROOT/ci/run.sh" --kernel "$kernel" --clock instructions --rw "$out/run" --timeout 900 -- \
		"export OUT=$out/run KSFT_DIR=$install; $command" || say "the host ended with status $?"
}

# reported NAME WORDS - its test failed, and for that: the first such line. What ran
# with the module ran; a module that does nothing is no scenario.
reported() {
	local status words=${2%% + *} remark=''
	[[ $2 != *' + '* ]] || remark=${2##* + }
	status=$(cat "$out/run/$1.status" 2>/dev/null) || { echo "has no result: the host was lost"; return 1; }
	grep -E '^not ok|^# ' "$out/run/$1.ktap" | tail -n 20
	[[ $status -eq 1 ]] || { echo "the test ended with status $status, not 1"; return 1; }
	! grep -E '^not ok [0-9]+ [^:]*: runs' "$out/run/$1.ktap" || { echo "a run of it failed"; return 1; }
	[[ -z $remark ]] || grep '^# ' "$out/run/$1.ktap" | grep -qF -- "$remark" || { echo "nothing of: $remark"; return 1; }
	said=$(grep -E '^not ok' "$out/run/$1.ktap" | grep -m 1 -F -- "$words")
}

# proof_of PLATFORM - the proof of a cell of the reference, in $out/proof
proof_of() {
	jq -r --arg platform "$1" 'first(.cells[] | select(.platform == $platform and .status == "ok")) | .proof | to_entries[] | "\(.key)=\(.value)"' \
		"$RTLAT_ROOT/results/reference/summary.json" >"$out/proof"
	"$rtlat" proof check --platform "$1" "$out/proof" || { echo "the proof as it was does not hold"; return 1; }
}

# refused PLATFORM AS WORDS KEY=VALUE... - a proof of PLATFORM with these values in
# it does not hold as one of AS, for a reason with these words
refused() {
	local as=$2 words=$3 word reason
	proof_of "$1" || return 1
	shift 3
	for word in "$@"; do
		grep -q "^${word%%=*}=" "$out/proof" || { echo "${word%%=*}: not in the proof"; return 1; }
		sed -i "s/^${word%%=*}=.*/$word/" "$out/proof"
	done
	if reason=$("$rtlat" proof check --platform "$as" "$out/proof" 2>&1); then
		echo "$*: was believed"
		return 1
	fi
	echo "$reason"
	[[ $reason == *"$words"* ]] && said=${reason#rtlat: }
}

# blanked PLATFORM - without the value of any one of its keys a proof does not hold
blanked() {
	local key n=0
	proof_of "$1" || return 1
	while read -r key; do
		sed "s/^$key=.*/$key=/" "$out/proof" >"$out/blanked"
		if "$rtlat" proof check --platform "$1" "$out/blanked" 2>"$out/reason"; then
			echo "$key= was believed"
			return 1
		fi
		grep -q "$key" "$out/reason" || { echo "$key=: $(<"$out/reason")"; return 1; }
		n=$((n + 1))
	done < <(cut -d= -f1 "$out/proof")
	said="each of $n keys, the last one: $(sed 's/^rtlat: //' "$out/reason")"
}

# says COMMAND... - it holds, and what was reported is in said
says() { "$@" && [[ -n $said ]]; }

# noticed NAME COMMAND... - a check, and below it what the scenario was reported as
noticed() {
	said=''
	try "$1" says "${@:2}"
	[[ -z $said ]] || printf '     %s\n' "$said"
	printf '| %s | %s |\n' "${1//|/}" "\`${said//|/}\`" >>"$out/table"
}

# page - docs/busted.md
page() {
	cat <<-'END'
		# Busted scenarios

		Made by `make busted`: the module, or what a cell says of its platform, is wrong on purpose, and this is the first line
		that reported it. `ci/busted.scenarios` has each change to the module; the other rows are the proof of a cell of
		[`results/reference`](../results/reference) with other values in it. A scenario that goes unnoticed fails `make check`; the
		same tests pass with the module as it is.

		| scenario | reported as |
		|---|---|
	END
	cat "$out/table"
}

doc=0
[[ ${1:-} != --doc ]] || doc=1
mkdir -p "$out"
rm -f "$out/table"
"$RTLAT_ROOT/ci/kernel.sh" "$kernel" headers
"$RTLAT_ROOT/ci/selftests.sh" --install
make -C "$RTLAT_ROOT" userspace >"$out/userspace.log" 2>&1 || die "the rtlat command does not build, see $out/userspace.log"
"$RTLAT_ROOT/selftests/build-mutants.sh" "$RTLAT_BUILD/kernels/$kernel/headers" "$out" "$table"
in_host
while IFS='|' read -r name _ words; do
	noticed "$name" reported "$name" "$words"
done < <(rows)
noticed 'apicv-claimed: the parameter says so, and nothing else' refused kvm kvm-pi 'state=off, but' avic=Y
noticed 'apicv-claimed: all say so, the interrupts were injected' \
	refused kvm kvm-pi 'more than a quarter was injected' avic=Y state=on inhibits=none claims=active
noticed 'apicv-hidden: interrupts were posted on a platform without' \
	refused kvm kvm 'were posted' kvm_apicv_accept_irq=300
noticed 'injections-hidden: fewer than the guest received' refused kvm kvm 'not within 1.25' kvm_irq_injections=3 kvm_inj_virq=3
noticed 'kvm-without-hypervisor' refused kvm kvm 'no hypervisor flag' guest_hypervisor_flag=0
noticed 'native-in-a-guest' refused native native 'has the hypervisor flag' native_hypervisor_flag=1
noticed 'native-beside-guests' refused native native 'KVM guests ran beside it' native_kvm_guests=2
noticed 'kvm-blanked' blanked kvm
noticed 'native-blanked' blanked native
[[ $doc -eq 0 || $TALLY_FAILED -gt 0 ]] || page >"$RTLAT_ROOT/docs/busted.md"
tally busted
