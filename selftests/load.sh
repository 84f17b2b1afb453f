#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: loading and unloading, and who may read what the module has
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

modes() { stat -c '%a %U:%G' "$@" | sort -u; }

# as nobody: an error, and the right one
nobody_cannot() {
	local said
	said=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$@" 2>&1 >/dev/null) && return 1
	[[ $said == *"Permission denied"* ]]
}

abi_of_header() { sed -n "s/^#define $1[[:space:]]*\"*\\([^\"]*\\)\"*\$/\\1/p" "$RT_HERE/rtlat.h"; }

need_module
plan 16

klog_mark
check "loads without parameters" rt_load
check_eq "is idle then" "$(rt_status state) $(rt_status run) $(rt_status mode)" "idle 0 idle"
check_eq "says nothing" "$(klog_new)" ""
check_eq "status has the header's ABI" "$(rt_status abi) $(rt_status version)" \
	"$(abi_of_header RTLAT_ABI) $(abi_of_header RTLAT_VERSION)"
check_eq "modinfo has the header's ABI" "$(modinfo -F rtlat_abi "$RTLAT_KO")" "$(abi_of_header RTLAT_ABI)"

check_eq "the folder is root's alone" "$(modes "$RT_DEBUGFS")" "700 root:root"
check_eq "params and control are 0600" "$(modes "$RT_DEBUGFS"/{params,control})" "600 root:root"
check_eq "results are 0400" "$(modes "$RT_DEBUGFS"/{status,ledger,summary,histograms,tasks,outliers,taskset})" "400 root:root"
check_eq "there are no other files" "$(cd "$RT_DEBUGFS" && echo ./*)" \
	"./control ./histograms ./ledger ./outliers ./params ./status ./summary ./tasks ./taskset"
# debugfs itself is closed to others: a mount that is open to all must do
if mkdir "$RT_TMP/open" && chmod 755 "$RT_TMP" && mount -t debugfs none "$RT_TMP/open" && chmod 755 "$RT_TMP/open"; then
	check "nobody cannot list the folder" nobody_cannot ls "$RT_TMP/open/rtlat"
	check "nobody cannot read status" nobody_cannot cat "$RT_TMP/open/rtlat/status"
	check "nobody cannot write control" nobody_cannot tee "$RT_TMP/open/rtlat/control"
	chmod 700 "$RT_TMP/open"
	umount "$RT_TMP/open"
else
	for what in list read write; do
		skip "nobody cannot $what" "debugfs cannot be mounted a second time"
	done
fi

check "a second module of the name is refused" eval '! rt_load 2>/dev/null'
check "unloads" rt_unload
check "leaves no folder behind" test ! -e "$RT_DEBUGFS"
check "loads again" rt_load
finish
