/*
 * NAME
 *     render_record - edits of a zone in the form that a DNS console wants
 * DESCRIPTION
 *     One row of render_record.def for each form. Text is cut into strings of 255
 *     octets in all of them, each with the quoting of its own. Forms that
 *     replace whole sets (route53, terraform) name the records that stay, too.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     render_record_find() returns -1 for an unknown name.
 * STANDARDS
 *     RFC 1035, 5.1 (zone); RFC 2136 (nsupdate)
 * BUGS
 *     terraform cannot express the removal of a set: a comment ("//") names what has to be
 *     removed from the configuration.
 *     cloudflare deletes by identifiers that only its own interface knows: records to delete
 *     are named by content.
 */
#ifndef RENDER_RECORD_H
#define RENDER_RECORD_H

#include "base/sbuf.h"
#include "model/remedy.h"

enum render_record_form {
#define RENDER_RECORD(id, summary) RENDER_RECORD_##id,
#include "render/render_record.def"
    RENDER_RECORD_FORMS
};

/* -1: no such form */
int render_record_find(const char *name);
const char *render_record_name(enum render_record_form form);

/* the edits, ready to be published; ends with a line end */
void render_record(enum render_record_form form, const struct remedy *remedy, struct sbuf *out);

#endif
