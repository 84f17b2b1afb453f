#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Writes what nobody should write into the module's files, reads them in odd
# pieces, and calls /dev/rtlat out of turn. Run by writes.sh.
#
# usage: writes.pl DEBUGFS-FOLDER WRITES SEED
#	 writes.pl DEBUGFS-FOLDER words SEED	no writes: prints words for insmod
#						for ever
#
# Every call must succeed or fail with an error that docs/interfaces.md knows;
# params and status must be readable and parse at any time; whatever begins to
# run is stopped. One line for each surprise, and the counts at the end; the
# status is 1 when there was a surprise.
use strict;
use warnings;
use Errno qw(EBADF EBUSY EFAULT EINTR EINVAL ENODEV ENOENT ENOTTY EPERM ESHUTDOWN ESRCH);
use Fcntl qw(:DEFAULT :seek);
use POSIX qw(:sys_wait_h);

die "usage: writes.pl FOLDER WRITES SEED\n" unless @ARGV == 3;
my ($folder, $writes, $seed) = @ARGV;
srand($seed);

my %count = (writes => 0, failed => 0, reads => 0, ioctls => 0, starts => 0, surprises => 0);
my %errors;
my @files = qw(status ledger summary histograms tasks outliers taskset params control);
my $name_of_max = join('', map { chr(97 + $_ % 26) } 0 .. 1022);

sub surprise
{
	my ($what) = @_;

	$what =~ s/([^ -~])/sprintf('\\x%02x', ord($1))/ge;
	print '# ', substr($what, 0, 300), "\n" if $count{surprises}++ < 10;
}

sub any { return $_[int(rand(@_))] }

sub content
{
	my ($name) = @_;
	my ($text, $part) = ('', '');

	sysopen(my $file, "$folder/$name", O_RDONLY) or return surprise("$name cannot be opened: $!") // '';
	while (1) {
		my $n = sysread($file, $part, 65536);
		surprise("$name cannot be read: $!") unless defined($n);
		last unless $n;
		$text .= $part;
	}
	close($file);
	$count{reads}++;
	return $text;
}

# the parameters as they are: name, value and what follows
sub params
{
	my @rows;

	for my $line (split(/\n/, content('params'), -1)) {
		next if $line eq '';
		if ($line =~ /^([a-z_]+)=([!-~]*) unit=(\S+) default=(\S*)(?: min=(\d+) max=(\d+))?$/) {
			push @rows, [$1, $2, $4, $5, $6];
		} else {
			surprise("params has the line: $line");
		}
	}
	return @rows;
}

my @names = map { $_->[0] } params();
my %words = (
	mode => [qw(idle timer ipi taskset)], arm => [qw(job callback)], task_kind => [qw(kthread user)],
	policy => [qw(fifo deadline)], ipi_kind => [qw(resched call_single call_many self)],
	distribution => [qw(light-uniform light-bimodal light-exponential medium-uniform medium-bimodal)],
	cpus => ['', '0', '0-1', '1', '0,2', '0-8191', '3-1', '0-3:1/2', 'all', 'N', '4096'],
);

sub bytes
{
	my ($max) = @_;

	return join('', map { chr(int(rand(256))) } 1 .. int(rand($max)));
}

sub number
{
	return any(0, 1, 2, 5, 64, 65, 98, 99, 1000, 5000, 10000000, 10000001, -1, '-0', '00', '+1', ' 1', '1 ', '0x10', '1e3',
		   '18446744073709551615', '999999999999999999', int(rand(20000)), int(rand(2 ** 40)));
}

# a line that may well be taken
sub sensible
{
	my $name = any(@names);
	my $value = $words{$name} ? any(@{$words{$name}}) : number();

	# most runs shall be able to begin, and leave time to stop them
	$value = any(2000, 5000, '2000,7000') if $name =~ /^(period_us|interval_us)$/ && rand() < 0.8;
	$value = any(0, 10, 100) if $name eq 'exec_us' && rand() < 0.9;
	$value = any(1, 2, 4) if $name =~ /^tasks/ && rand() < 0.8;
	$value = '' if rand() < 0.3;
	return "$name=$value";
}

sub mutated
{
	my $line = sensible();
	my $at = int(rand(length($line) + 1));
	my $how = int(rand(6));

	substr($line, $at, 0) = bytes(8) if $how == 0;
	substr($line, $at, 1) = chr(int(rand(256))) if $how == 1 && $at < length($line);
	substr($line, $at) = '' if $how == 2;
	$line .= ',' . number() for 1 .. ($how == 3 ? 1 + int(rand(70)) : 0);
	$line = "$line$line" if $how == 4;
	$line = "$line\n" . sensible() if $how == 5;
	return $line;
}

