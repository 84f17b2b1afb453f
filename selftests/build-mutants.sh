#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Build the mutants of a table (the file mutants): MUTANTS-DIR/NAME.ko for each.
# A mutant whose sed changes nothing, or that does not build, is an error.
#
# usage: build-mutants.sh KERNEL-HEADERS MUTANTS-DIR [TABLE]
#	TABLE	name | file | sed command | more columns
set -euo pipefail

[[ $# -eq 2 || $# -eq 3 ]] || { echo "usage: build-mutants.sh KERNEL-HEADERS MUTANTS-DIR [TABLE]" >&2; exit 1; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
table=$(realpath "${3:-$here/mutants}")
headers=$(realpath "$1")
mkdir -p "$2"
out=$(cd "$2" && pwd -P)
tree=$out/tree

die() {
	echo "build-mutants.sh: $*" >&2
	exit 1
}

build() { make -C "$headers" M="$tree" -j2 modules >"$out/build.log" 2>&1; }

rm -f "$out"/*.ko
mkdir -p "$tree"
# times are kept: of the sources only what has changed is built again
rsync -aLc --delete --exclude='*.o' --exclude='.*' --exclude='*.mod*' --exclude='*.ko' --exclude=Module.symvers \
	--exclude=modules.order --exclude='compat/*.log' "$here/../Kbuild" "$here/../module" "$tree/"
build || { tail -n 20 "$out/build.log" >&2; die "the module itself does not build"; }

line=0
while IFS= read -r row || [[ -n $row ]]; do
	line=$((line + 1))
	[[ -n $row && $row != '#'* ]] || continue
	IFS='|' read -r name file command _ <<<"$row"
	# the blanks around a column are no part of it
	read -r name <<<"$name"
	read -r file <<<"$file"
	read -r command <<<"$command"
	cp -p "$tree/$file" "$out/original"
	sed -i "$command" "$tree/$file"
	! cmp -s "$tree/$file" "$out/original" || die "$table:$line: $name: the sed changes nothing in $file"
	build || { tail -n 20 "$out/build.log" >&2; die "$table:$line: $name: does not build"; }
	cp "$tree/rtlat.ko" "$out/$name.ko"
	cp "$out/original" "$tree/$file"
done <"$table"
echo "build-mutants.sh: $(find "$out" -maxdepth 1 -name '*.ko' | wc -l) mutants"
