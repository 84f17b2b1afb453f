// SPDX-License-Identifier: GPL-2.0
/*
 * A module that is wrong in one way at a time, to see that a debug kernel finds it
 * and that the tests hear of it. Nothing of it goes near rtlat.ko.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>

static char *what = "";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "the fault, one of those in faults[]");

static unsigned int sixty_four = 64;
static unsigned int eight = 8;
static unsigned char bytes[8];

/* read only: KASAN keeps its own lists in what is written over here */
static void use_after_free(void)
{
	char *object = kmalloc(64, GFP_KERNEL);

	kfree(object);
	if (object)
		pr_info("%d\n", READ_ONCE(object[3]));
}

static void out_of_bounds(void)
{
	char *object = kmalloc(64, GFP_KERNEL);

	if (object)
		pr_info("%d\n", READ_ONCE(object[READ_ONCE(sixty_four)]));
	kfree(object);
}

static void shift(void)
{
	pr_info("%llu\n", 1ULL << READ_ONCE(sixty_four));
}

static void array_index(void)
{
	pr_info("%u\n", bytes[READ_ONCE(eight)]);
}

static void atomic_sleep(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static void cpu_number(void)
{
	pr_info("CPU %u\n", smp_processor_id());
}

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}

/* what watches objects takes the timer off the queue before the memory goes */
static void timer_in_freed_memory(void)
{
	struct hrtimer *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer->function = expired;
	hrtimer_start(timer, ms_to_ktime(1000000), HRTIMER_MODE_REL_HARD);
	kfree(timer);
}

static void leak(void)
{
	unsigned int i;

	/* a few: a register or a stack may still hold the last one */
	for (i = 0; i < 10; i++)
		if (!kmalloc(200, GFP_KERNEL))
			return;
}

static void list_twice(void)
{
	LIST_HEAD(head);
	LIST_HEAD(entry);

	list_add(&entry, &head);
	list_del(&entry);
	list_del(&entry);
}

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

/* never at the same time: it is the order that is wrong */
static void lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void warning(void)
{
	WARN_ON(1);
}

#define FAULT(f) { #f, f }

static const struct {
	const char *name;
	void (*make)(void);
} faults[] = {
	FAULT(use_after_free), FAULT(out_of_bounds), FAULT(shift), FAULT(array_index),
	FAULT(atomic_sleep), FAULT(cpu_number), FAULT(timer_in_freed_memory), FAULT(leak),
	FAULT(list_twice), FAULT(lock_order), FAULT(warning),
};

static int __init provoke_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(what, faults[i].name)) {
			faults[i].make();
			return 0;
		}
	return -EINVAL;
}

static void __exit provoke_exit(void)
{
}

module_init(provoke_init);
module_exit(provoke_exit);

MODULE_DESCRIPTION("Faults for a debug kernel to find");
MODULE_LICENSE("GPL");
