// SPDX-License-Identifier: GPL-2.0
/* Changes of the machine's state: all of them or none, and put back in reverse. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tune/tune.h"

static char *this_boot(const struct sysroot *machine)
{
	char *id = sysroot_read(machine, "/proc/sys/kernel/random/boot_id");

	return id ? id : xstrdup("unknown");
}

/* A journal from before a reboot: what it would put back is gone. */
static int drop_old(struct tune *tune, const char *boot)
{
	size_t i;

	fprintf(tune->machine.say,
		"%s: from before the last boot, nothing of it holds any more:\n",
		tune->file.path);
	for (i = 0; i < tune->journal.changes.nr; i++) {
		char *text = change_text(&tune->journal.changes.change[i]);

		fprintf(tune->machine.say, "gone with the boot: %s\n", text);
		free(text);
	}
	journal_free(&tune->journal);
	tune->journal.boot = xstrdup(boot);
	return journal_write(&tune->file, &tune->journal);
}

/*
 * Whoever the changes were made for, and is at work, still needs them; and may
 * make more of them.
 */
static int check_owner(struct tune *tune)
{
	const struct journal *journal = &tune->journal;
	char *name = NULL;
	uint64_t start;
	int ret = 0;

	if (!journal->owner ||
	    sysroot_process(&tune->machine, journal->owner, &start, &name))
		return 0;
	if (start == journal->owner_start && journal->owner == tune->owner) {
		tune->kept = journal->changes.nr;
	} else if (start == journal->owner_start) {
		complain("%s: process %d (%s), for which it was made, still runs",
			 tune->file.path, (int)journal->owner, name);
		ret = -EBUSY;
	}
	free(name);
	return ret;
}

/**
 * tune_open - lock and read the journal
 * @tune: with machine and owner; receives the rest; tune_close() it
 * @path: the journal
 *
 * Return: 0, or -errno after a line.
 */
int tune_open(struct tune *tune, const char *path)
{
	char *boot = this_boot(&tune->machine);
	int ret;

	memset(&tune->journal, 0, sizeof(tune->journal));
	tune->kept = 0;
	ret = journal_open(&tune->file, path);
	tune->machine.lock = tune->file.lock;
	if (!ret) {
		ret = journal_read(&tune->file, &tune->journal);
		if (ret == -ENOENT) {
			tune->journal.boot = xstrdup(boot);
			ret = 0;
		} else if (!ret && strcmp(tune->journal.boot, boot)) {
			ret = drop_old(tune, boot);
		} else if (!ret) {
			ret = check_owner(tune);
		}
	}
	free(boot);
	return ret;
}

/**
 * tune_close - leave the journal to others
 * @tune: what tune_open() opened
 */
void tune_close(struct tune *tune)
{
	journal_free(&tune->journal);
	journal_close(&tune->file);
	tune->machine.lock = -1;
}

/**
 * tune_restore - put changes back, the last one first
 * @tune: open
 * @keep: so many of the oldest stay as they are
 *
 * What could not be put back stays in the journal, after a line that says why.
 *
 * Return: 0, or -errno when something is left.
 */
int tune_restore(struct tune *tune, size_t keep)
{
	struct changes *changes = &tune->journal.changes;
	int ret = 0;
	size_t i;

	for (i = changes->nr; i-- > keep;) {
		struct problem problem = { "" };

		if (change_undo(&tune->machine, &changes->change[i], &problem)) {
			complain("not put back: %s", problem.text);
			ret = -EIO;
			continue;
		}
		fflush(tune->machine.say);
		changes_drop(changes, i);
		/* what is put back twice does no harm: go on without */
		if (journal_write(&tune->file, &tune->journal))
			ret = -EIO;
	}
	if (changes->nr > keep)
		complain("%s: has the rest (%zu); 'rtlat restore' tries again, rm gives up",
			 tune->file.path, changes->nr - keep);
	return ret;
}

static bool is_writable(const struct sysroot *machine, const char *path)
{
	char *full = sysroot_path(machine, path);
	struct stat info;
	bool writable = !stat(full, &info) && (info.st_mode & 0200);

	free(full);
	return writable;
}

/* Parameters that can be written need no loading: those become files. */
static bool all_writable(const struct sysroot *machine,
			 const struct change_module *module)
{
	bool all = true;
	size_t i;

	for (i = 0; all && i < module->nr; i++) {
		char *path = xasprintf("/sys/module/%s/parameters/%s",
				       module->name, module->param[i].name);

		all = is_writable(machine, path);
		free(path);
	}
	return all;
}

