#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Mutants of the places where the module counts: each must be noticed by
# selftests/counts.sh, on the instruction clock or on four CPUs of an emulated
# host. Those that are not must be in selftests/survivors with a reason.
#
# A mutant may spoil its machine, or hang it: then another one goes on. What was
# found stays in build/sites until the module or the tests change, so that it goes
# on where it was.
#
# usage: site-mutants.pl [--list]
#	--list	what the mutants are, and nothing more
# JOBS=	emulated hosts at a time (1)
use strict;
use warnings;
use Cwd 'abs_path';
use FindBin;
use lib "$FindBin::Bin/../ktests";
use Mutate qw(slurp read_reasons report);

my $root = abs_path("$FindBin::Bin/..");
my $build = $ENV{RTLAT_BUILD} // "$root/build";
my $out = "$build/sites";
# a machine that has not finished a run of a mutant by then hangs, in seconds; one
# that is starting
my ($hangs_s, $starts_s) = (60, 300);
# of these alone, and of all mutants, these and those of the pure files
my ($least_percent, $least_of_all) = (80, 90);
# machines that may fail before their first mutant
my $tries = 3;
my $jobs = $ENV{JOBS} // 1;
my %host = (insn => '--clock instructions', smp => '--clock none --smp 4');

sub run { return system('/bin/bash', '-c', $_[0]) == 0 }
sub lines { return -e $_[0] ? split /\n/, slurp($_[0]) : () }

sub write_file {
	my ($path, $text) = @_;
	open my $file, '>', $path or die "$path: $!\n";
	print $file $text;
	close $file or die "$path: $!\n";
}

run("'$root/selftests/build-sites.pl' '$root/build/kernels/6.1/headers' '$out'") or exit 1;
my %site = map { my ($n, $file, $key) = split /\t/; $n => [$file, $key] } lines("$out/sites");
if (@ARGV && $ARGV[0] eq '--list') {
	print "$_: $site{$_}[1]\n" for sort { $a <=> $b } keys %site;
	exit 0;
}
my $tests = `cd '$root' && cat '$out/tree'/module/*.c '$out/tree'/module/*.h selftests/counts* selftests/functions.sh | sha256sum`;
if ($tests ne (-e "$out/tests" ? slurp("$out/tests") : '')) {
	unlink glob "$out/*.results*";
	write_file("$out/tests", $tests);
}
run("make -C '$root' module userspace KERNEL=6.1 >'$out/make.log' 2>&1") or die "site-mutants.pl: see $out/make.log\n";
chomp(my $ksft = `'$root/ci/source.sh'`);

# host WHERE, PART - one machine after the other, until all of the part are judged
sub host {
	my ($where, $part) = @_;
	my $results = "$part.results";
	my $failed = 0;
	unlink "$results.now";
	while (1) {
		my %done = map { (split /\t/)[0] => 1 } lines($results);
		my @left = grep { !$done{(split /\t/)[0]} } lines($part);
		return unless @left;
		my $before = keys %done;
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			open STDOUT, '>', "$part.log";
			open STDERR, '>&STDOUT';
			exec "$root/ci/run.sh", split(/ /, $host{$where}), qw(--kernel 6.1 --timeout 36000 --rw), $out, '--',
				"KSFT_DIR=$ksft/tools/testing/selftests exec bash $root/selftests/counts.sh $out/rtlat.ko $part $results";
			die;
		}
		local $SIG{TERM} = sub { kill 'TERM', $pid; waitpid $pid, 0; exit 1 };
		my ($last, $since, $hung) = ('', time, 0);
		while (waitpid($pid, 1) == 0) {
			sleep 1;
			my $now = join '', lines("$results.now");
			($last, $since) = ($now, time) if $now ne $last;
			my $unfit = grep { /^0\tkilled/ } lines($results);
			next if !$unfit && time - $since < ($last eq '' ? $starts_s : $hangs_s);
			kill 'TERM', $pid;
			waitpid $pid, 0;
			$hung = !$unfit;
			last;
		}
		my $status = $? >> 8;
		%done = map { (split /\t/)[0] => 1 } lines($results);
		my ($now) = split / /, (lines("$results.now"))[0] // '';
		if (defined $now && $now =~ /^\d+$/ && !$done{$now}) {
			open my $append, '>>', $results or die "$results: $!\n";
			print $append "$now\tkilled\tthe machine " . ($hung ? 'hung' : 'was lost') . "\n";
			close $append;
		} elsif ($before == keys %done) {
			die "site-mutants.pl: the emulated host does not work, see $part.log\n" if ++$failed == $tries;
		}
		unlink "$results.now";
		my ($itself) = grep { /^0\tkilled/ } lines($results);
		next unless $itself;
		unlink $results;
		die "site-mutants.pl: the module itself does not pass: ", (split /\t/, $itself)[2], "\n";
	}
}

