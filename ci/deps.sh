#!/usr/bin/env bash
# Install the Debian packages that rtlat needs; quick when all are there.
#
# usage: deps.sh demo|bochs|paper|check
#	demo	build the module and the tools, run the emulated host
#	bochs	those, and the emulated Intel host (HOST=bochs)
#	paper	demo's, and what draws the figures
#	check	those, and what lint and the unit tests need
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Building the module and the tools, fetching kernels.
demo=(make gcc-12 gcc libc6-dev bc kmod xz-utils zstd cpio perl pkg-config
	libelf-dev libtraceevent-dev libtracefs-dev libtracecmd-dev libjansson-dev libgsl-dev libzstd-dev)
# The emulated host and its guest; make, tools and tests run in them.
demo+=(qemu-system-x86 seabios busybox-static trace-cmd procps)
# The emulated Intel host: Bochs with a display that is a terminal, and what makes the
# machine's root file system.
bochs=(bochs bochs-term bochsbios vgabios binutils e2fsprogs bsdutils)
# Figures: gnuplot and the letters in its pictures.
paper=(gnuplot-nox fonts-dejavu-core)
# Lint, unit tests, the kernel's kselftest framework, configured kernels, fuzzing,
# cyclictest and how much memory a report takes.
check=(jq sparse cppcheck shellcheck libcmocka-dev valgrind rsync
	bison flex libssl-dev clang-14 libclang-rt-14-dev rt-tests time)

case ${1:-} in
demo) packages=("${demo[@]}") ;;
bochs) packages=("${demo[@]}" "${bochs[@]}") ;;
paper) packages=("${demo[@]}" "${paper[@]}") ;;
check) packages=("${demo[@]}" "${paper[@]}" "${check[@]}") ;;
*) die "usage: deps.sh demo|bochs|paper|check" ;;
esac

missing=()
for package in "${packages[@]}"; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[[ $state == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) -ne 0 ]]; then
	say "${#missing[@]} Debian packages are missing and only root can install them; run:"
	say "  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
	exit 1
fi
say "installing ${#missing[@]} packages: ${missing[*]}"
log=$(mktemp)
remove_at_exit "$log"
export DEBIAN_FRONTEND=noninteractive
# An archive that cannot be reached may still have all that is needed cached.
apt-get -q update >"$log" 2>&1 || say "apt-get update: $(tail -n 1 "$log")"
if ! apt-get -q -y install --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	die "apt-get install failed"
fi
