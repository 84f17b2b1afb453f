// SPDX-License-Identifier: GPL-2.0
/* The module, reached through debugfs. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/textline.h"
#include "run/debugfs.h"
#include "stats/figures.h"

#define DEBUGFS		"/sys/kernel/debug"

static const char *module_dir(void)
{
	const char *dir = getenv("RTLAT_DEBUGFS_DIR");

	return dir ? dir : DEBUGFS "/" RTLAT_DEBUGFS_DIR;
}

/**
 * module_loaded - is rtlat.ko there?
 *
 * Mounts debugfs where nobody did.
 *
 * Return: true when its debugfs files are.
 */
bool module_loaded(void)
{
	if (!access(module_dir(), F_OK))
		return true;
	if (access("/sys/module/rtlat", F_OK))
		return false;
	if (mount("debugfs", DEBUGFS, "debugfs",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) && errno != EBUSY)
		return false;
	return !access(module_dir(), F_OK);
}

/**
 * module_read - read one of the module's files
 * @file: its name
 *
 * Return: the text, or NULL after a line that names the file; free() it.
 */
char *module_read(const char *file)
{
	char *path = xasprintf("%s/%s", module_dir(), file);
	char *text = read_text(path, NULL);

	if (!text)
		complain("cannot read %s: %s%s", path, strerror(errno),
			 errno == EACCES ? " (only root may)" : "");
	free(path);
	return text;
}

/**
 * module_write - write to one of the module's files
 * @file: params or control
 * @text: what to write
 *
 * Return: 0 or -errno; says nothing.
 */
int module_write(const char *file, const char *text)
{
	char *path = xasprintf("%s/%s", module_dir(), file);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = fd < 0 ? -errno : 0;

	if (!ret)
		ret = write_all(fd, text, strlen(text));
	if (fd >= 0)
		close(fd);
	free(path);
	return ret;
}

/* own_cost_ps=none, or METRIC:NUMBER,... */
static int own_words(const char *value, u64 own_ps[RTLAT_NR_METRICS],
		     struct problem *problem)
{
	char *text = xstrdup(value), *rest = text, *word;
	int ret = 0;

	while (!ret && strcmp(value, "none") && (word = strsep(&rest, ","))) {
		char *colon = strchr(word, ':');
		int metric;

		if (colon)
			*colon++ = '\0';
		metric = metric_by_name(word);
		if (metric < 0 || !colon || parse_u64(colon, &own_ps[metric]))
			ret = problem_set(problem,
					  "status: own_cost_ps=%s: not METRIC:PICOSECONDS,...",
					  value);
	}
	free(text);
	return ret;
}

struct status_reader {
	struct module_status *status;
	unsigned int seen;
};

static int status_word(const char *key, const char *value, void *data,
		       struct problem *problem)
{
	struct status_reader *reader = data;
	struct module_status *status = reader->status;
	const struct {
		const char *key;
		u64 *number;
		char *text;
	} words[] = {
		{ "abi", &status->abi, NULL },
		{ "state", NULL, status->state },
		{ "end", NULL, status->end },
		{ "preempt", NULL, status->preempt },
		{ "run", &status->run, NULL },
		{ "done", &status->done, NULL },
		{ "total", &status->total, NULL },
		{ "begin_ns", &status->begin_ns, NULL },
		{ "end_ns", &status->end_ns, NULL },
		{ "stamp_cost_ps", &status->stamp_cost_ps, NULL },
		{ "sum_checked", &status->sum_checked, NULL },
		{ "sum_failed", &status->sum_failed, NULL },
		{ "ledger_closes", &status->ledger_closes, NULL },
		{ "missed", &status->missed, NULL },
		{ "overrun", &status->overrun, NULL },
		{ "throttled", &status->throttled, NULL },
	};
	size_t i;

	if (!strcmp(key, "own_cost_ps"))
		return own_words(value, status->own_ps, problem);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(key, words[i].key))
			continue;
		reader->seen |= 1U << i;
		if (words[i].text) {
			snprintf(words[i].text, sizeof(status->state), "%s",
				 value);
			return 0;
		}
		if (!parse_u64(value, words[i].number))
			return 0;
		return problem_set(problem, "status: %s=%s is not a number", key,
				   value);
	}
	return 0;
}

static int status_line(const struct textline *line, void *data,
		       struct problem *problem)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < line->nr && !ret; i++)
		if (line->word[i].key)
			ret = status_word(line->word[i].key,
					  line->word[i].value, data, problem);
	return ret;
}

/**
 * status_parse - take the text of status apart
 * @status: receives it; @status->text is not set
 * @text: one key=value per line, or all in one line
 * @problem: receives what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int status_parse(struct module_status *status, const char *text,
		 struct problem *problem)
{
	struct status_reader reader = { .status = status };
	int ret;

	memset(status, 0, sizeof(*status));
	ret = text_each_line("status", text, status_line, &reader, problem);
	if (!ret && !(reader.seen & 1))
		ret = problem_set(problem, "status: abi= is missing");
	if (!ret && !(reader.seen & 2))
		ret = problem_set(problem, "status: state= is missing");
	return ret;
}

/**
 * module_status_read - read and take apart the file status
 * @status: receives it; free() its text
 *
 * Return: 0, or -errno after a line.
 */
int module_status_read(struct module_status *status)
{
	struct problem problem = { "" };
	char *text = module_read("status");
	int ret;

	memset(status, 0, sizeof(*status));
	if (!text)
		return -EIO;
	ret = status_parse(status, text, &problem);
	if (ret) {
		complain("%s", problem.text);
		free(text);
		return ret;
	}
	status->text = text;
	return 0;
}

/**
 * module_check_abi - does the loaded module speak our language?
 *
 * Return: 0, or -EPROTO after a line with both versions.
 */
int module_check_abi(void)
{
	struct module_status status;
	int ret;

	ret = module_status_read(&status);
	if (ret)
		return ret;
	if (status.abi != RTLAT_ABI) {
		complain("the loaded module has ABI %" PRIu64
			 ", this rtlat has ABI %d: use the rtlat that was built with it",
			 status.abi, RTLAT_ABI);
		ret = -EPROTO;
	} else if (!strcmp(status.state, "running")) {
		complain("a run is in progress (run %" PRIu64 ", %" PRIu64 " of %" PRIu64
			 " done): stop it with: echo stop > %s/control",
			 status.run, status.done, status.total, module_dir());
		ret = -EBUSY;
	}
	free(status.text);
	return ret;
}

static int write_param(const char *name, const char *value)
{
	int kmsg = kmsg_open();
	char *text = xasprintf("%s=%s", name, value);
	int ret = module_write("params", text);

	if (ret) {
		char *why = kmsg_last_error(kmsg);

		complain("the module refuses %s: %s", text,
			 why ? why : strerror(-ret));
		free(why);
	}
	free(text);
	if (kmsg >= 0)
		close(kmsg);
	return ret;
}

/**
 * module_configure - set the idle module's parameters
 * @config: those given are set, all others go back to their default
 *
 * Return: 0, or -errno after a line.
 */
int module_configure(const struct rtlat_config *config)
{
	char value[RTLAT_LINE_MAX];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < RTLAT_NR_PARAMS && !ret; i++)
		ret = write_param(rtlat_params[i].name, "");
	for (i = 0; i < RTLAT_NR_PARAMS && !ret; i++) {
		if (!(config->given & 1U << i))
			continue;
		rtlat_config_value(config, i, value, sizeof(value));
		ret = write_param(rtlat_params[i].name, value);
	}
	return ret;
}
