#!/usr/bin/env bash
# Make the root file system of an emulated host that has no share of the build
# machine's files (ci/bochs.sh), when it is out of date: build/boot/FLAVOUR-root.img,
# its path on stdout. It has what ci/cells.sh and ci/guest.sh need, each file where
# the build machine has it: the distribution's basic tools, QEMU with the firmware
# of a guest, ci/, the rtlat command, rtlat.ko, the kernel with KVM's modules, and
# the guest's initramfs.
#
# usage: root-image.sh FLAVOUR
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# -eq 1 ]] || die "usage: root-image.sh FLAVOUR"
flavour=$1
out=$RTLAT_BUILD/boot/$flavour-root.img
link=$RTLAT_BUILD/kernels/$flavour
kernel=$(realpath "$link")
[[ -e $kernel/release && -e $kernel/modules ]] || die "$kernel: no kernel there (run: ci/kernel.sh $flavour image)"
release=$(<"$kernel/release")
guest=$("$RTLAT_ROOT/ci/initramfs.sh" "$flavour" guest)

# all programs of these packages
packages=(bash coreutils cpio diffutils findutils grep kmod mawk mount procps sed tar util-linux)
qemu=(/usr/bin/qemu-system-x86_64 /usr/share/seabios
	/usr/share/qemu/{kvmvapic.bin,linuxboot.bin,linuxboot_dma.bin,pvh.bin,qboot.rom})
# the project's: links and what they lead to, since paths are compared
modules=$(realpath "$kernel/modules")
project=("$RTLAT_ROOT/ci" "$RTLAT_BUILD/userspace/rtlat" "$RTLAT_BUILD/module/$release/rtlat.ko" "$guest" "$guest.inputs"
	"$kernel/release" "$kernel/modules" "$kernel/vmlinux" "$(realpath "$kernel/vmlinux")")
config=$(dirname "$(realpath "$kernel/vmlinux")")/config-$release
[[ ! -e $config ]] || project+=("$config")
# KVM and what reads a CPU's registers
for name in "$modules"/modules.* "$modules"/kernel/{arch/x86,virt}; do
	[[ ! -e $name ]] || project+=("$name")
done

stamp=$(
	dpkg-query -W "${packages[@]}" qemu-system-x86 seabios
	find "${project[@]}" -printf '%p %T@ %s\n'
	stat -c '%Y' "$RTLAT_ROOT/ci/root-image.sh"
)
if [[ -e $out && $(cat "$out.inputs" 2>/dev/null) == "$stamp" ]]; then
	printf '%s\n' "$out"
	exit 0
fi

mkdir -p "$RTLAT_BUILD/boot"
tree=$(mktemp -d "$RTLAT_BUILD/boot/.root.XXXXXX")
remove_at_exit "$tree" "$tree.new"
chmod 755 "$tree"
mkdir -p "$tree"/{dev,proc,sys,run,tmp,root,etc,var/tmp,usr/{bin,sbin,lib,lib64}}
for name in bin sbin lib lib64; do
	ln -s "usr/$name" "$tree/$name"
done
add() { (cd / && printf '%s\0' "${@#/}" | xargs -0 cp -a --parents -t "$tree"); }
for name in $(dpkg -L "${packages[@]}" | grep -E '^(/usr)?/s?bin/.'); do
	if [[ -L $name ]]; then
		add "$name"
	else
		add_program "$tree" "$name" "$name"
	fi
done
for name in sh awk; do
	[[ -e $tree/usr/bin/$name ]] || add_program "$tree" "$(realpath "$(command -v "$name")")" "/usr/bin/$name"
done
add_program "$tree" "${qemu[0]}" "${qemu[0]}"
add "${qemu[@]:1}"
add_program "$tree" "$RTLAT_BUILD/userspace/rtlat" "$RTLAT_BUILD/userspace/rtlat"
add "${project[@]}"
if [[ $link != "$kernel" ]]; then
	mkdir -p "$tree${link%/*}"
	ln -s "$kernel" "$tree$link"
fi
printf 'root:x:0:0:root:/root:/bin/bash\n' >"$tree/etc/passwd"

# A fifth more than the files need, for the file system's own.
kib=$(du -sk --apparent-size "$tree" | cut -f 1)
blocks=$((kib / 4 + kib / 20 + 8192))
truncate -s "$((blocks * 4096))" "$tree.new"
mke2fs -q -F -t ext4 -b 4096 -m 0 -O ^has_journal,^metadata_csum,^resize_inode -d "$tree" "$tree.new" "$blocks"
mv "$tree.new" "$out"
printf '%s\n' "$stamp" >"$out.inputs"
printf '%s\n' "$out"
