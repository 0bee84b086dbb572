/*
 * NAME
 *     libraries - can libspf2, libopendkim and libopendmarc be asked here
 * DESCRIPTION
 *     They run confined or not at all. Tests of them are skipped where the build has none, and
 *     where the kernel has no seccomp(2), as that of qemu-user. Where it has, they are not: a
 *     child that cannot be confined there fails its test.
 */
#ifndef TEST_LIBRARIES_H
#define TEST_LIBRARIES_H

#include <stdbool.h>

#include "model/engine_verdict.h"

/* the library runs here; if not, says what the test is skipped for */
bool library_runs(enum engine_library library);

/* all three do */
bool libraries_run(void);

#endif
