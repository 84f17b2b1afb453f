// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>

void rtlat_test(struct hrtimer *timer,
		enum hrtimer_restart (*fn)(struct hrtimer *));
void rtlat_test(struct hrtimer *timer,
		enum hrtimer_restart (*fn)(struct hrtimer *))
{
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_HARD);
}
