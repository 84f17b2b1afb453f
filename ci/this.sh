#!/usr/bin/env bash
# Make this machine ready to be the host itself (HOST=this): its own kernel
# becomes the flavour "this" under build/kernels/, the module is built for it,
# and KVM is tried with a short boot. When it cannot be the host, the reason is
# the last line of stdout and the exit status 1.
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

refuse() {
	printf '%s\n' "$*"
	exit 1
}

release=$(uname -r)
modules=/lib/modules/$release
image=/boot/vmlinuz-$release
[[ $(id -u) -eq 0 ]] || refuse "only root can load modules"
[[ -d $modules ]] || refuse "$modules: no modules of the running kernel"
[[ -e $modules/build/Makefile ]] || refuse "$modules/build: no headers of the running kernel (package linux-headers-$release)"
[[ -r $image ]] || refuse "$image: no image of the running kernel, so no guest with the same one"
[[ ! -d /sys/module/rtlat ]] || refuse "rtlat is loaded already (rmmod rtlat)"

top=$RTLAT_BUILD/kernels/this
mkdir -p "$top"
ln -sfn "$image" "$top/vmlinux"
ln -sfn "$modules" "$top/modules"
ln -sfn "$modules/build" "$top/headers"
printf '%s\n' "$release" >"$top/release"
if ! make -s -C "$RTLAT_ROOT" module KERNEL=this KDIR="$modules/build" >"$top/build.log" 2>&1; then
	refuse "the module does not build for $release: $(grep -m 1 -i error "$top/build.log")"
fi
kvm=$("$RTLAT_ROOT/ci/probe-kvm.sh" this) || refuse "$kvm"
printf '%s\n' "$kvm"
