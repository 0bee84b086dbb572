/*
 * NAME
 *     render_shown - what formats other than JSON show, in the JSON document
 * DESCRIPTION
 *     A page is made from the JSON document. Text and the formats for CI are made from the
 *     model, which no document holds whole; so a document also has what they show: the text
 *     and the list of issues. `mailassay report` writes a stored report in any format from
 *     that, equal to what the run itself would have written.
 * OWNERSHIP
 *     What is written is the caller's; what is read is copied into the arena.
 * ERRORS
 *     Reading trusts nothing: what is missing or of another type is left out, and all text
 *     is made safe to show.
 */
#ifndef RENDER_SHOWN_H
#define RENDER_SHOWN_H

#include <jansson.h>

#include "base/arena.h"
#include "model/issue.h"
#include "base/sbuf.h"
#include "model/report.h"

/* options of the text in a document: those of the run, for no terminal */
struct report_options render_shown_options(const struct report_options *options);

/* adds "shown" to a document; `issues` NULL: the command has no formats for CI */
void render_shown_add(json_t *document, struct sbuf *text, const struct report_issues *issues);

/* takes it away again: a page and JSON Lines are without */
void render_shown_drop(json_t *document);

/* the text of a document; NULL: it has none */
const char *render_shown_text(struct arena *arena, const json_t *document);

/* adds the subjects of a document to the list, and takes over its command and time; false: it
 * has none */
bool render_shown_issues(const json_t *document, struct report_issues *issues);

#endif
