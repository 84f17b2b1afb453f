// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/rtlat: tasks that are processes. A process opens the file, joins a run
 * as one of its tasks, and waits in the kernel for its releases, as LITMUS^RT's
 * rtspin does: its context switches are between address spaces.
 *
 * Locks, outer first: the run's mutex, CPU hotplug's, rtlat_user_mutex, the
 * file's. The file's is held by the process while it waits.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/uaccess.h>

#include "account.h"
#include "run.h"
#include "thread.h"
#include "timer.h"
#include "user.h"

/* Ticks that a process has to return from waiting, before it is helped. */
#define RTLAT_LEAVE_TRIES	(HZ / 10)

/**
 * struct rtlat_user - an open file
 * @lock: the rest; held by the process from its call of RTLAT_IOC_WAIT to the
 *	beginning of the job. @task and @joined change under both this and
 *	rtlat_user_mutex.
 * @task: task as which it joined, or NULL
 * @joined: it has joined, once
 * @leave: told to return from waiting
 * @armed: the first release is made
 * @running: a job has begun and is not done
 * @expiry_ns: expiry of its release
 * @start_ns: its first instant
 */
struct rtlat_user {
	struct mutex lock;	/* see above */
	struct rtlat_task *task;
	bool joined;
	bool leave;
	bool armed;
	bool running;
	u64 expiry_ns;
	u64 start_ns;
};

static DEFINE_MUTEX(rtlat_user_mutex);	/* task and user of each other */

static struct rtlat_task *rtlat_user_find(struct rtlat_run *run, u32 id)
{
	struct rtlat_cpu *cpu;
	unsigned int i;
	u32 t;

	rtlat_for_each_cpu(cpu, run, i) {
		for (t = 0; t < cpu->nr_tasks; t++) {
			struct rtlat_task *task = &cpu->tasks[t];

			if (!task->thread && !task->first_ns &&
			    (id == RTLAT_ANY_TASK || id == task->id))
				return task;
		}
	}
	return NULL;
}

/* Is the calling thread a task already, by another file? */
static bool rtlat_user_is_task(const struct rtlat_run *run)
{
	const struct rtlat_cpu *cpu;
	unsigned int i;
	u32 t;

	rtlat_for_each_cpu(cpu, run, i)
		for (t = 0; t < cpu->nr_tasks; t++)
			if (cpu->tasks[t].thread == current)
				return true;
	return false;
}

/* Pinned, and scheduled as the task shall be; or as it was, when that is refused. */
static int rtlat_user_schedule(const struct rtlat_task *task)
{
	char err[RTLAT_LINE_MAX] = "";
	cpumask_var_t before;
	int ret;

	if (!alloc_cpumask_var(&before, GFP_KERNEL))
		return -ENOMEM;
	cpumask_copy(before, current->cpus_ptr);
	ret = set_cpus_allowed_ptr(current, cpumask_of(task->cpu->id));
	if (ret)
		goto out;
	ret = task->budget_ns ?
	      rtlat_thread_deadline(current, task->budget_ns, task->period_ns,
				    err, sizeof(err)) :
	      rtlat_thread_fifo(current, task->prio, err, sizeof(err));
	if (*err)
		pr_err("%s\n", err);
	if (ret)
		set_cpus_allowed_ptr(current, before);
out:
	free_cpumask_var(before);
	return ret;
}

/**
 * rtlat_user_attach - the calling process becomes a task
 * @run: run that waits for tasks
 * @user: its file
 * @id: task, or RTLAT_ANY_TASK
 *
 * Process context; no CPU may go away meanwhile.
 *
 * Return: 0, -EBUSY when the file or the thread has joined before, -ENOENT when
 * no such task is free, or what the scheduler says.
 */
int rtlat_user_attach(struct rtlat_run *run, struct rtlat_user *user, u32 id)
{
	struct rtlat_task *task;
	int ret = -EBUSY;

	mutex_lock(&rtlat_user_mutex);
	/* before the file's lock, which its process may hold until the run begins */
	if (user->joined || rtlat_user_is_task(run))
		goto unlock;
	ret = -ENOENT;
	task = rtlat_user_find(run, id);
	if (!task)
		goto unlock;
	ret = rtlat_user_schedule(task);
	if (ret)
		goto unlock;
	mutex_lock(&user->lock);
	task->thread = get_task_struct(current);
	task->user = user;
	user->task = task;
	user->joined = true;
	rtlat_cpu_hash_tasks(task->cpu);
	mutex_unlock(&user->lock);
unlock:
	mutex_unlock(&rtlat_user_mutex);
	return ret;
}

