// SPDX-License-Identifier: GPL-2.0
/* /sys/kernel/debug/rtlat: root's alone. docs/interfaces.md has the formats. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "show.h"
#include "text.h"

static struct dentry *rtlat_dir;

#define RTLAT_FILE_OPEN(name)						\
static int rtlat_##name##_show(struct seq_file *seq, void *data)	\
{									\
	rtlat_run_show(seq, rtlat_show_##name);				\
	return 0;							\
}									\
static int rtlat_##name##_open(struct inode *inode, struct file *file)	\
{									\
	return single_open(file, rtlat_##name##_show, NULL);		\
}

#define RTLAT_FILE(name)						\
RTLAT_FILE_OPEN(name)							\
static const struct file_operations rtlat_##name##_fops = {		\
	.owner = THIS_MODULE,						\
	.open = rtlat_##name##_open,					\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = single_release,					\
}

#define RTLAT_FILE_RW(name)						\
RTLAT_FILE_OPEN(name)							\
static const struct file_operations rtlat_##name##_fops = {		\
	.owner = THIS_MODULE,						\
	.open = rtlat_##name##_open,					\
	.read = seq_read,						\
	.write = rtlat_##name##_write,					\
	.llseek = seq_lseek,						\
	.release = single_release,					\
}

/*
 * One line of text from userspace, its end of line cut off; freed by the caller.
 * What comes from outside is also printed: it must not look like something else.
 */
static char *rtlat_line_from_user(const char *file, const char __user *from,
				  size_t count, char *err, size_t err_size)
{
	size_t len = count, good;
	char *line;

	if (!count || count >= RTLAT_LINE_MAX) {
		scnprintf(err, err_size, "%s: %zu characters; range 1..%d",
			  file, count, RTLAT_LINE_MAX - 1);
		return ERR_PTR(-EINVAL);
	}
	line = memdup_user_nul(from, count);
	if (IS_ERR(line))
		return line;
	if (line[len - 1] == '\n')
		line[--len] = '\0';
	good = rtlat_text_printable(line);
	if (good == len)
		return line;
	scnprintf(err, err_size,
		  "%s: character %zu of %zu is 0x%02x, which is not printable",
		  file, good + 1, len, (unsigned char)line[good]);
	kfree(line);
	return ERR_PTR(-EINVAL);
}

/* Process context. Return: @count or the error, told by one line in the log. */
static ssize_t rtlat_line_write(const char *file, const char __user *from,
				size_t count,
				int (*take)(char *line, char *err, size_t size))
{
	char err[RTLAT_LINE_MAX] = "";
	char *line;
	int ret;

	line = rtlat_line_from_user(file, from, count, err, sizeof(err));
	if (IS_ERR(line)) {
		ret = PTR_ERR(line);
	} else {
		ret = take(line, err, sizeof(err));
		kfree(line);
	}
	if (*err)
		pr_err("%s\n", err);
	return ret ? ret : count;
}

static int rtlat_params_take(char *line, char *err, size_t size)
{
	char *value = strchr(line, '=');

	if (!value) {
		scnprintf(err, size, "%s: not name=value", line);
		return -EINVAL;
	}
	*value++ = '\0';
	return rtlat_run_set(line, value, err, size);
}

static ssize_t rtlat_params_write(struct file *file, const char __user *from,
				  size_t count, loff_t *pos)
{
	return rtlat_line_write("params", from, count, rtlat_params_take);
}

static int rtlat_control_take(char *line, char *err, size_t size)
{
	if (!strcmp(line, "start"))
		return rtlat_run_start(err, size);
	if (!strcmp(line, "stop")) {
		rtlat_run_stop(RTLAT_END_STOPPED);
		return 0;
	}
	scnprintf(err, size, "control: %s: not one of start|stop", line);
	return -EINVAL;
}

static ssize_t rtlat_control_write(struct file *file, const char __user *from,
				   size_t count, loff_t *pos)
{
	return rtlat_line_write("control", from, count, rtlat_control_take);
}

static void rtlat_show_control(struct seq_file *seq,
			       const struct rtlat_config *next,
			       struct rtlat_run *run)
{
	seq_puts(seq, "start stop\n");
}

RTLAT_FILE_RW(params);
RTLAT_FILE_RW(control);
RTLAT_FILE(status);
RTLAT_FILE(ledger);
RTLAT_FILE(summary);
RTLAT_FILE(histograms);
RTLAT_FILE(tasks);
RTLAT_FILE(outliers);
RTLAT_FILE(taskset);

#define RTLAT_CREATE(name, mode)					\
	debugfs_create_file(#name, mode, rtlat_dir, NULL, &rtlat_##name##_fops)

/**
 * rtlat_debugfs_init - create the files
 *
 * debugfs errors are not checked: the module works without it.
 */
void rtlat_debugfs_init(void)
{
	rtlat_dir = debugfs_create_dir(RTLAT_DEBUGFS_DIR, NULL);
	if (!IS_ERR(rtlat_dir) && d_inode(rtlat_dir))
		d_inode(rtlat_dir)->i_mode = S_IFDIR | 0700;
	RTLAT_CREATE(params, 0600);
	RTLAT_CREATE(control, 0600);
	RTLAT_CREATE(status, 0400);
	RTLAT_CREATE(ledger, 0400);
	RTLAT_CREATE(summary, 0400);
	RTLAT_CREATE(histograms, 0400);
	RTLAT_CREATE(tasks, 0400);
	RTLAT_CREATE(outliers, 0400);
	RTLAT_CREATE(taskset, 0400);
}

/**
 * rtlat_debugfs_exit - remove the files; waits for those who use them
 */
void rtlat_debugfs_exit(void)
{
	debugfs_remove(rtlat_dir);
}
