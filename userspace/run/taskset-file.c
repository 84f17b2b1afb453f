// SPDX-License-Identifier: GPL-2.0
/* Task sets as text: what rtlat_taskset_format() writes, read back. Pure. */

#include <inttypes.h>
#include <stdlib.h>

#include "base/textline.h"
#include "run/taskset-file.h"

/* Keys of the first line that say what a set is made from. */
static const char *const word_keys[] = {
	"distribution", "tasks_per_cpu", "cpus", "seed", "period_percent",
};

/**
 * struct reader - a set that is being read
 * @set: the set; its CPUs and tasks have room once the first line is read
 * @cpu_line: line of each CPU, 0 while it has not come
 * @task_line: line of each task
 * @problem: receives the first that is wrong
 */
struct reader {
	struct rtlat_taskset *set;
	unsigned int *cpu_line;
	unsigned int *task_line;
	struct problem *problem;
};

/**
 * taskset_default - a set of the parameters' defaults, on one CPU
 * @set: receives what a set is made from; neither tasks nor CPUs
 */
void taskset_default(struct rtlat_taskset *set)
{
	struct rtlat_config config;

	rtlat_config_default(&config);
	memset(set, 0, sizeof(*set));
	set->distribution = (u32)config.distribution;
	set->tasks_per_cpu = (u32)config.tasks_per_cpu;
	set->seed = config.seed;
	set->period_percent = (u32)config.period_percent;
	set->nr_cpus = 1;
}

static bool is_word_key(const char *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(word_keys); i++)
		if (!strcmp(word_keys[i], key))
			return true;
	return false;
}

/**
 * taskset_word - take one of the words that a set is made from
 * @set: receives the value
 * @key: distribution, tasks_per_cpu, cpus (a number), seed, period_percent
 * @value: text
 * @problem: receives what is wrong: key, value and range
 *
 * Return: 0 or -EINVAL.
 */
int taskset_word(struct rtlat_taskset *set, const char *key, const char *value,
		 struct problem *problem)
{
	char err[RTLAT_LINE_MAX] = "";
	struct rtlat_config config;
	u64 number;

	if (!is_word_key(key))
		return problem_set(problem,
				   "%s: a task set has no such key; distribution, tasks_per_cpu, cpus, seed, period_percent",
				   key);
	if (!strcmp(key, "cpus")) {
		if (parse_u64(value, &number) || !number ||
		    number > TASKSET_MAX_CPUS)
			return problem_set(problem,
					   "cpus=%s: not a number of CPUs in the range 1..%u",
					   value, TASKSET_MAX_CPUS);
		set->nr_cpus = (u32)number;
		return 0;
	}
	rtlat_config_default(&config);
	config.distribution = set->distribution;
	config.tasks_per_cpu = set->tasks_per_cpu;
	config.seed = set->seed;
	config.period_percent = set->period_percent;
	if (!*value)
		return problem_set(problem, "%s=: no value", key);
	if (rtlat_config_set(&config, key, value, err, sizeof(err)))
		return problem_set(problem, "%s", err);
	set->distribution = (u32)config.distribution;
	set->tasks_per_cpu = (u32)config.tasks_per_cpu;
	set->seed = config.seed;
	set->period_percent = (u32)config.period_percent;
	return 0;
}

/**
 * taskset_alloc - room for the tasks and CPUs of a set
 * @set: set; taskset_free() it
 */
void taskset_alloc(struct rtlat_taskset *set)
{
	set->tasks = xcalloc(rtlat_taskset_size(set), sizeof(*set->tasks));
	set->cpus = xcalloc(set->nr_cpus, sizeof(*set->cpus));
}

/**
 * taskset_make - make a set from words that taskset_word() took
 * @set: set; taskset_free() it
 */
void taskset_make(struct rtlat_taskset *set)
{
	taskset_alloc(set);
	if (rtlat_taskset_make(set)) {
		complain("task set: numbers out of range");
		exit(1);
	}
}

/**
 * taskset_free - free what taskset_alloc() made
 * @set: set
 */
void taskset_free(struct rtlat_taskset *set)
{
	free(set->tasks);
	free(set->cpus);
	set->tasks = NULL;
	set->cpus = NULL;
}

/**
 * taskset_text - all lines of a set
 * @set: set that was made
 *
 * Return: the text; free() it.
 */
char *taskset_text(const struct rtlat_taskset *set)
{
	u32 line, lines = 1 + set->nr_cpus + rtlat_taskset_size(set);
	char *text = xcalloc(lines, RTLAT_LINE_MAX);
	size_t len = 0;

	for (line = 0; line < lines; line++) {
		len += (size_t)rtlat_taskset_format(set, line, text + len,
						    RTLAT_LINE_MAX - 1);
		text[len++] = '\n';
	}
	text[len] = 0;
	return xrealloc(text, len + 1);
}