/* On the task's CPU, where its ledger is kept. Its process does nothing more. */
static void rtlat_user_settle(void *data)
{
	struct rtlat_task *task = data;
	struct rtlat_cpu *cpu = task->cpu;
	const u64 bit = 1ULL << task->index;

	if (atomic_read(&task->pending)) {
		rtlat_queue_behind(task);
		if (!task->user->running) {
			task->rel.start.ns = RTLAT_UNSEEN;
			rtlat_judge(cpu, &task->rel);
		}
	}
	cpu->waiting &= ~bit;
	cpu->queued &= ~bit;
	if (task->armed)
		rtlat_account_line(cpu, RTLAT_EXPIRY_METRICS,
				   RTLAT_L_CANCELLED, 1);
}

/*
 * Its process gives the lock back when it returns from waiting. Where another one
 * of a higher priority never lets it, it gets the highest for that long.
 */
static void rtlat_user_lock(const struct rtlat_task *task, struct rtlat_user *user)
{
	struct task_struct *thread = task->thread;
	const unsigned int prio = thread->rt_priority;
	unsigned int tries = 0;
	bool raised = false;
	char err[8];

	while (!mutex_trylock(&user->lock)) {
		if (++tries == RTLAT_LEAVE_TRIES && thread->policy == SCHED_FIFO) {
			rtlat_thread_fifo(thread, MAX_RT_PRIO - 1, err, sizeof(err));
			raised = true;
		}
		wake_up_process(thread);
		schedule_timeout_uninterruptible(1);
	}
	if (raised)
		rtlat_thread_fifo(thread, prio, err, sizeof(err));
}

/* With rtlat_user_mutex held. The process may go on, but not as a task. */
static struct task_struct *rtlat_user_detach_locked(struct rtlat_task *task)
{
	struct rtlat_user *user = task->user;
	struct task_struct *thread = task->thread;

	if (!user)
		return NULL;
	if (task->budget_ns)
		rtlat_thread_unbind(thread, task->cpu->id);
	WRITE_ONCE(user->leave, true);
	rtlat_user_lock(task, user);
	hrtimer_cancel(&task->timer);
	/* the probes look no more before what they saw is settled */
	WRITE_ONCE(task->thread, NULL);
	if (smp_call_function_single(task->cpu->id, rtlat_user_settle, task, 1))
		rtlat_user_settle(task);
	task->user = NULL;
	user->task = NULL;
	mutex_unlock(&user->lock);
	if (task->budget_ns)
		rtlat_thread_ordinary(thread, task->cpu->id);
	return thread;
}

/**
 * rtlat_user_detach - a task's process shall return from waiting, and leave
 * @task: task
 *
 * When it returns, the task is released no more and what was has its outcome.
 * Process context.
 *
 * Return: its thread, for rtlat_thread_put(), or NULL.
 */
struct task_struct *rtlat_user_detach(struct rtlat_task *task)
{
	struct task_struct *thread;

	mutex_lock(&rtlat_user_mutex);
	thread = rtlat_user_detach_locked(task);
	mutex_unlock(&rtlat_user_mutex);
	return thread;
}

/**
 * rtlat_user_leave - the file is closed
 * @user: file
 * @left: called with the task that it was, before it is one no more
 *
 * Process context.
 *
 * Return: the task's thread, for rtlat_thread_put(), or NULL.
 */
struct task_struct *rtlat_user_leave(struct rtlat_user *user,
				     void (*left)(struct rtlat_task *task))
{
	struct task_struct *thread = NULL;
	struct rtlat_task *task;

	mutex_lock(&rtlat_user_mutex);
	task = user->task;
	if (task) {
		left(task);
		thread = rtlat_user_detach_locked(task);
		rtlat_task_finished(task);
	}
	mutex_unlock(&rtlat_user_mutex);
	return thread;
}

