/*
 * NAME
 *     rec_meant - what a broken record was most likely meant to say
 * DESCRIPTION
 *     The parsers of this room read a record as the standard does. Here the same
 *     text is read as its author meant it: the record in the form in which
 *     it should have been published, and the list of repairs that lead there.
 *     A record that needs none comes back as it is, in a canonical form.
 *
 *     A reading is given only if every octet of the text found its place and the
 *     result has no fault of its own; else there is none. Where the text can be
 *     read in two ways, `other` holds the second.
 *
 *     The strings of the TXT record are passed as they are, since a blank may be
 *     lost between two of them, or their order.
 *
 *     Names are repaired only by comparison: one that is known to have no record is
 *     replaced by a known one that is written almost like it. There is no list of
 *     typing errors.
 * OWNERSHIP
 *     In the arena. Spans may look into the strings.
 * ERRORS
 *     Total. NULL: nobody can say what was meant, or the text is longer than
 *     LIMIT_MEANT_BYTES.
 * STANDARDS
 *     RFC 7208, 4.6; RFC 6376, 3.6.1; RFC 9989, 4.7
 */
#ifndef REC_MEANT_H
#define REC_MEANT_H

#include "base/arena.h"
#include "base/span.h"
#include "model/rec_meant.h"

/* names of hosts and records at hand */
struct rec_meant_name {
    const char *name;
    bool is_missing; /* somebody asked: there is no such record */
};

struct rec_meant_names {
    const struct rec_meant_name *names; /* of SPF records */
    size_t count;
    const struct rec_meant_name *hosts; /* of hosts: an address is the record */
    size_t host_count;
    const char *zone; /* the domain of the record; NULL: it is not known */
};

const struct rec_meant *rec_meant_spf(struct arena *arena, const struct span *strings,
                                      size_t count, const struct rec_meant_names *names);
const struct rec_meant *rec_meant_dmarc(struct arena *arena, const struct span *strings,
                                        size_t count);
/* the same where a list of report addresses that nobody can read stays as it is: the rest of
 * the record is repaired. Nothing where there are two readings */
const struct rec_meant *rec_meant_dmarc_rest(struct arena *arena, const struct span *strings,
                                             size_t count);
const struct rec_meant *rec_meant_dkim(struct arena *arena, const struct span *strings,
                                       size_t count);

/* the known name that a missing one was meant to be; NULL: none is near, or two are */
const char *rec_meant_name(const struct rec_meant_names *names, struct span written);

/* a sentence for each kind of repair, at most `max` of them */
const char *rec_meant_explain(struct arena *arena, const struct rec_meant *meant, size_t max);

#endif
