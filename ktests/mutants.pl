#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Mutants of the module's pure files: each comparison, constant, counter and so on
# is changed in turn, and a suite that includes the file must fail. Those that no
# suite notices must be in the file survivors, each with a reason, and what is in
# there must exist and survive. At least 90 % must be noticed, of all.
#
# A mutant that does not compile is none, and one whose code is the same is not
# another program: neither counts.
#
# usage: mutants.pl [--list] [--again] FOLDER [FILE...]
#	--list	what the mutants are, and nothing more
#	--again	only those that survived the last time
#	FOLDER	where they are built, and results are left
#	FILE	of module/; all pure files
use strict;
use warnings;
use Cwd 'abs_path';
use Fcntl ':flock';
use File::Path qw(make_path);
use FindBin;
use IO::Handle;
use lib $FindBin::Bin;
use Mutate qw(slurp mutants table_mutants apply read_reasons report);

my $gcc = 'gcc -std=gnu11 -w -DRTLAT_FAIL_FAST -Icmocka -I../module';
my $sanitize = '-O1 -fsanitize=address,undefined,bounds-strict -fno-sanitize-recover';
my $memory_kib = 2_000_000;

my ($list, $again) = (0, 0);
while (@ARGV && $ARGV[0] =~ /^--/) {
	my $option = shift;
	if ($option eq '--list') { $list = 1 }
	elsif ($option eq '--again') { $again = 1 }
	else { die "mutants.pl: $option: unknown option (see the head of this file)\n" }
}
die "usage: mutants.pl [--list] [--again] FOLDER [FILE...]\n" unless @ARGV;
my $root = abs_path("$FindBin::Bin/..");
make_path($ARGV[0]);
my $out = abs_path(shift);
my $results = "$out/results";

# run COMMAND - in a shell; true when its status is 0
sub run { return system('/bin/sh', '-c', $_[0]) == 0 }

