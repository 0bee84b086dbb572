/*
 * NAME
 *     render_format - what renderers share
 * DESCRIPTION
 *     Text made safe, and words that several places of a report have in common.
 * OWNERSHIP
 *     Scratch is in the arena of `out`.
 * ERRORS
 *     None.
 */
#ifndef RENDER_FORMAT_H
#define RENDER_FORMAT_H

#include "base/arena.h"
#include "model/dns_answer.h"
#include "model/engine_verdict.h"
#include "model/facts.h"
#include "model/report.h"

/* text that reached us escaped or is our own, made safe whatever it holds: controls and
 * broken UTF-8 are escaped, backslashes are left alone, so safe text stays as it is */
const char *render_safe(struct arena *arena, const char *text);

/* the same of several lines: line ends and tabs stay */
const char *render_safe_lines(struct arena *arena, const char *text);

/* raw bytes made fit to be shown; NULL stays NULL */
const char *render_raw(struct arena *arena, const char *bytes);

/* "SERVFAIL", "SERVFAIL: REFUSED by 192.0.2.53" */
const char *render_trouble(struct arena *arena, const struct dns_answer *answer);

/* the standard judge's word for what a library was asked about; NULL if there is none */
const char *render_standard_word(const struct facts *facts, const char *about);

/* the library had a word, and it is the standard judge's */
bool render_engine_agrees(const struct facts *facts, const struct engine_verdict *engine);

#endif
