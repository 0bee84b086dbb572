/*
 * NAME
 *     rec_bimi - where the logo of a domain is
 * DESCRIPTION
 *     Filled in by record/rec_bimi.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     draft-brand-indicators-for-message-identification
 */
#ifndef MODEL_REC_BIMI_H
#define MODEL_REC_BIMI_H

#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tags.h"

enum rec_bimi_fault {
    REC_BIMI_FAULT_VERSION = REC_TAG_FAULT_KINDS, /* does not begin with v=BIMI1 */
    REC_BIMI_FAULT_NO_LOCATION,                   /* l= absent */
    REC_BIMI_FAULT_LOCATION,                      /* l= is not an https: URI */
    REC_BIMI_FAULT_AUTHORITY                      /* a= is not an https: URI */
};

struct rec_bimi {
    struct rec_tags tags;
    bool is_record;
    bool is_declined;      /* "v=BIMI1; l=; a=;" */
    struct span location;  /* l=, empty without one */
    struct span authority; /* a=, empty without one */
    struct fault *faults;
    bool is_fatal;
};

#endif