sub put
{
	my ($name, $text) = @_;
	my $done;

	sysopen(my $file, "$folder/$name", O_WRONLY) or return surprise("$name cannot be opened: $!");
	$done = syswrite($file, $text);
	$count{writes}++;
	if (!defined($done)) {
		$errors{"$!"}++;
		$count{failed}++;
		surprise("$name: '$text': $!") unless $!{EINVAL} || $!{EBUSY} || $!{ENOENT};
	} elsif ($done != length($text)) {
		surprise("$name: $done bytes of '$text' taken");
	}
	close($file);
	return defined($done);
}

sub stop { put('control', "stop\n") or surprise("stop: $!") }

# what is set can be written back, and reads the same then
sub round_trip
{
	my @before = params();
	my @after;

	for my $row (@before) {
		next if $row->[1] eq '';
		put('params', "$row->[0]=$row->[1]") or surprise("$row->[0]=$row->[1] is not taken back: $!");
		next unless defined($row->[3]);
		surprise("$row->[0]=$row->[1] is out of range") if grep { $_ < $row->[3] || $_ > $row->[4] } split(/,/, $row->[1]);
	}
	@after = params();
	surprise('params has changed') unless join('|', map { "@$_[0, 1]" } @before) eq join('|', map { "@$_[0, 1]" } @after);
	surprise('params has other lines') unless join(' ', map { $_->[0] } @after) eq join(' ', @names);
}

