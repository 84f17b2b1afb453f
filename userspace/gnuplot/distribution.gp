# SPDX-License-Identifier: GPL-2.0
# Distribution of a metric: how much of it is at most a time and, on a
# logarithmic axis, how much is above it: the tail.
#
# usage: gnuplot -c distribution.gp BASE TITLE SUBTITLE AXIS LINES
#	BASE	reads BASE.tsv, writes BASE.svg and BASE.png
#	LINES	platform:timer:load of each line

load ARG0[:strlen(ARG0) - strlen("distribution.gp")] . "common.gp"

data = ARG1 . ".tsv"
lines = ARG5
curve(l, s) = is_line(l) && strcol(4) eq s

# the few shortest of all are not worth decades of paper
stats data using ($7 > 0.0005 && $5 > 0 ? $5 : NaN) skip 1 nooutput
low = STATS_min
high = STATS_max
stats data using ($8 > 0 ? $8 : NaN) skip 1 nooutput
rarest = STATS_min / 2
# where the last sample was, a curve falls out of the picture
above = "($8 > 0 ? $8 : rarest / 10)"

do for [t in terminals] {
	eval terminal(t)
	set output ARG1 . "." . t
	set multiplot
	eval heading
	set lmargin at screen 0.115
	set rmargin at screen 0.97
	set tmargin at screen 0.85 - 0.0175 * key_rows(words(lines) + 1)
	set bmargin at screen 0.50
	set xrange [low / 1.1:high * 1.1]
	set xtics autofreq
	# below that, a logarithmic axis has no marks and looks as a linear one
	if (high > 4 * low) { set logscale x; eval log_tics("x", low, high, 0) }
	set format x ""
	set yrange [0:1.02]
	set ytics autofreq
	set format y "%g"
	set ylabel "fraction at most"
	unset xlabel
	set key at screen 0.98, 0.88 right top horizontal maxrows auto maxcols 3 width 0 samplen 2.5 font ",9.5"
	plot for [i = 1:words(lines)] l = word(lines, i) data \
			using (curve(l, "kept") ? $5 : NaN):7 skip 1 title label(l) with steps \
			linetype kind(l) linecolor rgb colour(platform(l)) linewidth 1.6, \
		keyentry with lines linetype 14 linecolor rgb grey title "interrupted samples too"
	unset label
	unset key
	set tmargin at screen 0.46
	set bmargin at screen 0.10
	set logscale y
	set yrange [rarest:1.5]
	set format x "%g"
	if (high > 4 * low) { eval log_tics("x", low, high, 1) }
	set ylabel "fraction above"
	set xlabel ARG4 noenhanced
	plot for [i = 1:words(lines)] l = word(lines, i) data \
			using (curve(l, "all") ? $5 : NaN):@above skip 1 with steps \
			linetype 14 linecolor rgb faint(colour(platform(l)), 0x40) linewidth 1.2, \
		for [i = 1:words(lines)] l = word(lines, i) data \
			using (curve(l, "kept") ? $5 : NaN):@above skip 1 with steps \
			linetype kind(l) linecolor rgb colour(platform(l)) linewidth 1.6
	unset multiplot
	unset output
	unset logscale
}
