#!/usr/bin/env bash
# Run selftests/ with the kernel's own kselftest: its install rules and its
# run_kselftest.sh, taken from the distribution's linux-source package, in
# emulated hosts. The KTAP is passed through; after each pass come plain counts,
# what failed and what was skipped, with its reason.
#
# The exit status is the worst result: a failure, a time limit, a lost machine,
# a test without a result and a pass in which nothing ran are all 1.
#
# usage: selftests.sh [--kernel F] [--long] [--tests 'NAME...'] [--install]
#	(nothing)	the everyday tier: all tests on the first kernel of
#			ci/matrix, those that need instructions for a clock on
#			that clock, polling idle CPUs, a CPU isolated at boot,
#			and a short pass on 6.12 and 6.12-rt
#	--kernel F	all tests on this kernel of ci/matrix
#	--long		loops as long as the long tier wants them (RTLAT_LONG=1),
#			and 8 CPUs
#	--tests 'N...'	only these, say 'load.sh rmmod.sh'
#	--install	build/selftests/install and nothing more: that folder runs
#			on any machine: RTLAT_KO=... ./run_kselftest.sh
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CLOCK_TESTS='steps.sh faults.sh truth.sh lines.sh recount.sh jobs.sh overrun.sh'
# more than one CPU, more time, and not much that depends on who runs beside it
ROBUST_TESTS='cycles.sh writes.sh preempt.sh tracing.sh files.sh suspend.sh'
ISOLATED_TESTS='isolation.sh'
WIDE_TESTS='timer.sh ipi.sh modes.sh hotplug.sh cycles.sh'
POLL_TESTS='ipi-polling.sh ipi.sh'
# of what asks the kernel for most, each on one of two kernels of the same version, and
# in the long tier on both
SHORT_TESTS='load.sh timer.sh ipi.sh trace.sh'
declare -rA SHORT_MORE=([6.12]='rmmod.sh taskset.sh' [6.12-rt]=user.sh)

# install_tests - build/selftests/install, made by the kernel's own rules
install_tests() {
	local log=$OUT/install.log
	mkdir -p "$OUT"
	ln -sfn "$RTLAT_ROOT/selftests" "$KSFT/rtlat"
	rm -rf "$INSTALL"
	if ! make -C "$KSFT" TARGETS=rtlat SKIP_TARGETS= FORCE_TARGETS=1 O="$OUT/objects" \
		KSFT_DIR="$KSFT" KSFT_INSTALL_PATH="$INSTALL" install >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		die "the kernel's selftests/Makefile does not install them"
	fi
	[[ -s $INSTALL/kselftest-list.txt ]] || die "$INSTALL/kselftest-list.txt: no tests in it"
}

