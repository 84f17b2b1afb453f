#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0
# Which instructions of rtlat's own lie inside each interval, from every instruction
# that an emulated host executes. Two steps:
#
#   profile.pl log SOCKET LOG BYTES
#	tells QEMU by its monitor to write down each instruction, until LOG is of
#	that size, and then to end
#   profile.pl read LOG SYMBOLS FUNCTIONS
#	prints METRIC OWN LENGTH RELEASES, means of the releases in LOG; SYMBOLS is
#	that kernel's /proc/kallsyms; FUNCTIONS gets the instructions of each
#	function of rtlat in a release
#
# Own are the module's functions, ftrace's trampolines to them, the tracepoints'
# callers, and the clock as far as these read it.
use strict;
use warnings;
# addresses of the kernel
no warnings 'portable';
use IO::Socket::UNIX;

# an interval by the stamps at its ends; release_latency begins with the interrupt
my @metrics = (
	[ 'event_latency', 'irq', 'isr' ], [ 'release_latency', 'irq', 'cb_in' ],
	[ 'release_overhead', 'cb_in', 'cb_out' ], [ 'wake_gap', 'cb_out', 'sched' ],
	[ 'sched_overhead', 'sched', 'swtch' ], [ 'cxs_overhead', 'swtch', 'cxs' ],
	[ 'start_gap', 'cxs', 'start' ], [ 'thread_latency', 'irq', 'start' ],
	[ 'arm_overhead', 'before', 'after' ],
);
# which function takes which stamps, in their order; the last one of several counts
my %stamps = (
	rtlat_probe_timer_entry => ['isr'], rtlat_release_fn => [ 'cb_in', 'cb_out' ], rtlat_hook_sched => ['sched'],
	rtlat_probe_sched_entry => ['sched'], rtlat_probe_sched_switch => ['swtch'], rtlat_hook_finish => ['cxs'],
	rtlat_job_stamp => ['start'], rtlat_arm => [ 'before', 'after' ],
);

sub fail { die 'profile.pl: ', @_, "\n" }

sub log_instructions {
	my ($socket, $log, $bytes) = @_;
	my $monitor = IO::Socket::UNIX->new($socket) or fail("$socket: $!");
	my $tries = 0;
	$monitor->autoflush(1);
	print $monitor "singlestep on\nlog exec,nochain\n";
	while ((-s $log // 0) < $bytes) {
		select undef, undef, undef, 0.1;
		fail("$log: nothing is written there") if $tries++ > 3000;
	}
	print $monitor "log none\nquit\n";
	# until QEMU has closed it
	1 while <$monitor>;
}

# symbols FILE - code, by address; labels of the linker's between functions are none
sub symbols {
	my ($file) = @_;
	my @found;
	open my $in, '<', $file or fail("$file: $!");
	while (<$in>) {
		next unless /^([0-9a-f]+) [tTwW] (\S+)/;
		push @found, [ hex $1, $2 ] unless $2 =~ /^__.*_(start|end)$/;
	}
	close $in;
	@found or fail("$file: no symbols");
	return [ sort { $a->[0] <=> $b->[0] } @found ];
}

# name_of SYMBOLS ADDRESS - its function; a trampoline has none
sub name_of {
	my ($symbols, $at) = @_;
	my ($low, $high) = (0, $#$symbols);
	while ($low < $high) {
		my $middle = int(($low + $high + 1) / 2);
		if ($symbols->[$middle][0] <= $at) { $low = $middle } else { $high = $middle - 1 }
	}
	# modules and trampolines share a region, and the kernel ends long before it
	return 'trampoline' if $at - $symbols->[$low][0] > 0x10000;
	return $symbols->[$low][1];
}

# one_release STEPS - [NAME, first of a call] each: own and all instructions by metric
sub one_release {
	my ($steps, $functions) = @_;
	my (%at, %own_at, %reads);
	my ($own, $count, $mine, $who) = (0, 0, 0, '');
	for my $step (@$steps) {
		my ($name, $entered) = @$step;
		if ($name =~ /^(ktime_get_mono_fast_ns|read_tsc|__x86_indirect_thunk)/) {
			if ($mine && $name eq 'read_tsc' && $entered && $stamps{$who}) {
				my $list = $stamps{$who};
				my $stamp = $list->[$reads{$who}++] // $list->[-1];
				# of a function that is called more often the first call that counts
				if (!exists $at{$stamp} || $stamp eq 'cb_out' || ($stamp eq 'sched' && !exists $at{swtch})) {
					($at{$stamp}, $own_at{$stamp}) = ($count, $own);
				}
			}
		} else {
			$mine = $name =~ /^rtlat_|^trampoline$|^__traceiter_|^__SCT__tp_func/ ? 1 : 0;
			$who = $name if $name =~ /^rtlat_/;
			($at{irq}, $own_at{irq}) = ($count, $own) if !exists $at{irq};
		}
		$own++, $functions->{$name}++ if $mine;
		$count++;
	}
	my %found;
	for my $metric (@metrics) {
		my ($name, $from, $to) = @$metric;
		return undef if !exists $at{$from} || !exists $at{$to} || $at{$to} < $at{$from};
		$found{$name} = [ $own_at{$to} - $own_at{$from}, $at{$to} - $at{$from} ];
	}
	return \%found;
}

sub read_log {
	my ($log, $symbols_file, $functions_file) = @_;
	my $symbols = symbols($symbols_file);
	my ($entry) = map { $_->[0] } grep { $_->[1] eq 'asm_sysvec_apic_timer_interrupt' } @$symbols;
	my %start = map { $_->[0] => 1 } @$symbols;
	my (%names, @steps, @releases, %functions);
	defined $entry or fail("$symbols_file: no timer interrupt");
	my $finish = sub {
		my %of;
		my $found = grep({ $_->[0] eq 'rtlat_release_fn' } @steps) ? one_release(\@steps, \%of) : undef;
		@steps = ();
		return if !$found;
		push @releases, $found;
		$functions{$_} += $of{$_} for keys %of;
	};
	open my $in, '<', $log or fail("$log: $!");
	while (<$in>) {
		next unless m{^Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/};
		my $at = hex $1;
		$finish->() if $at == $entry;
		$names{$at} //= name_of($symbols, $at);
		push @steps, [ $names{$at}, $start{$at} ];
	}
	close $in;
	# what the log ends with is no whole release
	@releases or fail("$log: no release is in it");
	for my $metric (map { $_->[0] } @metrics) {
		my ($own, $all) = (0, 0);
		for my $release (@releases) {
			$own += $release->{$metric}[0];
			$all += $release->{$metric}[1];
		}
		printf "%s %.1f %.1f %d\n", $metric, $own / @releases, $all / @releases, scalar @releases;
	}
	open my $out, '>', $functions_file or fail("$functions_file: $!");
	printf $out "%.1f %s\n", $functions{$_} / @releases, $_
		for sort { $functions{$b} <=> $functions{$a} || $a cmp $b } keys %functions;
	close $out or fail("$functions_file: $!");
}

my $what = shift // '';
if ($what eq 'log' && @ARGV == 3) { log_instructions(@ARGV) }
elsif ($what eq 'read' && @ARGV == 3) { read_log(@ARGV) }
else { fail('usage: profile.pl log SOCKET LOG BYTES | read LOG SYMBOLS FUNCTIONS') }
