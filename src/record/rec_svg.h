/*
 * NAME
 *     rec_svg - a logo, held against the profile SVG Tiny PS
 * DESCRIPTION
 *     What receivers of BIMI ask of the image: a root element svg of version 1.2 with
 *     baseProfile "tiny-ps", a title, a square view box, no x= and y= at the root, and
 *     nothing that runs, moves or is fetched from elsewhere. A document that declares
 *     entities is not read on.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Total. Every fault has its line; a fault of kind REC_SVG_XML ends the list.
 * STANDARDS
 *     draft-svg-tiny-ps-abrotman; W3C SVG Tiny 1.2
 * BUGS
 *     Elements and attributes that no profile of SVG knows are not looked for: this is
 *     no validator against the schema.
 */
#ifndef REC_SVG_H
#define REC_SVG_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_svg.h"

void rec_svg_parse(struct arena *arena, struct span bytes, struct rec_svg *svg_out);

#endif
