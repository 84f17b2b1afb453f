# shellcheck shell=bash
# What demo and sweep have in common: everything that a host needs before it is
# started, and cells run on one.
#
# A set of cells runs on a host of its own: an emulated host, which is booted for
# it (HOST=emulated: QEMU's, bochs: an Intel one), or this machine (HOST=this).

# host_prepare KIND FLAVOUR - sets host (emulated, bochs, or this, which falls back
# and says why), host_cpus (bochs: those of the machine), flavour, release and ko;
# everything is built and unpacked then
host_prepare() {
	local reason role file config
	host=$1 flavour=$2
	export PATH=$RTLAT_BUILD/userspace:$PATH
	[[ $(id -u) -eq 0 ]] || die "only root can do this (make says how)"
	case $host in
	emulated | bochs) ;;
	this)
		# what a run before was killed too fast to put back
		"$RTLAT_BUILD/userspace/rtlat" restore || exit 1
		# Its kernel, under a flavour of its own.
		if reason=$("$RTLAT_ROOT/ci/this.sh"); then
			flavour=this
		else
			say "HOST=this: $reason; the emulated host is used"
			host=emulated
		fi
		;;
	*) die "HOST=$host: not one of emulated, bochs, this" ;;
	esac
	[[ $host == this ]] || "$RTLAT_ROOT/ci/kernel.sh" "$flavour" image
	release=$(<"$RTLAT_BUILD/kernels/$flavour/release")
	ko=$RTLAT_BUILD/module/$release/rtlat.ko
	for file in "$RTLAT_BUILD/userspace/rtlat" "$ko"; do
		[[ -e $file ]] || die "$file: not built (run: make module userspace)"
	done
	if [[ $host == bochs ]]; then
		"$RTLAT_ROOT/ci/bochs.sh" --prepare --kernel "$flavour" || exit 1
		host_cpus=$("$RTLAT_ROOT/ci/probe-bochs.sh" "$flavour") || exit 1
	else
		for role in host guest; do
			"$RTLAT_ROOT/ci/initramfs.sh" "$flavour" "$role" >"/dev/null"
		done
	fi
	# provenance, for `rtlat collect`
	RTLAT_GIT=$(git -C "$RTLAT_ROOT" describe --always --dirty 2>/dev/null || echo unknown)
	config=$(dirname "$(realpath "$RTLAT_BUILD/kernels/$flavour/vmlinux")")/config-$release
	RTLAT_KERNEL_CONFIG_HASH=$(sha256sum "$config" 2>/dev/null | cut -c 1-16 || true)
	export RTLAT_GIT RTLAT_KERNEL_CONFIG_HASH
}

# host_where - reads lines of `rtlat matrix`, puts the clock of the emulated host
# that a cell runs on before each: instructions where it can, else none. Bochs has
# no other clock.
host_where() {
	awk -F '\t' -v host="$host" '
		host == "bochs" { if ($3 != "wall") print "instructions\t" $0; next }
		{ print ($3 != "wall" && $4 == 1 ? "instructions" : "none") "\t" $0 }'
}

# host_emulates - is it one that was booted for the cells?
host_emulates() { [[ $host != this ]]; }

# host_run CLOCK CPUS LIMIT KEEP FOLDER CELLS.SH-ARGUMENT... - ci/cells.sh on a host
# of its own with FOLDER shared; the host's log is left in the folder KEEP. Runs
# in a subshell of its own, which passes a kill on. An Intel host gets two CPUs when
# its emulator has them: interrupts are posted from one to the other.
host_run() {
	local clock=$1 cpus=$2 wall=$3 keep=$4 folder=$5 child options file
	shift 5
	if [[ $host == this ]]; then
		RTLAT_HOST=this RTLAT_KERNEL=this RTLAT_CLOCK=hardware RTLAT_KO=$ko "$RTLAT_ROOT/ci/cells.sh" "$@" &
	elif [[ $host == bochs ]]; then
		options=(--timeout "$wall" --smp "$host_cpus" --rw "$folder" --keep "$keep")
		# guests run on the second one, their posted timers fire on the first
		[[ $host_cpus -eq 1 ]] || options+=(--append "isolcpus=domain,managed_irq,1 nohz_full=1 rcu_nocbs=1")
		for file in "$@"; do
			[[ ! -f $file ]] || options+=(--file "$file")
		done
		"$RTLAT_ROOT/ci/bochs.sh" --kernel "$flavour" "${options[@]}" -- "ci/cells.sh $(printf '%q ' "$@")" &
	else
		options=(--clock "$clock" --timeout "$wall" --mem 1536 --rw "$folder" --keep "$keep")
		[[ $clock == instructions ]] || options+=(--smp "$cpus")
		# A nested guest with several CPUs does not come up on one thread.
		[[ $clock == instructions || $cpus -eq 1 || " $* " != *" kvm"* ]] || options+=(--threads multi)
		"$RTLAT_ROOT/ci/run.sh" --kernel "$flavour" "${options[@]}" -- "ci/cells.sh $(printf '%q ' "$@")" &
	fi
	child=$!
	# shellcheck disable=SC2064
	trap "kill $child 2>/dev/null; gone $child; exit 143" TERM
	wait "$child"
}

# host_lost STATUS - an emulated host that was lost or out of time: nested guests
# have been seen to stop theirs (a thread of QEMU spins)
host_lost() { host_emulates && [[ $1 -eq "$RTLAT_TIMEOUT" || $1 -eq "$RTLAT_LOST" ]]; }
