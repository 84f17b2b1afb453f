#!/usr/bin/env bash
# Fetch a distribution kernel without installing it: its Debian packages are
# unpacked under build/kernels/FLAVOUR/. Or build one, for a FLAVOUR that has a
# ci/kernels/FLAVOUR.config (ci/build-kernel.sh). The folder then has
#
#	release		the kernel's `uname -r`
#	vmlinuz		the image			(image)
#	vmlinux		the same, uncompressed: QEMU boots it directly	(image)
#	modules		lib/modules/RELEASE, depmod run	(image)
#	headers		a KDIR to build modules with	(headers)
#
# A tree is kept under its package version: a new Debian kernel is fetched, a
# known one is reused, also when there are no package lists (offline).
#
# usage: kernel.sh FLAVOUR [image|headers|all]
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[[ $# -ge 1 && $# -le 2 ]] || die "usage: kernel.sh FLAVOUR [image|headers|all]"
flavour=$1
want=${2:-all}
case $want in
image | headers | all) ;;
*) die "$want: not one of image, headers, all" ;;
esac
top=$RTLAT_BUILD/kernels/$flavour

# concrete META - the package, and its version, that a meta package stands for
concrete() {
	{ apt-cache show --no-all-versions "$1" 2>/dev/null || true; } |
		sed -n "s/^Depends: *\\(linux-[a-z]*-[0-9][^ ,]*\\) (= \\([^)]*\\)).*/\\1 \\2/p" | head -n 1
}

# headers_closure PACKAGE - the header packages it needs to be of any use
headers_closure() {
	printf '%s\n' "$1"
	apt-cache depends "$1" |
		awk '$1 == "Depends:" && $2 ~ /^linux-(headers|kbuild)-[0-9]/ { print $2 }'
}

# relocate_headers TREE RELEASE - nothing may point outside the unpacked tree
# (6.12 ships its BTF as a vmlinux there; with it a build would need pahole)
relocate_headers() {
	local tree=$1 dir=$1/usr/src/linux-headers-$2 common link
	common=$(sed -n 's|^include /usr/src/\([^/]*\)/Makefile$|\1|p' "$dir/Makefile")
	[[ -n $common && -d $tree/usr/src/$common ]] || die "$dir/Makefile: no common headers found in it"
	# $(dir ...) is make's, not the shell's
	# shellcheck disable=SC2016
	printf 'include $(dir $(realpath $(lastword $(MAKEFILE_LIST))))../%s/Makefile\n' "$common" >"$dir/Makefile"
	rm -f "$dir/vmlinux"
	for link in build source; do
		if [[ -L $tree/lib/modules/$2/$link ]]; then
			ln -sfn "../../..$(readlink "$tree/lib/modules/$2/$link")" "$tree/lib/modules/$2/$link"
		fi
	done
}

# vmlinux_of BZIMAGE OUT - take the kernel out of its self-extracting image: an
# emulated CPU would spend seconds on that at each boot
vmlinux_of() {
	local how magic at
	while read -r how magic; do
		while read -r at; do
			tail -c "+$((at + 1))" "$1" | "$how" -dcq 2>/dev/null >"$2" || true
			[[ $(head -c 4 "$2" | tail -c 3) != ELF ]] || return 0
		done < <(LC_ALL=C grep -obUaP "$magic" "$1" | cut -d: -f1)
	done <<-'END'
		xz \xfd\x37\x7a\x58\x5a\x00
		zstd \x28\xb5\x2f\xfd
		gzip \x1f\x8b\x08
	END
	die "$1: no kernel found in it"
}

# unpack KIND PACKAGE TREE - download and unpack; TREE appears whole or not at all
unpack() {
	local kind=$1 package=$2 tree=$3 release=${2#linux-*-} tmp deb packages
	tmp=$(mktemp -d "$top/.unpack.XXXXXX")
	remove_at_exit "$tmp"
	say "$flavour: fetching $package"
	packages=("$package")
	[[ $kind == image ]] || mapfile -t packages < <(headers_closure "$package")
	cd "$tmp"
	download "${packages[@]}"
	for deb in *.deb; do
		dpkg-deb -x "$deb" tree
		rm -f -- "$deb"
	done
	rm -rf tree/usr/share tree/usr/lib/debug
	if [[ $kind == image ]]; then
		vmlinux_of "tree/boot/vmlinuz-$release" "tree/boot/vmlinux-$release"
		depmod -b "$tmp/tree" "$release"
	else
		relocate_headers "$tmp/tree" "$release"
	fi
	printf '%s\n' "$release" >tree/release
	chmod 755 tree
	mv -T tree "$tree"
	cd "$RTLAT_ROOT"
	rm -rf "$tmp"
}

# stable_names KIND TREE - point the stable names at this tree
stable_names() {
	local kind=$1 tree=$2 release old=
	release=$(<"$top/$tree/release")
	[[ ! -e $top/release ]] || old=$(<"$top/release")
	if [[ $old != "$release" ]]; then
		rm -f "$top/vmlinuz" "$top/vmlinux" "$top/modules" "$top/headers"
		printf '%s\n' "$release" >"$top/release.new"
		mv "$top/release.new" "$top/release"
	fi
	if [[ $kind == image ]]; then
		ln -sfn "$tree/boot/vmlinuz-$release" "$top/vmlinuz"
		ln -sfn "$tree/boot/vmlinux-$release" "$top/vmlinux"
		ln -sfn "$tree/lib/modules/$release" "$top/modules"
	else
		ln -sfn "$tree/usr/src/linux-headers-$release" "$top/headers"
	fi
}

# provide KIND - image or headers
provide() {
	local kind=$1 stamp=$top/.current-$1 link=$top/vmlinuz package version tree
	[[ $kind == image ]] || link=$top/headers
	[[ -e $link && $stamp -nt /var/lib/apt/lists ]] && return 0
	read -r package version < <(concrete "linux-$kind-$stem") || true
	if [[ -z $version ]]; then
		[[ ! -e $link ]] || return 0
		die "linux-$kind-$stem: not in the package lists (run: apt-get update)"
	fi
	tree=$kind-${version//[^A-Za-z0-9.+~-]/_}
	[[ -d $top/$tree ]] || unpack "$kind" "$package" "$top/$tree"
	stable_names "$kind" "$tree"
	: >"$stamp"
}

[[ -n $(kernel_config "$flavour") ]] || stem=$(kernel_stem "$flavour")
mkdir -p "$top"
exec 9>"$top/.lock"
flock 9
if [[ -n $(kernel_config "$flavour") ]]; then
	"$RTLAT_ROOT/ci/build-kernel.sh" "$flavour"
	exit
fi
for kind in image headers; do
	[[ $want != "$kind" && $want != all ]] || provide "$kind"
done