/* Sleeps until @ready, a signal or the end. */
static int rtlat_user_sleep(const struct rtlat_user *user,
			    struct rtlat_task *task,
			    bool (*ready)(const struct rtlat_task *task),
			    struct rtlat_stamp *woken)
{
	int ret = 0;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		*woken = rtlat_job_stamp(task);
		if (ready(task))
			break;
		ret = READ_ONCE(user->leave) ? -ESHUTDOWN :
		      signal_pending(current) ? -ERESTARTSYS : 0;
		if (ret)
			break;
		schedule();
		*woken = rtlat_job_stamp(task);
		if (ready(task))
			break;
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

static bool rtlat_user_may_go(const struct rtlat_task *task)
{
	/* what was set up before @go is to be seen after it */
	return smp_load_acquire(&task->go);
}

static bool rtlat_user_released(const struct rtlat_task *task)
{
	return atomic_read(&task->pending);
}

/* The job is done. Return: whether the next one has begun at once. */
static bool rtlat_user_done(struct rtlat_user *user)
{
	struct rtlat_task *task = user->task;

	rtlat_job_ended(task, user->expiry_ns, user->start_ns);
	if (task->cpu->run->cfg.arm == RTLAT_ARM_JOB)
		rtlat_arm(task, false);
	rtlat_completed(task);
	user->running = rtlat_job_next(task, &user->expiry_ns,
				       &user->start_ns);
	return user->running;
}

/* Waits for the next release. What it leaves behind is entered before the job. */
static int rtlat_user_next(struct rtlat_user *user)
{
	struct rtlat_task *task = user->task;
	struct rtlat_cpu *cpu = task->cpu;
	struct rtlat_stamp start;
	int ret;

	if (user->running && rtlat_user_done(user))
		return 0;
	ret = rtlat_user_sleep(user, task, rtlat_user_may_go, &start);
	if (ret)
		return ret;
	if (!user->armed)
		rtlat_arm(task, true);
	user->armed = true;
	if (rtlat_idle(task))
		rtlat_task_finished(task);
	ret = rtlat_user_sleep(user, task, rtlat_user_released, &start);
	if (ret)
		return ret;
	if (raw_smp_processor_id() != cpu->id) {
		/* its release is settled when the file is closed */
		task->rel.migrated_job = true;
		WRITE_ONCE(task->first_switch, false);
		return -ENODEV;
	}
	rtlat_job_begin(task, start);
	user->running = true;
	user->expiry_ns = task->rel.expiry_ns;
	user->start_ns = task->rel.start.ns;
	rtlat_judge(cpu, &task->rel);
	rtlat_account_flush(cpu);
	return 0;
}

static int rtlat_user_wait(struct rtlat_user *user, struct rtlat_job_info *info)
{
	u64 now_ns;
	int ret;

	if (mutex_lock_interruptible(&user->lock))
		return -ERESTARTSYS;
	ret = -EINVAL;
	if (!user->joined)
		goto unlock;
	ret = -ESHUTDOWN;
	if (!user->task || READ_ONCE(user->leave))
		goto unlock;
	/* a file that was passed on, or inherited */
	ret = -EPERM;
	if (user->task->thread != current)
		goto unlock;
	ret = -ENODEV;
	if (raw_smp_processor_id() != user->task->cpu->id)
		goto unlock;
	ret = rtlat_user_next(user);
	if (ret)
		goto unlock;
	/* from the schedule: those served back to back have no release of their own */
	info->job = div64_u64(user->expiry_ns - user->task->first_ns,
			      user->task->period_ns);
	info->expiry_ns = user->expiry_ns;
	info->start_ns = user->start_ns;
	info->consumed_ns = rtlat_cpu_time(user->task, user->start_ns, &now_ns);
unlock:
	mutex_unlock(&user->lock);
	return ret;
}

static int rtlat_user_join(struct rtlat_user *user,
			   struct rtlat_task_info *info)
{
	const struct rtlat_task *task;
	int ret = rtlat_run_join(user, info->task);

	if (ret)
		return ret;
	mutex_lock(&user->lock);
	task = user->task;
	if (task) {
		info->task = task->id;
		info->cpu = task->cpu->id;
		info->period_ns = task->period_ns;
		info->exec_ns = task->exec_ns;
	} else {
		ret = -ESHUTDOWN;
	}
	mutex_unlock(&user->lock);
	return ret;
}

static long rtlat_user_ioctl(struct file *file, unsigned int cmd,
			     unsigned long arg)
{
	struct rtlat_user *user = file->private_data;
	void __user *to = (void __user *)arg;
	struct rtlat_task_info task;
	struct rtlat_job_info job;
	long ret;

	switch (cmd) {
	case RTLAT_IOC_JOIN:
		if (copy_from_user(&task, to, sizeof(task)))
			return -EFAULT;
		ret = rtlat_user_join(user, &task);
		if (!ret && copy_to_user(to, &task, sizeof(task)))
			ret = -EFAULT;
		return ret;
	case RTLAT_IOC_WAIT:
		ret = rtlat_user_wait(user, &job);
		if (!ret && copy_to_user(to, &job, sizeof(job)))
			ret = -EFAULT;
		return ret;
	}
	return -ENOTTY;
}

static int rtlat_user_open(struct inode *inode, struct file *file)
{
	struct rtlat_user *user = kzalloc(sizeof(*user), GFP_KERNEL);

	if (!user)
		return -ENOMEM;
	mutex_init(&user->lock);
	file->private_data = user;
	return nonseekable_open(inode, file);
}

static int rtlat_user_release(struct inode *inode, struct file *file)
{
	struct rtlat_user *user = file->private_data;

	rtlat_run_leave(user);
	kfree(user);
	return 0;
}

static const struct file_operations rtlat_user_fops = {
	.owner = THIS_MODULE,
	.open = rtlat_user_open,
	.release = rtlat_user_release,
	.unlocked_ioctl = rtlat_user_ioctl,
};

static struct miscdevice rtlat_user_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = RTLAT_DEVICE,
	.mode = 0600,
	.fops = &rtlat_user_fops,
};

/**
 * rtlat_user_init - create /dev/rtlat
 *
 * Return: 0 or an error.
 */
int rtlat_user_init(void)
{
	return misc_register(&rtlat_user_device);
}

/**
 * rtlat_user_exit - remove it; nobody has it open
 */
void rtlat_user_exit(void)
{
	misc_deregister(&rtlat_user_device);
}
