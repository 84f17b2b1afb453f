#!/usr/bin/env bash
# The parts of the kernel's own source that the tests and checks use, and that
# no header package has: checkpatch.pl with its data, the kselftest framework.
# They come from the distribution's linux-source package, unpacked under
# build/source/; the package itself is not kept.
#
# usage: source.sh	prints the folder
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# tar's own globs, below the package's one top folder
wanted=(
	'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch'
	'*/scripts/kernel-doc' '*/scripts/subarch.include' '*/tools/scripts/Makefile.arch' '*/tools/scripts/utilities.mak'
	'*/tools/testing/selftests/Makefile' '*/tools/testing/selftests/lib.mk'
	'*/tools/testing/selftests/run_kselftest.sh' '*/tools/testing/selftests/kselftest*'
	'*/tools/testing/selftests/gen_kselftest_tar.sh'
)

version=$(source_version)
mkdir -p "$RTLAT_BUILD/source"
if [[ -n $version ]]; then
	dir=$RTLAT_BUILD/source/${version//[^A-Za-z0-9.+~-]/_}
else
	# no package lists: what is there already will do
	dir=$(find "$RTLAT_BUILD/source" -mindepth 1 -maxdepth 1 -type d ! -name '.*' | sort -V | tail -n 1)
	[[ -n $dir ]] || die "$RTLAT_SOURCE: not in the package lists (run: apt-get update)"
fi
exec 9>"$RTLAT_BUILD/source/.lock"
flock 9
if [[ ! -e $dir ]]; then
	tmp=$(mktemp -d "$RTLAT_BUILD/source/.unpack.XXXXXX")
	remove_at_exit "$tmp"
	cd "$tmp"
	source_unpack tree "${wanted[@]}"
	[[ -s tree/scripts/checkpatch.pl && -s tree/tools/testing/selftests/lib.mk ]] ||
		die "$RTLAT_SOURCE: has not got what was expected in it"
	chmod 755 tree
	mv -T tree "$dir"
fi
printf '%s\n' "$dir"
