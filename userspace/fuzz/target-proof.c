// SPDX-License-Identifier: GPL-2.0
/* What was copied of a host, its guest or a VM, the proof made of it, its judges. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "proof/platform.h"
#include "proof/proof.h"
#include "results/results.h"

static void judge(const json_t *proof)
{
	const char *const *platform;
	int plain, exitless;

	for (platform = platform_names; *platform; platform++) {
		struct problem problem = { "" };

		plain = proof_judge(proof, *platform, false, &problem);
		fuzz_said(plain, &problem);
		problem.text[0] = 0;
		exitless = proof_judge(proof, *platform, true, &problem);
		fuzz_said(exitless, &problem);
		/* who claims more has more to prove */
		must(!plain || exitless);
	}
}

/* What a machine tells of itself proves no claim of a guest's. */
static void judge_inside(const json_t *proof)
{
	const char *const *platform;

	for (platform = platform_names; *platform; platform++) {
		struct problem problem = { "" };
		enum proof_verdict verdict;

		verdict = proof_judge_inside(proof, *platform, &problem);
		fuzz_said(verdict != PROOF_HOLDS, &problem);
		must(verdict != PROOF_HOLDS || !strcmp(*platform, "native"));
		must(verdict != PROOF_UNPROVEN || strcmp(*platform, "native"));
		/* and is nothing that a host would have said */
		problem.text[0] = 0;
		must(verdict != PROOF_UNPROVEN ||
		     proof_judge(proof, *platform, false, &problem));
	}
}

/* What is printed is read as it was made. */
static void read_back(const json_t *proof)
{
	struct problem problem = { "" };
	char *made = proof_text(proof);
	json_t *again = proof_parse("proof", made, &problem);

	must(again && json_equal(proof, again));
	json_decref(again);
	free(made);
}

static void use_inside(const struct proof_snapshot *snapshot)
{
	struct problem problem = { "" };
	json_t *proof = proof_inside_make(snapshot, &problem);

	fuzz_said(!proof, &problem);
	if (!proof)
		return;
	judge_inside(proof);
	read_back(proof);
	json_decref(proof);
}

/* A part "proof" is judged as it is; the rest is a snapshot. */
void fuzz_proof(const uint8_t *data, size_t len)
{
	char *text = fuzz_text(data, len);
	struct proof_snapshot snapshot;
	struct problem problem = { "" };
	const struct proof_file *file;
	json_t *proof;

	fuzz_snapshot(&snapshot, text);
	free(text);
	proof = proof_make(&snapshot, &problem);
	fuzz_said(!proof, &problem);
	if (proof) {
		judge(proof);
		read_back(proof);
		json_decref(proof);
	}
	file = proof_file(&snapshot, "proof");
	problem.text[0] = 0;
	proof = file ? proof_parse("proof", file->text, &problem) : NULL;
	if (proof) {
		judge(proof);
		judge_inside(proof);
	}
	json_decref(proof);
	use_inside(&snapshot);
	proof_snapshot_free(&snapshot);
}
