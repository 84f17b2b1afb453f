# SPDX-License-Identifier: GPL-2.0
# A metric against tasks per processor, one line for each platform, timer and
# load; below it, by how much the task sets were scaled.
#
# usage: gnuplot -c points.gp BASE TITLE SUBTITLE AXIS LINES STYLE KIND TASKSETS
#	BASE		reads BASE.tsv, writes BASE.svg and BASE.png
#	LINES		platform:timer:load of each line
#	STYLE		lin or log, then the distributions
#	KIND		average or worst
#	TASKSETS	data file of the task sets; empty: there is none

load ARG0[:strlen(ARG0) - strlen("points.gp")] . "common.gp"

data = ARG1 . ".tsv"
lines = ARG5
logscale = word(ARG6, 1) eq "log"
distributions = ARG6[5:]
worst = ARG7 eq "worst"
tasksets = ARG8
strip = strlen(tasksets) > 0

# Lines at the same number of tasks stand beside each other, and near it.
step = words(lines) > 4 ? 0.64 / words(lines) : 0.16
shift(i) = step * (i - (words(lines) + 1) / 2.0)
x(i) = $5 + shift(i)
pooled(l) = is_line(l) && strcol(4) eq "all"
single(l, d) = is_line(l) && strcol(4) eq d
# A mark for each distribution, the same in the strip below.
mark(d) = int(word("1 2 6 4 12 8 10", d))

stats data using 5 skip 1 nooutput
last = STATS_max
if (worst) {
	stats data using 8 skip 1 nooutput
	low = STATS_min
	stats data using 11 skip 1 nooutput
	high = STATS_max
} else {
	stats data using 8 skip 1 nooutput
	low = STATS_min
	high = STATS_max
}
if (worst && high > 8 * low) { logscale = 1 }

do for [t in terminals] {
	eval terminal(t)
	set output ARG1 . "." . t
	set multiplot
	eval heading
	set lmargin at screen 0.115
	set rmargin at screen 0.97
	set tmargin at screen 0.83 - 0.0175 * key_rows(words(lines) + 2)
	set bmargin at screen (strip ? 0.36 : 0.10)
	set xrange [0.3:last + 0.7]
	set xtics autofreq
	if (last > 8) { set xtics 5; set xtics add (1) } else { set xtics 1 }
	set ytics autofreq
	set ylabel ARG4 noenhanced
	if (logscale) {
		set logscale y
		set yrange [low / 1.5:high * 1.5]
		eval log_tics("y", low, high, 1)
	} else {
		# from 0, unless that would press all there is to see together
		set yrange [(low > 0.5 * high ? low - 0.2 * (high - low) - 0.04 * low : 0):high + 0.1 * (high - low) + 0.02 * high]
	}
	set key at screen 0.98, 0.88 right top horizontal maxrows auto maxcols 3 width 0 samplen 2.5 font ",9.5"
	if (strip) { set format x ""; unset xlabel } else { set format x "%g"; set xlabel "tasks per processor" }
	if (worst) {
		plot for [i = 1:words(lines)] l = word(lines, i) data \
				using (pooled(l) ? x(i) : NaN):11 skip 1 notitle with points \
				pointtype 2 pointsize 0.7 linecolor rgb faint(colour(platform(l)), 0x60), \
			for [i = 1:words(lines)] l = word(lines, i) data \
				using (pooled(l) ? x(i) : NaN):10 skip 1 notitle with points \
				pointtype 1 pointsize 0.7 linecolor rgb faint(colour(platform(l)), 0x60), \
			for [i = 1:words(lines)] l = word(lines, i) data \
				using (pooled(l) ? x(i) : NaN):8 skip 1 title label(l) with linespoints \
				linetype kind(l) linecolor rgb colour(platform(l)) linewidth 1.6 pointsize 0.8 \
				pointtype (load(l) eq "on" ? open(platform(l)) : filled(platform(l))), \
			keyentry with points pointtype 1 pointsize 0.8 linecolor rgb grey title "largest kept", \
			keyentry with points pointtype 2 pointsize 0.8 linecolor rgb grey title "largest with interrupted"
	} else {
		plot for [d = 1:words(distributions)] for [i = 1:words(lines)] l = word(lines, i) data \
				using (single(l, word(distributions, d)) ? x(i) : NaN):8 skip 1 notitle with points \
				pointtype mark(d) pointsize 0.6 linecolor rgb faint(colour(platform(l)), 0x80), \
			for [i = 1:words(lines)] l = word(lines, i) data \
				using (pooled(l) ? x(i) : NaN):9:10 skip 1 notitle with filledcurves \
				fillcolor rgb faint(colour(platform(l)), 0xb0), \
			for [i = 1:words(lines)] l = word(lines, i) data \
				using (pooled(l) ? x(i) : NaN):8 skip 1 title label(l) with linespoints \
				linetype kind(l) linecolor rgb colour(platform(l)) linewidth 1.6 pointsize 0.8 \
				pointtype (load(l) eq "on" ? open(platform(l)) : filled(platform(l))), \
			keyentry with filledcurves fillcolor rgb faint(grey, 0xb0) title "95 % confidence", \
			keyentry with points pointtype mark(1) pointsize 0.7 linecolor rgb faint(grey, 0x40) \
				title strip ? "a distribution, as below" : "a distribution"
	}
	if (strip) {
		unset label
		unset logscale
		set tmargin at screen 0.285
		set bmargin at screen 0.10
		set yrange [0:1.08]
		set ytics 0.5
		set ylabel "mean scale"
		set format x "%g"
		set xlabel "tasks per processor"
		set key at screen 0.97, 0.335 right top horizontal maxrows 1 maxcols auto samplen 1.5 width -2 font ",8.5"
		plot for [d = 1:words(distributions)] tasksets \
			using (strcol(1) eq word(distributions, d) ? $2 : NaN):4 skip 1 \
			title word(distributions, d) with linespoints linetype 11 pointtype mark(d) \
			pointsize 0.7 linewidth 1 linecolor rgb grey
	}
	unset multiplot
	unset output
	unset format
}
