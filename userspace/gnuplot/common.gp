# SPDX-License-Identifier: GPL-2.0
# What all figures share: colours, letters, the words of a line.

set encoding utf8
set datafile separator tab
set datafile missing "NaN"

# Okabe and Ito's colours: told apart by every kind of eye, and in grey by the
# marks. A platform has the same ones everywhere.
colour(p) = p eq "native" ? 0x0072b2 : p eq "kvm" ? 0xd55e00 : 0x009e73
filled(p) = p eq "native" ? 7 : p eq "kvm" ? 5 : 9
open(p) = p eq "native" ? 6 : p eq "kvm" ? 4 : 8
grey = 0x505050

# A line is platform:timer:load.
first(l) = l[:strstrt(l, ":") - 1]
rest(l) = l[strstrt(l, ":") + 1:]
platform(l) = first(l)
timer(l) = first(rest(l))
load(l) = rest(rest(l))
label(l) = platform(l) . (timer(l) eq "posted" ? " timer=posted" : "") \
	. (load(l) eq "on" ? ", load on" : "")
is_line(l) = strcol(1) eq platform(l) && strcol(2) eq timer(l) && strcol(3) eq load(l)
# Load is dashed, a posted timer dotted and dashed.
set linetype 11 dashtype solid
set linetype 12 dashtype (8, 4)
set linetype 13 dashtype (8, 3, 2, 3)
set linetype 14 dashtype (2, 3)
kind(l) = 11 + (load(l) eq "on") + 2 * (timer(l) eq "posted")
faint(c, alpha) = (alpha << 24) + c

set border 3 linecolor rgb "#404040"
set tics nomirror font ",10.5"
set grid ytics linetype 1 linecolor rgb "#c8c8c8" linewidth 0.5
# The line first, then its name: names that differ in length stay in column.
set key noenhanced Left reverse
# It has three columns, and at least the room of two rows.
key_rows(n) = n > 6 ? ceil(n / 3.0) : 2

# Marks of a logarithmic axis, in place of gnuplot's own: 1, 2 and 5 of each
# decade, or the decades alone where there are many; with or without their text.
short(v) = v >= 1e6 ? sprintf("%gM", v / 1e6) : v >= 1e3 ? sprintf("%gk", v / 1e3) : sprintf("%g", v)
log_tics(axis, low, high, text) = sprintf("set %stics ('' 1e-30); do for [e = -4:12] { do for [m in '%s'] { set %stics add (%s m * 10.0 ** e) } }", \
	axis, log10(high / low) > 3.5 ? "1" : "1 2 5", axis, text ? "short(m * 10.0 ** e)" : "''")

# What stands above a figure.
heading = "unset label; " \
	. "set label 1 ARG2 at screen 0.02, 0.965 left font 'DejaVu Sans:Bold,15' noenhanced; " \
	. "set label 2 ARG3 at screen 0.02, 0.925 left font ',9.5' textcolor rgb '#505050' noenhanced"

# The same picture twice; text in an SVG stays text.
terminals = "svg png"
terminal(t) = t eq "svg" ? \
	"set terminal svg size 900,660 dynamic noenhanced font 'DejaVu Sans,12' background rgb 'white'" : \
	"set terminal pngcairo size 1800,1320 noenhanced font 'DejaVu Sans,12' fontscale 2 linewidth 2 pointscale 2 background rgb 'white'"
