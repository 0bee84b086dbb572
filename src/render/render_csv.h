/*
 * NAME
 *     render_csv - fields of comma-separated values
 * DESCRIPTION
 *     Private to render/. Quoted where that has to be; a field that a spreadsheet would take
 *     for a formula gets an apostrophe in front. A comma precedes it unless the field begins a
 *     line.
 * OWNERSHIP
 *     Text goes to `out`.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 4180
 */
#ifndef RENDER_CSV_H
#define RENDER_CSV_H

#include "base/sbuf.h"

void render_csv_field(struct sbuf *out, const char *text);

#endif
