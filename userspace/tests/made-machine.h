/* SPDX-License-Identifier: GPL-2.0 */
/* Machines for the tests of rtlat doctor. */
#ifndef RTLAT_MADE_MACHINE_H
#define RTLAT_MADE_MACHINE_H

#include "test.h"

#include "doctor/doctor.h"
#include "fuzz/fuzz.h"

void make_machine(struct machine *machine, const char *name, const char *more);
char *make_root(const char *name, const char *more);
const json_t *check_of(const json_t *checks, const char *id);
char *ids_of(const json_t *checks, const char *state);

#endif /* RTLAT_MADE_MACHINE_H */
