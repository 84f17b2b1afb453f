#!/usr/bin/env bash
# In the host: the same thing measured by rtlat, by the kernel's timerlat and by
# cyclictest: releases every millisecond, SCHED_FIFO 95, CPU 0, from idle. One
# after the other, then beside each other. ci/crosscheck.sh starts it and judges.
#
# usage: crosscheck-host.sh FOLDER COUNT
#	FOLDER/alone, FOLDER/together, FOLDER/raw: cells of rtlat; FOLDER/raw.txt:
#	what recount says; FOLDER/timerlat-*: CONTEXT LATENCY-NS AT-US of each
#	sample; FOLDER/cyclictest-*: NS NUMBER, its histogram
set -euo pipefail

out=$1 count=$2
period_us=1000 prio=95
tracefs=/sys/kernel/tracing
instance=$tracefs/instances/rtlat-crosscheck
debugfs=/sys/kernel/debug/rtlat
# timerlat's expiries and rtlat's must not meet when both are on
apart_us=200

die() {
	printf 'crosscheck-host.sh: %s\n' "$*" >&2
	exit 1
}

# measure NAME OPTION... - rtlat, a cell
measure() {
	rtlat run --out "$out/$1" --clock "$RTLAT_CLOCK" --insns-per-us 1000 --module "$RTLAT_KO" "${@:2}" \
		mode=timer cpus=0 arm=job period_us=$period_us prio=$prio count="$count" 2>"$out/$1.log" || die "$(tail -n 1 "$out/$1.log")"
}

timerlat_on() {
	mkdir "$instance"
	echo mono >"$instance/trace_clock"
	echo 8192 >"$instance/buffer_size_kb"
	echo timerlat >"$instance/current_tracer"
}

# timerlat_off NAME - what it has seen goes to timerlat-NAME
timerlat_off() {
	echo 0 >"$instance/tracing_on"
	awk '/ timer_latency / {
		for (i = 1; i < NF; i++) {
			if ($i ~ /^[0-9]+\.[0-9]+:$/) { at = $i; sub(/:/, "", at); split(at, part, "."); at = part[1] part[2] }
			if ($i == "context") what = $(i + 1)
			if ($i == "timer_latency") ns = $(i + 1)
		}
		print what, ns, at
	}' "$instance/trace" >"$out/timerlat-$1"
	# the trace is gone with the tracer
	echo nop >"$instance/current_tracer"
	rmdir "$instance"
}

# apart PHASE_US - are timerlat's expiries far enough from that one?
apart() {
	local at irq ns _
	sleep 0.01
	timerlat_peek=$(awk '/ irq timer_latency / { print; exit }' "$instance/trace")
	read -r irq ns at < <(sed -nE 's/.* ([0-9]+)\.([0-9]+): .* (irq) timer_latency +([0-9]+) ns/\3 \4 \2/p' <<<"$timerlat_peek")
	[[ $irq == irq ]] || die "timerlat takes no samples"
	local off=$(((10#$at - ns / 1000 - $1 + 2 * period_us) % period_us))
	[[ $off -ge $apart_us && $off -le $((period_us - apart_us)) ]]
}

# cyclic NAME
cyclic() {
	cyclictest --quiet --nsecs --mlockall --affinity=0 --threads=1 --priority=$prio --interval=$period_us --loops="$count" \
		--histogram=100000 --latency=1000000 >"$out/cyclictest-$1.log" 2>&1 || die "cyclictest: $(tail -n 1 "$out/cyclictest-$1.log")"
	awk '/^[0-9]+ [0-9]+$/ && $2 > 0 { print $1 + 0, $2 + 0 }' "$out/cyclictest-$1.log" >"$out/cyclictest-$1"
	grep -q '^# Histogram Overflows: 0*$' "$out/cyclictest-$1.log" || die "cyclictest: samples beyond its histogram"
}

# probes on|off - rtlat's probes listen, but nothing is released meanwhile
probes() {
	local word
	if [[ $1 == off ]]; then
		echo stop >$debugfs/control
		rmmod rtlat
		return
	fi
	insmod "$RTLAT_KO"
	for word in mode=timer cpus=0 period_us=10000000; do
		echo "$word" >$debugfs/params
	done
	echo start >$debugfs/control
}

mountpoint -q $tracefs || mount -t tracefs none $tracefs
# nothing here uses a CPU up
echo -1 >/proc/sys/kernel/sched_rt_runtime_us

measure alone
cyclic alone
probes on
cyclic probes
probes off
measure raw --trace --raw
rtlat recount "$out/raw" >"$out/raw.txt" 2>&1 || echo "status $?" >>"$out/raw.txt"

grep -qw timerlat $tracefs/available_tracers || exit 0
echo $period_us >$tracefs/osnoise/timerlat_period_us
for file in print_stack stop_tracing_us stop_tracing_total_us; do
	echo 0 >$tracefs/osnoise/$file
done
timerlat_on
# there are never fewer than asked for
sleep "$(awk -v n="$count" -v us=$period_us 'BEGIN { print n * us / 1e6 + 0.1 }')"
timerlat_off alone

phase_us=$(awk -v us=$period_us '/metric=event_latency/ { sub(/.*start_ns=/, ""); sub(/ .*/, ""); print int($0 / 1000) % us; exit }' "$out/alone/outliers")
for try in 1 2 3 4 5 6 7 8 9 10; do
	timerlat_on
	! apart "$phase_us" || break
	timerlat_off early
	[[ $try -lt 10 ]] || die "timerlat's expiries meet rtlat's"
	sleep 0.0003
done
measure together
timerlat_off together