__attribute__((format(printf, 3, 4)))
static int wrong(struct reader *reader, const struct textline *line,
		 const char *fmt, ...)
{
	va_list args;
	char *text;
	int ret;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	ret = problem_set(reader->problem, "%s:%u: %s", line->file,
			  line->number, text ? text : "out of memory");
	free(text);
	return ret;
}

/* Every word has one of @keys, none twice, and none of them is missing. */
static int check_keys(struct reader *reader, const struct textline *line,
		      const char *const *keys, size_t nr)
{
	size_t i, j;

	for (i = 0; i < line->nr; i++) {
		const char *key = line->word[i].key;

		if (!key)
			return wrong(reader, line, "%s: not of the form key=value",
				     line->word[i].value);
		for (j = 0; j < nr && strcmp(keys[j], key); j++)
			;
		if (j == nr)
			return wrong(reader, line, "%s: unknown key", key);
		for (j = 0; j < i; j++)
			if (!strcmp(line->word[j].key, key))
				return wrong(reader, line, "%s= is there twice",
					     key);
	}
	for (j = 0; j < nr; j++)
		if (!textline_get(line, keys[j]))
			return wrong(reader, line, "%s= is missing", keys[j]);
	return 0;
}

static int number_of(struct reader *reader, const struct textline *line,
		     const char *key, u64 min, u64 max, u64 *value)
{
	const char *text = textline_get(line, key);

	if (!parse_u64(text, value) && *value >= min && *value <= max)
		return 0;
	return wrong(reader, line, "%s=%s: not a number in the range %" PRIu64 "..%" PRIu64,
		     key, text, min, max);
}

static int read_header(struct reader *reader, const struct textline *line)
{
	static const char *const keys[] = {
		"distribution", "tasks_per_cpu", "cpus", "seed",
		"period_percent", "capacity_ppb", "tasks",
	};
	struct rtlat_taskset *set = reader->set;
	struct problem why = { "" };
	u64 value;
	size_t i;
	int ret;

	ret = check_keys(reader, line, keys, ARRAY_SIZE(keys));
	for (i = 0; i < ARRAY_SIZE(word_keys) && !ret; i++)
		ret = taskset_word(set, word_keys[i],
				   textline_get(line, word_keys[i]), &why);
	if (why.text[0])
		wrong(reader, line, "%s", why.text);
	if (!ret)
		ret = number_of(reader, line, "capacity_ppb", 1, RTLAT_PPB,
				&value);
	if (!ret && value != RTLAT_CAPACITY_PPB)
		ret = wrong(reader, line, "capacity_ppb=%" PRIu64 ": this rtlat fills CPUs to %u",
			    value, RTLAT_CAPACITY_PPB);
	if (!ret)
		ret = number_of(reader, line, "tasks", 1, UINT32_MAX, &value);
	if (!ret && value != rtlat_taskset_size(set))
		ret = wrong(reader, line, "tasks=%" PRIu64 ": tasks_per_cpu x cpus gives %u",
			    value, rtlat_taskset_size(set));
	if (ret)
		return ret;
	taskset_alloc(set);
	reader->cpu_line = xcalloc(set->nr_cpus, sizeof(*reader->cpu_line));
	reader->task_line = xcalloc(rtlat_taskset_size(set),
				    sizeof(*reader->task_line));
	return 0;
}

static int read_cpu(struct reader *reader, const struct textline *line)
{
	static const char *const keys[] = {
		"cpu", "tasks", "drawn_ppb", "utilisation_ppb", "scale_ppm",
	};
	struct rtlat_taskset *set = reader->set;
	struct rtlat_taskset_cpu *cpu;
	u64 index, tasks, scale;
	int ret;

	ret = check_keys(reader, line, keys, ARRAY_SIZE(keys));
	if (!ret)
		ret = number_of(reader, line, "cpu", 0, set->nr_cpus - 1, &index);
	if (ret)
		return ret;
	if (reader->cpu_line[index])
		return wrong(reader, line, "cpu=%" PRIu64 " is there twice, first in line %u",
			     index, reader->cpu_line[index]);
	reader->cpu_line[index] = line->number;
	cpu = &set->cpus[index];
	ret = number_of(reader, line, "tasks", 0, RTLAT_MAX_TASKS, &tasks);
	if (!ret)
		ret = number_of(reader, line, "drawn_ppb", 0,
				(u64)RTLAT_MAX_TASKS * RTLAT_CAPACITY_PPB,
				&cpu->drawn_ppb);
	if (!ret && (parse_u64(textline_get(line, "utilisation_ppb"),
			       &cpu->utilisation_ppb) ||
		     cpu->utilisation_ppb > RTLAT_CAPACITY_PPB))
		ret = wrong(reader, line,
			    "utilisation_ppb=%s: above the capacity of a CPU; range 0..%u",
			    textline_get(line, "utilisation_ppb"),
			    RTLAT_CAPACITY_PPB);
	if (!ret)
		ret = number_of(reader, line, "scale_ppm", 1, 1000000, &scale);
	if (ret)
		return ret;
	cpu->nr_tasks = (u32)tasks;
	cpu->scale_ppm = (u32)scale;
	return 0;
}

