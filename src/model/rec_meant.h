/*
 * NAME
 *     rec_meant - what a broken record was meant to say
 * DESCRIPTION
 *     Filled in by record/rec_meant.h. The kinds of repairs are the rows of
 *     model/rec_repair.def.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 */
#ifndef MODEL_REC_MEANT_H
#define MODEL_REC_MEANT_H

#include "base/span.h"

enum rec_repair_kind {
#define REPAIR(constant, text) REC_REPAIR_##constant,
#include "model/rec_repair.def"
    REC_REPAIR_KINDS
};

struct rec_repair {
    enum rec_repair_kind kind;
    const char *written; /* escaped; "" where something was missing */
    const char *meant;   /* escaped; "" where something had to go */
    struct rec_repair *next;
};

struct rec_meant {
    struct span text; /* the record as it should be published */
    const struct rec_repair *repairs;
    size_t repair_count;
    const struct rec_meant *other; /* another reading, as likely; NULL */
};

/* is the text in need of repair */
static inline bool rec_meant_differs(const struct rec_meant *meant)
{
    return meant != NULL && (meant->repair_count > 0 || meant->other != NULL);
}

#endif
