# shellcheck shell=bash
# Shared by every script of ci/: where the project is, how errors read, and
# one place that removes temporary files whatever way a script ends.
#
# Exit statuses of a run in a virtual machine, apart from the command's own:
# 124 time limit, 125 the machine was lost (it ended without a verdict).

RTLAT_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
RTLAT_BUILD=${RTLAT_BUILD:-$RTLAT_ROOT/build}
RTLAT_TIMEOUT=124
RTLAT_LOST=125
export RTLAT_ROOT RTLAT_BUILD RTLAT_TIMEOUT RTLAT_LOST

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
	say "error: $*"
	exit 1
}

RTLAT_CLEAN=()

# cleanup_run - remove what was promised to be removed; the EXIT trap
cleanup_run() {
	local what
	for what in "${RTLAT_CLEAN[@]}"; do
		rm -rf -- "$what"
	done
}

# remove_at_exit PATH... - remove these files or folders when the script ends
remove_at_exit() {
	RTLAT_CLEAN+=("$@")
	trap cleanup_run EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# kernel_stem FLAVOUR - the package stem of a supported kernel, or an error
kernel_stem() {
	local flavour stem
	while read -r flavour stem _; do
		if [[ $flavour == "$1" ]]; then
			printf '%s\n' "$stem"
			return 0
		fi
	done <"$RTLAT_ROOT/ci/matrix"
	die "KERNEL=$1: not a supported kernel (ci/matrix has: $(kernel_flavours))"
}

# kernel_flavours - the supported kernels, on one line
kernel_flavours() { awk '$1 !~ /^#/ && NF { printf "%s%s", s, $1; s = " " }' "$RTLAT_ROOT/ci/matrix"; }

# download PACKAGE... - into the current folder, with one retry on fresh lists
download() {
	local get=(apt-get -qq -o APT::Sandbox::User=root download "$@")
	"${get[@]}" 2>apt.log && return 0
	[[ $(id -u) -eq 0 ]] && apt-get -qq update >>apt.log 2>&1 && "${get[@]}" 2>>apt.log && return 0
	die "cannot download $*: $(tail -n 1 apt.log)"
}
