#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# modprobe and rmmod of a machine that is a folder, FAKE_ROOT: called by either
# name. FAKE_ROOT/default/MODULE has the parameters; files in FAKE_ROOT/plan say
# what goes wrong:
#	MODULE-loaded-with	it does not load with parameters
#	MODULE-loaded		it does not load at all
#	MODULE-unloaded		it does not unload
#	kill-before-WORD, kill-after-WORD	rtlat is killed there, WORD modprobe or rmmod
me=${0##*/} module=$1
shift
plan=$FAKE_ROOT/plan modules=$FAKE_ROOT/sys/module
echo "$me $module${*:+ }$*" >>"$FAKE_ROOT/log"

die() {
	echo "$me: ERROR: $*" >&2
	exit 1
}

kill_rtlat() {
	[ -e "$plan/kill-$1-$me" ] || return 0
	rm "$plan/kill-$1-$me"
	kill -KILL "$PPID"
}

holder() { [ "$module" = kvm ] || [ ! -d "$modules/kvm" ] || "$@" "$modules/kvm/holders/$module"; }

kill_rtlat before
if [ "$me" = rmmod ]; then
	[ -d "$modules/$module" ] || die "Module $module is not currently loaded"
	[ ! -e "$plan/$module-unloaded" ] || die "Module $module is in use"
	[ -z "$(ls "$modules/$module/holders")" ] || die "Module $module is in use by: $(ls "$modules/$module/holders")"
	rm -r "${modules:?}/$module"
	holder rm
else
	[ ! -e "$plan/$module-loaded" ] || die "could not insert '$module': Key was rejected by service"
	[ ! -e "$plan/$module-loaded-with" ] || [ $# -eq 0 ] || die "could not insert '$module': Invalid argument"
	mkdir -p "$modules/$module/holders"
	cp -r "$FAKE_ROOT/default/$module" "$modules/$module/parameters"
	echo live >"$modules/$module/initstate"
	echo 0 >"$modules/$module/refcnt"
	holder touch
	for word; do
		value=${word#*=}
		# as the kernel: what it does not know it ignores
		[ -e "$modules/$module/parameters/${word%%=*}" ] || continue
		case $value in
		0) value=N ;;
		1) value=Y ;;
		esac
		echo "$value" >"$modules/$module/parameters/${word%%=*}"
	done
	# one follows from the other
	[ "$(cat "$modules/$module/parameters/enable_apicv" 2>/dev/null)" != N ] ||
		echo N >"$modules/$module/parameters/enable_ipiv"
fi
kill_rtlat after
exit 0
