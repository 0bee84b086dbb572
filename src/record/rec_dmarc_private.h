/*
 * NAME
 *     rec_dmarc_private - the parts of the DMARC record parser
 * DESCRIPTION
 *     Private to record/. Faults are gathered in reading order behind `tail`,
 *     so that a record with thousands of them is still read in one pass.
 *     rec_dmarc_uri.c reads the lists of rua= and ruf=.
 * OWNERSHIP
 *     In the arena of the record.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 9989, 4.8; RFC 3986; RFC 6068 (mailto)
 */
#ifndef REC_DMARC_PRIVATE_H
#define REC_DMARC_PRIVATE_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/rec_dmarc.h"
#include "model/rec_tags.h"

struct rec_dmarc_reader {
    struct arena *arena;
    struct rec_dmarc *record;
    struct fault **tail;       /* where the next fault goes */
    bool has_bad_np;           /* np with one */
    bool has_bad_p_or_sp;      /* p or sp with one */
    bool has_usable_rua;       /* at least one syntactically valid URI */
    const struct rec_tag *tag; /* the one being read */
};

/* the entries of the reader's tag; `*usable_out` is set when one of them is a valid URI */
struct rec_dmarc_uri *rec_dmarc_uri_list(struct rec_dmarc_reader *reader, bool *usable_out);

#endif
