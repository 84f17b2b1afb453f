// SPDX-License-Identifier: GPL-2.0
/* One change: looked at, made, put back. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tune/sysroot.h"

/* What the kernel says of files that this machine does not have, or locks. */
static int refused(int error, const char *what, const char *path,
		   struct problem *problem)
{
	switch (-error) {
	case ENOENT:
		return cannot(problem, "%s: this machine has no such file", path);
	case EACCES:
	case EPERM:
	case EROFS:
	case EIO:
	case ENODEV:
	case EOPNOTSUPP:
		return cannot(problem, "%s: cannot be %s here: %s", path, what,
			      strerror(-error));
	}
	return problem_set(problem, "%s: cannot be %s: %s", path, what,
			   strerror(-error));
}

static int plan_file(const struct sysroot *machine, struct change *change,
		     struct problem *problem)
{
	char *full;
	struct stat info;
	int ret = 0;

	free(change->found);
	change->found = sysroot_read(machine, change->path);
	if (!change->found && errno == EINVAL)
		return problem_set(problem,
				   "%s: has several lines, which could not be put back",
				   change->path);
	if (!change->found)
		return refused(-errno, "read", change->path, problem);
	if (values_equal(change->found, change->set))
		return 1;
	full = sysroot_path(machine, change->path);
	/* root may open what the kernel then does not let it write */
	if (stat(full, &info))
		ret = refused(-errno, "read", change->path, problem);
	else if (!S_ISREG(info.st_mode))
		ret = problem_set(problem, "%s: not a plain file", change->path);
	else if (!(info.st_mode & 0222))
		ret = cannot(problem, "%s: read-only in this kernel",
			     change->path);
	else if (access(full, W_OK))
		ret = refused(-errno, "written", change->path, problem);
	free(full);
	return ret;
}

static int make_file(const struct sysroot *machine, struct change *change,
		     struct problem *problem)
{
	int ret = sysroot_write(machine, change->path, change->set);

	if (ret == -EINVAL || ret == -ERANGE)
		return problem_set(problem, "%s: the kernel refuses the value %s",
				   change->path, change->set);
	if (ret)
		return refused(ret, "written", change->path, problem);
	free(change->reads);
	change->reads = sysroot_read(machine, change->path);
	if (change->reads && values_equal(change->reads, change->found))
		return cannot(problem, "%s: is %s after writing %s", change->path,
			      change->reads, change->set);
	return 0;
}

/* What a module or an interrupt has is gone with it. */
static bool gone_for_good(const char *path)
{
	return !strncmp(path, "/sys/module/", 12) ||
	       !strncmp(path, "/proc/irq/", 10);
}

static int undo_file(const struct sysroot *machine, struct change *change,
		     struct problem *problem)
{
	char *now = sysroot_read(machine, change->path), *after;
	int ret;

	if (!now && errno == ENOENT && gone_for_good(change->path)) {
		fprintf(machine->say, "nothing to put back: %s is gone\n",
			change->path);
		return 0;
	}
	if (!now)
		return refused(-errno, "read", change->path, problem);
	if (!strcmp(now, change->found)) {
		fprintf(machine->say, "as found: %s: %s\n", change->path, now);
		free(now);
		return 0;
	}
	ret = sysroot_write(machine, change->path, change->found);
	after = ret ? NULL : sysroot_read(machine, change->path);
	if (ret)
		refused(ret, "written", change->path, problem);
	else if (!after || !values_equal(after, change->found))
		ret = cannot(problem, "%s: is %s after writing %s", change->path,
			     after ? after : "unreadable", change->found);
	else if (change->reads && strcmp(now, change->reads))
		fprintf(machine->say,
			"put back: %s: %s; somebody else had made it %s\n",
			change->path, change->found, now);
	else
		fprintf(machine->say, "put back: %s: %s, was %s\n", change->path,
			change->found, now);
	free(after);
	free(now);
	return ret;
}

static int plan_affinity(const struct sysroot *machine, struct change *change,
			 struct problem *problem)
{
	free(change->name);
	free(change->found);
	change->name = NULL;
	change->found = NULL;
	if (sysroot_process(machine, change->pid, &change->start, &change->name))
		return problem_set(problem, "affinity:%d: no such process",
				   (int)change->pid);
	change->found = affinity_read(change->pid);
	if (!change->found)
		return problem_set(problem, "affinity:%d: %s", (int)change->pid,
				   strerror(errno));
	return values_equal(change->found, change->set);
}