# count NAME STATUS FILE - plain counts of a pass; fails unless all is well
count() {
	awk -v name="$1" -v status="$2" -v totals="${totals:-/dev/null}" '
		function problem(what) { print "    FAIL  " what; bad++ }
		function close_test() {
			if (in_test && planned >= 0 && planned != results)
				problem(test ": planned " planned " results, had " results)
			in_test = 0
		}
		{ sub(/\r$/, "") }
		/^1\.\.[0-9]+$/ { plan += substr($0, 4); plans++; next }
		/^# selftests: / { close_test(); test = $NF; in_test = 1; planned = -1; results = 0; last = ""; next }
		/^# 1\.\.[0-9]+/ {
			planned = substr($2, 4) + 0
			if (match($0, /# SKIP .*/)) why = substr($0, RSTART + 7)
			else if (planned == 0) problem(test ": plans no results")
			next
		}
		/^# (not )?ok [0-9]+/ {
			results++
			what = $0; sub(/^# (not )?ok [0-9]+ /, "", what)
			if ($2 == "not") { subs_failed++; problem(test ": " what (last != "" ? " [" last "]" : "")) }
			else if (match(what, /# SKIP/)) {
				subs_skipped++
				reason = substr(what, RSTART + 7)
				if (reason == "") problem(test ": skips without a reason")
				skipped[test ": " reason]++
			} else subs_ok++
			last = ""
			next
		}
		/^# # / { last = substr($0, 5); next }
		/^# Bail out!/ { last = substr($0, 3); next }
		/^ok [0-9]+ selftests: / {
			tests++
			if ($0 ~ /# SKIP/) {
				tests_skipped++
				if (why == "" && !results) problem(test ": skips without a reason")
				if (why != "") skipped[test ": " why]++
				planned = -1
			} else { tests_ok++; if (!results) problem(test ": no results") }
			close_test(); why = ""; next
		}
		/^not ok [0-9]+ selftests: / {
			tests++; tests_failed++
			what = $0; sub(/^not ok [0-9]+ selftests: [^:]*: /, "", what)
			problem(what (last != "" ? " [" last "]" : ""))
			planned = -1; close_test(); why = ""; next
		}
		END {
			if (in_test) problem(test ": no result: it was cut off")
			if (!plans || tests != plan) problem("planned " plan + 0 " tests, " tests + 0 " have results")
			if (!tests_ok && !tests_failed) problem("nothing ran")
			if (status != 0) problem("the machine: exit status " status)
			for (s in skipped) print "    skip  " s (skipped[s] > 1 ? " (" skipped[s] " results)" : "")
			printf "    %s: %d tests: %d ok, %d failed, %d skipped; %d results: %d ok, %d failed, %d skipped\n", name,
				tests, tests_ok, tests_failed, tests_skipped, subs_ok + subs_failed + subs_skipped, subs_ok, subs_failed, subs_skipped
			failed = bad > subs_failed ? bad : subs_failed
			print subs_ok + 0, failed + 0, subs_skipped + tests_skipped + 0 >>totals
			exit bad > 0
		}' "$3"
}

# count_counts - a counter that calls everything fine would go unnoticed
count_counts() {
	local head='TAP version 13\n1..1\n# selftests: rtlat: a.sh\n' want text status
	while read -r want status text; do
		if count self "$status" <(printf '%b' "$text") >/dev/null; then got=0; else got=1; fi
		[[ $got -eq $want ]] || die "count says $got of: $text"
	done <<-END
		0 0 $head# 1..1\\n# ok 1 x\\nok 1 selftests: rtlat: a.sh\\n
		1 0 $head# 1..2\\n# ok 1 x\\nok 1 selftests: rtlat: a.sh\\n
		1 0 $head# 1..1\\n# not ok 1 x\\nok 1 selftests: rtlat: a.sh\\n
		1 0 $head# 1..1\\n# ok 1 x\\nnot ok 1 selftests: rtlat: a.sh # TIMEOUT 45 seconds\\n
		1 0 $head# 1..1\\n# ok 1 x # SKIP\\nok 1 selftests: rtlat: a.sh\\n
		1 0 $head# 1..0 # SKIP not here\\nok 1 selftests: rtlat: a.sh # SKIP\\n
		1 0 ${head}ok 1 selftests: rtlat: a.sh\\n
		1 0 $head
		1 0 TAP version 13\\n1..0\\n
		1 124 $head# 1..1\\n# ok 1 x\\nok 1 selftests: rtlat: a.sh\\n
	END
}

# pass NAME KERNEL TESTS RUN-OPTION... - one machine; TESTS empty: all
pass() {
	local name=$1 kernel=$2 tests=$3 file status=0 begin=$SECONDS command test
	shift 3
	file=$OUT/${name//[ ,]/-}.ktap
	[[ -z $only ]] || tests=$only
	# time leaps on the instruction clock while files are read: no limit there
	command="export RTLAT_LONG=$long RTLAT_LOOPS=${RTLAT_LOOPS:-} RTLAT_MUTANTS=$OUT/mutants/$kernel"
	command+=" RTLAT_PROVOKE=$OUT/provoke/$kernel/provoke.ko; exec $INSTALL/run_kselftest.sh"
	[[ $limit -eq 600 ]] || command+=" -o $limit"
	[[ $* != *instructions* ]] || command+=" -o 360000"
	for test in $tests; do
		command+=" -t rtlat:$test"
	done
	say "$name"
	"$RTLAT_ROOT/ci/run.sh" --kernel "$kernel" --timeout "$limit" --keep "$OUT/${name//[ ,]/-}" "$@" -- "$command" |
		tee "$file" || status=${PIPESTATUS[0]}
	if count "$name" "$status" "$file"; then
		printf 'ok    %s (%d s)\n' "$name" $((SECONDS - begin)) >>"$summary"
	else
		printf 'FAIL  %s (%d s)\n' "$name" $((SECONDS - begin)) >>"$summary"
	fi
}

# failed WHAT - apart from the tests
failed() {
	printf 'FAIL  %s\n' "$1" >>"$summary"
	echo 0 1 0 >>"$totals"
}

# later COMMAND... - for pool
queue=()
later() { queue+=("$(printf '%q ' "$@")"); }

# pool - all that is for later, two machines at once, for there are two CPUs; what one
# says is shown when it has ended
pool() {
	local job done_pid log=$OUT/pool nr=0
	local -A logs=()
	rm -rf "$log"
	mkdir -p "$log"
	for job in "${queue[@]}" ''; do
		while [[ ${#logs[@]} -gt 1 || (-z $job && ${#logs[@]} -gt 0) ]]; do
			wait -n -p done_pid || failed "a pass, see its last line"
			cat "${logs[$done_pid]}"
			unset "logs[$done_pid]"
		done
		[[ -n $job ]] || break
		nr=$((nr + 1))
		eval "$job" >"$log/$nr" 2>&1 &
		logs[$!]=$log/$nr
	done
	queue=()
}

# module_for KERNEL
module_for() { make -C "$RTLAT_ROOT" module KERNEL="$1" >"$OUT/module-$1.log" 2>&1 || die "no module for $1, see $OUT/module-$1.log"; }

# is_debug KERNEL - does it look for faults itself?
is_debug() { grep -qx CONFIG_KASAN=y "$RTLAT_BUILD/kernels/$1/headers/.config"; }

# detectors KERNEL - that it finds them; on a machine of their own, for they stay
# in the log
detectors() {
	local dir=$OUT/provoke/$1
	mkdir -p "$dir"
	cp "$RTLAT_ROOT"/selftests/provoke/{Kbuild,provoke.c} "$dir"
	make -C "$RTLAT_BUILD/kernels/$1/headers" M="$dir" modules >"$dir/build.log" 2>&1 || die "no provoke.ko for $1, see $dir/build.log"
	pass "$1, detectors" "$1" detectors.sh --clock none --smp 2 --append kasan_multi_shot
}

# mutants KERNEL - modules that mutants.sh must tell from the right one
mutants() { "$RTLAT_ROOT/selftests/build-mutants.sh" "$RTLAT_BUILD/kernels/$1/headers" "$OUT/mutants/$1" || failed "mutants for $1"; }

# full KERNEL - every test, each where it can run
full() {
	local all robust=$ROBUST_TESTS
	module_for "$1"
	if is_debug "$1"; then
		robust+=' modes.sh'
		[[ -n $only && $only != detectors.sh ]] || detectors "$1"
		[[ $only != detectors.sh ]] || return 0
	fi
	all=$(cut -d: -f2 "$INSTALL/kselftest-list.txt" | grep -vxF "$(tr ' ' '\n' <<<"$CLOCK_TESTS $ROBUST_TESTS $ISOLATED_TESTS ipi-polling.sh modes.sh detectors.sh")" | tr '\n' ' ')
	if [[ -n $only ]]; then
		mutants "$1"
		pass "$1, 4 CPUs" "$1" "$all" --clock none --smp 4
		return
	fi
	# what takes long begins first; the mutants are there before the third begins
	later mutants "$1"
	later pass "$1, instruction clock" "$1" "$CLOCK_TESTS settime.sh counts.sh matrix.sh" --clock instructions
	later pass "$1, 4 CPUs" "$1" "$all" --clock none --smp 4
	[[ $long -eq 0 ]] || later pass "$1, 8 CPUs" "$1" "$WIDE_TESTS" --clock none --smp 8
	later pass "$1, 4 CPUs, among others" "$1" "$robust" --clock none --smp 4
	later pass "$1, isolated CPU" "$1" "$ISOLATED_TESTS" --clock none --append "isolcpus=domain,managed_irq,1 nohz_full=1 rcu_nocbs=1"
	later pass "$1, polling idle" "$1" "$POLL_TESTS" --clock none --smp 3 --append idle=poll
}

short() {
	local more=${SHORT_MORE[$1]}
	[[ $long -eq 0 ]] || more=${SHORT_MORE[*]}
	module_for "$1"
	later pass "$1, 3 CPUs, short" "$1" "$SHORT_TESTS $more" --clock none --smp 3
}

kernel='' long=${RTLAT_LONG:-0} only='' install_only=0
while [[ $# -gt 0 ]]; do
	case $1 in
	--long) long=1 ;;
	--install) install_only=1 ;;
	--kernel | --tests)
		[[ $# -ge 2 ]] || die "$1: needs a value"
		if [[ $1 == --kernel ]]; then kernel=$2; else only=$2; fi
		shift
		;;
	*) die "$1: unknown option (see the head of this file)" ;;
	esac
	shift
done
[[ -z $kernel ]] || kernel_known "$kernel"

# a kernel's own folder: the passes on another may go on at the same time
OUT=$RTLAT_BUILD/selftests${kernel:+-$kernel}
INSTALL=$OUT/install
KSFT=$("$RTLAT_ROOT/ci/source.sh")/tools/testing/selftests
install_tests
[[ $install_only -eq 0 ]] || exit 0
count_counts
"$RTLAT_ROOT/selftests/splats.sh" --check || die "selftests/splats.sh does not see what it should"
# what each pass adds to the last line
totals=$OUT/totals
summary=$OUT/summary
: >"$totals"
: >"$summary"
make -C "$RTLAT_ROOT" userspace >"$OUT/userspace.log" 2>&1 || die "the rtlat command does not build, see $OUT/userspace.log"
limit=$((long ? 3600 : 600))
# a thousand cycles take a few seconds each
[[ $kernel != *-debug ]] || limit=7200
full "${kernel:-6.1}"
if [[ -z $kernel && -z $only ]]; then
	short 6.12-rt
	short 6.12
fi
pool
say "summary"
sed 's/^/    /' "$summary"
awk '{ ok += $1; failed += $2; skipped += $3 }
	END { printf "selftests: %d passed, %d failed, %d skipped\n", ok, failed, skipped }' "$totals"
! grep -q '^FAIL' "$summary"
