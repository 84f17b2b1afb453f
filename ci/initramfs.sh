#!/usr/bin/env bash
# Make the initramfs of an emulated host or of a guest, when it is out of date:
# build/boot/FLAVOUR-ROLE.cpio, its path on stdout.
#
# Both hold init (ci/init.c) and the modules that it loads, uncompressed and in
# order of loading. A guest's also holds all of its userland, as the initramfs
# stays its root: busybox, the rtlat command with its libraries, rtlat.ko.
#
# The modules are those of the machine's devices: QEMU's, or for bochs, the disk and
# the CD-ROM of ci/bochs.sh.
#
# usage: initramfs.sh FLAVOUR host|guest|bochs
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# -eq 2 ]] || die "usage: initramfs.sh FLAVOUR host|guest|bochs"
flavour=$1
role=$2
case $role in
host) modules=(virtio_pci virtio_console 9pnet_virtio 9p overlay) ;;
guest) modules=(virtio_pci virtio_console) ;;
bochs) modules=(ata_piix sd_mod sr_mod ext4 overlay) ;;
*) die "$role: not one of host, guest, bochs" ;;
esac
out=$RTLAT_BUILD/boot/$flavour-$role.cpio
kernel=$RTLAT_BUILD/kernels/$flavour
[[ -e $kernel/release && -e $kernel/modules ]] || die "$kernel: no kernel there (run: ci/kernel.sh $flavour image)"
release=$(<"$kernel/release")
rtlat=$RTLAT_BUILD/userspace/rtlat
module=$RTLAT_BUILD/module/$release/rtlat.ko

inputs=("$RTLAT_ROOT"/ci/{init.c,initramfs.sh} "$kernel/release" "$(realpath "$kernel/modules")/modules.dep")
if [[ $role == guest ]]; then
	for file in "$rtlat" "$module"; do
		if [[ -e $file ]]; then
			inputs+=("$file")
		fi
	done
fi
stamp=$(stat -c '%n %Y %s' "${inputs[@]}")
if [[ -e $out && $(cat "$out.inputs" 2>/dev/null) == "$stamp" ]]; then
	printf '%s\n' "$out"
	exit 0
fi

mkdir -p "$RTLAT_BUILD/boot"
tree=$(mktemp -d "$RTLAT_BUILD/boot/.initramfs.XXXXXX")
remove_at_exit "$tree"
chmod 755 "$tree"

# add_module KO - one step of a module's load order; a dependency comes once
add_module() {
	local name=${1##*/}
	name=${name%.xz}
	[[ ! -e $tree/rtlat/ko/$name ]] || return 0
	case $1 in
	*.xz) xz -dc "$1" >"$tree/rtlat/ko/$name" ;;
	*) cp "$1" "$tree/rtlat/ko/$name" ;;
	esac
	# Under Bochs their signatures and type information cost seconds; disk drivers
	# are in no path that is measured.
	[[ $role != bochs ]] || strip --strip-debug -R .BTF "$tree/rtlat/ko/$name"
	printf '%s\n' "$name" >>"$tree/rtlat/modules"
}

add_userland() {
	local applet
	mkdir -p "$tree"/{bin,sbin,usr/bin,usr/sbin,tmp,root,etc}
	install -m 755 "$(command -v busybox)" "$tree/bin/busybox"
	while read -r applet; do
		ln -s busybox "$tree/bin/$applet"
	done < <(busybox --list | grep -vx busybox)
	[[ ! -e $rtlat ]] || add_program "$tree" "$rtlat" /bin/rtlat
	[[ ! -e $module ]] || install -D -m 644 "$module" "$tree/rtlat/rtlat.ko"
}

mkdir -p "$tree"/{dev,proc,sys,run,rtlat/ko}
: >"$tree/rtlat/modules"
# The kernel opens it for init before devtmpfs is mounted.
gcc-12 -static -Os -Wall -Wextra -Werror -o "$tree/init" "$RTLAT_ROOT/ci/init.c"
strip "$tree/init"
base=$(realpath "$kernel/modules")
# where the devices of QEMU's microvm machine are; not every kernel has the driver
if [[ $role == guest ]] && modinfo -b "${base%/lib/modules/*}" -k "$release" -n virtio_mmio >/dev/null 2>&1; then
	modules+=(virtio_mmio)
fi
for name in "${modules[@]}"; do
	while read -r what path _; do
		[[ $what != insmod ]] || add_module "$path"
	done < <(modprobe -d "${base%/lib/modules/*}" -S "$release" --show-depends "$name")
done
[[ $role != guest ]] || add_userland

(cd "$tree" && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) >"$tree.new"
remove_at_exit "$tree.new"
mv "$tree.new" "$out"
printf '%s\n' "$stamp" >"$out.inputs"
printf '%s\n' "$out"
