# shellcheck shell=bash
# What the parts of a benchmark that run in a host share: figures, runs of the module
# through debugfs, an instance of ftrace. $out is the part's folder.

debugfs=/sys/kernel/debug/rtlat
tracefs=/sys/kernel/tracing
instance=$tracefs/instances/rtlat-bench

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# put NAME=NUMBER... - figures
# shellcheck disable=SC2154
put() { printf '%s\n' "$@" >>"$out/figures"; }

# prepare - nothing uses a CPU up and is throttled; ftrace is there
prepare() {
	echo -1 >/proc/sys/kernel/sched_rt_runtime_us
	mountpoint -q $tracefs || mount -t tracefs none $tracefs
}

status() { sed -n "s/^$1=//p" $debugfs/status; }

# ledger LINE... - the sum of these lines over metrics and CPUs
ledger() {
	awk -v lines=" $* " '{
		for (i = 1; i <= NF; i++)
			if (split($i, part, "=") == 2 && index(lines, " " part[1] " ")) sum += part[2]
	} END { print sum + 0 }' $debugfs/ledger
}

# parameters WORD... - all others as they are by default
parameters() {
	local word lines
	mapfile -t lines <$debugfs/params
	for word in "${lines[@]}"; do
		echo "${word%%=*}=" >$debugfs/params
	done
	for word in "$@"; do
		echo "$word" >$debugfs/params || die "$word: refused"
	done
}

# start - a run; fails when the module refuses it
start() { { echo start >$debugfs/control; } 2>/dev/null; }

# settled - wait until the run has come to its end
settled() {
	local tries
	for ((tries = 0; tries < 3000; tries++)); do
		[[ $(status state) != "done" ]] || return 0
		sleep 0.02
	done
	die "the run does not end"
}

# closed - an error unless every ledger closes, and all steps sum up
closed() {
	[[ $(status ledger_closes) == 1 && $(status sum_failed) == 0 ]] || die "a ledger does not close, or steps do not sum up"
}

# instance_begin KIB [record-cmd] - where events go; as rtlat record makes it, or as
# ftrace has it by default
instance_begin() {
	local was
	was=$(<$tracefs/options/record-cmd)
	echo "${2:-0}" >$tracefs/options/record-cmd
	mkdir $instance
	echo "$was" >$tracefs/options/record-cmd
	echo mono >$instance/trace_clock
	echo "$1" >$instance/buffer_size_kb
}

instance_end() {
	echo nop >$instance/current_tracer
	rmdir $instance
}
