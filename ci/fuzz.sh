#!/usr/bin/env bash
# The readers of files under libFuzzer, with the address and the undefined
# behaviour sanitizer: one line for each target, and the count. What was found
# is kept in build/fuzz/crashes, with a command that repeats it.
#
# usage: fuzz.sh [TARGET...]
#	FUZZ_SECONDS=	for all targets together (default: 30)
#	FUZZ_SEED=	of what is drawn (default: 1, so that a short run does the same
#			again and finds what a change broke; random: another each time)
#	FUZZ_JOBS=	how many at the same time (default: one for each CPU)
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=ci/tally.sh
. "$RTLAT_ROOT/ci/tally.sh"
cd "$RTLAT_ROOT"

seconds=${FUZZ_SECONDS:-30}
jobs=${FUZZ_JOBS:-$(nproc)}
seed=${FUZZ_SEED:-1}
[[ $seed != random ]] || seed=$((RANDOM * 32768 + RANDOM + 1))
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "FUZZ_SECONDS=$seconds: not a number of seconds"
[[ $jobs =~ ^[1-9][0-9]*$ ]] || die "FUZZ_JOBS=$jobs: not a number of processes"
[[ $seed =~ ^[1-9][0-9]*$ ]] || die "FUZZ_SEED=$seed: neither a number nor random"

# An input that takes longer, or more memory, is a failure. One allocation of so
# much is the sanitizer's to report: libFuzzer would do it in a child, too, which
# may be ended by what a library does.
readonly UNIT_SECONDS=10 UNIT_MIB=2048 MALLOC_MIB=1048576
# Of what was found before, so much is read in again.
readonly UNITS_PER_SECOND=20
# Names cost a process for each report, and a child's reports are many: they
# are for the command that repeats one.
options=max_allocation_size_mb=$UNIT_MIB:quarantine_size_mb=16
names=$options:symbolize=1:external_symbolizer_path=$(command -v addr2line)
export ASAN_OPTIONS=$options:symbolize=0
export UBSAN_OPTIONS=print_stacktrace=1
export RTLAT_GOLDEN=$RTLAT_ROOT/userspace/tests/golden
sources=$RTLAT_ROOT/userspace/fuzz
out=$RTLAT_BUILD/fuzz
crashes=$out/crashes

# run_target TARGET SECONDS - its log in OUT/log, its status in OUT/status
run_target() {
	local status=0 corpus=$out/corpus/$1 new=$out/new/$1 sample=$out/sample/$1
	mkdir -p "$corpus" "$new" "$sample"
	# a corpus of years would take all of a short run only to be read
	find "$corpus" -type f | shuf -n $(($2 * UNITS_PER_SECOND)) | xargs -r ln -s -t "$sample"
	# the time limit is for a target that hangs where libFuzzer's own does not see it
	timeout -k 10 $(($2 + 120)) "$out/obj/bin/$1" -seed="$seed" -max_total_time="$2" -timeout="$UNIT_SECONDS" \
		-rss_limit_mb="$UNIT_MIB" -malloc_limit_mb="$MALLOC_MIB" -dict="$out/seeds/$1.dict" -print_final_stats=1 \
		-artifact_prefix="$crashes/$1-" "$new" "$sample" "$out/seeds/$1" \
		"$sources/corpus/$1" >"$out/log/$1" 2>&1 || status=$?
	find "$new" -type f -exec mv -t "$corpus" {} +
	printf '%d\n' "$status" >"$out/status/$1"
}

# figure TARGET REGEXP - the last number of its log that follows; 0: none
figure() { grep -aoE "$2 *[0-9]+" "$out/log/$1" | tail -n 1 | grep -oE '[0-9]+$' || printf '0\n'; }

# ended TARGET - did it run to its end, and run anything at all?
ended() {
	[[ $(cat "$out/status/$1") == 0 && $(figure "$1" 'stat::number_of_executed_units:') -gt 0 ]]
}

report() {
	local name=$1 file line
	line="$name: $(figure "$name" '^#') executions, corpus $(find "$out/corpus/$name" -type f | wc -l)"
	line+=" ($(figure "$name" 'stat::new_units_added:') new), cov $(figure "$name" ' cov:'), ft $(figure "$name" ' ft:')"
	if ended "$name"; then
		printf 'ok   %s, 0 crashes\n' "$line"
		TALLY_PASSED=$((TALLY_PASSED + 1))
		return
	fi
	TALLY_FAILED=$((TALLY_FAILED + 1))
	printf 'FAIL %s, status %s\n' "$line" "$(cat "$out/status/$name")"
	grep -aE '^said: |not kept:|runtime error:|ERROR: ' "$out/log/$name" | head -n 4 | sed 's/^/     /' || true
	for file in "$crashes/$name"-*; do
		[[ -e $file && $file -nt $out/begin ]] || continue
		printf '     again: RTLAT_GOLDEN=%s ASAN_OPTIONS=%s %s %s\n' "$RTLAT_GOLDEN" "$names" "$out/obj/bin/$name" "$file"
		ASAN_OPTIONS=$names timeout 60 "$out/obj/bin/$name" "$file" 2>&1 |
			grep -aE '^ +#[0-9]+ .*(userspace|module)/' | head -n 8 | sed 's/^/    /' || true
	done
}

mkdir -p "$out" "$crashes"
if ! make -j "$(nproc)" -C "$sources" O="$out/obj" all >"$out/build.log" 2>&1; then
	tail -n 20 "$out/build.log"
	die 'the fuzz targets do not build'
fi
"$sources/make-seeds.sh" "$out/seeds"
all=$(make -s -C "$sources" list)
[[ $# -gt 0 ]] || read -ra targets <<<"$all"
[[ $# -eq 0 ]] || targets=("$@")
for name in "${targets[@]}"; do
	[[ " $all " == *" $name "* ]] || die "$name: not a target; $all"
done
rm -rf "$out"/{log,status,new,sample}
mkdir -p "$out/log" "$out/status"
touch "$out/begin"
each=$((seconds * jobs / ${#targets[@]}))
[[ $each -gt 0 ]] || each=1
say "${#targets[@]} targets, $each s each, $jobs at a time, seed $seed"
running=0
for name in "${targets[@]}"; do
	if [[ $running -ge $jobs ]]; then
		wait -n
		running=$((running - 1))
	fi
	run_target "$name" "$each" &
	running=$((running + 1))
done
wait
for name in "${targets[@]}"; do
	report "$name"
done
tally fuzz
