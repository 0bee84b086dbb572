/*
 * NAME
 *     html_dump - a JSON document as text
 * DESCRIPTION
 *     For files and for pages. In a page no parser of HTML takes any of it for markup: <, > and
 *     & are written as escapes of JSON.
 * OWNERSHIP
 *     The document stays the caller's.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8259
 */
#ifndef HTML_DUMP_H
#define HTML_DUMP_H

#include <jansson.h>

#include "base/sbuf.h"

/* `indent` blanks a level, 0: compact */
void html_dump(json_t *value, size_t indent, struct sbuf *out);
/* compact, within a page */
void html_dump_embedded(json_t *value, struct sbuf *out);

#endif
