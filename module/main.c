// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading; the module's parameters. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "debugfs.h"
#include "run.h"
#include "text.h"
#include "user.h"

/*
 * Parameters are only noted here and judged when the module starts: so a bad
 * one gets one line, with its range, and no second one from the kernel.
 */
static char *rtlat_param_text[RTLAT_NR_PARAMS];

static int rtlat_param_note(const char *value, const struct kernel_param *kp)
{
	char **text = kp->arg;

	kfree(*text);
	*text = kstrdup(value, GFP_KERNEL);
	return *text ? 0 : -ENOMEM;
}

static int rtlat_param_get(char *buf, const struct kernel_param *kp)
{
	char *const *text = kp->arg;

	return scnprintf(buf, PAGE_SIZE, "%s\n", *text ? *text : "");
}

/* The kernel's, when the files under /sys/module are gone. */
static void rtlat_param_free(void *arg)
{
	char **text = arg;

	kfree(*text);
	*text = NULL;
}

static const struct kernel_param_ops rtlat_param_ops = {
	.set = rtlat_param_note,
	.get = rtlat_param_get,
	.free = rtlat_param_free,
};

#define RTLAT_MODULE_PARAM(name, text)					\
	module_param_cb(name, &rtlat_param_ops,				\
			&rtlat_param_text[RTLAT_P_##name], 0400);	\
	MODULE_PARM_DESC(name, text);

#define RTLAT_PARAM_ENUM(name, LIST, modes, def, help)			\
	RTLAT_MODULE_PARAM(name, help " [" LIST(RTLAT_VALUE) "default " #def "]")
#define RTLAT_PARAM_NUM(name, unit, modes, def, min, max, help)		\
	RTLAT_MODULE_PARAM(name, help " [" unit ", default " #def	\
			   ", range " #min ".." #max "]")
#define RTLAT_PARAM_LIST(name, unit, modes, def, min, max, help)	\
	RTLAT_MODULE_PARAM(name, help " [" unit ", default " #def	\
			   ", range " #min ".." #max ", one or one per task]")
#define RTLAT_PARAM_CPUS(name, modes, help)				\
	RTLAT_MODULE_PARAM(name, help " [CPU list]")
#define RTLAT_VALUE(NAME, name) #name " "
#include "params-expand.h"

static int rtlat_params_apply(char *err, size_t err_size)
{
	unsigned int i;
	int ret;

	for (i = 0; i < RTLAT_NR_PARAMS; i++) {
		const char *text = rtlat_param_text[i];
		size_t good;

		if (!text)
			continue;
		good = rtlat_text_printable(text);
		if (text[good]) {
			scnprintf(err, err_size,
				  "%s: character %zu is 0x%02x, which is not printable",
				  rtlat_params[i].name, good + 1,
				  (unsigned char)text[good]);
			return -EINVAL;
		}
		ret = rtlat_run_set(rtlat_params[i].name, text, err,
				    err_size);
		if (ret)
			return ret;
	}
	return 0;
}

static int __init rtlat_init(void)
{
	const char *mode = rtlat_param_text[RTLAT_P_mode];
	char err[RTLAT_LINE_MAX] = "";
	int ret;

	ret = rtlat_run_init();
	if (ret)
		goto err;
	ret = rtlat_params_apply(err, sizeof(err));
	if (ret)
		goto err_run;
	if (mode && strcmp(mode, rtlat_mode_names[RTLAT_MODE_IDLE])) {
		ret = rtlat_run_start(err, sizeof(err));
		if (ret)
			goto err_run;
	}
	/* last: who opens it must find a module that stays */
	ret = rtlat_user_init();
	if (ret)
		goto err_run;
	rtlat_debugfs_init();
	return 0;
err_run:
	rtlat_run_exit();
err:
	if (*err)
		pr_err("%s\n", err);
	return ret;
}

static void __exit rtlat_exit(void)
{
	rtlat_user_exit();
	rtlat_debugfs_exit();
	rtlat_run_exit();
}

module_init(rtlat_init);
module_exit(rtlat_exit);

MODULE_DESCRIPTION("Latency of releasing and scheduling a job, step by step");
MODULE_AUTHOR("The rtlat authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(RTLAT_VERSION);
MODULE_INFO(rtlat_abi, RTLAT_ABI_STR);
