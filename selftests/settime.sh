#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# description: the wall clock is set during a run: nothing changes
# shellcheck source=selftests/functions.sh
. "$(dirname "$0")/functions.sh"

need_module
# not on a machine whose clock others rely on
[[ ${RTLAT_HOST:-} == emulated || ${RTLAT_SETTIME:-0} == 1 ]] || skip_all "sets the clock: only with RTLAT_SETTIME=1"
plan 7
rt_load || give_up "the module does not load"
now=$(date +%s)
check "runs" eval 'rt_reset && rt_set mode=timer period_us=5000 count=200 && rt_control start && rt_wait_done 10'
check "the clock goes back a day, and forth two" eval '{ date -s "@$((now - 86400))" && date -s "@$((now + 86400))" && date -s "@$now"; } >/dev/null'
check "the run was in the middle" test "$(rt_status state)" = running
check "the run ends" rt_wait
check_eq "the run is complete" "$(rt_status end) $(rt_ledger thread_latency nonmonotonic)" "complete 0"
check "no release is missing" rt_attempted thread_latency 200
check "every ledger closes" rt_closes
finish
