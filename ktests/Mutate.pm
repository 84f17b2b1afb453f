# SPDX-License-Identifier: GPL-2.0
# C taken apart into tokens, and the mutants that can be made of it. Knows the
# kernel's style: a binary operator has blanks on both sides, a pointer's * not.
#
# A mutant: start, end (offsets), new (text), kind, line, func, key. The key
# names it by function and text, so that it survives lines moving about:
#	function: text {{what was -> what is}} text
package Mutate;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(slurp tokens functions statements mutants table_mutants sites apply finish read_reasons report);

my %BINARY = (
	'<' => ['<=', '>='], '<=' => ['<', '>'], '>' => ['>=', '<='], '>=' => ['>', '<'],
	'==' => ['!='], '!=' => ['=='], '&&' => ['||'], '||' => ['&&'],
	'+' => ['-'], '-' => ['+'], '*' => ['/'], '/' => ['*'], '%' => ['/'],
	'&' => ['|'], '|' => ['&'], '^' => ['|'], '<<' => ['>>'], '>>' => ['<<'],
	'+=' => ['-='], '-=' => ['+='], '|=' => ['&='], '&=' => ['|='],
);
# what counts, in the parts of the module that touch the kernel, and what only sums
# up parameters or fills an array
my $COUNTS = qr/(?:\+\+|--|[-+]=(?!=))|^asm|^rtlat_(?:account|account_line|account_flush|hist_add|largest_add|step|judge)\(|->ledger\[/;
my $COUNTS_NOT = qr/^(?:load_ppm|at|i|tries|len|need_ns)\b|nr_tasks\+\+|->nr\+\+|--run->joining/;
# the same when it is done twice
my $ONCE = qr/^rtlat_account_flush|attempted = /;
my $NO_STATEMENT = qr/^(?:if|for|while|do|switch|return|goto|break|continue|case|default|else|asm|const|static|struct|enum|union|void|bool|int|char|long|unsigned|signed|size_t|[us](?:8|16|32|64)|__uint128_t|ktime_t)$/;

sub slurp {
	my ($file) = @_;
	open my $in, '<', $file or die "$file: $!\n";
	local $/;
	my $text = <$in>;
	return $text;
}

# tokens TEXT - [text, offset, kind]: kind is id, num, chr, str, op. Comments and
# preprocessor lines are left out, but for the value of a #define.
sub tokens {
	my ($text) = @_;
	my @tokens;
	pos($text) = 0;
	while (pos($text) < length $text) {
		my $at = pos $text;
		next if $text =~ m{\G\s+}gc || $text =~ m{\G//[^\n]*}gc || $text =~ m{\G/\*.*?\*/}gcs;
		if ($text =~ m{\G#[ \t]*define[ \t]+(\w+)[ \t]+(?=[^\n]*\n)}gc) {
			my $end = index $text, "\n", pos $text;
			push @tokens, [$1, $at, 'define'];
			while ($text =~ m{\G[^\n]*?\b(\d\w*)}gc) {
				push @tokens, [$1, $-[1], 'num'];
			}
			push @tokens, ["\n", $end, 'enddef'];
			pos($text) = $end;
			next;
		}
		next if $text =~ m{\G#(?:\\\n|[^\n])*}gc;
		if ($text =~ m{\G"(?:\\.|[^"\\])*"}gcs) { push @tokens, [$&, $at, 'str'] }
		elsif ($text =~ m{\G'(?:\\.|[^'\\])+'}gc) { push @tokens, [$&, $at, 'chr'] }
		elsif ($text =~ m{\G(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*}gc) { push @tokens, [$&, $at, 'num'] }
		elsif ($text =~ m{\G[A-Za-z_]\w*}gc) { push @tokens, [$&, $at, 'id'] }
		elsif ($text =~ m{\G(?:<<=|>>=|\.\.\.|->|\+\+|--|&&|\|\||<<|>>|[-<>=!+*/%&|^]=|.)}gcs) { push @tokens, [$&, $at, 'op'] }
		else { die "cannot read C at offset $at\n" }
	}
	return \@tokens;
}

# match - index of the token that closes the one at I
sub match {
	my ($t, $i) = @_;
	my ($open, $depth) = ($t->[$i][0], 0);
	my $close = { '(' => ')', '{' => '}', '[' => ']' }->{$open};
	for (; $i < @$t; $i++) {
		next unless $t->[$i][2] eq 'op';
		$depth++ if $t->[$i][0] eq $open;
		return $i if $t->[$i][0] eq $close && !--$depth;
	}
	die "no $close\n";
}

# functions - for every token the function, or table, that it is in; '' outside
sub functions {
	my ($t) = @_;
	my @in = ('') x @$t;
	for (my $i = 0; $i < @$t; $i++) {
		next unless $t->[$i][0] eq '{' && $t->[$i][2] eq 'op';
		my ($end, $name, $j) = (match($t, $i), '', $i - 1);
		if ($t->[$j][0] eq ')') {
			my $depth = 0;
			for (; $j >= 0; $j--) {
				$depth++ if $t->[$j][0] eq ')';
				last if $t->[$j][0] eq '(' && !--$depth;
			}
			$name = $t->[$j - 1][0];
		} elsif ($t->[$j][0] eq '=') {
			$j-- while $j > 0 && !($t->[$j][2] eq 'id' && $t->[$j + 1][0] =~ /^[=\[]$/ && $t->[$j - 1][0] ne '[');
			$name = $t->[$j][0];
		}
		$in[$_] = $name for $i .. $end;
		$i = $end;
	}
	return \@in;
}

# statements TOKENS, FUNCTIONS - [first token, its ';'] of expression statements
sub statements {
	my ($t, $in, $asm) = @_;
	my (@starts, @found);
	for my $i (1 .. $#$t) {
		next unless $in->[$i];
		my $p = $t->[$i - 1];
		push @starts, $i if $p->[2] eq 'op' && $p->[0] =~ /^[;{}]$/ || $p->[0] =~ /^(?:else|do)$/;
		if ($p->[0] =~ /^(?:if|for|while|switch|\w*for_each\w*)$/ && $t->[$i][0] eq '(') {
			push @starts, match($t, $i) + 1;
		}
		push @starts, $i if $p->[0] eq ':' && is_label($t, $i - 1);
	}
	my %seen;
	for my $i (sort { $a <=> $b } @starts) {
		my ($first, $second) = @$t[$i, $i + 1];
		next if $first->[0] =~ /for_each/;
		next if $seen{$i}++ || !$in->[$i] || ($first->[0] =~ $NO_STATEMENT && !($asm && $first->[0] eq 'asm')) || $first->[0] =~ /^[;{}]$/;
		next if $first->[2] eq 'id' && ($second->[2] eq 'id' && $first->[0] ne 'asm' || $second->[0] eq ':');
		next if inside_header($t, $i);
		my $j = $i;
		while ($j < @$t && $t->[$j][0] ne ';') {
			last if $t->[$j][0] =~ /^[{}]$/;
			$j = $t->[$j][0] =~ /^[(\[]$/ ? match($t, $j) + 1 : $j + 1;
		}
		push @found, [$i, $j] if $t->[$j][0] eq ';';
	}
	return \@found;
}

sub is_label {
	my ($t, $colon) = @_;
	for (my $i = $colon - 1; $i >= 0; $i--) {
		return 1 if $t->[$i][0] =~ /^(?:case|default)$/;
		return 0 if $t->[$i][0] =~ /^[;{}?]$/;
	}
	return 0;
}

# inside_header - between the parentheses of for (;;)
sub inside_header {
	my ($t, $i) = @_;
	my $depth = 0;
	for ($i--; $i >= 0; $i--) {
		return 0 if $t->[$i][0] =~ /^[{}]$/;
		$depth++ if $t->[$i][0] eq ')';
		return 1 if $t->[$i][0] eq '(' && $depth-- == 0;
	}
	return 0;
}

# the neighbours of a number, and 0
sub numbers {
	my ($text) = @_;
	my ($digits, $suffix) = $text =~ /^(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)$/;
	no warnings qw(portable overflow);
	my $n = $digits =~ /^0[xX]/ ? hex $digits : $digits + 0;
	my @new = map { $digits =~ /^0[xX]/ ? sprintf('0x%x', $_) : $_ } grep { $_ >= 0 } $n + 1, $n - 1, 0;
	my %seen = ($digits => 1);
	return map { "$_$suffix" } grep { !$seen{$_}++ } @new;
}

# apply TEXT, MUTANT - the text with it; the number of lines stays
sub apply {
	my ($text, $m) = @_;
	my $lines = substr($text, $m->{start}, $m->{end} - $m->{start}) =~ tr/\n//;
	my $new = $m->{new};
	$new .= "\n" x ($lines - ($new =~ tr/\n//)) if $lines > ($new =~ tr/\n//);
	substr($text, $m->{start}, $m->{end} - $m->{start}) = $new;
	return $text;
}

# key TEXT, MUTANT
sub key {
	my ($text, $m) = @_;
	my $from = rindex($text, "\n", $m->{start} - 1) + 1;
	my $to = index $text, "\n", $m->{end} - 1;
	my $old = substr $text, $m->{start}, $m->{end} - $m->{start};
	my $key = substr($text, $from, $m->{start} - $from) . "{{$old -> $m->{new}}}" . substr($text, $m->{end}, $to - $m->{end});
	$key =~ s/\s+/ /g;
	$key =~ s/^ | $//g;
	return "$m->{func}: $key";
}

# mutants TEXT - all of a file
sub mutants {
	my ($text) = @_;
	my $t = tokens($text);
	my $in = functions($t);
	my @found;
	my $add = sub {
		my ($kind, $from, $to, $func, @new) = @_;
		for my $new (@new) {
			push @found, { kind => $kind, start => $from, end => $to, new => $new, func => $func };
		}
	};
	my $end_of = sub { $t->[$_[0]][1] + length $t->[$_[0]][0] };
	my $define = '';
	for my $i (0 .. $#$t) {
		my ($token, $at, $kind) = @{ $t->[$i] };
		my $end = $at + length $token;
		my $func = $in->[$i];
		if ($kind eq 'define' || $kind eq 'enddef') {
			$define = $kind eq 'define' ? "#define $token" : '';
			next;
		}
		if ($kind eq 'num' && ($define || $func)) {
			$add->('constant', $at, $end, $define || $func, numbers($token));
			next;
		}
		next unless $func;
		my ($before, $after) = (substr($text, $at - 1, 1), substr($text, $end, 1));
		my $binary = $before =~ /\s/ && $after =~ /\s/;
		my $next = $t->[$i + 1][0];
		if ($kind eq 'chr') {
			$add->('constant', $at, $end, $func, "($token + 1)", "($token - 1)");
		} elsif ($token eq 'true' || $token eq 'false') {
			$add->('constant', $at, $end, $func, $token eq 'true' ? 'false' : 'true');
		} elsif ($kind eq 'id' && $token =~ /^[A-Z][A-Z0-9_]{2,}$/ && $next ne '(' && $token !~ /^(?:NULL|GFP_\w+)$/) {
			$add->('constant', $at, $end, $func, "($token + 1)");
		} elsif ($kind eq 'op' && $binary && $BINARY{$token}) {
			$add->($token =~ /^[<>=!]/ && $token !~ /<<|>>/ ? 'comparison' : 'operator', $at, $end, $func, @{ $BINARY{$token} });
		} elsif ($token eq '++' || $token eq '--') {
			$add->('counter', $at, $end, $func, $token eq '++' ? '--' : '++');
		} elsif ($token eq '!' || $token eq '~' || $token eq '-' && !$binary && $after =~ /\w/) {
			$add->('operator', $at, $end, $func, ' ');
		} elsif ($token eq '?') {
			$add->('condition', $at, $end, $func, '&& 0 ?', '|| 1 ?');
		} elsif (($token eq 'if' || $token eq 'while') && $next eq '(') {
			my $close = match($t, $i + 1);
			$add->('condition', $t->[$i + 2][1], $t->[$close][1], $func, $token eq 'if' ? ('1', '0') : '0');
		} elsif ($token eq 'return' && $next ne ';') {
			my $j = $i;
			$j++ while $t->[$j][0] ne ';';
			my $value = substr $text, $t->[$i + 1][1], $t->[$j][1] - $t->[$i + 1][1];
			$add->('return', $t->[$i + 1][1], $t->[$j][1], $func, "!($value)") unless $value =~ /^(?:true|false|\d+)$/;
		} elsif ($token eq '=' && $binary && $i > 1 && declares($t, $i)) {
			my ($j, $depth) = ($i + 1, 0);
			for (; $j < @$t; $j++) {
				$depth++ if $t->[$j][0] =~ /^[(\[{]$/;
				$depth-- if $t->[$j][0] =~ /^[)\]}]$/;
				last if !$depth && $t->[$j][0] =~ /^[;,]$/;
			}
			my $value = substr $text, $t->[$i + 1][1], $end_of->($j - 1) - $t->[$i + 1][1];
			$add->('assignment', $t->[$i + 1][1], $end_of->($j - 1), $func, '0') unless $value =~ /^(?:0|NULL|false|\{.*)$/s;
		}
	}
	for my $s (@{ statements($t, $in) }) {
		my ($i, $j) = @$s;
		my $what = join '', map { $_->[0] } @$t[$i .. $j];
		$add->($what =~ /\+\+|--|[-+]=/ ? 'counter' : 'assignment', $t->[$i][1], $end_of->($j), $in->[$i], ';');
	}
	return finish($text, \@found);
}

# table_mutants TEXT - of params.def: numbers, and the modes of a parameter
sub table_mutants {
	my ($text) = @_;
	my $t = tokens($text);
	my ($row, @found) = ('');
	for my $i (0 .. $#$t) {
		my ($token, $at, $kind) = @{ $t->[$i] };
		$row = $t->[$i + 2][0] if $token =~ /^RTLAT_PARAM_/;
		my @new = $kind eq 'num' ? numbers($token) :
			  $token =~ /^M_[A-Z]+$/ ? grep { $_ ne $token } qw(0 M_ALL) : ();
		push @found, { kind => 'constant', start => $at, end => $at + length $token, new => $_, func => $row } for @new;
	}
	return finish($text, \@found);
}

# sites TEXT - where something is counted: [what may be changed, mutants]; a
# counter stepped, an outcome entered, and the conditions just around them. Each is
# taken out and made twice, and its constants, operators and conditions change.
sub sites {
	my ($text) = @_;
	my $t = tokens($text);
	my $in = functions($t);
	my $all = mutants($text);
	my (@sites, @statements, @conditions, %seen);
	for my $s (@{ statements($t, $in, 1) }) {
		my ($from, $to) = ($t->[$s->[0]][1], $t->[$s->[1]][1] + 1);
		my $code = substr $text, $from, $to - $from;
		next unless $code =~ /$COUNTS/ && $code !~ /$COUNTS_NOT/;
		push @statements, [$from, $to, $in->[$s->[0]]];
		push @conditions, header($t, $s->[0]);
	}
	for my $s (@statements) {
		my ($from, $to, $func) = @$s;
		my $code = substr $text, $from, $to - $from;
		my @mutants = map { { kind => 'counter', start => $from, end => $to, new => $_, func => $func } }
			$code =~ /$ONCE/ ? ';' : (';', "{ $code $code }");
		push @mutants, map { { %$_ } } grep { $_->{start} >= $from && $_->{end} <= $to && $_->{new} ne ';' } @$all;
		push @sites, [$from, $to, 0, \@mutants];
	}
	for my $c (@conditions) {
		my ($from, $to) = @$c;
		next if $seen{$from}++;
		my @mutants = map { { %$_ } } grep { $_->{start} >= $from && $_->{end} <= $to && $_->{kind} =~ /^(?:comparison|condition)$/ } @$all;
		push @sites, [$from, $to, 1, \@mutants] if @mutants;
	}
	finish($text, [map { @{ $_->[3] } } @sites]);
	return [sort { $b->[0] <=> $a->[0] } @sites];
}

# header - the condition of the if or while that the statement at I is under
sub header {
	my ($t, $i) = @_;
	my $close = $i - 1;
	if ($t->[$close][0] =~ /^[;{}]$/) {
		my $depth = 0;
		for (; $close > 0; $close--) {
			$depth++ if $t->[$close][0] eq '}';
			last if $t->[$close][0] eq '{' && !$depth--;
		}
		$close--;
	}
	return () unless $t->[$close][0] eq ')';
	my $depth = 0;
	for (my $open = $close; $open > 0; $open--) {
		$depth++ if $t->[$open][0] eq ')';
		next unless $t->[$open][0] eq '(' && !--$depth;
		return $t->[$open - 1][0] =~ /^(?:if|while)$/ ? [$t->[$open + 1][1], $t->[$close][1]] : ();
	}
	return ();
}

# read_reasons FILE - by key: lines with a key, each followed by one with a tab and
# the reason
sub read_reasons {
	my ($path) = @_;
	my (%reason, $key);
	my $n = 0;
	for my $line (split /\n/, slurp($path)) {
		$n++;
		next if $line =~ /^#|^\s*$/;
		if ($line =~ /^\t(.+)/) {
			die "$path:$n: a reason without a mutant\n" unless defined $key;
			$reason{$key} = $1;
			undef $key;
		} else {
			die "$path:$n: the mutant before has no reason\n" if defined $key;
			die "$path:$n: is in there twice\n" if exists $reason{$line};
			$reason{$key = $line} = '';
		}
	}
	die "$path: the last mutant has no reason\n" if defined $key;
	return \%reason;
}

# report NAME, LEAST, REASONS, [FILE, KEY, HOW]... - a table by file, what is wrong,
# and the count; LEAST percent must be noticed; HOW begins with killed, survived, equal or invalid. Return: 0 or 1.
sub report {
	my ($name, $least_percent, $reasons, @mutants) = @_;
	my (%file, %survived, @wrong);
	for my $m (@mutants) {
		my ($file, $key, $how) = @$m;
		$how =~ s/ .*//;
		$file{$_}{$how}++ for $file, 'all';
		$survived{$key} = 1 if $how eq 'survived';
		push @wrong, "not noticed: $key" if $how eq 'survived' && !exists $reasons->{$key};
		push @wrong, "no result: $key" if $how !~ /^(?:survived|killed|equal|invalid)$/;
	}
	push @wrong, map { "is listed as a survivor, and is none: $_" } grep { !$survived{$_} } sort keys %$reasons;
	printf "%-14s %8s %8s %9s %8s %10s %9s\n", 'file', 'mutants', 'noticed', 'survived', 'percent', 'same code', 'no code';
	my $percent;
	for my $file (sort { ($a eq 'all') <=> ($b eq 'all') || $a cmp $b } keys %file) {
		my ($killed, $left, $equal, $invalid) = map { $file{$file}{$_} // 0 } qw(killed survived equal invalid);
		$percent = $killed + $left ? 100 * $killed / ($killed + $left) : 0;
		printf "%-14s %8d %8d %9d %8.1f %10d %9d\n", $file, $killed + $left, $killed, $left, $percent, $equal, $invalid;
	}
	push @wrong, sprintf 'only %.1f %% are noticed, of at least %d %%', $percent // 0, $least_percent if ($percent // 0) < $least_percent;
	print "FAIL $_\n" for @wrong;
	my $listed = grep { exists $reasons->{$_} } keys %survived;
	printf "%s: %d passed, %d failed, %d skipped\n", $name, $file{all}{killed} // 0, scalar @wrong, $listed;
	return @wrong ? 1 : 0;
}

# declares - is the = at I that of a declaration in a function
sub declares {
	my ($t, $i) = @_;
	return 0 unless $t->[$i - 1][2] eq 'id';
	my $j = $i - 2;
	$j-- while $j > 0 && $t->[$j][0] eq '*';
	return 1 if $t->[$j][2] eq 'id' && $t->[$j][0] !~ /^(?:return|else|do)$/;
	# a further one of the same declaration
	for ($j = $i - 1; $j > 0 && $t->[$j][0] !~ /^[;{}]$/; $j--) { }
	return $t->[$j + 1][0] =~ $NO_STATEMENT && $t->[$j + 1][0] !~ /^(?:if|for|while|do|switch|return|case|default|else)$/;
}

# finish - line, and a key that no other has
sub finish {
	my ($text, $found) = @_;
	my %times;
	for my $m (sort { $a->{start} <=> $b->{start} || $a->{end} <=> $b->{end} } @$found) {
		$m->{line} = 1 + (substr($text, 0, $m->{start}) =~ tr/\n//);
		my $key = key($text, $m);
		$m->{key} = $key . (++$times{$key} > 1 ? " #$times{$key}" : '');
	}
	return [sort { $a->{start} <=> $b->{start} || $a->{end} <=> $b->{end} } @$found];
}

1;
