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

# gone PID... - until they have ended. For traps, in place of wait: a child that ends by
# the very signal whose trap this is, as when all of a process group get it, is one that
# bash (5.2) has reaped and forgotten, and waits for without an end.
gone() {
	local pid
	for pid in "$@"; do
		while kill -0 "$pid" 2>/dev/null; do
			sleep 0.05
		done
	done
}

# insns_per_us HOST - the clock of a kind of emulated host that counts instructions
insns_per_us() {
	case $1 in
	bochs) echo 25 ;;
	*) echo 1000 ;;
	esac
}

# add_program TREE FILE AT - a program, and the libraries it is linked with, into a
# tree of files
add_program() {
	local library
	install -D -m 755 "$2" "$1$3"
	while read -r library; do
		[[ -e $1$library ]] || install -D -m 755 "$library" "$1$library"
	done < <(ldd "$2" 2>/dev/null | grep -o '/[^ ]*')
}

# kernel_config FLAVOUR - the configuration that a self-built kernel is made of;
# nothing, when it is no such kernel
kernel_config() {
	local file=$RTLAT_ROOT/ci/kernels/$1.config
	[[ ! -e $file ]] || printf '%s\n' "$file"
}

# kernel_known FLAVOUR - an error unless it is a supported or a self-built kernel
kernel_known() { [[ -n $(kernel_config "$1") ]] || kernel_stem "$1" >/dev/null; }

# kernel_stem FLAVOUR - the package stem of a supported kernel, or an error
kernel_stem() {
	local flavour stem
	while read -r flavour stem _; do
		if [[ $flavour == "$1" ]]; then
			printf '%s\n' "$stem"
			return 0
		fi
	done <"$RTLAT_ROOT/ci/matrix"
	die "KERNEL=$1: not a supported kernel (ci/matrix has: $(kernel_flavours); ci/kernels has: $(kernels_built))"
}

# kernel_flavours - the supported kernels, on one line
kernel_flavours() { awk '$1 !~ /^#/ && NF { printf "%s%s", s, $1; s = " " }' "$RTLAT_ROOT/ci/matrix"; }

# kernels_built - the kernels that are built here, on one line
kernels_built() { (cd "$RTLAT_ROOT/ci/kernels" && printf '%s\n' *.config) | sed 's/\.config$//' | paste -sd ' '; }

# download PACKAGE... - into the current folder, with one retry on fresh lists
download() {
	local get=(apt-get -qq -o APT::Sandbox::User=root download "$@")
	"${get[@]}" 2>apt.log && return 0
	[[ $(id -u) -eq 0 ]] && apt-get -qq update >>apt.log 2>&1 && "${get[@]}" 2>>apt.log && return 0
	die "cannot download $*: $(tail -n 1 apt.log)"
}

# The distribution's source of the newest supported kernel.
RTLAT_SOURCE=linux-source-6.12

# source_version - of that package; nothing when there are no package lists
source_version() { apt-cache policy "$RTLAT_SOURCE" | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'; }

# source_unpack TREE [GLOB...] - download the package into the current folder and
# unpack it to TREE: all of it, or what these globs of tar's name
source_unpack() {
	say "fetching $RTLAT_SOURCE"
	download "$RTLAT_SOURCE"
	mkdir "$1"
	# the .deb's one large member is itself a compressed tar
	dpkg-deb --fsys-tarfile ./*.deb | tar -xO --wildcards './usr/src/*.tar.xz' |
		xz -dc -T0 | tar -x -C "$1" --strip-components=1 --wildcards "${@:2}"
	rm -f -- ./*.deb
}
