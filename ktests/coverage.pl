#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Lines and branches of the module's pure files that the suites reach, by gcov.
# Every line must be reached, or be in the file uncovered with a reason; what is in
# there must exist, and not be reached.
#
# usage: coverage.pl FOLDER
#	FOLDER	where the suites are built for it
use strict;
use warnings;
use Cwd 'abs_path';
use File::Path qw(make_path);
use FindBin;
use lib $FindBin::Bin;
use Mutate qw(slurp functions tokens read_reasons);

die "usage: coverage.pl FOLDER\n" unless @ARGV == 1;
make_path($ARGV[0]);
my $out = abs_path($ARGV[0]);
my $root = abs_path("$FindBin::Bin/..");
chdir "$root/ktests" or die "$root/ktests: $!\n";
unlink glob "$out/*";

my (%line, %branch);
for my $suite (glob '*_kunit.c') {
	my ($name) = $suite =~ /^(.+)_kunit\.c$/;
	system("gcc -std=gnu11 -O0 -w --coverage -DRTLAT_FAIL_FAST -I../module -I.. -Icmocka $suite " .
	       "../userspace/base/scnprintf.c -o $out/$name && $out/$name") == 0 or die "coverage.pl: $name: fails\n";
	my ($file, $at, $nth);
	for (split /\n/, `gcov -b -c -t $out/$name-${name}_kunit.gcda`) {
		if (/^ +-: +0:Source:(.*)/) {
			$file = $1 =~ m{^\.\./module/([\w.-]+)$} ? $1 : undef;
		} elsif (defined $file && /^ *([^:]+): *(\d+):/) {
			($at, $nth) = ($2, 0);
			next if $1 eq '-';
			$line{$file}{$at} += $1 =~ /^(\d+)/ ? $1 : 0;
		} elsif (defined $file && /^branch +\d+ (?:taken (\d+)|never executed)/) {
			$branch{$file}{"$at " . $nth++} += $1 // 0;
		}
	}
}

my $reasons = read_reasons("$root/ktests/uncovered");
my %reason_used;
my ($wrong, $good, $excused, @sum) = (0, 0, 0, 0, 0, 0, 0);
my @uncovered;
printf "%-14s %6s %8s %7s %9s %6s %7s\n", 'file', 'lines', 'reached', 'percent', 'branches', 'taken', 'percent';
for my $file (sort keys %line) {
	my $text = slurp("$root/module/$file");
	my @text = split /\n/, $text;
	my ($t, %func) = (tokens($text));
	my $in = functions($t);
	$func{ 1 + (substr($text, 0, $t->[$_][1]) =~ tr/\n//) } = $in->[$_] for 0 .. $#$t;
	my @lines = sort { $a <=> $b } keys %{ $line{$file} };
	my @row = (scalar @lines, scalar(grep { $line{$file}{$_} } @lines),
		   scalar keys %{ $branch{$file} // {} }, scalar(grep { $_ } values %{ $branch{$file} // {} }));
	print_row($file, @row);
	$sum[$_] += $row[$_] for 0 .. 3;
	for my $n (grep { !$line{$file}{$_} } @lines) {
		my $code = $text[$n - 1] =~ s/^\s+//r;
		my $key = "$file $func{$n}: $code";
		$reason_used{$key}++;
		push @uncovered, sprintf "%s %s:%d: %s\n", exists $reasons->{$key} ? 'ok  ' : 'FAIL', $file, $n,
			$code . (exists $reasons->{$key} ? ": $reasons->{$key}" : ': is not reached');
		exists $reasons->{$key} ? $excused++ : $wrong++;
	}
}
print_row('all', @sum);
print @uncovered;
for my $key (grep { !$reason_used{$_} } sort keys %$reasons) {
	print "FAIL is listed as not reached, and is: $key\n";
	$wrong++;
}
$wrong++ unless $sum[1];
printf "coverage: %d passed, %d failed, %d skipped\n", $sum[1], $wrong, $excused;
exit($wrong ? 1 : 0);

sub print_row {
	my ($name, $lines, $reached, $branches, $taken) = @_;
	printf "%-14s %6d %8d %7.1f %9d %6d %7s\n", $name, $lines, $reached, 100 * $reached / $lines, $branches, $taken,
		$branches ? sprintf('%.1f', 100 * $taken / $branches) : '-';
}