static void expand(const struct sysroot *machine, struct changes *changes)
{
	size_t i, j;

	for (i = 0; i < changes->nr; i++) {
		struct change_module module = { .nr = 0 };

		if (changes->change[i].kind != CHANGE_MODULE ||
		    !all_writable(machine, change_target(&changes->change[i])))
			continue;
		module = *change_target(&changes->change[i]);
		changes->change[i].nr = 0;
		changes_drop(changes, i--);
		for (j = 0; j < module.nr; j++) {
			struct change *file = changes_add(changes, CHANGE_FILE);

			file->path = xasprintf("/sys/module/%s/parameters/%s",
					       module.name, module.param[j].name);
			file->set = xstrdup(module.param[j].set);
		}
		change_module_free(&module);
	}
}

static void say_made(const struct sysroot *machine, const struct change *change,
		     bool already)
{
	char *text = change_text(change);
	size_t i;

	fprintf(machine->say, "%s: %s:", already ? "is so already" : "changed",
		text);
	free(text);
	if (change->kind != CHANGE_MODULE) {
		const char *now = change->reads ? change->reads : change->set;

		fprintf(machine->say, " %s", already ? change->found : now);
		if (!already)
			fprintf(machine->say, ", was %s", change->found);
	} else {
		const struct change_module *module = change_target(change);

		for (i = 0; i < module->nr; i++) {
			const struct change_param *param = &module->param[i];

			if (!param->set)
				continue;
			fprintf(machine->say, " %s=%s", param->name, param->set);
			if (!already && param->found)
				fprintf(machine->say, " (was %s)", param->found);
		}
		if (!already && !module->loaded)
			fputs(" (was not loaded)", machine->say);
	}
	fputc('\n', machine->say);
	fflush(machine->say);
}

/* Moves a change from the list to the end of the journal's. */
static struct change *move(struct changes *to, struct change *change)
{
	struct change *moved = changes_add(to, change->kind);

	*moved = *change;
	memset(change, 0, sizeof(*change));
	return moved;
}

static int make_one(struct tune *tune, struct change *change,
		    struct problem *problem)
{
	struct changes *made = &tune->journal.changes;
	bool already;
	int ret;

	/* again: what is made before may have changed what is found */
	ret = change_plan(&tune->machine, change, &already, problem);
	if (ret)
		return ret;
	if (already) {
		say_made(&tune->machine, change, true);
		return 0;
	}
	change = move(made, change);
	ret = journal_write(&tune->file, &tune->journal);
	if (ret) {
		changes_drop(made, made->nr - 1);
		return problem_set(problem, "nothing is changed without a journal");
	}
	ret = change_make(&tune->machine, change, problem);
	if (ret)
		return ret;
	say_made(&tune->machine, change, false);
	/*
	 * By what the kernel makes of the value a later one by somebody else is
	 * known. What is lost without is that line.
	 */
	if (change->reads)
		journal_write(&tune->file, &tune->journal);
	return 0;
}

/* Is it a parameter of a module that one of the changes before it loads? */
static bool comes_with_module(const struct sysroot *machine,
			      const struct changes *changes, size_t at)
{
	const char *path = changes->change[at].path;
	size_t i;

	if (!path || strncmp(path, "/sys/module/kvm", 15) ||
	    sysroot_has(machine, path))
		return false;
	for (i = 0; i < at; i++)
		if (changes->change[i].kind == CHANGE_MODULE)
			return true;
	return false;
}

/**
 * tune_make - make changes, each after it is in the journal
 * @tune: open, its journal without changes of others
 * @changes: what to change; used up
 * @stop: asked between changes: is the rest not wanted any more?
 * @problem: receives what went wrong; then everything is put back
 *
 * Return: 0, -EOPNOTSUPP when this machine is not able to, -EINTR when
 * stopped, -EINVAL.
 */
int tune_make(struct tune *tune, struct changes *changes, bool (*stop)(void),
	      struct problem *problem)
{
	bool already;
	int ret = 0;
	size_t i;

	expand(&tune->machine, changes);
	for (i = 0; !ret && i < changes->nr; i++)
		if (!comes_with_module(&tune->machine, changes, i))
			ret = change_plan(&tune->machine, &changes->change[i],
					  &already, problem);
	if (ret)
		return ret;
	tune->journal.owner = tune->owner;
	if (tune->owner &&
	    sysroot_process(&tune->machine, tune->owner,
			    &tune->journal.owner_start, NULL))
		return problem_set(problem, "--owner %d: no such process",
				   (int)tune->owner);
	for (i = 0; !ret && i < changes->nr; i++)
		ret = stop() ? -EINTR :
			       make_one(tune, &changes->change[i], problem);
	if (!ret && stop())
		ret = -EINTR;
	if (ret)
		tune_restore(tune, tune->kept);
	return ret;
}
