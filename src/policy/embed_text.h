/*
 * NAME
 *     embed_text - texts and lists of texts as C, for the programs that write tables
 * DESCRIPTION
 *     Private to embed_policies.c, embed_providers.c and embed_replies.c, which are run by the
 *     build and are not part of the program.
 * OWNERSHIP
 *     The caller's buffer.
 * ERRORS
 *     None.
 */
#ifndef EMBED_TEXT_H
#define EMBED_TEXT_H

#include "base/sbuf.h"

/* a string of C; NULL stays NULL */
void embed_text(struct sbuf *out, const char *text);

#endif