static int read_task(struct reader *reader, const struct textline *line)
{
	static const char *const keys[] = {
		"task", "cpu", "drawn_ppb", "utilisation_ppb", "period_ns",
		"exec_ns",
	};
	/* 1000 ns in a us, 100 percent in a whole */
	const u64 period_unit_ns = 10ULL * reader->set->period_percent;
	struct rtlat_taskset *set = reader->set;
	struct rtlat_taskset_task *task;
	u64 index, cpu, drawn, utilisation;
	int ret;

	ret = check_keys(reader, line, keys, ARRAY_SIZE(keys));
	if (!ret)
		ret = number_of(reader, line, "task", 0,
				rtlat_taskset_size(set) - 1, &index);
	if (ret)
		return ret;
	if (reader->task_line[index])
		return wrong(reader, line, "task=%" PRIu64 " is there twice, first in line %u",
			     index, reader->task_line[index]);
	reader->task_line[index] = line->number;
	task = &set->tasks[index];
	ret = number_of(reader, line, "cpu", 0, set->nr_cpus - 1, &cpu);
	if (!ret)
		ret = number_of(reader, line, "drawn_ppb", 1, RTLAT_CAPACITY_PPB,
				&drawn);
	if (!ret)
		ret = number_of(reader, line, "utilisation_ppb", 0, drawn,
				&utilisation);
	if (!ret)
		ret = number_of(reader, line, "period_ns",
				RTLAT_PERIOD_MIN_US * period_unit_ns,
				RTLAT_PERIOD_MAX_US * period_unit_ns,
				&task->period_ns);
	if (!ret)
		ret = number_of(reader, line, "exec_ns", 0, task->period_ns,
				&task->exec_ns);
	if (ret)
		return ret;
	task->cpu = (u32)cpu;
	task->drawn_ppb = (u32)drawn;
	task->utilisation_ppb = (u32)utilisation;
	if (task->exec_ns != task->period_ns * utilisation / RTLAT_PPB)
		return wrong(reader, line,
			     "exec_ns=%" PRIu64 ": utilisation_ppb x period_ns gives %" PRIu64,
			     task->exec_ns,
			     task->period_ns * utilisation / RTLAT_PPB);
	return 0;
}

static int read_line(struct reader *reader, const struct textline *line)
{
	const char *first = line->nr ? line->word[0].key : NULL;

	if (!line->nr)
		return wrong(reader, line, "an empty line");
	if (line->number == 1)
		return read_header(reader, line);
	if (first && !strcmp(first, "cpu"))
		return read_cpu(reader, line);
	if (first && !strcmp(first, "task"))
		return read_task(reader, line);
	return wrong(reader, line, "%s: unknown key; a line begins with cpu= or task=",
		     first ? first : line->word[0].value);
}

/* What a CPU's line says is what its tasks add up to. */
static int check_cpu(struct reader *reader, struct textline *line, u32 index)
{
	const struct rtlat_taskset_cpu *said = &reader->set->cpus[index];
	struct rtlat_taskset_cpu sum = { .scale_ppm = 1000000 };
	u32 i;

	line->number = reader->cpu_line[index];
	for (i = 0; i < rtlat_taskset_size(reader->set); i++) {
		const struct rtlat_taskset_task *task = &reader->set->tasks[i];

		if (task->cpu != index)
			continue;
		sum.nr_tasks++;
		sum.drawn_ppb += task->drawn_ppb;
		sum.utilisation_ppb += task->utilisation_ppb;
	}
	if (sum.drawn_ppb > RTLAT_CAPACITY_PPB)
		sum.scale_ppm = (u32)(RTLAT_CAPACITY_PPB * 1000000ULL /
				      sum.drawn_ppb);
	if (sum.nr_tasks != said->nr_tasks)
		return wrong(reader, line, "tasks=%u: %u tasks have cpu=%u",
			     said->nr_tasks, sum.nr_tasks, index);
	if (sum.drawn_ppb != said->drawn_ppb)
		return wrong(reader, line,
			     "drawn_ppb=%" PRIu64 ": the tasks of cpu=%u sum to %" PRIu64,
			     said->drawn_ppb, index, sum.drawn_ppb);
	if (sum.utilisation_ppb != said->utilisation_ppb)
		return wrong(reader, line,
			     "utilisation_ppb=%" PRIu64 ": the tasks of cpu=%u sum to %" PRIu64,
			     said->utilisation_ppb, index, sum.utilisation_ppb);
	if (sum.scale_ppm != said->scale_ppm)
		return wrong(reader, line, "scale_ppm=%u: drawn_ppb=%" PRIu64 " gives %u",
			     said->scale_ppm, sum.drawn_ppb, sum.scale_ppm);
	return 0;
}