# tree NAME - a copy of the sources to change
sub tree {
	my $tree = "$out/$_[0]";
	run("rm -rf $tree && mkdir -p $tree && cp -r $root/module $root/ktests $root/userspace $tree &&
	     cd $tree/ktests &&
	     gcc -O1 -w -I.. -c ../userspace/base/scnprintf.c -o scnprintf.o") or die "mutants.pl: $tree: cannot be made\n";
	return "$tree/ktests";
}

# suites - by name: the files of module/ in it, the CPU time it takes at most
sub suites {
	my ($tree) = @_;
	my %suite;
	for my $path (glob "$tree/*_kunit.c") {
		my ($name) = $path =~ m{([^/]+)_kunit\.c$};
		my $deps = `cd $tree && $gcc -MM ${name}_kunit.c` or die "mutants.pl: $name: does not compile\n";
		my %has = map { $_ => 1 } grep { !/^(?:pure|params-expand)\.h$/ } $deps =~ m{\.\./module/([\w.-]+)(?=\s)}g;
		my $before = (times)[2];
		build($tree, $name, '-O0') && passes($tree, 60) or die "mutants.pl: $name: fails without any mutant\n";
		my $took = (times)[2] - $before;
		$suite{$name} = { has => \%has, direct => { map { $_ => 1 } slurp($path) =~ m{"\.\./module/([\w.-]+)"}g },
				  took => $took, limit => int(4 * $took) + 2 };
	}
	return \%suite;
}

sub build {
	my ($tree, $name, $flags) = @_;
	return run("cd $tree && exec $gcc $flags ${name}_kunit.c scnprintf.o -o suite 2>/dev/null");
}

sub passes {
	my ($tree, $limit_s, $memory) = @_;
	my $ulimit = "ulimit -c 0; ulimit -t $limit_s" . ($memory ? "; ulimit -v $memory" : "");
	return run("cd $tree && { $ulimit; } && ASAN_OPTIONS=detect_leaks=0 exec ./suite >/dev/null 2>&1");
}

# code TREE, SUITES - what the compiler makes of them
sub code {
	my ($tree, @names) = @_;
	return join '', map { scalar `cd $tree && $gcc -O2 -S ${_}_kunit.c -o - 2>/dev/null` } @names;
}

# said TREE - docs/parameters.md says the same as the table: what make lint asks of
# `rtlat params --markdown`, which needs no more than this
sub said {
	my ($tree) = @_;
	return run("cd $tree/.. && echo 'int cmd_params(int n, char **v); int main(int n, char **v) { return cmd_params(n, v); }' |
		    gcc -D_GNU_SOURCE -Iuserspace -I. -w -O0 -ffunction-sections -Wl,--gc-sections -x c - -x none userspace/cmd/params.c userspace/base/table.c \\
		    userspace/base/util.c userspace/base/scnprintf.c module/params.c -o params && ./params --markdown | cmp -s - $root/docs/parameters.md");
}

# judge TREE, SUITES, NAMES, CODE, TABLE - killed by which suite, invalid, equal or survived
sub judge {
	my ($tree, $suite, $names, $code, $table) = @_;
	for my $name (@$names) {
		build($tree, $name, '-O0') or return 'invalid';
		passes($tree, $suite->{$name}{limit}, $memory_kib) or return "killed $name";
	}
	return 'killed docs' if $table && !said($tree);
	return 'equal' if code($tree, @$names) eq $code;
	for my $name (@$names) {
		build($tree, $name, $sanitize) or return 'invalid';
		passes($tree, 4 * $suite->{$name}{limit}) or return "killed $name, sanitized";
	}
	return 'survived';
}

my $base = tree('base');
my $suite = suites($base);
said($base) or die "mutants.pl: docs/parameters.md is not what params.def says\n";
my %pure = map { $_ => 1 } map { keys %{ $_->{has} } } values %$suite;
$pure{'params.def'} = 1;
for my $path (glob "$root/module/*.c") {
	my ($name) = $path =~ m{([^/]+)$};
	die "mutants.pl: $name: is pure, and no suite includes it\n" if slurp($path) =~ /Pure, see pure\.h/ && !$pure{$name};
}
my @files = @ARGV ? @ARGV : sort keys %pure;
my @jobs;
for my $file (@files) {
	die "mutants.pl: $file: no pure file of module/\n" unless $pure{$file};
	my $text = slurp("$root/module/$file");
	my $has = $file eq 'params.def' ? 'params.h' : $file;
	my @names = sort {
		($suite->{$b}{direct}{$has} // 0) <=> ($suite->{$a}{direct}{$has} // 0) || $suite->{$a}{took} <=> $suite->{$b}{took}
	} grep { $suite->{$_}{has}{$has} } keys %$suite;
	my $mutants = $file =~ /\.def$/ ? table_mutants($text) : mutants($text);
	push @jobs, map { { file => $file, text => $text, suites => \@names, mutant => $_, key => "$file $_->{key}" } } @$mutants;
}
if ($list) {
	print "$_->{file}:$_->{mutant}{line}: $_->{mutant}{kind}: $_->{mutant}{key}\n" for @jobs;
	exit 0;
}
if ($again) {
	my %last = map { chomp; my ($key, $how) = split /\t/; ($key => $how) } -e $results ? split /^/, slurp($results) : ();
	@jobs = grep { ($last{ $_->{key} } // 'survived') eq 'survived' } @jobs;
}

# workers take the numbers of jobs from a file, and append what they found to another
open my $next, '+>', "$out/next" or die "$out/next: $!\n";
print $next "0\n";
$next->flush;
open my $found, '>', "$results.new" or die "$results.new: $!\n";
chomp(my $workers = `nproc`);
my @pids;
for my $worker (1 .. $workers) {
	my $pid = fork // die "fork: $!\n";
	if ($pid) {
		push @pids, $pid;
		next;
	}
	my $tree = tree("worker$worker");
	my %code;
	while (1) {
		open my $take, '+<', "$out/next" or die;
		flock $take, LOCK_EX;
		my $n = <$take> + 0;
		seek $take, 0, 0;
		printf $take "%d\n", $n + 1;
		close $take;
		last if $n >= @jobs;
		my $job = $jobs[$n];
		my $path = "$tree/../module/$job->{file}";
		$code{$job->{file}} //= code($tree, @{ $job->{suites} });
		write_file($path, apply($job->{text}, $job->{mutant}));
		my $how = judge($tree, $suite, $job->{suites}, $code{$job->{file}}, $job->{file} =~ /\.def$/);
		write_file($path, $job->{text});
		open my $append, '>>', "$results.new" or die;
		flock $append, LOCK_EX;
		print $append "$job->{key}\t$how\n";
		close $append;
	}
	exit 0;
}
my $begin = time;
my $said = $begin;
while (@pids) {
	my $pid = waitpid -1, 1;
	if ($pid > 0) {
		die "mutants.pl: a worker died\n" if $?;
		@pids = grep { $_ != $pid } @pids;
		next;
	}
	sleep 1;
	progress() if -t STDERR || time - $said >= 60;
}
print STDERR "\r\e[K" if -t STDERR;

sub progress {
	my $done = () = slurp("$results.new") =~ /\n/g;
	my $left = $done ? int((time - $begin) * (@jobs - $done) / $done) : 0;
	my $text = sprintf 'mutants: %d of %d, %d:%02d left', $done, scalar @jobs, $left / 60, $left % 60;
	print STDERR -t STDERR ? "\r$text\e[K" : "$text\n";
	$said = time;
}

sub write_file {
	my ($path, $text) = @_;
	open my $file, '>', $path or die "$path: $!\n";
	print $file $text;
	close $file or die "$path: $!\n";
}

my %how = map { chomp; my ($key, $how) = split /\t/; ($key => $how) } split /^/, slurp("$results.new");
if ($again) {
	print "$how{$_->{key}}: $_->{key}\n" for @jobs;
	my %all = map { chomp; my ($key, $how) = split /\t/; ($key => $how) } split /^/, slurp($results);
	@all{keys %how} = values %how;
	write_file($results, join '', map { "$_\t$all{$_}\n" } sort keys %all);
	exit 0;
}
rename "$results.new", $results;
my $reasons = read_reasons("$root/ktests/survivors");
my %asked = map { $_ => 1 } @files;
delete $reasons->{$_} for grep { !/^(\S+)/ || !$asked{$1} } keys %$reasons;
exit report('mutants', 90, $reasons, map { [$_->{file}, $_->{key}, $how{$_->{key}} // 'lost'] } @jobs);
