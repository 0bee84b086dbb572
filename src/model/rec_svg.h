/*
 * NAME
 *     rec_svg - a logo, held against the profile of BIMI
 * DESCRIPTION
 *     Filled in by record/rec_svg.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     draft-svg-tiny-ps-abrotman
 */
#ifndef MODEL_REC_SVG_H
#define MODEL_REC_SVG_H

#include "base/fault.h"

enum rec_svg_fault {
    REC_SVG_XML,       /* not well-formed, or entities are declared */
    REC_SVG_ROOT,      /* the root is not an svg of the right namespace */
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

#endif