static int check_whole(struct reader *reader, struct textline *line)
{
	const u32 size = rtlat_taskset_size(reader->set);
	int ret = 0;
	u32 i;

	for (i = 0; i < reader->set->nr_cpus; i++)
		if (!reader->cpu_line[i])
			return wrong(reader, line, "the file ends and cpu=%u is missing", i);
	for (i = 0; i < size; i++)
		if (!reader->task_line[i])
			return wrong(reader, line, "the file ends and task=%u is missing", i);
	for (i = 0; i < reader->set->nr_cpus && !ret; i++)
		ret = check_cpu(reader, line, i);
	return ret;
}

/**
 * taskset_parse - read a set, and check everything that it says
 * @set: receives the set; taskset_free() it, also after an error
 * @file: name for messages
 * @text: the text, NUL behind it
 * @len: its bytes
 * @problem: receives file, line and what is wrong with it
 *
 * Return: 0 or -EINVAL.
 */
int taskset_parse(struct rtlat_taskset *set, const char *file, const char *text,
		  size_t len, struct problem *problem)
{
	struct reader reader = { .set = set, .problem = problem };
	struct textline line = { .file = file, .number = 1 };
	const char *at = text;
	int ret = 0;

	taskset_default(set);
	if (!len)
		return wrong(&reader, &line, "the file is empty");
	for (line.number = 0; at < text + len && !ret;) {
		size_t bytes = strcspn(at, "\n");

		line.number++;
		if (at + bytes < text + len && !at[bytes])
			ret = wrong(&reader, &line, "a NUL byte");
		else if (!at[bytes])
			ret = wrong(&reader, &line, "the line is cut: no newline at its end");
		if (ret)
			break;
		textline_parse(&line, at, bytes);
		ret = read_line(&reader, &line);
		textline_free(&line);
		at += bytes + 1;
	}
	if (!ret)
		ret = check_whole(&reader, &line);
	free(reader.cpu_line);
	free(reader.task_line);
	return ret;
}

/**
 * taskset_check_seed - is a text the set that its first line's seed gives?
 * @set: set that taskset_parse() read
 * @file: name for messages
 * @text: the text that it read
 * @problem: receives the first line that differs
 *
 * Return: 0 or -EINVAL.
 */
int taskset_check_seed(const struct rtlat_taskset *set, const char *file,
		       const char *text, struct problem *problem)
{
	struct rtlat_taskset made = *set;
	const char *at = text, *want;
	unsigned int line = 1;
	char *expected;
	int ret = 0;

	taskset_make(&made);
	expected = taskset_text(&made);
	taskset_free(&made);
	want = expected;
	while (!ret && (*at || *want)) {
		size_t len = strcspn(at, "\n"), want_len = strcspn(want, "\n");

		if (len != want_len || memcmp(at, want, len))
			ret = problem_set(problem,
					  "%s:%u: not what distribution and seed give: %.*s",
					  file, line, (int)want_len, want);
		at += len + !!at[len];
		want += want_len + !!want[want_len];
		line++;
	}
	free(expected);
	return ret;
}

/**
 * taskset_load - a set from a file that holds exactly what its seed gives
 * @set: receives the set; taskset_free() it
 * @file: path
 *
 * Return: the text of the file, free() it; NULL after a line that says why not.
 */
char *taskset_load(struct rtlat_taskset *set, const char *file)
{
	struct problem problem = { "" };
	size_t len;
	char *text = read_text(file, &len);
	int ret;

	memset(set, 0, sizeof(*set));
	if (!text) {
		complain("%s: %s", file, strerror(errno));
		return NULL;
	}
	ret = taskset_parse(set, file, text, len, &problem);
	if (!ret)
		ret = taskset_check_seed(set, file, text, &problem);
	if (!ret)
		return text;
	complain("%s", problem.text);
	taskset_free(set);
	free(text);
	return NULL;
}