sub status_parses
{
	my %status;

	for my $line (split(/\n/, content('status'))) {
		if ($line =~ /^([a-z_]+)=([!-~]*)$/) { $status{$1} = $2 } else { surprise("status has the line: $line") }
	}
	surprise('status has no state') unless ($status{state} // '') =~ /^(idle|running|done)$/;
	surprise('the ledger does not close') if ($status{state} // '') eq 'done' && $status{ledger_closes} ne '1';
}

# something that has a chance to run, as a whole
sub likely
{
	my $mode = any(qw(timer timer taskset ipi));

	put('params', "$_=") for @names;
	put('params', "mode=$mode");
	if ($mode eq 'ipi') {
		put('params', 'ipi_kind=' . any(@{$words{ipi_kind}}));
	} else {
		put('params', 'task_kind=' . any(@{$words{task_kind}}));
		put('params', 'policy=' . any(@{$words{policy}}));
	}
	put('params', 'period_us=' . any(3000, 10000)) if $mode eq 'timer';
	put('params', 'tasks_per_cpu=' . any(1, 2, 3)) if $mode eq 'taskset';
	put('params', 'count=' . any(1, 5, 1000000)) if rand() < 0.5;
	put('params', sensible()) if rand() < 0.3;
}

# a piece of a file, from somewhere: what comes is what the whole would have there
sub odd_read
{
	my $name = any(@files);
	my $part = '';
	my $at = any(0, 0, 1, 100, 4095, 4096, 65537, int(rand(5000)), 2 ** 40);
	my $n;

	sysopen(my $file, "$folder/$name", any(O_RDONLY, O_RDONLY, O_RDWR)) or return surprise("$name cannot be opened: $!");
	$count{reads}++;
	if (defined(sysseek($file, $at, SEEK_SET))) {
		$n = sysread($file, $part, any(1, 7, 64, 1023, 4096, 100000));
		surprise("$name at $at: $!") unless defined($n);
		surprise("$name at $at: not text") if $part =~ /[^ -~\n]/;
	} else {
		surprise("$name cannot be positioned to $at: $!") unless $!{EINVAL};
	}
	close($file);
}

# in a child, which may become a task: calls in any order, with any argument
sub calls
{
	my @known = (EBUSY, EFAULT, EINTR, EINVAL, ENODEV, ENOENT, ENOTTY, EPERM, ESHUTDOWN, ESRCH);
	my ($join, $wait) = (0xc018b601, 0x8020b602);
	my $pid = fork() // return surprise("fork: $!");
	my $waited = 0;

	if (!$pid) {
		local $SIG{ALRM} = sub { };
		my @devices;

		for (1 .. 20) {
			my $device;
			my $arg = any(pack('L2 Q3', any(~0, 0, 1, int(rand(2 ** 32))), 0, 0, 0, 0), "\0" x 64);
			my $cmd = any($join, $join, $wait, $wait, int(rand(2 ** 32)), $join ^ (1 << int(rand(32))), $wait ^ (1 << int(rand(32))));

			push @devices, $device if sysopen($device, '/dev/rtlat', any(O_RDWR, O_RDONLY));
			$device = any(@devices) // POSIX::_exit(ENODEV);
			alarm(1);
			# 16: ioctl, also with addresses that are none
			my $got = rand() < 0.7 ? syscall(16, fileno($device), $cmd, $arg) :
				  syscall(16, fileno($device), $cmd, any(0, 1, 2 ** 47, ~0 - 4095));
			POSIX::_exit($! + 0) if $got && !grep { $! + 0 == $_ } @known;
			close(shift(@devices)) if rand() < 0.2 && @devices > 1;
		}
		POSIX::_exit(0);
	}
	$count{ioctls} += 20;
	# a call that waits for a release ends with the run or by the alarm
	while (waitpid($pid, WNOHANG) == 0) {
		select(undef, undef, undef, 0.05);
		stop() if ++$waited == 20;
		if ($waited > 1200) {
			surprise('a call of /dev/rtlat hangs');
			kill('KILL', $pid);
			waitpid($pid, 0);
			last;
		}
	}
	surprise(sprintf('a call of /dev/rtlat: signal %d, error %d', $? & 127, $? >> 8)) if $? != 0;
}

if ($writes eq 'words') {
	$| = 1;
	while (1) {
		my $line = join(' ', map { mutated() } 0 .. int(rand(3)));

		$line =~ tr/\0\n//d;
		print "$line\n" or exit(0);
	}
}

# above everything that it starts: it must be able to stop it
my $fifo = pack('l', 99);
syscall(144, 0, 1, $fifo);
$| = 1;
my ($begin, $tenths) = (time(), 0);
for (my $next = 50; $count{writes} < $writes && $count{surprises} < 10;) {
	my $what = rand();

	if ($what < 0.25) {
		put('params', any(bytes(40), bytes(40), bytes(1100), "$name_of_max=1", "$name_of_max$name_of_max", '', "\0", "=\n", "\n", '=1'));
	} elsif ($what < 0.5) {
		put('params', mutated());
	} elsif ($what < 0.8) {
		put('params', sensible() . any('', "\n"));
	} elsif ($what < 0.86) {
		put('control', any(bytes(20), 'start ', "start\nstart\n", 'STOP', '', "sta\0rt", "$name_of_max"));
	} elsif ($what < 0.868) {
		likely() if rand() < 0.7;
		if (put('control', any('start', "start\n"))) {
			$count{starts}++;
			calls() if rand() < 0.5;
			odd_read() for 1 .. int(rand(6));
			status_parses();
			put('params', sensible());
			stop();
			status_parses();
		}
	} elsif ($what < 0.89) {
		my $name = any(@files[0 .. 6]);

		# they are for reading; root may open them all the same
		if (sysopen(my $file, "$folder/$name", O_WRONLY)) {
			surprise("$name can be written") if defined(syswrite($file, bytes(30)));
			surprise("$name: $!") unless $!{EINVAL} || $!{EBADF};
		}
	} else {
		odd_read();
	}
	# the log's reader wants a CPU, too
	select(undef, undef, undef, 0.02) if $count{writes} % 100 == 0;
	next if $count{writes} < $next;
	if (int($count{writes} * 10 / $writes) > $tenths) {
		$tenths = int($count{writes} * 10 / $writes);
		printf("# %d of %d writes, %d s\n", $count{writes}, $writes, time() - $begin);
	}
	$next = $count{writes} + 500;
	stop();
	calls();
	round_trip();
	status_parses();
	# else nothing would begin any more: what is given contradicts
	put('params', "$_=") for @names;
}
stop();
put('params', "$_=") for @names;
print '# ', join(', ', map { "$_ $count{$_}" } qw(writes failed reads ioctls starts surprises)), "\n";
print '# errors: ', join(', ', map { "$_: $errors{$_}" } sort(keys(%errors))), "\n";
open(my $out, '>', "$ENV{RT_COUNTS}") or die "$ENV{RT_COUNTS}: $!\n";
print $out "$_=$count{$_}\n" for sort(keys(%count));
close($out);
exit($count{surprises} > 0 || $count{starts} == 0);
