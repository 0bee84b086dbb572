/*
 * NAME
 *     render_catalogue - what findings there are
 * DESCRIPTION
 *     Private to render/. The rows of the catalogue as a table, one row
 *     explained, or JSON.
 * OWNERSHIP
 *     Bytes go to `out`.
 * ERRORS
 *     None.
 */
#ifndef RENDER_CATALOGUE_H
#define RENDER_CATALOGUE_H

#include "model/report.h"
#include "base/sbuf.h"
#include "model/finding.h"

void render_catalogue_text(const struct check_catalogue *catalogue,
                           const struct report_options *options, struct sbuf *out);
void render_catalogue_json(const struct check_catalogue *catalogue,
                           const struct report_options *options, struct sbuf *out);

#endif