# judge WHERE, NUMBERS - what the machines say of them
sub judge {
	my ($where, @numbers) = @_;
	my @pids;
	my $begin = time;
	for my $job (1 .. $jobs) {
		my $part = "$out/$where.$job";
		# the module as it is comes first, and must survive
		write_file($part, join '', "0\tnone\n", map { "$_\t$site{$_}[1]\n" } grep { $_ % $jobs == $job - 1 } @numbers);
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			host($where, $part);
			exit 0;
		}
		push @pids, $pid;
	}
	local $SIG{TERM} = local $SIG{INT} = sub { kill 'TERM', @pids; 1 while wait > 0; exit 1 };
	my ($said, %how) = ($begin);
	while (@pids) {
		my $pid = waitpid -1, 1;
		die "site-mutants.pl: a host failed\n" if $pid > 0 && $?;
		@pids = grep { $_ != $pid } @pids;
		%how = map { my ($n, $how, $by) = split /\t/; $n => "$how " . ($by // '') } map { lines($_) } glob "$out/$where.*.results";
		sleep 1 if @pids && $pid <= 0;
		next if time - $said < (-t STDERR ? 1 : 60);
		$said = time;
		my $done = grep { exists $how{$_} } @numbers;
		my $text = sprintf 'sites, %s: %d of %d, %d s', $where, $done, scalar @numbers, time - $begin;
		print STDERR -t STDERR ? "\r$text\e[K" : "$text\n";
	}
	print STDERR "\r\e[K" if -t STDERR;
	return \%how;
}

my @all = sort { $a <=> $b } keys %site;
my $how = judge('insn', @all);
my $smp = judge('smp', grep { ($how->{$_} // '') =~ /^survived/ } @all);
$how->{$_} = $smp->{$_} for grep { exists $smp->{$_} } @all;
write_file("$out/results", join '', map { "$_\t$how->{$_}\t$site{$_}[1]\n" } grep { exists $how->{$_} } @all);
my $bad = report('site-mutants', $least_percent, read_reasons("$root/selftests/survivors"), map { [$site{$_}[0], $site{$_}[1], $how->{$_} // 'lost'] } @all);
my @pure = map { (split /\t/)[1] } lines("$build/mutants/results");
if (!@pure) {
	print "of the pure files there are no results (ktests/mutants.pl): all together are not judged\n";
	exit $bad;
}
my ($noticed, $survived) = (0, 0);
for my $of (@pure, map { $how->{$_} // () } @all) {
	$noticed++ if $of =~ /^killed/;
	$survived++ if $of =~ /^survived/;
}
my $percent = 100 * $noticed / ($noticed + $survived);
printf "%swith those of the pure files %d of %d are noticed, %.1f %%, of at least %d %%\n",
	$percent < $least_of_all ? 'FAIL ' : '', $noticed, $noticed + $survived, $percent, $least_of_all;
exit($bad || $percent < $least_of_all ? 1 : 0);
