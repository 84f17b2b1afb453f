#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Build the module with all mutants of the places where it counts in it, of which
# the parameter mutant=N chooses one (0: none). FOLDER/sites has their names.
#
# usage: build-sites.pl KERNEL-HEADERS FOLDER
use strict;
use warnings;
use Cwd 'abs_path';
use File::Path 'make_path';
use FindBin;
use lib "$FindBin::Bin/../ktests";
use Mutate qw(slurp sites);

die "usage: build-sites.pl KERNEL-HEADERS FOLDER\n" unless @ARGV == 2;
my @files = qw(account.c timer.c probes.c ipi.c tasks.c hooks.c user.c run.c show.c);
my $root = abs_path("$FindBin::Bin/..");
my $headers = abs_path($ARGV[0]) or die "build-sites.pl: $ARGV[0]: no such folder\n";
make_path($ARGV[1]);
my $out = abs_path($ARGV[1]);
my $tree = "$out/tree";
system("rm -rf $tree && mkdir -p $tree && cp -rL $root/module $root/Kbuild $tree") == 0 or exit 1;

my ($n, @names) = (0);
for my $file (@files) {
	my $text = slurp("$root/module/$file");
	my $sites = sites($text);
	# numbers in the order of the file, changes from its end to its beginning
	for my $site (reverse @$sites) {
		for my $mutant (@{ $site->[3] }) {
			$mutant->{number} = ++$n;
			push @names, "$n\t$file\t$file $mutant->{key}";
		}
	}
	for my $site (@$sites) {
		my ($from, $to, $condition, $mutants) = @$site;
		my $code = substr $text, $from, $to - $from;
		my @ways;
		for my $m (@$mutants) {
			my $way = $code;
			substr($way, $m->{start} - $from, $m->{end} - $m->{start}) = $m->{new};
			push @ways, [$m->{number}, $way];
		}
		substr($text, $from, $to - $from) = $condition ?
			'(' . join('', map { "rtlat_mutant == $_->[0] ? !!($_->[1]) : " } @ways) . "!!($code))" :
			'switch (rtlat_mutant) { ' . join('', map { "case $_->[0]: $_->[1] break; " } @ways) . "default: $code }";
	}
	write_file("$tree/module/$file", "extern unsigned int rtlat_mutant;\n$text");
}
die "build-sites.pl: nothing counts in the module\n" unless $n;
write_file("$tree/module/mutant.c", <<'END');
#include <linux/module.h>
extern unsigned int rtlat_mutant;
unsigned int rtlat_mutant;
module_param_named(mutant, rtlat_mutant, uint, 0400);
END
write_file("$tree/Kbuild", slurp("$tree/Kbuild") . "rtlat-y += module/mutant.o\n");
if (system("make -C $headers M=$tree -j2 modules >$out/build.log 2>&1") != 0) {
	system('tail', '-n', '20', "$out/build.log");
	die "build-sites.pl: does not build, see $out/build.log\n";
}
rename "$tree/rtlat.ko", "$out/rtlat.ko" or die "build-sites.pl: no module\n";
write_file("$out/sites", join '', map { "$_\n" } @names);
print "build-sites.pl: $n mutants\n";

sub write_file {
	my ($path, $text) = @_;
	open my $file, '>', $path or die "$path: $!\n";
	print $file $text;
	close $file or die "$path: $!\n";
}
