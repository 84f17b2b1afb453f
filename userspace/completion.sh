#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Make the bash completion of rtlat from what its commands say of themselves.
#
# usage: completion.sh RTLAT
set -euo pipefail

rtlat=$1

# options COMMAND - the long options that its help names
options() {
	"$rtlat" "$1" --help | sed -nE 's/^ {2,6}(-., )?(--[a-z-]+=?).*/\2/p' | sort -u | tr '\n' ' '
}

commands=$("$rtlat" --help | awk '/^  [a-z]/ { printf "%s ", $1 }')
[[ -n $commands ]]
parameters=$("$rtlat" params | awk 'NR > 1 { printf "%s= ", $1 }')

cat <<HEAD
# bash completion of rtlat; made by userspace/completion.sh, do not edit
_rtlat() {
	local cur=\${COMP_WORDS[COMP_CWORD]} words=
	compopt +o nospace
	if [[ \$COMP_CWORD -eq 1 ]]; then
		words='$commands--help --version'
	else
		case \${COMP_WORDS[1]} in
HEAD
for command in $commands; do
	more=
	[[ $command != run && $command != skip ]] || more=$parameters
	printf "\t\t%s) words='%s' ;;\n" "$command" "$(options "$command")$more"
done
cat <<'TAIL'
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
	[[ ${#COMPREPLY[@]} -ne 0 ]] || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}
complete -F _rtlat rtlat
TAIL
