// SPDX-License-Identifier: GPL-2.0
#include <linux/preempt.h>
#include <linux/sched.h>

bool rtlat_test(void);
bool rtlat_test(void)
{
	return preempt_model_lazy();
}
