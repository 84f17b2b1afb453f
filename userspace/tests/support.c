// SPDX-License-Identifier: GPL-2.0
/* What the unit tests share. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "fuzz/fuzz.h"
#include "proof/proof.h"
#include "recount/recount.h"

/**
 * golden_dir - folder of the recorded cells
 *
 * Return: RTLAT_GOLDEN, which make sets.
 */
const char *golden_dir(void)
{
	const char *dir = getenv("RTLAT_GOLDEN");

	assert_non_null(dir);
	return dir;
}

/**
 * golden_path - a file of the recorded cells
 * @name: below golden_dir()
 *
 * Return: its path; free() it.
 */
char *golden_path(const char *name)
{
	return xasprintf("%s/%s", golden_dir(), name);
}

/**
 * temp_dir - an empty folder
 *
 * Return: its path; remove_tree() and free() it.
 */
char *temp_dir(void)
{
	char *dir = xstrdup("/tmp/rtlat-test-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

/**
 * run_rtlat - run the command
 * @output: receives what it said; free() its text
 * @fmt: printf format of its arguments, read by a shell
 */
void run_rtlat(struct output *output, const char *fmt, ...)
{
	char *arguments, *command;
	va_list args;
	FILE *from;
	int status;

	assert_non_null(getenv("RTLAT"));
	va_start(args, fmt);
	assert_true(vasprintf(&arguments, fmt, args) >= 0);
	va_end(args);
	command = xasprintf("exec 2>&1; \"$RTLAT\" %s", arguments);
	from = popen(command, "r");
	assert_non_null(from);
	output->text = read_fd_text(fileno(from), NULL);
	status = pclose(from);
	output->status = WIFEXITED(status) ? WEXITSTATUS(status) :
			 128 + WTERMSIG(status);
	free(command);
	free(arguments);
}

/**
 * write_file - write a file, or fail the test
 * @dir: folder
 * @name: file in it
 * @data: bytes
 * @len: how many
 */
void write_file(const char *dir, const char *name, const void *data, size_t len)
{
	char *path = xasprintf("%s/%s", dir, name);
	int fd;

	assert_int_equal(make_parents(path), 0);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write_all(fd, data, len), 0);
	close(fd);
	free(path);
}

/**
 * folder_text - all that is in a folder, as one text
 * @dir: the folder
 *
 * Return: names, kinds, links and inodes, then what is in the files; free() it.
 */
char *folder_text(const char *dir)
{
	static const char names[] = "find . -printf '%p %y %l %i\\n' | sort";
	char *line = xasprintf("cd %s && %s && find . -type f -exec cat {} +", dir, names);
	FILE *from = popen(line, "r");
	char *text;

	assert_non_null(from);
	text = read_fd_text(fileno(from), NULL);
	assert_int_equal(pclose(from), 0);
	free(line);
	return text;
}

/**
 * count_lines - lines of a text
 * @text: the text
 *
 * Return: number of newlines.
 */
unsigned int count_lines(const char *text)
{
	unsigned int nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

/**
 * random_u64 - next number of a repeatable sequence (xorshift64)
 * @state: not 0
 *
 * Return: the number.
 */
uint64_t random_u64(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/**
 * recount_row - what was counted again of one thing; fails the test if nothing was
 * @recount: of recount_make()
 * @metric: metric
 * @what: what was counted, as in its row
 *
 * Return: the row.
 */
const struct recount_row *recount_row(const struct recount *recount,
				      unsigned int metric, const char *what)
{
	size_t i;

	for (i = 0; i < recount->nr_rows; i++)
		if (recount->row[i].metric == metric &&
		    !strcmp(recount->row[i].what, what))
			return &recount->row[i];
	fail_msg("none of metric %u, %s", metric, what);
	return NULL;
}

/**
 * snapshot_read - a snapshot of userspace/tests/proof
 * @snapshot: receives it; proof_snapshot_free() it
 * @name: its file
 */
void snapshot_read(struct proof_snapshot *snapshot, const char *name)
{
	char *path = xasprintf("%s/../proof/%s", golden_dir(), name);
	char *text = read_text(path, NULL);

	assert_non_null(text);
	fuzz_snapshot(snapshot, text);
	free(text);
	free(path);
}

/**
 * write_proof - a proof that holds, as the file of a cell
 * @results: folder of results
 * @id: the cell
 * @platform: what the proof is of
 */
void write_proof(const char *results, const char *id, const char *platform)
{
	const char *name = !strcmp(platform, "native") ? "native" :
			   !strcmp(platform, "kvm") ? "intel-off" : "intel-on";
	char *dir = xasprintf("%s/%s", results, id);
	struct problem problem = { "" };
	struct proof_snapshot snapshot;
	json_t *proof;
	char *text;

	snapshot_read(&snapshot, name);
	proof = proof_make(&snapshot, &problem);
	assert_string_equal(problem.text, "");
	text = proof_text(proof);
	write_file(dir, "proof", text, strlen(text));
	free(text);
	json_decref(proof);
	proof_snapshot_free(&snapshot);
	free(dir);
}
