/*
 * NAME
 *     dkim_case - judging a signed message in a test
 * DESCRIPTION
 *     A small message, signed as example.com with the selector "sel" and the
 *     keys of dkim_signer, is judged in a world of DNS; edits make it unsound.
 * OWNERSHIP
 *     Everything lives in the arena of the case.
 * ERRORS
 *     None: what cannot be made fails the test.
 */
#ifndef TEST_DKIM_CASE_H
#define TEST_DKIM_CASE_H

#include "auth/auth_dkim.h"
#include "dkim_signer.h"

#define SPAN(text) span_make((text), sizeof(text) - 1)

struct dkim_case {
    struct arena *arena;
    struct ledger *ledger;
    struct auth_dkim_prepared *prepared;
    const struct auth_dkim_verdict *verdicts;
    int64_t now; /* 2026-11-24 unless the test sets it */
};

int dkim_case_setup(void **state);
int dkim_case_teardown(void **state);

/* all signatures of a message in a world; returns the first verdict */
const struct auth_dkim_verdict *dkim_case_judge(struct dkim_case *f, struct span message,
                                                const char *world);

/* the result, and a part of the reason */
void dkim_case_assert(const struct auth_dkim_verdict *verdict, enum dkim_result result,
                      const char *reason);

/* a file of testdata/dkim */
struct span dkim_case_load(struct dkim_case *f, const char *name);

/* the same text with LF for CRLF; the first `what` made `with`, which must be there */
struct span dkim_case_with_lf(struct arena *arena, struct span text);
struct span dkim_case_replaced(struct arena *arena, struct span text, const char *what,
                               const char *with);

/* a header section full of oddities before the body */
struct span dkim_case_message(struct arena *arena, const char *body);

/* that message with a sound signature of rsa2048; `canon` may be NULL */
struct span dkim_case_signed(struct dkim_case *f, const char *body, const char *canon);

/* a world with one key record at sel._domainkey.example.com; with the right one for that */
const char *dkim_case_world(struct dkim_case *f, const char *record);
const char *dkim_case_sound_world(struct dkim_case *f);

#endif
