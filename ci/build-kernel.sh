#!/usr/bin/env bash
# Build a kernel from the distribution's linux-source package, for what no
# distribution's kernel has: tinyconfig, the options of ci/kernels/host, and
# those of ci/kernels/FLAVOUR.config, each of which must be had.
#
# build/kernels/FLAVOUR/ gets the files that ci/kernel.sh makes of a package.
# They are kept under a hash of all that they are made of, so a second call has
# nothing to do. The whole source (1.7 GB) is there only while it builds.
#
# usage: build-kernel.sh FLAVOUR		(ci/kernel.sh calls it)
#	--check FLAVOUR		says whether it is there, and builds nothing
set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

check=0
if [[ ${1:-} == --check ]]; then
	check=1
	shift
fi
[[ $# -eq 1 ]] || die "usage: build-kernel.sh [--check] FLAVOUR"
flavour=$1
top=$RTLAT_BUILD/kernels/$flavour
fragment=$(kernel_config "$flavour")
[[ -n $fragment ]] || die "$flavour: not a kernel that is built here (ci/kernels has: $(kernels_built))"
options=("$RTLAT_ROOT/ci/kernels/host" "$fragment")
cc=gcc-12

# key - of all that the kernel is made of; without package lists, and so without
# the source's version, that of the kernel there is
key() {
	local version
	version=$(source_version)
	[[ -n $version ]] || version=$(cat "$top/.version" 2>/dev/null || true)
	[[ -n $version ]] || die "$RTLAT_SOURCE: not in the package lists (run: apt-get update)"
	printf '%s\n' "$version" >"$tmp/version"
	{
		cat "$tmp/version" "${options[@]}" "$RTLAT_ROOT/ci/build-kernel.sh"
		"$cc" -dumpfullversion
	} | sha256sum | cut -c 1-16
}

# kbuild ARGUMENT... - the kernel's make, for the tree in obj
kbuild() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$tmp/source" O="$tmp/obj" ARCH=x86_64 CC="$cc" HOSTCC="$cc" \
		KBUILD_BUILD_USER=rtlat KBUILD_BUILD_HOST=rtlat "$@"
}

# configure - and every option is as it was asked for, or is named
configure() {
	local line name missing=0
	kbuild tinyconfig
	(cd "$tmp/obj" && "$tmp/source/scripts/kconfig/merge_config.sh" -m -O . .config "${options[@]}")
	kbuild olddefconfig
	while read -r line; do
		name=${line#\# }
		name=${name%%[= ]*}
		if [[ $line == '#'* ]]; then
			# an option that cannot be had is not mentioned at all
			! grep -q "^$name=" "$tmp/obj/.config" && continue
		else
			grep -qxF -- "$line" "$tmp/obj/.config" && continue
		fi
		say "$name: wanted \"$line\", got \"$(grep -wE "$name" "$tmp/obj/.config" || echo nothing)\""
		missing=1
	done < <(grep -hE '^(CONFIG_|# CONFIG_[A-Z0-9_]+ is not set)' "${options[@]}")
	[[ $missing -eq 0 ]]
}

# step WHAT COMMAND... - its output goes to the log, whose end is shown if it fails
step() {
	local what=$1
	shift
	if ! "$@" >>"$tmp/log" 2>&1; then
		grep -E 'build-kernel.sh:|error|Error' "$tmp/log" | tail -n 20 >&2
		cp "$tmp/log" "$top/build.log"
		die "$flavour: $what failed, see $top/build.log"
	fi
}

# lay_out - tree/: the image, its modules, and a KDIR, as Debian's packages have them
lay_out() {
	local release tree=$tmp/tree
	release=$(<"$tmp/obj/include/config/kernel.release")
	mkdir -p "$tree/boot" "$tree/usr/src" "$tree/lib/modules/$release"
	cp "$tmp/obj/arch/x86/boot/bzImage" "$tree/boot/vmlinuz-$release"
	cp "$tmp/obj/System.map" "$tree/boot/System.map-$release"
	cp "$tmp/obj/.config" "$tree/boot/config-$release"
	objcopy --strip-debug "$tmp/obj/vmlinux" "$tree/boot/vmlinux-$release"
	kbuild INSTALL_MOD_PATH="$tree" INSTALL_MOD_STRIP=1 DEPMOD=true modules_install
	depmod -b "$tree" "$release"
	kbuild run-command "KBUILD_RUN_COMMAND=\${srctree}/scripts/package/install-extmod-build $tree/usr/src/linux-headers-$release"
	cp "$tmp/obj/.config" "$tree/usr/src/linux-headers-$release/.config"
	# Debian's kernels read this: modules are built with the kernel's own compiler
	printf 'CC = %s\n' "$cc" >"$tree/usr/src/linux-headers-$release/.kernelvariables"
	ln -sfn "../../../usr/src/linux-headers-$release" "$tree/lib/modules/$release/build"
	rm -f "$tree/lib/modules/$release/source"
	printf '%s\n' "$release" >"$tree/release"
	cp "$tmp/version" "$tree/.version"
	chmod 755 "$tree"
}

mkdir -p "$top"
tmp=$(mktemp -d "$top/.build.XXXXXX")
remove_at_exit "$tmp"
tree=built-$(key)
if [[ $check -eq 1 ]]; then
	[[ -e $top/$tree && $(readlink "$top/.tree" 2>/dev/null) == "$tree" ]]
	exit
fi
if [[ ! -e $top/$tree ]]; then
	begin=$SECONDS
	cd "$tmp"
	source_unpack source
	mkdir obj
	step configuration configure
	say "$flavour: building it, this takes some minutes"
	step 'the build' kbuild -j "$(nproc)" bzImage modules
	step 'the layout' lay_out
	mv -T "$tmp/tree" "$top/$tree"
	cd "$RTLAT_ROOT"
	say "$flavour: built in $((SECONDS - begin)) s"
fi
if [[ $(readlink "$top/.tree" 2>/dev/null) != "$tree" ]]; then
	release=$(<"$top/$tree/release")
	ln -sfn "$tree/boot/vmlinuz-$release" "$top/vmlinuz"
	ln -sfn "$tree/boot/vmlinux-$release" "$top/vmlinux"
	ln -sfn "$tree/lib/modules/$release" "$top/modules"
	ln -sfn "$tree/usr/src/linux-headers-$release" "$top/headers"
	ln -sfn "$tree/.version" "$top/.version"
	cp "$top/$tree/release" "$top/release.new"
	mv "$top/release.new" "$top/release"
	ln -sfn "$tree" "$top/.tree"
	# one kernel of each flavour is enough
	find "$top" -mindepth 1 -maxdepth 1 -type d -name 'built-*' ! -name "$tree" -exec rm -rf {} +
fi
