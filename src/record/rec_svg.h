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

enum rec_svg_fault {
    REC_SVG_XML,       /* not well-formed, or entities are declared */
    REC_SVG_ROOT,      /* the root is no svg of the right namespace */
    REC_SVG_PROFILE,   /* baseProfile or version */
    REC_SVG_TITLE,     /* missing or empty */
    REC_SVG_VIEW_BOX,  /* missing, or not square */
    REC_SVG_POSITION,  /* x= or y= at the root */
    REC_SVG_ELEMENT,   /* an element that the profile excludes */
    REC_SVG_ATTRIBUTE, /* an event handler */
    REC_SVG_REFERENCE, /* something outside of the document */
    REC_SVG_ENCODING   /* compressed */
};

struct rec_svg {
    struct fault *faults;
    size_t fault_count;
    const char *title; /* escaped; NULL without one */
};

void rec_svg_parse(struct arena *arena, struct span bytes, struct rec_svg *svg_out);

#endif