static int make_affinity(struct change *change, struct problem *problem)
{
	int ret = affinity_write(change->pid, change->set);

	if (ret == -EPERM)
		return cannot(problem, "affinity:%d: %s (%s)", (int)change->pid,
			      strerror(-ret), change->name);
	if (ret)
		return problem_set(problem, "affinity:%d=%s: %s (%s)",
				   (int)change->pid, change->set, strerror(-ret),
				   change->name);
	free(change->reads);
	change->reads = affinity_read(change->pid);
	return 0;
}

static int undo_affinity(const struct sysroot *machine, struct change *change,
			 struct problem *problem)
{
	char *text = change_text(change), *now;
	uint64_t start;
	int ret = 0;

	if (sysroot_process(machine, change->pid, &start, NULL) ||
	    start != change->start) {
		fprintf(machine->say, "nothing to put back: %s: it has ended\n",
			text);
		free(text);
		return 0;
	}
	now = affinity_read(change->pid);
	if (now && values_equal(now, change->found)) {
		fprintf(machine->say, "as found: %s: %s\n", text, now);
	} else {
		ret = affinity_write(change->pid, change->found);
		if (ret)
			ret = cannot(problem, "%s: %s: %s", text, change->found,
				     strerror(-ret));
		else
			fprintf(machine->say, "put back: %s: %s, was %s%s\n",
				text, change->found, now ? now : "unknown",
				now && change->reads && strcmp(now, change->reads) ?
				", which somebody else had made" : "");
	}
	free(now);
	free(text);
	return ret;
}

static int undo_modules(const struct sysroot *machine, struct change *change,
			struct problem *problem)
{
	const struct change_module *target = change_target(change);
	struct problem why = { "" };
	int ret = modules_undo(machine, change, &why);
	size_t i;

	if (ret < 0) {
		problem_set(problem, "%s: %.900s", target->name, why.text);
		return ret;
	}
	fprintf(machine->say, "%s: %s:", ret ? "as found" : "put back",
		target->name);
	if (!target->loaded)
		fputs(" not loaded", machine->say);
	for (i = 0; target->loaded && i < target->nr; i++)
		if (target->param[i].set)
			fprintf(machine->say, " %s=%s", target->param[i].name,
				target->param[i].found);
	fputc('\n', machine->say);
	return 0;
}

/**
 * change_plan - note what is found, and whether the change can be made
 * @machine: the machine
 * @change: the change
 * @made: receives that it is so already, and nothing is to be done
 * @problem: receives why not
 *
 * Return: 0, -EOPNOTSUPP when this machine is not able to, -EINVAL.
 */
int change_plan(const struct sysroot *machine, struct change *change,
		bool *made, struct problem *problem)
{
	int ret;

	switch (change->kind) {
	case CHANGE_FILE:
		ret = plan_file(machine, change, problem);
		break;
	case CHANGE_AFFINITY:
		ret = plan_affinity(machine, change, problem);
		break;
	default:
		ret = modules_plan(machine, change, problem);
	}
	*made = ret > 0;
	return ret > 0 ? 0 : ret;
}

/**
 * change_make - make a change
 * @machine: the machine
 * @change: planned, and in the journal
 * @problem: receives what went wrong; then it is still to be put back
 *
 * Return: 0, -EOPNOTSUPP when this machine is not able to, -EINVAL.
 */
int change_make(const struct sysroot *machine, struct change *change,
		struct problem *problem)
{
	switch (change->kind) {
	case CHANGE_FILE:
		return make_file(machine, change, problem);
	case CHANGE_AFFINITY:
		return make_affinity(change, problem);
	default:
		return modules_make(machine, change, problem);
	}
}

/**
 * change_undo - put a change back, and say so
 * @machine: the machine
 * @change: of the journal
 * @problem: receives why it could not be put back
 *
 * A value that somebody else has changed meanwhile is put back, too: what is
 * promised is the state found, and the line says what was there.
 *
 * Return: 0 when there is nothing left to be put back.
 */
int change_undo(const struct sysroot *machine, struct change *change,
		struct problem *problem)
{
	switch (change->kind) {
	case CHANGE_FILE:
		return undo_file(machine, change, problem);
	case CHANGE_AFFINITY:
		return undo_affinity(machine, change, problem);
	default:
		return undo_modules(machine, change, problem);
	}
}
