/*
 * NAME
 *     rec_versioned - what records that begin with their version share
 * DESCRIPTION
 *     MTA-STS, TLS-RPT and BIMI records are tag lists whose first tag is the
 *     version, written exactly. Their parsers gather departures here and put
 *     them in the order of their places at the end. Private to record/.
 * OWNERSHIP
 *     In the arena of the record.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8461, 3.1; RFC 8460, 3; RFC 6376, 3.2
 */
#ifndef REC_VERSIONED_H
#define REC_VERSIONED_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tags.h"

struct rec_versioned {
    struct arena *arena;
    struct span text;
    const char *version; /* "STSv1" */
    struct fault *faults;
    struct fault **tail;
};

/* cut the list; its own faults are the first */
struct rec_versioned rec_versioned_start(struct arena *arena, struct span text,
                                         const char *version, struct rec_tags *tags);

/* begins with exactly "v=<version>" and a ";", or ends there */
bool rec_versioned_is_record(struct span text, const char *version);

struct fault *rec_versioned_note(struct rec_versioned *reading, int kind, struct span part,
                                 const char *text);

/* what keeps the text from being a record, as a fatal fault */
void rec_versioned_note_version(struct rec_versioned *reading, int kind);

/* `part` in quotes, fit for a fault */
const char *rec_versioned_shown(struct rec_versioned *reading, struct span part);

/* the name of a field (RFC 8460, 3; RFC 8461, 3.1 and 3.2) */
bool rec_is_field_name(struct span name);

/* how fields of RFC 8461, 3.1 and RFC 8460, 3 differ from the tags of RFC 6376, 3.2: names
 * of extensions may begin with a digit, hold "-" and "." and have 32 octets; values have at
 * least one octet, and neither blanks nor "=". `known` is the tag that is not an extension. */
void rec_versioned_judge_fields(struct rec_versioned *reading, const struct rec_tags *tags,
                                const char *known, int kind);

/* the faults in the order of their places */
struct fault *rec_versioned_faults(struct rec_versioned *reading);

#endif
