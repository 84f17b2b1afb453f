# shellcheck shell=bash
# A guest's memory: in huge pages where enough of them are free, and locked where
# there is enough of it: a page that is looked for while the guest runs is an exit,
# and one that was taken away a long one.

# memory_kib NAME - of /proc/meminfo
memory_kib() { awk -v name="$1:" '$1 == name { print $2 }' /proc/meminfo; }

# memory_plan MIB - sets memory_qemu (QEMU's options), memory_lock (on or off) and
# memory_kind (for the proof)
# shellcheck disable=SC2034
memory_plan() {
	local page_kib pages kinds=()
	memory_qemu=() memory_lock=off memory_kind=pageable
	page_kib=$(memory_kib Hugepagesize) pages=$(memory_kib HugePages_Free)
	if [[ ${pages:-0} -gt 0 && $((pages * page_kib)) -ge $(($1 * 1024)) && $(($1 * 1024 % page_kib)) -eq 0 ]]; then
		memory_qemu+=(-object "memory-backend-memfd,id=memory,size=$1M,hugetlb=on,prealloc=on" -machine "memory-backend=memory")
		kinds+=(huge)
	# where times mean nothing, taking every page first is only most of the way to the boot;
	# else: what else QEMU takes, and some to go on with
	elif [[ ${RTLAT_CLOCK:-} == none || $(memory_kib MemAvailable) -lt $((($1 + 384) * 1024)) ]]; then
		return 0
	fi
	memory_lock=on
	kinds+=(locked)
	memory_kind=$(IFS=,; echo "${kinds[*]}")
}
