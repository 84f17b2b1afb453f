#!/usr/bin/env bash
# Style and static checks, one line each: what passed, what failed and why.
# Ends with the count; the status is 1 when one failed.
#
# usage: lint.sh	FLAVOURS=, kernels to compile for; all of ci/matrix
#			MODULES=built: modules were, with sparse and W=1
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$RTLAT_ROOT"

# shellcheck source=ci/tally.sh
. ci/tally.sh

source=$(ci/source.sh)

# files PATTERN... - the project's own files, git's or not yet git's
files() { git ls-files --cached --others --exclude-standard -- "$@" | xargs -r ls -d 2>/dev/null; }

# checkpatch ARGUMENT... - without a count for each file
checkpatch() { perl "$source/scripts/checkpatch.pl" --quiet --terse --show-types "$@" | sed '/^total: /d'; }

# on_each_cpu N COMMAND... - for the files on stdin, N at a time; what one finds is the status
on_each_cpu() { xargs -P "$(nproc)" -n "$1" "${@:2}"; }

c_style() {
	export -f checkpatch
	export source
	files '*.c' '*.h' '*.def' | grep -vE '^module/(trace|uapi/rtlat)\.h$' |
		on_each_cpu 40 bash -c 'set -o pipefail; checkpatch -f "$@"' checkpatch
}

# TRACE_EVENT()'s own layout, as in the kernel's include/trace/events
trace_style() { checkpatch --ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,MULTISTATEMENT_MACRO_USE_DO_WHILE,MACRO_ARG_PRECEDENCE -f module/trace.h; }

# names with a hyphen in them are taken for subtractions
abi_style() { checkpatch --ignore SPACING -f module/uapi/rtlat.h; }

kernel_doc() {
	files 'module/*.c' 'module/*.h' 'userspace/*.c' 'userspace/*.h' |
		on_each_cpu 40 perl "$source/scripts/kernel-doc" -none -Werror
}

# module FLAVOUR - a clean build with sparse and all of W=1, in a folder of its own
module() {
	local out=$RTLAT_BUILD/lint/$1
	rm -rf "$out"
	make module KERNEL="$1" O="$out" W=1 C=2 >"$out.log" 2>&1 || {
		cat "$out.log"
		return 1
	}
	! grep -E 'warning|error' "$out.log"
}

# kunit FLAVOUR - the suites compile as kernel code too
kunit() {
	local out=$RTLAT_BUILD/lint/kunit-$1 suites
	mapfile -t suites < <(cd ktests && ls ./*_kunit.c)
	rm -rf "$out"
	mkdir -p "$out"
	cp -rs "$RTLAT_ROOT/module" "$RTLAT_ROOT/ktests" "$out"
	make -j "$(nproc)" -C "$RTLAT_BUILD/kernels/$1/headers" M="$out/ktests" W=1 "${suites[@]//.c/.o}" >"$out.log" 2>&1 || {
		cat "$out.log"
		return 1
	}
	! grep -E 'warning|error' "$out.log"
}

c_analysis() {
	cppcheck --quiet --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
		--suppress=missingIncludeSystem --std=c11 -I. -Imodule -Iuserspace -j 2 userspace ci/init.c
}

shell_style() {
	files | xargs -r grep -lE '^#!.*(bash|/sh)$|^# shellcheck shell=' -- | on_each_cpu 8 shellcheck -x
}

no_version_checks() { ! files 'module/*' | grep -v '^module/compat/' | xargs grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\('; }

short_files() {
	files '*.c' '*.h' '*.S' '*.sh' '*.pl' '*.pm' '*.awk' '*.def' '*.1' '*Makefile' | xargs wc -l |
		awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines, at most 600"; bad = 1 } END { exit bad }'
}

params_doc() { build/userspace/rtlat params --markdown | diff docs/parameters.md -; }

# names_in FILE NAME... - each stands in a row of its tables
names_in() {
	local page=$1 name status=0
	shift
	[[ $# -gt 0 ]] || { echo "$page: no names to look for"; return 1; }
	for name in "$@"; do
		grep -q "^| .*\`$name\`.* |" "$page" || { echo "$page: no row of $name"; status=1; }
	done
	return "$status"
}

# abi_names TABLE - the names in an X-macro of the ABI
abi_names() { sed -n "/^#define $1(X)/,/[^\\\\]\$/ s/^\tX([A-Z0-9_]*, \([a-z0-9_]*\).*/\1/p" module/uapi/rtlat.h; }

# what the pages say of names, by hand: all of them are there
names_doc() {
	local names table status=0
	for table in RTLAT_METRICS_OF_JOB RTLAT_METRICS RTLAT_LINES RTLAT_FLAGS; do
		mapfile -t names < <(abi_names "$table")
		names_in docs/metrics.md "${names[@]}" || status=1
	done
	mapfile -t names < <(sed -n 's/^\t\[SETTING_[A-Z_]*\] = { "\([a-z_]*\)".*/\1/p' userspace/proof/settings.c)
	names_in docs/matrix.md "${names[@]}" || status=1
	return "$status"
}

try 'checkpatch --strict' c_style
try 'checkpatch --strict module/trace.h' trace_style
try 'checkpatch --strict module/uapi/rtlat.h' abi_style
try 'kernel-doc' kernel_doc
mkdir -p "$RTLAT_BUILD/lint"
for flavour in ${FLAVOURS:-$(kernel_flavours)}; do
	[[ ${MODULES:-} == built ]] || try "sparse and W=1 for $flavour" module "$flavour"
	try "KUnit suites compile for $flavour" kunit "$flavour"
done
try 'userspace with -Wall -Wextra -Werror' make -j "$(nproc)" -C userspace O="$RTLAT_BUILD/userspace"
try 'cppcheck' c_analysis
try 'shellcheck' shell_style
try 'no kernel version check outside module/compat' no_version_checks
try 'no file over 600 lines' short_files
try 'docs/parameters.md is what params.def says' params_doc
try 'metrics, ledger, flags and settings are all in the pages' names_doc
tally lint
